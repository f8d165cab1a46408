//! Random objects through encoder, scanner and decoder.

use std::sync::Arc;

use bytes::BytesMut;
use num_bigint::BigInt;
use proptest::collection::vec;
use proptest::prelude::*;

use crate::codec::tests::{Stream, outcome};
use crate::codec::{
    Decoder, Element, Encoder, Form, Head, Identity, Kind, Name, NoTokens, PeerProfile, Received,
    Scan, Sent, Shape, SymbolSite, Text, Unsendable,
};
use crate::limits::Limits;
use crate::token::Token;

static SHAPE: Shape = Shape::new(&["ID", "COMMAND", "HOST"]);
static SITES: [SymbolSite; 2] =
    [SymbolSite::new("ADD", "COMMON-LISP-USER"), SymbolSite::new("A0", "P")];

#[derive(Clone, Debug, PartialEq)]
enum Tree {
    Nil,
    Integer(i128),
    String(String),
    Symbol(String),
    Site(bool),
    Double(u64),
    Octets(Vec<u8>),
    Token(u32),
    Cons(Box<Self>, Box<Self>),
    List(Vec<Self>),
    Packed(Vec<i16>),
    Record([Box<Self>; 3]),
    Cached(Cached),
}

/// A tree that is one object, wherever it stands.
#[derive(Clone, Debug)]
struct Cached(Arc<(Identity, Tree)>);

impl PartialEq for Cached {
    fn eq(&self, other: &Self) -> bool {
        self.0.1 == other.0.1
    }
}

fn tree() -> impl Strategy<Value = Tree> {
    let leaf = prop_oneof![
        Just(Tree::Nil),
        any::<i128>().prop_map(Tree::Integer),
        any::<i64>().prop_map(|integer| Tree::Integer(integer.into())),
        (-200_i128..200).prop_map(Tree::Integer),
        ".{0,12}".prop_map(Tree::String),
        "[A-D][0-9]".prop_map(Tree::Symbol),
        any::<bool>().prop_map(Tree::Site),
        any::<u64>().prop_map(Tree::Double),
        vec(any::<u8>(), 0..20).prop_map(Tree::Octets),
        any::<u32>().prop_map(Tree::Token),
        vec(any::<i16>(), 1..9).prop_map(Tree::Packed),
    ];
    leaf.prop_recursive(6, 60, 6, |inner| {
        let boxed = inner.clone().prop_map(Box::new);
        prop_oneof![
            (boxed.clone(), boxed.clone()).prop_map(|(car, cdr)| Tree::Cons(car, cdr)),
            vec(inner.clone(), 0..6).prop_map(Tree::List),
            [boxed.clone(), boxed.clone(), boxed].prop_map(Tree::Record),
            inner.prop_map(|tree| Tree::Cached(Cached(Arc::new((Identity::new(), tree))))),
        ]
    })
}

impl Tree {
    /// What the classic dialect has instead.
    fn classic(self) -> Self {
        let all = |trees: Vec<Self>| trees.into_iter().map(Self::classic).collect();
        match self {
            Self::Double(bits) => Self::Integer(bits.into()),
            Self::Octets(octets) => {
                Self::List(octets.into_iter().map(|octet| Self::Integer(octet.into())).collect())
            }
            Self::Packed(numbers) => {
                Self::List(numbers.into_iter().map(|number| Self::Integer(number.into())).collect())
            }
            Self::List(items) => Self::List(all(items)),
            Self::Cons(car, cdr) => Self::Cons(Box::new(car.classic()), Box::new(cdr.classic())),
            Self::Record(fields) => Self::Record(fields.map(|field| Box::new(field.classic()))),
            Self::Cached(Cached(cached)) => {
                let tree = cached.1.clone().classic();
                Self::Cached(Cached(Arc::new((Identity::new(), tree))))
            }
            tree => tree,
        }
    }

