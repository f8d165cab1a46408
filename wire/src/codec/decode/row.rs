//! Records whose keys are known where the program is compiled.

use crate::codec::decode::{Decoder, OBJECTS};
use crate::codec::error::WrongType;
use crate::codec::received::Kept;
use crate::codec::sent::Shape;

/// The values of a record that has just the keys of a [`Shape`], in their order.
///
/// Of records of one shape, which a type's own derive writes, only the first costs a look at the keys.
///
/// ```
/// use wire::Limits;
/// use wire::codec::{Decoder, NoTokens, Received, Scanner, Shape, Text};
///
/// static JOB: Shape = Shape::new(&["ID"]);
///
/// let (limits, mut bytes) = (Limits::default(), Vec::new());
/// let mut received = Received::new(&limits, Text::Utf8);
/// // the list (:ID), saved, and behind it a record of that shape with 7
/// let saved = b"\x0a\0\0\0\0\x12\0\0\0\0\x01\x09\0\0\0\x02ID\0\0\0\x07KEYWORD";
/// Scanner::new(&limits).scan(saved, &mut received)?;
/// bytes.extend([21, 1, 20, 0, 19, 7]);
///
/// let mut input = Decoder::new(&bytes, &received, Text::Utf8, &NoTokens);
/// let id = input.row(&JOB, |row| row.value()?.integer());
/// assert_eq!(id, Some(Ok(7)));
/// assert!(input.is_at_end());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// A value that is not read is passed over.
#[derive(Debug)]
pub struct RowDecoder<'d, 'a> {
    decoder: &'d mut Decoder<'a>,
    /// Values that were not handed out.
    left: usize,
    /// How much input there was when the last value was handed out, if one was.
    handed_out: Option<usize>,
}

impl<'a> Decoder<'a> {
    /// Has `read` read a record with just these keys in this order, and goes behind it; `None` if
    /// something else stands there, perhaps a [record](Self::record) with these keys in another form
    /// or order.
    #[inline]
    pub fn row<T>(
        &mut self,
        shape: &'static Shape,
        read: impl FnOnce(&mut RowDecoder<'_, 'a>) -> Result<T, WrongType>,
    ) -> Option<Result<T, WrongType>> {
        let (values, after) = match self.input {
            [21, count, 20, index @ ..=0x7f, values @ ..] if self.element == OBJECTS => {
                let keys = self.received.kept((*index).into())?;
                (self.has_shape(*count, keys, shape).then_some(values)?, None)
            }
            _ => self.row_elsewhere(shape)?,
        };
        self.input = values;
        // Without a `Drop`, so that all of it stays in registers. What a panic leaves nobody reads on.
        let mut row = RowDecoder { decoder: self, left: shape.keys().len(), handed_out: None };
        let value = read(&mut row);
        let (unread, left) = (row.is_unread(), row.left);
        if unread || left > 0 {
            self.pass(left + usize::from(unread));
        }
        if let Some(after) = after {
            self.input = after;
        }
        Some(value)
    }

    /// The values of a record that was saved or looked up, or whose shape has a large index, and what
    /// follows it if that is elsewhere.
    fn row_elsewhere(&self, shape: &'static Shape) -> Option<(&'a [u8], Option<&'a [u8]>)> {
        let here = self.objects()?;
        let [21, count, at @ ..] = here.object else { return None };
        let (index, values) = self.lookup_at(at)?;
        let keys = self.received.kept(index)?;
        self.has_shape(*count, keys, shape).then_some((values, here.after))
    }

    /// Whether these are the shape's keys, in its order, and the record has a value for each.
    #[inline]
    fn has_shape(&self, count: u8, keys: &Kept, shape: &'static Shape) -> bool {
        usize::from(count) == shape.keys().len()
            && (keys.compared.noted(shape, true) || self.compare(keys, shape))
    }

    #[cold]
    fn compare(&self, keys: &Kept, shape: &'static Shape) -> bool {
        if keys.compared.noted(shape, false) {
            return false;
        }
        let list = Decoder { input: &keys.octets, ..self.clone() };
        let same = list.has_keys(shape).unwrap_or(false);
        keys.compared.note(shape, same);
        same
    }

    /// Whether a list of just these keywords stands here.
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

    /// Passes over so many objects, or all there is.
    #[cold]
    fn pass(&mut self, objects: usize) {
        for _ in 0..objects {
            if self.skip().is_err() {
                self.input = &[];
            }
        }
    }
}

impl<'a> RowDecoder<'_, 'a> {
    /// The decoder at the next value. The caller reads one object or none.
    ///
    /// # Errors
    /// There is none, or the last one is cut short.
    #[inline]
    pub fn value(&mut self) -> Result<&mut Decoder<'a>, WrongType> {
        if self.is_unread() {
            self.decoder.skip()?;
        }
        let Some(left) = self.left.checked_sub(1) else {
            return Err(WrongType::new("a value", "the end of the record"));
        };
        self.left = left;
        self.handed_out = Some(self.decoder.input.len());
        Ok(self.decoder)
    }

    /// Whether the last value was not read: who reads none moves nothing.
    #[inline]
    fn is_unread(&self) -> bool {
        self.handed_out == Some(self.decoder.input.len())
    }
}
