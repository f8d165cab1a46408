//! Where a REPL's lines come from: a terminal with its comforts, or anything else.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, IsTerminal};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use directories::ProjectDirs;
use rustyline::error::ReadlineError;
use rustyline::history::DefaultHistory;
use rustyline::{Config, Editor};
use telephone::Partners;
use tokio::io::{AsyncBufReadExt, BufReader, Lines, Stdin};
use tokio::task::block_in_place;

use super::helper::{TypingHelper, is_unfinished};
use crate::program::Failed;
use crate::program::interrupt::Interrupt;

/// What was typed.
pub(super) enum Line {
    /// Lines that belong together.
    Text(String),
    /// Ctrl-C: not this one.
    Dropped,
    /// Ctrl-D, or the end of the file.
    End,
    /// This signal, while nothing ran.
    Signal(u8),
}

pub(super) enum Input {
    Terminal(Box<Terminal>),
    Other(Lines<BufReader<Stdin>>),
}

/// Somebody types.
pub(super) struct Terminal {
    editor: Editor<TypingHelper, DefaultHistory>,
    /// Where what was typed is kept, if there is a place for it.
    history: Option<PathBuf>,
}

impl Input {
    pub(super) fn new(history: Option<PathBuf>, partners: Partners) -> Result<Self, Failed> {
        if !io::stdin().is_terminal() {
            return Ok(Self::Other(BufReader::new(tokio::io::stdin()).lines()));
        }
        let history = history.or_else(usual_history);
        let terminal = Terminal::new(history, partners).map_err(|error| {
            Failed::here(format!("cannot read from this terminal or its history: {error}"))
        })?;
        Ok(Self::Terminal(Box::new(terminal)))
    }

    /// Whether words are completed.
    pub(super) fn completes(&self) -> bool {
        matches!(self, Self::Terminal(_))
    }

    /// Completes these from now on.
    pub(super) fn offer(&mut self, functions: Vec<String>) {
        if let Self::Terminal(terminal) = self {
            if let Some(helper) = terminal.editor.helper_mut() {
                helper.functions = functions;
            }
        }
    }

    /// The next lines that make whole forms.
    pub(super) async fn line(
        &mut self,
        prompt: &str,
        interrupt: &mut Interrupt,
    ) -> Result<Line, Failed> {
        match self {
            // Ctrl-C is a key there and no signal.
            Self::Terminal(terminal) => block_in_place(|| terminal.line(prompt)),
            Self::Other(lines) => tokio::select! {
                line = whole(lines) => line,
                number = interrupt.next() => Ok(Line::Signal(number)),
            },
        }
    }
}

impl Terminal {
    fn new(history: Option<PathBuf>, partners: Partners) -> rustyline::Result<Self> {
        let config = Config::builder()
            .max_history_size(HISTORY)?
            .history_ignore_dups(true)?
            .history_ignore_space(true)
            .build();
        let mut editor = Editor::with_config(config)?;
        editor.set_helper(Some(TypingHelper {
            functions: Vec::new(),
            partners: partners.iter().map(|(name, _)| name.to_owned()).collect(),
            colours: anstream::AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never,
        }));
        if let Some(path) = &history {
            make_private(path)?;
            editor.load_history(path)?;
        }
        Ok(Self { editor, history })
    }

    fn line(&mut self, prompt: &str) -> Result<Line, Failed> {
        match self.editor.readline(prompt) {
            Ok(text) => {
                self.remember(&text);
                Ok(Line::Text(text))
            }
            Err(ReadlineError::Interrupted) => Ok(Line::Dropped),
            Err(ReadlineError::Eof) => Ok(Line::End),
            Err(error) => Err(Failed::here(format!("cannot read from this terminal: {error}"))),
        }
    }

    /// At once, so that it is there whatever ends the REPL. A history that cannot be written, on a
    /// full disk for example, is not worth a word between a form and its value.
    fn remember(&mut self, text: &str) {
        let new = self.editor.add_history_entry(text).unwrap_or(false);
        if let (true, Some(path)) = (new, &self.history) {
            let _ = self.editor.append_history(path);
        }
    }
}

/// Lines until they make whole forms, or there are no more.
async fn whole(lines: &mut Lines<BufReader<Stdin>>) -> Result<Line, Failed> {
    let mut text = String::new();
    loop {
        let line = lines.next_line().await;
        let line =
            line.map_err(|error| Failed::here(format!("cannot read standard input: {error}")))?;
        let Some(line) = line else {
            return Ok(if text.trim().is_empty() { Line::End } else { Line::Text(text) });
        };
        text.push_str(&line);
        text.push('\n');
        if text.len() > telephone::lisp::MAX_OCTETS {
            return Err(Failed::usage("a form without end stands in standard input"));
        }
        if !is_unfinished(&text) {
            return Ok(Line::Text(text));
        }
    }
}

/// Made before anything is written to it, with a mode that is nobody else's business.
fn make_private(path: &Path) -> io::Result<()> {
    if let Some(directory) = path.parent().filter(|directory| !directory.as_os_str().is_empty()) {
        DirBuilder::new().recursive(true).mode(0o700).create(directory)?;
    }
    let file = OpenOptions::new().create(true).append(true).mode(0o600).open(path)?;
    file.set_permissions(<fs::Permissions as std::os::unix::fs::PermissionsExt>::from_mode(0o600))
}

fn usual_history() -> Option<PathBuf> {
    let directories = ProjectDirs::from("", "", "telephone")?;
    let directory = directories.state_dir().unwrap_or_else(|| directories.data_local_dir());
    Some(directory.join("repl-history"))
}

/// Lines that are kept: months of typing.
const HISTORY: usize = 1000;
