//! Values as text, and text as values.

use steel::{SteelErr, SteelVal};

use super::{Native, Outcome, at_least, exactly, is_nil, nil, string, text};
use crate::evaluator::child::condition::{Condition, error, type_error};
use crate::evaluator::child::context;
use crate::evaluator::child::convert::{self, TooLarge};
use crate::lisp::Form;

pub(super) const NATIVES: &[(&str, Native)] = &[
    ("%princ-to-string", |arguments| Ok(string(princ(one(arguments)?)?))),
    ("%prin1-to-string", |arguments| Ok(string(prin1(one(arguments)?)?))),
    ("%format-string", format),
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

fn prin1(value: &SteelVal) -> Result<String, SteelErr> {
    form(value).map(|form| form.to_string())
}

fn princ(value: &SteelVal) -> Result<String, SteelErr> {
    match Condition::in_value(value) {
        Some(condition) => Ok(condition.message),
        None => form(value).map(|form| form.princ()),
    }
}

/// `(%format-string control argument..)`, with the directives that do not loop.
fn format(arguments: &[SteelVal]) -> Outcome {
    let ([control], arguments) = at_least("format", arguments)?;
    let mut rest = arguments.iter();
    let mut out = String::new();
    let mut letters = text(control)?.chars();
    while let Some(letter) = letters.next() {
        if letter != '~' {
            out.push(letter);
            continue;
        }
        let mut parameter = String::new();
        let directive = loop {
            match letters.next() {
                Some(digit) if digit.is_ascii_digit() || ",:@'".contains(digit) => {
                    parameter.push(digit);
                }
                other => break other,
            }
        };
        let width = parameter.split(',').next().and_then(|width| width.parse::<usize>().ok());
        match directive {
            Some('%' | '&') => out.push('\n'),
            Some('~') => out.push('~'),
            Some('\n') => {}
            Some(directive) => {
                let Some(argument) = rest.next() else {
                    return error("FORMAT-ERROR", "there are fewer arguments than directives");
                };
                let piece = directed(directive, &parameter, argument)?;
                let gap = width.unwrap_or(0).saturating_sub(piece.chars().count()).min(MAX_WIDTH);
                let gap = if directive == 'f' || directive == 'F' { 0 } else { gap };
                let left = matches!(directive, 'a' | 'A' | 's' | 'S');
                out.push_str(&" ".repeat(if left { 0 } else { gap }));
                out.push_str(&piece);
                out.push_str(&" ".repeat(if left { gap } else { 0 }));
            }
            None => return error("FORMAT-ERROR", "the control string ends with a tilde"),
        }
    }
    Ok(string(out))
}

fn directed(directive: char, parameter: &str, argument: &SteelVal) -> Result<String, SteelErr> {
    match directive.to_ascii_lowercase() {
        's' | 'w' => prin1(argument),
        'a' | 'c' | 'd' => princ(argument),
        'f' => {
            let decimals = parameter.split(',').nth(1).and_then(|text| text.parse::<usize>().ok());
            let Some(float) = super::numbers::float(argument) else {
                return type_error("a real number", argument);
            };
            Ok(match decimals {
                Some(decimals) => format!("{float:.*}", decimals.min(MAX_WIDTH)),
                None => Form::Float(float).to_string(),
            })
        }
        other => error("FORMAT-ERROR", format!("the directive ~{other} is not covered")),
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

/// No column is wider.
const MAX_WIDTH: usize = 1000;
