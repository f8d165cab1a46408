//! What is typed after a comma: to the REPL itself.

use std::time::Duration;

use telephone::api::JobFilter;

use super::{Input, Repl};
use crate::program::{Exit, Failed, functions, jobs, status};

/// Whether the REPL goes on.
pub(super) enum Next {
    Go,
    Quit,
}

/// Names and what they do, as `,help` shows them and completion offers them.
pub(super) const COMMANDS: [(&str, &str, &str); 8] = [
    ("partner", "[NAME|URL]", "say which partner this is, or switch to another one"),
    ("functions", "[PART]", "what the partner's commands may call beside Lisp itself"),
    ("jobs", "[COUNT]", "the partner's latest commands"),
    ("status", "", "how the partner is"),
    ("definitions", "", "what was defined here, and goes ahead of each command"),
    ("forget", "[NAME]", "forget what was defined, or one name of it"),
    ("help", "", "this"),
    ("quit", "", "end; Ctrl-D does too"),
];

impl Repl<'_> {
    pub(super) async fn command(
        &mut self,
        command: &str,
        input: &mut Input,
    ) -> Result<Next, Failed> {
        let (name, argument) = command.split_once(char::is_whitespace).unwrap_or((command, ""));
        let argument = Some(argument.trim()).filter(|argument| !argument.is_empty());
        match name {
            "partner" => self.switch(argument, input).await?,
            "functions" => self.functions(argument).await?,
            "jobs" => self.jobs(argument).await?,
            "status" => {
                let asked = status::ask(self.partner.clone(), PATIENCE).await;
                status::show(self.output, &[asked])?;
            }
            "definitions" => {
                self.definitions.texts().try_for_each(|text| self.output.line(text))?;
            }
            "forget" => {
                let forgotten = self.definitions.forget(argument);
                self.output.note(format_args!("forgotten: {forgotten}"));
            }
            "help" | "h" | "?" => self.help()?,
            "quit" | "q" | "exit" => return Ok(Next::Quit),
            _ => {
                return Err(Failed::usage(format!(
                    "there is no ,{name}: ,help lists what there is"
                )));
            }
        }
        Ok(Next::Go)
    }

    /// The definitions stay: they are this side's, and go to the new partner as well.
    async fn switch(&mut self, name: Option<&str>, input: &mut Input) -> Result<(), Failed> {
        if let Some(name) = name {
            self.partner = self.context.partner_called(&self.context.partners()?, name)?;
            self.greet(input).await;
        }
        self.output.note(format_args!("{} at {}", self.partner.name(), self.partner.address()));
        Ok(())
    }

    async fn functions(&self, part: Option<&str>) -> Result<(), Failed> {
        let mut offered = self.partner.functions().await?;
        if let Some(part) = part {
            offered.retain(|function| function.name.to_lowercase().contains(&part.to_lowercase()));
        }
        functions::show(self.output, &offered)
    }

    async fn jobs(&self, count: Option<&str>) -> Result<(), Failed> {
        let count = count.map_or(Ok(10), str::parse);
        let count = count.map_err(|_| Failed::new(Exit::Usage, ",jobs takes a number"))?;
        jobs::show(self.output, &self.partner.jobs(JobFilter::all().limit(count)).await?)
    }

    fn help(&self) -> Result<(), Failed> {
        for (name, argument, does) in COMMANDS {
            self.output.line(&format!("  ,{:<22} {does}", format!("{name} {argument}")))?;
        }
        self.output.line(
            "Everything else is Lisp and goes to the partner. Each command starts with nothing but\n\
             the definitions above: a variable that a command sets is as it was for the next one.",
        )
    }
}

const PATIENCE: Duration = Duration::from_secs(5);
