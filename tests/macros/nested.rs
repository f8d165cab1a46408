//! `@` before a call among the arguments, which the peer makes.

use std::sync::Mutex;

use wire::{
    CallError, Functions, Wire, functions, remote, remote_fn, remote_value, remote_value_bind,
};

use crate::{Tested, pair_with, spawnable};

mod shared {
    use wire::remote_fn;

    #[remote_fn]
    pub(crate) fn join(words: &[String], between: &str, end: String) -> String;

    #[remote_fn(package = "text")]
    pub(crate) fn split(text: &str) -> (Vec<String>, i64);

    #[remote_fn]
    pub(crate) fn length(text: Option<String>) -> i64;
}

#[remote_fn(as = shared::join)]
fn join(words: &[String], between: &str, end: String) -> String {
    words.join(between) + &end
}

#[remote_fn(as = shared::split)]
fn split(text: &str) -> Result<(Vec<String>, i64), &'static str> {
    let words: Vec<_> = text.split_whitespace().map(String::from).collect();
    let count = i64::try_from(words.len()).unwrap_or(i64::MAX);
    if count > 0 { Ok((words, count)) } else { Err("there are no words") }
}

#[remote_fn(as = shared::length)]
fn length(text: Option<String>) -> i64 {
    text.map_or(-1, |text| i64::try_from(text.len()).unwrap_or(i64::MAX))
}

#[remote_fn]
fn add(a: i64, b: i64) -> i64 {
    a + b
}

#[remote_fn(name = "math::|Add 1|")]
async fn increment(n: i64) -> i64 {
    tokio::task::yield_now().await;
    n + 1
}

fn api() -> Functions {
    functions![join, split, length, add, increment]
}

#[tokio::test]
async fn calls_are_marked_by_every_form_of_name_and_in_every_macro() -> Tested {
    let (here, _there, log) = pair_with(api())?;
    let five = 5;
    let sum = remote_value!(here, add(@"math::|Add 1|"(1), @add(@<add>(1, 1), five)) -> i64);
    assert_eq!(sum.value().await?, 9);
    let sum = remote_value_bind!(here, (n: i64) = add(@length("four"), @keyword::add(1, 2)), n)?;
    assert_eq!(sum, Some(7));
    remote_value_bind!(here, () = note(@add(1, 2)), {})?;
    // Of several values the first is the argument.
    remote!(here, note(@text::split("a b",)), note_both(@add(@add(1, 1), 1), @length(()),))?;
    here.sync().await?;
    assert_eq!(log.take(), ["3", "(\"a\" \"b\")", "3 -1"]);
    Ok(())
}

#[tokio::test]
async fn types_meet_those_of_typed_calls_within() -> Tested {
    let (here, _there, _log) = pair_with(api())?;
    let (text, between) = (String::from("a b"), String::from("-"));
    // `&[String]` takes a `Vec<String>`, the first value of two; the others are taken as ever.
    let joined = remote_value!(here, <join>(@<shared::split>(&text), &between, "!"));
    assert_eq!(joined.value().await?, "a-b!");
    // An `Option<String>` and a `String` take a `String`, and so does a `&str`.
    let joined = remote_value!(here, <length>(@<join>(
        &[text.clone(), between],
        @<shared::join>(&[], "", text),
        @<join>(@<split>("x y"), ", ", "."),
    )));
    assert_eq!(joined.value().await?, 12);
    // By name nothing is compared, within and around.
    assert_eq!(remote_value!(here, <add>(@length("four"), 3)).value().await?, 7);
    assert_eq!(
        remote_value!(here, add(@<length>(Some("four".into())), 3) -> i64).value().await?,
        7
    );
    let error = remote_value!(here, <add>(1, @text::split("a"))).value().await.unwrap_err();
    assert!(error.to_string().contains("argument 2 (`b`) of ADD"), "{error}");
    let sum = remote_value_bind!(here, (sum) = <add>(@<increment>(1), @<increment>(2)), sum)?;
    assert_eq!(sum, Some(5));
    remote!(here, <add>(@<add>(1, 2), 3), <increment>(@<add>(4, 5)))?;
    Ok(())
}

