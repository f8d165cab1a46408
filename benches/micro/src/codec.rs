//! Octets from values, values from octets.

use std::error::Error;
use std::hint::black_box;

use bytes::BytesMut;
use wire::codec::{Decoder, Encoder, NoTokens, PeerProfile, Received, Scan, Scanner, Sent, Text};
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
    Ok(vec![
        scan("scan a struct", RECORDS, settled(&records)?),
        decode::<Vec<Record>>("decode a struct", RECORDS, settled(&records)?),
        encode("encode a struct (u64, String, f64)", RECORDS, records),
        scan("scan a number of a list", NUMBERS, settled(&numbers)?),
        decode::<Vec<i32>>("decode a number of a list", NUMBERS, settled(&numbers)?),
        encode("encode a number of a list", NUMBERS, numbers),
    ])
}

/// What a value is in octets once its names and shapes have crossed, and a receiver that has them.
type Settled = (BytesMut, Received);

fn settled(value: &dyn ToWire) -> Result<Settled, Box<dyn Error>> {
    let limits = Limits::default();
    let (mut sent, mut received) =
        (Sent::new(limits.cache_entries), Received::new(&limits, Text::Utf8));
    let mut octets = BytesMut::new();
    for _ in 0..2 {
        octets.clear();
        write(value, &mut octets, &mut sent)?;
        Scanner::new(&limits).scan(&octets, &mut received)?;
    }
    Ok((octets, received))
}

fn write(value: &dyn ToWire, octets: &mut BytesMut, sent: &mut Sent) -> Result<(), Box<dyn Error>> {
    let peer = PeerProfile::extended();
    Ok(value.to_wire(&mut Encoder::new(octets, Some(sent), &peer))?)
}

fn encode(name: &'static str, times: usize, value: impl ToWire + 'static) -> Case {
    let (mut octets, mut sent) = (BytesMut::new(), Sent::new(Limits::default().cache_entries));
    Case::new(name, times as u64, move || {
        octets.clear();
        let written = write(black_box(&value), &mut octets, &mut sent);
        assert!(written.is_ok() && !black_box(&octets).is_empty());
    })
}

fn scan(name: &'static str, times: usize, (octets, mut known): Settled) -> Case {
    let limits = Limits::default();
    Case::new(name, times as u64, move || {
        let scanned = Scanner::new(&limits).scan(black_box(&octets), &mut known);
        assert!(matches!(scanned, Ok(Scan::Object { len, .. }) if len == octets.len()));
    })
}

fn decode<T: FromWire + 'static>(
    name: &'static str,
    times: usize,
    (octets, known): Settled,
) -> Case {
    Case::new(name, times as u64, move || {
        let mut input = Decoder::new(black_box(&octets), &known, Text::Utf8, &NoTokens);
        assert!(T::from_wire(&mut input).is_ok() && input.is_at_end());
    })
}
