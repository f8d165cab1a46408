use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::fmt::Debug;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use num_bigint::{BigInt, BigUint};
use proptest::prelude::*;

use super::*;
use crate::codec::{NoTokens, PeerProfile, Received, Scan, Scanner, Sent, Shape, Text};
use crate::limits::Limits;
use crate::object::Remote;
use crate::token::Token;
use crate::value::tests::{classic, extended, nested, on_a_small_stack};
use crate::value::{Symbol, Value};

#[cfg(feature = "serde")]
mod serde;

const CLASSIC: PeerProfile = PeerProfile::classic();
const EXTENDED: PeerProfile = PeerProfile::extended();

/// What the peer received and has not read yet.
struct Sendings {
    bytes: BytesMut,
    received: Received,
}

impl Sendings {
    fn input(&self) -> Decoder<'_> {
        Decoder::new(&self.bytes, &self.received, Text::Utf8, &NoTokens)
    }

    fn read<T: FromWire>(&self) -> Result<T, WrongType> {
        let mut input = self.input();
        let value = T::from_wire(&mut input)?;
        assert!(input.is_at_end(), "read in part: {input:?}");
        Ok(value)
    }
}

/// Writes these as top-level objects and has them scanned.
fn try_send(objects: &[&dyn ToWire], peer: &PeerProfile) -> Result<Sendings, Unsendable> {
    let (mut bytes, mut sent) = (BytesMut::new(), Sent::new(1000));
    for object in objects {
        let mut out = Encoder::new(&mut bytes, Some(&mut sent), peer);
        object.to_wire(&mut out)?;
        out.finish()?;
    }
    Ok(scanned(bytes))
}

/// Has the scanner find the objects.
fn scanned(bytes: BytesMut) -> Sendings {
    let limits = Limits::default()
        .depth(u32::MAX)
        .object_weight(u64::MAX)
        .symbol_length(u32::MAX)
        .cache_entries(u32::MAX)
        .cache_bytes(u64::MAX);
    let mut received = Received::new(&limits, Text::Utf8);
    let mut scanner = Scanner::new(&limits);
    let mut at = 0;
    while at < bytes.len() {
        match scanner.scan(&bytes[at..], &mut received) {
            Ok(Scan::Object { len, .. }) => at += len,
            other => panic!("{other:?}"),
        }
    }
    Sendings { bytes, received }
}

fn send(object: &dyn ToWire, peer: &PeerProfile) -> Sendings {
    try_send(&[object], peer).unwrap()
}

/// Sends and reads back, in the extended dialect and, if it goes, in the classic one.
#[track_caller]
fn extended_trip<T: ToWire + FromWire + Debug + PartialEq>(value: T) {
    assert_eq!(send(&value, &EXTENDED).read::<T>().as_ref(), Ok(&value));
    // Among others it is read to its end and not further.
    let sendings = try_send(&[&(&value, 5_u8), &7_u8], &EXTENDED).unwrap();
    let mut input = sendings.input();
    assert_eq!(<(T, u8)>::from_wire(&mut input).unwrap(), (value, 5));
    assert_eq!(input.integer(), Ok(7));
}

#[track_caller]
fn trip<T: ToWire + FromWire + Debug + PartialEq>(value: T) {
    assert_eq!(send(&value, &CLASSIC).read::<T>().as_ref(), Ok(&value));
    extended_trip(value);
}

/// What a value is in Lisp.
#[track_caller]
fn is_lisp(value: impl ToWire, lisp: &str) {
    let expected = Value::read(lisp).unwrap();
    assert_eq!(send(&value, &EXTENDED).read::<Value>().as_ref(), Ok(&expected));
    match try_send(&[&value], &CLASSIC) {
        Ok(sendings) => assert_eq!(sendings.read::<Value>().as_ref(), Ok(&expected)),
        Err(error) => assert!(matches!(error, Unsendable::Dialect { .. }), "{error}"),
    }
}

