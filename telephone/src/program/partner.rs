//! `partner`: the partners one has.

use std::io;

use clap::Subcommand;
use comfy_table::{Attribute, Cell};
use serde::Serialize;
use telephone::{KnownPartner, Partners};

use super::context::{HERE, read_token};
use super::{Context, Exit, Failed, table};

/// Name partners, and say which one commands go to
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Add a partner, or say anew where one is; the first one is selected
    Add {
        /// Letters, digits, hyphens, dots and underscores
        name: String,
        /// http://HOST:PORT, https://HOST:PORT or wire://HOST:PORT
        address: String,
        /// Read the token that the partner asks for from standard input; --token-file reads it from
        /// a file
        #[arg(long)]
        token_stdin: bool,
        /// Select it too
        #[arg(long)]
        select: bool,
    },
    /// List the partners; the selected one has a star
    #[command(visible_alias = "ls")]
    List,
    /// Select the partner that commands go to when nothing else is said
    Select {
        /// Its name
        name: String,
    },
    /// Forget a partner, and its token
    #[command(visible_alias = "rm")]
    Remove {
        /// Its name
        name: String,
    },
}

pub(crate) fn execute(context: &Context, arguments: Arguments) -> Result<Exit, Failed> {
    let file = context.file()?;
    match arguments.action {
        Action::Add { name, address, token_stdin, select } => {
            let token = match token_stdin {
                true => Some(read_token(io::stdin(), "standard input")?),
                false => context.token()?,
            };
            let mut partner = KnownPartner::new(address);
            if let Some(token) = token {
                partner = partner.token(token);
            }
            file.change(|partners| {
                partners.define(&name, partner)?;
                if select { partners.select(&name) } else { Ok(()) }
            })?;
        }
        Action::List => list(context, &file.load()?)?,
        Action::Select { name } => file.change(|partners| partners.select(&name))?,
        Action::Remove { name } => file.change(|partners| partners.remove(&name)).map(drop)?,
    }
    Ok(Exit::Done)
}

#[derive(Serialize)]
struct Listed<'a> {
    name: &'a str,
    address: &'a str,
    token: bool,
    selected: bool,
}

fn list(context: &Context, partners: &Partners) -> Result<(), Failed> {
    let selected = partners.selected().map(|(name, _)| name);
    let listed = partners.iter().map(|(name, known)| Listed {
        name,
        address: known.address(),
        token: known.has_token(),
        selected: selected == Some(name),
    });
    let output = context.output();
    if output.json {
        return output.json(&listed.collect::<Vec<_>>());
    }
    if partners.is_empty() {
        output.note(format_args!("no partners yet: commands go to {HERE}"));
        return Ok(());
    }
    let mut list = table::with_head(&["", "NAME", "ADDRESS", "TOKEN"]);
    for partner in listed {
        let mut name = Cell::new(partner.name);
        if partner.selected {
            name = name.add_attribute(Attribute::Bold);
        }
        let star = Cell::new(if partner.selected { "*" } else { "" });
        let token = Cell::new(if partner.token { "kept" } else { "" });
        list.add_row([star, name, Cell::new(partner.address), token]);
    }
    output.styled(table::text(&list))
}
