//! `repl`: read a form, have a partner run it, print what it returns, and again.

mod commands;
mod definitions;
mod helper;
mod input;

use std::path::PathBuf;
use std::time::Duration;

use telephone::lisp::Form;
use telephone::partner::Partner;
use telephone::{State, Submission};
use tokio::time::timeout;

use super::interrupt::{Interrupt, Waited, submit_and_wait};
use super::{Context, Exit, Failed, Output, report};
use commands::Next;
use definitions::Definitions;
use input::{Input, Line};

/// Read forms and have a partner run them, one after the other; ,help says what else there is
///
/// Definitions stay on this side and go ahead of later commands, since each command runs in an
/// environment of its own. Ctrl-C cancels the command that runs, and stays. Standard input need not
/// be a terminal.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Where the lines that were typed are kept, readable by you only
    #[arg(long, env = "TELEPHONE_HISTORY", value_name = "FILE")]
    history: Option<PathBuf>,
}

pub(crate) async fn execute(context: &Context, arguments: Arguments) -> Result<Exit, Failed> {
    // The editor takes SIGINT when it is made, and passes nothing on; whoever comes later does.
    let mut input = Input::new(arguments.history, context.partners()?)?;
    let mut repl = Repl {
        context,
        output: context.output(),
        partner: context.partner()?,
        definitions: Definitions::default(),
        interrupt: Interrupt::only_ctrl_c()?,
    };
    repl.greet(&mut input).await;
    loop {
        match input.line(&repl.prompt(), &mut repl.interrupt).await? {
            Line::Text(text) => match repl.take(&text, &mut input).await? {
                Next::Go => {}
                Next::Quit => return Ok(Exit::Done),
            },
            Line::Dropped => {}
            Line::End => return Ok(Exit::Done),
            Line::Signal(number) => return Ok(Exit::by_signal(number)),
        }
    }
}

/// Who types, to whom, and what was defined so far.
struct Repl<'c> {
    context: &'c Context,
    output: Output,
    partner: Partner,
    definitions: Definitions,
    interrupt: Interrupt,
}

impl Repl<'_> {
    fn prompt(&self) -> String {
        let name = self.partner.name();
        format!("{}> ", name.split_once("://").map_or(name, |(_, place)| place))
    }

    /// Learns what the partner offers, so that it can be completed; the REPL works without.
    async fn greet(&self, input: &mut Input) {
        if !input.completes() {
            return;
        }
        match timeout(GREETING, self.partner.functions()).await {
            Ok(Ok(functions)) => {
                let name = |name: String| name.to_lowercase();
                input.offer(functions.into_iter().map(|function| name(function.name)).collect());
                self.output.note("Lisp goes to the partner; ,help says what else there is");
            }
            Ok(Err(error)) => self.output.problem(error),
            Err(_) => self.output.problem(format_args!("{} does not answer", self.partner.name())),
        }
    }

    /// What was typed: a command to the REPL itself, or forms, or nothing.
    async fn take(&mut self, text: &str, input: &mut Input) -> Result<Next, Failed> {
        if let Some(command) = text.trim().strip_prefix(',') {
            return match self.command(command, input).await {
                Ok(next) => Ok(next),
                Err(failed) => self.stay(failed),
            };
        }
        match Form::read_all(text) {
            Ok(forms) if forms.len() == 1 => self.evaluate(text.trim(), forms.first()).await,
            Ok(forms) => {
                for form in &forms {
                    self.evaluate(&form.to_string(), Some(form)).await?;
                }
                Ok(Next::Go)
            }
            Err(error) if error.is_unfinished() => self.stay(Failed::usage(error.to_string())),
            // What only the partner's own reader knows is for that one to say.
            Err(_) => self.evaluate(text.trim(), None).await,
        }
    }

    async fn evaluate(&mut self, text: &str, form: Option<&Form>) -> Result<Next, Failed> {
        let defined = form.and_then(definitions::name);
        let command = match &defined {
            Some(name) => self.definitions.with(name, text).command(None),
            None => self.definitions.command(Some(text)),
        };
        self.interrupt.forget();
        let submission = Submission::new(command);
        let waited =
            submit_and_wait(&self.partner, submission, &mut self.interrupt, self.output).await;
        let mut waited = match waited {
            Ok(waited) => waited,
            Err(error) => return self.stay(error.into()),
        };
        if let (Some(name), Waited::For(Some(job))) = (defined, &mut waited) {
            if job.state == State::Finished {
                let again = self.definitions.keep(&name, text);
                // The value is that of the last definition, which need not be this one.
                if again {
                    job.value = Some(name);
                }
            }
        }
        match report::waited(self.output, waited) {
            Ok(_) => Ok(Next::Go),
            Err(failed) => self.stay(failed),
        }
    }

    /// Says what is wrong, and stays; but ends when nobody reads any more.
    fn stay(&self, failed: Failed) -> Result<Next, Failed> {
        if failed.message.is_empty() {
            return Err(failed);
        }
        self.output.failed(&failed);
        Ok(Next::Go)
    }
}

/// A prompt should be there at once, and completion can do without.
const GREETING: Duration = Duration::from_secs(2);