/// Reads a `T` where this Lisp stands.
#[track_caller]
fn wrong<T: FromWire + Debug>(lisp: &str, message: &str) {
    let value = Value::read(lisp).unwrap();
    let error = send(&value, &EXTENDED).read::<T>().unwrap_err();
    assert_eq!(error.to_string(), message);
    if let Ok(sendings) = try_send(&[&value], &CLASSIC) {
        assert_eq!(sendings.read::<T>().unwrap_err().to_string(), message);
    }
}

#[test]
fn integers_cross() {
    macro_rules! both_ends {
        ($($integer:ty)*) => {
            $(for integer in [<$integer>::MIN, 0, 1, 100, <$integer>::MAX] {
                trip(integer);
                trip(vec![integer; 3]);
            })*
        };
    }
    both_ends!(i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize);
    let large = BigInt::from(u128::MAX) * BigInt::from(u128::MAX);
    for big in [large.clone(), -large, BigInt::from(0), BigInt::from(i64::MIN)] {
        trip(big);
    }
    trip(BigUint::from(u128::MAX) * 3_u8);
    for power in 0..127 {
        let integer = 1_i128 << power;
        trip([integer, -integer, integer - 1, !integer]);
    }
}

#[test]
fn integers_out_of_range_say_which() {
    wrong::<u8>("300", "expected u8, found the integer 300");
    wrong::<u8>("-1", "expected u8, found the integer -1");
    wrong::<u64>("-1", "expected u64, found the integer -1");
    wrong::<i32>("2147483648", "expected i32, found the integer 2147483648");
    wrong::<i64>("9223372036854775808", "expected i64, found the integer 9223372036854775808");
    wrong::<BigUint>("-7", "expected BigUint, found the integer -7");
    let huge = Value::from(BigInt::from(1) << 500_u32);
    let error = send(&huge, &CLASSIC).read::<i128>().unwrap_err();
    assert_eq!(error.to_string(), "expected i128, found an integer of 512 bits");
    wrong::<i64>("\"abc\"", "expected i64, found the string \"abc\"");
    wrong::<i64>("nil", "expected i64, found NIL");
    wrong::<Vec<u8>>("(1 300)", "expected u8, found the integer 300, in element 1");
}

#[test]
fn packed_numbers_are_read_as_any_numbers() {
    let sendings = send(&vec![1_i64, -2, 300], &EXTENDED);
    assert_eq!(sendings.bytes.len(), 6 + 3 * 8);
    assert_eq!(sendings.read::<Vec<i16>>(), Ok(vec![1, -2, 300]));
    assert_eq!(sendings.read::<Vec<f64>>(), Ok(vec![1.0, -2.0, 300.0]));
    assert_eq!(sendings.read::<(i8, i128, u32)>(), Ok((1, -2, 300)));
    assert_eq!(sendings.read::<Vec<Value>>(), Ok([1, -2, 300].map(Value::from).to_vec()));
    let error = sendings.read::<Vec<u8>>().unwrap_err();
    assert_eq!(error.to_string(), "expected u8, found the integer -2, in element 1");
    let error = sendings.read::<Vec<String>>().unwrap_err();
    assert_eq!(error.to_string(), "expected String, found the integer 1, in element 0");
}

#[test]
fn texts_cross() {
    for text in ["", "abc", "größe ∀ 🦀", "\0\"\\"] {
        trip(text.to_owned());
        is_lisp(text, &Value::from(text).to_string());
        trip::<Box<str>>(text.into());
        trip::<Arc<str>>(text.into());
        trip::<Cow<'static, str>>(Cow::Owned(text.to_owned()));
    }
    trip('ß');
    trip(vec!["a".to_owned(), "b".to_owned()]);
    is_lisp('x', "\"x\"");
    wrong::<char>("\"xy\"", "expected char, found a string of 2 characters");
    wrong::<char>("\"\"", "expected char, found a string of 0 characters");
    wrong::<String>("7", "expected String, found the integer 7");
    wrong::<Arc<str>>("abc", "expected String, found the symbol COMMON-LISP-USER::ABC");
}

#[test]
fn symbols_cross() {
    trip(Symbol::new("ADD", "COMMON-LISP-USER"));
    trip(Symbol::keyword("KEY"));
    trip(Symbol::nil());
    trip(vec![Symbol::t(), Symbol::t(), Symbol::nil()]);
    wrong::<Symbol>("7", "expected Symbol, found the integer 7");
}

