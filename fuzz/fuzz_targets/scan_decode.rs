//! Any bytes, in pieces of the size that the first says: scanned, decoded, expanded.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wire::Limits;
use wire::codec::{Decoder, Head, NoTokens, Received, Scan, Scanner, Text};

fuzz_target!(|data: &[u8]| {
    if let Some((&piece, bytes)) = data.split_first() {
        run(usize::from(piece) + 1, bytes);
    }
});

fn run(piece: usize, bytes: &[u8]) {
    let limits = Limits::default().object_weight(100_000).depth(20);
    let (mut scanner, mut received) = (Scanner::new(&limits), Received::new(&limits, Text::Utf8));
    let (mut at, mut end) = (0, 0);
    while end < bytes.len() {
        end = (end + piece).min(bytes.len());
        loop {
            match scanner.scan(&bytes[at..end], &mut received) {
                Ok(Scan::Object { len, weight, .. }) => {
                    decode(&bytes[at..at + len], &received, weight);
                    at += len;
                }
                Ok(Scan::Refused { discard, .. }) => at += discard,
                Ok(Scan::More { discard }) => {
                    at += discard;
                    break;
                }
                _ => return,
            }
        }
    }
}

/// Scanned objects are whole, and stand for no more than they weigh.
fn decode(object: &[u8], received: &Received, weight: u64) {
    let _ = Head::read(object, received);
    let mut input = Decoder::new(object, received, Text::Utf8, &NoTokens);
    let mut expanded = Vec::new();
    input.clone().expand(&mut expanded).expect("a whole object");
    assert!(expanded.len() as u64 <= weight);
    while input.item().is_ok() {}
}
