//! Property lists whose keys are known where the program is compiled.

use crate::codec::decode::list::Rest;
use crate::codec::decode::{Decoder, ListDecoder, RecordDecoder};
use crate::codec::error::WrongType;
use crate::codec::sent::Shape;

/// A property list with the keys of a [`Shape`], field by field.
///
/// A record that has these keys in this order, as one of the same type has, costs no look at its
/// keys but the first time.
///
/// ```
/// use wire::Limits;
/// use wire::codec::{Decoder, NoTokens, Received, Shape, Text};
///
/// static JOB: Shape = Shape::new(&["ID", "COMMAND"]);
///
/// let received = Received::new(&Limits::default(), Text::Utf8);
/// // the list (:X 8 :ID 7)
/// let mut bytes = vec![18, 0, 0, 0, 0, 4];
/// bytes.extend(b"\x09\0\0\0\x01X\0\0\0\x07KEYWORD\x13\x08");
/// bytes.extend(b"\x09\0\0\0\x02ID\0\0\0\x07KEYWORD\x13\x07");
/// let mut input = Decoder::new(&bytes, &received, Text::Utf8, &NoTokens);
/// let mut fields = input.fields(&JOB, "Job")?;
/// let mut id = None;
/// while let Some(field) = fields.field()? {
///     match field {
///         0 => id = Some(fields.value().integer()?),
///         _ => fields.skip()?,
///     }
/// }
/// assert_eq!(id, Some(7));
/// # Ok::<(), wire::WrongType>(())
/// ```
#[derive(Debug)]
pub struct FieldDecoder<'d, 'a> {
    record: RecordDecoder<'d, 'a>,
    keys: &'static [&'static str],
    /// The next field, if the keys were found to be these and only values are left.
    next: Option<usize>,
}

impl<'a> Decoder<'a> {
    /// Reads a property list, in the form of a list or of a record. `type_name` is for the error.
    ///
    /// # Errors
    /// Something else stands there.
    #[inline]
    pub fn fields(
        &mut self,
        shape: &'static Shape,
        type_name: &str,
    ) -> Result<FieldDecoder<'_, 'a>, WrongType> {
        let keys = shape.keys();
        if let Some((values, after)) = self.values_of(shape) {
            self.input = values;
            let list = ListDecoder::over(self, Rest::Count(keys.len()), after);
            return Ok(FieldDecoder { record: RecordDecoder { list }, keys, next: Some(0) });
        }
        Ok(FieldDecoder { record: self.record(type_name)?, keys, next: None })
    }

    /// Where the values of a record stand whose keys are this shape's in its order, and what
    /// follows the record if that is elsewhere.
    #[inline]
    fn values_of(&self, shape: &'static Shape) -> Option<(&'a [u8], Option<&'a [u8]>)> {
        let here = self.objects()?;
        let [21, count, at @ ..] = here.object else { return None };
        if usize::from(*count) != shape.keys().len() {
            return None;
        }
        let (index, values) = match at {
            [20, index @ ..=0x7f, values @ ..] => (u32::from(*index), values),
            _ => self.lookup_at(at)?,
        };
        let kept = self.received.kept(index)?;
        let same = kept.compared.or_compare(shape, || {
            let keys = Decoder { input: &kept.octets, ..self.clone() };
            keys.has_keys(shape).unwrap_or(false)
        });
        same.then_some((values, here.after))
    }

    /// Whether a list of just these keywords stands here.
    #[cold]
    fn has_keys(mut self, shape: &'static Shape) -> Result<bool, WrongType> {
        let mut list = self.list()?;
        for key in shape.keys() {
            let Some(input) = list.next()? else { return Ok(false) };
            if input.keyword("a key")? != *key {
                return Ok(false);
            }
        }
        Ok(!list.advance()?)
    }
}

impl<'a> FieldDecoder<'_, 'a> {
    /// The next field, by the index of its key in the shape; a key that the shape lacks has an index
    /// past the last. `None` after the last field. The decoder goes on to the field's value.
    ///
    /// # Errors
    /// A key is not a keyword, or has no value.
    #[inline]
    pub fn field(&mut self) -> Result<Option<usize>, WrongType> {
        if let Some(field) = self.next {
            let more = self.record.list.advance()?;
            self.next = Some(field + 1);
            return Ok(more.then_some(field));
        }
        self.find()
    }

    fn find(&mut self) -> Result<Option<usize>, WrongType> {
        let Some(found) = self.record.key()? else { return Ok(None) };
        let field = self.keys.iter().position(|key| found == *key);
        Ok(Some(field.unwrap_or(self.keys.len())))
    }

    /// The decoder at the value of the field that came last. The caller reads one object or none.
    #[inline]
    pub fn value(&mut self) -> &mut Decoder<'a> {
        self.record.value()
    }

    /// Passes over the value of the field that came last.
    ///
    /// # Errors
    /// It is cut short.
    pub fn skip(&mut self) -> Result<(), WrongType> {
        self.record.skip()
    }
}
