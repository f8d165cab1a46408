//! Records as elements of lists, which have no frame of their own while they are written.

use bytes::BytesMut;

use super::Stream;
use crate::codec::{Encoder, PeerProfile, Scan, Sent, Shape, Unsendable};
use crate::limits::Limits;

static OUTER: Shape = Shape::new(&["INNER", "NAME"]);
static INNER: Shape = Shape::new(&["X"]);

/// A list of records, in each of which is a list of records, twice: the first has the shapes saved.
fn write(out: &mut Encoder<'_>) -> Result<(), Unsendable> {
    let mut list = out.list(2)?;
    for _ in 0..2 {
        let mut outer = list.element()?.record(&OUTER)?;
        if let Some(out) = outer.field(false)? {
            let mut within = out.list(2)?;
            for number in [1, 1000] {
                let mut inner = within.element()?.record(&INNER)?;
                if let Some(out) = inner.field(false)? {
                    out.integer(number)?;
                }
                inner.end()?;
            }
            within.end()?;
        }
        assert!(outer.field(true)?.is_none());
        outer.end()?;
    }
    list.end()?;
    out.finish()
}

#[test]
fn they_are_charged_as_they_are_scanned() {
    let (mut sent, mut stream) = (Sent::new(100), Stream::new(&Limits::default()));
    for round in 0..3 {
        let (mut octets, mut peer) = (BytesMut::new(), PeerProfile::extended());
        let mut out = Encoder::new(&mut octets, Some(&mut sent), &peer);
        write(&mut out).unwrap();
        let told = out.weight();
        let found = stream.feed(&octets).unwrap();
        let [(Scan::Object { weight, depth, .. }, _)] = found[..] else { panic!("{found:?}") };
        assert_eq!(told, weight, "round {round}");
        let mut limited = |object_weight, depth| {
            (peer.object_weight, peer.depth) = (object_weight, depth);
            let saved = sent.len();
            let written = write(&mut Encoder::new(&mut BytesMut::new(), Some(&mut sent), &peer));
            sent.rollback(saved);
            written
        };
        assert_eq!(limited(weight, depth), Ok(()));
        let limit = weight - 1;
        assert_eq!(limited(limit, depth), Err(Unsendable::TooLarge { weight, limit }));
        let limit = depth - 1;
        assert_eq!(limited(weight, limit), Err(Unsendable::TooDeep { limit }));
    }
}

#[test]
fn what_is_left_open_or_ends_early_or_late_is_found_out() {
    type Write = fn(&mut Encoder<'_>) -> Result<(), Unsendable>;
    let wrong: [Write; 4] = [
        |out| {
            let mut record = out.record(&OUTER)?;
            record.field(true)?;
            drop(record);
            Ok(())
        },
        |out| {
            let mut record = out.record(&OUTER)?;
            record.field(true)?;
            record.end()
        },
        |out| {
            let mut record = out.record(&INNER)?;
            record.field(true)?;
            record.field(true)?;
            record.end()
        },
        |out| {
            let mut record = out.record(&INNER)?;
            if let Some(out) = record.field(false)? {
                out.integer(1)?;
                out.integer(2)?;
            }
            record.end()
        },
    ];
    let mut sent = Sent::new(100);
    let peer = PeerProfile::extended();
    // What the shapes are is known from the second round on.
    for _ in 0..2 {
        write(&mut Encoder::new(&mut BytesMut::new(), Some(&mut sent), &peer)).unwrap();
        for (number, wrong) in wrong.iter().enumerate() {
            let mut octets = BytesMut::new();
            let mut out = Encoder::new(&mut octets, Some(&mut sent), &peer);
            let mut list = out.list(1).unwrap();
            // Who writes it swallows the error, which must show all the same.
            let _ = wrong(list.element().unwrap());
            let _ = list.end();
            assert_eq!(out.finish(), Err(Unsendable::NotOneObject), "{number}");
            let mut out = Encoder::new(&mut octets, Some(&mut sent), &peer);
            assert_eq!(out.one(wrong), Err(Unsendable::NotOneObject), "{number}");
            let within = |out: &mut Encoder<'_>| {
                let mut list = out.list(1)?;
                wrong(list.element()?)?;
                list.end()
            };
            let mut out = Encoder::new(&mut octets, Some(&mut sent), &peer);
            assert_eq!(out.one(within), Err(Unsendable::NotOneObject), "{number}");
        }
    }
}
