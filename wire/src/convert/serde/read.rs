//! Values, to types that serde knows.

mod parts;

use std::vec;

use ::serde::de::{Deserializer, Visitor};
use ::serde::forward_to_deserialize_any;

use crate::convert::serde::error::ReadError;
use crate::value::{List, Value};
use parts::{Elements, Pairs, Properties, Variant};

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
            _ => visitor.visit_map(Pairs::new(self.into_items()?)),
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
