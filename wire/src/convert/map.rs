//! Maps, which are alists: lists of dotted pairs.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasher, Hash};

use crate::codec::{Decoder, Encoder, Item, Unsendable, WrongType};
use crate::convert::{FromWire, ToWire, missing, retitled};

impl<K: ToWire, V: ToWire, S> ToWire for HashMap<K, V, S> {
    fn to_wire(&self, out: &mut Encoder<'_>) -> Result<(), Unsendable> {
        write_pairs(self.len(), self, out)
    }
}

impl<K: ToWire, V: ToWire> ToWire for BTreeMap<K, V> {
    fn to_wire(&self, out: &mut Encoder<'_>) -> Result<(), Unsendable> {
        write_pairs(self.len(), self, out)
    }
}

impl<K, V, S> FromWire for HashMap<K, V, S>
where
    K: FromWire + Eq + Hash,
    V: FromWire,
    S: BuildHasher + Default,
{
    fn from_wire(input: &mut Decoder<'_>) -> Result<Self, WrongType> {
        let mut map = Self::default();
        read_pairs(input, |key, value| {
            map.entry(key).or_insert(value);
        })?;
        Ok(map)
    }

    fn nil() -> Option<Self> {
        Some(Self::default())
    }

    fn expected() -> Cow<'static, str> {
        Cow::Borrowed("an alist")
    }
}

impl<K: FromWire + Ord, V: FromWire> FromWire for BTreeMap<K, V> {
    fn from_wire(input: &mut Decoder<'_>) -> Result<Self, WrongType> {
        let mut map = Self::new();
        read_pairs(input, |key, value| {
            map.entry(key).or_insert(value);
        })?;
        Ok(map)
    }

    fn nil() -> Option<Self> {
        Some(Self::new())
    }

    fn expected() -> Cow<'static, str> {
        Cow::Borrowed("an alist")
    }
}

fn write_pairs<'a, K: ToWire + 'a, V: ToWire + 'a>(
    len: usize,
    pairs: impl IntoIterator<Item = (&'a K, &'a V)>,
    out: &mut Encoder<'_>,
) -> Result<(), Unsendable> {
    let mut list = out.list(len)?;
    for (key, value) in pairs {
        let out = list.element()?;
        out.cons()?;
        key.to_wire(out)?;
        value.to_wire(out)?;
    }
    list.end()
}

/// Reads an alist. Of pairs with the same key the first counts, as for Lisp's `assoc`; so `keep`
/// must not replace.
fn read_pairs<K: FromWire, V: FromWire>(
    input: &mut Decoder<'_>,
    mut keep: impl FnMut(K, V),
) -> Result<(), WrongType> {
    let mut list = input.list().map_err(|error| retitled(error, "an alist"))?;
    let mut index = 0;
    while let Some(input) = list.next()? {
        let (key, value) = read_pair(input).map_err(|error| error.at(index))?;
        keep(key, value);
        index += 1;
    }
    Ok(())
}

fn read_pair<K: FromWire, V: FromWire>(input: &mut Decoder<'_>) -> Result<(K, V), WrongType> {
    match input.clone().item()? {
        Item::Cons => {
            input.item()?;
            read_cons(input)
        }
        Item::Lookup(entry) => {
            input.skip()?;
            read_pair(&mut entry.clone())
        }
        Item::Sequence { .. } | Item::Packed { .. } | Item::Record { .. } => {
            read_list_as_pair(input)
        }
        _ => Err(input.wrong("a pair of key and value")),
    }
}

/// The key and the value, which follow.
fn read_cons<K: FromWire, V: FromWire>(input: &mut Decoder<'_>) -> Result<(K, V), WrongType> {
    Ok((K::from_wire(input)?, V::from_wire(input)?))
}

/// The list `(k a b)` is the pair of `k` and `(a b)`, in whatever form it came.
fn read_list_as_pair<K: FromWire, V: FromWire>(
    input: &mut Decoder<'_>,
) -> Result<(K, V), WrongType> {
    let around = input.clone();
    let mut list = input.list()?;
    let key = match list.next()? {
        Some(input) => K::from_wire(input)?,
        None => missing()?,
    };
    let mut rest = Vec::new();
    // The rest of it as a list of its own, for the value's type to read.
    let (element, count) = if let Some(packed) = list.packed() {
        rest.extend_from_slice(packed.octets);
        (packed.element, packed.count)
    } else {
        let mut count = 0;
        while let Some(input) = list.next()? {
            input.expand(&mut rest)?;
            count += 1;
        }
        (0, count)
    };
    let value = V::from_wire(&mut around.over(&sequence(element, count, &rest)))?;
    Ok((key, value))
}

fn sequence(element: u8, count: usize, elements: &[u8]) -> Vec<u8> {
    let count = u32::try_from(count).unwrap_or(u32::MAX).to_be_bytes();
    [&[18, element][..], &count, elements].concat()
}
