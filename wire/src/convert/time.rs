//! Durations, which are nanoseconds.

use std::time::Duration;

use crate::codec::{Decoder, Encoder, Unsendable, WrongType};
use crate::convert::{FromWire, NeverNil, ToWire, expecting};

const NANOSECONDS: u128 = 1_000_000_000;

impl ToWire for Duration {
    fn to_wire(&self, out: &mut Encoder<'_>) -> Result<(), Unsendable> {
        self.as_nanos().to_wire(out)
    }
}

impl FromWire for Duration {
    fn from_wire(input: &mut Decoder<'_>) -> Result<Self, WrongType> {
        let all = u128::from_wire(input).map_err(expecting::<Self>)?;
        let too_long = || WrongType::new("Duration", format!("the integer {all}"));
        let seconds = u64::try_from(all / NANOSECONDS).map_err(|_| too_long())?;
        Ok(Self::new(seconds, (all % NANOSECONDS) as u32))
    }
}

impl<D> NeverNil<D> for Duration {}
