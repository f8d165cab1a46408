//! Remote objects, text and other values that never leave the peer.

use std::sync::{Arc, Mutex};

use wire::{
    ObjectError, Remote, Value, Wire, functions, list_remote_objects, remote_fn, remote_value,
};

use crate::in_both_dialects;
use crate::support::{everywhere, offers, until};

/// Something that can only be used where it is.
struct Counter(Mutex<i64>);

#[remote_fn]
fn counter(start: i64) -> Remote<Counter> {
    Remote::new(Arc::new(Counter(Mutex::new(start))))
}

#[remote_fn]
async fn counters(start: i64) -> Vec<Remote<Counter>> {
    tokio::task::yield_now().await;
    vec![counter(start), counter(start + 1)]
}

#[remote_fn(blocking)]
fn increment(counter: Remote<Counter>) -> Result<Remote<Counter>, ObjectError> {
    *counter.value()?.0.lock().unwrap() += 1;
    Ok(counter)
}

#[remote_fn]
fn total(counters: Vec<Remote<Counter>>, more: Remote<Counter>) -> Result<i64, ObjectError> {
    let all = counters.iter().chain([&more]).map(|counter| counter.value());
    all.map(|counter| counter.map(|counter| *counter.0.lock().unwrap())).sum()
}

fn living() -> usize {
    list_remote_objects().iter().filter(|object| object.type_name.ends_with("Counter")).count()
}

#[tokio::test]
async fn an_object_passes_from_call_to_call_and_is_nobodys_when_they_have_ended() {
    let api = functions![counter, counters, increment, total];
    in_both_dialects(api, async |here, _run| {
        let before = here.stats();
        let sum = remote_value!(here, total(
            @counters(10),
            @increment(@increment(@counter(1))),
        ) -> i64);
        assert_eq!(sum.value().await.unwrap(), 10 + 11 + 3);
        // The peer was given none, so that none is left, neither there nor here.
        assert_eq!(here.stats().objects_imported, before.objects_imported);
        // A blocking function drops its own after the value has been handed on.
        until(|| living() == 0).await;
        // As the value of the whole it is given.
        let kept = remote_value!(here, increment(@counter(1)) -> Remote<Counter>);
        let kept = kept.value().await.unwrap();
        until(|| living() == 1).await;
        let sum = remote_value!(here, total(@counters(0), kept) -> i64).value().await.unwrap();
        assert_eq!(sum, 1 + 2);
        kept.forget();
    })
    .await;
}

#[remote_fn]
fn echo(value: Value) -> Value {
    value
}

#[remote_fn]
fn name() -> String {
    "Łukasz Gödel".to_owned()
}

#[remote_fn]
fn initials(name: &str, end: String) -> Result<String, String> {
    let initials: String = name.split(' ').filter_map(|word| word.chars().next()).collect();
    if end == "é" { Ok(format!("{}{end}", initials.replace('Ł', "L"))) } else { Err(end) }
}

#[remote_fn]
fn half(number: i64) -> f64 {
    number as f64 / 2.0
}

#[remote_fn]
fn round(number: f64) -> i64 {
    number.round() as i64
}

#[tokio::test]
async fn values_pass_that_the_dialect_of_the_wire_could_not_carry() {
    let api = functions![echo, name, initials, half, round];
    in_both_dialects(api.clone(), async |here, _run| {
        assert_eq!(remote_value!(here, round(@half(7)) -> i64).value().await.unwrap(), 4);
        let text = remote_value!(here, initials(@name(), "é") -> String).value().await.unwrap();
        assert_eq!(text, "LGé");
    })
    .await;
    // The peer's own text is Latin-1, and that of the function within is not.
    let latin1 = |functions| offers(functions).classic().latin1();
    everywhere(latin1(functions![]), latin1(api), async |here: Wire, _there| {
        let text = remote_value!(here, initials(@name(), "é") -> String).value().await.unwrap();
        assert_eq!(text, "LGé");
        let symbol = Value::read("chat::|Grüße|").unwrap();
        let list = Value::list([symbol.clone(), "für".into(), 1.into()]);
        for _ in 0..2 {
            // The second time, the symbol is looked up.
            let back =
                remote_value!(here, echo(@echo([symbol.clone(), "für".into(), 1.into()])) -> Value);
            assert_eq!(back.value().await.unwrap(), list);
        }
    })
    .await;
}
