//! Reading the fixed part of one object: the one place that knows what follows an op.
//!
//! The scanner, the decoder's skipping and expanding, and the reading of top-level objects all
//! go by it, so that they cannot disagree about where an object ends.

use crate::codec::error::ProtocolErrorKind;
use crate::codec::op::Op;

/// An op and its fixed part; what follows is `body`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Header {
    pub(crate) op: Op,
    /// The octets of op and fixed part.
    pub(crate) len: usize,
    pub(crate) body: Body,
}

/// What follows a header.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Body {
    /// So many octets.
    Octets(u64),
    /// So many octets of a name, then the bare string of a package.
    Symbol { name: u32 },
    /// So many objects.
    Objects(u32),
    /// Two objects.
    Cons,
    /// A function, and so many objects.
    Function { argc: u8 },
    /// The object to keep at an index.
    Save(u32),
    /// Nothing: the object of that index.
    Lookup(u32),
    /// A function if `function` is 0, else that of index `function - 1`; then so many objects.
    Call { want: u8, id: u32, function: u32, argc: u8 },
}

/// Why there is no header.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fault {
    /// There are too few octets as yet.
    Short,
    Broken(ProtocolErrorKind),
}

impl Header {
    /// The header that `input` begins with. Looks at 14 octets at the most.
    #[inline]
    pub(crate) fn read(input: &[u8]) -> Result<Self, Fault> {
        let &byte = input.first().ok_or(Fault::Short)?;
        let Some(op) = Op::from_byte(byte) else {
            return Err(Fault::Broken(ProtocolErrorKind::UnknownOp { byte }));
        };
        let (len, body) = match op {
            Op::Number | Op::Single | Op::Ping | Op::Pong => (5, Body::Octets(0)),
            Op::Small => (2, Body::Octets(0)),
            Op::Double => (9, Body::Octets(0)),
            Op::Remote => (13, Body::Octets(0)),
            Op::String | Op::Octets => (5, Body::Octets(length(op, input)?.into())),
            Op::Symbol => (5, Body::Symbol { name: length(op, input)? }),
            Op::Save => (5, Body::Save(length(op, input)?)),
            Op::Lookup => (5, Body::Lookup(length(op, input)?)),
            Op::Cons => (1, Body::Cons),
            Op::Goodbye => (1, Body::Objects(1)),
            Op::Funcall => (2, Body::Function { argc: octet(input, 1)? }),
            Op::Bignum => (5, Body::Octets(4 * u64::from(words(input)?.unsigned_abs()))),
            Op::Record => (2, Body::Objects(u32::from(fields(input)?) + 1)),
            Op::Sequence => (6, sequence(input)?),
            Op::ShortLookup => short_lookup(input)?,
            Op::Call => compact_call(input)?,
            Op::Return | Op::Unwound | Op::Release | Op::Cancel => top_level(op, input)?,
            Op::Funcall0
            | Op::Funcall1
            | Op::Funcall2
            | Op::Funcall3
            | Op::Funcall4
            | Op::Funcall5 => (1, Body::Function { argc: byte }),
        };
        if input.len() < len { Err(Fault::Short) } else { Ok(Self { op, len, body }) }
    }
}

/// The size of one packed element of this kind; `None` for an unknown kind.
#[inline]
pub(crate) const fn element_size(kind: u8) -> Option<u64> {
    Some(match kind & 0x7f {
        0 => 0,
        1 | 5 => 1,
        2 | 6 => 2,
        3 | 7 | 9 => 4,
        4 | 8 | 10 => 8,
        _ => return None,
    })
}

/// The octet at `at`.
#[inline]
pub(crate) fn octet(input: &[u8], at: usize) -> Result<u8, Fault> {
    input.get(at).copied().ok_or(Fault::Short)
}

/// The four octets at `at`.
#[inline]
pub(crate) fn four(input: &[u8], at: usize) -> Result<u32, Fault> {
    match input.get(at..at + 4) {
        Some(octets) => Ok(u32::from_be_bytes([octets[0], octets[1], octets[2], octets[3]])),
        None => Err(Fault::Short),
    }
}

/// The varint at `at`, and where it ends.
#[inline]
pub(crate) fn varint(input: &[u8], at: usize) -> Result<(u32, usize), Fault> {
    // Nearly always it is one octet.
    let first = octet(input, at)?;
    if first < 0x80 {
        return Ok((first.into(), at + 1));
    }
    long_varint(input, at)
}

fn long_varint(input: &[u8], at: usize) -> Result<(u32, usize), Fault> {
    let mut value = 0_u64;
    for count in 0..5 {
        let octet = octet(input, at + count)?;
        value |= u64::from(octet & 0x7f) << (7 * count);
        if octet & 0x80 == 0 {
            return match u32::try_from(value) {
                Ok(value) => Ok((value, at + count + 1)),
                Err(_) => Err(Fault::Broken(ProtocolErrorKind::Varint)),
            };
        }
    }
    Err(Fault::Broken(ProtocolErrorKind::Varint))
}

/// The length after an op: 31 bits.
#[inline]
fn length(op: Op, input: &[u8]) -> Result<u32, Fault> {
    let length = four(input, 1)?;
    if length > i32::MAX as u32 { Err(negative(op, length)) } else { Ok(length) }
}

#[cold]
pub(crate) fn negative(op: Op, length: u32) -> Fault {
    Fault::Broken(ProtocolErrorKind::Length { op, length: length as i32 })
}

/// The count of a bignum. `i32::MIN` has no positive twin, and CMUCL's own reader fails on it.
fn words(input: &[u8]) -> Result<i32, Fault> {
    match four(input, 1)? as i32 {
        i32::MIN => Err(negative(Op::Bignum, i32::MIN as u32)),
        count => Ok(count),
    }
}

fn fields(input: &[u8]) -> Result<u8, Fault> {
    match octet(input, 1)? {
        0 => Err(Fault::Broken(ProtocolErrorKind::EmptyRecord)),
        fields => Ok(fields),
    }
}

fn sequence(input: &[u8]) -> Result<Body, Fault> {
    let kind = octet(input, 1)?;
    let size = element_size(kind).ok_or(Fault::Broken(ProtocolErrorKind::Elements { kind }))?;
    let count = four(input, 2)?;
    if count > i32::MAX as u32 {
        return Err(negative(Op::Sequence, count));
    }
    Ok(if size == 0 { Body::Objects(count) } else { Body::Octets(size * u64::from(count)) })
}

fn short_lookup(input: &[u8]) -> Result<(usize, Body), Fault> {
    let (index, end) = varint(input, 1)?;
    Ok((end, Body::Lookup(index)))
}

/// The fixed part of a compact call.
#[inline]
pub(crate) fn compact_call(input: &[u8]) -> Result<(usize, Body), Fault> {
    let want = octet(input, 1)?;
    if want > 6 {
        return Err(Fault::Broken(ProtocolErrorKind::Want { want }));
    }
    let (id, at) = if want == 0 { (0, 2) } else { varint(input, 2)? };
    let (function, at) = varint(input, at)?;
    let argc = octet(input, at)?;
    Ok((at + 1, Body::Call { want, id, function, argc }))
}

fn top_level(op: Op, input: &[u8]) -> Result<(usize, Body), Fault> {
    Ok(match op {
        Op::Return => {
            let (_, at) = varint(input, 1)?;
            (at + 1, Body::Objects(octet(input, at)?.into()))
        }
        Op::Unwound => (varint(input, 1)?.1, Body::Objects(1)),
        Op::Release => (varint(input, 5)?.1, Body::Octets(0)),
        _ => (varint(input, 1)?.1, Body::Octets(0)),
    })
}
