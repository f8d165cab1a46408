//! Calls of numbers and strings, of which most streams consist, appended in one go.

use bytes::BytesMut;

use crate::codec::encode::symbol::{symbol_weight, varint};
use crate::codec::encode::{Name, PeerProfile};
use crate::codec::op::{Op, Reads};
use crate::codec::scan::NODE;
use crate::codec::sent::Sent;
use crate::codec::text::Text;
use crate::spare;

/// A longer string is left to an encoder: where it stands before something that is none of these, it
/// would be copied twice, and next to the copy the rest costs nothing.
const LONG: usize = 1 << 10;

/// A number or a string.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Atom<'a> {
    /// An integer of 32 bits at the most.
    Integer(i32),
    /// A float of 32 bits.
    Single(f32),
    /// A float of 64 bits.
    Double(f64),
    /// A string.
    Text(&'a str),
}

/// A compact call that is being appended, of a function whose name the peer has.
///
/// An [`Encoder`](crate::codec::Encoder) appends the same octets, at many times the cost: here
/// nothing begins that could be left open, so that all there is to know is what the call may still
/// weigh. Whatever an encoder would have to refuse is left to it.
pub(crate) struct SmallCall<'a> {
    buf: &'a mut BytesMut,
    reads: Reads,
    /// Octets of weight.
    room: u64,
}

impl<'a> SmallCall<'a> {
    /// Appends the head, as [`Encoder::call`](crate::codec::Encoder::call) does.
    #[inline]
    pub(crate) fn begin(
        buf: &'a mut BytesMut,
        sent: &Sent,
        peer: &PeerProfile,
        want: u8,
        id: u32,
        name: Name<'_>,
        count: usize,
    ) -> Option<Self> {
        let Name::Site(site) = name else { return None };
        if peer.text != Text::Utf8 || peer.depth == 0 || !peer.reads.contains(Op::Call) {
            return None;
        }
        let function = sent.drawn(site.number())?.checked_add(1)?;
        let count = u8::try_from(count).ok()?;
        let named = symbol_weight(site.name().as_bytes(), site.package().as_bytes());
        let room = peer.object_weight.checked_sub(NODE + named)?;
        match (want, function) {
            // What most have, with one look at the room that there is.
            (0, 1..=0x7f) => {
                buf.extend_from_slice(&[Op::Call.byte(), 0, function as u8, count]);
            }
            _ => {
                let mut head = Head::default();
                head.push(Op::Call.byte());
                head.push(want);
                if want > 0 {
                    varint(id, |octet| head.push(octet));
                }
                varint(function, |octet| head.push(octet));
                head.push(count);
                buf.extend_from_slice(&head.octets[..head.len]);
            }
        }
        Some(Self { buf, reads: peer.reads, room })
    }

    /// Appends the next argument, as [`Encoder::integer`](crate::codec::Encoder::integer),
    /// [`double`](crate::codec::Encoder::double) and [`string`](crate::codec::Encoder::string) do.
    /// Says whether that could be done.
    #[inline]
    pub(crate) fn atom(&mut self, atom: Atom<'_>) -> bool {
        let octets = if let Atom::Text(text) = atom { text.len() } else { 0 };
        let Some(room) = self.room.checked_sub(NODE + octets as u64) else { return false };
        self.room = room;
        match atom {
            Atom::Integer(integer) => match i8::try_from(integer) {
                Ok(small) if self.reads.contains(Op::Small) => {
                    self.buf.extend_from_slice(&[Op::Small.byte(), small as u8]);
                }
                _ => {
                    let [a, b, c, d] = integer.to_be_bytes();
                    self.buf.extend_from_slice(&[Op::Number.byte(), a, b, c, d]);
                }
            },
            Atom::Single(float) if self.reads.contains(Op::Single) => {
                let [a, b, c, d] = float.to_be_bytes();
                self.buf.extend_from_slice(&[Op::Single.byte(), a, b, c, d]);
            }
            Atom::Double(float) if self.reads.contains(Op::Double) => {
                let [a, b, c, d, e, f, g, h] = float.to_be_bytes();
                self.buf.extend_from_slice(&[Op::Double.byte(), a, b, c, d, e, f, g, h]);
            }
            Atom::Single(_) | Atom::Double(_) => return false,
            Atom::Text(text) if text.len() > LONG => return false,
            Atom::Text(text) => {
                let [a, b, c, d] = (text.len() as u32).to_be_bytes();
                spare::reserve(self.buf, 5 + text.len());
                self.buf.extend_from_slice(&[Op::String.byte(), a, b, c, d]);
                self.buf.extend_from_slice(text.as_bytes());
            }
        }
        true
    }
}

/// The octets of a head: three, and two numbers of five at the most.
#[derive(Default)]
struct Head {
    octets: [u8; 13],
    len: usize,
}

impl Head {
    fn push(&mut self, octet: u8) {
        self.octets[self.len] = octet;
        self.len += 1;
    }
}
