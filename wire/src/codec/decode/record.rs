//! Property lists, and records, which mean them.

use std::borrow::Cow;

use crate::codec::decode::{Decoder, Kind, ListDecoder};
use crate::codec::error::WrongType;

/// A property list with keyword keys, key by key.
///
/// ```
/// use wire::Limits;
/// use wire::codec::{Decoder, NoTokens, Received, Text};
///
/// let received = Received::new(&Limits::default(), Text::Utf8);
/// // the list (:ID 7 :X 8)
/// let mut bytes = vec![18, 0, 0, 0, 0, 4];
/// bytes.extend(b"\x09\0\0\0\x02ID\0\0\0\x07KEYWORD\x13\x07");
/// bytes.extend(b"\x09\0\0\0\x01X\0\0\0\x07KEYWORD\x13\x08");
/// let mut input = Decoder::new(&bytes, &received, Text::Utf8, &NoTokens);
/// let mut record = input.record("Job")?;
/// let mut id = None;
/// while let Some(key) = record.key()? {
///     match &*key {
///         "ID" => id = Some(record.value().integer()?),
///         _ => record.skip()?,
///     }
/// }
/// assert_eq!(id, Some(7));
/// # Ok::<(), wire::WrongType>(())
/// ```
#[derive(Debug)]
pub struct RecordDecoder<'d, 'a> {
    pub(super) list: ListDecoder<'d, 'a>,
}

impl<'a> Decoder<'a> {
    /// Reads a property list, in the form of a list or of a record. `type_name` is for the error.
    ///
    /// # Errors
    /// Something else stands there.
    pub fn record(&mut self, type_name: &str) -> Result<RecordDecoder<'_, 'a>, WrongType> {
        match self.kind() {
            Kind::List | Kind::Nil | Kind::Record => Ok(RecordDecoder { list: self.list()? }),
            _ => Err(self.wrong(format!("a property list ({type_name})"))),
        }
    }
}

impl<'a> RecordDecoder<'_, 'a> {
    /// The next key's name, or `None` after the last. The decoder goes on to the key's value.
    ///
    /// # Errors
    /// A key is not a keyword, or has no value.
    pub fn key(&mut self) -> Result<Option<Cow<'a, str>>, WrongType> {
        if !self.list.advance()? {
            return Ok(None);
        }
        let key = self.list.decoder().keyword("a key of a property list")?;
        if self.list.advance()? {
            Ok(Some(key))
        } else {
            Err(WrongType::new(format!("a value after :{key}"), "the end of the property list"))
        }
    }

    /// The decoder at the value of the key that was read last. The caller reads one object or
    /// none.
    #[inline]
    pub fn value(&mut self) -> &mut Decoder<'a> {
        self.list.decoder()
    }

    /// Passes over the value of the key that was read last.
    ///
    /// # Errors
    /// It is cut short.
    pub fn skip(&mut self) -> Result<(), WrongType> {
        self.list.decoder().skip()
    }
}
