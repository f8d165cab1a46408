//! The engine's values as forms, and forms as the engine's values. Neither way recurses.

use num_bigint::BigInt;
use steel::rvals::IntoSteelVal;
use steel::steel_vm::engine::Engine;
use steel::{SteelErr, SteelVal};
use wire::Symbol;

use super::condition::{Condition, error};
use crate::lisp::{Form, USER};

/// A value of more parts than were asked for; a circular one has.
#[derive(Clone, Copy, Debug)]
pub(super) struct TooLarge;

/// What is left to do on the way from a value to a form.
enum Task {
    Value(SteelVal),
    /// A list of so many of the forms made last, of which the last is the tail if it is dotted.
    List {
        length: usize,
        dotted: bool,
    },
    Vector(usize),
}

/// The form of a value that has no more parts than `most`; characters of strings are parts.
pub(super) fn form(value: &SteelVal, most: usize) -> Result<Form, TooLarge> {
    let mut tasks = vec![Task::Value(value.clone())];
    let mut made: Vec<Form> = Vec::new();
    let mut left = most;
    let mut spend = |amount: usize| {
        left = left.checked_sub(amount).ok_or(TooLarge)?;
        Ok(())
    };
    while let Some(task) = tasks.pop() {
        match task {
            Task::Value(SteelVal::StringV(text)) => {
                spend(text.len())?;
                made.push(Form::String(text.to_string()));
            }
            Task::Value(value) => match parts(&value) {
                None => {
                    spend(1)?;
                    made.push(atom(&value));
                }
                Some((finish, parts)) => {
                    spend(parts.len().max(1))?;
                    tasks.push(finish);
                    tasks.extend(parts.into_iter().rev().map(Task::Value));
                }
            },
            Task::List { length, dotted } => {
                let mut items = made.split_off(made.len() - length);
                let tail = if dotted { items.pop() } else { None };
                made.push(Form::dotted(items, tail.unwrap_or_else(Form::nil)));
            }
            Task::Vector(length) => {
                let items = made.split_off(made.len() - length);
                made.push(Form::vector(items));
            }
        }
    }
    Ok(made.pop().unwrap_or_else(Form::nil))
}

/// What a list or vector consists of, and what is made of that.
fn parts(value: &SteelVal) -> Option<(Task, Vec<SteelVal>)> {
    match value {
        SteelVal::ListV(list) => {
            let items: Vec<_> = list.iter().cloned().collect();
            Some((Task::List { length: items.len(), dotted: false }, items))
        }
        SteelVal::Pair(pair) => {
            let mut items = vec![pair.car()];
            let mut rest = pair.cdr();
            while let SteelVal::Pair(next) = &rest {
                items.push(next.car());
                rest = next.cdr();
            }
            items.push(rest);
            Some((Task::List { length: items.len(), dotted: true }, items))
        }
        SteelVal::VectorV(vector) => {
            let items: Vec<_> = vector.iter().cloned().collect();
            Some((Task::Vector(items.len()), items))
        }
        SteelVal::MutableVector(vector) => {
            let items = vector.get();
            Some((Task::Vector(items.len()), items))
        }
        _ => None,
    }
}

fn atom(value: &SteelVal) -> Form {
    match value {
        SteelVal::BoolV(true) => Form::t(),
        SteelVal::BoolV(false) | SteelVal::Void => Form::nil(),
        SteelVal::IntV(small) => Form::Integer(BigInt::from(*small)),
        SteelVal::BigNum(big) => Form::Integer(BigInt::clone(big)),
        SteelVal::NumV(float) => Form::Float(*float),
        SteelVal::Rational(ratio) => {
            Form::Ratio(BigInt::from(*ratio.numer()), BigInt::from(*ratio.denom()))
        }
        SteelVal::BigRational(ratio) => Form::Ratio(ratio.numer().clone(), ratio.denom().clone()),
        SteelVal::CharV(letter) => Form::Character(*letter),
        SteelVal::SymbolV(name) => Form::Symbol(symbol(name)),
        SteelVal::HashMapV(_) | SteelVal::CustomStruct(_) => Form::Opaque("HASH-TABLE".to_owned()),
        other if other.is_function() => Form::Opaque("FUNCTION".to_owned()),
        other => match Condition::in_value(other) {
            Some(condition) => Form::Opaque(format!("{} {:?}", condition.name, condition.message)),
            None => Form::Opaque("OBJECT".to_owned()),
        },
    }
}

