//! Several values, as a function returns them.

use crate::codec::{Decoder, ListDecoder, WrongType};
use crate::convert::{FromWire, missing};
use crate::value::Value;

/// The values of a call: a tuple of up to 16 types, or `Vec<Value>` for as many as there are.
///
/// As in Lisp, values that are missing are nil and extra ones are dropped.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the values of a call",
    label = "neither a tuple of up to 16 `FromWire` types nor `Vec<Value>`",
    note = "one value is a tuple too: `(i64,)`"
)]
pub trait FromValues: Sized {
    /// How many values are wanted; `usize::MAX` for all of them.
    const COUNT: usize;

    /// Reads them, the first first.
    ///
    /// # Errors
    /// [`WrongType`], which says which value is not of its type, or is missing and has no `NIL`.
    fn from_values(values: &mut ValuesDecoder<'_, '_>) -> Result<Self, WrongType>;
}

/// Reads the values of an answer one by one.
#[derive(Debug)]
pub struct ValuesDecoder<'d, 'a> {
    source: Source<'d, 'a>,
    /// How many have been asked for.
    asked: usize,
}

#[derive(Debug)]
enum Source<'d, 'a> {
    /// So many objects, one after another.
    Objects { input: &'d mut Decoder<'a>, left: usize },
    /// The elements of one list, as a classic peer answers who is asked for more than five values.
    List(ListDecoder<'d, 'a>),
}

impl<'d, 'a> ValuesDecoder<'d, 'a> {
    /// The next `count` objects are the values.
    pub fn objects(input: &'d mut Decoder<'a>, count: usize) -> Self {
        Self { source: Source::Objects { input, left: count }, asked: 0 }
    }

    /// The elements of the list that stands next are the values.
    ///
    /// # Errors
    /// [`WrongType`] if no list stands there.
    pub fn list(input: &'d mut Decoder<'a>) -> Result<Self, WrongType> {
        Ok(Self { source: Source::List(input.list()?), asked: 0 })
    }

    /// Reads the next value, or what is nil of its type when there are no more.
    ///
    /// # Errors
    /// [`WrongType`] if the value is not a `T`, or is missing and `T` has no `NIL`.
    pub fn value<T: FromWire>(&mut self) -> Result<T, WrongType> {
        let value = match self.next_object() {
            Ok(Some(input)) => T::from_wire(input),
            Ok(None) => missing(),
            Err(error) => Err(error),
        };
        self.asked += 1;
        value.map_err(|error| error.within(place(self.asked)))
    }

    /// Reads the next value; `None` if it is NIL, or missing, and `T` has no `NIL`.
    ///
    /// # Errors
    /// [`WrongType`] if the value is not a `T`.
    pub fn value_or_nil<T: FromWire>(&mut self) -> Result<Option<T>, WrongType> {
        let Some(input) = self.next_object()? else {
            return Ok(T::nil());
        };
        if input.is_nil() {
            let nil = T::nil();
            if nil.is_none() {
                return Ok(None);
            }
        }
        T::from_wire(input).map(Some)
    }

    /// The next value, still to be read, or `None` when there are no more.
    fn next_object(&mut self) -> Result<Option<&mut Decoder<'a>>, WrongType> {
        match &mut self.source {
            Source::Objects { left: 0, .. } => Ok(None),
            Source::Objects { input, left } => {
                *left -= 1;
                Ok(Some(input))
            }
            Source::List(list) => list.next(),
        }
    }
}

impl FromValues for Vec<Value> {
    const COUNT: usize = usize::MAX;

    fn from_values(values: &mut ValuesDecoder<'_, '_>) -> Result<Self, WrongType> {
        let mut all = Self::new();
        while let Some(input) = values.next_object()? {
            all.push(Value::from_wire(input)?);
        }
        Ok(all)
    }
}

#[cold]
fn place(number: usize) -> String {
    format!("value {number} of the answer")
}
