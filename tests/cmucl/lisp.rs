//! The process: a CMUCL that evaluates the forms of a test, and serves its wires between them.

use std::path::Path;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout};
use tokio::sync::oneshot;
use wire::{Functions, RequestServer, Wire};

use crate::live::{Peer, Role};
use crate::program;

/// A guard against hanging, far above what anything here takes.
const PATIENCE: Duration = Duration::from_secs(120);

/// A CMUCL with our repair, `listener.lisp` and `functions.lisp`. It dies with its handle.
pub(crate) struct Lisp {
    peer: Peer,
    role: Role,
    process: Child,
    forms: ChildStdin,
    printed: Lines<BufReader<ChildStdout>>,
}

impl Lisp {
    /// `None`, said aloud, if there is no CMUCL on this machine.
    pub(crate) fn start(peer: Peer, role: Role) -> Option<Self> {
        let wire = match peer {
            Peer::Octets => Path::new("lisp/octets.lisp"),
            Peer::Classic | Peer::Extended => program::compiled_wire_lisp()?,
        };
        let functions = Path::new("tests/cmucl/functions.lisp");
        let listener = Path::new("tests/cmucl/listener.lisp");
        let mut process = program::start(&[wire, functions, listener], &[])?;
        let forms = process.stdin.take().unwrap();
        let printed = BufReader::new(process.stdout.take().unwrap()).lines();
        Some(Self { peer, role, process, forms, printed })
    }

    /// Evaluates a form, and gives its values as they are printed, between spaces. `UNWOUND` is what
    /// a form gives that was left by an error or by `(abort)`.
    pub(crate) async fn eval(&mut self, form: &str) -> String {
        self.send(form).await;
        let read = async {
            while let Some(line) = self.printed.next_line().await.unwrap() {
                println!("{line}");
                if let Some(values) = line.strip_prefix("=> ") {
                    return values.to_owned();
                }
            }
            panic!("CMUCL ended in {form}")
        };
        match tokio::time::timeout(PATIENCE, read).await {
            Ok(values) => values,
            Err(_) => panic!("CMUCL hangs in {form}"),
        }
    }

    /// Has it evaluate a form, and does not wait.
    pub(crate) async fn send(&mut self, form: &str) {
        // Whoever looks at a test that failed sees the conversation.
        println!("{form}");
        self.forms.write_all(format!("{form}\n").as_bytes()).await.unwrap();
    }

    /// A wire to it that offers `functions`, connected by whoever is the client in this test. Lisp
    /// has it as `*wire*`.
    pub(crate) async fn wire(&mut self, functions: Functions) -> Wire {
        let builder = self.peer.builder();
        match self.role {
            Role::Server => {
                let port = self.serve().await;
                let wire = builder.functions(functions).connect(("127.0.0.1", port)).await.unwrap();
                // It has accepted, and knows its `*wire*`, when it answers.
                wire.sync().await.unwrap();
                wire
            }
            Role::Client => {
                // A server does not know who comes, and says hello to everybody.
                self.connect(RequestServer::bind("127.0.0.1:0").await.unwrap().functions(functions))
                    .await
            }
        }
    }

    /// Has it serve, if it does not yet, and gives the port.
    pub(crate) async fn serve(&mut self) -> u16 {
        self.eval("(serve)").await.parse().expect("a port")
    }

    /// Has it connect to this server, and gives the server's end of that wire.
    pub(crate) async fn connect(&mut self, server: RequestServer) -> Wire {
        let port = server.local_addr().unwrap().port();
        self.connect_at(port, server).await
    }

    /// The same, where the server is reached at another port than its own.
    pub(crate) async fn connect_at(&mut self, port: u16, server: RequestServer) -> Wire {
        let (sent, accepted) = oneshot::channel();
        let sent = std::sync::Mutex::new(Some(sent));
        let server =
            server.wires(self.peer.accepting()).on_connect(move |wire| {
                let sent = sent.lock().unwrap().take();
                async move {
                    sent.ok_or("the test is about one wire")?.send(wire).map_err(|_| "it is over")
                }
            });
        // It ends with the test's runtime.
        tokio::spawn(server.serve());
        self.eval(&format!("(connect {port})")).await;
        accepted.await.unwrap()
    }

    pub(crate) fn peer(&self) -> Peer {
        self.peer
    }

    pub(crate) fn role(&self) -> Role {
        self.role
    }

    /// Ends it as a crash would.
    pub(crate) async fn kill(&mut self) {
        self.process.kill().await.unwrap();
    }
}
