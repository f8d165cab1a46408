//! What each object means, in both dialects.

use super::{Seen, Side, pair};
use crate::codec::{Encoder, Hello, Name, Reads, Unsendable};
use crate::convert::ToWire;
use crate::limits::Limits;
use crate::session::{Answer, Call, LeftoverCalls, Place, PlanFunction, SendError, Want};
use crate::token::Token;
use crate::value::Value;

/// Octets that a session would not write, in the classic dialect.
fn octets(write: impl FnOnce(&mut Encoder<'_>) -> Result<(), Unsendable>) -> Vec<u8> {
    let (mut buffer, peer) = (bytes::BytesMut::new(), crate::codec::PeerProfile::extended());
    write(&mut Encoder::new(&mut buffer, None, &peer)).unwrap();
    buffer.to_vec()
}

fn protocol(name: &str, token: Token, more: &[&dyn ToWire]) -> Vec<u8> {
    octets(|out| {
        out.funcall(Name::Dynamic { name, package: "WIRE" }, 1 + more.len())?;
        out.token(token)?;
        more.iter().try_for_each(|value| value.to_wire(out))
    })
}

fn head(name: &str, package: &str, argc: u8) -> Vec<u8> {
    [vec![argc], octets(|out| out.symbol(name, package))].concat()
}

fn call(name: &str, argc: u8) -> Vec<u8> {
    head(name, "COMMON-LISP-USER", argc)
}

const NUMBER: [u8; 5] = [7, 0, 0, 0, 42];

fn theirs(id: u32) -> Token {
    Token::new(1, 2, id)
}

fn classic(id: u32, n: u8) -> Answer {
    Answer::Classic { token: theirs(id), want: Want::Values(n) }
}

/// What one of the sides sees of the other's output.
fn pass(from: &mut Side, to: &mut Side) -> Vec<Seen> {
    let output = from.output();
    to.feed(&output).unwrap()
}

#[test]
fn calls_are_answered_in_both_dialects_for_every_number_of_values() {
    for extended in [false, true] {
        let (mut one, mut other) = pair(extended);
        for n in 1..=7 {
            one.call("F", &[&n], Want::of(n), "f").unwrap();
            let seen = pass(&mut one, &mut other);
            let Some(Seen::Call { name, answer: Some(answer), .. }) = seen.last() else {
                panic!("{seen:?}");
            };
            assert_eq!(name, "F");
            other.out.answer(*answer, &(10, 20)).unwrap();
            let seen = pass(&mut other, &mut one);
            let [Seen::Returned("f", values)] = &seen[..] else { panic!("{seen:?}") };
            // The classic dialect fills up with NIL, and carries all values as one list.
            let (count, first) = match (extended, n) {
                (_, 1) => (1, Value::from(10)),
                (true, _) => (2, Value::from(10)),
                (false, 6..) => (1, Value::list([10, 20])),
                (false, n) => (n, Value::from(10)),
            };
            assert_eq!((values.len(), &values[0]), (count, &first), "{extended} {n}");
        }
    }
}

#[test]
fn an_unwinding_reaches_its_own_call_with_its_reason_where_there_is_one() {
    for extended in [false, true] {
        let (mut one, mut other) = pair(extended);
        one.call("F", &[], Want::Values(1), "f").unwrap();
        one.call("G", &[], Want::Values(1), "g").unwrap();
        let seen = pass(&mut one, &mut other);
        let answers = seen.iter().filter_map(|seen| match seen {
            Seen::Call { answer, .. } => *answer,
            _ => None,
        });
        let answers: Vec<_> = answers.collect();
        other.abort(answers[1]);
        other.out.answer(answers[0], &1).unwrap();
        let expected = [Seen::Unwound("g", extended), Seen::Returned("f", vec![Value::from(1)])];
        assert_eq!(pass(&mut other, &mut one), expected);
    }
}

#[test]
fn a_sync_is_its_own_value() {
    for extended in [false, true] {
        let (mut one, mut other) = pair(extended);
        one.out.sync("sync").unwrap();
        let seen = pass(&mut one, &mut other);
        let [Seen::Expecting, Seen::Object(answer, value)] = &seen[..] else { panic!("{seen:?}") };
        assert_eq!(*value, Value::from(0));
        other.out.answer_octets(*answer, &NUMBER).unwrap();
        let returned = [Seen::Returned("sync", vec![Value::from(42)])];
        assert_eq!(pass(&mut other, &mut one), returned);
    }
}

#[test]
fn the_object_after_a_do_is_called_or_is_its_own_value() {
    let (mut side, _) = pair(false);
    let ask = |n| protocol(&format!("DO-{n}-VALUE-CALL"), theirs(n), &[]);
    assert_eq!(side.feed(&ask(3)).unwrap(), [Seen::Expecting]);
    assert_eq!(side.feed(&NUMBER).unwrap(), [Seen::Object(classic(3, 3), Value::from(42))]);
    assert_eq!(side.feed(&NUMBER).unwrap(), [Seen::Idle], "nobody waits any more");
    let seen = side.feed(&[ask(2), call("F", 0)].concat()).unwrap();
    let expected = Seen::Call { name: "F".into(), arguments: vec![], answer: Some(classic(2, 2)) };
    assert_eq!(seen, [Seen::Expecting, expected]);
}

#[test]
fn of_two_dos_in_a_row_the_first_is_refused() {
    let (mut side, _) = pair(false);
    let bytes = [
        protocol("DO-1-VALUE-CALL", theirs(1), &[]),
        protocol("DO-1-VALUE-CALL", theirs(2), &[]),
        NUMBER.to_vec(),
    ];
    let seen = side.feed(&bytes.concat()).unwrap();
    let [Seen::Expecting, Seen::Refused(Some(first), _), Seen::Object(second, _)] = &seen[..]
    else {
        panic!("{seen:?}")
    };
    assert_eq!((*first, *second), (classic(1, 1), classic(2, 1)));
}

#[test]
fn a_do_in_arguments_refuses_its_object_and_one_token_is_told() {
    let inner = [call("F", 1), protocol("DO-1-VALUE-CALL", theirs(1), &[])].concat();
    let (mut side, _) = pair(false);
    let seen = side.feed(&[inner.clone(), NUMBER.to_vec()].concat()).unwrap();
    assert!(
        matches!(&seen[..], [Seen::Refused(Some(told), _), Seen::Idle] if *told == classic(1, 1))
    );
    let outer = protocol("DO-1-VALUE-CALL", theirs(9), &[]);
    let seen = side.feed(&[outer, inner].concat()).unwrap();
    assert!(matches!(&seen[..], [_, Seen::Refused(Some(told), _)] if *told == classic(9, 1)));
}

#[test]
fn an_answer_left_around_a_refused_tree_ends_its_call() {
    let (mut side, _) = pair(false);
    let id = side.call("F", &[], Want::Values(1), "f").unwrap();
    let mut bytes = head("RETURN-1-VALUE", "WIRE", 2);
    bytes.extend(octets(|out| out.token(Token::local(id))));
    bytes.extend(protocol("DO-1-VALUE-CALL", theirs(1), &[]));
    let seen = side.feed(&bytes).unwrap();
    let [Seen::Refused(Some(told), _), Seen::Unwound("f", false)] = &seen[..] else {
        panic!("{seen:?}")
    };
    assert_eq!(*told, classic(1, 1));
}

#[test]
fn nested_calls_are_planned_innermost_first_and_answers_among_them_are_known() {
    let (mut side, _) = pair(false);
    let bytes = [
        protocol("DO-1-VALUE-CALL", theirs(1), &[]),
        call("TOP", 2),
        call("LEFT", 1),
        call("DEEP", 0),
        protocol("RETURN-1-VALUE", theirs(5), &[&3]),
    ];
    let mut order = Vec::new();
    let seen = side.feed_with(&bytes.concat(), |_, plan| {
        order.extend(plan.calls.iter().map(|call| match &call.function {
            PlanFunction::Named { name, .. } => name.clone(),
            other => format!("{other:?}"),
        }));
    });
    assert_eq!(seen.unwrap(), [Seen::Expecting, Seen::Nested(4, Some(classic(1, 1)))]);
    assert_eq!(order, ["DEEP", "LEFT", "Return", "TOP"]);
}

#[test]
fn answers_to_calls_that_ended_or_were_never_made_are_told_apart() {
    for extended in [false, true] {
        let (mut one, mut other) = pair(extended);
        one.call("F", &[], Want::Values(1), "f").unwrap();
        let seen = pass(&mut one, &mut other);
        let Some(Seen::Call { answer: Some(answer), .. }) = seen.last() else { panic!() };
        for _ in 0..2 {
            other.out.answer(*answer, &1).unwrap();
        }
        let seen = pass(&mut other, &mut one);
        assert_eq!(seen[1], Seen::Unasked(0, false), "it had ended");
        let never = match answer {
            Answer::Classic { want, .. } => Answer::Classic { token: Token::local(1), want: *want },
            Answer::Compact { want, .. } => Answer::Compact { id: 1, want: *want },
        };
        other.abort(never);
        assert_eq!(pass(&mut other, &mut one), [Seen::Unasked(1, true)]);
    }
}

#[test]
fn a_hello_is_heard_at_any_time_and_other_strings_are_not_one() {
    let limits = Limits::default();
    let hello = Hello::new(Reads::ALL, &limits).to_string();
    for before in [0, 3] {
        let mut side = Side::new(&limits);
        for _ in 0..before {
            side.feed(&NUMBER).unwrap();
        }
        side.notify("F", &[]);
        assert_eq!(side.output()[0], 0, "a funcall as yet");
        assert_eq!(side.feed(&octets(|out| out.string(&hello))).unwrap(), [Seen::Hello]);
        side.notify("F", &[]);
        assert_eq!(side.output()[0], 22, "a compact call from now on");
    }
    let mut side = Side::new(&limits);
    for text in ["hello", "wire-hello/1", "wire-hello/2 ops=15-29", "wire-hello/1 ops=x"] {
        assert_eq!(side.feed(&octets(|out| out.string(text))).unwrap(), [Seen::Idle], "{text}");
    }
    // Behind a `DO` it is a value.
    let ask = protocol("DO-1-VALUE-CALL", theirs(1), &[]);
    let seen = side.feed(&[ask, octets(|out| out.string(&hello))].concat()).unwrap();
    assert!(matches!(seen[1], Seen::Object(..)));
}

#[test]
fn a_refused_object_ends_exactly_its_own_call() {
    let mut side = Side::new(&Limits::default().depth(4));
    let deep = (0..9).fold(NUMBER.to_vec(), |inner, _| [&[13][..], &inner, &NUMBER].concat());
    let ask = |id| protocol("DO-1-VALUE-CALL", theirs(id), &[]);
    let bytes = [
        [ask(1), call("F", 1), NUMBER.to_vec()].concat(),
        [ask(2), call("F", 1), deep.clone()].concat(),
        [ask(3), call("F", 1), NUMBER.to_vec()].concat(),
        [vec![22, 1, 7, 0, 1], octets(|out| out.symbol("F", "P")), deep].concat(),
        [vec![22, 1, 8, 0, 1], octets(|out| out.symbol("F", "P")), NUMBER.to_vec()].concat(),
    ];
    let seen = side.feed(&bytes.concat()).unwrap();
    let refused = seen.iter().filter_map(|seen| match seen {
        Seen::Refused(answer, _) => *answer,
        _ => None,
    });
    let compact = Answer::Compact { id: 7, want: Want::Values(1) };
    assert_eq!(refused.collect::<Vec<_>>(), [classic(2, 1), compact]);
    let calls = seen.iter().filter(|seen| matches!(seen, Seen::Call { .. }));
    assert_eq!(calls.count(), 3);
}

#[test]
fn what_an_aborted_call_saved_is_saved_again_to_a_classic_peer_only() {
    for extended in [false, true] {
        let (mut side, _) = pair(extended);
        side.notify("OLD", &[]);
        let id = side.call("NEW", &[], Want::Values(1), "f").unwrap();
        side.output();
        let crate::session::Taken::Waiting(entry) = side.out.take_wait(id) else { panic!() };
        side.out.forget_saved(&entry);
        let mut sends_whole = |name: &str| {
            side.notify(name, &[]);
            let output = side.output();
            output.windows(name.len()).any(|window| window == name.as_bytes())
        };
        assert!(!sends_whole("OLD"));
        assert_eq!(sends_whole("NEW"), !extended);
        assert!(!sends_whole("NEW"), "at its new index");
    }
}

/// Writes a symbol and fails.
struct Unwritable;

impl ToWire for Unwritable {
    fn to_wire(&self, out: &mut Encoder<'_>) -> Result<(), Unsendable> {
        out.symbol("DRAFT", "P")?;
        Err(Unsendable::said("never"))
    }
}

#[test]
fn a_failed_draft_leaves_the_buffer_and_the_cache_as_they_were() {
    for extended in [false, true] {
        let (mut one, mut other) = pair(extended);
        one.notify("F", &[&1]);
        let before = one.out.buffered();
        let error = one.call("G", &[&1, &Unwritable], Want::Values(1), "g").unwrap_err();
        assert!(
            matches!(
                error,
                SendError::Unsendable { place: Place { call: 0, argument: Some(1) }, .. }
            ),
            "{error:?}"
        );
        let name = |name| Name::Dynamic { name, package: "P" };
        let calls = [Call::new(name("G"), &[&1]), Call::new(name("H"), &[&Unwritable])];
        let error = one.out.notify(&calls, LeftoverCalls::Refused).unwrap_err();
        assert_eq!(error.call(), 1);
        assert_eq!((one.out.buffered(), one.out.waiting()), (before, 0));
        one.notify("G", &[&crate::value::Symbol::new("DRAFT", "P")]);
        let seen = pass(&mut one, &mut other);
        assert_eq!(seen.len(), 2);
        let Seen::Call { name, arguments, .. } = &seen[1] else { panic!("{seen:?}") };
        assert_eq!((&**name, arguments[0].as_symbol().unwrap().name()), ("G", "DRAFT"));
    }
}

#[test]
fn an_object_is_kept_until_it_was_released_as_often_as_it_was_sent() {
    let (mut one, _) = pair(true);
    let remote = crate::object::Remote::new(std::sync::Arc::new(1_u8));
    one.notify("F", &[&remote, &remote]);
    one.notify("F", &[&remote]);
    let id = remote.token().id();
    assert!(one.out.exports.release(id, 2).is_none());
    assert!(one.out.exports.contains(remote.token()));
    // It was sent again meanwhile.
    one.notify("F", &[&remote]);
    assert!(one.out.exports.release(id, 1).is_none());
    assert!(one.out.exports.release(id, 1).is_some());
    assert!(!one.out.exports.contains(remote.token()));
    assert!(one.out.exports.release(id, 1).is_none(), "nothing is held any more");
}

#[test]
fn tokens_are_counted_once_for_each_time_they_came() {
    let (mut side, _) = pair(true);
    let token = octets(|out| out.token(theirs(7)));
    side.feed(&[call("F", 2), token.clone(), token.clone()].concat()).unwrap();
    assert_eq!(*side.counted.0.borrow(), [(theirs(7), false); 2]);
    let saved = [&[10, 0, 0, 0, 0][..], &token].concat();
    side.feed(&[call("F", 1), saved].concat()).unwrap();
    assert_eq!(side.counted.0.borrow().last(), Some(&(theirs(7), true)));
}

#[test]
fn who_makes_a_compact_call_gets_a_compact_answer_although_it_said_no_hello() {
    let (mut caller, _) = pair(true);
    let (mut callee, _) = pair(false);
    for well in [true, false] {
        caller.call("F", &[], Want::Values(1), "f").unwrap();
        let seen = pass(&mut caller, &mut callee);
        let [Seen::Call { answer: Some(answer), .. }] = &seen[..] else { panic!("{seen:?}") };
        if well {
            callee.out.answer(*answer, &1).unwrap();
        } else {
            callee.abort(*answer);
        }
        let seen = pass(&mut callee, &mut caller);
        assert!(matches!(seen[..], [Seen::Returned("f", _) | Seen::Unwound("f", true)]));
    }
    callee.notify("F", &[]);
    assert_eq!(callee.output()[0], 0, "it reads no more than that");
}
