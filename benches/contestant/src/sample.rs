//! What is sent to and fro.

use bytes::Bytes;

/// What a struct of the workload of structs holds; each contestant declares its own.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    pub number: u64,
    pub text: String,
    pub ratio: f64,
}

impl Sample {
    /// The struct at that place of the list.
    pub fn at(place: u64) -> Self {
        Self {
            number: place * 1_000_003,
            text: format!("record {place}"),
            ratio: place as f64 / 8.0,
        }
    }
}

/// Printable octets, for those who can only send text.
pub fn octets(size: usize) -> Bytes {
    (0..size).map(|place| b' ' + (place % 95) as u8).collect()
}

/// Numbers of every length that a number can have on a wire.
pub fn numbers(length: usize) -> Vec<i32> {
    let spread = |place: usize| (place as i32).wrapping_mul(0x9e37_79b1_u32 as i32);
    (0..length).map(|place| spread(place) >> (place % 32)).collect()
}
