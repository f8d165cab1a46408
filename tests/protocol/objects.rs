//! The page's single objects: read to what the page says that they mean, and written again.

use num_bigint::BigInt;
use wire::codec::{PeerProfile, Scan};

use crate::meaning::Direction;
use crate::page::{Block, Numbers};

/// Checks a block of objects of one direction. Those that are only read, this library writes in
/// another way.
pub(crate) fn check(block: &Block, peer: PeerProfile, only_read: bool) {
    let mut direction = Direction::new(peer);
    for entry in &block.entries {
        let place = format!("docs/protocol.md, line {}: {}", entry.line, entry.said);
        let octets = Numbers::default().octets(entry);
        let meaning = direction.meaning(&octets).unwrap_or_else(|error| panic!("{place}: {error}"));
        assert_eq!(meaning, entry.said, "{place}");
        let again = direction.again(&octets).unwrap_or_else(|error| panic!("{place}: {error}"));
        assert_eq!(again != octets, only_read, "{place}: it is written as {again:02x?}");
    }
}

/// Checks a block of objects that are refused, each at the beginning of a wire.
pub(crate) fn check_refused(block: &Block) {
    for entry in &block.entries {
        let octets = Numbers::default().octets(entry);
        let refused = Direction::new(PeerProfile::extended()).scan(&octets);
        let Ok(Scan::Refused { discard, refusal, .. }) = refused else { panic!("{refused:?}") };
        assert_eq!((discard, refusal.to_string()), (octets.len(), entry.said.clone()));
    }
}

/// Checks a block of octets that end a wire, each at its beginning.
pub(crate) fn check_ends(block: &Block) {
    for entry in &block.entries {
        let octets = Numbers::default().octets(entry);
        let mut direction = Direction::new(PeerProfile::extended());
        let mut rest = &octets[..];
        let error = loop {
            match direction.scan(rest) {
                Ok(Scan::Object { len, .. }) => rest = &rest[len..],
                Ok(other) => panic!("docs/protocol.md, line {}: {other:?}", entry.line),
                Err(error) => break error,
            }
        };
        assert_eq!(error.kind.to_string(), entry.said);
    }
}

/// Checks a block of data without tags.
pub(crate) fn check_untagged(block: &Block) {
    for entry in &block.entries {
        let octets = Numbers::default().octets(entry);
        assert_eq!(octets, untagged(&entry.said), "docs/protocol.md, line {}", entry.line);
    }
}

/// The octets of a kind and a datum: `byte 200`, `number -2`, `string "raw"`, `bignum 7`.
pub(crate) fn untagged(words: &str) -> Vec<u8> {
    let (kind, datum) = words.split_once(' ').expect("a kind and a datum");
    match kind {
        "byte" => vec![datum.parse().expect("an octet")],
        "number" => datum.parse::<i32>().expect("32 bits").to_be_bytes().to_vec(),
        "string" => {
            let text = datum.trim_matches('"').as_bytes();
            [&(text.len() as u32).to_be_bytes(), text].concat()
        }
        "bignum" => {
            let integer: BigInt = datum.parse().expect("an integer");
            let (sign, words) = integer.to_u32_digits();
            let count = words.len() as i32;
            let count = if sign == num_bigint::Sign::Minus { -count } else { count };
            let words = words.iter().rev().flat_map(|word| word.to_be_bytes());
            count.to_be_bytes().into_iter().chain(words).collect()
        }
        other => panic!("untagged {other}"),
    }
}
