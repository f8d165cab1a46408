//! What the recorded forms call, as `record.lisp` has it for CMUCL.

use std::sync::Arc;

use wire::{Functions, RawError, RawInput, Remote, Value, functions, remote_fn};

#[remote_fn]
pub(crate) fn none() {}

#[remote_fn]
pub(crate) fn one(a: Value) -> Value {
    a
}

#[remote_fn]
pub(crate) fn two(a: Value, b: Value) -> (Value, Value) {
    (a, b)
}

#[remote_fn]
pub(crate) fn three(a: i64, b: i64, c: i64) -> (i64, i64, i64) {
    (a, b, c)
}

#[remote_fn]
pub(crate) fn four(a: i64, b: i64, c: i64, d: i64) -> (i64, i64, i64, i64) {
    (a, b, c, d)
}

#[remote_fn]
pub(crate) fn five(a: i64, b: i64, c: i64, d: i64, e: i64) -> (i64, i64, i64, i64, i64) {
    (a, b, c, d, e)
}

#[remote_fn]
pub(crate) fn six(
    a: i64,
    b: i64,
    c: i64,
    d: i64,
    e: i64,
    f: i64,
) -> (i64, i64, i64, i64, i64, i64) {
    (a, b, c, d, e, f)
}

type Seven = (i64, i64, i64, i64, i64, i64, Option<i64>);

#[remote_fn]
pub(crate) fn seven(a: i64, b: i64, c: i64, d: i64, e: i64, f: i64, g: Option<i64>) -> Seven {
    (a, b, c, d, e, f, g)
}

#[remote_fn]
pub(crate) fn bail() -> Result<(), &'static str> {
    Err("as asked")
}

#[remote_fn]
pub(crate) fn make_thing() -> Remote<i64> {
    Remote::new(Arc::new(42))
}

#[remote_fn(raw)]
async fn take(input: &mut RawInput<'_>) -> Result<Vec<Value>, RawError> {
    Ok(vec![
        input.byte().await?.into(),
        input.number().await?.into(),
        input.string().await?.into(),
        input.bignum().await?.into(),
        input.bignum().await?.into(),
        input.object().await?,
        input.object().await?,
    ])
}

#[remote_fn(package = "common-lisp")]
pub(crate) fn max(a: i64, b: i64, c: i64) -> i64 {
    a.max(b).max(c)
}

#[remote_fn(name = "common-lisp:1+")]
pub(crate) fn one_more(n: i64) -> i64 {
    n + 1
}

#[remote_fn(name = "elsewhere::|One|")]
pub(crate) fn lower_one(a: Value) -> Value {
    a
}

pub(crate) fn functions() -> Functions {
    let values = functions![none, one, two, three, four, five, six, seven];
    values.merge(functions![bail, make_thing, take, max, one_more, lower_one])
}
