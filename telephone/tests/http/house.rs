//! A server with a queue in memory, and a runner that knows five commands.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::future::{BoxFuture, pending};
use reqwest::{Client, RequestBuilder, Response, StatusCode};
use serde_json::Value;
use telephone::partner::Partner;
use telephone::queue::{ProgressSink, QueueSettings, Runner, Storage};
use telephone::server::{Server, ServerBuilder};
use telephone::{Hint, Job, Progress};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// Only catches hangs.
pub(crate) const LONG: Duration = Duration::from_secs(60);

pub(crate) struct House {
    pub(crate) address: SocketAddr,
    /// Where it listens for wires, if it does.
    pub(crate) wired: Option<SocketAddr>,
    pub(crate) client: Client,
    /// What was announced of the commands that came.
    pub(crate) heard: Arc<Mutex<Vec<String>>>,
    stop: Option<oneshot::Sender<()>>,
    serving: JoinHandle<()>,
}

struct Five;

impl Runner for Five {
    fn run(&self, job: Job, progress: ProgressSink) -> BoxFuture<'_, Result<String, Hint>> {
        Box::pin(async move {
            match &*job.command {
                "(+ 1 2)" => Ok("3".to_owned()),
                "(list 1 \"a b\" :k 2.5 (quote foo) (/ 1 3))" => {
                    Ok(r#"(1 "a b" :K 2.5 FOO 1/3)"#.to_owned())
                }
                "(/ 1 0)" => Err(Hint::new("DIVISION-BY-ZERO", "1 divided by 0")),
                "(error \"x\")" => Err(Hint::new("SIMPLE-ERROR", "x")),
                // Runs until it is called off.
                _ => {
                    progress.report(Progress::new(0.5, "half of it"));
                    pending().await
                }
            }
        })
    }
}

/// What a test says of a server, which takes a free port.
pub(crate) fn builder() -> ServerBuilder {
    let builder = Server::builder().runner(Arc::new(Five), Vec::new()).queue(queue());
    builder.address("127.0.0.1:0").grace(Duration::from_millis(100))
}

pub(crate) fn queue() -> QueueSettings {
    QueueSettings::new(Storage::Memory).concurrency(4).beat(Duration::from_millis(10))
}

impl House {
    pub(crate) async fn new() -> Self {
        Self::of(builder()).await
    }

    pub(crate) async fn of(builder: ServerBuilder) -> Self {
        let heard = Arc::<Mutex<Vec<String>>>::default();
        let hearing = Arc::clone(&heard);
        let announce =
            move |line: &str| hearing.lock().expect("nobody panics").push(line.to_owned());
        let server = builder.announce(announce).bind().await.expect("the server is bound");
        let address = server.local_addr().expect("it has an address");
        let wired = server.wire_addr();
        let (stop, stopped) = oneshot::channel::<()>();
        let serving = tokio::spawn(async move {
            let stopped = async { drop(stopped.await) };
            server.serve_until(stopped).await.expect("the queue was put in order");
        });
        // It fails from the second time on, when there is one.
        #[cfg(feature = "https")]
        drop(rustls::crypto::ring::default_provider().install_default());
        let client = Client::builder().no_proxy().timeout(LONG).build().expect("a client");
        Self { address, wired, client, heard, stop: Some(stop), serving }
    }

    pub(crate) fn partner(&self) -> Partner {
        Partner::new(&format!("http://{}", self.address)).expect("it is an address")
    }

    pub(crate) fn wire_partner(&self) -> Partner {
        let address = self.wired.expect("it listens for wires");
        Partner::new(&format!("wire://{address}")).expect("it is an address")
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub(crate) fn get(&self, path: &str) -> RequestBuilder {
        self.client.get(self.url(path))
    }

    pub(crate) fn post(&self, path: &str) -> RequestBuilder {
        self.client.post(self.url(path))
    }

    /// Files a command by the JSON API and tells its id.
    pub(crate) async fn file(&self, command: &str) -> String {
        let body = serde_json::json!({ "command": command });
        let response = sent(self.post("/api/jobs").json(&body)).await;
        assert_eq!(response.status(), StatusCode::CREATED);
        let job: Value = response.json().await.expect("it is a job");
        job["id"].as_str().expect("it has an id").to_owned()
    }

    /// A command as it stands once it is in this state.
    pub(crate) async fn reach(&self, id: &str, state: &str) -> Value {
        let reaching = async {
            loop {
                let job = json(self.get(&format!("/api/jobs/{id}"))).await;
                if job["state"] == state {
                    return job;
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        timeout(LONG, reaching).await.expect("it gets there")
    }

    /// Says so many octets on a connection, and reads until the server closes it.
    pub(crate) async fn say(&self, octets: &[u8]) -> String {
        let mut stream = TcpStream::connect(self.address).await.expect("it listens");
        stream.write_all(octets).await.expect("it reads");
        read_to_end(stream).await
    }

    /// Begins to shut the server down.
    pub(crate) fn stop(&mut self) {
        drop(self.stop.take());
    }

    /// Shuts the server down, and sees it end.
    pub(crate) async fn close(mut self) {
        self.stop();
        timeout(LONG, self.serving).await.expect("it ends").expect("it does not panic");
    }
}

/// All that comes until the server closes; a reset counts as that.
pub(crate) async fn read_to_end(mut stream: TcpStream) -> String {
    let mut answer = Vec::new();
    let reading = async { while let Ok(1..) = stream.read_buf(&mut answer).await {} };
    timeout(LONG, reading).await.expect("the server closes the connection");
    String::from_utf8_lossy(&answer).into_owned()
}

pub(crate) async fn sent(request: RequestBuilder) -> Response {
    request.send().await.expect("it is answered")
}

pub(crate) async fn json(request: RequestBuilder) -> Value {
    sent(request).await.json().await.expect("it is JSON")
}

/// Asserts that it is a problem of this status, and gives it.
pub(crate) async fn problem(request: RequestBuilder, status: u16) -> Value {
    let response = sent(request).await;
    assert_eq!(response.status().as_u16(), status);
    assert_eq!(response.headers()["content-type"], "application/problem+json");
    assert_eq!(response.headers()["x-content-type-options"], "nosniff");
    let problem: Value = response.json().await.expect("it is JSON");
    assert_eq!(problem["status"], status);
    assert_eq!(problem["type"], "about:blank");
    for field in ["title", "detail"] {
        assert!(problem[field].as_str().is_some_and(|text| !text.is_empty()), "{problem}");
    }
    problem
}