/// What is left to do on the way from a form to a value.
enum Step<'a> {
    Form(&'a Form),
    List { length: usize, dotted: bool },
    Vector(usize),
}

/// The value that a constant of a command is.
pub(super) fn value(form: &Form, engine: &mut Engine) -> Result<SteelVal, SteelErr> {
    build(form, |function, arguments| engine.call_function_by_name_with_args(function, arguments))
}

/// As [`value`] does it; `call` makes ratios and dotted pairs, whose types only the engine knows.
pub(super) fn build(
    form: &Form,
    mut call: impl FnMut(&str, Vec<SteelVal>) -> Result<SteelVal, SteelErr>,
) -> Result<SteelVal, SteelErr> {
    let mut steps = vec![Step::Form(form)];
    let mut made: Vec<SteelVal> = Vec::new();
    while let Some(step) = steps.pop() {
        let value = match step {
            Step::Form(Form::List(list)) => {
                let length = list.items().len() + usize::from(list.tail().is_some());
                steps.push(Step::List { length, dotted: list.tail().is_some() });
                steps.extend(list.tail().map(Step::Form));
                steps.extend(list.items().iter().rev().map(Step::Form));
                continue;
            }
            Step::Form(Form::Vector(list)) => {
                steps.push(Step::Vector(list.items().len()));
                steps.extend(list.items().iter().rev().map(Step::Form));
                continue;
            }
            Step::Form(Form::Ratio(numerator, denominator)) => {
                call("/", vec![integer(numerator)?, integer(denominator)?])?
            }
            Step::Form(atom) => simple(atom)?,
            Step::List { length, dotted } => {
                let mut items = made.split_off(made.len() - length);
                let tail = if dotted { items.pop() } else { None };
                match tail {
                    Some(mut tail) => {
                        for item in items.into_iter().rev() {
                            tail = call("cons", vec![item, tail])?;
                        }
                        tail
                    }
                    None => list(items),
                }
            }
            Step::Vector(length) => {
                let items = made.split_off(made.len() - length);
                SteelVal::VectorV(items.into_iter().collect())
            }
        };
        made.push(value);
    }
    Ok(made.pop().unwrap_or(SteelVal::Void))
}

fn simple(form: &Form) -> Result<SteelVal, SteelErr> {
    Ok(match form {
        Form::Integer(number) => integer(number)?,
        Form::Float(float) | Form::Double(float) => SteelVal::NumV(*float),
        Form::Character(letter) => SteelVal::CharV(*letter),
        Form::String(text) => SteelVal::StringV(text.clone().into()),
        nil if nil.is_nil() => list(Vec::new()),
        Form::Symbol(symbol) if *symbol == Symbol::t() => SteelVal::BoolV(true),
        Form::Symbol(symbol) => SteelVal::SymbolV(symbol_name(symbol).into()),
        other => return error("TYPE-ERROR", format!("{other} is no constant")),
    })
}

pub(super) fn integer(number: &BigInt) -> Result<SteelVal, SteelErr> {
    match isize::try_from(number) {
        Ok(small) => Ok(SteelVal::IntV(small)),
        Err(_) => number.clone().into_steelval(),
    }
}

pub(super) fn list(items: Vec<SteelVal>) -> SteelVal {
    SteelVal::ListV(items.into_iter().collect())
}

/// The engine's name for a symbol: a keyword has its colon, and what is not the user's its package.
pub(super) fn symbol_name(symbol: &Symbol) -> String {
    let (name, package) = (symbol.name(), symbol.package());
    match package {
        "KEYWORD" => format!(":{name}"),
        USER if !name.contains(':') => name.to_owned(),
        package => format!("{package}::{name}"),
    }
}

/// The symbol behind the engine's name for it.
pub(super) fn symbol(name: &str) -> Symbol {
    if let Some(keyword) = name.strip_prefix(':') {
        return Symbol::keyword(keyword);
    }
    match name.split_once("::") {
        Some((package, name)) => Symbol::new(name, package),
        None => Symbol::new(name, USER),
    }
}

/// A value for a message: not much of it.
pub(super) fn shown(value: &SteelVal) -> String {
    match form(value, SHOWN) {
        Ok(form) => form.to_string(),
        Err(TooLarge) => "a large value".to_owned(),
    }
}

/// Parts of a value in a message.
const SHOWN: usize = 100;
