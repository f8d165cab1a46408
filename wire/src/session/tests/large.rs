//! Large byte strings, which nobody copies.

use bytes::Bytes;

use super::*;
use crate::codec::Unsendable;
use crate::codec::{Encoder, Op};
use crate::spare;

const NAME: Name<'static> = Name::Dynamic { name: "F", package: "P" };

fn octets(len: usize) -> Bytes {
    (0..len).map(|at| (at * 7 + at / 251) as u8).collect()
}

/// The byte strings of the calls in `input`, each with where it lies, and whether that is in the
/// memory that was read into.
fn received(side: &mut Side, input: &[u8]) -> Vec<(Bytes, bool)> {
    let mut all = Vec::new();
    side.kept = BytesMut::from(input);
    loop {
        let (lies, mut apart) = (side.kept.as_ptr_range(), None);
        let step = side.inbound.next(&mut side.kept, &mut apart, &side.counted).unwrap();
        let used = match step {
            Step::More(_) => return all,
            Step::Event(used, Event::Call(mut call)) => {
                for _ in 0..call.count {
                    let string = Bytes::from_wire(&mut call.arguments).unwrap();
                    let shared = lies.contains(&string.as_ptr());
                    all.push((string, shared));
                }
                used
            }
            Step::Event(_, event) => panic!("{event:?}"),
        };
        side.kept.advance(used);
    }
}

#[test]
fn it_goes_out_from_where_it_is_and_comes_in_where_it_was_read() {
    let (mut one, mut other) = pair(true);
    let (large, small) = (octets(2 * spare::LEAST), octets(100));
    let again = large.clone();
    one.notify_all(&[&[&large, &small], &[&small], &[&again]]);
    let mut taken = Pieces::default();
    one.out.take_output(&mut taken);
    let from_there = taken.iter().filter(|piece| piece.as_ptr() == large.as_ptr());
    assert_eq!(from_there.map(<[u8]>::len).collect::<Vec<_>>(), [large.len(); 2]);
    let all: Vec<u8> = taken.iter().flatten().copied().collect();
    let got = received(&mut other, &all);
    let strings: Vec<_> = got.iter().map(|(string, _)| string.clone()).collect();
    assert_eq!(strings, [large.clone(), small.clone(), small, large]);
    // What lies behind the first is too much for it to be taken alone; of the last one is enough.
    assert_eq!(
        got.iter().map(|(_, shared)| *shared).collect::<Vec<_>>(),
        [false, false, false, true]
    );
}

#[test]
fn a_small_part_keeps_nothing_large() {
    let (mut one, mut other) = pair(true);
    let parts = [octets(spare::LEAST), octets(spare::LEAST - 50), octets(10)];
    for (calls, shared) in [
        (&[&parts[0] as &dyn ToWire, &parts[2]][..], &[true, false][..]),
        (&[&parts[0], &parts[1], &parts[1], &parts[2]], &[false; 4]),
        (&[&parts[1]], &[false]),
    ] {
        one.notify_all(&[calls]);
        let got = received(&mut other, &one.output());
        assert_eq!(got.iter().map(|(_, shared)| *shared).collect::<Vec<_>>(), shared);
    }
    // An object that is a small part of its buffer.
    one.notify_all(&[&[&parts[0]]]);
    let mut roomy = BytesMut::with_capacity(4 * spare::LEAST);
    roomy.extend_from_slice(&one.output());
    let mut apart = None;
    let step = other.inbound.next(&mut roomy, &mut apart, &other.counted).unwrap();
    assert!(matches!(step, Step::Event(1.., Event::Call(_))));
}

#[test]
fn it_comes_whole_however_it_is_cut() {
    let strings = [octets(spare::LEAST - 1), octets(3), octets(spare::LEAST), octets(0)];
    let (mut one, mut other) = pair(true);
    let arguments: Vec<&dyn ToWire> = strings.iter().map(|string| string as _).collect();
    one.notify_all(&[&arguments, &[&strings[2]], &arguments[1..3]]);
    let all = one.output();
    for cut in [1, 4097, spare::LEAST - 1, all.len() - 1] {
        let mut seen = Vec::new();
        let mut side = pair(true).1;
        for piece in all.chunks(cut) {
            seen.extend(side.feed(piece).unwrap());
        }
        let whole = Side::feed(&mut pair(true).1, &all).unwrap();
        assert_eq!((seen.len(), &seen), (3, &whole));
    }
    let got = received(&mut other, &all);
    let got: Vec<_> = got.into_iter().map(|(string, _)| string).collect();
    let [a, b, c, d] = strings;
    assert_eq!(got, [a, b.clone(), c.clone(), d, c.clone(), b, c]);
}

#[test]
fn what_fails_keeps_nothing_of_it() {
    struct Fails(Bytes);
    impl ToWire for Fails {
        fn to_wire(&self, out: &mut Encoder<'_>) -> Result<(), Unsendable> {
            self.0.to_wire(out)?;
            Err(Unsendable::said("it never goes"))
        }
    }
    let mut side = pair(true).0;
    let (large, first) = (octets(spare::LEAST), octets(spare::LEAST));
    side.notify_all(&[&[&first]]);
    let before = side.out.buffered();
    let fails = Fails(large);
    let sent = side.out.notify(&[Call::new(NAME, &[&fails])], LeftoverCalls::Refused);
    assert!(sent.is_err());
    assert_eq!(side.out.buffered(), before);
    assert!(fails.0.is_unique(), "nothing holds it any more");
    assert_eq!(side.output().len(), before);
    assert!(first.is_unique(), "what was sent is let go");
    // A classic peer has none.
    let mut classic = pair(false).0;
    let sent = classic.out.notify(&[Call::new(NAME, &[&first])], LeftoverCalls::Refused);
    assert!(!classic.out.reads().contains(Op::Octets) && sent.is_err());
}

#[test]
fn who_writes_each_call_by_itself_has_one_buffer() {
    let mut side = pair(true).0;
    let mut writing = Pieces::default();
    let write = |side: &mut Side, writing: &mut Pieces| {
        side.out.take_output(writing);
        side.out.accepted(writing.len());
        writing.clear();
    };
    for _ in 0..3 {
        side.notify_all(&[&[&1]]);
        write(&mut side, &mut writing);
        side.out.give_back(&mut writing);
        assert_eq!(writing.buffer.capacity(), 0);
    }
    // What others have appended meanwhile stays where it is.
    side.notify_all(&[&[&1]]);
    side.out.take_output(&mut writing);
    side.notify_all(&[&[&2]]);
    let second = side.out.untaken();
    side.out.accepted(writing.len());
    writing.clear();
    side.out.give_back(&mut writing);
    assert!(writing.buffer.capacity() > 0);
    assert_eq!(side.out.untaken(), second);
}

impl Side {
    fn notify_all(&mut self, calls: &[&[&dyn ToWire]]) {
        for arguments in calls {
            self.out.notify(&[Call::new(NAME, arguments)], LeftoverCalls::Refused).unwrap();
        }
    }
}
