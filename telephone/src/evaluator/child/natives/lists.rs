//! Lists.

use steel::SteelVal;

use super::{Native, Outcome, at_least, exactly, index, is_nil, nil};
use crate::evaluator::child::condition::type_error;
use crate::evaluator::child::convert::list;

pub(super) const NATIVES: &[(&str, Native)] = &[
    ("%car", car),
    ("%cdr", cdr),
    ("%nth", nth),
    ("%nthcdr", nthcdr),
    ("%last", last),
    ("%butlast", butlast),
    ("%append-lists", append),
    ("%list", |arguments| Ok(list(arguments.to_vec()))),
    ("%null", null),
    ("%consp", consp),
    ("%listp", listp),
    ("%atom", atom),
];

fn car(arguments: &[SteelVal]) -> Outcome {
    let [value] = exactly("car", arguments)?;
    match value {
        SteelVal::ListV(list) => Ok(list.car().unwrap_or_else(nil)),
        SteelVal::Pair(pair) => Ok(pair.car()),
        value if is_nil(value) => Ok(nil()),
        other => type_error("a list", other),
    }
}

fn cdr(arguments: &[SteelVal]) -> Outcome {
    let [value] = exactly("cdr", arguments)?;
    tail(value)
}

fn tail(value: &SteelVal) -> Outcome {
    match value {
        SteelVal::ListV(list) => Ok(list.cdr().map_or_else(nil, SteelVal::ListV)),
        SteelVal::Pair(pair) => Ok(pair.cdr()),
        value if is_nil(value) => Ok(nil()),
        other => type_error("a list", other),
    }
}

fn drop_first(count: usize, value: &SteelVal) -> Outcome {
    if let SteelVal::ListV(list) = value {
        return Ok(list.tail(count).map_or_else(nil, SteelVal::ListV));
    }
    let mut rest = value.clone();
    for _ in 0..count {
        if is_nil(&rest) {
            break;
        }
        rest = tail(&rest)?;
    }
    Ok(rest)
}

fn nth(arguments: &[SteelVal]) -> Outcome {
    let [at, list] = exactly("nth", arguments)?;
    car(&[drop_first(index(at)?, list)?])
}

fn nthcdr(arguments: &[SteelVal]) -> Outcome {
    let [count, list] = exactly("nthcdr", arguments)?;
    drop_first(index(count)?, list)
}

fn last(arguments: &[SteelVal]) -> Outcome {
    let ([list], count) = at_least("last", arguments)?;
    let count = count.first().map_or(Ok(1), index)?;
    let length = proper(list)?.len();
    drop_first(length.saturating_sub(count), list)
}

fn butlast(arguments: &[SteelVal]) -> Outcome {
    let ([value], count) = at_least("butlast", arguments)?;
    let count = count.first().map_or(Ok(1), index)?;
    let mut items = proper(value)?;
    items.truncate(items.len().saturating_sub(count));
    Ok(list(items))
}

/// Of lists. A last argument that is none makes a dotted list, which only the engine can make.
fn append(arguments: &[SteelVal]) -> Outcome {
    let mut items = Vec::new();
    for argument in arguments {
        items.extend(proper(argument)?);
    }
    Ok(list(items))
}

/// The elements of a proper list.
pub(super) fn proper(value: &SteelVal) -> Result<Vec<SteelVal>, steel::SteelErr> {
    match value {
        SteelVal::ListV(list) => Ok(list.iter().cloned().collect()),
        value if is_nil(value) => Ok(Vec::new()),
        other => type_error("a proper list", other),
    }
}

fn null(arguments: &[SteelVal]) -> Outcome {
    let [value] = exactly("null", arguments)?;
    Ok(SteelVal::BoolV(is_nil(value)))
}

fn is_cons(value: &SteelVal) -> bool {
    matches!(value, SteelVal::ListV(_) | SteelVal::Pair(_)) && !is_nil(value)
}

fn consp(arguments: &[SteelVal]) -> Outcome {
    let [value] = exactly("consp", arguments)?;
    Ok(SteelVal::BoolV(is_cons(value)))
}

fn listp(arguments: &[SteelVal]) -> Outcome {
    let [value] = exactly("listp", arguments)?;
    Ok(SteelVal::BoolV(is_cons(value) || is_nil(value)))
}

fn atom(arguments: &[SteelVal]) -> Outcome {
    let [value] = exactly("atom", arguments)?;
    Ok(SteelVal::BoolV(!is_cons(value)))
}
