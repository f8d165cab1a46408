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

/// X, Y, how many keys are neither, and whether it was read as a row.
type Found = (Option<i64>, Option<i64>, u32, bool);

/// Reads a point as a derive does: by place if it can be, else by key.
fn point(shape: &'static Shape) -> impl FnOnce(&mut Decoder<'_>) -> Result<Found, WrongType> {
    move |input| {
        let (mut x, mut y, mut others) = (None, None, 0);
        let mut note = |key: &str, value: &mut Decoder<'_>| {
            match key {
                "X" => x = Some(value.integer()?),
                "Y" => y = Some(value.integer()?),
                _ => others += 1,
            }
            Ok(())
        };
        let row =
            input.row(shape, |row| shape.keys().iter().try_for_each(|key| note(key, row.value()?)));
        let is_row = row.transpose()?.is_some();
        if !is_row {
            let mut record = input.record("Point")?;
            while let Some(key) = record.key()? {
                note(&key, record.value())?;
            }
        }
        Ok((x, y, others, is_row))
    }
}

#[test]
fn fields_are_found_by_their_keys_in_any_order_and_of_any_shape() {
    for (peer, records) in [(PeerProfile::classic(), false), (PeerProfile::extended(), true)] {
        let mut wire = Direction::new();
        // What was found of one shape must not stick to the next. The first record saves its shape.
        for is_row in [false, records, records] {
            let mut cross = |sent, read| wire.cross(&peer, sent, point(read)).unwrap();
            assert_eq!(cross(&POINT, &POINT), (Some(1), Some(2), 0, is_row));
            assert_eq!(cross(&POINT, &SAME), (Some(1), Some(2), 0, records));
            assert_eq!(cross(&POINT, &TURNED), (Some(1), Some(2), 0, false));
            assert_eq!(cross(&TURNED, &POINT), (Some(2), Some(1), 0, false));
            assert_eq!(cross(&SPOT, &POINT), (Some(1), Some(2), 1, false));
            assert_eq!(cross(&SPOT, &TURNED), (Some(1), Some(2), 1, false));
            assert_eq!(cross(&POINT, &SPOT), (Some(1), Some(2), 0, false));
        }
    }
}

#[test]
fn a_row_is_read_wherever_its_octets_are() {
    let mut stream = Stream::new(&Limits::default());
    // 200 objects, then the shape, then a record of it.
    for index in 0..200_u8 {
        stream.feed(&[10, 0, 0, 0, index, 18, 0, 0, 0, 0, 1, 19, 0]).unwrap();
    }
    let key = |name| [&[9, 0, 0, 0, 1, name][..], b"\0\0\0\x07KEYWORD"].concat();
    let shape = [&[10, 0, 0, 0, 200, 18, 0, 0, 0, 0, 2][..], &key(b'X'), &key(b'Y')].concat();
    stream.feed(&shape).unwrap();
    stream.feed(&[10, 0, 0, 0, 201, 21, 2, 20, 200, 1, 19, 1, 19, 2]).unwrap();
    let here = &[21, 2, 20, 200, 1, 19, 1, 19, 2, 19, 9][..];
    let saved = &[10, 0, 0, 0, 202, 21, 2, 20, 200, 1, 19, 1, 19, 2, 19, 9][..];
    let elsewhere = &[20, 201, 1, 19, 9][..];
    for octets in [here, saved, elsewhere] {
        let mut input = Decoder::new(octets, &stream.received, Text::Utf8, &NoTokens);
        assert_eq!(point(&POINT)(&mut input), Ok((Some(1), Some(2), 0, true)), "{octets:?}");
        assert_eq!(input.integer(), Ok(9));
    }
}

#[test]
fn values_that_are_not_read_are_passed_over() {
    let (mut wire, peer) = (Direction::new(), PeerProfile::extended());
    wire.cross(&peer, &SPOT, point(&SPOT)).unwrap();
    // So many are handed out, of which one is read or none.
    for (handed_out, read) in [(0, None), (1, None), (1, Some(0)), (2, Some(1)), (3, Some(0))] {
        let sum = wire.cross(&peer, &SPOT, |input| {
            let values = input.row(&SPOT, |row| {
                let mut sum = 0;
                for value in 0..handed_out {
                    let input = row.value()?;
                    sum += if read == Some(value) { input.integer()? } else { 0 };
                }
                Ok(sum)
            });
            values.unwrap()
        });
        assert_eq!(sum, Ok(read.map_or(0, |value| value + 1)));
    }
    let failed = wire.cross(&peer, &SPOT, |input| {
        let values = input.row(&SPOT, |row| {
            row.value()?.integer()?;
            row.value()?.string()?;
            Ok(())
        });
        values.unwrap()
    });
    assert_eq!(failed.unwrap_err().found(), "the integer 2");
    let beyond = wire.cross(&peer, &SPOT, |input| {
        input.row(&SPOT, |row| (0..4).try_for_each(|_| row.value().map(|_| ()))).unwrap()
    });
    assert_eq!(beyond.unwrap_err().found(), "the end of the record");
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
        assert!(input.row(&POINT, |_| Ok(())).is_none());
        assert_eq!(point(&POINT)(&mut input).unwrap_err().found(), found);
    }
}
