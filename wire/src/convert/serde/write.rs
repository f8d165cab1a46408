//! Types that serde knows, to values.

use ::serde::Serialize;
use ::serde::ser::{
    SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant, Serializer,
};

use crate::convert::serde::error::WriteError;
use crate::convert::serde::name::to_lisp;
use crate::value::Value;

/// Writes one value.
#[derive(Clone, Copy, Debug)]
pub(super) struct Writer {
    /// Whether the peer reads octets.
    pub(super) octets: bool,
}

/// What was written.
#[derive(Debug)]
pub(super) struct Written {
    pub(super) value: Value,
    /// Whether it was `None`, which a property list leaves out.
    is_none: bool,
}

impl<T: Into<Value>> From<T> for Written {
    fn from(value: T) -> Self {
        Self { value: value.into(), is_none: false }
    }
}

type Result<T = Written> = std::result::Result<T, WriteError>;

/// Writes the elements of a list, or the properties of a property list.
#[derive(Debug)]
pub(super) struct Items {
    items: Vec<Value>,
    writer: Writer,
}

impl Writer {
    fn items(self, head: Option<&str>) -> Items {
        let head = head.map(|variant| Value::keyword(&to_lisp(variant)));
        Items { items: head.into_iter().collect(), writer: self }
    }
}

impl Items {
    fn push<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        self.items.push(value.serialize(self.writer)?.value);
        Ok(())
    }

    fn property<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) -> Result<()> {
        let written = value.serialize(self.writer)?;
        if !written.is_none {
            self.items.extend([Value::keyword(&to_lisp(name)), written.value]);
        }
        Ok(())
    }
}

macro_rules! written_as_they_are {
    ($($method:ident: $type:ty),*) => {
        $(
            fn $method(self, value: $type) -> Result {
                Ok(Written::from(value))
            }
        )*
    };
}

impl Serializer for Writer {
    type Ok = Written;
    type Error = WriteError;
    type SerializeSeq = Items;
    type SerializeTuple = Items;
    type SerializeTupleStruct = Items;
    type SerializeTupleVariant = Items;
    type SerializeMap = Pairs;
    type SerializeStruct = Items;
    type SerializeStructVariant = Items;

    written_as_they_are! {
        serialize_bool: bool,
        serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64,
        serialize_i128: i128,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64,
        serialize_u128: u128,
        serialize_f32: f32, serialize_f64: f64,
        serialize_char: char, serialize_str: &str
    }

    fn serialize_bytes(self, bytes: &[u8]) -> Result {
        Ok(Written::from(match self.octets {
            true => Value::Octets(bytes.into()),
            false => Value::list(bytes.iter().copied()),
        }))
    }

    fn serialize_none(self) -> Result {
        Ok(Written { value: Value::Nil, is_none: true })
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result {
        let written = value.serialize(self)?;
        if written.value.is_nil() {
            return Err(WriteError("Some of a value that is NIL would be read as None".to_owned()));
        }
        Ok(written)
    }

    fn serialize_unit(self) -> Result {
        Ok(Written::from(Value::Nil))
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result {
        Ok(Written::from(Value::keyword(&to_lisp(variant))))
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result {
        let mut items = self.items(Some(variant));
        items.push(value)?;
        SerializeSeq::end(items)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Items> {
        Ok(self.items(None))
    }

    fn serialize_tuple(self, _: usize) -> Result<Items> {
        Ok(self.items(None))
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Items> {
        Ok(self.items(None))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Items> {
        Ok(self.items(Some(variant)))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Pairs> {
        Ok(Pairs { pairs: Vec::new(), key: Value::Nil, writer: self })
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Items> {
        Ok(self.items(None))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Items> {
        Ok(self.items(Some(variant)))
    }
}

macro_rules! elements {
    ($($kind:ident $method:ident),*) => {
        $(
            impl $kind for Items {
                type Ok = Written;
                type Error = WriteError;

                fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
                    self.push(value)
                }

                fn end(self) -> Result {
                    Ok(Written::from(self.items))
                }
            }
        )*
    };
}

elements! {
    SerializeSeq serialize_element,
    SerializeTuple serialize_element,
    SerializeTupleStruct serialize_field,
    SerializeTupleVariant serialize_field
}

macro_rules! properties {
    ($($kind:ident),*) => {
        $(
            impl $kind for Items {
                type Ok = Written;
                type Error = WriteError;

                fn serialize_field<T: Serialize + ?Sized>(
                    &mut self,
                    name: &'static str,
                    value: &T,
                ) -> Result<()> {
                    self.property(name, value)
                }

                fn end(self) -> Result {
                    Ok(Written::from(self.items))
                }
            }
        )*
    };
}

properties!(SerializeStruct, SerializeStructVariant);

/// Writes the pairs of an alist.
#[derive(Debug)]
pub(super) struct Pairs {
    pairs: Vec<Value>,
    /// The key whose value comes next.
    key: Value,
    writer: Writer,
}

impl SerializeMap for Pairs {
    type Ok = Written;
    type Error = WriteError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<()> {
        self.key = key.serialize(self.writer)?.value;
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        let value = value.serialize(self.writer)?.value;
        self.pairs.push(Value::cons(std::mem::take(&mut self.key), value));
        Ok(())
    }

    fn end(self) -> Result {
        Ok(Written::from(self.pairs))
    }
}
