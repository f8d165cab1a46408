//! Lists whose elements are written and read in the short way are as those of the long way.

use proptest::collection::vec;
use proptest::option;

use super::*;
use crate::codec::{Op, Reads};
use wire_macros::{FromWire, ToWire};

#[derive(Clone, Debug, FromWire, PartialEq, ToWire)]
struct Row {
    small: i8,
    number: i64,
    large: u64,
    text: String,
    ratio: f64,
    half: f32,
    flag: bool,
    note: Option<String>,
    inner: Option<Box<Inner>>,
}

#[derive(Clone, Debug, FromWire, PartialEq, ToWire)]
struct Inner {
    id: Id,
    unit: (),
}

#[derive(Clone, Debug, FromWire, PartialEq, ToWire)]
#[wire(transparent)]
struct Id(u32);

/// One that is never flat, beside some that are.
#[derive(Clone, Debug, FromWire, PartialEq, ToWire)]
struct Mixed {
    number: i64,
    rows: Vec<Inner>,
    wide: i128,
}

/// Goes the long way, and is the same on the wire.
#[derive(Debug)]
struct Long<T>(T);

impl<T: ToWire> ToWire for Long<T> {
    fn to_wire(&self, out: &mut Encoder<'_>) -> Result<(), Unsendable> {
        self.0.to_wire(out)
    }
}

impl<T: FromWire> FromWire for Long<T> {
    fn from_wire(input: &mut Decoder<'_>) -> Result<Self, WrongType> {
        T::from_wire(input).map(Self)
    }
}

fn numbers() -> impl Strategy<Value = i64> {
    (any::<i64>(), 0_u32..64).prop_map(|(number, shift)| number >> shift)
}

fn row() -> impl Strategy<Value = Row> {
    let words = || prop_oneof![9 => ".{0,6}", 9 => "[a-z]{0,40}", 1 => "[a-z]{500,600}"];
    let inner = any::<u32>().prop_map(|id| Box::new(Inner { id: Id(id), unit: () }));
    let rest = (any::<bool>(), option::of(words()), option::of(inner));
    (numbers(), numbers(), words(), any::<f64>(), rest).prop_map(
        |(number, large, text, ratio, (flag, note, inner))| Row {
            small: number as i8,
            number,
            large: large as u64,
            text,
            ratio,
            half: ratio as f32,
            flag,
            note,
            inner,
        },
    )
}

fn mixed() -> impl Strategy<Value = Mixed> {
    (numbers(), vec(any::<u32>(), 0..3), any::<i128>()).prop_map(|(number, ids, wide)| Mixed {
        number,
        rows: ids.into_iter().map(|id| Inner { id: Id(id), unit: () }).collect(),
        wide,
    })
}

/// What comes of writing these one after the other: octets, weight, and how much is saved.
fn written(
    lists: &[&dyn ToWire],
    peer: &PeerProfile,
    begun: impl Fn(&mut Sent),
) -> (Vec<Result<u64, Unsendable>>, BytesMut, u32) {
    let (mut octets, mut sent) = (BytesMut::new(), Sent::new(100));
    begun(&mut sent);
    let mut weights = Vec::new();
    for list in lists {
        let (before, saved) = (octets.len(), sent.len());
        let mut out = Encoder::new(&mut octets, Some(&mut sent), peer);
        let result = list.to_wire(&mut out).and_then(|()| out.finish()).map(|()| out.weight());
        if result.is_err() {
            octets.truncate(before);
            sent.rollback(saved);
        }
        weights.push(result);
    }
    (weights, octets, sent.len())
}

/// Writes lists in both ways, to a peer with limits and to one without, and reads them in both ways,
/// also with an octet that nobody wrote.
fn same_both_ways<T: ToWire + FromWire + Clone + Debug>(
    lists: &[Vec<T>],
    limits: (u64, u32),
    flip: (usize, u8),
) -> Result<(), TestCaseError> {
    let long: Vec<Vec<Long<T>>> =
        lists.iter().map(|list| list.iter().cloned().map(Long).collect()).collect();
    let short: Vec<&dyn ToWire> = lists.iter().map(|list| list as &dyn ToWire).collect();
    let long: Vec<&dyn ToWire> = long.iter().map(|list| list as &dyn ToWire).collect();
    let mut limited = PeerProfile::extended();
    (limited.object_weight, limited.depth) = limits;
    let mut older = PeerProfile::extended();
    older.reads = Reads::ALL.without(Op::Small);
    for peer in [&EXTENDED, &limited, &older] {
        for full in [0, 126, 200] {
            // So many indexes are taken already.
            let begun = |sent: &mut Sent| {
                for number in 0..full {
                    sent.save_symbol(number.to_string().as_bytes(), b"P");
                }
            };
            prop_assert_eq!(written(&short, peer, begun), written(&long, peer, begun));
        }
    }
    let mut sendings = try_send(&short, &EXTENDED).unwrap();
    let (at, octet) = flip;
    for changed in [false, true] {
        if changed {
            let at = at % sendings.bytes.len();
            sendings.bytes[at] = octet;
        }
        let (mut one, mut other) = (sendings.input(), sendings.input());
        for _ in lists {
            let short = Vec::<T>::from_wire(&mut one);
            let long = Vec::<Long<T>>::from_wire(&mut other);
            let long = long.map(|items| items.into_iter().map(|item| item.0).collect::<Vec<T>>());
            // Not a number is not equal to itself.
            prop_assert_eq!(format!("{short:?}"), format!("{long:?}"));
            prop_assert_eq!(one.rest(), other.rest());
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn rows_are_the_same_both_ways(
        lists in vec(vec(row(), 0..20), 1..4),
        limits in (0_u64..2000, 0_u32..6),
        flip in any::<(usize, u8)>(),
    ) {
        same_both_ways(&lists, limits, flip)?;
    }

    #[test]
    fn others_are_the_same_both_ways(
        lists in vec(vec(mixed(), 0..6), 1..4),
        texts in vec(vec(".{0,20}", 0..30), 1..4),
        limits in (0_u64..1000, 0_u32..6),
        flip in any::<(usize, u8)>(),
    ) {
        same_both_ways(&lists, limits, flip)?;
        same_both_ways(&texts, limits, flip)?;
    }
}

/// Counts how often it is asked in the short way.
#[derive(Clone, Debug)]
struct Asked<'a>(&'a std::cell::Cell<u32>);

impl ToWire for Asked<'_> {
    fn to_wire(&self, out: &mut Encoder<'_>) -> Result<(), Unsendable> {
        out.integer(1)
    }

    fn flat_to_wire(&self, out: &mut FlatEncoder<'_>) -> Option<()> {
        self.0.set(self.0.get() + 1);
        out.integer(1)?;
        None
    }
}

#[test]
fn what_is_not_flat_is_tried_twice_in_a_list_and_leaves_nothing() {
    let asked = std::cell::Cell::new(0);
    let list = vec![Asked(&asked); 50];
    assert_eq!(send(&list, &EXTENDED).read::<Vec<u8>>(), Ok(vec![1; 50]));
    assert_eq!(asked.get(), 2);
}
