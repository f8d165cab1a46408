//! `functions`: what a partner offers.

use anstyle::Style;
use telephone::api::FunctionDescription;

use super::output::harmless;
use super::{Context, Exit, Failed, Output};

/// Show what a partner's commands may call beside Lisp itself, with arguments and documentation
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Only those whose name has this in it
    part: Option<String>,
}

pub(crate) async fn execute(context: &Context, arguments: Arguments) -> Result<Exit, Failed> {
    let mut functions = context.partner()?.functions().await?;
    if let Some(part) = arguments.part {
        let part = part.to_lowercase();
        functions.retain(|function| function.name.to_lowercase().contains(&part));
    }
    show(context.output(), &functions)?;
    Ok(Exit::Done)
}

pub(crate) fn show(output: Output, functions: &[FunctionDescription]) -> Result<(), Failed> {
    if output.json {
        return output.json(&functions);
    }
    if functions.is_empty() {
        output.note("no functions beside those of Lisp");
    }
    functions.iter().try_for_each(|function| output.styled(described(function)))
}

/// `(area WIDTH:f64 HEIGHT:f64) → f64`, and what it does, indented.
fn described(function: &FunctionDescription) -> String {
    let (bold, dim) = (Style::new().bold(), Style::new().dimmed());
    let mut text = format!("({bold}{}{bold:#}", harmless(&function.name.to_lowercase()));
    for parameter in &function.parameters {
        let (name, ty) = (harmless(&parameter.name), harmless(&parameter.ty));
        text.push_str(&format!(" {name}{dim}:{ty}{dim:#}"));
    }
    text.push(')');
    if !function.returns.is_empty() {
        text.push_str(&format!(" {dim}→{dim:#} {}", harmless(&function.returns)));
    }
    for line in harmless(&function.docs).lines() {
        text.push_str(&format!("\n    {}", line.trim()));
    }
    text
}
