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
    /// The constructs around the record.
    depth: usize,
    /// Written as a property list.
    plist: bool,
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
        let keys = shape.keys();
        let depth = self.below.len();
        let plist = !self.reads(Op::Record) || !(1..=255).contains(&keys.len());
        if plist {
            self.open(Frame::List { due: false });
        } else {
            self.begin(Frame::List { due: true })?;
            self.buf.extend_from_slice(&[Op::Record.byte(), keys.len() as u8]);
            self.shape(shape)?;
        }
        Ok(RecordEncoder { out: self, keys, depth, plist })
    }

    /// The keys, as a list that is saved the first time.
    #[inline]
    fn shape(&mut self, shape: &'static Shape) -> Result<(), Unsendable> {
        let drawn = self.sent.as_ref().and_then(|sent| sent.drawn(shape.number()));
        if let Some(index) = drawn {
            self.check_depth(1)?;
            return self.look_up(index, self.shape_weight(shape));
        }
        self.new_shape(shape)
    }

    /// What the peer's scanner charges for a shape.
    #[inline]
    fn shape_weight(&self, shape: &'static Shape) -> u64 {
        let keys = shape.keys();
        let names = match self.peer.text {
            Text::Utf8 => shape.octets() as u64,
            Text::Latin1 => keys.iter().map(|key| self.text_len(key)).sum(),
        };
        NODE + names + keys.len() as u64 * (NODE + KEYWORD.len() as u64)
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
        if !absent && !self.plist {
            self.out.top = Frame::List { due: true };
            return Ok(Some(self.out));
        }
        self.other_field(key, absent)
    }

    fn other_field(
        &mut self,
        key: &str,
        absent: bool,
    ) -> Result<Option<&mut Encoder<'a>>, Unsendable> {
        if absent {
            if !self.plist {
                self.out.top = Frame::List { due: true };
                self.out.nil()?;
            }
            return Ok(None);
        }
        if self.plist {
            self.out.cons_in_list()?;
            self.out.keyword(key)?;
            self.out.cons_in_list()?;
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
        if !self.keys.is_empty() {
            return Err(Unsendable::NotOneObject);
        }
        if self.plist {
            self.out.top = Frame::List { due: true };
            self.out.nil()?;
        }
        self.out.pop();
        self.out.complete();
        Ok(())
    }

    #[inline]
    fn check(&self) -> Result<(), Unsendable> {
        if self.out.is_even_list(self.depth) { Ok(()) } else { Err(Unsendable::NotOneObject) }
    }
}
