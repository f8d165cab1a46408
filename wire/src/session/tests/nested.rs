//! Calls in the places of arguments: what is written of them, and what is refused.

use proptest::prelude::*;

use super::{Seen, Side, pair};
use crate::codec::{Decoder, Encoder, Item, Name, NoTokens, Op, Received, Text, Unsendable};
use crate::convert::{Cached, ToWire};
use crate::limits::Limits;
use crate::session::{Answer, Call, LeftoverCalls, PlanFunction, SendError, Want};
use crate::token::Token;

/// What may stand as an argument.
#[derive(Clone, Debug)]
enum Tree {
    Number(i32),
    List(Vec<Self>),
    Call(&'static str, Vec<Self>),
}

use Tree::{Call as F, List, Number};

impl ToWire for Tree {
    fn to_wire(&self, out: &mut Encoder<'_>) -> Result<(), Unsendable> {
        match self {
            Number(number) => number.to_wire(out),
            List(items) => items.to_wire(out),
            F(name, arguments) => Call::new(user(name), &borrowed(arguments)).to_wire(out),
        }
    }
}

fn user(name: &str) -> Name<'_> {
    Name::Dynamic { name, package: "COMMON-LISP-USER" }
}

fn borrowed(trees: &[Tree]) -> Vec<&dyn ToWire> {
    trees.iter().map(|tree| tree as _).collect()
}

/// Notifies `(TOP . arguments)`, and gives the octets.
fn notify(side: &mut Side, arguments: &[Tree], allow: LeftoverCalls) -> Result<Vec<u8>, SendError> {
    let arguments = borrowed(arguments);
    side.out.notify(&[Call::new(user("TOP"), &arguments)], allow)?;
    Ok(side.output())
}

