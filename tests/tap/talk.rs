//! Two wires talk through a tap.

use std::sync::Arc;

use tokio::time::timeout;
use wire::{
    Builder, CallError, Functions, Remote, RequestServer, Value, Wire, functions, remote,
    remote_fn, remote_value, remote_value_bind,
};

use crate::raw::PATIENCE;
use crate::tap::Tap;

#[remote_fn]
fn add(a: i64, b: i64) -> i64 {
    a + b
}

#[remote_fn]
fn echo(value: Value) -> Value {
    value
}

#[remote_fn]
fn note(_number: i64) {}

#[remote_fn]
fn divide(a: i64, b: i64) -> Result<(i64, i64), String> {
    let quotient = a.checked_div(b).ok_or_else(|| format!("{a} cannot be divided by {b}"))?;
    Ok((quotient, a % b))
}

#[remote_fn]
fn seven() -> (u8, u8, u8, u8, u8, u8, u8) {
    (1, 2, 3, 4, 5, 6, 7)
}

#[remote_fn]
async fn greet(wire: &Wire, name: String) -> Result<String, CallError> {
    let title = remote_value!(wire, title_of(&name) -> String).value().await?;
    Ok(format!("Good day, {title} {name}!"))
}

#[remote_fn]
fn title_of(name: String) -> String {
    if name == "Lovelace" { "Countess" } else { "Citizen" }.to_owned()
}

#[remote_fn]
async fn ascend(wire: &Wire, n: u64) -> Result<u64, CallError> {
    if n == 0 { Ok(0) } else { Ok(1 + remote_value!(wire, ascend(n - 1) -> u64).value().await?) }
}

#[remote_fn]
async fn wait_for_ever() {
    std::future::pending::<()>().await;
}

fn offered() -> Functions {
    functions![add, echo, note, divide, seven, greet, ascend, wait_for_ever]
}

/// A server with a tap before it.
async fn served(wires: Builder) -> Tap {
    let server = RequestServer::bind("127.0.0.1:0").await.unwrap();
    let address = server.local_addr().unwrap().to_string();
    tokio::spawn(server.wires(wires).functions(offered()).serve());
    Tap::before(&address, &[]).await
}

async fn connected(tap: &Tap, builder: Builder) -> Wire {
    builder.functions(functions![title_of, ascend]).connect(&*tap.address).await.unwrap()
}

/// What both dialects say alike, and are shown alike.
async fn talk(wire: &Wire) {
    assert_eq!(remote_value!(wire, add(1, 2) -> i64).value().await.unwrap(), 3);
    remote!(wire, note(1), note(2)).unwrap();
    let bound = remote_value_bind!(wire, (q: i64, r: i64) = divide(17, 5), (q, r)).unwrap();
    assert_eq!(bound, Some((3, 2)));
    let seven = remote_value_bind!(
        wire,
        (a: u8, b: u8, c: u8, d: u8, e: u8, f: u8, g: u8) = seven(),
        [a, b, c, d, e, f, g]
    );
    assert_eq!(seven.unwrap(), Some([1, 2, 3, 4, 5, 6, 7]));
    let greeting = remote_value!(wire, greet("Lovelace") -> String).value().await.unwrap();
    assert_eq!(greeting, "Good day, Countess Lovelace!");
    assert_eq!(remote_value!(wire, ascend(3) -> u64).value().await.unwrap(), 3);
    let data = Value::read("(1 (two) \"three\" :four)").unwrap();
    assert_eq!(remote_value!(wire, echo(&data) -> Value).value().await.unwrap(), data);
    let long = "z".repeat(300_000);
    assert_eq!(remote_value!(wire, echo(&long) -> String).value().await.unwrap(), long);
    assert_eq!(remote_value!(wire, add(@add(1, 2), 3) -> i64).value().await.unwrap(), 6);
    wire.sync().await.unwrap();
}

/// How that is shown; the octets of the long call and of its answer are those of the dialect.
fn talked([asked, answered]: [usize; 2]) -> Vec<String> {
    let long = "z".repeat(113);
    let short = &long[..53];
    let fixed = [
        "1 → #1 (ADD 1 2)",
        "1 ← #1 (ADD 1 2) => 3",
        "1 → (NOTE 1)  for effect",
        "1 → (NOTE 2)  for effect",
        "1 → #2 (DIVIDE 17 5)  wants 2 values",
        "1 ← #2 (DIVIDE 17 5) => 3, 2",
        "1 → #3 (SEVEN)  wants all values",
        "1 ← #3 (SEVEN) => 1, 2, 3, 4, 5, 6, 7",
        "1 → #4 (GREET \"Lovelace\")",
        "1 ← #5 (TITLE-OF \"Lovelace\")",
        "1 → #5 (TITLE-OF \"Lovelace\") => \"Countess\"",
        "1 ← #4 (GREET \"Lovelace\") => \"Good day, Countess Lovelace!\"",
        "1 → #6 (ASCEND 3)",
        "1 ← #7 (ASCEND 2)",
        "1 → #8 (ASCEND 1)",
        "1 ← #9 (ASCEND 0)",
        "1 → #9 (ASCEND 0) => 0",
        "1 ← #8 (ASCEND 1) => 1",
        "1 → #7 (ASCEND 2) => 2",
        "1 ← #6 (ASCEND 3) => 3",
        "1 → #10 (ECHO '(1 (TWO) \"three\" :FOUR))",
        "1 ← #10 (ECHO '(1 (TWO) \"three\" :FOUR)) => (1 (TWO) \"three\" :FOUR)",
    ];
    let more = [
        format!("1 → #11 (ECHO \"{long}… of {asked} octets"),
        format!("1 ← #11 (ECHO \"{short}… => \"{long}zzzzzz… of {answered} octets"),
        "1 → #12 (ADD (ADD 1 2) 3)".to_owned(),
        "1 ← #12 (ADD (ADD 1 2) 3) => 6".to_owned(),
        "1 → #13 0".to_owned(),
        "1 ← #13 0 => 0".to_owned(),
    ];
    fixed.into_iter().map(str::to_owned).chain(more).collect()
}

