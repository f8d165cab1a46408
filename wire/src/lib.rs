//! Two processes, one byte stream, and each calls functions in the other.
//!
//! This is the `wire` and `remote` packages of CMU Common Lisp, as a Rust library. A [`Wire`] is a
//! persistent connection between two processes over TCP, a Unix socket, the standard streams of a
//! child or any other stream of octets. Both ends call functions by name with the values that Lisp
//! has, in three flavours: for their effect ([`remote!`]), for one value ([`remote_value!`]), and for
//! several ([`remote_value_bind!`]). A function that is called can call back over the same wire.
//!
//! ```
//! use std::sync::Arc;
//! use std::sync::atomic::{AtomicU64, Ordering};
//! use std::time::Duration;
//!
//! use wire::{
//!     CallError, RequestServer, Wire, functions, remote, remote_fn, remote_value, remote_value_bind,
//! };
//!
//! #[derive(Default)]
//! struct Notes(AtomicU64);
//!
//! #[remote_fn] // the state comes from the server, the number from the caller
//! fn note(notes: &Notes, number: u64) {
//!     notes.0.fetch_add(number, Ordering::Relaxed);
//! }
//!
//! #[remote_fn] // a tuple is several values; an Err unwinds
//! fn divide(a: u64, b: u64) -> Result<(u64, u64), String> {
//!     let quotient = a.checked_div(b).ok_or("nothing can be divided by zero")?;
//!     Ok((quotient, a % b))
//! }
//!
//! #[remote_fn] // calls its caller back
//! async fn greet(notes: &Notes, wire: &Wire, name: String) -> Result<String, CallError> {
//!     let title = remote_value!(wire, title_of(&name) -> String).value().await?;
//!     Ok(format!("{title} {name}, {} noted", notes.0.load(Ordering::Relaxed)))
//! }
//!
//! #[remote_fn] // what the client offers
//! fn title_of(name: &str) -> String {
//!     if name == "Lovelace" { "Countess" } else { "Citizen" }.to_owned()
//! }
//!
//! # #[tokio::main]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let api = functions![note, divide, greet].state(Arc::new(Notes::default()));
//! let server = RequestServer::bind("127.0.0.1:0").await?.functions(api);
//! let handle = server.handle();
//! let serving = tokio::spawn(server.serve());
//!
//! let address = handle.local_addr().expect("a server over TCP has one");
//! let wire = Wire::builder().functions(functions![title_of]).connect(address).await?;
//!
//! remote!(wire, note(1), note(2))?; // buffered: no round trip, no answer
//! wire.force_output().await?; // and sent
//!
//! let greeting: String = remote_value!(wire, greet("Lovelace")).value().await?;
//! assert_eq!(greeting, "Countess Lovelace, 3 noted");
//!
//! let rest = remote_value_bind!(wire, (_quotient: u64, rest: u64) = divide(17, 5), { rest })?;
//! assert_eq!(rest, Some(2));
//!
//! let error = remote_value!(wire, divide(1, 0) -> u64).value().await.unwrap_err();
//! let CallError::Unwound(reason) = error else { panic!("{error}") };
//! assert_eq!(reason.message(), "nothing can be divided by zero");
//!
//! assert!(handle.shutdown(Duration::from_secs(5)).await);
//! serving.await??;
//! # Ok(())
//! # }
//! ```
//!
//! # Layout
//!
//! | to | look at |
//! |---|---|
//! | offer functions | [`macro@remote_fn`], [`functions!`], [`Functions`] |
//! | serve, connect, start a child | [`RequestServer`], [`Wire::connect`], [`Wire::builder`], [`Builder`] |
//! | call | [`remote!`], [`remote_value!`], [`remote_value_bind!`]; with computed names [`Wire::notify`], [`Wire::call`] |
//! | have an argument evaluated by the peer | `@` in [`remote_value!`], [`Call`] |
//! | wait | [`Pending`], [`Wire::force_output`], [`Wire::ready`], [`Wire::sync`], [`Wire::closed`] |
//! | understand a failure | [`CallError`], [`Unwound`], [`Ran`], [`WireError`] |
//! | send types of your own | [`macro@ToWire`], [`macro@FromWire`], `Serde` |
//! | send and read untagged data | [`RawOutput`], [`RawInput`] |
//! | send what cannot be sent | [`Remote`] |
//! | handle data as it comes | [`Value`], [`Symbol`] |
//! | bound what a peer can do | [`Limits`] |
//! | see what goes on | [`Wire::stats`], [`Wire::functions`], [`list_remote_objects`], events of `tracing` |
//! | test without sockets | [`Wire::pair`] |
//! | find what CMUCL calls otherwise | [`cmucl`] |
//! | speak the protocol elsewhere | `docs/protocol.md` in the repository; [`codec`] |
//!
//! # What is logged
//!
//! Events of `tracing`, those about a wire in its span, `wire{peer=..}`: at `error` a death hook
//! that panicked; at `warn` connections that a server could not take; at `info` peers and calls
//! that were refused; at `debug` the beginning and the end of wires, and the unwinding of calls
//! that nobody waits for; at `trace` every call.
//!
//! # What crosses
//!
//! | Rust | Lisp | needs |
//! |---|---|---|
//! | integers of every width, `BigInt` of `num-bigint` | integers | |
//! | `bool` | `T` and `NIL` | |
//! | `str`, `String`, `char` | strings | |
//! | [`Symbol`] | symbols | |
//! | `()`, `None` | `NIL` | |
//! | `Option<T>` | `NIL` or the value; `T` must be [`NeverNil`] | |
//! | `Vec`, slices, arrays, sets | lists | |
//! | tuples | lists; as what a function returns, several values | |
//! | maps | alists | |
//! | `#[derive(ToWire, FromWire)]` | property lists, lists, keywords: see [`macro@ToWire`] | |
//! | [`Remote<T>`](Remote) | remote objects | |
//! | `Duration` | nanoseconds, an integer | |
//! | references, boxes, `Rc`, `Arc`, `Cow` | what they hold | |
//! | [`Cached<T>`](Cached) | what it holds, sent once over each wire | |
//! | [`Value`] | anything | what its parts need |
//! | `f64`, `f32` | double and single floats | extended dialect |
//! | `Bytes` of `bytes` | byte vectors | extended dialect; large ones are not copied on either side |
//! | [`Vector<T>`](Vector) | vectors, packed if of numbers | extended dialect |
//! | `Serde<T>`, for any `T` of serde's | as derived | feature `serde` |
//!
//! `NIL` is the empty list, false and nothing, all in one, so each of these reads a `NIL` as its own
//! nothing; types that have none say [`WrongType`]. What the peer's dialect cannot carry is refused
//! here, before anything is sent, by an error that names the argument and what to do.
//!
//! # Calls among arguments
//!
//! An argument marked `@` is a call that the peer makes, and its value takes the argument's place:
//! `remote_value!(wire, f(@g(x), 3) -> T)` is one round trip, and what `g` returns, be it large or
//! a remote object, does not leave the peer. [`remote_value!`] tells the rest, and
//! [`Wire::allow_leftover_calls`] what a peer of the classic dialect does to more than one.
//!
//! # Dialects
//!
//! The *classic* dialect is CMUCL's, octet for octet. The *extended* one adds floats, octets, packed
//! vectors, shorter calls, reasons of unwindings, releases of objects, cancelling, pings and
//! goodbyes. Each side sends only what the other has said that it reads: a hello that CMUCL drops.
//! [`Wire::connect`] says hello and waits for the peer's for up to 200 ms;
//! [`Builder::classic`] does neither, and [`Builder::extended`] insists. [`Wire::is_extended`] tells
//! what came of it. With a classic peer an unwinding has no reason, and an object that it holds is
//! kept until it is [forgotten](Remote::forget) or the wire ends.
//!
//! # Errors
//!
//! Three things can keep a call from having a value, and are told apart:
//!
//! * **The function unwound** ([`CallError::Unwound`]): it returned an `Err`, it panicked, it does not
//!   exist, its arguments did not fit. The wire goes on, and so do its other calls.
//! * **The wire ended** ([`CallError::Ended`], with a [`WireError`]): the peer closed it or died, this
//!   side closed it, the stream failed or carried something else than the protocol.
//! * **The call could not be sent, or its value not be read** (the other variants).
//!
//! [`CallError::ran`] says of each whether the function ran. Every call that waits gets exactly one of
//! these or its value; nothing waits for ever on a wire that is over. Times belong to handles:
//! [`Wire::timeout`].
//!
//! # Cancel safety
//!
//! Every future here may be dropped at any time. A call was made when its macro was evaluated, so
//! dropping a [`Pending`] gives up its value and not the call; [`Pending::cancel`] asks the peer to stop
//! as well. [`Wire::force_output`] and [`Wire::close`] have done their work when they return; what they
//! return only tells when it is finished.
//!
//! # Limits
//!
//! A peer can call what is in the [`Functions`] that its wire was given, and nothing else. All that it can
//! make grow here has a limit with a name and a default, in [`Limits`]. Who it is, only the stream can
//! say: a [`RequestServer`] binds loopback addresses and Unix sockets, and other addresses by an
//! explicit word; put TLS or SSH around a stream that leaves the machine.
//!
//! # Features
//!
//! | feature | default | adds |
//! |---|---|---|
//! | `serde` | no | `Serde`, which carries any type that serde knows |
//!
//! The library needs a tokio runtime with its drivers for IO and time enabled, and a Unix.

