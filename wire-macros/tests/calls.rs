//! What the call macros mean, on a wire that records.
#![deny(
    warnings,
    clippy::all,
    clippy::pedantic,
    clippy::allow_attributes,
    trivial_casts,
    unused_qualifications,
    missing_docs,
    unreachable_pub,
    missing_debug_implementations
)]
#![deny(non_camel_case_types, rust_2018_idioms, single_use_lifetimes)]

mod support;

use support::block_on;
use support::wire::__private::{CallError, Datum, Wire};
use wire_macros::remote_fn;

#[test]
fn arguments_are_evaluated_once_from_left_to_right_and_stay_the_users() {
    let wire = Wire::default();
    let mut order = Vec::new();
    let mut next = |n: i64| {
        order.push(n);
        n
    };
    let text = String::from("kept");
    remote!(
        { &wire },
        write_string(next(1), text, next(2)),
        common_lisp::f(),
        "hemlock::|Beep|"(next(3),),
    )
    .unwrap();
    assert_eq!(order, [1, 2, 3]);
    assert_eq!(text, "kept");
    assert_eq!(
        wire.log(),
        [
            "(COMMON-LISP-USER::WRITE-STRING Int(1) Str(\"kept\") Int(2)) (COMMON-LISP::F) (HEMLOCK::Beep Int(3))"
        ]
    );
}

#[test]
fn a_question_mark_and_a_return_leave_before_anything_is_sent() {
    fn call(wire: &Wire, fail: Result<i64, CallError>, stop: bool) -> Result<i64, CallError> {
        remote!(wire, f(fail?, if stop { return Ok(1) } else { 2_i64 }))?;
        Ok(0)
    }
    let wire = Wire::default();
    assert_eq!(call(&wire, Err(CallError("early")), false), Err(CallError("early")));
    assert_eq!(call(&wire, Ok(5), true), Ok(1));
    assert!(wire.log().is_empty());
    assert_eq!(call(&wire, Ok(5), false), Ok(0));
    assert_eq!(wire.log().len(), 1);
}

#[test]
fn values_come_back() {
    let wire = Wire::default();
    wire.answer(&[Datum::Int(5)]);
    wire.answer(&[Datum::Int(6)]);
    wire.unwind();
    block_on(async {
        assert_eq!(
            remote_value!(wire, add(2_i64, async { 3_i64 }.await) -> i64).value().await,
            Ok(5)
        );
        let sum: i64 = remote_value!(&wire, add(2_i64, 4_i64)).value().await.unwrap();
        assert_eq!(sum, 6);
        let fallback = 7;
        assert_eq!(remote_value!(wire, add(1_i64) -> i64, else fallback,).await, Ok(7));
    });
}

#[test]
fn bodies_are_part_of_the_function_around() {
    async fn run(wire: &Wire) -> Result<i64, CallError> {
        let __pending = 10;
        for _ in 0..3 {
            let shown = remote_value_bind!(wire, (q: i64, mut r: i64) = divide(17_i64, 5_i64), {
                if q == 0 { continue }
                if q == 1 { break }
                if q == 2 { return Ok(r) }
                r += async { 1 }.await;
                (q + r + __pending).to_string()
            } else |_unwound| String::from("unwound"))?;
            assert_eq!(
                shown,
                if wire.answers.lock().unwrap().len() > 2 { "unwound" } else { "16" }
            );
        }
        Ok(-1)
    }
    let wire = Wire::default();
    wire.unwind();
    wire.answer(&[Datum::Int(3), Datum::Int(2)]);
    wire.answer(&[Datum::Int(2), Datum::Int(9)]);
    wire.answer(&[Datum::Int(1), Datum::Int(0)]);
    assert_eq!(block_on(run(&wire)), Ok(9));
    assert_eq!(block_on(run(&wire)), Ok(-1));
}

#[test]
fn without_else_an_unwinding_is_none_and_without_variables_nothing_waits() {
    let wire = Wire::default();
    wire.unwind();
    wire.answer(&[Datum::Str("x".into())]);
    block_on(async {
        assert_eq!(remote_value_bind!(wire, (a: i64) = f(), a), Ok(None));
        assert_eq!(
            remote_value_bind!(wire, (a) = f(), {
                let a: String = a;
                a
            }),
            Ok(Some("x".into()))
        );
    });
    assert_eq!(remote_value_bind!(wire, () = f(), 3), Ok(Some(3)));
}

mod api {
    use super::support;
    use wire_macros::remote_fn;

