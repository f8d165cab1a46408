//! Calls that are appended in one go, between those that are not.

use super::*;
use crate::codec::SymbolSite;

static SITE: SymbolSite = SymbolSite::new("F", "COMMON-LISP-USER");

fn call<'a>(arguments: &'a [&'a dyn ToWire]) -> Call<'a> {
    Call::new(Name::Site(&SITE), arguments)
}

/// The arguments of the calls that came.
fn arguments(all: Vec<Seen>) -> Vec<Vec<Value>> {
    let arguments = |seen| match seen {
        Seen::Call { arguments, .. } => arguments,
        other => panic!("{other:?}"),
    };
    all.into_iter().map(arguments).collect()
}

#[test]
fn they_go_together_or_not_at_all() {
    let (mut one, mut other) = pair(true);
    let first: [&dyn ToWire; 1] = [&1];
    let text: [&dyn ToWire; 2] = [&2, &"two"];
    let list: [&dyn ToWire; 1] = [&vec![3]];
    assert!(!one.out.notify_small(&[call(&first)]), "the name has not crossed");
    assert_eq!((one.out.buffered(), one.out.calls()), (0, 0));
    one.out.notify(&[call(&first)], LeftoverCalls::Refused).unwrap();
    assert!(one.out.notify_small(&[call(&text), call(&first)]));
    let before = (one.out.buffered(), one.out.untaken(), one.out.calls());
    assert!(!one.out.notify_small(&[call(&text), call(&list)]), "a list is not small");
    assert_eq!((one.out.buffered(), one.out.untaken(), one.out.calls()), before);
    assert_eq!(before, (before.1, before.1, 3));
    one.out.call(&call(&text), Want::Values(1), LeftoverCalls::Refused, "small").unwrap();
    one.out.call(&call(&list), Want::Values(1), LeftoverCalls::Refused, "not").unwrap();
    let octets = one.output();
    let read = |text: &str| Value::read(text).unwrap();
    let (one, two) = (vec![read("1")], vec![read("2"), read("\"two\"")]);
    let all = [one.clone(), two.clone(), one, two, vec![read("(3)")]];
    assert_eq!(arguments(other.feed(&octets).unwrap()), all);
}

#[test]
fn they_wait_for_room_as_others_do() {
    let limits = Limits::default().buffered_output(60);
    let mut side = Side::new(&limits);
    side.out.heard(&crate::codec::Hello::new(crate::codec::Reads::ALL, &limits));
    side.out.notify(&[call(&[&1])], LeftoverCalls::Refused).unwrap();
    let mut small = 0;
    while side.out.notify_small(&[call(&[&1])]) {
        small += 1;
        assert!(small < 60, "there is room for ever");
    }
    assert!(small > 0);
    let refused = side.out.notify(&[call(&[&1])], LeftoverCalls::Refused);
    assert!(matches!(refused, Err(SendError::Full { limit: 60, .. })), "{refused:?}");
    assert!(side.output().len() >= 60);
    assert!(side.out.notify_small(&[call(&[&1])]));
}
