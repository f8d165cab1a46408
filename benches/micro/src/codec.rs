//! Octets from values, values from octets.

use std::error::Error;
use std::hint::black_box;

use bytes::BytesMut;
use wire::codec::{Decoder, Encoder, NoTokens, PeerProfile, Received, Scan, Scanner, Text};
use wire::{FromWire, Limits, ToWire};

use crate::case::Case;

#[derive(Clone, FromWire, ToWire)]
struct Record {
    number: u64,
    text: String,
    ratio: f64,
}

const RECORDS: usize = 1000;
const NUMBERS: usize = 1000;

pub(crate) fn cases() -> Result<Vec<Case>, Box<dyn Error>> {
    let record = |place: usize| Record {
        number: place as u64 * 1_000_003,
        text: format!("record {place}"),
        ratio: place as f64 / 8.0,
    };
    let records: Vec<Record> = (0..RECORDS).map(record).collect();
    let numbers: Vec<i32> = (0..NUMBERS as i32).map(|n| n.wrapping_mul(65_537)).collect();
    let octets = encoded(&records)?;
    let number_octets = encoded(&numbers)?;
    Ok(vec![
        encode("encode a struct (u64, String, f64)", RECORDS, records),
        scan("scan a struct", RECORDS, octets.clone()),
        decode::<Vec<Record>>("decode a struct", RECORDS, octets),
        encode("encode a number of a list", NUMBERS, numbers),
        scan("scan a number of a list", NUMBERS, number_octets.clone()),
        decode::<Vec<i32>>("decode a number of a list", NUMBERS, number_octets),
    ])
}

fn encoded(value: &dyn ToWire) -> Result<BytesMut, Box<dyn Error>> {
    let (mut buf, peer) = (BytesMut::new(), PeerProfile::extended());
    value.to_wire(&mut Encoder::new(&mut buf, None, &peer))?;
    Ok(buf)
}

fn encode(name: &'static str, times: usize, value: impl ToWire + 'static) -> Case {
    let (mut buf, peer) = (BytesMut::new(), PeerProfile::extended());
    Case::new(name, times as u64, move || {
        buf.clear();
        let written = black_box(&value).to_wire(&mut Encoder::new(&mut buf, None, &peer));
        assert!(written.is_ok() && !black_box(&buf).is_empty());
    })
}

fn scan(name: &'static str, times: usize, octets: BytesMut) -> Case {
    let limits = Limits::default();
    Case::new(name, times as u64, move || {
        let (mut scanner, mut received) =
            (Scanner::new(&limits), Received::new(&limits, Text::Utf8));
        let scanned = scanner.scan(black_box(&octets), &mut received);
        assert!(matches!(scanned, Ok(Scan::Object { len, .. }) if len == octets.len()));
    })
}

fn decode<T: FromWire + 'static>(name: &'static str, times: usize, octets: BytesMut) -> Case {
    let received = Received::new(&Limits::default(), Text::Utf8);
    Case::new(name, times as u64, move || {
        let mut input = Decoder::new(black_box(&octets), &received, Text::Utf8, &NoTokens);
        assert!(T::from_wire(&mut input).is_ok() && input.is_at_end());
    })
}