    fn write(&self, out: &mut Encoder<'_>) -> Result<(), Unsendable> {
        match self {
            Self::Nil => out.nil(),
            Self::Integer(integer) if integer % 2 == 0 => out.wide(*integer),
            Self::Integer(integer) => out.bignum(&BigInt::from(*integer)),
            Self::String(text) => out.string(text),
            Self::Symbol(name) => out.symbol(name, "P"),
            Self::Site(second) => out.site(&SITES[usize::from(*second)]),
            Self::Double(bits) => out.double(f64::from_bits(*bits)),
            Self::Octets(octets) => out.octets(octets),
            Self::Token(id) => out.token(Token::new(1, 2, *id)),
            Self::Cons(car, cdr) => {
                out.cons()?;
                car.write(out)?;
                cdr.write(out)
            }
            Self::List(items) => {
                let mut list = out.list(items.len())?;
                items.iter().try_for_each(|item| item.write(list.element()?))?;
                list.end()
            }
            Self::Packed(numbers) => {
                out.packed(Element::I16, Form::List, numbers.iter().map(|n| n.to_be_bytes()))
            }
            Self::Record(fields) => {
                let mut record = out.record(&SHAPE)?;
                for field in fields {
                    if let Some(out) = record.field(**field == Self::Nil)? {
                        out.one(|out| field.write(out))?;
                    }
                }
                record.end()
            }
            Self::Cached(Cached(cached)) => out.cached(&cached.0, |out| cached.1.write(out)),
        }
    }

    /// Reads what `self` was written as, by its type, and compares.
    fn check(&self, input: &mut Decoder<'_>) {
        match self {
            Self::Nil => input.nil().unwrap(),
            Self::Integer(integer) => {
                assert_eq!(input.number().unwrap().to_bigint(), BigInt::from(*integer));
            }
            Self::String(text) => assert_eq!(input.string().unwrap(), *text),
            Self::Symbol(name) => assert!(input.symbol().unwrap().is(name, "P")),
            Self::Site(second) => {
                let site = &SITES[usize::from(*second)];
                assert!(input.symbol().unwrap().is(site.name(), site.package()));
            }
            Self::Double(bits) => assert_eq!(input.double().unwrap().to_bits(), *bits),
            Self::Octets(octets) => assert_eq!(input.octets().unwrap(), octets),
            Self::Token(id) => assert_eq!(input.token().unwrap(), Token::new(1, 2, *id)),
            Self::Cons(car, cdr) => Self::check_cons(car, cdr, input),
            Self::List(items) => {
                let mut list = input.list().unwrap();
                items.iter().for_each(|item| item.check(list.next().unwrap().unwrap()));
                list.finish("the list").unwrap();
            }
            Self::Packed(numbers) => {
                let mut list = input.list().unwrap();
                for number in numbers {
                    let element = list.next().unwrap().unwrap();
                    assert_eq!(element.integer().unwrap(), i64::from(*number));
                }
                assert!(list.next().unwrap().is_none());
            }
            Self::Record(fields) => Self::check_record(fields, input),
            Self::Cached(Cached(cached)) => cached.1.check(input),
        }
    }

    fn check_cons(car: &Self, cdr: &Self, input: &mut Decoder<'_>) {
        let mut list = input.list().unwrap();
        car.check(list.next().unwrap().unwrap());
        if cdr.is_atom() {
            cdr.check(list.tail().unwrap().unwrap());
        }
        // What is left of a longer list is passed over.
        drop(list);
    }

    fn is_atom(&self) -> bool {
        match self {
            Self::Cached(Cached(cached)) => cached.1.is_atom(),
            Self::Cons(..) | Self::List(_) | Self::Packed(_) | Self::Record(_) | Self::Nil => false,
            _ => true,
        }
    }

    fn check_record(fields: &[Box<Self>; 3], input: &mut Decoder<'_>) {
        let mut seen = [false; 3];
        let mut record = input.record("Job").unwrap();
        while let Some(key) = record.key().unwrap() {
            let at = SHAPE.keys().iter().position(|name| *name == key).unwrap();
            seen[at] = true;
            // Unread values are passed over.
            if at != 1 {
                fields[at].check(record.value());
            }
        }
        for (at, field) in fields.iter().enumerate() {
            assert!(seen[at] || **field == Self::Nil, "{at}");
        }
    }
}

/// Writes the trees as top-level objects, and says the weight and depth that each was charged.
fn write(trees: &[Tree], peer: &PeerProfile) -> (Vec<u8>, Vec<u64>) {
    let (mut buf, mut sent) = (BytesMut::new(), Sent::new(12));
    let mut out = Encoder::new(&mut buf, Some(&mut sent), peer);
    let weigh = |tree: &Tree| {
        tree.write(&mut out).unwrap();
        out.finish().unwrap();
        out.weight()
    };
    let weights = trees.iter().map(weigh).collect();
    (buf.to_vec(), weights)
}

