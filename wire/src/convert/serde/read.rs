//! Values, to types that serde knows.

use std::vec;

use ::serde::de::value::{StrDeserializer, StringDeserializer};
use ::serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error as _, IntoDeserializer, MapAccess, SeqAccess,
    VariantAccess, Visitor,
};
use ::serde::forward_to_deserialize_any;

use super::error::ReadError;
use super::name::{to_lisp, to_rust};
use crate::value::{List, Value};

/// Reads one value.
#[derive(Debug)]
pub(super) struct Reader(pub(super) Value);

type Result<T> = std::result::Result<T, ReadError>;

impl Reader {
    #[cold]
    fn wrong<T>(&self, expected: &'static str) -> Result<T> {
        Err(ReadError::new(expected, describe(&self.0)))
    }

    /// The elements of a list or a vector; octets are a list of integers.
    fn into_items(self) -> Result<vec::IntoIter<Value>> {
        match self.0 {
            nil if nil.is_nil() => Ok(Vec::new().into_iter()),
            Value::List(list) if list.is_proper() => Ok(list.into_items().into_iter()),
            Value::Vector(elements) => Ok(elements.into_items().into_iter()),
            Value::Octets(octets) => {
                Ok(octets.iter().map(|&octet| Value::from(octet)).collect::<Vec<_>>().into_iter())
            }
            other => Self(other).wrong("a list"),
        }
    }

    fn float<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.0 {
            Value::Double(double) => visitor.visit_f64(double),
            Value::Single(single) => visitor.visit_f32(single),
            Value::Integer(integer) if integer as f64 as i128 == i128::from(integer) => {
                visitor.visit_f64(integer as f64)
            }
            _ => self.wrong("a float"),
        }
    }

    fn octets(self) -> Result<Vec<u8>> {
        if let Value::Octets(octets) = &self.0 {
            return Ok(octets.to_vec());
        }
        let octet = |item: Value| match item.as_integer().map(u8::try_from) {
            Some(Ok(octet)) => Ok(octet),
            _ => Self(item).wrong("an octet"),
        };
        self.into_items()?.map(octet).collect()
    }

    fn integer<'de, V: Visitor<'de>>(&self, visitor: V) -> Result<V::Value> {
        let Some(big) = self.0.as_bigint() else {
            return self.wrong("an integer");
        };
        if let Ok(integer) = i64::try_from(&big) {
            visitor.visit_i64(integer)
        } else if let Ok(integer) = u64::try_from(&big) {
            visitor.visit_u64(integer)
        } else if let Ok(integer) = i128::try_from(&big) {
            visitor.visit_i128(integer)
        } else if let Ok(integer) = u128::try_from(&big) {
            visitor.visit_u128(integer)
        } else {
            self.wrong("an integer of 128 bits")
        }
    }
}

/// Whether a list is a property list: a keyword at each even place.
fn is_plist(list: &List) -> bool {
    let is_keyword = |value: &Value| value.as_symbol().is_some_and(|symbol| symbol.is_keyword());
    list.is_proper() && list.len() % 2 == 0 && list.iter().step_by(2).all(is_keyword)
}

impl<'de> Deserializer<'de> for Reader {
    type Error = ReadError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match &self.0 {
            nil if nil.is_nil() => visitor.visit_unit(),
            Value::Integer(_) | Value::Bignum(_) => self.integer(visitor),
            Value::Double(_) | Value::Single(_) => self.float(visitor),
            Value::String(text) => visitor.visit_str(text),
            Value::Octets(_) => visitor.visit_byte_buf(self.octets()?),
            Value::Symbol(_) if self.0 == Value::t() => visitor.visit_bool(true),
            Value::Symbol(symbol) => visitor.visit_str(symbol.name()),
            Value::List(list) if is_plist(list) => {
                visitor.visit_map(Properties::new(self.into_items()?, &[]))
            }
            Value::Remote(_) => self.wrong("what serde knows"),
            _ => visitor.visit_seq(Elements::new(self.into_items()?)),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.0.is_nil() {
            true => visitor.visit_bool(false),
            false => self.deserialize_any(visitor),
        }
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.float(visitor)
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.float(visitor)
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_byte_buf(self.octets()?)
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.deserialize_bytes(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.0.is_nil() {
            true => visitor.visit_none(),
            false => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_seq(Elements::new(self.into_items()?))
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match &self.0 {
            Value::List(list) if is_plist(list) => {
                visitor.visit_map(Properties::new(self.into_items()?, &[]))
            }
            _ => visitor.visit_map(Pairs { pairs: self.into_items()?, value: Value::Nil }),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        visitor.visit_map(Properties::new(self.into_items()?, fields))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        match self.0 {
            Value::Symbol(_) => visitor.visit_enum(Variant::new(self.0, None, variants)?),
            Value::List(list) if list.is_proper() => {
                let mut items = list.into_items().into_iter();
                let head = items.next().unwrap_or_default();
                visitor.visit_enum(Variant::new(head, Some(items), variants)?)
            }
            _ => Err(ReadError::new("a keyword, or a list headed by one", describe(&self.0))
                .within(format!("the enum {name}"))),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 char str string unit unit_struct identifier
    }
}

/// What a value is, in words.
fn describe(value: &Value) -> String {
    let kind = match value {
        Value::Integer(_) => "the integer",
        Value::Symbol(_) => "the symbol",
        Value::String(text) if text.len() <= 40 => "the string",
        Value::Bignum(_) => return "an integer of more than 64 bits".to_owned(),
        Value::String(_) => return "a string".to_owned(),
        Value::Double(_) | Value::Single(_) => return "a float".to_owned(),
        Value::Octets(_) => return "octets".to_owned(),
        Value::Vector(_) => return "a vector".to_owned(),
        Value::Remote(_) => return "a remote object".to_owned(),
        nil if nil.is_nil() => return "NIL".to_owned(),
        _ => return "a list".to_owned(),
    };
    format!("{kind} {value}")
}

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
struct Elements {
    items: vec::IntoIter<Value>,
    read: usize,
}

impl Elements {
    fn new(items: vec::IntoIter<Value>) -> Self {
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
struct Properties {
    items: vec::IntoIter<Value>,
    fields: &'static [&'static str],
    /// What the fields are called in Lisp.
    names: Vec<String>,
    /// The property whose value comes next.
    at: String,
}

impl Properties {
    fn new(items: vec::IntoIter<Value>, fields: &'static [&'static str]) -> Self {
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
struct Pairs {
    pairs: vec::IntoIter<Value>,
    /// The value of the pair whose key was read.
    value: Value,
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
struct Variant {
    name: String,
    /// What follows the keyword, unless it stood alone.
    items: Option<vec::IntoIter<Value>>,
}

impl Variant {
    fn new(
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
