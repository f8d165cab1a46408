//! `#[remote_fn]` and `functions!`: names and packages, contexts, kinds, errors, descriptions.

use std::error::Error;
use std::fmt;
use std::sync::{Arc, Mutex};

use wire::{
    CallError, FromWire, Functions, ToWire, Value, Wire, functions, remote, remote_fn, remote_value,
};

use crate::{Tested, pair_with};

mod api {
    /// Adds.
    ///
    /// Two numbers.
    #[wire::remote_fn]
    pub(crate) fn add(a: i64, r#type: i64) -> i64 {
        a + r#type
    }

    pub(crate) mod math {
        #[wire::remote_fn(name = "1+")]
        pub(crate) fn next(n: i64) -> i64 {
            n + 1
        }

        #[wire::remote_fn(name = "math:|Half|")]
        pub(crate) fn half(n: i64) -> i64 {
            n / 2
        }

        #[wire::remote_fn(package = "other")]
        pub(crate) fn add(a: i64, b: i64) -> i64 {
            a + b + 1000
        }
    }
}

#[remote_fn]
fn r#match(r#in: &str) -> bool {
    r#in == "in"
}

#[cfg(any())]
#[remote_fn]
fn not_there(ours: NoSuchType) -> i64 {
    no_such_function(ours)
}

#[remote_fn]
#[cfg(any())]
fn not_there_either(ours: NoSuchType) -> i64 {
    no_such_function(ours)
}

#[remote_fn]
#[cfg(not(any()))]
#[must_use]
#[inline]
/// Is there.
fn there(_unused: i64, mut list: Vec<i64>) -> Vec<i64> {
    list.reverse();
    list
}

