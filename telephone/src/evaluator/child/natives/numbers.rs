//! Numbers, as far as the engine's own do not do what Lisp's do.

use num_bigint::BigInt;
use rand::Rng;
use steel::SteelVal;

use super::{Native, Outcome, exactly, index};
use crate::evaluator::child::condition::type_error;
use crate::evaluator::child::convert::integer;

pub(super) const NATIVES: &[(&str, Native)] = &[
    ("%numberp", |arguments| predicate(arguments, is_number)),
    ("%integerp", |arguments| predicate(arguments, is_integer)),
    ("%rationalp", |arguments| predicate(arguments, |v| is_number(v) && !is_float(v))),
    ("%floatp", |arguments| predicate(arguments, is_float)),
    ("%numerator", |arguments| part(arguments, Part::Numerator)),
    ("%denominator", |arguments| part(arguments, Part::Denominator)),
    ("%isqrt", isqrt),
    ("%random", random),
    ("%get-universal-time", universal_time),
    ("%get-internal-real-time", real_time),
];

fn predicate(arguments: &[SteelVal], is: fn(&SteelVal) -> bool) -> Outcome {
    let [value] = exactly("a predicate", arguments)?;
    Ok(SteelVal::BoolV(is(value)))
}

pub(super) fn is_integer(value: &SteelVal) -> bool {
    matches!(value, SteelVal::IntV(_) | SteelVal::BigNum(_))
}

pub(super) fn is_float(value: &SteelVal) -> bool {
    matches!(value, SteelVal::NumV(_))
}

pub(super) fn is_number(value: &SteelVal) -> bool {
    is_integer(value)
        || is_float(value)
        || matches!(value, SteelVal::Rational(_) | SteelVal::BigRational(_) | SteelVal::Complex(_))
}

/// The number as a float, if it is real.
pub(super) fn float(value: &SteelVal) -> Option<f64> {
    let quotient = |n: &BigInt, d: &BigInt| {
        let number = |big: &BigInt| big.to_string().parse::<f64>().ok();
        Some(number(n)? / number(d)?)
    };
    match value {
        SteelVal::IntV(number) => Some(*number as f64),
        SteelVal::NumV(float) => Some(*float),
        SteelVal::Rational(ratio) => Some(f64::from(*ratio.numer()) / f64::from(*ratio.denom())),
        SteelVal::BigNum(big) => big.to_string().parse().ok(),
        SteelVal::BigRational(ratio) => quotient(ratio.numer(), ratio.denom()),
        _ => None,
    }
}

enum Part {
    Numerator,
    Denominator,
}

fn part(arguments: &[SteelVal], part: Part) -> Outcome {
    let [value] = exactly("a part of a ratio", arguments)?;
    match (value, part) {
        (SteelVal::Rational(ratio), Part::Numerator) => Ok(SteelVal::IntV(*ratio.numer() as isize)),
        (SteelVal::Rational(ratio), Part::Denominator) => {
            Ok(SteelVal::IntV(*ratio.denom() as isize))
        }
        (SteelVal::BigRational(ratio), Part::Numerator) => integer(ratio.numer()),
        (SteelVal::BigRational(ratio), Part::Denominator) => integer(ratio.denom()),
        (whole, Part::Numerator) if is_integer(whole) => Ok(whole.clone()),
        (whole, Part::Denominator) if is_integer(whole) => Ok(SteelVal::IntV(1)),
        (other, _) => type_error("a rational number", other),
    }
}

fn isqrt(arguments: &[SteelVal]) -> Outcome {
    let [value] = exactly("isqrt", arguments)?;
    match value {
        SteelVal::IntV(number) if *number >= 0 => integer(&BigInt::from(*number).sqrt()),
        SteelVal::BigNum(big) if big.sign() != num_bigint::Sign::Minus => integer(&big.sqrt()),
        other => type_error("an integer that is not negative", other),
    }
}

fn random(arguments: &[SteelVal]) -> Outcome {
    let [limit] = exactly("random", arguments)?;
    match limit {
        SteelVal::IntV(number) if *number > 0 => {
            let below = index(limit)?;
            Ok(SteelVal::IntV(rand::rng().random_range(0..below) as isize))
        }
        SteelVal::NumV(float) if *float > 0.0 => {
            Ok(SteelVal::NumV(rand::rng().random::<f64>() * float))
        }
        other => type_error("a positive integer or float", other),
    }
}

/// Seconds since 1900.
fn universal_time(_: &[SteelVal]) -> Outcome {
    Ok(SteelVal::IntV((jiff::Timestamp::now().as_second() + FROM_1900_TO_1970) as isize))
}

/// Microseconds, as SBCL counts them.
fn real_time(_: &[SteelVal]) -> Outcome {
    Ok(SteelVal::IntV(jiff::Timestamp::now().as_microsecond() as isize))
}

/// Seventy years of which seventeen were leap years, in seconds.
const FROM_1900_TO_1970: i64 = (70 * 365 + 17) * 24 * 60 * 60;
