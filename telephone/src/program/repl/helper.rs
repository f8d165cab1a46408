//! What helps while a line is typed: completion, further lines until parentheses balance.

use rustyline::completion::Completer;
use rustyline::highlight::Highlighter;
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{Context, Helper, Hinter};
use telephone::lisp::Form;

use super::commands::COMMANDS;

/// Knows the words that may be typed.
#[derive(Helper, Hinter)]
pub(super) struct TypingHelper {
    /// The functions of the partner, in lower case.
    pub(super) functions: Vec<String>,
    /// The names of the partners, for `,partner`.
    pub(super) partners: Vec<String>,
    /// Whether the prompt is painted.
    pub(super) colours: bool,
}

impl Completer for TypingHelper {
    type Candidate = String;

    fn complete(
        &self,
        line: &str,
        pos: usize,
        _: &Context<'_>,
    ) -> rustyline::Result<(usize, Vec<String>)> {
        Ok(self.candidates(&line[..pos]))
    }
}

impl TypingHelper {
    /// Where the word before the cursor begins, and what it may become.
    fn candidates(&self, before: &str) -> (usize, Vec<String>) {
        if let Some(name) = before.strip_prefix(",partner ") {
            return (before.len() - name.len(), beginning(name, &self.partners));
        }
        if let Some(command) = before.strip_prefix(',') {
            return (1, beginning(command, COMMANDS.iter().map(|(name, ..)| name)));
        }
        let begin = before.rfind(DELIMITERS).map_or(0, |at| at + 1);
        let word = before[begin..].to_lowercase();
        if word.is_empty() {
            return (begin, Vec::new());
        }
        let lisp = LISP.iter().map(|name| (*name).to_owned());
        let mut words = beginning(&word, self.functions.iter().cloned().chain(lisp));
        words.sort_unstable();
        words.dedup();
        (begin, words)
    }
}

fn beginning<T: AsRef<str>>(word: &str, words: impl IntoIterator<Item = T>) -> Vec<String> {
    let words = words.into_iter().map(|word| word.as_ref().to_owned());
    words.filter(|candidate| candidate.starts_with(word)).collect()
}

impl Validator for TypingHelper {
    fn validate(&self, context: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
        let unfinished = is_unfinished(context.input());
        Ok(if unfinished { ValidationResult::Incomplete } else { ValidationResult::Valid(None) })
    }
}

/// Whether another line may make forms of this. A `,command` is a line.
pub(super) fn is_unfinished(text: &str) -> bool {
    let is_command = text.trim_start().starts_with(',');
    !is_command && Form::read_all(text).is_err_and(|error| error.is_unfinished())
}

impl Highlighter for TypingHelper {
    fn highlight_prompt<'b, 's: 'b, 'p: 'b>(
        &'s self,
        prompt: &'p str,
        _default: bool,
    ) -> std::borrow::Cow<'b, str> {
        if !self.colours {
            return prompt.into();
        }
        let bold = anstyle::AnsiColor::Cyan.on_default().bold();
        format!("{bold}{prompt}{bold:#}").into()
    }
}

/// What ends a word of Lisp.
const DELIMITERS: [char; 10] = [' ', '\t', '\n', '(', ')', '\'', '"', ';', '`', ','];

/// What is often typed, of what every partner knows.
const LISP: [&str; 40] = [
    "append",
    "apply",
    "assoc",
    "cadr",
    "cond",
    "cons",
    "defparameter",
    "defun",
    "defvar",
    "equal",
    "error",
    "evenp",
    "expt",
    "first",
    "floor",
    "format",
    "funcall",
    "handler-case",
    "lambda",
    "last",
    "length",
    "let*",
    "list",
    "mapcar",
    "max",
    "member",
    "min",
    "mod",
    "not",
    "nth",
    "null",
    "oddp",
    "princ-to-string",
    "progn",
    "quote",
    "reduce",
    "remove-if-not",
    "rest",
    "reverse",
    "sqrt",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn helper() -> TypingHelper {
        TypingHelper {
            functions: vec!["square".to_owned(), "square-root".to_owned()],
            partners: vec!["attic".to_owned(), "kitchen".to_owned()],
            colours: false,
        }
    }

    #[test]
    fn words_are_completed_where_they_stand() {
        let helper = helper();
        let words =
            |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        assert_eq!(helper.candidates("(list (squa"), (7, words(&["square", "square-root"])));
        assert_eq!(helper.candidates("#'SQ"), (2, words(&["sqrt", "square", "square-root"])));
        assert_eq!(helper.candidates("(list "), (6, Vec::new()));
        assert_eq!(helper.candidates(",par"), (1, words(&["partner"])));
        assert_eq!(helper.candidates(",partner k"), (9, words(&["kitchen"])));
    }

    #[test]
    fn a_form_may_have_several_lines_and_a_command_has_one() {
        for text in ["(+ 1", "\"a", "(list \"(\"", "'", "(f ; )"] {
            assert!(is_unfinished(text), "{text}");
        }
        for text in ["", "(+ 1 2)", ")", ",partner (", "; (", "a b"] {
            assert!(!is_unfinished(text), "{text}");
        }
    }
}
