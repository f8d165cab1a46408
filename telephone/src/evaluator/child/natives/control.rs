//! Truth, depth, several values, unset names, and errors.

use std::thread;
use std::time::{Duration, Instant};

use steel::SteelVal;

use super::{Native, Outcome, at_least, exactly, index, is_nil, lists, nil, text};
use crate::evaluator::child::condition::{Condition, error, type_error};
use crate::evaluator::child::{context, convert};

pub(super) const NATIVES: &[(&str, Native)] = &[
    ("%true?", is_true),
    ("%in", enter),
    ("%out", leave),
    ("%depth", depth),
    ("%set-depth", set_depth),
    ("%values", values),
    ("%one-value", one_value),
    ("%values-of", values_of),
    ("%operator", operator),
    ("%callee", |arguments| Ok(exactly::<1>("a call", arguments)?[0].clone())),
    ("%unbound-variable", unbound_variable),
    ("%no-function", no_function),
    ("%find-key", find_key),
    ("%known", known),
    ("%no-more", no_more),
    ("%condition", condition),
    ("%condition-is?", condition_is),
    ("%raise", raise),
    ("%signal-value", signal_value),
    ("%sleep", sleep),
];

/// `(%known names options)`: the options, if each has one of these names. What is not covered would
/// change the value, so it is an error and not passed over.
fn known(arguments: &[SteelVal]) -> Outcome {
    let [names, options] = exactly("the options of a function", arguments)?;
    let (names, given) = (lists::proper(names)?, lists::proper(options)?);
    for pair in given.chunks(2) {
        if !names.contains(&pair[0]) {
            return error(
                "PROGRAM-ERROR",
                format!(
                    "{} is no option that is covered here; these are: {}",
                    convert::shown(&pair[0]),
                    names.iter().map(convert::shown).collect::<Vec<_>>().join(" ")
                ),
            );
        }
        if pair.len() == 1 {
            let name = convert::shown(&pair[0]);
            return error("PROGRAM-ERROR", format!("the option {name} has no value"));
        }
    }
    Ok(options.clone())
}

fn is_true(arguments: &[SteelVal]) -> Outcome {
    let [value] = exactly("a test", arguments)?;
    Ok(SteelVal::BoolV(!is_nil(value)))
}

fn enter(_: &[SteelVal]) -> Outcome {
    let limit = context::depth_limit();
    let depth = context::depth() + 1;
    if depth > limit {
        return error("STACK-EXHAUSTED", format!("calls nest deeper than {limit}"));
    }
    context::set_depth(depth);
    Ok(SteelVal::Void)
}

fn leave(arguments: &[SteelVal]) -> Outcome {
    let [value] = exactly("a call", arguments)?;
    context::set_depth(context::depth().saturating_sub(1));
    Ok(value.clone())
}

fn depth(_: &[SteelVal]) -> Outcome {
    Ok(SteelVal::IntV(context::depth() as isize))
}

fn set_depth(arguments: &[SteelVal]) -> Outcome {
    let [depth] = exactly("a block", arguments)?;
    context::set_depth(u32::try_from(index(depth)?).unwrap_or(u32::MAX));
    Ok(SteelVal::Void)
}

/// The first value, with all of them kept aside for who wants several.
fn values(arguments: &[SteelVal]) -> Outcome {
    context::set_values(Some(arguments.to_vec()));
    Ok(arguments.first().cloned().unwrap_or_else(nil))
}

/// Forgets what was kept aside before.
fn one_value(_: &[SteelVal]) -> Outcome {
    context::set_values(None);
    Ok(SteelVal::Void)
}

/// The list of a form's values: those kept aside, if the form's value is the first of them.
fn values_of(arguments: &[SteelVal]) -> Outcome {
    let [value] = exactly("multiple-value-list", arguments)?;
    let kept = context::take_values().filter(|values| match values.first() {
        Some(first) => first == value,
        None => is_nil(value),
    });
    Ok(convert::list(kept.unwrap_or_else(|| vec![value.clone()])))
}

/// What a variable holds if it can be called, else the function of the same name.
fn operator(arguments: &[SteelVal]) -> Outcome {
    let [variable, function] = exactly("a call", arguments)?;
    Ok(if variable.is_function() { variable } else { function }.clone())
}

