//! Typed calls: `<path>(..)` of what is declared or defined in Rust.

use wire::{CallError, Wire, functions, remote, remote_fn, remote_value, remote_value_bind};

use crate::{Tested, pair_with, spawnable};

/// What both ends share.
mod shared {
    use wire::remote_fn;

    #[remote_fn]
    pub(crate) fn divide(a: i64, b: i64) -> (i64, i64);

    #[remote_fn(name = "say-to", package = "CHAT")]
    pub(crate) fn say(text: &str, rooms: &[i64], name: String) -> String;

    pub(crate) mod deep {
        #[wire::remote_fn]
        pub(crate) fn nothing();
    }
}

#[remote_fn(as = shared::divide)]
fn divide(a: i64, b: i64) -> Result<(i64, i64), &'static str> {
    Ok((a.checked_div(b).ok_or("division by zero")?, a % b))
}

#[remote_fn(as = shared::say)]
async fn speak(text: &str, rooms: &[i64], name: String) -> Result<String, CallError> {
    tokio::task::yield_now().await;
    Ok(format!("{name} says {text} to {rooms:?}"))
}

#[remote_fn(as = shared::deep::nothing, blocking)]
fn sleep() {}

#[tokio::test]
async fn declared_functions_are_called_with_their_types() -> Tested {
    let (here, _there, _log) = pair_with(functions![divide, speak, sleep])?;
    assert_eq!(remote_value!(here, <shared::divide>(17, 5)).value().await?, 3);
    assert_eq!(remote_value!(here, <shared::divide>(17, 0)).await?, (None, true));
    assert_eq!(remote_value!(here, <shared::divide>(17, 0), else -1).await?, -1);
    assert_eq!(remote_value_bind!(here, (q, r) = <shared::divide>(17, 5), q * 10 + r)?, Some(32));
    let said = remote_value!(here, <shared::say>("hi", &[1, 2], "Al")).value().await?;
    assert_eq!(said, "Al says hi to [1, 2]");
    remote_value!(here, <shared::deep::nothing>()).value().await?;
    remote!(here, <shared::divide>(1, 2), <shared::deep::nothing>(), note(1))?;
    Ok(())
}

#[tokio::test]
async fn an_implementation_is_called_under_the_declared_name_too() -> Tested {
    let (here, _there, _log) = pair_with(functions![divide, speak])?;
    assert_eq!(remote_value!(here, <divide>(17, 5)).value().await?, 3);
    let (text, name) = (String::from("hi"), String::from("Bo"));
    let said = remote_value!(here, <speak>(&text, &[], name)).value().await?;
    assert_eq!(said, "Bo says hi to []");
    // The package of the declaration is the only one.
    let error = remote_value!(here, say_to("hi", [1], "x") -> String).value().await.unwrap_err();
    assert!(error.to_string().contains("package CHAT"), "{error}");
    let said = remote_value!(here, chat::say_to("hi", [1], "x") -> String).value().await?;
    assert_eq!(said, "x says hi to [1]");
    Ok(())
}

#[tokio::test]
async fn fewer_values_may_be_bound_than_are_declared_and_their_types_named() -> Tested {
    let (here, _there, _log) = pair_with(functions![divide])?;
    assert_eq!(remote_value_bind!(here, (q) = <shared::divide>(17, 5), q)?, Some(3));
    let q = remote_value_bind!(here, (mut q: i64, r: i64) = <shared::divide>(17, 5), {
        q += r;
        q
    })?;
    assert_eq!(q, Some(5));
    let told = remote_value_bind!(here, (_q: i64) = <shared::divide>(17, 0), unreachable!() else |u| {
        u.message().len()
    })?;
    assert_eq!(told, "division by zero".len());
    Ok(())
}

#[tokio::test]
async fn futures_of_typed_calls_can_be_spawned() -> Tested {
    async fn run(wire: &Wire) -> Result<i64, CallError> {
        let divisor = async { 5 };
        let q = remote_value!(wire, <divide>(17, divisor.await)).value().await?;
        let r = remote_value_bind!(wire, (_q, r) = <divide>(q, 2), r)?;
        Ok(r.unwrap_or_default())
    }
    let (here, _there, _log) = pair_with(functions![divide])?;
    assert_eq!(spawnable(run(&here)).await?, 1);
    Ok(())
}

#[test]
fn a_remote_function_is_a_function() {
    assert_eq!(divide(17, 5), Ok((3, 2)));
    assert_eq!(divide(17, 0), Err("division by zero"));
    sleep();
}
