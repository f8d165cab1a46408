//! The library under another name: there is no crate `wire` here.
#![deny(warnings)]

use ::renamed::{FromWire, ToWire, Wire, remote, remote_fn, remote_value, remote_value_bind};

#[derive(ToWire, FromWire)]
#[wire(crate = ::renamed)]
struct Job {
    id: i64,
    note: Option<Urgency>,
}

#[derive(ToWire, FromWire)]
#[wire(crate = ::renamed)]
enum Urgency {
    Low,
    High(i64),
}

#[remote_fn(crate = ::renamed)]
fn urgency(wire: &Wire, job: Job) -> i64 {
    assert!(wire.is_open());
    match job.note {
        Some(Urgency::High(by)) => job.id * by,
        Some(Urgency::Low) | None => 0,
    }
}

#[remote_fn(crate = ::renamed)]
fn divide(a: i64, b: i64) -> (i64, i64);

#[remote_fn(crate = ::renamed, as = divide)]
async fn division(a: i64, b: i64) -> Result<(i64, i64), &'static str> {
    if b == 0 {
        return Err("division by zero");
    }
    Ok((a / b, a % b))
}

#[tokio::test]
async fn everything_is_found_under_the_name_that_the_program_gave()
-> Result<(), Box<dyn std::error::Error>> {
    let api = ::renamed::functions![urgency, division];
    let (wire, _peer) = Wire::pair(::renamed::functions![], api)?;
    remote!(wire, urgency(Job { id: 1, note: Some(Urgency::Low) }))?;
    let job = Job { id: 6, note: Some(Urgency::High(7)) };
    assert_eq!(remote_value!(wire, <urgency>(job)).value().await?, 42);
    let shown = remote_value_bind!(wire, (q, r) = <divide>(17, 5), q * 10 + r)?;
    assert_eq!(shown, Some(32));
    Ok(())
}
