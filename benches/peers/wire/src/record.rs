//! The struct.

use contestant::Sample;
use wire::{FromWire, ToWire};

#[derive(Debug, FromWire, PartialEq, ToWire)]
pub(crate) struct Record {
    number: u64,
    text: String,
    ratio: f64,
}

impl From<Sample> for Record {
    fn from(Sample { number, text, ratio }: Sample) -> Self {
        Self { number, text, ratio }
    }
}
