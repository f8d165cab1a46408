//! The called side.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use capnp::Error;
use capnp_rpc::RpcSystem;
use capnp_rpc::rpc_twoparty_capnp::Side;
use contestant::{Result, Settings};
use tokio::net::TcpListener;
use tokio::task::spawn_local;

use crate::bench_capnp::{bench, doubler};
use crate::network;

/// One for each connection, since each has a doubler of its own.
#[derive(Default)]
pub(crate) struct Served {
    /// Octets of texts.
    told: Cell<u64>,
    doubler: RefCell<Option<doubler::Client>>,
}

impl contestant::Server for Served {
    async fn serve(listener: TcpListener, _settings: &Settings) -> Result<()> {
        loop {
            let (stream, _) = listener.accept().await?;
            let bench: bench::Client = capnp_rpc::new_client(Self::default());
            let network = network::over(stream, Side::Server)?;
            spawn_local(RpcSystem::new(network, Some(bench.client)));
        }
    }
}

impl bench::Server for Served {
    async fn add(
        self: Rc<Self>,
        params: bench::AddParams,
        mut results: bench::AddResults,
    ) -> std::result::Result<(), Error> {
        let params = params.get()?;
        results.get().set_sum(params.get_a() + params.get_b());
        Ok(())
    }

    async fn note(
        self: Rc<Self>,
        params: bench::NoteParams,
        _: bench::NoteResults,
    ) -> std::result::Result<(), Error> {
        let text = params.get()?.get_text()?.to_str()?;
        self.told.set(self.told.get() + text.len() as u64);
        Ok(())
    }

    async fn told(
        self: Rc<Self>,
        _: bench::ToldParams,
        mut results: bench::ToldResults,
    ) -> std::result::Result<(), Error> {
        results.get().set_octets(self.told.get());
        Ok(())
    }

    async fn echo(
        self: Rc<Self>,
        params: bench::EchoParams,
        mut results: bench::EchoResults,
    ) -> std::result::Result<(), Error> {
        results.get().set_octets(params.get()?.get_octets()?);
        Ok(())
    }

    async fn echo_records(
        self: Rc<Self>,
        params: bench::EchoRecordsParams,
        mut results: bench::EchoRecordsResults,
    ) -> std::result::Result<(), Error> {
        results.get().set_records(params.get()?.get_records()?)
    }

    async fn introduce(
        self: Rc<Self>,
        params: bench::IntroduceParams,
        _: bench::IntroduceResults,
    ) -> std::result::Result<(), Error> {
        self.doubler.replace(Some(params.get()?.get_doubler()?));
        Ok(())
    }

    async fn call_back(
        self: Rc<Self>,
        params: bench::CallBackParams,
        mut results: bench::CallBackResults,
    ) -> std::result::Result<(), Error> {
        let doubler = self.doubler.borrow().clone();
        let doubler = doubler.ok_or_else(|| Error::failed("nobody was introduced".to_owned()))?;
        let mut request = doubler.double_request();
        request.get().set_number(params.get()?.get_number());
        let doubled = request.send().promise.await?.get()?.get_doubled();
        results.get().set_result(doubled + 1);
        Ok(())
    }
}