fn check_all(trees: &[Tree], peer: &PeerProfile, piece: usize) {
    let (bytes, weights) = write(trees, peer);
    let limits = Limits::default();
    let mut whole = Stream::new(&limits);
    let found = whole.feed(&bytes).unwrap();
    assert_eq!(found.len(), trees.len());
    for ((tree, (scan, object)), charged) in trees.iter().zip(&found).zip(&weights) {
        let Scan::Object { len, weight, .. } = scan else { panic!("{scan:?}") };
        assert_eq!((object.len(), weight), (*len, charged));
        let mut input = Decoder::new(object, &whole.received, Text::Utf8, &NoTokens);
        tree.check(&mut input);
        assert!(input.is_at_end());
        // Expanded, it reads the same with no cache at all.
        let mut expanded = Vec::new();
        Decoder::new(object, &whole.received, Text::Utf8, &NoTokens).expand(&mut expanded).unwrap();
        let empty = Received::new(&limits, Text::Utf8);
        tree.check(&mut Decoder::new(&expanded, &empty, Text::Utf8, &NoTokens));
        assert!(expanded.len() as u64 <= *weight);
        splice_weighs_the_same(&expanded, *weight, peer);
    }
    let pieces = Stream::new(&limits).feed_pieces(&bytes, piece);
    assert_eq!(outcome(pieces), outcome(found));
}

/// Cached objects are saved the first time, and looked up the second.
fn twice(trees: Vec<Tree>) -> Vec<Tree> {
    [trees.clone(), trees].concat()
}

fn splice_weighs_the_same(object: &[u8], weight: u64, peer: &PeerProfile) {
    let mut buf = BytesMut::new();
    let mut out = Encoder::new(&mut buf, None, peer);
    out.splice(object).unwrap();
    assert_eq!(out.weight(), weight);
    assert_eq!(&buf[..], object);
}

proptest! {
    #[test]
    fn extended_objects_read_back_at_any_cut(trees in vec(tree(), 1..6), piece in 1_usize..50) {
        check_all(&twice(trees), &PeerProfile::extended(), piece);
    }

    #[test]
    fn classic_objects_read_back_at_any_cut(trees in vec(tree(), 1..6), piece in 1_usize..50) {
        let trees = trees.into_iter().map(Tree::classic).collect();
        check_all(&twice(trees), &PeerProfile::classic(), piece);
    }

    #[test]
    fn the_encoder_refuses_what_the_scanner_refuses(
        tree in tree(), weight in 16_u64..600, depth in 0_u32..6
    ) {
        let mut peer = PeerProfile::extended();
        let (bytes, _) = write(std::slice::from_ref(&tree), &peer);
        (peer.object_weight, peer.depth) = (weight, depth);
        let mut buf = BytesMut::new();
        let mut sent = Sent::new(6);
        let sends = tree.write(&mut Encoder::new(&mut buf, Some(&mut sent), &peer)).is_ok();
        let limits = Limits::default().object_weight(weight).depth(depth);
        let found = Stream::new(&limits).feed(&bytes).unwrap();
        let reads = matches!(found[..], [(Scan::Object { .. }, _)]);
        prop_assert_eq!(sends, reads);
    }

    #[test]
    fn random_bytes_never_panic(bytes in vec(prop_oneof![0_u8..30, any::<u8>()], 0..200)) {
        let limits = Limits::default();
        let mut stream = Stream::new(&limits);
        let _ = stream.feed(&bytes);
        let mut input = Decoder::new(&bytes, &stream.received, Text::Utf8, &NoTokens);
        for _ in 0..50 {
            let _ = (input.kind(), input.is_nil(), input.is_call(), input.clone().record("x").is_ok());
            let _ = input.clone().expand(&mut Vec::new());
            let _ = (input.clone().call_head().is_ok(), Head::read(input.rest(), &stream.received));
            if let Ok(mut list) = input.clone().list() {
                while let Ok(Some(element)) = list.next() {
                    let _ = element.item();
                }
            }
            if input.item().is_err() {
                break;
            }
        }
    }
}

