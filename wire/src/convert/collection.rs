//! Many of one type: lists, vectors and strings of octets.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashSet, VecDeque};
use std::hash::{BuildHasher, Hash};

use bytes::Bytes;

use crate::codec::{Decoder, Element, Encoder, Form, ListDecoder, Op, Unsendable, WrongType};
use crate::convert::{FromWire, NeverNil, ToWire, expecting, retitled};

/// The most elements that room is made for before they are read. How large a Rust type is that
/// takes a single octet on the wire, the peer may know as well as we do.
const RESERVED: usize = 4096;

/// How often elements are tried in vain as flat ones: the first of a new shape is none, others may be.
const TRIES: u32 = 2;

/// A Lisp vector, where a `Vec` is a list. Only between peers that both know vectors.
///
/// The empty vector is not `NIL`, so an `Option` of one can be sent. What is read may be a list.
///
/// ```
/// use wire::Vector;
///
/// # fn sends<T: wire::ToWire>(_: T) {}
/// sends(Some(Vector(vec![1.5, 2.5])));
/// ```
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[expect(clippy::exhaustive_structs, reason = "it is written as `Vector(items)`")]
pub struct Vector<T>(pub Vec<T>);

impl<T: ToWire> ToWire for Vector<T> {
    fn to_wire(&self, out: &mut Encoder<'_>) -> Result<(), Unsendable> {
        T::slice_to_wire(&self.0, Form::Vector, out)
    }
}

impl<T: FromWire> FromWire for Vector<T> {
    fn from_wire(input: &mut Decoder<'_>) -> Result<Self, WrongType> {
        T::vec_from_wire(input).map(Self)
    }

    fn nil() -> Option<Self> {
        Some(Self(Vec::new()))
    }
}

impl<D, T> NeverNil<D> for Vector<T> {}

impl<T: ToWire> ToWire for [T] {
    fn to_wire(&self, out: &mut Encoder<'_>) -> Result<(), Unsendable> {
        T::slice_to_wire(self, Form::List, out)
    }
}

impl<T: ToWire> ToWire for Vec<T> {
    fn to_wire(&self, out: &mut Encoder<'_>) -> Result<(), Unsendable> {
        T::slice_to_wire(self, Form::List, out)
    }
}

impl<T: FromWire> FromWire for Vec<T> {
    fn from_wire(input: &mut Decoder<'_>) -> Result<Self, WrongType> {
        T::vec_from_wire(input)
    }

    fn nil() -> Option<Self> {
        Some(Self::new())
    }
}

impl<T: FromWire> FromWire for Box<[T]> {
    fn from_wire(input: &mut Decoder<'_>) -> Result<Self, WrongType> {
        T::vec_from_wire(input).map(Vec::into_boxed_slice)
    }

    fn nil() -> Option<Self> {
        Some(Self::default())
    }
}

impl<T: ToWire, const N: usize> ToWire for [T; N] {
    fn to_wire(&self, out: &mut Encoder<'_>) -> Result<(), Unsendable> {
        T::slice_to_wire(self, Form::List, out)
    }
}

impl<T: FromWire, const N: usize> FromWire for [T; N] {
    fn from_wire(input: &mut Decoder<'_>) -> Result<Self, WrongType> {
        Self::try_from(T::vec_from_wire(input)?).map_err(|items| {
            WrongType::new(format!("a list of {N} elements"), format!("one of {}", items.len()))
        })
    }

    fn nil() -> Option<Self> {
        Self::try_from(Vec::new()).ok()
    }
}

macro_rules! lists {
    ($([$($bounds:tt)*] $list:ty;)*) => {
        $(
            impl<T: FromWire $($bounds)*> FromWire for $list {
                fn from_wire(input: &mut Decoder<'_>) -> Result<Self, WrongType> {
                    T::vec_from_wire(input).map(Self::from_iter)
                }

                fn nil() -> Option<Self> {
                    Some(Self::default())
                }
            }
        )*
    };
}

lists! {
    [] VecDeque<T>;
    [+ Ord] BTreeSet<T>;
    [+ Eq + Hash, S: BuildHasher + Default] HashSet<T, S>;
}

