//! Lists, in each of the forms that they have on the wire.

use crate::codec::decode::{Decoder, Here, OBJECTS};
use crate::codec::error::WrongType;
use crate::codec::header::{Body, Header, element_size};
use crate::codec::op::Op;
use crate::codec::text::is_nil;

/// A list, element by element.
///
/// ```
/// use wire::Limits;
/// use wire::codec::{Decoder, NoTokens, Received, Text};
///
/// let received = Received::new(&Limits::default(), Text::Utf8);
/// let bytes = [18, 0, 0, 0, 0, 2, 19, 5, 19, 6, 19, 7]; // the list (5 6), then 7
/// let mut input = Decoder::new(&bytes, &received, Text::Utf8, &NoTokens);
/// let mut list = input.list()?;
/// let mut sum = 0;
/// while let Some(element) = list.next()? {
///     sum += element.integer()?;
/// }
/// drop(list);
/// assert_eq!((sum, input.integer()?), (11, 7));
/// # Ok::<(), wire::WrongType>(())
/// ```
///
/// An element that the caller does not read is passed over, and so is the rest of the list when
/// this is dropped.
#[derive(Debug)]
pub struct ListDecoder<'d, 'a> {
    pub(super) decoder: &'d mut Decoder<'a>,
    pub(super) rest: Rest<'a>,
    /// Where the decoder goes after the list, if its elements do not stand before that.
    after: Option<&'a [u8]>,
    /// How much input there was when an element was handed out that may not have been read.
    pub(super) handed_out: Option<usize>,
}

/// What is left of a list.
#[derive(Debug)]
pub(super) enum Rest<'a> {
    /// A cons, or what ends the list.
    Chain,
    /// So many elements.
    Count(usize),
    /// So many keys and values, the keys elsewhere.
    Record(Fields<'a>),
    /// The decoder stands at the tail of a dotted list.
    Dotted,
    Done,
}

#[derive(Debug)]
pub(super) struct Fields<'a> {
    /// Keys and values take turns: where the one stands that the decoder is not at.
    other: &'a [u8],
    /// Keys and values left.
    left: usize,
    /// Whether the shape is a chain of conses, so that there is one before each key.
    chain: bool,
}

/// The elements of a packed sequence.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Packed<'a> {
    /// The kind of the elements: 1 to 4 signed integers of 8 to 64 bits, 5 to 8 unsigned ones, 9
    /// and 10 floats of 32 and 64.
    pub element: u8,
    /// How many.
    pub count: usize,
    /// The elements, big-endian.
    pub octets: &'a [u8],
}

impl<'a> Decoder<'a> {
    /// Reads a list: conses, `NIL`, a sequence, a vector, or a record as the property list that it
    /// means.
    ///
    /// # Errors
    /// Something else stands there.
    #[inline]
    pub fn list(&mut self) -> Result<ListDecoder<'_, 'a>, WrongType> {
        let Some(here) = self.objects() else { return Err(self.wrong("a list")) };
        let mut list = ListDecoder::over(self, Rest::Chain, None);
        if list.enter(here, true) {
            Ok(list)
        } else {
            // Nothing was entered, so nothing is to be passed over.
            list.rest = Rest::Done;
            Err(list.decoder.wrong("a list"))
        }
    }
}

impl<'d, 'a> ListDecoder<'d, 'a> {
    /// The rest of a list whose next element the decoder is at.
    #[inline]
    pub(super) fn over(
        decoder: &'d mut Decoder<'a>,
        rest: Rest<'a>,
        after: Option<&'a [u8]>,
    ) -> Self {
        Self { decoder, rest, after, handed_out: None }
    }