// The README's programs, so that they stay true.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;

mod by_type;
pub mod cmucl;
pub mod codec;
mod convert;
mod function;
mod handle;
mod limits;
mod macros;
mod net;
mod object;
mod session;
mod spare;
mod token;
mod value;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;

pub use codec::{Decoder, Encoder, Kind, Text, Unsendable, WrongType};
#[cfg(feature = "serde")]
pub use convert::Serde;
pub use convert::{Cached, FromValues, FromWire, NeverNil, ToWire, ValuesDecoder, Vector};
pub use function::{
    FunctionInfo, Functions, FunctionsError, ParameterInfo, RawError, RawInput,
    record_panic_locations,
};
pub use handle::{
    CallError, Closed, Forced, OrElse, Outcome, Peer, Pending, PendingOutcome, PendingValue, Stats,
    WeakWire, Wire, WireError,
};
pub use limits::Limits;
pub use macros::{FromWire, ToWire, remote_fn};
pub use net::{BindError, Builder, ConnectError, RequestServer, ServerHandle};
pub use object::{ObjectError, ObjectInfo, Opaque, Remote, list_remote_objects};
pub use session::{Call, Ran, RawOutput, Unwound};
pub use token::Token;
pub use value::{Elements, List, ReadError, ReadErrorKind, Symbol, Value};

extern crate self as wire;

#[cfg(not(unix))]
compile_error!("wire is made for Unix-like systems: it knows Unix sockets and standard streams");
