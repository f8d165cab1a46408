//! What was defined in a REPL, kept here, since each command starts with an empty environment.

use telephone::lisp::Form;

/// Definitions, in the order in which their names were first defined.
#[derive(Clone, Debug, Default)]
pub(super) struct Definitions {
    kept: Vec<(String, String)>,
}

impl Definitions {
    /// These, with one more, or with this one in the place of the one that had its name.
    pub(super) fn with(&self, name: &str, text: &str) -> Self {
        let mut with = self.clone();
        with.keep(name, text);
        with
    }

    /// Keeps it; says whether it takes the place of another one.
    pub(super) fn keep(&mut self, name: &str, text: &str) -> bool {
        let text = text.to_owned();
        match self.kept.iter_mut().find(|(kept, _)| kept == name) {
            Some(kept) => {
                kept.1 = text;
                true
            }
            None => {
                self.kept.push((name.to_owned(), text));
                false
            }
        }
    }

    /// Forgets the one of this name, or all; says how many those were.
    pub(super) fn forget(&mut self, name: Option<&str>) -> usize {
        let before = self.kept.len();
        match name {
            Some(name) => self.kept.retain(|(kept, _)| !kept.eq_ignore_ascii_case(name)),
            None => self.kept.clear(),
        }
        before - self.kept.len()
    }

    /// Their texts.
    pub(super) fn texts(&self) -> impl Iterator<Item = &str> {
        self.kept.iter().map(|(_, text)| text.as_str())
    }

    /// One command of all of them and then this form. It is a single form, since the original
    /// reads no more than one; each has lines of its own, as it may end in a comment.
    pub(super) fn command(&self, form: Option<&str>) -> String {
        let parts = self.texts().chain(form).collect::<Vec<_>>();
        match parts.as_slice() {
            [form] => (*form).to_owned(),
            parts => format!("(progn\n{}\n)", parts.join("\n")),
        }
    }
}

/// The name that a form defines, if it defines one.
pub(super) fn name(form: &Form) -> Option<String> {
    let items = form.items()?;
    let [Form::Symbol(operator), defined, ..] = items else { return None };
    if !DEFINING.contains(&operator.name()) {
        return None;
    }
    // Scheme defines a function by the pattern of its call.
    let defined = match defined {
        Form::List(pattern) => pattern.items().first()?,
        name => name,
    };
    match defined {
        Form::Symbol(symbol) => Some(symbol.name().to_owned()),
        _ => None,
    }
}

/// Common Lisp's and Scheme's.
const DEFINING: [&str; 7] =
    ["DEFUN", "DEFINE", "DEFVAR", "DEFPARAMETER", "DEFCONSTANT", "DEFMACRO", "DEFSTRUCT"];

#[cfg(test)]
mod tests {
    use super::*;

    fn name_of(text: &str) -> Option<String> {
        name(&Form::read_all(text).unwrap()[0])
    }

    #[test]
    fn definitions_are_known_by_their_operators() {
        for text in ["(defun f (x) x)", "(define (f x) x)", "(define f 1)", "(defvar f)"] {
            assert_eq!(name_of(text).as_deref(), Some("F"), "{text}");
        }
        for text in ["f", "(f)", "(+ 1 2)", "(defun)", "(defun 1)", "(define ((f)) 1)", "(let ())"]
        {
            assert_eq!(name_of(text), None, "{text}");
        }
    }

    #[test]
    fn a_command_has_what_was_defined_in_front() {
        let mut definitions = Definitions::default();
        assert_eq!(definitions.command(Some("(f 1)")), "(f 1)");
        assert!(!definitions.keep("F", "(defun f (x) x) ; one"));
        assert_eq!(definitions.command(None), "(defun f (x) x) ; one");
        assert!(!definitions.keep("G", "(defun g (x) (f x))"));
        assert!(definitions.keep("F", "(defun f (x) (* 2 x))"));
        let expected = "(progn\n(defun f (x) (* 2 x))\n(defun g (x) (f x))\n(g 1)\n)";
        assert_eq!(definitions.command(Some("(g 1)")), expected);
    }

    #[test]
    fn what_is_forgotten_is_not_sent() {
        let mut definitions = Definitions::default();
        definitions.keep("F", "(defun f () 1)");
        definitions.keep("G", "(defun g () 1)");
        assert_eq!(definitions.forget(Some("f")), 1);
        assert_eq!(definitions.texts().collect::<Vec<_>>(), ["(defun g () 1)"]);
        assert_eq!(definitions.forget(Some("h")), 0);
        assert_eq!(definitions.forget(None), 1);
    }
}