#[test]
fn nil_is_false_nothing_none_and_the_empty_list() {
    for nil in [
        &false as &dyn ToWire,
        &(),
        &None::<i64>,
        &Vec::<i64>::new(),
        &Vec::<String>::new(),
        &HashMap::<String, i64>::new(),
        &Value::Nil,
        &Symbol::nil(),
        &[0_u8; 0],
    ] {
        for peer in [&CLASSIC, &EXTENDED] {
            let sent = send(nil, peer);
            assert_eq!(sent.read(), Ok(false));
            assert_eq!(sent.read(), Ok(()));
            assert_eq!(sent.read(), Ok(None::<String>));
            assert_eq!(sent.read(), Ok(None::<Vec1>));
            assert_eq!(sent.read(), Ok(Vec::<String>::new()));
            assert_eq!(sent.read(), Ok(Vec::<f64>::new()));
            assert_eq!(sent.read(), Ok(Vector::<i64>(vec![])));
            assert_eq!(sent.read(), Ok([0_u8; 0]));
            assert_eq!(sent.read(), Ok(BTreeMap::<i64, i64>::new()));
            assert_eq!(sent.read(), Ok(Value::Nil));
            assert_eq!(sent.read(), Ok(Symbol::nil()));
            assert_eq!(sent.read(), Ok((None::<i64>, false)));
        }
    }
    assert_eq!(bool::nil(), Some(false));
    assert_eq!(<()>::nil(), Some(()));
    assert_eq!(Option::<i64>::nil(), Some(None));
    assert_eq!(Vec::<i64>::nil(), Some(vec![]));
    assert_eq!(<(bool, Option<i64>)>::nil(), Some((false, None)));
    assert_eq!(Box::<bool>::nil(), Some(Box::new(false)));
    assert_eq!((i64::nil(), String::nil(), f64::nil()), (None, None, None));
    assert_eq!(<(bool, i64)>::nil(), None);
    wrong::<()>("7", "expected NIL, found the integer 7");
}

type Vec1 = Vector<i64>;

#[test]
fn booleans_are_t_and_nil_and_nothing_else() {
    trip(true);
    trip(vec![true, false]);
    is_lisp(true, "t");
    wrong::<bool>("7", "expected bool, found the integer 7");
    wrong::<bool>(":t", "expected bool, found the symbol :T");
}

#[test]
fn options_cross() {
    trip(Some(7));
    trip(None::<String>);
    trip(vec![Some("a".to_owned()), None]);
    trip(Some((1, false)));
    assert!(None::<i64>.is_absent() && !Some(1).is_absent() && !false.is_absent());
    assert!(Box::new(None::<i64>).is_absent() && Arc::new(None::<i64>).is_absent());
    wrong::<Option<i64>>("t", "expected i64, found the symbol COMMON-LISP::T");
}

#[test]
fn lists_cross() {
    trip(vec![vec![1_u8], vec![], vec![2, 3]]);
    trip([1.to_string(), 2.to_string()]);
    trip(VecDeque::from([1, 2]));
    trip(BTreeSet::from([1, 2]));
    trip(HashSet::from([1, 2]));
    trip(Box::<[i64]>::from([1, 2]));
    is_lisp(&[1, 2][..], "(1 2)");
    is_lisp([Some(1), None], "(1 nil)");
    wrong::<Vec<i64>>("7", "expected a list, found the integer 7");
    wrong::<Vec<i64>>("(1 . 2)", "expected a proper list, found a dotted list");
    wrong::<Vec<String>>("(\"a\" 2)", "expected String, found the integer 2, in element 1");
    wrong::<[i64; 3]>("(1 2)", "expected a list of 3 elements, found one of 2");
    wrong::<Vec<Vec<i64>>>("((1) (1 nil))", "expected i64, found NIL, in element 1, in element 1");
}

