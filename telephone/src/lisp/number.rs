//! Numbers as tokens.

use num_bigint::BigInt;

use crate::lisp::Form;
use crate::lisp::error::ReadErrorKind;

/// The number that a token is, or `None` if it is a symbol.
pub(super) fn number(token: &str) -> Option<Result<Form, ReadErrorKind>> {
    let unsigned = token.strip_prefix(['+', '-']).unwrap_or(token);
    let whole = digits(unsigned);
    let rest = &unsigned[whole..];
    if whole > 0 && matches!(rest, "" | ".") {
        return Some(Ok(Form::Integer(integer(token.trim_end_matches('.')))));
    }
    if let Some(denominator) = rest.strip_prefix('/') {
        let is_ratio =
            whole > 0 && !denominator.is_empty() && digits(denominator) == denominator.len();
        return is_ratio.then(|| ratio(token, denominator));
    }
    let decimals = rest.strip_prefix('.').map_or(0, digits);
    let pointed = if rest.starts_with('.') { decimals + 1 } else { 0 };
    let exponent = &rest[pointed..];
    // `.5` and `1.5`, and with an exponent also `1d0` and `1.d0`.
    let is_float = (decimals > 0 && exponent.is_empty())
        || (is_exponent(exponent) && (whole > 0 || decimals > 0));
    is_float.then(|| float(token, exponent))
}

fn digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

fn is_exponent(text: &str) -> bool {
    let Some(power) = text.strip_prefix(|c: char| "esfdlESFDL".contains(c)) else {
        return false;
    };
    let power = power.strip_prefix(['+', '-']).unwrap_or(power);
    !power.is_empty() && digits(power) == power.len()
}

/// Of digits with a sign, which always parse.
fn integer(digits: &str) -> BigInt {
    digits.parse().unwrap_or_default()
}

fn ratio(token: &str, denominator: &str) -> Result<Form, ReadErrorKind> {
    let numerator = &token[..token.len() - denominator.len() - 1];
    Form::ratio(integer(numerator), integer(denominator))
        .ok_or_else(|| ReadErrorKind::ZeroDenominator(token.to_owned()))
}

fn float(token: &str, exponent: &str) -> Result<Form, ReadErrorKind> {
    let mantissa = &token[..token.len() - exponent.len()];
    let (mark, power) = exponent.split_at(exponent.len().min(1));
    let power = if power.is_empty() { "0" } else { power };
    match format!("{mantissa}e{power}").parse() {
        Ok(double) if !f64::is_finite(double) => Err(ReadErrorKind::FloatRange(token.to_owned())),
        Ok(double) if matches!(mark, "d" | "D" | "l" | "L") => Ok(Form::Double(double)),
        Ok(float) => Ok(Form::Float(float)),
        Err(_) => Err(ReadErrorKind::FloatRange(token.to_owned())),
    }
}
