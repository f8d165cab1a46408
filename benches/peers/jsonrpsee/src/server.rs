//! The called side.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use contestant::{Result, Settings};
use jsonrpsee::core::RpcResult;
use jsonrpsee::core::middleware::RpcServiceBuilder;
use jsonrpsee::server::ServerConfig;
use tokio::net::TcpListener;

use crate::notes::Notes;
use crate::service::{BenchServer, Record};

#[derive(Default)]
pub(crate) struct Served {
    /// Octets of texts.
    told: Arc<AtomicU64>,
}

impl contestant::Server for Served {
    async fn serve(listener: TcpListener, _settings: &Settings) -> Result<()> {
        let served = Self::default();
        let told = Arc::clone(&served.told);
        let middleware = RpcServiceBuilder::new()
            .layer_fn(move |service| Notes { told: Arc::clone(&told), service });
        // It has no delay on by default; of connections it takes 100.
        let config = ServerConfig::builder().ws_only().max_connections(10_000).build();
        let server = jsonrpsee::server::Server::builder()
            .set_config(config)
            .set_rpc_middleware(middleware)
            .build_from_tcp(listener.into_std()?)?;
        server.start(served.into_rpc()).stopped().await;
        Ok(())
    }
}

impl BenchServer for Served {
    fn add(&self, a: i32, b: i32) -> RpcResult<i32> {
        Ok(a + b)
    }

    fn told(&self) -> RpcResult<u64> {
        Ok(self.told.load(Ordering::Relaxed))
    }

    fn echo(&self, octets: String) -> RpcResult<String> {
        Ok(octets)
    }

    fn echo_records(&self, records: Vec<Record>) -> RpcResult<Vec<Record>> {
        Ok(records)
    }
}