impl<T: ToWire> ToWire for VecDeque<T> {
    fn to_wire(&self, out: &mut Encoder<'_>) -> Result<(), Unsendable> {
        write_items(self.len(), self, Form::List, out)
    }
}

impl<T: ToWire> ToWire for BTreeSet<T> {
    fn to_wire(&self, out: &mut Encoder<'_>) -> Result<(), Unsendable> {
        write_items(self.len(), self, Form::List, out)
    }
}

impl<T: ToWire, S> ToWire for HashSet<T, S> {
    fn to_wire(&self, out: &mut Encoder<'_>) -> Result<(), Unsendable> {
        write_items(self.len(), self, Form::List, out)
    }
}

/// A string of octets. Only between peers that both know them.
///
/// From 16 KiB on it is sent from where it is, and kept until it has gone. From 64 KiB on, and if it is
/// at least half of the arguments or values that it came with, it is a part of the memory that was read
/// into, which is at most some four times as large; copy it where a part is kept for long.
impl ToWire for Bytes {
    fn to_wire(&self, out: &mut Encoder<'_>) -> Result<(), Unsendable> {
        out.shared_octets(self)
    }
}

impl FromWire for Bytes {
    fn from_wire(input: &mut Decoder<'_>) -> Result<Self, WrongType> {
        input.shared_octets().map_err(expecting::<Self>)
    }

    fn expected() -> Cow<'static, str> {
        Cow::Borrowed("octets")
    }
}

impl<D> NeverNil<D> for Bytes {}

/// Writes so many items one by one.
pub(super) fn write_items<'a, T: ToWire + 'a>(
    len: usize,
    items: impl IntoIterator<Item = &'a T>,
    form: Form,
    out: &mut Encoder<'_>,
) -> Result<(), Unsendable> {
    let (mut list, mut items) = (out.sequence(form, len)?, items.into_iter());
    let mut tries = TRIES;
    loop {
        let next = if tries > 0 {
            let (written, next) = list.flat(&mut items, |item, out| item.flat_to_wire(out))?;
            tries -= u32::from(written == 0);
            next
        } else {
            items.next()
        };
        match next {
            Some(item) => item.to_wire(list.element()?)?,
            None => return list.end(),
        }
    }
}

/// Writes numbers side by side if the peer reads that, else one by one.
pub(super) fn write_packed<T: ToWire + Copy, const N: usize>(
    items: &[T],
    form: Form,
    element: Element,
    octets: impl Fn(T) -> [u8; N],
    out: &mut Encoder<'_>,
) -> Result<(), Unsendable> {
    // The empty list is NIL, in either dialect.
    if items.is_empty() || !out.reads(Op::Sequence) {
        return write_items(items.len(), items, form, out);
    }
    out.packed(element, form, items.iter().map(|&item| octets(item)))
}

/// Reads a list one by one.
pub(super) fn read_list<T: FromWire>(input: &mut Decoder<'_>) -> Result<Vec<T>, WrongType> {
    read_items(open(input)?)
}

/// Reads a list, its numbers side by side if they are of just this type.
pub(super) fn read_packed<T: FromWire, const N: usize>(
    input: &mut Decoder<'_>,
    element: Element,
    number: impl Fn([u8; N]) -> T,
) -> Result<Vec<T>, WrongType> {
    let Some(octets) = input.packed_numbers(element as u8) else {
        return read_list(input);
    };
    let numbers = octets.chunks_exact(N).filter_map(|octets| octets.try_into().ok());
    Ok(numbers.map(number).collect())
}

fn open<'d, 'a>(input: &'d mut Decoder<'a>) -> Result<ListDecoder<'d, 'a>, WrongType> {
    input.list().map_err(|error| retitled(error, "a list"))
}

fn read_items<T: FromWire>(mut list: ListDecoder<'_, '_>) -> Result<Vec<T>, WrongType> {
    let mut items = Vec::with_capacity(list.remaining_hint().min(RESERVED));
    let mut tries = TRIES;
    loop {
        if tries > 0 {
            tries -= u32::from(list.flat(&mut items, T::flat_from_wire) == 0);
        }
        match list.next()? {
            Some(input) => items.push(T::from_wire(input).map_err(|error| error.at(items.len()))?),
            None => return Ok(items),
        }
    }
}
