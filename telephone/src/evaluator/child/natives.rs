//! The functions of the language that are written in Rust. The others are in the prelude, over these.

mod control;
mod equality;
mod format;
mod lists;
mod numbers;
pub(super) mod offered;
mod reals;
mod sequences;
mod strings;
mod text;
mod types;

use steel::{SteelErr, SteelVal};

use super::condition::{error, type_error};

pub(super) type Native = fn(&[SteelVal]) -> Outcome;
pub(super) type Outcome = Result<SteelVal, SteelErr>;

/// All of them, with the names that the prelude and translated commands call them by.
pub(super) fn all() -> impl Iterator<Item = (&'static str, Native)> {
    [
        control::NATIVES,
        equality::NATIVES,
        format::NATIVES,
        lists::NATIVES,
        numbers::NATIVES,
        reals::NATIVES,
        sequences::NATIVES,
        strings::NATIVES,
        text::NATIVES,
        types::NATIVES,
        offered::NATIVES,
    ]
    .into_iter()
    .flatten()
    .copied()
}

/// Exactly so many arguments.
fn exactly<'a, const N: usize>(
    name: &str,
    arguments: &'a [SteelVal],
) -> Result<&'a [SteelVal; N], SteelErr> {
    match arguments.try_into() {
        Ok(array) => Ok(array),
        Err(_) => error(
            "PROGRAM-ERROR",
            format!("{name} takes {N} arguments, and was given {}", arguments.len()),
        ),
    }
}

/// So many arguments, and perhaps more.
fn at_least<'a, const N: usize>(
    name: &str,
    arguments: &'a [SteelVal],
) -> Result<(&'a [SteelVal; N], &'a [SteelVal]), SteelErr> {
    match arguments.split_first_chunk::<N>() {
        Some(split) => Ok(split),
        None => error(
            "PROGRAM-ERROR",
            format!("{name} takes {N} arguments at least, and was given {}", arguments.len()),
        ),
    }
}

/// Whether a value counts as false: `NIL`, the empty list and Scheme's false are one.
fn is_nil(value: &SteelVal) -> bool {
    match value {
        SteelVal::BoolV(truth) => !truth,
        SteelVal::ListV(list) => list.is_empty(),
        SteelVal::Void => true,
        _ => false,
    }
}

fn nil() -> SteelVal {
    super::convert::list(Vec::new())
}

fn index(value: &SteelVal) -> Result<usize, SteelErr> {
    match value {
        SteelVal::IntV(number) if *number >= 0 => Ok(number.unsigned_abs()),
        other => type_error("an index", other),
    }
}

fn text(value: &SteelVal) -> Result<&str, SteelErr> {
    match value {
        SteelVal::StringV(text) => Ok(text),
        other => type_error("a string", other),
    }
}

fn string(text: impl Into<String>) -> SteelVal {
    SteelVal::StringV(text.into().into())
}