#[remote_fn]
#[expect(clippy::too_many_arguments, reason = "more than a row, in which they are told apart")]
#[expect(clippy::many_single_char_names, reason = "only their number matters")]
#[rustfmt::skip]
fn many(
    a: &str, b: i64, c: i64, d: i64, e: i64, f: i64, g: i64, h: i64, i: i64, j: i64, k: i64,
    l: i64, m: i64, n: i64, o: i64, p: i64, q: String,
) -> String {
    let numbers = [b, c, d, e, f, g, h, i, j, k, l, m, n, o, p];
    format!("{a}{numbers:?}{q}")
}

#[tokio::test]
async fn each_argument_of_many_is_compared_with_its_own_parameter() -> Tested {
    let (here, _there, _log) = pair_with(api().merge(functions![many]))?;
    let text = remote_value!(here, <many>(
        @<join>(&[], "", "a"), 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, @<add>(14, 1), "q",
    ));
    assert_eq!(text.value().await?, "a[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]q");
    let text = remote_value!(here, <many>(
        "a", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, @<join>(&[], "", "q"),
    ));
    assert_eq!(text.value().await?, "a[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]q");
    Ok(())
}

#[tokio::test]
async fn the_values_in_all_of_them_are_evaluated_once_from_left_to_right_and_first() -> Tested {
    let (here, _there, log) = pair_with(api())?;
    let order = Mutex::new(Vec::new());
    let next = |n: i64| {
        order.lock().unwrap().push(n);
        n
    };
    let kept = String::from("kept");
    remote!(
        { next(0); &here },
        note_both(next(1), @add(next(2), @<add>(next(3), @add(next(4), next(5))))),
        note(@<length>(@<join>(@text::split(kept), { next(6); " " }, next(7).to_string()))),
        note(next(8)),
    )?;
    assert_eq!(*order.lock().unwrap(), [0, 1, 2, 3, 4, 5, 6, 7, 8]);
    assert_eq!(kept, "kept");
    here.sync().await?;
    assert_eq!(log.take(), ["1 14", "5", "8"]);
    Ok(())
}

#[tokio::test]
async fn a_question_mark_within_leaves_before_anything_is_buffered() -> Tested {
    fn call(wire: &Wire, number: Option<i64>) -> Option<Result<(), CallError>> {
        Some(remote!(wire, note(1), note(@add(1, @<add>(@add(1, 1), number?)))))
    }
    let (here, _there, log) = pair_with(api())?;
    assert!(call(&here, None).is_none());
    here.sync().await?;
    assert_eq!(log.take(), [""; 0]);
    call(&here, Some(4)).unwrap()?;
    here.sync().await?;
    assert_eq!(log.take(), ["1", "7"]);
    Ok(())
}

#[tokio::test]
async fn arguments_within_may_be_awaited_and_the_futures_can_be_spawned() -> Tested {
    async fn run(wire: &Wire) -> Result<i64, CallError> {
        let sum = remote_value!(wire, <add>(@add(async { 1 }.await, 2), async { 3 }.await));
        let sum = sum.value().await?;
        remote_value!(wire, add(@<add>(@<increment>(sum), async { 4 }.await), 5) -> i64)
            .value()
            .await
    }
    let (here, _there, _log) = pair_with(api())?;
    assert_eq!(spawnable(run(&here)).await?, 16);
    Ok(())
}

#[tokio::test]
async fn an_error_within_names_the_way_to_it() -> Tested {
    let peer = Wire::builder().functions(api());
    let (here, _there) = Wire::builder().classic().pair(peer)?;
    let error = remote!(here, note(1), add(1, @<add>(2, @length(1.5)))).unwrap_err();
    let way = "ADD was not called: argument 2: argument 2 of ADD: argument 1 of LENGTH: a double-";
    assert!(error.to_string().starts_with(way), "{error}");
    let error = remote_value!(here, add(@add(1, 2), @add(3, 4)) -> i64).value().await.unwrap_err();
    assert!(error.to_string().starts_with("ADD was not called: argument 2: a call stands here"));
    let sum = remote_value!(here.allow_leftover_calls(), add(@add(1, 2), @add(3, 4)) -> i64);
    assert_eq!(sum.value().await?, 10);
    Ok(())
}
