//! Calls that are appended in one go are those that an encoder writes.

use bytes::BytesMut;
use proptest::collection::vec;
use proptest::prelude::*;

use crate::codec::{
    Atom, Encoder, Name, Op, PeerProfile, Reads, Sent, SmallCall, SymbolSite, Text, Unsendable,
};

static KNOWN: SymbolSite = SymbolSite::new("KNOWN", "COMMON-LISP-USER");
static UNKNOWN: SymbolSite = SymbolSite::new("UNKNOWN", "COMMON-LISP-USER");

/// An [`Atom`] that owns what it is.
#[derive(Clone, Debug)]
enum Part {
    Integer(i32),
    Single(f32),
    Double(f64),
    Text(String),
}

fn part() -> impl Strategy<Value = Part> {
    prop_oneof![
        (-200..200).prop_map(Part::Integer),
        any::<i32>().prop_map(Part::Integer),
        any::<f32>().prop_map(Part::Single),
        any::<f64>().prop_map(Part::Double),
        ".{0,20}".prop_map(Part::Text),
        Just(Part::Text("long".repeat(256))),
        Just(Part::Text("long".repeat(257))),
    ]
}

/// What was saved when so many other names were, and the known one after them.
fn saved(others: usize) -> Sent {
    let (mut octets, mut sent) = (BytesMut::new(), Sent::new(1000));
    let peer = PeerProfile::extended();
    let mut out = Encoder::new(&mut octets, Some(&mut sent), &peer);
    (0..others).for_each(|other| out.keyword(&other.to_string()).unwrap());
    out.site(&KNOWN).unwrap();
    sent
}

fn whole(
    out: &mut Encoder<'_>,
    (want, id): (u8, u32),
    name: Name<'_>,
    parts: &[Part],
) -> Result<(), Unsendable> {
    out.call(want, id, name, parts.len())?;
    for part in parts {
        match part {
            Part::Integer(integer) => out.integer(i64::from(*integer))?,
            Part::Single(float) => out.single(*float)?,
            Part::Double(float) => out.double(*float)?,
            Part::Text(text) => out.string(text)?,
        }
    }
    out.finish()
}

fn small(
    buf: &mut BytesMut,
    sent: &Sent,
    peer: &PeerProfile,
    (want, id): (u8, u32),
    name: Name<'_>,
    parts: &[Part],
) -> bool {
    let begun = SmallCall::begin(buf, sent, peer, want, id, name, parts.len());
    begun.is_some_and(|mut out| {
        parts.iter().all(|part| {
            out.atom(match part {
                Part::Integer(integer) => Atom::Integer(*integer),
                Part::Single(float) => Atom::Single(*float),
                Part::Double(float) => Atom::Double(*float),
                Part::Text(text) => Atom::Text(text),
            })
        })
    })
}

fn name() -> impl Strategy<Value = Name<'static>> {
    prop_oneof![
        8 => Just(Name::Site(&KNOWN)),
        1 => Just(Name::Site(&UNKNOWN)),
        1 => Just(Name::Dynamic { name: "KNOWN", package: "COMMON-LISP-USER" }),
    ]
}

fn peer() -> impl Strategy<Value = PeerProfile> {
    let lacks = prop_oneof![
        5 => Just(None),
        1 => prop::sample::select(vec![Op::Call, Op::Small, Op::Single, Op::Double]).prop_map(Some),
    ];
    let text = prop_oneof![9 => Just(Text::Utf8), 1 => Just(Text::Latin1)];
    let weight = prop_oneof![1 => 0_u64..300, 1 => Just(u64::MAX)];
    let depth = prop_oneof![1 => 0_u32..3, 4 => Just(u32::MAX)];
    (lacks, text, weight, depth).prop_map(|(lacks, text, object_weight, depth)| {
        let reads = lacks.map_or(Reads::ALL, |op| Reads::ALL.without(op));
        PeerProfile { reads, text, object_weight, depth }
    })
}

proptest! {
    #[test]
    fn a_small_call_is_the_same_octets_or_nobodys(
        name in name(),
        peer in peer(),
        others in 0_usize..300,
        want in 0_u8..=6,
        id in any::<u32>(),
        parts in vec(part(), 0..5),
    ) {
        let mut sent = saved(others);
        let (mut short, mut long) = (BytesMut::new(), BytesMut::new());
        let is_small = small(&mut short, &sent, &peer, (want, id), name, &parts);
        let mut out = Encoder::new(&mut long, Some(&mut sent), &peer);
        let written = whole(&mut out, (want, id), name, &parts);
        if is_small {
            prop_assert_eq!(written, Ok(()));
            prop_assert_eq!(short, long);
        } else {
            // Only what an encoder alone can do is left to it.
            let long = |part: &Part| matches!(part, Part::Text(text) if text.len() > 1024);
            let known = matches!(name, Name::Site(site) if std::ptr::eq(site, &KNOWN));
            let deep = peer.depth > 0 || !parts.is_empty();
            let plain = known && peer.text == Text::Utf8 && deep && !parts.iter().any(long);
            prop_assert!(written.is_err() || !plain, "{written:?}");
        }
    }
}

#[test]
fn nobody_has_more_than_255_arguments() {
    let (mut octets, sent, peer) = (BytesMut::new(), saved(0), PeerProfile::extended());
    let parts = vec![Part::Integer(1); 256];
    let name = Name::Site(&KNOWN);
    assert!(small(&mut octets, &sent, &peer, (0, 0), name, &parts[1..]));
    assert!(!small(&mut octets, &sent, &peer, (0, 0), name, &parts));
}