fn error(sent: Result<Vec<u8>, SendError>) -> (Option<usize>, Unsendable) {
    match sent {
        Err(SendError::Unsendable { place, error }) => (place.argument, error),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_call_stands_where_the_argument_would_in_both_dialects() {
    let tree = [F("G", vec![F("H", vec![]), Number(1)]), Number(2)];
    for extended in [false, true] {
        let (mut one, mut other) = pair(extended);
        let octets = notify(&mut one, &tree, LeftoverCalls::Refused).unwrap();
        assert_eq!(octets[0], if extended { Op::Call.byte() } else { 2 });
        let mut order = Vec::new();
        let seen = other.feed_with(&octets, |_, plan| {
            order.extend(plan.calls.iter().map(|call| match &call.function {
                PlanFunction::Named { name, .. } => (name.clone(), call.count),
                other => panic!("{other:?}"),
            }));
        });
        assert_eq!(seen.unwrap(), [Seen::Nested(3, None)]);
        assert_eq!(order, [("H".into(), 0), ("G".into(), 2), ("TOP".into(), 2)]);
    }
    let mut side = Side::new(&Limits::default().cache_entries(0));
    let octets = notify(&mut side, &tree[..1], LeftoverCalls::Refused).unwrap();
    let name = |argc: u8, name: &str| {
        let length = name.len() as u8;
        [&[argc, 9, 0, 0, 0, length], name.as_bytes(), b"\0\0\0\x10COMMON-LISP-USER"].concat()
    };
    let expected = [name(1, "TOP"), name(2, "G"), name(0, "H"), vec![7, 0, 0, 0, 1]].concat();
    assert_eq!(octets, expected);
}

#[test]
fn a_classic_peer_gets_no_call_behind_another_unless_it_is_asked_for() {
    let g = |arguments| F("G", arguments);
    let refused = [
        vec![g(vec![]), g(vec![])],
        vec![g(vec![]), Number(1), g(vec![])],
        vec![g(vec![g(vec![]), g(vec![])])],
        vec![g(vec![g(vec![])]), g(vec![])],
        vec![List(vec![g(vec![]), g(vec![])])],
        vec![List(vec![g(vec![])]), g(vec![])],
    ];
    for tree in refused {
        let (mut classic, _) = pair(false);
        let (_, why) = error(notify(&mut classic, &tree, LeftoverCalls::Refused));
        assert_eq!(*why.cause(), Unsendable::LeftoverCall, "{tree:?}");
        assert_eq!(classic.output(), []);
        notify(&mut classic, &tree, LeftoverCalls::Allowed).unwrap();
        notify(&mut pair(true).0, &tree, LeftoverCalls::Refused).unwrap();
    }
    // Beside each other there are two objects, and the second is a call of its own anyway.
    let (mut classic, _) = pair(false);
    let inner: [&dyn ToWire; 1] = [&g(vec![])];
    let calls = [Call::new(user("A"), &inner), Call::new(user("B"), &inner)];
    classic.out.notify(&calls, LeftoverCalls::Refused).unwrap();
    classic.out.call(&calls[0], Want::All, LeftoverCalls::Refused, "a").unwrap();
}

#[test]
fn where_no_peer_evaluates_a_call_none_is_sent() {
    let call = F("G", vec![Number(1)]);
    for extended in [false, true] {
        let (mut side, _) = pair(extended);
        let answers = match extended {
            true => vec![Answer::Compact { id: 1, want: Want::Values(1) }],
            false => [Want::Values(1), Want::All]
                .map(|want| Answer::Classic { token: Token::new(1, 2, 3), want })
                .to_vec(),
        };
        for answer in answers {
            for value in [&call as &dyn ToWire, &vec![call.clone()]] {
                match side.out.answer(answer, value) {
                    Err(SendError::Unsendable { error: Unsendable::CallElsewhere, .. }) => {}
                    other => panic!("{other:?}"),
                }
            }
        }
        let alone = side.out.protocol(&|out| call.to_wire(out)).unwrap_err();
        assert!(matches!(alone, SendError::Unsendable { error: Unsendable::CallElsewhere, .. }));
        assert_eq!(side.output(), []);
    }
}

#[test]
fn an_error_names_the_way_to_the_argument() {
    let (mut side, _) = pair(false);
    let tree = [Number(0), F("G", vec![Number(1), F("H", vec![F("I", vec![]), F("J", vec![])])])];
    let (argument, why) = error(notify(&mut side, &tree, LeftoverCalls::Refused));
    assert_eq!(argument, Some(1));
    let said = why.to_string();
    assert!(
        said.starts_with("argument 2 of G: argument 2 of H: a call stands here behind"),
        "{said}"
    );
    assert!(said.contains("`wire.allow_leftover_calls()`"), "{said}");
}

/// Whether a reader that runs each call as soon as it has read it would, unwinding in one among
/// arguments, leave another behind.
fn leaves_calls(octets: &[u8]) -> bool {
    let received = Received::new(&Limits::default(), Text::Utf8);
    let mut input = Decoder::new(octets, &received, Text::Utf8, &NoTokens);
    let (mut started, mut left) = (false, false);
    let mut owed = vec![1_usize];
    let mut calls = vec![false];
    while let Some(due) = owed.last_mut() {
        if *due == 0 {
            owed.pop();
            started |= calls.pop().unwrap() && owed.len() > 1;
            continue;
        }
        *due -= 1;
        if input.is_call() {
            left |= started;
            owed.push(input.call_head().unwrap().argc.into());
            calls.push(true);
        } else if matches!(input.item().unwrap(), Item::Cons) {
            owed.push(2);
            calls.push(false);
        }
    }
    left
}

fn any_tree() -> impl Strategy<Value = Tree> {
    let leaf = prop_oneof![any::<i32>().prop_map(Number), Just(F("LEAF", Vec::new()))];
    leaf.prop_recursive(4, 12, 3, |inner| {
        let inner = proptest::collection::vec(inner, 0..3);
        prop_oneof![inner.clone().prop_map(List), inner.prop_map(|arguments| F("G", arguments))]
    })
}

proptest! {
    #[test]
    fn what_is_refused_is_what_would_be_left(
        trees in proptest::collection::vec(any_tree(), 0..3),
    ) {
        let mut side = Side::new(&Limits::default().cache_entries(0));
        let octets = notify(&mut side, &trees, LeftoverCalls::Allowed).unwrap();
        let sent = notify(&mut side, &trees, LeftoverCalls::Refused);
        prop_assert_eq!(sent.is_err(), leaves_calls(&octets), "{:?}", trees);
    }
}

#[test]
fn a_cached_object_hides_no_call_that_is_left_over() {
    let mut side = Side::new(&Limits::default());
    let mut refused = |arguments: &[&dyn ToWire]| {
        let calls = [Call::new(user("TOP"), arguments)];
        error(side.out.notify(&calls, LeftoverCalls::Refused).map(|()| Vec::new()))
    };
    let (call, cached) = (F("F", vec![Number(1)]), Cached::new(5));
    let ends_in_cached = [&cached as &dyn ToWire];
    let first = Call::new(user("F"), &ends_in_cached);
    assert_eq!(refused(&[&first, &call]), (Some(1), Unsendable::LeftoverCall));
    assert_eq!(refused(&[&Cached::new(call)]), (Some(0), Unsendable::CallElsewhere));
}
