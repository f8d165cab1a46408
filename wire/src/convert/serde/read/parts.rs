//! The parts of lists, property lists, alists and variants, one by one.

use std::vec;

use ::serde::de::value::{StrDeserializer, StringDeserializer};
use ::serde::de::{
    DeserializeSeed, EnumAccess, Error as _, IntoDeserializer, MapAccess, SeqAccess, VariantAccess,
    Visitor,
};

use crate::convert::serde::error::ReadError;
use crate::convert::serde::name::{to_lisp, to_rust};
use crate::convert::serde::read::{Reader, Result};
use crate::value::Value;

/// The car and the cdr.
fn into_pair(value: Value) -> std::result::Result<(Value, Value), Value> {
    let Value::List(list) = value else {
        return Err(value);
    };
    let tail = list.tail().clone();
    let mut items = list.into_items().into_iter();
    let car = items.next().unwrap_or_default();
    Ok((car, Value::dotted(items, tail)))
}

/// The elements of a list.
pub(super) struct Elements {
    items: vec::IntoIter<Value>,
    read: usize,
}

impl Elements {
    pub(super) fn new(items: vec::IntoIter<Value>) -> Self {
        Self { items, read: 0 }
    }
}

impl<'de> SeqAccess<'de> for Elements {
    type Error = ReadError;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>> {
        let Some(item) = self.items.next() else {
            return Ok(None);
        };
        self.read += 1;
        let place = || format!("element {}", self.read - 1);
        seed.deserialize(Reader(item)).map(Some).map_err(|error| error.within(place()))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.items.len())
    }
}

/// The properties of a property list.
pub(super) struct Properties {
    items: vec::IntoIter<Value>,
    fields: &'static [&'static str],
    /// What the fields are called in Lisp.
    names: Vec<String>,
    /// The property whose value comes next.
    at: String,
}

impl Properties {
    pub(super) fn new(items: vec::IntoIter<Value>, fields: &'static [&'static str]) -> Self {
        let names = fields.iter().map(|field| to_lisp(field)).collect();
        Self { items, fields, names, at: String::new() }
    }
}

impl<'de> MapAccess<'de> for Properties {
    type Error = ReadError;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>> {
        let Some(key) = self.items.next() else {
            return Ok(None);
        };
        let Some(key) = key.as_symbol().filter(|key| key.is_keyword()) else {
            return Reader(key).wrong("a keyword, the name of a property");
        };
        let known = self.names.iter().position(|name| name == key.name());
        self.at = known.map_or_else(|| to_rust(key.name()), |known| self.fields[known].to_owned());
        let name: StrDeserializer<'_, ReadError> = self.at.as_str().into_deserializer();
        seed.deserialize(name).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value> {
        let Some(value) = self.items.next() else {
            return Err(ReadError::custom(format!(
                "a property list that ends after :{}",
                to_lisp(&self.at)
            )));
        };
        let place = || format!("field `{}`", self.at);
        seed.deserialize(Reader(value)).map_err(|error| error.within(place()))
    }
}

/// The pairs of an alist.
pub(super) struct Pairs {
    pairs: vec::IntoIter<Value>,
    /// The value of the pair whose key was read.
    value: Value,
}

impl Pairs {
    pub(super) fn new(pairs: vec::IntoIter<Value>) -> Self {
        Self { pairs, value: Value::Nil }
    }
}

impl<'de> MapAccess<'de> for Pairs {
    type Error = ReadError;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>> {
        let Some(pair) = self.pairs.next() else {
            return Ok(None);
        };
        match into_pair(pair) {
            Ok((key, value)) => {
                self.value = value;
                seed.deserialize(Reader(key)).map(Some)
            }
            Err(other) => Reader(other).wrong("a pair of key and value"),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value> {
        seed.deserialize(Reader(std::mem::take(&mut self.value)))
    }
}

/// An enum's variant.
pub(super) struct Variant {
    name: String,
    /// What follows the keyword, unless it stood alone.
    items: Option<vec::IntoIter<Value>>,
}

impl Variant {
    pub(super) fn new(
        head: Value,
        items: Option<vec::IntoIter<Value>>,
        variants: &'static [&'static str],
    ) -> Result<Self> {
        let Some(key) = head.as_symbol().filter(|key| key.is_keyword()) else {
            return Reader(head).wrong("a keyword");
        };
        let known = variants.iter().find(|variant| to_lisp(variant) == key.name());
        let name = known.map_or_else(|| key.name().to_owned(), |&known| known.to_owned());
        Ok(Self { name, items })
    }

    fn rest(self) -> vec::IntoIter<Value> {
        self.items.unwrap_or_default()
    }
}

impl<'de> EnumAccess<'de> for Variant {
    type Error = ReadError;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self)> {
        let name: StringDeserializer<ReadError> = self.name.clone().into_deserializer();
        Ok((seed.deserialize(name)?, self))
    }
}

impl<'de> VariantAccess<'de> for Variant {
    type Error = ReadError;

    fn unit_variant(self) -> Result<()> {
        match self.rest().next() {
            None => Ok(()),
            Some(extra) => Reader(extra).wrong("a variant that holds nothing"),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value> {
        let mut rest = self.rest();
        match (rest.next(), rest.next()) {
            (Some(value), None) => seed.deserialize(Reader(value)),
            (None, _) => Err(ReadError::new("a variant that holds a value", "nothing")),
            (_, Some(extra)) => Reader(extra).wrong("a variant that holds one value"),
        }
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value> {
        visitor.visit_seq(Elements::new(self.rest()))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        visitor.visit_map(Properties::new(self.rest(), fields))
    }
}
