//! The calling side.

use std::rc::Rc;

use bytes::Bytes;
use capnp::Error;
use capnp_rpc::RpcSystem;
use capnp_rpc::rpc_twoparty_capnp::Side;
use contestant::{Client, Result, Sample, Settings, adds, local_tasks};
use futures_util::stream::{self, StreamExt, TryStreamExt};
use tokio::net::TcpStream;
use tokio::task::spawn_local;

use crate::bench_capnp::{bench, doubler};
use crate::network;

/// Its calls without results are answered too: so many are on their way at a time.
const PIPELINED: usize = 500;

#[derive(Clone)]
pub(crate) struct Connected(bench::Client);

struct Doubler;

impl doubler::Server for Doubler {
    async fn double(
        self: Rc<Self>,
        params: doubler::DoubleParams,
        mut results: doubler::DoubleResults,
    ) -> std::result::Result<(), Error> {
        results.get().set_doubled(2 * params.get()?.get_number());
        Ok(())
    }
}

impl Client for Connected {
    type Record = Sample;

    async fn connect(settings: &Settings) -> Result<Self> {
        let stream = TcpStream::connect(settings.address()?).await?;
        let mut system = RpcSystem::new(network::over(stream, Side::Client)?, None);
        let bench: bench::Client = system.bootstrap(Side::Server);
        spawn_local(system);
        let mut introduction = bench.introduce_request();
        introduction.get().set_doubler(capnp_rpc::new_client(Doubler));
        introduction.send().promise.await?;
        Ok(Self(bench))
    }

    async fn add(&self, a: i32, b: i32) -> Result<i32> {
        let mut request = self.0.add_request();
        let mut summands = request.get();
        summands.set_a(a);
        summands.set_b(b);
        Ok(request.send().promise.await?.get()?.get_sum())
    }

    async fn callers(callers: Vec<Self>, each: u64) -> Result<()> {
        local_tasks(callers, |caller| adds(caller, each)).await
    }

    async fn tell(&self, text: &str, times: u64) -> Result<u64> {
        let note = |_| {
            let mut request = self.0.note_request();
            request.get().set_text(text);
            request.send().promise
        };
        let notes = stream::iter(0..times).map(note).buffer_unordered(PIPELINED);
        notes.try_for_each(|_| async { Ok(()) }).await?;
        Ok(self.0.told_request().send().promise.await?.get()?.get_octets())
    }

    async fn echo(&self, octets: &Bytes) -> Result<bool> {
        let mut request = self.0.echo_request();
        request.get().set_octets(octets);
        Ok(request.send().promise.await?.get()?.get_octets()? == octets)
    }

    async fn echo_records(&self, records: &[Sample]) -> Result<bool> {
        let mut request = self.0.echo_records_request();
        let mut list = request.get().init_records(records.len() as u32);
        for (place, record) in (0..).zip(records) {
            let mut written = list.reborrow().get(place);
            written.set_number(record.number);
            written.set_text(&record.text[..]);
            written.set_ratio(record.ratio);
        }
        let response = request.send().promise.await?;
        // They are compared where they were received: that they need not be unpacked is its point.
        let back = response.get()?.get_records()?;
        for (record, read) in records.iter().zip(back.iter()) {
            let same = read.get_number() == record.number
                && read.get_text()?.to_str()? == record.text
                && read.get_ratio() == record.ratio;
            if !same {
                return Ok(false);
            }
        }
        Ok(back.len() as usize == records.len())
    }

    async fn call_back(&self, number: i32) -> Result<i32> {
        let mut request = self.0.call_back_request();
        request.get().set_number(number);
        Ok(request.send().promise.await?.get()?.get_result())
    }
}