/// A number keeps a classic peer awake while an answer is due; it may come at any time.
const AWAKE: &str = "1 → 0  is no call";

#[tokio::test]
async fn the_classic_dialect_is_shown() {
    let tap = served(Wire::builder().classic()).await;
    let wire = connected(&tap, Wire::builder().classic()).await;
    talk(&wire).await;
    assert_eq!(remote_value!(wire, divide(1, 0) -> i64).await.unwrap(), (None, true));
    timeout(PATIENCE, wire.close()).await.unwrap();
    let mut shown = tap.shown(2).await;
    shown.retain(|line| line != AWAKE);
    assert_eq!(shown[1..29], talked([300_011, 300_024]), "{shown:#?}");
    assert_eq!(shown[29..31], ["1 → #14 (DIVIDE 1 0)", "1 ← #14 (DIVIDE 1 0) unwound"]);
    assert!(shown[31].starts_with("1 → ended, after "), "{shown:#?}");
    assert!(shown[32].starts_with("1 ← ended, after "), "{shown:#?}");
    assert_eq!(shown.len(), 33);
}

#[tokio::test]
async fn the_extended_dialect_is_shown() {
    let tap = served(Wire::builder()).await;
    let wire = connected(&tap, Wire::builder().extended()).await;
    talk(&wire).await;
    assert_eq!(remote_value!(wire, divide(1, 0) -> i64).await.unwrap(), (None, true));
    let floats = wire::Vector(vec![1.5, 2.5]);
    remote_value!(wire, echo(floats) -> Value).value().await.unwrap();
    timeout(PATIENCE, wire.close()).await.unwrap();
    let shown = tap.shown(2).await;
    // Both say it at once, whoever is heard first.
    for side in ['→', '←'] {
        let hello =
            format!("1 {side} hello: reads ops 15-29, objects of 67108864 octets and 128 levels");
        assert!(shown[1..3].iter().any(|line| line.starts_with(&hello)), "{shown:#?}");
    }
    assert_eq!(shown[3..31], talked([300_012, 300_008]), "{shown:#?}");
    let unwound = "SIMPLE-ERROR: 1 cannot be divided by 0";
    let expected = [
        "1 → #14 (DIVIDE 1 0)".to_owned(),
        format!("1 ← #14 (DIVIDE 1 0) unwound: {unwound}"),
        "1 → #15 (ECHO #(1.5d0 2.5d0))".to_owned(),
        "1 ← #15 (ECHO #(1.5d0 2.5d0)) => #(1.5d0 2.5d0)".to_owned(),
        "1 → goodbye: \"\"".to_owned(),
    ];
    assert_eq!(shown[31..36], expected, "{shown:#?}");
}

#[tokio::test]
async fn remote_objects_are_shown_as_the_printer_has_them() {
    let tap = served(Wire::builder()).await;
    let wire = connected(&tap, Wire::builder().extended()).await;
    let thing = Remote::new(Arc::new("a thing of ours"));
    let token = Value::from(thing.clone()).to_string();
    remote_value!(wire, echo(&thing) -> Value).value().await.unwrap();
    drop(thing);
    timeout(PATIENCE, wire.close()).await.unwrap();
    let shown = tap.shown(2).await;
    assert_eq!(shown[3], format!("1 → #1 (ECHO {token})"));
    assert_eq!(shown[4], format!("1 ← #1 (ECHO {token}) => {token}"));
}

#[tokio::test]
async fn each_connection_has_its_number_and_its_own_calls() {
    let tap = served(Wire::builder().classic()).await;
    let one = connected(&tap, Wire::builder().classic()).await;
    let two = connected(&tap, Wire::builder().classic()).await;
    for (wire, n) in [(&two, 1), (&one, 2), (&two, 3)] {
        assert_eq!(remote_value!(wire, add(n, 1) -> i64).value().await.unwrap(), n + 1);
    }
    timeout(PATIENCE, one.close()).await.unwrap();
    timeout(PATIENCE, two.close()).await.unwrap();
    let shown = tap.shown(4).await;
    let is_call = |line: &&String| line.contains("(ADD ");
    let shown: Vec<&String> = shown.iter().filter(is_call).collect();
    let expected = [
        "2 → #1 (ADD 1 1)",
        "2 ← #1 (ADD 1 1) => 2",
        "1 → #1 (ADD 2 1)",
        "1 ← #1 (ADD 2 1) => 3",
        "2 → #2 (ADD 3 1)",
        "2 ← #2 (ADD 3 1) => 4",
    ];
    assert_eq!(shown, expected);
}

#[tokio::test]
async fn calls_without_an_answer_are_named_at_the_end() {
    let tap = served(Wire::builder()).await;
    let wire = connected(&tap, Wire::builder().extended()).await;
    let waiting = remote_value!(wire, wait_for_ever() -> ());
    wire.sync().await.unwrap();
    wire.abort("it takes too long");
    assert!(waiting.value().await.is_err());
    let shown = tap.shown(2).await;
    let unanswered = "1 → #1 (WAIT-FOR-EVER): no answer was seen in ";
    assert!(shown.last().unwrap().starts_with(unanswered), "{shown:#?}");
}