#[test]
fn tuples_are_lists() {
    trip((1_u8, "a".to_owned()));
    trip((1, (2, 3), vec![4]));
    trip((0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11));
    is_lisp((1, "a", None::<i64>), "(1 \"a\" nil)");
    wrong::<(i64, i64)>("(1)", "expected i64, found nothing, in element 1");
    wrong::<(i64, i64)>("(1 2 3)", "expected the end of tuple, found the integer 3");
    wrong::<(i64, i64)>("(1 \"b\")", "expected i64, found the string \"b\", in element 1");
    wrong::<(i64, i64)>("7", "expected a list, found the integer 7");
    let value = Value::read("(1)").unwrap();
    assert_eq!(send(&value, &CLASSIC).read::<(i64, Option<i64>)>(), Ok((1, None)));
}

#[test]
fn maps_are_alists() {
    trip(BTreeMap::from([("a".to_owned(), 1), ("b".to_owned(), 2)]));
    trip(HashMap::from([(1, "a".to_owned()), (2, "b".to_owned())]));
    trip(BTreeMap::from([(1, vec![2, 3]), (2, vec![])]));
    trip(BTreeMap::from([("a".to_owned(), BTreeMap::from([(1, vec!["x".to_owned()])]))]));
    is_lisp(BTreeMap::from([("a", 1), ("b", 2)]), "((\"a\" . 1) (\"b\" . 2))");
    is_lisp(BTreeMap::from([("a", vec![1, 2])]), "((\"a\" 1 2))");
    wrong::<HashMap<i64, i64>>("7", "expected an alist, found the integer 7");
    wrong::<HashMap<i64, i64>>(
        "(7)",
        "expected a pair of key and value, found the integer 7, in element 0",
    );
    wrong::<HashMap<i64, i64>>("((1 2))", "expected i64, found a list, in element 0");
    wrong::<HashMap<String, i64>>(
        "((1 . 2))",
        "expected String, found the integer 1, in element 0",
    );
}

#[test]
fn a_pair_may_come_as_a_list() {
    // As a list, packed, and as a record, where only the extended dialect has these.
    let lists = Value::read("((1 2 3) (4) (5 nil))").unwrap();
    let map = BTreeMap::from([(1, vec![Some(2), Some(3)]), (4, vec![]), (5, vec![None])]);
    assert_eq!(send(&lists, &EXTENDED).read(), Ok(map.clone()));
    assert_eq!(send(&lists, &CLASSIC).read(), Ok(map));
    let packed = vec![vec![1_u8, 2, 3], vec![4]];
    let map = BTreeMap::from([(1, vec![2, 3]), (4, vec![])]);
    assert_eq!(send(&packed, &EXTENDED).read(), Ok(map));
    let twice = Value::read("((1 . 2) (1 . 3))").unwrap();
    assert_eq!(send(&twice, &EXTENDED).read(), Ok(BTreeMap::from([(1, 2)])));
}

#[test]
fn floats_and_octets_need_a_peer_that_knows_them() {
    for float in [0.0, -0.0, 1.5, f64::MAX, f64::INFINITY] {
        extended_trip(float);
        extended_trip(vec![float, 1.0]);
    }
    extended_trip(1.5_f32);
    extended_trip(vec![1.5_f32; 7]);
    extended_trip(Vector(vec![1.5, 2.5]));
    extended_trip(Vector(vec!["a".to_owned()]));
    extended_trip(Some(Vector::<String>(vec![])));
    extended_trip(Some(Vector::<u8>(vec![])));
    extended_trip(Bytes::from_static(b""));
    extended_trip(Bytes::from_static(b"\x00\xff"));
    assert_eq!(send(&1.5_f32, &EXTENDED).read(), Ok(1.5_f64));
    is_lisp(Vector(vec![1, 2]), "#(1 2)");
    is_lisp(Vector(vec!["a"]), "#(\"a\")");
    is_lisp(Bytes::from_static(b"\x0a"), "#{0a}");
    let said = |object: &dyn ToWire| try_send(&[object], &CLASSIC).err().unwrap().to_string();
    for (object, type_name) in [
        (&1.5 as &dyn ToWire, "double-float"),
        (&vec![1.5], "double-float"),
        (&1.5_f32, "single-float"),
        (&Bytes::new(), "byte string"),
        (&Vector(vec![1]), "vector"),
        (&Value::from(1.5), "double-float"),
        (&Value::vector([1]), "vector"),
    ] {
        let said = said(object);
        assert!(said.contains(type_name) && said.contains("send"), "{said}");
    }
    wrong::<Bytes>("\"a\"", "expected octets, found the string \"a\"");
    wrong::<f32>("1.5d0", "expected f32, found a double-float");
}

