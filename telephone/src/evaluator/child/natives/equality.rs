//! When two values are the same.

use std::ptr;

use steel::SteelVal;

use super::{Native, Outcome, exactly, is_nil};

pub(super) const NATIVES: &[(&str, Native)] =
    &[("%eql", eql_native), ("%equal", equal_native), ("%equalp", equalp_native), ("%memv?", memv)];

fn eql_native(arguments: &[SteelVal]) -> Outcome {
    let [a, b] = exactly("eql", arguments)?;
    Ok(SteelVal::BoolV(eql(a, b)))
}

fn equal_native(arguments: &[SteelVal]) -> Outcome {
    let [a, b] = exactly("equal", arguments)?;
    Ok(SteelVal::BoolV(same(a, b, eql)))
}

fn equalp_native(arguments: &[SteelVal]) -> Outcome {
    let [a, b] = exactly("equalp", arguments)?;
    Ok(SteelVal::BoolV(same(a, b, loosely)))
}

/// Whether a value is one of a list, as `case` looks for its keys.
fn memv(arguments: &[SteelVal]) -> Outcome {
    let [value, list] = exactly("case", arguments)?;
    let found = match list {
        SteelVal::ListV(list) => list.iter().any(|item| eql(value, item)),
        _ => false,
    };
    Ok(SteelVal::BoolV(found))
}

/// The same number of the same type, the same character, symbol or object.
pub(super) fn eql(a: &SteelVal, b: &SteelVal) -> bool {
    match (a, b) {
        _ if is_nil(a) || is_nil(b) => is_nil(a) && is_nil(b),
        (SteelVal::NumV(a), SteelVal::NumV(b)) => a.to_bits() == b.to_bits(),
        (SteelVal::ListV(a), SteelVal::ListV(b)) => a.storage_ptr_eq(b) && a.len() == b.len(),
        (SteelVal::StringV(a), SteelVal::StringV(b)) => ptr::eq(&***a, &***b),
        _ => identical(a, b) || (is_atom(a) && a == b),
    }
}

/// Whether both are one object.
fn identical(a: &SteelVal, b: &SteelVal) -> bool {
    match (a, b) {
        (SteelVal::MutableVector(a), SteelVal::MutableVector(b)) => {
            a.as_ptr_usize() == b.as_ptr_usize()
        }
        (SteelVal::VectorV(a), SteelVal::VectorV(b)) => ptr::eq(&**a, &**b),
        (SteelVal::Pair(a), SteelVal::Pair(b)) => ptr::eq(&**a, &**b),
        (SteelVal::Closure(a), SteelVal::Closure(b)) => ptr::eq(&**a, &**b),
        (SteelVal::CustomStruct(a), SteelVal::CustomStruct(b)) => ptr::eq(&**a, &**b),
        (SteelVal::FuncV(a), SteelVal::FuncV(b)) => ptr::fn_addr_eq(*a, *b),
        _ => false,
    }
}

/// Whether two such are the same when they look the same.
fn is_atom(value: &SteelVal) -> bool {
    matches!(
        value,
        SteelVal::BoolV(_)
            | SteelVal::IntV(_)
            | SteelVal::BigNum(_)
            | SteelVal::Rational(_)
            | SteelVal::BigRational(_)
            | SteelVal::CharV(_)
            | SteelVal::SymbolV(_)
    )
}

/// `equalp` beside lists and vectors: numbers by size, letters without case.
fn loosely(a: &SteelVal, b: &SteelVal) -> bool {
    match (a, b) {
        (SteelVal::CharV(a), SteelVal::CharV(b)) => a.to_lowercase().eq(b.to_lowercase()),
        (SteelVal::StringV(a), SteelVal::StringV(b)) => a.to_lowercase() == b.to_lowercase(),
        _ => match (super::numbers::float(a), super::numbers::float(b)) {
            (Some(a), Some(b)) => a == b,
            _ => eql(a, b),
        },
    }
}

/// Whether two values have the same structure and the same atoms. A stack instead of recursion.
fn same(a: &SteelVal, b: &SteelVal, atoms: fn(&SteelVal, &SteelVal) -> bool) -> bool {
    let mut pairs = vec![(a.clone(), b.clone())];
    while let Some((a, b)) = pairs.pop() {
        match (&a, &b) {
            _ if is_nil(&a) || is_nil(&b) => {
                if is_nil(&a) != is_nil(&b) {
                    return false;
                }
            }
            (SteelVal::ListV(x), SteelVal::ListV(y)) => {
                if x.len() != y.len() {
                    return false;
                }
                pairs.extend(x.iter().cloned().zip(y.iter().cloned()));
            }
            (SteelVal::Pair(x), SteelVal::Pair(y)) => {
                pairs.push((x.car(), y.car()));
                pairs.push((x.cdr(), y.cdr()));
            }
            (SteelVal::StringV(x), SteelVal::StringV(y)) if x == y => {}
            _ => match (elements(&a), elements(&b)) {
                (Some(x), Some(y)) => {
                    if x.len() != y.len() {
                        return false;
                    }
                    // The same vector, which may hold itself.
                    if !identical(&a, &b) {
                        pairs.extend(x.into_iter().zip(y));
                    }
                }
                _ => {
                    if !atoms(&a, &b) {
                        return false;
                    }
                }
            },
        }
    }
    true
}

fn elements(value: &SteelVal) -> Option<Vec<SteelVal>> {
    match value {
        SteelVal::VectorV(vector) => Some(vector.iter().cloned().collect()),
        SteelVal::MutableVector(vector) => Some(vector.get()),
        _ => None,
    }
}
