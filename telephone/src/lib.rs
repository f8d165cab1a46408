//! Commands for the other machines in the house.
//!
//! A [`Server`](server::Server) takes commands, which are Lisp, keeps them in a [queue](queue::Queue)
//! that survives it, and runs them in [child processes](evaluator) that can do no harm. Whoever sends
//! one gets an id, and asks for the result, waits for it or follows it, by a
//! [`Partner`](partner::Partner). A [`Map`] has many partners do a function over many items.
//!
//! It is a small system for Common Lisp made anew, `telephone`, and speaks with it both ways: at the
//! two endpoints that it has, a Lisp client commands this server, and this client a Lisp server.
//!
//! ```standalone_crate
//! use std::error::Error;
//! use std::time::Duration;
//!
//! use telephone::Submission;
//! use telephone::partner::Partner;
//! use telephone::server::Server;
//! use tokio::sync::oneshot;
//! use wire::{functions, remote_fn};
//!
//! /// How warm a room is, in degrees.
//! #[remote_fn]
//! fn temperature(room: &str) -> Result<i64, String> {
//!     match room {
//!         "attic" => Ok(31),
//!         "cellar" => Ok(12),
//!         _ => Err(format!("there is no room called {room}")),
//!     }
//! }
//!
//! fn main() -> Result<(), Box<dyn Error>> {
//!     // First of all: the program's evaluators are itself, started anew.
//!     telephone::evaluator::serve_if_child();
//!     tokio::runtime::Runtime::new()?.block_on(serve())
//! }
//!
//! async fn serve() -> Result<(), Box<dyn Error>> {
//!     // Its queue is in memory unless something else is said.
//!     let server = Server::builder().address("127.0.0.1:0").functions(functions![temperature]);
//!     let server = server.bind().await?;
//!     let partner = Partner::new(&format!("http://{}", server.local_addr()?))?;
//!     let (stop, stopped) = oneshot::channel::<()>();
//!     let serving = tokio::spawn(server.serve_until(async { drop(stopped.await) }));
//!
//!     // Code that the server has never seen, over a function that it offers.
//!     let warmest = "(reduce #'max (mapcar #'temperature '(\"attic\" \"cellar\")))";
//!     let id = partner.submit(Submission::new(warmest)).await?.id;
//!     let job = partner.wait(&id, Duration::from_secs(60)).await?.ok_or("it was just filed")?;
//!     assert_eq!(job.value.as_deref(), Some("31"));
//!
//!     // What fails comes back as a hint, and the server is well.
//!     let id = partner.submit(Submission::new("(temperature \"garage\")")).await?.id;
//!     let job = partner.wait(&id, Duration::from_secs(60)).await?.ok_or("it was just filed")?;
//!     assert_eq!(job.hint.ok_or("it unwound")?.message, "there is no room called garage");
//!
//!     drop(stop);
//!     Ok(serving.await??)
//! }
//! ```
//!
//! # What the original's calls are here
//!
//! | the original | here | the program |
//! |---|---|---|
//! | `server-start`, `start-queue-thread` | [`Server::serve_until`](server::Server::serve_until); [`Queue::start`](queue::Queue::start) | `telephone serve` |
//! | `stop-queue-thread` | [`Queue::stop`](queue::Queue::stop) | |
//! | `define-partner`, `get-partner` | [`Partners::define`], [`Partners::partner`] | `telephone partner add`, `partner list` |
//! | `select-partner` | [`Partners::select`] | `telephone partner select`; `,partner` in the REPL |
//! | `remote-command` | [`Partner::remote_command`](partner::Partner::remote_command), [`Partner::submit`](partner::Partner::submit) | `telephone cmd` |
//! | `remote-result` | [`Partner::remote_result`](partner::Partner::remote_result), [`Partner::wait`](partner::Partner::wait) | `telephone result` |
//!
//! # What commands may say, and what they may not do
//!
//! [`lisp`] has the table of the language, [`evaluator`] what bounds a command: time, memory, depth
//! and the length of its value, each with a default. A command sees no files, processes or network,
//! and nothing that another command left; what the program offers by `#[remote_fn]` is all that it
//! reaches.
//!
//! # Who may send them
//!
//! A server listens on loopback unless told otherwise, and any other address wants a token. What
//! else it refuses stands at [`Server`](server::Server).
//!
//! # Features
//!
//! | feature | default | adds |
//! |---|---|---|
//! | `program` | yes | the program `telephone`: turn it off to use the library alone |
//! | `https` | yes | partners at `https://` |

pub mod api;
pub mod evaluator;
mod job;
pub mod lisp;
mod map;
pub mod original;
pub mod partner;
mod partners;
pub mod queue;
pub mod server;

pub use job::{Hint, Job, JobId, NotAnId, Progress, State, Submission};
pub use map::{Map, MapError, MapProgress, MapSettings, Outcome, PartnerProgress};
pub use partners::{KnownPartner, Partners, PartnersError, PartnersFile};