#[test]
fn an_integer_is_a_float_if_it_is_exactly_one() {
    for exact in [0, 1, -7, 1 << 53, -(1 << 53), 3 << 60] {
        let sendings = send(&exact, &CLASSIC);
        assert_eq!(sendings.read::<f64>().map(|float| float as i128), Ok(exact));
    }
    wrong::<f64>("9007199254740993", "expected f64, found the integer 9007199254740993");
    assert_eq!(send(&(1 << 24), &CLASSIC).read(), Ok(16_777_216_f32));
    wrong::<f32>("16777217", "expected f32, found the integer 16777217");
}

#[test]
fn durations_are_nanoseconds() {
    trip(Duration::ZERO);
    trip(Duration::new(5, 999_999_999));
    trip(Duration::MAX);
    trip(Some(Duration::from_millis(1)));
    is_lisp(Duration::from_micros(3), "3000");
    wrong::<Duration>("-1", "expected Duration, found the integer -1");
    wrong::<Duration>("nil", "expected Duration, found NIL");
}

#[test]
fn remote_objects_cross() {
    let local = Remote::new(Arc::new(5_u64));
    let foreign = Remote::<u64>::with_hold(Token::new(1, 2, 3), None);
    trip(local.clone());
    trip(foreign.clone());
    trip(local.untyped());
    trip(vec![Some(local.clone()), None]);
    trip(Value::list([Value::from(local.clone()), Value::from(foreign.clone())]));
    assert_eq!(send(&foreign, &CLASSIC).read::<Remote<String>>().unwrap(), foreign);
    let error = send(&local, &CLASSIC).read::<Remote<String>>().unwrap_err();
    assert_eq!(error.to_string(), "expected Remote<String>, found a remote object of type u64");
    wrong::<Remote>("7", "expected Remote, found the integer 7");
}

#[test]
fn pointers_are_what_they_point_to() {
    trip(Box::new(5));
    trip(Arc::new("a".to_owned()));
    trip(Some(Box::new(5)));
    let mut number = 5;
    let pointers: [&dyn ToWire; 3] = [&&5, &&mut number, &Rc::new(5)];
    is_lisp(&pointers[..], "(5 5 5)");
    let arguments: [&dyn ToWire; 2] = [&"a", &5];
    let boxed: Vec<Box<dyn ToWire>> = vec![Box::new(5), Box::new("a")];
    let sendings = try_send(&arguments, &CLASSIC).unwrap();
    let mut input = sendings.input();
    assert_eq!(String::from_wire(&mut input), Ok("a".to_owned()));
    assert_eq!(u8::from_wire(&mut input), Ok(5));
    is_lisp(boxed, "(5 \"a\")");
}

/// Reads the values that stand in `sendings`, side by side and as the list that they are.
fn values<T: FromValues + Debug + PartialEq>(objects: &[&dyn ToWire]) -> Result<T, String> {
    let sendings = try_send(objects, &EXTENDED).unwrap();
    let mut input = sendings.input();
    let first = T::from_values(&mut ValuesDecoder::objects(&mut input, objects.len()));

    let list = send(&objects.iter().collect::<VecDeque<_>>(), &CLASSIC);
    let mut input = list.input();
    let second = T::from_values(&mut ValuesDecoder::list(&mut input).unwrap());
    assert!(input.is_at_end());
    assert_eq!(first, second);
    first.map_err(|error| error.to_string())
}