fn unbound_variable(arguments: &[SteelVal]) -> Outcome {
    let [symbol] = exactly("a variable", arguments)?;
    error("UNBOUND-VARIABLE", format!("the variable {} has no value", convert::shown(symbol)))
}

fn no_function(arguments: &[SteelVal]) -> Outcome {
    let [symbol] = exactly("a call", arguments)?;
    error("UNDEFINED-FUNCTION", format!("there is no function {}", convert::shown(symbol)))
}

/// The list that begins behind a key, so that a key given as NIL is found too; or NIL.
fn find_key(arguments: &[SteelVal]) -> Outcome {
    let [list, key] = exactly("a key", arguments)?;
    let SteelVal::ListV(list) = list else {
        return Ok(nil());
    };
    let items: Vec<_> = list.iter().collect();
    let at = items.chunks(2).position(|pair| pair[0] == key);
    let found = at.and_then(|at| items.get(2 * at + 1));
    Ok(found.map_or_else(nil, |value| convert::list(vec![(*value).clone()])))
}

fn no_more(arguments: &[SteelVal]) -> Outcome {
    let [rest] = exactly("a call", arguments)?;
    if is_nil(rest) {
        return Ok(nil());
    }
    error("PROGRAM-ERROR", format!("too many arguments: {} is left over", convert::shown(rest)))
}

/// The condition that a handler is given for an error; what no handler takes goes on.
fn condition(arguments: &[SteelVal]) -> Outcome {
    let [value] = exactly("a handler", arguments)?;
    let condition = match Condition::in_value(value) {
        Some(condition) => condition,
        None => Condition::new("SIMPLE-ERROR", convert::shown(value)),
    };
    if condition.is_final() {
        return Err(condition.into_error());
    }
    condition.into_value()
}

fn condition_is(arguments: &[SteelVal]) -> Outcome {
    let [condition, classes] = exactly("a handler", arguments)?;
    let Some(condition) = Condition::in_value(condition) else {
        return type_error("a condition", condition);
    };
    let is = |class: &SteelVal| match class {
        SteelVal::SymbolV(name) => condition.is(convert::symbol(name).name()),
        SteelVal::BoolV(true) => true,
        _ => false,
    };
    let any = match classes {
        // `(or a b)`, and what Scheme would write without the `or`.
        SteelVal::ListV(classes) => classes.iter().any(is),
        class => is(class),
    };
    Ok(SteelVal::BoolV(any))
}

/// `(%raise name message)`.
fn raise(arguments: &[SteelVal]) -> Outcome {
    let [name, message] = exactly("error", arguments)?;
    let SteelVal::SymbolV(name) = name else {
        return type_error("the name of a condition", name);
    };
    error(convert::symbol(name).name(), text(message)?)
}

/// Raises a condition again, or something else as an error that says what it is.
fn signal_value(arguments: &[SteelVal]) -> Outcome {
    let ([value], _) = at_least("signal", arguments)?;
    match (Condition::in_value(value), value) {
        (Some(condition), _) => Err(condition.into_error()),
        (None, SteelVal::StringV(message)) => error("SIMPLE-ERROR", message.to_string()),
        (None, SteelVal::SymbolV(name)) => {
            let name = convert::symbol(name);
            error(name.name(), format!("Condition {name} was signalled."))
        }
        (None, other) => error("SIMPLE-ERROR", convert::shown(other)),
    }
}

/// Waits, and stops waiting when the command shall stop.
fn sleep(arguments: &[SteelVal]) -> Outcome {
    let [seconds] = exactly("sleep", arguments)?;
    let Some(wait) = super::numbers::float(seconds)
        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
    else {
        return type_error("a number of seconds", &arguments[0]);
    };
    let end = Instant::now().checked_add(wait);
    while end.is_none_or(|end| Instant::now() < end) {
        if context::get().is_some_and(|context| context.is_interrupted()) {
            return error(crate::evaluator::child::condition::INTERRUPTED, "it was interrupted");
        }
        let left = end.map_or(wait, |end| end.saturating_duration_since(Instant::now()));
        thread::park_timeout(left);
    }
    Ok(nil())
}
