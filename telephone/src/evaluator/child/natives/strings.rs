//! Strings and characters.

use std::cmp::Ordering;

use steel::{SteelErr, SteelVal};

use super::{Native, Outcome, at_least, exactly, is_nil, nil, string, text};
use crate::evaluator::child::condition::{error, type_error};
use crate::evaluator::child::convert;
use crate::lisp::Form;

pub(super) const NATIVES: &[(&str, Native)] = &[
    ("%string", |arguments| designated("string", arguments).map(string)),
    ("%string=", |arguments| compare(arguments, false, Ordering::is_eq)),
    ("%string<", |arguments| compare(arguments, false, Ordering::is_lt)),
    ("%string>", |arguments| compare(arguments, false, Ordering::is_gt)),
    ("%string-equal", |arguments| compare(arguments, true, Ordering::is_eq)),
    ("%string-upcase", |arguments| {
        Ok(string(designated("string-upcase", arguments)?.to_uppercase()))
    }),
    ("%string-downcase", |arguments| {
        Ok(string(designated("string-downcase", arguments)?.to_lowercase()))
    }),
    ("%string-capitalize", capitalize),
    ("%string-trim", |arguments| trim(arguments, Sides::Both)),
    ("%string-left-trim", |arguments| trim(arguments, Sides::Left)),
    ("%string-right-trim", |arguments| trim(arguments, Sides::Right)),
    ("%char-code", char_code),
    ("%code-char", code_char),
    ("%char-upcase", |arguments| letter(arguments, |c| c.to_uppercase().next())),
    ("%char-downcase", |arguments| letter(arguments, |c| c.to_lowercase().next())),
    ("%alpha-char-p", |arguments| {
        let [value] = exactly("alpha-char-p", arguments)?;
        Ok(SteelVal::BoolV(character(value)?.is_alphabetic()))
    }),
    ("%digit-char-p", digit),
    ("%char=", |arguments| compare_letters(arguments, Ordering::is_eq)),
    ("%char<", |arguments| compare_letters(arguments, Ordering::is_lt)),
    ("%integer-of", parse_integer),
    ("%string->number", string_to_number),
    ("%intern", intern),
    ("%symbol-name", symbol_name),
];

/// The text of a string, a symbol or a character.
fn designator(value: &SteelVal) -> Result<String, SteelErr> {
    match value {
        SteelVal::StringV(text) => Ok(text.to_string()),
        SteelVal::CharV(letter) => Ok(letter.to_string()),
        SteelVal::SymbolV(name) => Ok(convert::symbol(name).name().to_owned()),
        SteelVal::BoolV(true) => Ok("T".to_owned()),
        nil if is_nil(nil) => Ok("NIL".to_owned()),
        other => type_error("a string", other),
    }
}

fn designated(name: &str, arguments: &[SteelVal]) -> Result<String, SteelErr> {
    let [value] = exactly(name, arguments)?;
    designator(value)
}

fn compare(arguments: &[SteelVal], fold: bool, is: fn(Ordering) -> bool) -> Outcome {
    // Scheme's take more strings than two, and Common Lisp's have options there.
    let is_option =
        |value: &&SteelVal| matches!(value, SteelVal::SymbolV(name) if name.starts_with(':'));
    if let Some(option) = arguments.iter().skip(2).find(is_option) {
        let option = convert::shown(option);
        return error("PROGRAM-ERROR", format!("{option} is no option that is covered here"));
    }
    let mut texts = Vec::new();
    for argument in arguments {
        let text = designator(argument)?;
        texts.push(if fold { text.to_lowercase() } else { text });
    }
    Ok(SteelVal::BoolV(texts.windows(2).all(|pair| is(pair[0].cmp(&pair[1])))))
}

fn compare_letters(arguments: &[SteelVal], is: fn(Ordering) -> bool) -> Outcome {
    let letters = arguments.iter().map(character).collect::<Result<Vec<_>, _>>()?;
    Ok(SteelVal::BoolV(letters.windows(2).all(|pair| is(pair[0].cmp(&pair[1])))))
}

fn capitalize(arguments: &[SteelVal]) -> Outcome {
    let mut within = false;
    let mut capital = String::new();
    for letter in designated("string-capitalize", arguments)?.chars() {
        if within {
            capital.extend(letter.to_lowercase());
        } else {
            capital.extend(letter.to_uppercase());
        }
        within = letter.is_alphanumeric();
    }
    Ok(string(capital))
}