#[test]
fn several_values_are_read_side_by_side_or_as_a_list() {
    assert_eq!(values(&[&1, &"a"]), Ok((1, "a".to_owned())));
    assert_eq!(values(&[&1, &"a"]), Ok((1,)));
    assert_eq!(values(&[&1, &(2, 3)]), Ok((1, (2, 3))));
    assert_eq!(values(&[&1]), Ok((1, None::<i64>, false)));
    assert_eq!(values(&[&1, &"a"]), Ok(vec![Value::from(1), Value::from("a")]));
    assert_eq!(values(&[]), Ok(Vec::<Value>::new()));
    assert_eq!(
        values::<(i64, i64)>(&[&1]),
        Err("expected i64, found nothing, in value 2 of the answer".into())
    );
    assert_eq!(
        values::<(i64, i64)>(&[&1, &"a"]),
        Err("expected i64, found the string \"a\", in value 2 of the answer".into())
    );
    assert_eq!((<(i64, i64)>::COUNT, Vec::<Value>::COUNT), (2, usize::MAX));
}

#[test]
fn a_tuple_is_several_values_where_it_is_returned() {
    let write = |value: &dyn ToWire| {
        let mut bytes = BytesMut::new();
        let mut out = Encoder::new(&mut bytes, None, &CLASSIC);
        for index in 0..value.values_len() {
            value.value_to_wire(index, &mut out).unwrap();
        }
        (value.values_len(), bytes)
    };
    let one = |value: &dyn ToWire| send(value, &CLASSIC).bytes.to_vec();
    assert_eq!(write(&(1, "a")), (2, [one(&1), one(&"a")].concat()[..].into()));
    assert_eq!(write(&Box::new((1, 2))), (2, [one(&1), one(&2)].concat()[..].into()));
    assert_eq!(write(&vec![1, 2]).0, 1);
    assert_eq!(write(&()).0, 1);
}

#[test]
fn names_are_short() {
    assert_eq!(short_name("alloc::vec::Vec<alloc::string::String>"), "Vec<String>");
    assert_eq!(short_name("(i64, a::b::C<d::E, 3>)"), "(i64, C<E, 3>)");
    assert_eq!(short_name("[core::option::Option<u8>; 3]"), "[Option<u8>; 3]");
    assert_eq!(Option::<i64>::expected(), "i64 or NIL");
}

/// `(:ID 7 :TAG nil)`, by way of a record if the peer reads that.
struct Job;

impl ToWire for Job {
    fn to_wire(&self, out: &mut Encoder<'_>) -> Result<(), Unsendable> {
        static SHAPE: Shape = Shape::new(&["ID", "TAG"]);
        let mut record = out.record(&SHAPE)?;
        for value in [7.into(), Value::Nil] {
            if let Some(out) = record.field(false)? {
                value.to_wire(out)?;
            }
        }
        record.end()
    }
}

#[test]
fn a_record_is_the_property_list_that_it_means() {
    is_lisp(Job, "(:id 7 :tag nil)");
    is_lisp(vec![Job, Job], "((:id 7 :tag nil) (:id 7 :tag nil))");
    let plist = (Symbol::keyword("ID"), 7, Symbol::keyword("TAG"), false);
    assert_eq!(send(&Job, &EXTENDED).read(), Ok(plist));
    let pair = BTreeMap::from([(Symbol::keyword("ID"), (7, Symbol::keyword("TAG"), ()))]);
    assert_eq!(send(&[Job], &EXTENDED).read(), Ok(pair));
}

#[test]
fn a_tail_in_another_form_belongs_to_the_list() {
    struct Cons<T>(i64, T);
    impl<T: ToWire> ToWire for Cons<T> {
        fn to_wire(&self, out: &mut Encoder<'_>) -> Result<(), Unsendable> {
            out.cons()?;
            self.0.to_wire(out)?;
            self.1.to_wire(out)
        }
    }
    is_lisp(Cons(1, Cons(2, vec!["a"])), "(1 2 \"a\")");
    is_lisp(Cons(1, vec![2_u8, 3]), "(1 2 3)");
    is_lisp(Cons(1, Job), "(1 :id 7 :tag nil)");
    is_lisp(Cons(1, Vector(vec![2])), "(1 . #(2))");
    is_lisp(Cons(1, Cons(2, 3)), "(1 2 . 3)");
    is_lisp(vec![Cons(1, vec![2]), Cons(3, vec![])], "((1 2) (3))");
}

