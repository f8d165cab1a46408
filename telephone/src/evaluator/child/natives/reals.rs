//! Real numbers: comparing them, dividing floats, and what floats are as integers.

use std::cmp::Ordering;

use num_bigint::BigInt;
use steel::{SteelErr, SteelVal};

use super::numbers::{float, is_float, is_integer, is_number};
use super::{Native, Outcome, at_least, exactly};
use crate::evaluator::child::condition::{error, type_error};
use crate::evaluator::child::convert::{integer, list};

// The engine's own comparisons say false of what is no number, where Lisp has an error. Its
// division multiplies by the reciprocal, which rounds twice, and its floats become integers of 64
// bits and no more.
pub(super) const NATIVES: &[(&str, Native)] = &[
    ("%=", equal),
    ("%<", |arguments| ordered("<", arguments, Ordering::is_lt)),
    ("%>", |arguments| ordered(">", arguments, Ordering::is_gt)),
    ("%<=", |arguments| ordered("<=", arguments, Ordering::is_le)),
    ("%>=", |arguments| ordered(">=", arguments, Ordering::is_ge)),
    ("%by-floats?", by_floats),
    ("%float-quotient", float_quotient),
    ("%whole", whole),
    ("%float-parts", float_parts),
    ("%float", |arguments| {
        let ([value], _) = at_least("float", arguments)?;
        real(value).map(SteelVal::NumV)
    }),
    ("%exp", |arguments| of_float("exp", arguments, f64::exp)),
    ("%sin", |arguments| of_float("sin", arguments, f64::sin)),
    ("%cos", |arguments| of_float("cos", arguments, f64::cos)),
    ("%tan", |arguments| of_float("tan", arguments, f64::tan)),
    ("%atan", atan),
];

fn real(value: &SteelVal) -> Result<f64, SteelErr> {
    match float(value) {
        Some(float) => Ok(float),
        None => type_error("a real number", value),
    }
}

fn is_real(value: &SteelVal) -> bool {
    is_number(value) && !matches!(value, SteelVal::Complex(_))
}

fn ordered(name: &str, arguments: &[SteelVal], is: fn(Ordering) -> bool) -> Outcome {
    if let [SteelVal::IntV(a), SteelVal::IntV(b)] = arguments {
        return Ok(SteelVal::BoolV(is(a.cmp(b))));
    }
    let ([_], _) = at_least::<1>(name, arguments)?;
    if let Some(other) = arguments.iter().find(|value| !is_real(value)) {
        return type_error("a real number", other);
    }
    let in_order = |pair: &[SteelVal]| pair[0].partial_cmp(&pair[1]).is_some_and(is);
    Ok(SteelVal::BoolV(arguments.windows(2).all(in_order)))
}

fn equal(arguments: &[SteelVal]) -> Outcome {
    if let [SteelVal::IntV(a), SteelVal::IntV(b)] = arguments {
        return Ok(SteelVal::BoolV(a == b));
    }
    let ([_], _) = at_least::<1>("=", arguments)?;
    if let Some(other) = arguments.iter().find(|value| !is_number(value)) {
        return type_error("a number", other);
    }
    let same = |pair: &[SteelVal]| match pair[0].partial_cmp(&pair[1]) {
        Some(order) => order.is_eq(),
        // Complex numbers have no order.
        None => pair[0] == pair[1],
    };
    Ok(SteelVal::BoolV(arguments.windows(2).all(same)))
}

/// Whether the quotient of two numbers is a float.
fn by_floats(arguments: &[SteelVal]) -> Outcome {
    let [a, b] = exactly("/", arguments)?;
    Ok(SteelVal::BoolV((is_float(a) || is_float(b)) && is_real(a) && is_real(b)))
}

fn float_quotient(arguments: &[SteelVal]) -> Outcome {
    let [a, b] = exactly("/", arguments)?;
    match (real(a)?, real(b)?) {
        (0.0, 0.0) => error("FLOATING-POINT-INVALID-OPERATION", "/: zero by zero"),
        (_, 0.0) => error("DIVISION-BY-ZERO", "/: division by zero"),
        (a, b) => Ok(SteelVal::NumV(a / b)),
    }
}

/// What a float is as a fraction, exactly. Infinities are none.
fn parts(float: f64) -> Option<(BigInt, BigInt)> {
    if !float.is_finite() {
        return None;
    }
    let bits = float.to_bits();
    let (exponent, fraction) = ((bits >> 52) & 0x7ff, bits & ((1 << 52) - 1));
    // The smallest floats have no leading one, and the exponent of those after them.
    let digits = if exponent == 0 { fraction } else { fraction | (1 << 52) };
    let digits = BigInt::from(digits) * if float.is_sign_negative() { -1 } else { 1 };
    // The bias, and the bits behind the point.
    match exponent.max(1).checked_sub(1023 + 52) {
        Some(scale) => Some((digits << scale, BigInt::from(1))),
        None => Some((digits, BigInt::from(1) << (1023 + 52 - exponent.max(1)))),
    }
}

/// A float without what is behind its point, as an integer.
fn whole(arguments: &[SteelVal]) -> Outcome {
    let [value] = exactly("a rounding function", arguments)?;
    match value {
        SteelVal::NumV(float) => match parts(*float) {
            Some((numerator, denominator)) => integer(&(numerator / denominator)),
            None => error("FLOATING-POINT-INVALID-OPERATION", "an infinity is no integer"),
        },
        exact if is_integer(exact) => Ok(exact.clone()),
        other => type_error("a real number", other),
    }
}

/// The numerator and the denominator of a float, which only the engine makes a ratio of.
fn float_parts(arguments: &[SteelVal]) -> Outcome {
    let [value] = exactly("rational", arguments)?;
    match parts(real(value)?) {
        Some((numerator, denominator)) => {
            Ok(list(vec![integer(&numerator)?, integer(&denominator)?]))
        }
        None => error("FLOATING-POINT-INVALID-OPERATION", "an infinity is no rational number"),
    }
}

fn of_float(name: &str, arguments: &[SteelVal], function: fn(f64) -> f64) -> Outcome {
    let [value] = exactly(name, arguments)?;
    Ok(SteelVal::NumV(function(real(value)?)))
}

/// Of a number, or of the point at `(atan y x)`.
fn atan(arguments: &[SteelVal]) -> Outcome {
    let angle = match at_least("atan", arguments)? {
        ([y], []) => real(y)?.atan(),
        ([y], [x]) => real(y)?.atan2(real(x)?),
        _ => return error("PROGRAM-ERROR", "atan takes one argument or two"),
    };
    Ok(SteelVal::NumV(angle))
}