#[test]
fn heads_of_calls_read_back() {
    let (mut buf, mut sent, peer) = (BytesMut::new(), Sent::new(9), PeerProfile::extended());
    let mut out = Encoder::new(&mut buf, Some(&mut sent), &peer);
    for (want, id) in [(0, 0), (1, 300), (6, u32::MAX)] {
        out.call(want, id, Name::Site(&SITES[0]), 1).unwrap();
        out.integer(7).unwrap();
    }
    out.funcall(Name::Dynamic { name: "F", package: "P" }, 6).unwrap();
    (0..6).for_each(|n| out.integer(n).unwrap());
    out.return_(5, 0).unwrap();
    out.return_(6, 2).unwrap();
    out.nil().unwrap();
    out.boolean(true).unwrap();
    out.unwound(7).unwrap();
    out.nil().unwrap();
    out.release(8, 1000).unwrap();
    out.cancel(9).unwrap();
    out.ping(10).unwrap();
    out.pong(11).unwrap();
    out.goodbye("bye").unwrap();
    out.finish().unwrap();

    let mut stream = Stream::new(&Limits::default());
    let found = stream.feed_pieces(&buf, 1);
    let heads: Vec<_> =
        found.iter().map(|(_, object)| Head::read(object, &stream.received)).collect();
    assert_eq!(heads.len(), 12);
    for (head, wanted) in heads.iter().zip([(0, 0), (1, 300), (6, u32::MAX)]) {
        let Head::Call { want, id, function, argc: 1, args: [19, 7] } = head else {
            panic!("{head:?}")
        };
        assert_eq!((*want, *id), wanted);
        assert_eq!(*function, crate::codec::FunctionRef::Index(0));
    }
    let Head::Funcall { argc: 6, .. } = heads[3] else { panic!("{:?}", heads[3]) };
    assert!(matches!(heads[4], Head::Return { id: 5, n: 0, values: [] }));
    assert!(matches!(heads[5], Head::Return { id: 6, n: 2, .. }));
    assert!(matches!(heads[6], Head::Unwound { id: 7, .. }));
    assert!(matches!(heads[7], Head::Release { object: 8, count: 1000 }));
    assert!(matches!(heads[8], Head::Cancel { id: 9 }));
    assert!(matches!(heads[9], Head::Ping { cookie: 10 }));
    assert!(matches!(heads[10], Head::Pong { cookie: 11 }));
    assert!(matches!(heads[11], Head::Goodbye { .. }));
}

#[test]
fn a_rolled_back_symbol_is_saved_again_at_the_same_index() {
    let (mut sent, peer) = (Sent::new(9), PeerProfile::classic());
    let write = |sent: &mut Sent| {
        let mut buf = BytesMut::new();
        Encoder::new(&mut buf, Some(sent), &peer).site(&SITES[0]).unwrap();
        buf.to_vec()
    };
    let first = write(&mut sent);
    assert_eq!(write(&mut sent), [11, 0, 0, 0, 0]);
    sent.rollback(0);
    assert_eq!(write(&mut sent), first);
    sent.forget(0..1);
    assert_eq!(write(&mut sent)[..5], [10, 0, 0, 0, 1]);
    assert_eq!(write(&mut sent), [11, 0, 0, 0, 1]);
}

#[test]
fn a_writer_of_two_objects_or_none_is_found_out() {
    let peer = PeerProfile::extended();
    for objects in [0, 2] {
        let mut buf = BytesMut::new();
        let mut out = Encoder::new(&mut buf, None, &peer);
        let mut list = out.list(1).unwrap();
        let element = list.element().unwrap();
        (0..objects).for_each(|_| element.nil().unwrap());
        assert_eq!(list.end(), Err(Unsendable::NotOneObject));
        let wrong =
            Encoder::new(&mut buf, None, &peer).one(|out| (0..objects).try_for_each(|_| out.nil()));
        assert_eq!(wrong, Err(Unsendable::NotOneObject));
    }
}

#[test]
fn names_beyond_the_cache_go_out_whole() {
    let (mut buf, mut sent, peer) = (BytesMut::new(), Sent::new(1), PeerProfile::classic());
    let mut out = Encoder::new(&mut buf, Some(&mut sent), &peer);
    ["A", "B", "B"].iter().for_each(|name| out.symbol(name, "P").unwrap());
    assert_eq!(&buf[16..], b"\x09\0\0\0\x01B\0\0\0\x01P\x09\0\0\0\x01B\0\0\0\x01P");
    let mut input = Stream::new(&Limits::default());
    assert_eq!(input.feed(&buf).unwrap().len(), 3);
    let kinds = Decoder::new(&buf, &input.received, Text::Utf8, &NoTokens).kind();
    assert_eq!(kinds, Kind::Symbol);
}