/// Each cons is saved and looked up as the tail of the next. To read each tail by itself and put
/// an element before it would move 10^10 elements.
#[test]
fn tails_that_are_looked_up_are_read_in_place() {
    const LEN: u32 = 100_000;
    let mut bytes = Vec::new();
    for index in 0..LEN {
        bytes.extend([&[10][..], &index.to_be_bytes(), &[13, 19, 7]].concat());
        match index {
            0 => bytes.extend([18, 0, 0, 0, 0, 0]),
            _ => bytes.extend([&[11][..], &(index - 1).to_be_bytes()].concat()),
        }
    }
    let last = bytes.len() - 13;
    bytes.extend([19, 8]);
    let sendings = scanned(bytes[..].into());
    let mut input = sendings.input();
    for _ in 1..LEN {
        input.skip().unwrap();
    }
    assert_eq!(input.rest().len(), bytes.len() - last);
    assert_eq!(Value::from_wire(&mut input), Ok(Value::list(vec![7; LEN as usize])));
    assert_eq!(input.integer(), Ok(8));
}

#[test]
fn large_values_need_no_stack() {
    on_a_small_stack(|| {
        for peer in [&CLASSIC, &EXTENDED] {
            for value in [Value::list(0..1_000_000), nested(1_000_000)] {
                assert_eq!(send(&value, peer).read(), Ok(value));
            }
        }
        let vectors = (0..100_000).fold(Value::Nil, |value, _| Value::vector([value]));
        assert_eq!(send(&vectors, &EXTENDED).read(), Ok(vectors));
    });
}

proptest! {
    #[test]
    fn classic_values_cross(value in classic()) {
        prop_assert_eq!(send(&value, &CLASSIC).read::<Value>(), Ok(value.clone()));
        prop_assert_eq!(send(&value, &EXTENDED).read::<Value>(), Ok(value));
    }

    #[test]
    fn extended_values_cross(values in prop::collection::vec(extended(), 1..4)) {
        let objects: Vec<_> = values.iter().map(|value| value as &dyn ToWire).collect();
        let sendings = try_send(&objects, &EXTENDED).unwrap();
        let mut input = sendings.input();
        for value in &values {
            prop_assert_eq!(&Value::from_wire(&mut input).unwrap(), value);
        }
        prop_assert!(input.is_at_end());
    }

    #[test]
    fn typed_and_untyped_agree(pairs in any::<BTreeMap<i64, (String, Vec<u16>, Option<i128>)>>()) {
        for peer in [&CLASSIC, &EXTENDED] {
            let value: Value = send(&pairs, peer).read().unwrap();
            prop_assert_eq!(send(&value, peer).read(), Ok(pairs.clone()));
        }
    }

    #[test]
    fn any_octets_are_read_or_refused(octets in prop::collection::vec(0..24_u8, 0..60)) {
        let received = Received::new(&Limits::default(), Text::Utf8);
        let input = Decoder::new(&octets, &received, Text::Utf8, &NoTokens);
        let _ = Value::from_wire(&mut input.clone());
        let _ = Vec::<i64>::from_wire(&mut input.clone());
        let _ = BTreeMap::<i64, Vec<String>>::from_wire(&mut input.clone());
        let _ = <(f64, Option<u8>)>::from_wire(&mut input.clone());
    }
}

/// The promise at its full size. In a debug build this takes minutes.
#[test]
#[ignore = "takes some gigabytes: cargo test --release -p wire -- --ignored ten_million"]
fn ten_million_elements_need_no_stack() {
    on_a_small_stack(|| {
        for value in [Value::list(0..10_000_000), nested(10_000_000)] {
            let read = send(&value, &EXTENDED).read::<Value>().unwrap();
            assert_eq!(read, value);
            drop(value);
            let classic = send(&read, &CLASSIC).read::<Value>().unwrap();
            assert_eq!(classic, read);
            drop(read);
            assert_eq!(Value::read(&classic.to_string()), Ok(classic));
        }
    });
}
