//! What holds for all subcommands: which partner, where the partners are kept, how to print.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use telephone::partner::Partner;
use telephone::{KnownPartner, Partners, PartnersFile};

use super::{Failed, Output};

#[derive(Debug, clap::Args)]
pub(crate) struct Common {
    /// The partner: a name, or an address (http://, https:// or wire://)
    #[arg(long, short, global = true, env = "TELEPHONE_PARTNER", value_name = "NAME|URL")]
    partner: Option<String>,
    /// The file that partners are kept in, instead of the one in your configuration directory
    #[arg(long, global = true, env = "TELEPHONE_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    /// A file with the token: that a server asks for, or that is shown to a partner of whom none is
    /// kept
    #[arg(long, global = true, env = "TELEPHONE_TOKEN_FILE", value_name = "FILE")]
    token_file: Option<PathBuf>,
    /// Print JSON
    #[arg(long, global = true)]
    json: bool,
}

/// The program's surroundings.
#[derive(Debug)]
pub(crate) struct Context {
    arguments: Common,
}

impl Context {
    pub(crate) fn new(arguments: Common) -> Self {
        Self { arguments }
    }

    pub(crate) fn output(&self) -> Output {
        Output { json: self.arguments.json }
    }

    /// The file that partners are kept in.
    pub(crate) fn file(&self) -> Result<PartnersFile, Failed> {
        Ok(match &self.arguments.config {
            Some(path) => PartnersFile::at(path),
            None => PartnersFile::of_user()?,
        })
    }

    pub(crate) fn partners(&self) -> Result<Partners, Failed> {
        // Without a home there are no partners, and the one on this machine can still be spoken to.
        if self.arguments.config.is_none() && PartnersFile::of_user().is_err() {
            return Ok(Partners::default());
        }
        Ok(self.file()?.load()?)
    }

    /// The token of `--token-file`.
    pub(crate) fn token(&self) -> Result<Option<String>, Failed> {
        self.arguments.token_file.as_deref().map(token_in).transpose()
    }

    /// What `--partner` says.
    pub(crate) fn chosen(&self) -> Option<&str> {
        self.arguments.partner.as_deref()
    }

    /// The partner of `--partner`, or the selected one, or the one on this machine.
    pub(crate) fn partner(&self) -> Result<Partner, Failed> {
        let partners = self.partners()?;
        if let Some(chosen) = self.chosen() {
            return self.partner_called(&partners, chosen);
        }
        match partners.selected() {
            Some((name, known)) => self.reach(Some(name), known),
            None => self.reach(None, &KnownPartner::new(HERE)),
        }
    }

    /// The partner of this name or address. One that is kept has its token, whichever is said.
    pub(crate) fn partner_called(
        &self,
        partners: &Partners,
        called: &str,
    ) -> Result<Partner, Failed> {
        if !called.contains("://") {
            return self.reach(Some(called), partners.known(called)?);
        }
        let address = called.trim_end_matches('/');
        let kept =
            partners.iter().find(|(_, known)| known.address().trim_end_matches('/') == address);
        match kept {
            Some((name, known)) => self.reach(Some(name), known),
            None => self.reach(None, &KnownPartner::new(called)),
        }
    }

    pub(crate) fn reach(
        &self,
        name: Option<&str>,
        known: &KnownPartner,
    ) -> Result<Partner, Failed> {
        let mut partner = known.partner()?;
        if let Some(name) = name {
            partner = partner.named(name);
        }
        match self.token()? {
            Some(token) if !known.has_token() => Ok(partner.token(token)),
            _ => Ok(partner),
        }
    }
}

/// The token in this file: what stands there, without the end of its line.
fn token_in(path: &Path) -> Result<String, Failed> {
    let file = File::open(path)
        .map_err(|error| Failed::here(format!("cannot open {}: {error}", path.display())))?;
    read_token(file, &path.display().to_string())
}

/// A token from where it cannot be seen by others, as it could on a command line.
pub(crate) fn read_token(from: impl Read, place: &str) -> Result<String, Failed> {
    let text = io::read_to_string(from.take(MAX_TOKEN + 1))
        .map_err(|error| Failed::here(format!("cannot read a token from {place}: {error}")))?;
    let token = text.trim_end_matches(['\r', '\n']);
    let fits = token.len() as u64 <= MAX_TOKEN
        && !token.is_empty()
        && token.bytes().all(|octet| octet.is_ascii_graphic());
    if fits {
        return Ok(token.to_owned());
    }
    Err(Failed::usage(format!(
        "{place} has no token: it is a line of 1 to {MAX_TOKEN} letters, digits and signs of ASCII"
    )))
}

/// Where `telephone serve` listens if nothing is said.
pub(crate) const HERE: &str = "http://127.0.0.1:4242";
/// Longer than any that people or programs make, and it fits in a header.
const MAX_TOKEN: u64 = 1024;
