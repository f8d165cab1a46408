//! Several values at once, and types of one's own on the wire.
//!
//! ```text
//! cargo run --release --example values
//! ```

use std::collections::BTreeMap;

use wire::{FromWire, ToWire, Value, Wire, functions, remote_fn, remote_value, remote_value_bind};

/// A tuple is several values, as in Lisp.
#[remote_fn]
fn divide(a: i64, b: i64) -> Result<(i64, i64), String> {
    let quotient = a.checked_div(b).ok_or_else(|| format!("{a} / {b}"))?;
    Ok((quotient, a % b))
}

/// `(:NAME "Ada" :BORN 1815)`; an `Option` that is `None` is left out.
#[derive(Debug, FromWire, ToWire)]
struct Person {
    name: String,
    born: i64,
    died: Option<i64>,
}

/// `:STOP`, or `(:GO-TO 1 2)`.
#[derive(Debug, FromWire, ToWire)]
enum Move {
    Stop,
    GoTo(i64, i64),
}

/// Returns what it is given, whatever that is.
#[remote_fn]
fn echo(value: Value) -> Value {
    println!("on the wire: {value}");
    value
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (wire, _peer) = Wire::pair(functions![], functions![divide, echo])?;

    remote_value_bind!(wire, (quotient: i64, rest: i64) = divide(17, 5), {
        println!("17 / 5 is {quotient}, rest {rest}");
    })?;
    // Values that are missing are nil, those that are too many are dropped.
    remote_value_bind!(wire, (q: i64, r: i64, more: Option<i64>) = divide(17, 5), {
        println!("{q}, {r} and {more:?}");
    })?;
    // If the function unwinds, the body is skipped; what comes after `else` is evaluated instead.
    let told = remote_value_bind!(wire, (quotient: i64) = divide(1, 0), {
        quotient.to_string()
    } else |unwound| unwound.to_string())?;
    println!("{told}");

    let ada = Person { name: "Ada".to_owned(), born: 1815, died: None };
    let ada = remote_value!(wire, echo(ada) -> Person).value().await?;
    println!("{ada:?}");
    for step in [Move::GoTo(1, 2), Move::Stop] {
        println!("{:?}", remote_value!(wire, echo(step) -> Move).value().await?);
    }
    let ages = BTreeMap::from([("ann", 30), ("bob", 40)]);
    println!("{:?}", remote_value!(wire, echo(ages) -> BTreeMap<String, u8>).value().await?);
    let large: Value = "(1 (2.5 \"three\" :four) 5 . 123456789012345678901234567890)".parse()?;
    println!("{}", remote_value!(wire, echo(large) -> Value).value().await?);
    Ok(())
}
