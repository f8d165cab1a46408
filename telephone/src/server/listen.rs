//! Connections: how many, how slow, and how they end.

use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

use super::ServerLimits;
use super::guard::Caller;
use super::patience::Patience;

/// Accepts connections and answers what they ask, until it is stopped and they are over.
///
/// `axum::serve` has no time for heads, and no bound of connections.
pub(super) async fn serve(
    listener: TcpListener,
    router: Router,
    limits: ServerLimits,
    stop: CancellationToken,
    grace: Duration,
) {
    let slots = Arc::new(Semaphore::new(limits.connections.min(Semaphore::MAX_PERMITS)));
    let connections = TaskTracker::new();
    loop {
        let Some(accepted) = stop.run_until_cancelled(listener.accept()).await else {
            break;
        };
        let (stream, caller) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "accepting a connection failed");
                sleep(ACCEPT_REST).await;
                continue;
            }
        };
        let Ok(slot) = Arc::clone(&slots).try_acquire_owned() else {
            tracing::debug!(%caller, limit = limits.connections, "refused: as many as allowed");
            continue;
        };
        let connection = Connection { stream, caller, limits: limits.clone() };
        let serving = connection.serve(router.clone(), stop.clone(), grace);
        connections.spawn(async move {
            serving.await;
            drop(slot);
        });
    }
    // From here on nobody can connect, while those who are there get their answers.
    drop(listener);
    connections.close();
    connections.wait().await;
}

struct Connection {
    stream: TcpStream,
    caller: SocketAddr,
    limits: ServerLimits,
}

impl Connection {
    async fn serve(self, router: Router, stop: CancellationToken, grace: Duration) {
        let Self { stream, caller, limits } = self;
        // Answers are small and complete: nothing is gained by holding one back.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%caller, %error, "a connection keeps its delay");
        }
        let service = service_fn(move |request: Request<Incoming>| {
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(Caller(caller));
            router.clone().oneshot(request)
        });
        let mut builder = http1::Builder::new();
        builder.timer(TokioTimer::new()).header_read_timeout(limits.head_time);
        builder.max_headers(MAX_HEADERS).max_buf_size(MAX_HEAD);
        let stream = TokioIo::new(Patience::new(stream, limits.send_time));
        let mut connection = pin!(builder.serve_connection(stream, service));
        let ended = tokio::select! {
            ended = &mut connection => Some(ended),
            () = stop.cancelled() => None,
        };
        let ended = match ended {
            Some(ended) => ended,
            None => {
                connection.as_mut().graceful_shutdown();
                timeout(grace, connection).await.unwrap_or(Ok(()))
            }
        };
        if let Err(error) = ended {
            tracing::debug!(%caller, %error, "a connection ended in disorder");
        }
    }
}

/// How long accepting rests after an error that the next attempt would meet again, such as a lack
/// of file descriptors.
const ACCEPT_REST: Duration = Duration::from_millis(50);
/// Browsers send some twenty.
const MAX_HEADERS: usize = 64;
/// The octets of a head, and of what is read of a body at once. Browsers' heads have one or two
/// thousand.
const MAX_HEAD: usize = 32 << 10;