    /// The decoder at the next element, or `None` after the last. The caller reads one object or
    /// none.
    ///
    /// # Errors
    /// The list is dotted, or cut short.
    #[expect(clippy::should_implement_trait, reason = "what it hands out borrows from the list")]
    #[inline]
    pub fn next(&mut self) -> Result<Option<&mut Decoder<'a>>, WrongType> {
        Ok(if self.advance()? { Some(&mut *self.decoder) } else { None })
    }

    /// The last cdr of a dotted list, to be read once; `None` for a proper list. The elements that
    /// were not read are passed over.
    ///
    /// # Errors
    /// The list is cut short.
    pub fn tail(&mut self) -> Result<Option<&mut Decoder<'a>>, WrongType> {
        loop {
            match self.step()? {
                Place::Element => {}
                Place::Tail => return Ok(Some(&mut *self.decoder)),
                Place::End => return Ok(None),
            }
        }
    }

    /// Ends the list, which must have no more elements. `type_name` is for the error.
    ///
    /// # Errors
    /// There are more.
    pub fn finish(mut self, type_name: &str) -> Result<(), WrongType> {
        match self.advance()? {
            false => Ok(()),
            true => Err(WrongType::new(format!("the end of {type_name}"), self.decoder.describe())),
        }
    }

    /// How many elements may be left: never more than octets are there.
    #[inline]
    pub fn remaining_hint(&self) -> usize {
        let octets = self.decoder.input.len();
        match &self.rest {
            // A cons and the smallest object.
            Rest::Chain => octets / 6,
            Rest::Count(count) => (*count).min(octets),
            Rest::Record(fields) => fields.left.min(octets),
            Rest::Dotted | Rest::Done => 0,
        }
    }

    /// All elements at once, if they are packed numbers; the list is at its end then.
    pub fn packed(&mut self) -> Option<Packed<'a>> {
        let (Rest::Count(count), element @ 1..) = (&self.rest, self.decoder.element) else {
            return None;
        };
        let packed = Packed { element, count: *count, octets: self.decoder.input };
        self.leave();
        Some(packed)
    }

    /// Goes to the next element, if there is one.
    #[inline]
    pub(super) fn advance(&mut self) -> Result<bool, WrongType> {
        // Nearly always the last element was read, and it is known how many more there are.
        if let Rest::Count(count) = &mut self.rest {
            let here = Some(self.decoder.input.len());
            if self.handed_out != here {
                let Some(left) = count.checked_sub(1) else {
                    self.handed_out = None;
                    self.leave();
                    return Ok(false);
                };
                *count = left;
                self.handed_out = here;
                return Ok(true);
            }
        }
        match self.step()? {
            Place::Element => Ok(true),
            Place::End => Ok(false),
            Place::Tail => Err(WrongType::new("a proper list", "a dotted list")),
        }
    }

    pub(super) fn decoder(&mut self) -> &mut Decoder<'a> {
        self.decoder
    }

    #[inline]
    fn step(&mut self) -> Result<Place, WrongType> {
        if let Some(len) = self.handed_out.take() {
            // A caller that did not read it moved nothing.
            if self.decoder.input.len() == len {
                self.decoder.skip()?;
            }
        }
        let place = match &mut self.rest {
            Rest::Chain => self.step_chain()?,
            Rest::Count(0) | Rest::Dotted => self.leave(),
            Rest::Count(count) => {
                *count -= 1;
                Place::Element
            }
            Rest::Record(_) => self.step_record(),
            Rest::Done => Place::End,
        };
        if let Place::Element | Place::Tail = place {
            self.handed_out = Some(self.decoder.input.len());
        }
        Ok(place)
    }

    /// In a chain: at a cons, at another form of the rest, or at what ends it.
    #[inline]
    fn step_chain(&mut self) -> Result<Place, WrongType> {
        if let [13, rest @ ..] = self.decoder.input {
            self.decoder.input = rest;
            return Ok(Place::Element);
        }
        let here = self.decoder.here();
        if here.object.is_empty() {
            return Err(WrongType::new("an element", self.decoder.describe()));
        }
        if !self.enter(here, false) {
            self.rest = Rest::Dotted;
            return Ok(Place::Tail);
        }
        self.step()
    }

    /// Enters the list, or the rest of one, at `here`; `false` if what stands there is none.
    fn enter(&mut self, here: Here<'a>, vectors: bool) -> bool {
        let Ok(header) = Header::read(here.object) else { return false };
        let rest = &here.object[header.len..];
        match header.op {
            Op::Cons => self.go(Rest::Chain, here.object, here.after),
            Op::Symbol if is_nil(here.object) => {
                let after = here.after.or_else(|| here.object.get(23..)).unwrap_or_default();
                self.go(Rest::Count(0), after, None);
            }
            Op::Sequence if vectors || here.object[1] & 0x80 == 0 => {
                return self.enter_sequence(here, header, rest);
            }
            Op::Record => return self.enter_record(here, rest),
            _ => return false,
        }
        true
    }

    /// Goes on at `input`; the list's end is at `after`, unless an outer one is known.
    fn go(&mut self, rest: Rest<'a>, input: &'a [u8], after: Option<&'a [u8]>) {
        self.rest = rest;
        self.decoder.input = input;
        self.after = self.after.or(after);
    }

    fn enter_sequence(&mut self, here: Here<'a>, header: Header, rest: &'a [u8]) -> bool {
        match header.body {
            Body::Objects(count) => self.go(Rest::Count(count as usize), rest, here.after),
            Body::Octets(octets) => {
                let element = here.object[1] & 0x7f;
                let Some(size) = element_size(element) else { return false };
                let Ok(octets) = usize::try_from(octets) else { return false };
                let Some((packed, rest)) = rest.split_at_checked(octets) else { return false };
                let count = octets / size as usize;
                self.go(Rest::Count(count), packed, Some(here.after.unwrap_or(rest)));
                self.decoder.element = element;
            }
            _ => return false,
        }
        true
    }

    /// At a record's shape: keys and values take turns.
    fn enter_record(&mut self, here: Here<'a>, shape: &'a [u8]) -> bool {
        let fields = usize::from(here.object[1]);
        let mut values = Decoder { input: shape, ..self.decoder.clone() };
        let keys = values.here();
        if values.skip().is_err() {
            return false;
        }
        let (keys, chain) = match keys.object {
            [13, ..] => (keys.object, true),
            [18, 0, _, _, _, count, rest @ ..] if usize::from(*count) == fields => (rest, false),
            _ => return false,
        };
        let fields = Fields { other: keys, left: 2 * fields, chain };
        self.go(Rest::Record(fields), values.input, here.after);
        true
    }

    /// From a key to its value, or from a value to the next key.
    fn step_record(&mut self) -> Place {
        let Rest::Record(fields) = &mut self.rest else { return Place::End };
        let Some(left) = fields.left.checked_sub(1) else { return self.leave() };
        std::mem::swap(&mut fields.other, &mut self.decoder.input);
        fields.left = left;
        if fields.chain && left % 2 == 1 {
            self.decoder.input = self.decoder.input.strip_prefix(&[13]).unwrap_or_default();
        }
        Place::Element
    }

    /// Ends the list: the decoder stands after it.
    #[inline]
    fn leave(&mut self) -> Place {
        if let Some(after) = self.after.take() {
            self.decoder.input = after;
        }
        self.decoder.element = OBJECTS;
        self.rest = Rest::Done;
        Place::End
    }
}

enum Place {
    Element,
    Tail,
    End,
}

impl Drop for ListDecoder<'_, '_> {
    /// Passes over what was not read, so that the caller's next object is the next one.
    #[inline]
    fn drop(&mut self) {
        if !matches!(self.rest, Rest::Done) {
            self.pass();
        }
    }
}

impl ListDecoder<'_, '_> {
    #[cold]
    fn pass(&mut self) {
        loop {
            match self.step() {
                Ok(Place::End) => return,
                Ok(Place::Element | Place::Tail) => {}
                Err(_) => {
                    self.decoder.input = &[];
                    self.leave();
                    return;
                }
            }
        }
    }
}
