//! The struct, and lists of it as octets.

use bytes::{Buf, BufMut, BytesMut};
use contestant::Sample;

#[derive(Debug, PartialEq)]
pub(crate) struct Record {
    number: u64,
    text: String,
    ratio: f64,
}

/// Number, ratio, and the length of the text.
const FIXED: usize = 20;

impl From<Sample> for Record {
    fn from(Sample { number, text, ratio }: Sample) -> Self {
        Self { number, text, ratio }
    }
}

pub(crate) fn length(records: &[Record]) -> usize {
    records.iter().map(|record| FIXED + record.text.len()).sum()
}

pub(crate) fn put(out: &mut BytesMut, records: &[Record]) {
    for record in records {
        out.put_u64_le(record.number);
        out.put_f64_le(record.ratio);
        out.put_u32_le(record.text.len() as u32);
        out.put_slice(record.text.as_bytes());
    }
}

/// None if the octets are no list of records.
pub(crate) fn read(mut body: &[u8]) -> Option<Vec<Record>> {
    // An eighth more than a record of ours has: to reserve on a stranger's word would be unwise.
    let mut records = Vec::with_capacity(body.len() / (FIXED + 8));
    while !body.is_empty() {
        let number = body.try_get_u64_le().ok()?;
        let ratio = body.try_get_f64_le().ok()?;
        let (text, rest) = (body.get(4..)?).split_at_checked(body.get_u32_le() as usize)?;
        let text = std::str::from_utf8(text).ok()?.to_owned();
        body = rest;
        records.push(Record { number, text, ratio });
    }
    Some(records)
}

pub(crate) fn put_numbers(out: &mut BytesMut, numbers: &[i32]) {
    out.reserve(4 * numbers.len());
    for number in numbers {
        out.put_slice(&number.to_le_bytes());
    }
}

pub(crate) fn read_numbers(body: &[u8]) -> Vec<i32> {
    let number = |four: &[u8]| i32::from_le_bytes([four[0], four[1], four[2], four[3]]);
    body.chunks_exact(4).map(number).collect()
}
