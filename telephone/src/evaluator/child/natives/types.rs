//! Types and their names.

use steel::{SteelErr, SteelVal};

use super::{Native, Outcome, exactly, is_nil};
use crate::evaluator::child::condition::{Condition, type_error};
use crate::evaluator::child::convert;

pub(super) const NATIVES: &[(&str, Native)] = &[
    ("%type-of", type_of),
    ("%typep", typep),
    ("%symbolp", |arguments| is(arguments, "SYMBOL")),
    ("%keywordp", |arguments| is(arguments, "KEYWORD")),
    ("%stringp", |arguments| is(arguments, "STRING")),
    ("%characterp", |arguments| is(arguments, "CHARACTER")),
    ("%vectorp", |arguments| is(arguments, "VECTOR")),
    ("%functionp", |arguments| is(arguments, "FUNCTION")),
    ("%booleanp", |arguments| is(arguments, "BOOLEAN")),
];

/// The name of a type as a symbol has it; `T` is a type too.
pub(super) fn name(value: &SteelVal) -> Result<String, SteelErr> {
    match value {
        SteelVal::SymbolV(name) => Ok(convert::symbol(name).name().to_owned()),
        SteelVal::BoolV(true) => Ok("T".to_owned()),
        nil if is_nil(nil) => Ok("NIL".to_owned()),
        other => type_error("the name of a type", other),
    }
}

fn type_of(arguments: &[SteelVal]) -> Outcome {
    let [value] = exactly("type-of", arguments)?;
    Ok(SteelVal::SymbolV(class(value).into()))
}

fn class(value: &SteelVal) -> String {
    let class = match value {
        nil if is_nil(nil) => "NULL",
        SteelVal::BoolV(_) => "BOOLEAN",
        SteelVal::IntV(_) | SteelVal::BigNum(_) => "INTEGER",
        SteelVal::Rational(_) | SteelVal::BigRational(_) => "RATIO",
        SteelVal::NumV(_) => "DOUBLE-FLOAT",
        SteelVal::Complex(_) => "COMPLEX",
        SteelVal::CharV(_) => "CHARACTER",
        SteelVal::StringV(_) => "STRING",
        SteelVal::SymbolV(name) if name.starts_with(':') => "KEYWORD",
        SteelVal::SymbolV(_) => "SYMBOL",
        SteelVal::ListV(_) | SteelVal::Pair(_) => "CONS",
        SteelVal::VectorV(_) | SteelVal::MutableVector(_) => "VECTOR",
        SteelVal::HashMapV(_) | SteelVal::CustomStruct(_) => "HASH-TABLE",
        other if other.is_function() => "FUNCTION",
        other => return Condition::in_value(other).map_or_else(|| "OBJECT".to_owned(), |c| c.name),
    };
    class.to_owned()
}

fn is(arguments: &[SteelVal], wanted: &str) -> Outcome {
    let [value] = exactly("a predicate", arguments)?;
    Ok(SteelVal::BoolV(of_type(value, wanted)))
}

fn typep(arguments: &[SteelVal]) -> Outcome {
    let [value, kinds] = exactly("typep", arguments)?;
    let found = match kinds {
        // `(or integer string)`.
        SteelVal::ListV(kinds) if !kinds.is_empty() => {
            let names = kinds.iter().map(name).collect::<Result<Vec<_>, _>>()?;
            names.iter().skip(1).any(|name| of_type(value, name))
        }
        kind => of_type(value, &name(kind)?),
    };
    Ok(SteelVal::BoolV(found))
}

fn of_type(value: &SteelVal, wanted: &str) -> bool {
    let class = class(value);
    let nil = is_nil(value);
    match wanted {
        "T" => true,
        "ATOM" => class != "CONS",
        "LIST" => nil || class == "CONS",
        "SEQUENCE" => nil || matches!(&*class, "CONS" | "STRING" | "VECTOR"),
        "BOOLEAN" => nil || class == "BOOLEAN",
        "SYMBOL" => nil || matches!(&*class, "BOOLEAN" | "KEYWORD" | "SYMBOL"),
        "NUMBER" => super::numbers::is_number(value),
        "REAL" => super::numbers::is_number(value) && class != "COMPLEX",
        "RATIONAL" => matches!(&*class, "INTEGER" | "RATIO"),
        "FLOAT" | "SINGLE-FLOAT" => class == "DOUBLE-FLOAT",
        "FIXNUM" => matches!(value, SteelVal::IntV(_)),
        "ARRAY" | "SIMPLE-VECTOR" | "VECTOR" => class == "VECTOR",
        "SIMPLE-STRING" => class == "STRING",
        wanted if wanted == class => true,
        wanted => Condition::in_value(value).is_some_and(|condition| condition.is(wanted)),
    }
}
