//! Values as text, and text as values.

use steel::{SteelErr, SteelVal};

use super::{Native, Outcome, at_least, exactly, is_nil, nil, string, text};
use crate::evaluator::child::condition::{Condition, error};
use crate::evaluator::child::context;
use crate::evaluator::child::convert::{self, TooLarge};
use crate::lisp::Form;

pub(super) const NATIVES: &[(&str, Native)] = &[
    ("%princ-to-string", |arguments| Ok(string(princ(one(arguments)?)?))),
    ("%prin1-to-string", |arguments| Ok(string(prin1(one(arguments)?)?))),
    ("%read-from-string", read),
    ("%write", write),
];

fn one(arguments: &[SteelVal]) -> Result<&SteelVal, SteelErr> {
    exactly::<1>("a printing function", arguments).map(|[value]| value)
}

fn form(value: &SteelVal) -> Result<Form, SteelErr> {
    let most = context::get().map_or(0, |context| context.settings.value_octets);
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    match convert::form(value, most) {
        Ok(form) => Ok(form),
        Err(TooLarge) => error(
            "VALUE-TOO-LONG",
            format!("what is to be printed is circular, or longer than {most} octets"),
        ),
    }
}

pub(super) fn prin1(value: &SteelVal) -> Result<String, SteelErr> {
    form(value).map(|form| form.to_string())
}

pub(super) fn princ(value: &SteelVal) -> Result<String, SteelErr> {
    match Condition::in_value(value) {
        Some(condition) => Ok(condition.message),
        None => form(value).map(|form| form.princ()),
    }
}

/// The first form of a text.
fn read(arguments: &[SteelVal]) -> Outcome {
    let ([value], _) = at_least("read-from-string", arguments)?;
    let forms = Form::read_all(text(value)?)
        .map_err(|error| Condition::new(error.condition(), error.to_string()).into_error())?;
    match forms.first() {
        Some(form) => built(form),
        None => error("END-OF-FILE", "there is no form in the text"),
    }
}

/// The value of a form without ratios and dotted pairs, which only the engine can make.
pub(super) fn built(form: &Form) -> Outcome {
    convert::build(form, |function, _| {
        let what = if function == "/" { "ratios" } else { "dotted pairs" };
        error(
            "TYPE-ERROR",
            format!("{what} cannot be made of data that comes in while a command runs"),
        )
    })
}

/// Output goes to the serving program's log, since nobody else looks at it.
fn write(arguments: &[SteelVal]) -> Outcome {
    for argument in arguments {
        if !is_nil(argument) {
            eprint!("{}", text(argument)?);
        }
    }
    Ok(nil())
}
