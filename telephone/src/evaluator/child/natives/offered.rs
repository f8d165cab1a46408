//! The functions of the serving program, called over the wire.

use num_bigint::BigInt;
use steel::{SteelErr, SteelVal};
use wire::{CallError, Symbol, ToWire, Value};

use super::{Native, Outcome, at_least, text};
use crate::evaluator::child::condition::{Condition, error, type_error};
use crate::evaluator::child::context::{self, Context};
use crate::evaluator::child::convert::{self, TooLarge};
use crate::evaluator::message::PACKAGE;
use crate::lisp::Form;

pub(super) const NATIVES: &[(&str, Native)] = &[("%progress", progress)];

/// Calls a function of the program's and waits for its value. Its unwinding is an error here.
pub(in crate::evaluator::child) fn call(function: &Symbol, arguments: &[SteelVal]) -> Outcome {
    let context = context()?;
    let arguments = arguments.iter().map(to_wire).collect::<Result<Vec<_>, _>>()?;
    let references: Vec<&dyn ToWire> = arguments.iter().map(|value| value as &dyn ToWire).collect();
    match context.wire.call::<Value>(function, &references).value().wait() {
        Ok(value) => from_wire(value),
        Err(CallError::Unwound(unwound)) => {
            let condition = unwound.condition().map_or("SIMPLE-ERROR", Symbol::name);
            error(condition, unwound.message())
        }
        Err(error) => Err(Condition::new("SIMPLE-ERROR", error.to_string()).into_error()),
    }
}

/// `(progress 0.5 "note")`: told, and not waited for.
fn progress(arguments: &[SteelVal]) -> Outcome {
    let ([fraction], note) = at_least("progress", arguments)?;
    let Some(float) = super::numbers::float(fraction) else {
        return type_error("a number from 0 to 1", fraction);
    };
    let note = note.first().map_or(Ok(""), text)?;
    let report = Symbol::new("REPORT-PROGRESS", PACKAGE);
    let wire = context()?.wire;
    // What cannot be told now is not worth an error: the command goes on.
    if wire.notify(&report, &[&float, &note]).is_ok() {
        drop(wire.force_output());
    }
    Ok(fraction.clone())
}

fn context() -> Result<Context, SteelErr> {
    match context::get() {
        Some(context) => Ok(context),
        None => error("SIMPLE-ERROR", "the evaluator is not prepared"),
    }
}

fn to_wire(value: &SteelVal) -> Result<Value, SteelErr> {
    let Ok(form) = convert::form(value, MAX_PARTS) else {
        let TooLarge = TooLarge;
        return error("TYPE-ERROR", "the argument is circular, or too large to be sent");
    };
    sendable(&form, 0)
}

/// It recurses no deeper than wires carry, by their default.
fn sendable(form: &Form, depth: usize) -> Result<Value, SteelErr> {
    if depth > MAX_DEPTH {
        return error("TYPE-ERROR", format!("the argument nests deeper than {MAX_DEPTH}"));
    }
    let each = |forms: &[Form]| {
        forms.iter().map(|form| sendable(form, depth + 1)).collect::<Result<Vec<_>, _>>()
    };
    Ok(match form {
        Form::Integer(integer) => Value::from(BigInt::clone(integer)),
        Form::Float(float) | Form::Double(float) => Value::Double(*float),
        Form::Character(letter) => Value::from(letter.to_string()),
        Form::String(text) => Value::from(&**text),
        Form::Symbol(symbol) => Value::from(symbol.clone()),
        Form::List(list) => match list.tail() {
            None => Value::list(each(list.items())?),
            Some(tail) => Value::dotted(each(list.items())?, sendable(tail, depth + 1)?),
        },
        Form::Vector(list) => Value::vector(each(list.items())?),
        Form::Ratio(..) => {
            return error("TYPE-ERROR", format!("a wire carries no ratio: send (float {form})"));
        }
        Form::Opaque(_) => {
            return error("TYPE-ERROR", format!("{form} cannot be sent to the serving program"));
        }
    })
}

fn from_wire(value: Value) -> Outcome {
    text::built(&received(&value)?)
}

/// It recurses no deeper than the wire lets values nest.
fn received(value: &Value) -> Result<Form, SteelErr> {
    let each = |values: &mut dyn Iterator<Item = &Value>| {
        values.map(received).collect::<Result<Vec<_>, _>>()
    };
    Ok(match value {
        nil if nil.is_nil() => Form::nil(),
        Value::Integer(small) => Form::Integer(BigInt::from(*small)),
        Value::Bignum(big) => Form::Integer(BigInt::clone(big)),
        Value::Double(float) => Form::Float(*float),
        Value::Single(float) => Form::Float(f64::from(*float)),
        Value::String(text) => Form::String(text.to_string()),
        Value::Octets(octets) => {
            Form::vector(octets.iter().map(|&octet| Form::Integer(BigInt::from(octet))))
        }
        Value::Symbol(symbol) => Form::Symbol(symbol.clone()),
        Value::List(_) if value.as_slice().is_some() => Form::list(each(&mut value.iter())?),
        Value::Vector(_) => Form::vector(each(&mut value.iter())?),
        other => return error("TYPE-ERROR", format!("a command cannot hold {other}")),
    })
}

/// Parts of an argument: what a wire carries in one object, by its default.
const MAX_PARTS: usize = 4 << 20;
/// As deep as `wire::Limits` has it, less the call itself.
const MAX_DEPTH: usize = 120;
