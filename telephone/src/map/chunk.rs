//! A chunk of a map as one command, in text that Common Lisp runs as well, and what comes back.

use std::time::Duration;

use super::{MapError, Outcome};
use crate::job::{Hint, Job, State};
use crate::lisp::{Form, ReadError};

/// The function as an operator may be written: a name is quoted as one.
pub(super) fn function(text: &str) -> Result<String, MapError> {
    let form = one_form(text).map_err(|reason| MapError::Function { reason })?;
    let text = text.trim();
    Ok(match form {
        Form::Symbol(_) => format!("(function {text}\n)"),
        _ => text.to_owned(),
    })
}

/// Checks that the text is one datum: with two, or half of one, all later items would be others'.
pub(super) fn item(index: usize, text: &str) -> Result<(), MapError> {
    one_form(text).map(drop).map_err(|reason| MapError::Item { index, reason })
}

fn one_form(text: &str) -> Result<Form, String> {
    let mut forms = Form::read_all(text).map_err(|error: ReadError| error.to_string())?;
    match (forms.pop(), forms.len()) {
        (Some(form), 0) => Ok(form),
        (Some(_), others) => Err(format!("it is {} forms, and should be one", others + 1)),
        (None, _) => Err("it is empty, and should be one form".to_owned()),
    }
}

/// The command that calls the function for each of these items, and tells of each what became of
/// it: `((:FINISHED "printed") (:UNWOUND "CONDITION" "message") ..)`.
///
/// What stood in a line of its own stays so, since it may end in a comment.
pub(super) fn command(function: &str, items: &[String]) -> String {
    let octets = items.iter().map(|item| item.len() + 1).sum::<usize>();
    let mut text = String::with_capacity(HEAD.len() + function.len() + REST.len() + octets + 4);
    text.push_str(HEAD);
    text.push_str(function);
    text.push_str(REST);
    for item in items {
        text.push('\n');
        text.push_str(item);
    }
    text.push_str("\n))");
    text
}

/// What a command that ended says of its items.
pub(super) enum Read {
    /// Of each, in their order.
    Outcomes(Vec<Outcome>),
    /// It ended as a whole, through a limit or what the partner does not understand.
    Ended(Hint),
    /// It was not done, or nobody can say.
    Undone(&'static str),
}

pub(super) fn read(job: &Job, count: usize) -> Read {
    match (job.state, &job.value, &job.hint) {
        (State::Finished, Some(value), _) => match outcomes(value, count) {
            Some(outcomes) => Read::Outcomes(outcomes),
            None => Read::Undone("its partner's answer does not tell of each item"),
        },
        (State::Unwound, _, Some(hint)) => Read::Ended(hint.clone()),
        (State::Cancelled, ..) => Read::Undone("somebody else cancelled it"),
        (State::Expired, ..) => Read::Undone("it waited for too long"),
        (State::Interrupted, ..) => Read::Undone("its partner's server crashed while it ran"),
        _ => Read::Undone("its partner's answer is not whole"),
    }
}

fn outcomes(value: &str, count: usize) -> Option<Vec<Outcome>> {
    let forms = Form::read_all(value).ok()?;
    let [list] = forms.as_slice() else { return None };
    let outcomes = list.items()?.iter().map(outcome).collect::<Option<Vec<_>>>()?;
    (outcomes.len() == count).then_some(outcomes)
}

fn outcome(form: &Form) -> Option<Outcome> {
    match form.items()? {
        [Form::Symbol(state), Form::String(value)] if state.name() == "FINISHED" => {
            Some(Outcome::Finished(value.clone()))
        }
        [Form::Symbol(state), Form::String(condition), Form::String(message)]
            if state.name() == "UNWOUND" =>
        {
            Some(Outcome::Unwound(Hint::new(condition.clone(), message.clone())))
        }
        _ => None,
    }
}

/// How long it ran there, without its wait for others' commands, if the partner says so.
pub(super) fn took(job: &Job) -> Option<Duration> {
    let took = job.ended?.duration_since(job.started?);
    Duration::try_from(took).ok()
}

/// The names are unlikely enough not to be those that a lambda finds free in its body.
const HEAD: &str = "(mapcar (lambda (telephone-item)
  (handler-case
    (list :finished (prin1-to-string (funcall ";
const REST: &str = "
      telephone-item)))
    (error (telephone-error)
      (list :unwound
        (princ-to-string (type-of telephone-error))
        (princ-to-string telephone-error)))))
  '(";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chunk_is_one_form_whatever_its_parts_end_with() {
        let function = function("(lambda (x) x) ; all as it is").unwrap();
        let items = ["1 ; one".to_owned(), "#| two |# (2)".to_owned()];
        let forms = Form::read_all(&command(&function, &items)).unwrap();
        assert_eq!(forms.len(), 1);
        let [.., items] = forms[0].items().unwrap() else { panic!("no items") };
        assert_eq!(items.to_string(), "'(1 (2))");
    }

    #[test]
    fn a_name_is_made_a_function() {
        for (text, operator) in [
            ("square", "(FUNCTION SQUARE)"),
            ("#'square", "(FUNCTION SQUARE)"),
            ("(lambda (x) x)", "(LAMBDA (X) X)"),
            ("cl:car ; of each", "(FUNCTION CAR)"),
        ] {
            let forms = Form::read_all(&function(text).unwrap()).unwrap();
            let shown = forms[0].to_string().replace("#'SQUARE", "(FUNCTION SQUARE)");
            let shown = shown.replace("#'CAR", "(FUNCTION CAR)");
            let shown = shown.replace("#'COMMON-LISP::CAR", "(FUNCTION CAR)");
            assert_eq!(shown, operator, "{text}");
        }
    }

    #[test]
    fn what_is_not_one_form_is_refused() {
        for text in ["", "; nothing", "1 2", "(1", ")", "1) (delete-everything"] {
            assert!(function(text).is_err(), "{text}");
            let error = item(7, text).unwrap_err();
            assert!(matches!(error, MapError::Item { index: 7, .. }), "{text}: {error}");
        }
    }

    #[test]
    fn each_item_has_its_own_outcome() {
        let value = r#"((:FINISHED "\"a\"") (:UNWOUND "DIVISION-BY-ZERO" "by \"zero\""))"#;
        let hint = Hint::new("DIVISION-BY-ZERO", "by \"zero\"");
        let expected = vec![Outcome::Finished("\"a\"".to_owned()), Outcome::Unwound(hint)];
        assert_eq!(outcomes(value, 2), Some(expected));
    }

    #[test]
    fn an_answer_that_does_not_fit_is_none() {
        let one = r#"(:FINISHED "1")"#;
        for (value, count) in [
            (format!("({one})"), 2),
            (format!("({one} {one})"), 1),
            (format!("({one} . {one})"), 1),
            (one.to_owned(), 1),
            (format!("({one}"), 1),
            (format!("({one}) ({one})"), 1),
            ("((:FINISHED 1))".to_owned(), 1),
            ("((:UNWOUND \"a\"))".to_owned(), 1),
            ("((:LOST \"a\"))".to_owned(), 1),
            ("NIL".to_owned(), 1),
        ] {
            assert_eq!(outcomes(&value, count), None, "{value}");
        }
        assert_eq!(outcomes("NIL", 0), Some(Vec::new()));
    }
}