    /// Divides.
    ///
    /// Twice.
    #[remote_fn(crate = support::wire)]
    pub(crate) fn divide(a: i64, b: i64) -> Result<(i64, i64), String> {
        if b == 0 { Err(String::from("zero")) } else { Ok((a / b, a % b)) }
    }

    #[remote_fn(crate = support::wire, name = "1+", package = "math")]
    pub(crate) fn say(text: &str, to: &[i64], name: String) -> i64;

    pub(crate) mod deep {
        use super::support;
        struct Private;
        impl support::wire::__private::FromWire for Private {
            fn read(
                _: Option<support::wire::__private::Datum>,
            ) -> Result<Self, support::wire::__private::CallError> {
                Ok(Self)
            }
        }
        #[wire_macros::remote_fn(crate = support::wire, blocking, unwinds = String)]
        #[expect(
            private_interfaces,
            unreachable_pub,
            clippy::unnecessary_wraps,
            reason = "the point of it"
        )]
        pub fn nothing(_private: Private) -> Result<(), String> {
            Ok(())
        }
    }
}

/// State.
#[derive(Debug)]
pub struct Room(i64);

#[remote_fn(crate = support::wire)]
async fn greet(room: &Room, wire: &Wire, mut name: String, r#type: Vec<i64>) -> String {
    remote!(wire, note(room.0, r#type)).expect("recorded");
    async {}.await;
    name.push('!');
    name
}

#[remote_fn(crate = support::wire)]
fn unit(wire: &Wire) {
    drop(wire.clone());
}

#[remote_fn(crate = support::wire, as = api::say)]
fn implementation(text: &str, to: &[i64], name: String) -> Result<i64, String> {
    if text == name { Err(name) } else { Ok(to[0]) }
}

#[test]
fn typed_calls() {
    let wire = Wire::default();
    wire.answer(&[Datum::Int(5)]);
    wire.answer(&[Datum::Int(5), Datum::Int(6)]);
    wire.answer(&[Datum::Int(5), Datum::Int(6)]);
    block_on(async {
        assert_eq!(remote_value!(wire, <api::divide>(2, 3)).value().await, Ok(5));
        assert_eq!(remote_value_bind!(wire, (q, r) = <api::divide>(2, 3), q + r), Ok(Some(11)));
        assert_eq!(remote_value_bind!(wire, (q: i64) = <api::divide>(2, 3), q), Ok(Some(5)));
    });
    wire.log();
    let text = String::from("hi");
    remote!(wire, <api::say>(&text, &[1, 2], "x")).unwrap();
    remote!(wire, <implementation>(&text, &[1, 2], "x")).unwrap();
    let sent = "(MATH::1+ Str(\"hi\") List([Int(1), Int(2)]) Str(\"x\"))";
    assert_eq!(wire.log(), [sent, sent]);
}

#[test]
fn functions_are_described_and_run() {
    use support::wire::__private::{FunctionKind, Invocation, Work};
    let functions = functions![greet, api::{divide, deep::{nothing}}, unit, implementation];
    let [greet, divide, nothing, unit, implementation] = functions.0[..] else { panic!() };
    assert_eq!((divide.name, divide.package, divide.docs), ("DIVIDE", None, "Divides.\n\nTwice."));
    assert_eq!(divide.returns, "Result<(i64, i64), String>");
    assert_eq!((implementation.name, implementation.package), ("1+", Some("MATH")));
    assert_eq!(greet.parameters[1].name, "type");
    assert_eq!(greet.parameters[1].ty, "Vec<i64>");
    assert_eq!((greet.needs.len(), greet.needs[0].type_name), (1, "Room"));
    assert_eq!(
        (&greet.kind, &nothing.kind, &unit.kind),
        (&FunctionKind::Async, &FunctionKind::Blocking, &FunctionKind::Plain)
    );

    let wire = Wire::default();
    let state = std::sync::Arc::new(Room(4));
    let mut call = Invocation {
        arguments: [Datum::Str("a".into()), Datum::List(vec![])].into(),
        wire: &wire,
        state,
    };
    let Ok(Work::Future(future)) = (greet.run)(&mut call) else { panic!() };
    assert_eq!(block_on(future), Ok(Datum::Str("a!".into())));
    assert_eq!(wire.log(), ["(COMMON-LISP-USER::NOTE Int(4) List([]))"]);
    call.arguments = [Datum::Int(1), Datum::Int(0)].into();
    let Ok(Work::Done(answer)) = (divide.run)(&mut call) else { panic!() };
    assert_eq!(answer, Err("zero".into()));
    assert!((unit.run)(&mut call).is_ok());
    assert!(functions![].0.is_empty());
}
