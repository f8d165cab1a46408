//! `with` behind a call: the untagged data that follows it.

use std::sync::Mutex;

use wire::{
    CallError, RawError, RawInput, RawOutput, functions, remote, remote_fn, remote_value,
    remote_value_bind,
};

use crate::{Log, Tested, pair_with, spawnable};

mod shared {
    /// So many strings follow.
    #[wire::remote_fn(raw, package = "text")]
    pub(crate) fn join(count: u8, between: &str) -> (String, u8);
}

#[remote_fn(raw, as = shared::join)]
async fn join(
    input: &mut RawInput<'_>,
    log: &Log,
    count: u8,
    between: &str,
) -> Result<(String, u8), RawError> {
    let mut words = Vec::new();
    for _ in 0..count {
        words.push(input.string().await?);
    }
    let joined = words.join(between);
    log.0.lock().unwrap().push(joined.clone());
    Ok((joined, count))
}

#[remote_fn]
fn length(text: String) -> usize {
    text.len()
}

fn words<'a>(words: &[&'a str]) -> RawOutput<'a> {
    let mut data = RawOutput::new();
    for word in words {
        data.string(*word);
    }
    data
}

#[tokio::test]
async fn data_follows_calls_in_every_macro_and_by_every_form_of_name() -> Tested {
    let (here, _there, log) = pair_with(functions![join, length])?;
    let data = words(&["a", "b"]);
    let joined: String = remote_value!(here, text::join(2, "-") with data).value().await?;
    assert_eq!(joined, "a-b");
    let joined = remote_value!(here, "text:join"(2, "+") with &data -> String, else String::new());
    assert_eq!(joined.await?, "a+b");
    let joined = remote_value!(here, <shared::join>(2, "") with words(&["c", "d"])).value().await?;
    assert_eq!(joined, "cd");
    let bound = remote_value_bind!(here, (text, count) = <join>(2, "/") with data, {
        format!("{count} {text}")
    } else |unwound| unwound.to_string())?;
    assert_eq!(bound, "2 a/b");
    remote_value_bind!(here, () = text::join(2, "") with data, ())?;
    let length = remote_value!(here, length("of no data") -> usize);
    assert_eq!(length.value().await?, 10);
    log.take();
    Ok(())
}

#[tokio::test]
async fn calls_with_and_without_data_stand_side_by_side() -> Tested {
    let (here, _there, log) = pair_with(functions![join])?;
    let mut data = RawOutput::new();
    remote!(
        here,
        note("first"),
        text::join(2, " ") with data.string("one").string("two"),
        <join>(1, "") with words(&["three"]),
        note("last"),
    )?;
    here.sync().await?;
    assert_eq!(log.take(), ["\"first\"", "one two", "three", "\"last\""]);
    Ok(())
}

#[tokio::test]
async fn data_is_evaluated_once_behind_the_arguments_of_its_call() -> Tested {
    let (here, _there, log) = pair_with(functions![join])?;
    let order = Mutex::new(Vec::new());
    let step = |what: &'static str| {
        order.lock().unwrap().push(what);
        what
    };
    let call = async {
        remote!(
            here,
            text::join({ step("count"); 1 }, step("between")) with words(&[step("data")]),
            note(step("note")),
        )?;
        Ok::<_, CallError>(remote_value!(here, text::join(0, "") with later().await -> String))
    };
    spawnable(call).await?.value().await?;
    assert_eq!(*order.lock().unwrap(), ["count", "between", "data", "note"]);
    assert_eq!(log.take(), ["data", "\"note\"", ""]);

    let fails =
        || -> Result<(), CallError> { remote!(here, note(1), text::join(1, "") with fail()?) };
    assert!(fails().is_err());
    here.sync().await?;
    assert!(log.take().is_empty(), "nothing is written before all is evaluated");
    Ok(())
}

async fn later() -> RawOutput<'static> {
    tokio::task::yield_now().await;
    RawOutput::new()
}

fn fail() -> Result<RawOutput<'static>, CallError> {
    Err(CallError::Unwound(wire::Unwound::new("TEST", "no data")))
}
