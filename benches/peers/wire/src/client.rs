//! The calling side.

use bytes::Bytes;
use contestant::{Cannot, Client, Result, Settings, adds, tasks};
use wire::{CallError, Wire, functions, remote, remote_fn, remote_value};

use crate::record::Record;
use crate::{builder, is_classic};

#[derive(Clone)]
pub(crate) struct Connected {
    wire: Wire,
    classic: bool,
}

#[remote_fn]
fn double(number: i32) -> i32 {
    2 * number
}

impl Client for Connected {
    type Record = Record;

    async fn connect(settings: &Settings) -> Result<Self> {
        let builder = builder(settings)?.functions(functions![double]);
        let wire = builder.connect(settings.address()?).await?;
        Ok(Self { wire, classic: is_classic(settings)? })
    }

    async fn add(&self, a: i32, b: i32) -> Result<i32> {
        Ok(remote_value!(self.wire, add(a, b)).value().await?)
    }

    async fn callers(callers: Vec<Self>, each: u64) -> Result<()> {
        tasks(callers, |caller| adds(caller, each)).await
    }

    async fn tell(&self, text: &str, times: u64) -> Result<u64> {
        for _ in 0..times {
            while let Err(error) = remote!(self.wire, note(text)) {
                let CallError::Full { .. } = error else {
                    return Err(error.into());
                };
                self.wire.ready().await?;
            }
        }
        Ok(remote_value!(self.wire, told()).value().await?)
    }

    async fn echo(&self, octets: &Bytes) -> Result<bool> {
        if self.classic {
            // The classic dialect has no octets.
            let text = std::str::from_utf8(octets)?;
            let back: String = remote_value!(self.wire, echo_text(text)).value().await?;
            return Ok(back == text);
        }
        let back: Bytes = remote_value!(self.wire, echo(octets)).value().await?;
        Ok(back == octets)
    }

    async fn echo_records(&self, records: &[Record]) -> Result<bool> {
        if self.classic {
            return Err(Cannot("floating point number in the classic dialect").into());
        }
        let back: Vec<Record> = remote_value!(self.wire, echo_records(records)).value().await?;
        Ok(back == records)
    }

    async fn echo_numbers(&self, numbers: &[i32]) -> Result<bool> {
        let back: Vec<i32> = remote_value!(self.wire, echo_numbers(numbers)).value().await?;
        Ok(back == numbers)
    }

    async fn call_back(&self, number: i32) -> Result<i32> {
        Ok(remote_value!(self.wire, call_back(number)).value().await?)
    }
}