#[derive(Clone, Copy, Eq, PartialEq)]
enum Sides {
    Both,
    Left,
    Right,
}

/// `(string-trim letters string)`.
fn trim(arguments: &[SteelVal], sides: Sides) -> Outcome {
    let [letters, value] = exactly("string-trim", arguments)?;
    let letters = super::sequences::items(letters)?;
    let letters = letters.iter().map(character).collect::<Result<Vec<_>, _>>()?;
    let whole = designator(value)?;
    let mut trimmed = &*whole;
    if sides != Sides::Right {
        trimmed = trimmed.trim_start_matches(&*letters);
    }
    if sides != Sides::Left {
        trimmed = trimmed.trim_end_matches(&*letters);
    }
    Ok(string(trimmed))
}

fn character(value: &SteelVal) -> Result<char, SteelErr> {
    match value {
        SteelVal::CharV(letter) => Ok(*letter),
        other => type_error("a character", other),
    }
}

fn letter(arguments: &[SteelVal], change: fn(char) -> Option<char>) -> Outcome {
    let [value] = exactly("a character's function", arguments)?;
    let letter = character(value)?;
    Ok(SteelVal::CharV(change(letter).unwrap_or(letter)))
}

fn char_code(arguments: &[SteelVal]) -> Outcome {
    let [value] = exactly("char-code", arguments)?;
    Ok(SteelVal::IntV(u32::from(character(value)?) as isize))
}

fn code_char(arguments: &[SteelVal]) -> Outcome {
    let [value] = exactly("code-char", arguments)?;
    let code = u32::try_from(super::index(value)?).ok();
    Ok(code.and_then(char::from_u32).map_or_else(nil, SteelVal::CharV))
}

fn digit(arguments: &[SteelVal]) -> Outcome {
    let ([value], radix) = at_least("digit-char-p", arguments)?;
    let radix = radix.first().map_or(Ok(10), super::index)?;
    if !(2..=36).contains(&radix) {
        return error("TYPE-ERROR", format!("{radix} is no base from 2 to 36"));
    }
    let digit = character(value)?.to_digit(radix as u32);
    Ok(digit.map_or_else(nil, |digit| SteelVal::IntV(digit as isize)))
}

/// `(%integer-of string options)`, with `:radix`, and with `:junk-allowed` NIL for what is none.
fn parse_integer(arguments: &[SteelVal]) -> Outcome {
    let [value, options] = exactly("parse-integer", arguments)?;
    let options = super::lists::proper(options)?;
    let option = |name: &str| {
        let is = |pair: &&[SteelVal]| matches!(&pair[0], SteelVal::SymbolV(key) if ***key == *name);
        options.chunks_exact(2).find(is).map(|pair| &pair[1])
    };
    let radix = option(":RADIX").map_or(Ok(10), super::index)?;
    let digits = text(value)?.trim();
    let digits = digits.strip_prefix('+').unwrap_or(digits);
    let parsed = num_bigint::BigInt::parse_bytes(digits.as_bytes(), radix.clamp(2, 36) as u32);
    match parsed.filter(|_| !digits.contains('_')) {
        Some(integer) => convert::integer(&integer),
        None if option(":JUNK-ALLOWED").is_some_and(|junk| !is_nil(junk)) => Ok(nil()),
        None => error("PARSE-ERROR", format!("{value} is not an integer")),
    }
}

/// Scheme's: false for what is no number.
fn string_to_number(arguments: &[SteelVal]) -> Outcome {
    let [value] = exactly("string->number", arguments)?;
    match Form::read_all(text(value)?).as_deref() {
        Ok([form @ (Form::Integer(_) | Form::Ratio(..) | Form::Float(_) | Form::Double(_))]) => {
            text::built(form)
        }
        _ => Ok(nil()),
    }
}

fn intern(arguments: &[SteelVal]) -> Outcome {
    let ([value], package) = at_least("intern", arguments)?;
    let name = text(value)?;
    let package = match package.first() {
        Some(package) => designator(package)?,
        None => crate::lisp::USER.to_owned(),
    };
    text::built(&Form::Symbol(wire::Symbol::new(name, &package)))
}

fn symbol_name(arguments: &[SteelVal]) -> Outcome {
    let [value] = exactly("symbol-name", arguments)?;
    match value {
        SteelVal::StringV(_) | SteelVal::CharV(_) => type_error("a symbol", value),
        symbol => designator(symbol).map(string),
    }
}
