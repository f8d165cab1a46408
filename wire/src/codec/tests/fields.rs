//! Records whose keys are known, whoever has written them.

use bytes::BytesMut;

use super::Stream;
use crate::codec::{
    Decoder, Encoder, NoTokens, PeerProfile, Received, Sent, Shape, Text, WrongType,
};
use crate::limits::Limits;

static POINT: Shape = Shape::new(&["X", "Y"]);
static TURNED: Shape = Shape::new(&["Y", "X"]);
static SPOT: Shape = Shape::new(&["X", "Y", "COLOUR"]);
static SAME: Shape = Shape::new(&["X", "Y"]);

/// Both ends of one direction of a wire.
struct Direction {
    sent: Sent,
    stream: Stream,
}

impl Direction {
    fn new() -> Self {
        Self { sent: Sent::new(100), stream: Stream::new(&Limits::default()) }
    }

    /// Sends a record whose fields are 1, 2, 3, then 9, and has both read.
    fn cross<T>(
        &mut self,
        peer: &PeerProfile,
        shape: &'static Shape,
        read: impl FnOnce(&mut Decoder<'_>) -> Result<T, WrongType>,
    ) -> Result<T, WrongType> {
        let mut octets = BytesMut::new();
        let mut out = Encoder::new(&mut octets, Some(&mut self.sent), peer);
        let mut list = out.list(2).unwrap();
        let mut record = list.element().unwrap().record(shape).unwrap();
        for number in 1..=shape.keys().len() as i64 {
            record.field(false).unwrap().unwrap().integer(number).unwrap();
        }
        record.end().unwrap();
        list.element().unwrap().integer(9).unwrap();
        list.end().unwrap();
        let found = self.stream.feed(&octets).unwrap();
        let mut input = Decoder::new(&found[0].1, &self.stream.received, Text::Utf8, &NoTokens);
        let mut list = input.list()?;
        let result = read(list.next()?.unwrap());
        assert_eq!(list.next()?.unwrap().integer()?, 9, "the decoder is behind the record");
        list.finish("the test")?;
        result
    }
}

/// X, Y, and how many keys are neither.
type Found = (Option<i64>, Option<i64>, u32);

fn point(shape: &'static Shape) -> impl FnOnce(&mut Decoder<'_>) -> Result<Found, WrongType> {
    move |input| {
        let (mut found, mut others) = ([None; 2], 0);
        let mut fields = input.fields(shape, "Point")?;
        while let Some(field) = fields.field()? {
            match field {
                0 | 1 => found[field] = Some(fields.value().integer()?),
                _ => others += 1,
            }
        }
        Ok((found[0], found[1], others))
    }
}

#[test]
fn fields_are_found_by_their_keys_in_any_order_and_of_any_shape() {
    for peer in [PeerProfile::classic(), PeerProfile::extended()] {
        let mut wire = Direction::new();
        // What was found of one shape must not stick to the next.
        for _ in 0..3 {
            let mut cross = |sent, read| wire.cross(&peer, sent, point(read)).unwrap();
            assert_eq!(cross(&POINT, &POINT), (Some(1), Some(2), 0));
            assert_eq!(cross(&POINT, &SAME), (Some(1), Some(2), 0));
            assert_eq!(cross(&POINT, &TURNED), (Some(2), Some(1), 0));
            assert_eq!(cross(&TURNED, &POINT), (Some(2), Some(1), 0));
            assert_eq!(cross(&SPOT, &POINT), (Some(1), Some(2), 1));
            assert_eq!(cross(&SPOT, &TURNED), (Some(2), Some(1), 1));
            assert_eq!(cross(&POINT, &SPOT), (Some(1), Some(2), 0));
        }
    }
}

#[test]
fn fields_that_are_not_read_are_passed_over() {
    let (mut wire, peer) = (Direction::new(), PeerProfile::extended());
    for _ in 0..2 {
        for read in 0..3 {
            let fields = wire.cross(&peer, &SPOT, |input| {
                let mut fields = input.fields(&SPOT, "Spot")?;
                for field in 0..read {
                    assert_eq!(fields.field()?, Some(field));
                }
                fields.field()
            });
            assert_eq!(fields, Ok(Some(read)));
        }
    }
}

#[test]
fn what_is_no_property_list_is_told() {
    let received = Received::new(&Limits::default(), Text::Utf8);
    for (octets, found) in [
        (&b"\x07\0\0\0\x07"[..], "the integer 7"),
        (b"\x15\x02\x14\x05\x13\x01\x13\x02", "a record"),
        (b"\x15\x02", "a record"),
    ] {
        let mut input = Decoder::new(octets, &received, Text::Utf8, &NoTokens);
        let error = input.fields(&POINT, "Point").unwrap_err();
        assert_eq!(error.found(), found);
    }
}
