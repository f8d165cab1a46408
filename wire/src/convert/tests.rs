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

mod atom;
mod flat;
mod large;
mod list;
mod nil;
mod number;
#[cfg(feature = "serde")]
mod serde;
mod values;

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
