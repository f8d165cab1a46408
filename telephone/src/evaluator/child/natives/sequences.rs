//! Sequences: lists, strings and vectors alike.

use steel::{SteelErr, SteelVal};

use super::{Native, Outcome, at_least, exactly, index, is_nil, string};
use crate::evaluator::child::condition::{error, type_error};
use crate::evaluator::child::convert::list;

pub(super) const NATIVES: &[(&str, Native)] = &[
    ("%items", to_list),
    ("%like-type", like),
    ("%length", length),
    ("%part", subseq),
    ("%elt", elt),
    ("%as-type", as_type),
    ("%list->string", |arguments| as_string(&items(&exactly::<1>("a string", arguments)?[0])?)),
    ("%search", search),
];

/// The elements of any sequence.
pub(super) fn items(value: &SteelVal) -> Result<Vec<SteelVal>, SteelErr> {
    match value {
        SteelVal::ListV(list) => Ok(list.iter().cloned().collect()),
        SteelVal::StringV(text) => Ok(text.chars().map(SteelVal::CharV).collect()),
        SteelVal::VectorV(vector) => Ok(vector.iter().cloned().collect()),
        SteelVal::MutableVector(vector) => Ok(vector.get()),
        nil if is_nil(nil) => Ok(Vec::new()),
        other => type_error("a sequence", other),
    }
}

fn to_list(arguments: &[SteelVal]) -> Outcome {
    let [value] = exactly("a sequence's function", arguments)?;
    match value {
        SteelVal::ListV(_) => Ok(value.clone()),
        other => items(other).map(list),
    }
}

/// `(%like-type sequence list)`: the elements as a sequence of the same type. A vector made here
/// cannot be changed; only the engine makes those that can.
fn like(arguments: &[SteelVal]) -> Outcome {
    let [model, elements] = exactly("a sequence's function", arguments)?;
    remade(model, items(elements)?)
}

fn remade(model: &SteelVal, elements: Vec<SteelVal>) -> Outcome {
    match model {
        SteelVal::StringV(_) => as_string(&elements),
        SteelVal::VectorV(_) | SteelVal::MutableVector(_) => {
            Ok(SteelVal::VectorV(elements.into_iter().collect()))
        }
        _ => Ok(list(elements)),
    }
}

fn as_string(elements: &[SteelVal]) -> Outcome {
    let letter = |element: &SteelVal| match element {
        SteelVal::CharV(letter) => Ok(*letter),
        other => type_error("a character", other),
    };
    let text: Result<String, SteelErr> = elements.iter().map(letter).collect();
    text.map(string)
}

/// `(%as type list)`: the elements as a sequence of the type named.
fn as_type(arguments: &[SteelVal]) -> Outcome {
    let [kind, elements] = exactly("a sequence's type", arguments)?;
    let name = super::types::name(kind)?;
    let elements = items(elements)?;
    match &*name {
        "LIST" | "NULL" | "CONS" => Ok(list(elements)),
        "STRING" | "SIMPLE-STRING" => as_string(&elements),
        "VECTOR" | "SIMPLE-VECTOR" | "ARRAY" => {
            Ok(SteelVal::VectorV(elements.into_iter().collect()))
        }
        _ => type_error("a type of sequences", kind),
    }
}

fn length(arguments: &[SteelVal]) -> Outcome {
    let [value] = exactly("length", arguments)?;
    let length = match value {
        SteelVal::ListV(list) => list.len(),
        other => items(other)?.len(),
    };
    Ok(SteelVal::IntV(length as isize))
}

fn subseq(arguments: &[SteelVal]) -> Outcome {
    let ([value, start], end) = at_least("subseq", arguments)?;
    let elements = items(value)?;
    let start = index(start)?;
    let end = match end.first() {
        Some(end) if !is_nil(end) => index(end)?,
        _ => elements.len(),
    };
    let Some(part) = elements.get(start..end) else {
        let length = elements.len();
        return error(
            "TYPE-ERROR",
            format!("{start} to {end} is no part of a sequence of {length}"),
        );
    };
    remade(value, part.to_vec())
}

fn elt(arguments: &[SteelVal]) -> Outcome {
    let [value, at] = exactly("elt", arguments)?;
    let at = index(at)?;
    let element = match value {
        SteelVal::VectorV(vector) => vector.get(at).cloned(),
        other => items(other)?.get(at).cloned(),
    };
    match element {
        Some(element) => Ok(element),
        None => error("TYPE-ERROR", format!("there is no element {at} in the sequence")),
    }
}

/// Where one sequence begins in another, or NIL.
fn search(arguments: &[SteelVal]) -> Outcome {
    let [wanted, all] = exactly("search", arguments)?;
    let (wanted, all) = (items(wanted)?, items(all)?);
    let here = |at: &usize| {
        let part = all.iter().skip(*at).take(wanted.len());
        part.clone().count() == wanted.len()
            && part.zip(&wanted).all(|(a, b)| super::equality::eql(a, b))
    };
    let found = (0..=all.len()).find(here);
    Ok(found.map_or_else(super::nil, |at| SteelVal::IntV(at as isize)))
}
