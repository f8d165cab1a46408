//! CMUCL's packages `WIRE` and `REMOTE`, symbol by symbol: what is what here.
//!
//! Every symbol that CMUCL exports from its package `WIRE` stands in one of these tables. Where
//! nothing is said, it means the same.
//!
//! # Calls
//!
//! | CMUCL | here | differs |
//! |---|---|---|
//! | `REMOTE` | [`remote!`](crate::remote) | what it returns says whether the calls were taken |
//! | `REMOTE-VALUE` | [`remote_value!`](crate::remote_value) | a future; awaited it gives the value and whether the peer unwound, as CMUCL's manual has it. CMUCL 21d itself signals an error there, unless it is given a form or has loaded `lisp/wire.lisp`; so does `.value()` |
//! | `REMOTE-VALUE-BIND` | [`remote_value_bind!`](crate::remote_value_bind) | the body may have an `else` |
//! | `WIRE-OUTPUT-FUNCALL` | [`Wire::notify`](crate::Wire::notify) | appends a whole call or nothing; [`Call`](crate::Call) is one as an argument |
//! | `WIRE-FORCE-OUTPUT` | [`Wire::force_output`](crate::Wire::force_output) | may be awaited |
//! | `*CURRENT-WIRE*` | a parameter `&Wire` of a [`remote_fn`](macro@crate::remote_fn) | |
//!
//! # Wires and servers
//!
//! | CMUCL | here | differs |
//! |---|---|---|
//! | `CONNECT-TO-REMOTE-SERVER` | [`Wire::connect`](crate::Wire::connect) | waits for a hello first, unless told otherwise; [`Wire::on_death`](crate::Wire::on_death) takes the function for the end |
//! | `MAKE-WIRE` | [`Builder::over`](crate::Builder::over) | of any stream, not of a descriptor alone |
//! | `WIRE-FD` | | a stream need not have one; [`Wire::peer`](crate::Wire::peer) says who is at the other end |
//! | `WIRE-P` | | the compiler knows |
//! | `CREATE-REQUEST-SERVER` | [`RequestServer::bind`](crate::RequestServer::bind) | serves when [`serve`](crate::RequestServer::serve) is awaited; offers what it is given; [`on_connect`](crate::RequestServer::on_connect) refuses by an `Err` |
//! | `DESTROY-REQUEST-SERVER` | [`ServerHandle::stop_accepting`](crate::ServerHandle::stop_accepting) | [`shutdown`](crate::ServerHandle::shutdown) ends the wires too |
//! | `WIRE-ERROR` | [`WireError`](crate::WireError) | told to every call that waits, by [`CallError::Ended`](crate::CallError::Ended) |
//! | `WIRE-EOF` | [`WireError::PeerClosed`](crate::WireError::PeerClosed) | or [`PeerVanished`](crate::WireError::PeerVanished), of a peer that would have said goodbye |
//! | `WIRE-IO-ERROR` | [`WireError::Io`](crate::WireError::Io) | |
//!
//! # Remote objects
//!
//! | CMUCL | here | differs |
//! |---|---|---|
//! | `REMOTE-OBJECT` | [`Remote`](crate::Remote) | knows the type of its object |
//! | `REMOTE-OBJECT-P` | | the compiler knows; of a [`Value`](crate::Value), `matches!(value, Value::Remote(_))` |
//! | `MAKE-REMOTE-OBJECT` | [`Remote::new`](crate::Remote::new) | of an `Arc` |
//! | `REMOTE-OBJECT-VALUE` | [`Remote::value`](crate::Remote::value) | only for a peer that was given the object; tells foreign, forgotten and another type apart |
//! | `REMOTE-OBJECT-LOCAL-P` | [`Remote::is_local`](crate::Remote::is_local) | |
//! | `REMOTE-OBJECT-EQ` | `==` of [`Remote`](crate::Remote) | a `Remote` also hashes |
//! | `FORGET-REMOTE-TRANSLATION` | [`Remote::forget`](crate::Remote::forget) | seldom needed: an object goes when nobody holds it, here or at the other end |
//!
//! # Data
//!
//! Between CMUCLs these read and write whatever comes next. Here they go with a call, so that what
//! is read is what was written for it.
//!
//! | CMUCL | here | differs |
//! |---|---|---|
//! | `WIRE-OUTPUT-BYTE` | [`RawOutput::byte`](crate::RawOutput::byte) | |
//! | `WIRE-OUTPUT-NUMBER` | [`RawOutput::number`](crate::RawOutput::number) | |
//! | `WIRE-OUTPUT-STRING` | [`RawOutput::string`](crate::RawOutput::string) | UTF-8, unless the wire is [`latin1`](crate::Builder::latin1) |
//! | `WIRE-OUTPUT-BIGNUM` | [`RawOutput::bignum`](crate::RawOutput::bignum) | |
//! | `WIRE-OUTPUT-OBJECT` | [`RawOutput::object`](crate::RawOutput::object) | its `cache-it` is [`Cached`](crate::Cached) |
//! | `WIRE-GET-BYTE` | [`RawInput::byte`](crate::RawInput::byte) | |
//! | `WIRE-GET-NUMBER` | [`RawInput::number`](crate::RawInput::number) | signed; without a sign it is `number as u32` |
//! | `WIRE-GET-STRING` | [`RawInput::string`](crate::RawInput::string) | |
//! | `WIRE-GET-BIGNUM` | [`RawInput::bignum`](crate::RawInput::bignum) | |
//! | `WIRE-GET-OBJECT` | [`RawInput::object`](crate::RawInput::object) | reads a type; evaluates no calls |
//! | `WIRE-LISTEN` | [`RawInput::listen`](crate::RawInput::listen) | neither tells where data end: calls follow them, and from here the numbers that wake a silent CMUCL |
//!
//! # Side by side
//!
//! A call for its effect sends the value of the argument, and waits for nothing.
//!
//! ```lisp
//! (defun write-remote-string (wire string)
//!   (wire:remote wire (write-string string))
//!   (wire:wire-force-output wire))
//! ```
//! ```
//! use wire::{CallError, Wire, remote};
//!
//! async fn write_remote_string(wire: &Wire, string: &str) -> Result<(), CallError> {
//!     remote!(wire, write_string(string))?;
//!     wire.force_output().await
//! }
//! # #[wire::remote_fn]
//! # fn write_string(string: &str) {
//! #     assert_eq!(string, "hello");
//! # }
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let (wire, there) = Wire::pair(wire::functions![], wire::functions![write_string])?;
//! # write_remote_string(&wire, "hello").await?;
//! # wire.sync().await?;
//! # assert_eq!(there.stats().calls_received, 1);
//! # Ok(())
//! # }
//! ```
//!
//! A value, or what a form gives if the peer unwound; several values, and a body that is skipped if
//! there are none.
//!
//! ```lisp
//! (wire:remote-value wire (add 2 3))                                       ; => 5
//! (wire:remote-value wire (divide 1 0) (values nil t))                     ; => NIL T
//! (wire:remote-value wire (divide 1 0) :unwound)                           ; => :UNWOUND
//! (wire:remote-value-bind wire (quotient rest) (divide 17 5)
//!   (list quotient rest))                                                  ; => (3 2)
//! (wire:remote-value-bind wire (quotient rest) (divide 1 0)
//!   (list quotient rest))                                                  ; => NIL
//! ```
//! ```
//! # #[wire::remote_fn]
//! # fn add(a: i64, b: i64) -> i64 {
//! #     a + b
//! # }
//! # #[wire::remote_fn]
//! # fn divide(a: i64, b: i64) -> Result<(i64, i64), &'static str> {
//! #     Ok((a.checked_div(b).ok_or("nothing divides by 0")?, a % b))
//! # }
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let (wire, _there) = wire::Wire::pair(wire::functions![], wire::functions![add, divide])?;
//! use wire::{remote_value, remote_value_bind};
//!
//! assert_eq!(remote_value!(wire, add(2, 3) -> i64).await?, (Some(5), false));
//! assert_eq!(remote_value!(wire, divide(1, 0) -> i64).await?, (None, true));
//! assert_eq!(remote_value!(wire, divide(1, 0) -> i64, else -1).await?, -1);
//! let both = remote_value_bind!(wire, (quotient: i64, rest: i64) = divide(17, 5), {
//!     (quotient, rest)
//! });
//! assert_eq!(both?, Some((3, 2)));
//! let none = remote_value_bind!(wire, (quotient: i64, rest: i64) = divide(1, 0), {
//!     (quotient, rest)
//! });
//! assert_eq!(none?, None);
//! # Ok(())
//! # }
//! ```
//!
//! What stays where it is, and is looked at there.
//!
//! ```lisp
//! (defun make-counter (n)
//!   (wire:make-remote-object (list n)))
//!
//! (defun count-up (counter)
//!   (incf (first (wire:remote-object-value counter))))
//! ```
//! ```
//! use std::sync::Arc;
//! use std::sync::atomic::{AtomicI64, Ordering};
//! use wire::{ObjectError, Remote, remote_fn};
//!
//! #[remote_fn]
//! fn make_counter(n: i64) -> Remote<AtomicI64> {
//!     Remote::new(Arc::new(AtomicI64::new(n)))
//! }
//!
//! #[remote_fn]
//! fn count_up(counter: Remote<AtomicI64>) -> Result<i64, ObjectError> {
//!     Ok(counter.value()?.fetch_add(1, Ordering::Relaxed) + 1)
//! }
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # use wire::{Wire, functions, remote_value};
//! # let (wire, _there) = Wire::pair(functions![], functions![make_counter, count_up])?;
//! # let counter: Remote = remote_value!(wire, make_counter(6)).value().await?;
//! # assert_eq!(remote_value!(wire, count_up(&counter) -> i64).value().await?, 7);
//! # Ok(())
//! # }
//! ```
//!
//! A server that lets in who it likes, and is told of the end; what it offers is written out,
//! where CMUCL runs any function of its image.
//!
//! ```lisp
//! (defun welcome (wire address)
//!   (declare (ignore wire))
//!   (plusp address))
//!
//! (defvar *server* (wire:create-request-server 4000 #'welcome))
//! (loop (system:serve-all-events 1))
//! ```
//! ```no_run
//! # #[wire::remote_fn]
//! # fn add(a: i64, b: i64) -> i64 {
//! #     a + b
//! # }
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use wire::{Peer, RequestServer, functions};
//!
//! let server = RequestServer::bind("127.0.0.1:4000").await?
//!     .functions(functions![add])
//!     .on_connect(async |wire| match wire.peer() {
//!         Peer::Tcp(_) => Ok(()),
//!         _ => Err("come by TCP"),
//!     })
//!     .on_death(|wire, why| println!("{}: {why}", wire.peer()));
//! server.serve().await?;
//! # Ok(())
//! # }
//! ```