#[tokio::test]
async fn names_and_packages_decide_who_answers() -> Tested {
    let group = functions![api::{add, math::{next, half, add}}, r#match, there];
    let (here, _there, _log) = pair_with(group)?;
    assert_eq!(remote_value!(here, add(1, 2) -> i64).value().await?, 3);
    assert_eq!(remote_value!(here, anywhere::add(1, 2) -> i64).value().await?, 3);
    assert_eq!(remote_value!(here, other::add(1, 2) -> i64).value().await?, 1003);
    assert_eq!(remote_value!(here, "1+"(3) -> i64).value().await?, 4);
    assert_eq!(remote_value!(here, "MATH::|Half|"(8) -> i64).value().await?, 4);
    assert_eq!(remote_value!(here, "|Half|"(8) -> i64).await?, (None, true));
    assert_eq!(remote_value!(here, <api::math::half>(8)).value().await?, 4);
    assert!(remote_value!(here, r#match("in") -> bool).value().await?);
    assert_eq!(remote_value!(here, there(0, [1, 2]) -> Vec<i64>).value().await?, [2, 1]);
    Ok(())
}

#[remote_fn]
async fn length(text: &str) -> usize {
    tokio::task::yield_now().await;
    text.len()
}

#[tokio::test]
async fn an_argument_that_does_not_fit_is_told_with_its_place_and_both_types() -> Tested {
    let (here, _there, _log) = pair_with(functions![r#match, length, there])?;
    for (name, expected) in [
        ("match", "argument 1 (`in`) of MATCH: expected String, found the integer 7"),
        ("length", "argument 1 (`text`) of LENGTH: expected String, found the integer 7"),
        ("there", "THERE takes 2 arguments (unused: i64, list: Vec<i64>), and got 1"),
    ] {
        let call = here.call::<Value>(&wire::Symbol::read(name)?, &[&7]);
        let error = call.value().await.unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
        assert_eq!(error.ran(), wire::Ran::No);
    }
    assert_eq!(remote_value!(here, length("größe") -> usize).value().await?, 7);
    Ok(())
}

#[tokio::test]
async fn groups_are_merged_and_a_group_has_a_package() -> Tested {
    let group: Functions =
        functions![there].merge(functions![api::add, api::math::half].package("CHAT"));
    let (here, _there, _log) = pair_with(group)?;
    assert_eq!(remote_value!(here, chat::add(1, 2) -> i64).value().await?, 3);
    assert_eq!(remote_value!(here, add(1, 2) -> i64).await?, (None, true));
    // It had a package of its own.
    assert_eq!(remote_value!(here, "math:|Half|"(2) -> i64).value().await?, 1);

    let twice = functions![api::add].merge(functions![api::add]);
    let error = Wire::pair(functions![], twice).unwrap_err().to_string();
    assert_eq!(error.matches("functions.rs").count(), 2, "{error}");
    Ok(())
}

#[test]
fn functions_are_described_as_they_are_written() {
    let infos = functions![api::add, greet, divide_slowly,].infos();
    let [add, greet, divide] = &infos[..] else { panic!("{infos:?}") };
    assert_eq!((&*add.name, &add.package), ("ADD", &None));
    assert_eq!(add.docs, "Adds.\n\nTwo numbers.");
    assert_eq!((&*add.parameters[1].name, &*add.parameters[1].ty), ("type", "i64"));
    assert_eq!((&*add.returns, &*add.kind), ("i64", "plain"));
    assert_eq!(greet.parameters.len(), 1);
    assert_eq!((&*greet.returns, &*greet.kind), ("Result<String, CallError>", "async"));
    assert_eq!(divide.kind, "blocking");
    assert!(functions![].is_empty());
}

/// A state, and one per wire.
struct Room(&'static str);
struct Name(Mutex<String>);

#[remote_fn]
fn call_me(mine: &Name, name: String) {
    *mine.0.lock().unwrap() = name;
}

#[remote_fn]
async fn greet(room: &Room, wire: &Wire, mine: &Name, how: String) -> Result<String, CallError> {
    let title = remote_value!(wire, title_of(&how) -> String).value().await?;
    let name = mine.0.lock().unwrap().clone();
    Ok(format!("{title} {name} in {}", room.0))
}

#[remote_fn(blocking)]
fn greet_slowly(wire: &Wire, room: &Room) -> Result<String, CallError> {
    let title = remote_value!(wire, title_of("slow") -> String).value().wait()?;
    Ok(format!("{title} in {}", room.0))
}

#[remote_fn]
fn tell(wire: &Wire, what: Value) -> Result<(), CallError> {
    remote!(wire, note(what))
}

#[remote_fn]
fn title_of(how: &str) -> String {
    format!("{how} Dr")
}

#[tokio::test(flavor = "multi_thread")]
async fn leading_references_come_from_this_side() -> Tested {
    let api = functions![call_me, greet, greet_slowly].state(Arc::new(Room("hall")));
    let there = Wire::builder().functions(api).insert(Name(Mutex::default()));
    let (here, _there) = Wire::builder().functions(functions![title_of]).pair(there)?;
    remote!(here, call_me("Al"))?;
    let greeting = remote_value!(here, greet("dear") -> String).value().await?;
    assert_eq!(greeting, "dear Dr Al in hall");
    let greeting = remote_value!(here, greet_slowly() -> String).value().await?;
    assert_eq!(greeting, "slow Dr in hall");
    Ok(())
}

#[tokio::test]
async fn the_wire_of_a_call_calls_back() -> Tested {
    let log = Arc::new(crate::Log::default());
    let api = functions![crate::note].state(log.clone());
    let (here, _there) = Wire::pair(api, functions![tell])?;
    remote_value!(here, tell("x") -> ()).value().await?;
    here.sync().await?;
    assert_eq!(log.take(), ["\"x\""]);
    Ok(())
}

#[test]
fn a_state_that_nobody_gave_is_told_before_anything_is_sent() {
    let error = Wire::pair(functions![], functions![greet_slowly]).unwrap_err().to_string();
    assert!(error.contains("GREET-SLOWLY") && error.contains("`&Room`"), "{error}");
}

#[derive(Clone, Debug, FromWire, PartialEq, ToWire)]
enum DivideError {
    ByZero { dividend: i64 },
}

impl fmt::Display for DivideError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("division by zero")
    }
}

impl Error for DivideError {}

fn quotient(dividend: i64, b: i64) -> Result<i64, DivideError> {
    dividend.checked_div(b).ok_or(DivideError::ByZero { dividend })
}

#[remote_fn(unwinds = DivideError)]
fn divide(a: i64, b: i64) -> Result<i64, DivideError> {
    quotient(a, b)
}

#[remote_fn(unwinds = DivideError)]
async fn divide_later(a: i64, b: i64) -> Result<i64, DivideError> {
    tokio::task::yield_now().await;
    quotient(a, b)
}

#[remote_fn(blocking, unwinds = DivideError)]
fn divide_slowly(a: i64, b: i64) -> Result<i64, DivideError> {
    quotient(a, b)
}

#[remote_fn]
fn divide_plainly(a: i64, b: i64) -> Result<i64, Box<dyn Error + Send + Sync>> {
    Ok(quotient(a, b)?)
}

#[tokio::test]
async fn an_error_goes_along_as_a_value_where_it_says_so() -> Tested {
    let group = functions![divide, divide_later, divide_slowly, divide_plainly];
    let (here, _there, _log) = pair_with(group)?;
    for name in ["divide", "divide-later", "divide-slowly", "divide-plainly"] {
        let name = wire::Symbol::read(name)?;
        assert_eq!(here.call::<i64>(&name, &[&17, &5]).value().await?, 3);
        let error = here.call::<i64>(&name, &[&17, &0]).value().await.unwrap_err();
        let CallError::Unwound(unwound) = error else { panic!("{error}") };
        assert_eq!(unwound.message(), "division by zero");
        let value = unwound.value().map(ToString::to_string);
        if name.name() == "DIVIDE-PLAINLY" {
            assert_eq!(value, None);
        } else {
            assert!(unwound.is("DIVIDE-ERROR"), "{unwound:?}");
            assert_eq!(value.as_deref(), Some("(:BY-ZERO :DIVIDEND 17)"));
        }
    }
    Ok(())
}
