//! The short way of the scanner finds what its long way finds.

use proptest::collection::vec;
use proptest::prelude::*;

use super::Stream;
use crate::codec::{ProtocolError, Scan};
use crate::limits::Limits;

/// Pieces of objects, whole ones and heads, so that most rows of them mean something.
fn piece() -> impl Strategy<Value = Vec<u8>> {
    let atoms = prop_oneof![
        any::<u8>().prop_map(|small| vec![19, small]),
        Just(b"\x07\0\0\0\x2a".to_vec()),
        Just(b"\x08\0\0\0\x03abc".to_vec()),
        Just(b"\x11\0\0\0\x02ab".to_vec()),
        Just(vec![15, 0, 0, 0, 0, 0, 0, 0, 0]),
        Just(vec![16, 0, 0, 0, 0]),
        (0_u8..4).prop_map(|words| [
            &[14, 0, 0, 0, words][..],
            &[words; 12][..4 * usize::from(words)]
        ]
        .concat()),
        Just(vec![14, 255, 255, 255, 254, 1, 2, 3, 4, 5, 6, 7, 8]),
        Just(vec![14, 128, 0, 0, 0]),
        Just(vec![12, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3]),
    ];
    let heads = prop_oneof![
        Just(vec![13]),
        (1_u8..4).prop_map(|fields| vec![21, fields]),
        (1_u8..4, 0_u8..4).prop_map(|(fields, shape)| vec![21, fields, 20, shape]),
        (0_u8..4).prop_map(|count| vec![18, 0, 0, 0, 0, count]),
        (0_u8..4).prop_map(|count| vec![18, 0x83, 0, 0, 0, count]),
        (0_u8..7).prop_map(|op| vec![op]),
        (0_u8..3, 0_u8..4).prop_map(|(function, argc)| vec![22, 0, function, argc]),
        (1_u8..7, 0_u8..3, 0_u8..4)
            .prop_map(|(want, function, argc)| vec![22, want, 0x85, 1, function, argc]),
        (0_u8..4).prop_map(|values| vec![23, 7, values]),
    ];
    let kept = prop_oneof![
        (0_u8..4).prop_map(|index| vec![20, index]),
        (0_u8..4).prop_map(|index| vec![11, 0, 0, 0, index]),
        (2_u8..4).prop_map(|index| vec![10, 0, 0, 0, index]),
        Just(b"\x09\0\0\0\x01G\0\0\0\x01P".to_vec()),
    ];
    prop_oneof![6 => atoms, 4 => heads, 3 => kept, 1 => vec(any::<u8>(), 1..6)]
}

/// A stream on which a symbol and a list of two were saved.
fn begun(limits: &Limits, step_by_step: bool) -> Stream {
    let mut stream = Stream::new(limits);
    stream.scanner.step_by_step = step_by_step;
    let saved =
        b"\x0a\0\0\0\0\x09\0\0\0\x01F\0\0\0\x01P\x0a\0\0\0\x01\x12\0\0\0\0\x02\x13\x01\x13\x02";
    assert_eq!(stream.feed(saved).unwrap().len(), 2);
    stream
}

fn scanned(mut stream: Stream, bytes: &[u8], cut: usize) -> Result<Vec<Scan>, ProtocolError> {
    let mut found = Vec::new();
    for piece in bytes.chunks(cut) {
        found.extend(stream.feed(piece)?.into_iter().map(|(scan, _)| scan));
    }
    Ok(found)
}

proptest! {
    #[test]
    fn plain_objects_are_as_step_by_step(
        pieces in vec(piece(), 1..40),
        cut in 1_usize..60,
        weight in 50_u64..1000,
        depth in 1_u32..6,
    ) {
        let limits = Limits::default().object_weight(weight).depth(depth);
        let bytes = pieces.concat();
        let [short, long] = [false, true].map(|slow| scanned(begun(&limits, slow), &bytes, cut));
        prop_assert_eq!(short, long);
    }
}
