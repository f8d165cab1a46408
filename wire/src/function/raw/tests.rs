//! A loan, driven by hand from both its ends.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use bytes::BytesMut;

use crate::codec::Text;
use crate::function::definition::{Definition, FunctionKind};
use crate::function::raw::{Held, Loan, RawError};
use crate::handle::{Parts, Peer, Shared, WireError};
use crate::limits::Limits;
use crate::session::{Inbound, Unwound};

static READ: Definition = Definition {
    name: "READ",
    package: None,
    docs: "",
    file: file!(),
    line: line!(),
    parameters: &[],
    returns: "()",
    kind: FunctionKind::Raw,
    needs: &[],
    run: |_| unreachable!("nothing is called here"),
};

fn shared() -> Arc<Shared> {
    Shared::new(Parts {
        peer: Peer::Memory,
        limits: Limits::default().into(),
        text: Text::Utf8,
        close_grace: Duration::ZERO,
        serves: true,
        classic: true,
    })
}

/// A loan with these octets unread, and the function's end of it.
fn lent(shared: &Arc<Shared>, octets: &[u8]) -> (Arc<Loan>, Held) {
    let loan = Loan::new(shared, &READ, false);
    let reader = Box::new(Inbound::new(&Limits::default(), Text::Utf8));
    loan.lend(reader, BytesMut::from(octets));
    (Arc::clone(&loan), Held::new(loan))
}

fn poll<F: Future>(future: F) -> Poll<F::Output> {
    pin!(future).poll(&mut Context::from_waker(Waker::noop()))
}

/// Polls once, and gives up what waits.
fn number(held: &mut Held) -> Option<Result<i32, RawError>> {
    match poll(held.input().number()) {
        Poll::Ready(read) => Some(read),
        Poll::Pending => None,
    }
}

/// What comes back of what was unread.
fn back(loan: &Loan) -> Vec<u8> {
    match loan.take_back() {
        Some(Ok((_, octets))) => octets.to_vec(),
        Some(Err(lost)) => panic!("{lost:?}"),
        None => panic!("it is not back"),
    }
}

#[test]
fn what_comes_for_an_ask_that_was_given_up_is_read_by_the_next() {
    let (shared, octets) = (shared(), [0, 0]);
    let (loan, mut held) = lent(&shared, &octets);
    assert!(number(&mut held).is_none());
    assert_eq!(loan.asks(), None, "who gave up asks no more");
    // The task had begun to read for it.
    loan.fill(&[0, 7, 9]);
    assert_eq!(number(&mut held).unwrap().unwrap(), 7);
    loan.end(WireError::Closed);
    assert!(matches!(poll(held.input().byte()), Poll::Ready(Ok(9))));
    let end = number(&mut held).unwrap();
    assert!(matches!(end, Err(RawError::Ended { why: WireError::Closed, .. })), "{end:?}");
}

#[test]
fn a_function_is_asked_for_once_and_woken_when_there_is_enough() {
    let shared = shared();
    let (loan, mut held) = lent(&shared, &[1]);
    let mut input = held.input();
    let mut number = pin!(input.number());
    let mut cx = Context::from_waker(Waker::noop());
    assert!(number.as_mut().poll(&mut cx).is_pending());
    assert_eq!(loan.asks(), Some(4));
    assert!(loan.is_newly_asked() && !loan.is_newly_asked());
    loan.fill(&[2, 3]);
    loan.none_now();
    assert_eq!(loan.asks(), Some(4), "that is not enough");
    loan.fill(&[4, 5]);
    assert_eq!(loan.asks(), None);
    assert!(matches!(number.as_mut().poll(&mut cx), Poll::Ready(Ok(0x0102_0304))));
}

#[test]
fn the_input_comes_back_as_far_as_it_was_not_read() {
    let shared = shared();
    for taken_up in [false, true] {
        let (loan, mut held) = lent(&shared, &[0, 0, 0, 1, 2, 3]);
        assert_eq!(shared.lock().lent_to, Some("READ"));
        if taken_up {
            assert_eq!(number(&mut held).unwrap().unwrap(), 1);
        }
        drop(held);
        assert!(loan.take_back().is_none(), "nobody has said how the function ended");
        loan.give_back();
        assert_eq!(shared.lock().lent_to, None);
        let read = if taken_up { 4 } else { 0 };
        assert_eq!(back(&loan), [0, 0, 0, 1, 2, 3][read..]);
    }
}

#[test]
fn what_was_given_back_early_is_not_taken_from_the_next() {
    let shared = shared();
    let (first, mut held) = lent(&shared, &[1]);
    held.input().finish();
    assert_eq!(back(&first), [1]);
    let (second, next) = lent(&shared, &[2]);
    first.give_back();
    first.unwound(&Unwound::new("LATE", "too late to matter"));
    assert!(first.take_back().is_none());
    assert_eq!(shared.lock().lent_to, Some("READ"), "the second has it");
    drop(next);
    second.give_back();
    assert_eq!(back(&second), [2]);
}

#[test]
fn the_first_reason_for_which_the_input_is_lost_is_the_one() {
    let shared = shared();
    let (loan, held) = lent(&shared, &[]);
    drop(held);
    loan.unwound(&Unwound::new("FIRST", "the cause"));
    loan.refused(&Unwound::new("SECOND", "what came of it"));
    loan.give_back();
    let Some(Err(lost)) = loan.take_back() else { panic!("it is lost") };
    assert!(lost.told.ends_with("FIRST: the cause"), "{}", lost.told);
    assert_eq!(lost.told, lost.why.to_string());
}

#[test]
fn with_the_task_gone_what_is_there_can_still_be_read() {
    let shared = shared();
    let (loan, mut held) = lent(&shared, &[0, 0, 0, 1, 2]);
    assert_eq!(number(&mut held).unwrap().unwrap(), 1);
    assert!(number(&mut held).is_none());
    shared.end(WireError::RuntimeGone);
    loan.abandon();
    assert!(matches!(poll(held.input().byte()), Poll::Ready(Ok(2))));
    let end = number(&mut held).unwrap();
    assert!(matches!(end, Err(RawError::Ended { why: WireError::RuntimeGone, .. })), "{end:?}");
    assert!(matches!(poll(held.input().listen()), Poll::Ready(Err(RawError::Ended { .. }))));
}
