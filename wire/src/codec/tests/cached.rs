//! Objects that are saved at their first use.

use bytes::BytesMut;

use crate::codec::tests::Stream;
use crate::codec::{
    Decoder, Encoder, Identity, NoTokens, PeerProfile, Scan, Sent, Text, Unsendable,
};
use crate::limits::Limits;

/// A list of the symbol `P::A` and so many letters.
fn write(out: &mut Encoder<'_>, letters: usize) -> Result<(), Unsendable> {
    let mut list = out.list(2)?;
    list.element()?.symbol("A", "P")?;
    list.element()?.string(&"x".repeat(letters))?;
    list.end()
}

fn send(sent: &mut Sent, identity: &Identity, letters: usize) -> Vec<u8> {
    let (mut buf, peer) = (BytesMut::new(), PeerProfile::extended());
    let mut out = Encoder::new(&mut buf, Some(sent), &peer);
    out.cached(identity, |out| write(out, letters)).unwrap();
    out.finish().unwrap();
    buf.to_vec()
}

const LIST: &[u8] = b"\x12\0\0\0\0\x02\x0a\0\0\0\x01\x09\0\0\0\x01A\0\0\0\x01P\x08\0\0\0\x01x";
const LIST_AGAIN: &[u8] = b"\x12\0\0\0\0\x02\x14\x01\x08\0\0\0\x01x";

#[test]
fn the_first_use_saves_and_later_ones_look_up() {
    let (mut sent, identity) = (Sent::new(9), Identity::new());
    assert_eq!(send(&mut sent, &identity, 1), [b"\x0a\0\0\0\0", LIST].concat());
    assert_eq!(send(&mut sent, &identity, 1), b"\x14\0");
    let other = Identity::new();
    assert_eq!(send(&mut sent, &other, 1), [b"\x0a\0\0\0\x02", LIST_AGAIN].concat());
}

#[test]
fn what_is_rolled_back_or_forgotten_is_saved_again() {
    let (mut sent, identity) = (Sent::new(9), Identity::new());
    let first = send(&mut sent, &identity, 1);
    sent.rollback(0);
    assert_eq!(send(&mut sent, &identity, 1), first);
    sent.forget(0..2);
    let second = send(&mut sent, &identity, 1);
    assert_eq!(second[..5], *b"\x0a\0\0\0\x02");
    assert_eq!(send(&mut sent, &identity, 1), b"\x14\x02");
}

#[test]
fn what_the_peer_has_no_room_for_goes_whole_and_is_not_looked_up() {
    let (mut sent, identity) = (Sent::new(9), Identity::new());
    sent.limit(9, 100);
    let first = send(&mut sent, &identity, 200);
    assert_eq!(first[0], 10, "how large it is shows when it is written");
    let again = send(&mut sent, &identity, 200);
    assert_eq!(again[..6], *b"\x12\0\0\0\0\x02");
    assert_eq!(sent.len(), 2, "it was saved once, and the symbol in it");

    let limits = Limits::default().cache_bytes(100);
    let mut stream = Stream::new(&limits);
    let found = stream.feed(&[first, again].concat()).unwrap();
    assert!(matches!(found[..], [(Scan::Object { .. }, _), (Scan::Object { .. }, _)]), "{found:?}");

    let (mut full, small) = (Sent::new(1), Identity::new());
    let first = send(&mut full, &small, 1);
    assert_eq!(first[..5], *b"\x0a\0\0\0\0", "of one entry, the object has it");
    let other = Identity::new();
    assert_eq!(send(&mut full, &other, 1)[0], 18, "nothing is saved any more");
}

#[test]
fn a_looked_up_object_is_as_deep_as_it_is() {
    let (mut sent, identity) = (Sent::new(9), Identity::new());
    let mut peer = PeerProfile::extended();
    peer.depth = 2;
    let mut buf = BytesMut::new();
    let mut out = Encoder::new(&mut buf, Some(&mut sent), &peer);
    let cached = |out: &mut Encoder<'_>| out.cached(&identity, |out| write(out, 1));
    let within = |out: &mut Encoder<'_>| {
        let mut list = out.list(1)?;
        cached(list.element()?)?;
        list.end()
    };
    cached(&mut out).unwrap();
    within(&mut out).unwrap();
    let mut list = out.list(1).unwrap();
    assert_eq!(within(list.element().unwrap()), Err(Unsendable::TooDeep { limit: 2 }));
}

#[test]
fn saves_in_saves_read_back_at_any_cut() {
    let (mut sent, peer) = (Sent::new(99), PeerProfile::classic());
    let (inner, outer) = (Identity::new(), Identity::new());
    let mut buf = BytesMut::new();
    let mut out = Encoder::new(&mut buf, Some(&mut sent), &peer);
    for _ in 0..2 {
        let both = |out: &mut Encoder<'_>| {
            let mut list = out.list(2)?;
            list.element()?.cached(&inner, |out| out.string("inner"))?;
            list.element()?.cached(&inner, |out| out.string("inner"))?;
            list.end()
        };
        out.cached(&outer, both).unwrap();
        out.cached(&inner, |out| out.string("inner")).unwrap();
    }
    for piece in 1..buf.len() {
        let mut stream = Stream::new(&Limits::default());
        let found = stream.feed_pieces(&buf, piece);
        for (at, (_, object)) in found.iter().enumerate() {
            let mut input = Decoder::new(object, &stream.received, Text::Utf8, &NoTokens);
            if at % 2 == 1 {
                assert_eq!(input.string().unwrap(), "inner");
                continue;
            }
            let mut list = input.list().unwrap();
            for _ in 0..2 {
                assert_eq!(list.next().unwrap().unwrap().string().unwrap(), "inner");
            }
            list.finish("both").unwrap();
        }
        assert_eq!(found.len(), 4);
    }
}

#[test]
fn an_object_that_is_all_of_another_is_saved_once() {
    let (mut sent, peer) = (Sent::new(9), PeerProfile::extended());
    let identities = [Identity::new(), Identity::new(), Identity::new()];
    let mut buf = BytesMut::new();
    let mut out = Encoder::new(&mut buf, Some(&mut sent), &peer);
    let innermost = |out: &mut Encoder<'_>| out.cached(&identities[0], |out| out.symbol("A", "P"));
    let inner = |out: &mut Encoder<'_>| out.cached(&identities[1], innermost);
    out.cached(&identities[2], inner).unwrap();
    out.cached(&identities[2], inner).unwrap();
    assert_eq!(&buf[..], b"\x0a\0\0\0\0\x0a\0\0\0\x01\x09\0\0\0\x01A\0\0\0\x01P\x14\0");
    // A peer that reads no levels at all reads as many saves as these.
    let limits = Limits::default().depth(0);
    let found = Stream::new(&limits).feed(&buf).unwrap();
    assert!(matches!(found[..], [(Scan::Object { .. }, _), (Scan::Object { .. }, _)]), "{found:?}");
}
