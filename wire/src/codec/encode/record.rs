//! Records: property lists, or their keys as a shape that is sent once.

use crate::codec::encode::{Encoder, Frame};
use crate::codec::error::Unsendable;
use crate::codec::op::Op;
use crate::codec::scan::NODE;
use crate::codec::sent::Shape;
use crate::codec::text::{KEYWORD, Text};

/// A record being written, field by field, in the order of its shape.
#[derive(Debug)]
#[must_use = "a record has to be ended"]
pub struct RecordEncoder<'e, 'a> {
    out: &'e mut Encoder<'a>,
    /// The keys still due.
    keys: &'static [&'static str],
    form: Form,
}

/// How a record is written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Form {
    /// In a list, whose frame is the record's too.
    Element,
    /// With a frame of its own.
    Framed,
    /// As a property list.
    PropertyList,
}

impl<'a> Encoder<'a> {
    /// Begins a record: a property list, of which a peer that reads records gets the keys once.
    ///
    /// ```
    /// use bytes::BytesMut;
    /// use wire::codec::{Encoder, PeerProfile, Shape};
    ///
    /// static JOB: Shape = Shape::new(&["ID", "COMMAND"]);
    /// let (mut buf, peer) = (BytesMut::new(), PeerProfile::extended());
    /// let mut out = Encoder::new(&mut buf, None, &peer);
    /// let mut record = out.record(&JOB)?;
    /// if let Some(out) = record.field(false)? {
    ///     out.integer(7)?;
    /// }
    /// record.field(true)?; // no command
    /// record.end()?;
    /// # Ok::<(), wire::Unsendable>(())
    /// ```
    ///
    /// # Errors
    /// The object becomes too large, or too deep.
    #[inline]
    pub fn record(&mut self, shape: &'static Shape) -> Result<RecordEncoder<'_, 'a>, Unsendable> {
        let form =
            if self.begin_element(shape) { Form::Element } else { self.begin_record(shape)? };
        Ok(RecordEncoder { out: self, keys: shape.keys(), form })
    }

    /// Begins a record of a shape that was sent before and that is an element, as most are, with one
    /// look at all that could be against it; says whether nothing was.
    #[inline]
    fn begin_element(&mut self, shape: &'static Shape) -> bool {
        let drawn = self.sent.as_ref().and_then(|sent| sent.drawn(shape.number()));
        let Some(index @ ..=0x7f) = drawn else { return false };
        let weight = self.weight.saturating_add(NODE + shape.weight());
        // The record, and the list of its keys.
        let depth = self.depth().saturating_add(2);
        let peer = self.peer;
        if self.top != (Frame::List { due: true })
            || weight > peer.object_weight
            || depth > peer.depth
            || peer.text != Text::Utf8
            || !peer.reads.contains(Op::ShortLookup)
        {
            return false;
        }
        self.weight = weight;
        self.deepest = self.deepest.max(depth);
        self.frameless += 1;
        self.top = Frame::List { due: false };
        let count = shape.keys().len() as u8;
        let (record, lookup) = (Op::Record.byte(), Op::ShortLookup.byte());
        self.buf.extend_from_slice(&[record, count, lookup, index as u8]);
        true
    }

    /// Begins any record.
    fn begin_record(&mut self, shape: &'static Shape) -> Result<Form, Unsendable> {
        let keys = shape.keys();
        if !self.reads(Op::Record) || !(1..=255).contains(&keys.len()) {
            self.open(Frame::List { due: false });
            return Ok(Form::PropertyList);
        }
        self.begin(Frame::List { due: true })?;
        self.buf.extend_from_slice(&[Op::Record.byte(), keys.len() as u8]);
        self.shape(shape)?;
        Ok(Form::Framed)
    }

    /// The keys, as a list that is saved the first time.
    fn shape(&mut self, shape: &'static Shape) -> Result<(), Unsendable> {
        let drawn = self.sent.as_ref().and_then(|sent| sent.drawn(shape.number()));
        if let Some(index) = drawn {
            self.check_depth(1)?;
            return self.look_up(index, self.shape_weight(shape));
        }
        self.new_shape(shape)
    }

    /// What the peer's scanner charges for a shape.
    fn shape_weight(&self, shape: &'static Shape) -> u64 {
        let charge = |key: &&str| NODE + self.text_len(key) + KEYWORD.len() as u64;
        match self.peer.text {
            Text::Utf8 => shape.weight(),
            Text::Latin1 => NODE + shape.keys().iter().map(charge).sum::<u64>(),
        }
    }

    /// A field that is absent, or has a key before it.
    fn other_field(
        &mut self,
        form: Form,
        key: &str,
        absent: bool,
    ) -> Result<Option<&mut Self>, Unsendable> {
        match (form, absent) {
            (Form::PropertyList, true) => return Ok(None),
            (Form::PropertyList, false) => {
                self.cons_in_list()?;
                self.keyword(key)?;
                self.cons_in_list()?;
            }
            _ => {}
        }
        self.top = Frame::List { due: true };
        if absent {
            self.nil()?;
            return Ok(None);
        }
        Ok(Some(self))
    }

    fn end_framed(&mut self, form: Form) -> Result<(), Unsendable> {
        if form == Form::PropertyList {
            self.top = Frame::List { due: true };
            self.nil()?;
        }
        self.pop();
        self.complete();
        Ok(())
    }

    #[cold]
    fn new_shape(&mut self, shape: &'static Shape) -> Result<(), Unsendable> {
        if let Some(sent) = self.sent.as_mut() {
            if let Some(index) = sent.save_shape(shape.keys()) {
                sent.note_drawn(shape.number(), index);
                self.save(index);
            }
        }
        let keys = shape.keys();
        let mut list = self.list(keys.len())?;
        for key in keys {
            list.element()?.keyword(key)?;
        }
        list.end()
    }
}

impl<'a> RecordEncoder<'_, 'a> {
    /// The encoder for the next field's value, where exactly one object must be written; `None` if
    /// the field is absent. An absent field has no place in a property list, and is `NIL` in a
    /// record.
    ///
    /// # Errors
    /// The last field was not one object, or there are more than the shape has; the object becomes
    /// too large, or too deep.
    #[inline]
    pub fn field(&mut self, absent: bool) -> Result<Option<&mut Encoder<'a>>, Unsendable> {
        self.check()?;
        let Some((key, keys)) = self.keys.split_first() else {
            return Err(Unsendable::NotOneObject);
        };
        self.keys = keys;
        if absent || self.form == Form::PropertyList {
            return self.out.other_field(self.form, key, absent);
        }
        self.out.top = Frame::List { due: true };
        Ok(Some(self.out))
    }

    /// Ends the record.
    ///
    /// # Errors
    /// The last field was not one object, or there are fewer than the shape has.
    #[inline]
    pub fn end(self) -> Result<(), Unsendable> {
        self.check()?;
        if !self.keys.is_empty() || self.out.uneven {
            return Err(Unsendable::NotOneObject);
        }
        if self.form == Form::Element {
            self.out.frameless -= 1;
            return Ok(());
        }
        self.out.end_framed(self.form)
    }

    #[inline]
    fn check(&self) -> Result<(), Unsendable> {
        if self.out.is_even() { Ok(()) } else { Err(Unsendable::NotOneObject) }
    }
}
