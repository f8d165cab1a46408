//! A frame: its length, the call's number, what it is, and the rest.

use bytes::{BufMut, BytesMut};

/// Length, number and kind.
pub(crate) const HEADER: usize = 9;

pub(crate) mod kind {
    pub(crate) const ANSWER: u8 = 0;
    pub(crate) const ADD: u8 = 1;
    pub(crate) const NOTE: u8 = 2;
    pub(crate) const TOLD: u8 = 3;
    pub(crate) const ECHO: u8 = 4;
    pub(crate) const RECORDS: u8 = 5;
    pub(crate) const NUMBERS: u8 = 6;
    pub(crate) const CALL_BACK: u8 = 7;
    pub(crate) const DOUBLE: u8 = 8;
}

/// A frame where it was received.
#[derive(Clone, Copy)]
pub(crate) struct Frame<'a> {
    pub(crate) id: u32,
    pub(crate) kind: u8,
    pub(crate) body: &'a [u8],
}

impl<'a> Frame<'a> {
    /// The frame at the beginning of `input`, if it is there whole.
    #[inline]
    pub(crate) fn first(input: &'a [u8]) -> Option<Self> {
        let (header, rest) = input.split_at_checked(HEADER)?;
        let body = rest.get(..u32_at(header, 0) as usize)?;
        Some(Self { id: u32_at(header, 4), kind: header[8], body })
    }

    pub(crate) fn len(&self) -> usize {
        HEADER + self.body.len()
    }

    /// The number at that octet of the body.
    pub(crate) fn i32(&self, at: usize) -> i32 {
        u32_at(self.body, at) as i32
    }
}

/// How many octets the frame at the beginning of `input` has, as far as that is known.
pub(crate) fn wanted(input: &[u8]) -> usize {
    if input.len() < HEADER { HEADER } else { HEADER + u32_at(input, 0) as usize }
}

/// Appends the header of a frame whose body has `length` octets, and follows.
#[inline]
pub(crate) fn header(out: &mut BytesMut, id: u32, kind: u8, length: usize) {
    let mut header = [0; HEADER];
    header[..4].copy_from_slice(&(length as u32).to_le_bytes());
    header[4..8].copy_from_slice(&id.to_le_bytes());
    header[8] = kind;
    out.put_slice(&header);
}

fn u32_at(octets: &[u8], at: usize) -> u32 {
    let mut four = [0; 4];
    four.copy_from_slice(&octets[at..at + 4]);
    u32::from_le_bytes(four)
}
