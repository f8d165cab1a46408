//! What the tests' CMUCL calls here. `functions.lisp` has the same functions at the other end.

use std::sync::{Arc, Mutex};

use wire::{
    CallError, Functions, ObjectError, Remote, Value, Wire, functions, remote_fn, remote_value,
};

/// What was noted, the oldest first.
#[derive(Default)]
pub(crate) struct Notes(Mutex<Vec<Value>>);

#[remote_fn]
pub(crate) fn add(a: i128, b: i128) -> i128 {
    a + b
}

#[remote_fn]
pub(crate) fn echo(value: Value) -> Value {
    value
}

#[remote_fn]
fn divide(a: i64, b: i64) -> Result<(i64, i64), &'static str> {
    if b == 0 { Err("nothing divides by 0") } else { Ok((a / b, a % b)) }
}

#[remote_fn]
fn length_of(text: &str) -> usize {
    text.chars().count()
}

#[remote_fn]
fn sum(list: Vec<i64>) -> i64 {
    list.iter().sum()
}

#[remote_fn]
fn note(notes: &Notes, thing: Value) {
    notes.0.lock().unwrap().push(thing);
}

#[remote_fn]
fn notes(notes: &Notes) -> Vec<Value> {
    std::mem::take(&mut notes.0.lock().unwrap())
}

#[remote_fn]
fn bail() -> Result<(), &'static str> {
    Err("as asked")
}

#[remote_fn]
fn make_thing(n: i64) -> Remote<i64> {
    Remote::new(Arc::new(n))
}

#[remote_fn]
fn thing_value(thing: Remote<i64>) -> Result<i64, ObjectError> {
    thing.value().map(|n| *n)
}

#[remote_fn]
fn forget_thing(thing: Remote<i64>) -> bool {
    thing.forget()
}

#[remote_fn]
fn same_thing(one: Remote, other: Remote) -> bool {
    one == other
}

/// Calls back its caller, which calls back, until `n` is 0.
#[remote_fn]
pub(crate) async fn ascend(wire: &Wire, n: i64) -> Result<i64, CallError> {
    if n == 0 {
        return Ok(0);
    }
    Ok(1 + remote_value!(wire, descend(n - 1) -> i64).value().await?)
}

/// All of it.
pub(crate) fn offer() -> Functions {
    let values = functions![add, echo, divide, length_of, sum, note, notes, bail, ascend];
    let objects = functions![make_thing, thing_value, forget_thing, same_thing];
    values.merge(objects).state(Arc::<Notes>::default())
}
