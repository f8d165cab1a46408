//! The macros as users see them. They are sugar over the methods of [`Wire`](crate::Wire) and hand
//! `$crate` to the procedural macros, so that the crate may go by any name.

/// Calls functions of the peer, and wants nothing back (`remote`).
///
/// ```text
/// remote!(wire, f(a, b), package::g(), "1+"(c))
/// ```
///
/// `wire` is anything that derefs to a [`Wire`](crate::Wire) when borrowed, and is evaluated first.
/// The function position holds a name, not a value:
///
/// | written           | the peer calls                                                        |
/// |-------------------|-----------------------------------------------------------------------|
/// | `write_string(..)` | `WRITE-STRING` in `COMMON-LISP-USER`, which finds what that package inherits |
/// | `hemlock::beep(..)` | `BEEP` in `HEMLOCK`                                                  |
/// | `"hemlock::\|Beep\|"(..)` | the name as the Lisp reader reads it: letters become upper case unless escaped |
/// | `<path::f>(..)`   | the function that [`remote_fn`](macro@crate::remote_fn) declares or defines at `path::f`, its arguments checked by the compiler |
///
/// **Arguments** are expressions whose values implement [`ToWire`](trait@crate::ToWire). They are evaluated
/// once, from left to right, here, and borrowed: a `String` that is an argument stays yours.
/// `?`, `return` and `.await` may stand in them, and leave before anything is written. A typed call
/// takes its arguments as the function does, so what it takes by value is moved.
///
/// **What it costs:** the calls are encoded into the wire's buffer, and nothing is awaited. The
/// buffer goes out when it is full enough, with `force_output`, or with the next call that waits
/// for a value. All calls of one `remote!` stand side by side in the buffer, or none is there.
///
/// # Errors
/// The macro's value is a `Result<(), CallError>`. An error means that none of the calls is sent:
/// an argument that cannot cross, a buffer at its limit, a wire that has ended. What the functions
/// do at the peer, and whether they exist, is never known here. A buffer at its limit is
/// [`CallError::Full`](crate::CallError::Full), which ends when the wire is
/// [`ready`](crate::Wire::ready) again; the example waits for it.
///
/// # Origin
/// CMUCL's `remote`, whose buffer is forced by `wire-force-output`.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use std::sync::{Arc, Mutex};
/// use wire::{CallError, Wire, functions, remote, remote_fn};
///
/// struct Screen(Mutex<String>);
///
/// #[remote_fn]
/// fn write_string(screen: &Screen, text: &str) {
///     screen.0.lock().unwrap().push_str(text);
/// }
///
/// let screen = Arc::new(Screen(Mutex::default()));
/// let api = functions![write_string].state(screen.clone());
/// let (wire, _peer) = Wire::pair(functions![], api)?;
///
/// let text = String::from("hello");
/// remote!(wire, write_string(text), write_string(", world"))?; // buffered side by side
/// wire.sync().await?; // sent, and run
/// assert_eq!(*screen.0.lock().unwrap(), "hello, world");
/// assert_eq!(text, "hello"); // still ours
/// while let Err(error) = remote!(wire, write_string("!")) {
///     let CallError::Full { .. } = error else { return Err(error.into()) };
///     wire.ready().await?; // the peer reads more slowly than we call
/// }
/// # Ok(())
/// # }
/// ```
#[macro_export]
macro_rules! remote {
    ($($input:tt)*) => {
        $crate::__private::__remote! { [$crate] $($input)* }
    };
}

/// Calls a function of the peer for its first value (`remote-value`).
///
/// ```text
/// remote_value!(wire, f(a, b))
/// remote_value!(wire, f(a, b) -> T)
/// remote_value!(wire, f(a, b) -> T, else expression)
/// remote_value!(wire, <path::f>(a, b))
/// ```
///
/// The call is made where the macro stands: like [`remote!`](crate::remote) it evaluates, encodes
/// and buffers. Its value is a [`Pending<T>`](crate::Pending), which borrows nothing, and which may
/// be awaited now, later, in another task, or never. Its first poll forces the wire's output, so
/// two calls that are made and then awaited are one write and one round trip.
///
/// * `.await` gives `Result<(Option<T>, bool), CallError>`: the value, and whether the peer
///   unwound, as in CMUCL.
/// * `.value().await` gives `Result<T, CallError>`; unwinding is an error too. The everyday form.
/// * `else expression` gives the expression's value if the peer unwound, like the third argument
///   in CMUCL. It is evaluated only then, where the call is awaited: `return` and `?` do not reach
///   out of it, which is what [`remote_value_bind!`](crate::remote_value_bind) is for.
///
/// `-> T` names the type where nothing else does. A typed call `<path::f>(..)` knows it.
///
/// **Arguments** are as in [`remote!`](crate::remote).
///
/// # Errors
/// Making the call does not fail; what went wrong is the result of awaiting it, and
/// `CallError::ran` says whether the function may have run.
///
/// # Cancel safety
/// Dropping the pending call is unwinding here: the peer goes on, and its answer is ignored.
///
/// # Origin
/// CMUCL's `remote-value`, with its two values and its optional third argument.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use wire::{Wire, functions, remote_fn, remote_value};
///
/// #[remote_fn]
/// fn add(a: i64, b: i64) -> Result<i64, &'static str> {
///     a.checked_add(b).ok_or("too large")
/// }
///
/// let (wire, _peer) = Wire::pair(functions![], functions![add])?;
/// let five: i64 = remote_value!(wire, add(2, 3)).value().await?;
/// let (sum, unwound) = remote_value!(wire, add(five, 1) -> i64).await?;
/// assert_eq!((sum, unwound), (Some(6), false));
/// let most = remote_value!(wire, <add>(i64::MAX, 1), else i64::MAX).await?;
/// assert_eq!(most, i64::MAX);
///
/// let first = remote_value!(wire, add(1, 1) -> i64);
/// let second = remote_value!(wire, add(2, 2) -> i64);
/// assert_eq!(second.value().await? - first.value().await?, 2); // one round trip
/// # Ok(())
/// # }
/// ```
#[macro_export]
macro_rules! remote_value {
    ($($input:tt)*) => {
        $crate::__private::__remote_value! { [$crate] $($input)* }
    };
}

/// Calls a function of the peer and binds its values to variables (`remote-value-bind`).
///
/// ```text
/// remote_value_bind!(wire, (a: A, mut b: B, c) = f(x), body)
/// remote_value_bind!(wire, (a: A, b: B) = f(x), { .. } else |unwound| { .. })
/// remote_value_bind!(wire, () = f(x), body)
/// ```
///
/// It awaits inside, so it stands in async code. If the function returned, the variables are bound
/// as in Lisp, missing values to the NIL of their types, extra values dropped, and the body is
/// evaluated. If the peer unwound, the body is skipped, and the part after `else` is evaluated
/// instead, where there is one. Up to 16 variables can be bound; a type that is not named is
/// inferred. The bodies are part of the function around the macro: `?`, `return`, `break` and
/// `.await` mean in them what they mean around it. A body that ends in an `if` without `else` must
/// stand in braces, which would otherwise take the macro's `else` for its own.
///
/// Without variables nothing is awaited: the call goes out like one of [`remote!`](crate::remote),
/// and the body is evaluated at once.
///
/// The macro's value is `Result<Option<B>, CallError>`, where `B` is the body's type and `None`
/// means that the peer unwound; with `else` it is `Result<B, CallError>`.
///
/// **Arguments** are as in [`remote!`](crate::remote).
///
/// # Errors
/// As [`remote_value!`](crate::remote_value): the call could not be sent, the wire ended, or a
/// value does not fit its variable. No body is evaluated then.
///
/// # Cancel safety
/// If the future around the macro is dropped while it waits, the answer is ignored and no body is
/// evaluated.
///
/// # Origin
/// CMUCL's `remote-value-bind`. The part after `else` is ours.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use wire::{Wire, functions, remote_fn, remote_value_bind};
///
/// #[remote_fn]
/// fn truncate(a: i64, b: i64) -> Result<(i64, i64), &'static str> {
///     Ok((a.checked_div(b).ok_or("division by zero")?, a % b))
/// }
///
/// let (wire, _peer) = Wire::pair(functions![], functions![truncate])?;
/// for (divisor, expected) in [(5, "3 rest 2"), (0, "division by zero")] {
///     let shown = remote_value_bind!(wire, (q: i64, r: i64) = truncate(17, divisor), {
///         format!("{q} rest {r}")
///     } else |unwound| {
///         unwound.message().to_owned()
///     })?;
///     assert_eq!(shown, expected);
/// }
/// # Ok(())
/// # }
/// ```
#[macro_export]
macro_rules! remote_value_bind {
    ($($input:tt)*) => {
        $crate::__private::__remote_value_bind! { [$crate] $($input)* }
    };
}

/// Lists functions that a peer may call.
///
/// ```text
/// functions![add, math::divide, api::{greet, chat::{say, leave}}]
/// ```
///
/// Every path leads to a function with [`remote_fn`](macro@crate::remote_fn); braces nest as in `use`. What is
/// offered is written out: there is no `*`. The value is a [`Functions`](crate::Functions), which
/// takes state, a package and other lists before it is given to a wire or a server.
///
/// # Origin
/// CMUCL lets the peer call anything. Here only what is listed can be called.
///
/// ```
/// use wire::{functions, remote_fn};
///
/// #[remote_fn]
/// fn add(a: i64, b: i64) -> i64 {
///     a + b
/// }
///
/// mod chat {
///     #[wire::remote_fn]
///     pub fn say(text: &str) {
///         println!("{text}");
///     }
/// }
///
/// let api = functions![add].merge(functions![chat::{say}].package("CHAT"));
/// let names: Vec<_> = api.infos().into_iter().map(|info| (info.package, info.name)).collect();
/// assert_eq!(names, [(None, "ADD".into()), (Some("CHAT".into()), "SAY".into())]);
/// ```
#[macro_export]
macro_rules! functions {
    ($($input:tt)*) => {
        $crate::__private::__functions! { [$crate] $($input)* }
    };
}

/// Lets the peer call the function it stands on, once [`functions!`](crate::functions) lists it.
///
/// The function stays as it is written, and a test calls it directly. Beside it stands an empty
/// enum of the same name and visibility, which `use` brings along with the function; so a module
/// of the same name cannot stand beside both.
///
/// **Parameters.** Leading `&Type` parameters are context and come from this side: `&Wire` is the
/// wire that the call came over, any other type is the wire's own value of it, or the state given
/// to the [`Functions`](crate::Functions). The rest comes from the caller: owned types that implement
/// [`FromWire`](trait@crate::FromWire), `&str` and `&[T]`. The caller must give as many arguments as
/// there are, and each must fit its type.
///
/// **Values.** A tuple is several values. An `Err` unwinds the caller, with its reason; so does a
/// panic, which this side's panic hook still prints.
///
/// **Where it runs.** A plain function runs on the wire's own task, to its end, before the next
/// call starts. An `async fn` is polled there first, and others may start while it waits. With
/// `blocking` a plain function runs elsewhere and may block.
///
/// | option              | meaning                                                               |
/// |---------------------|-----------------------------------------------------------------------|
/// | `name = "chat:say"` | the Lisp name, as the reader reads it, instead of `my_function` as `MY-FUNCTION`; it may carry its package |
/// | `package = "chat"`  | the function answers only in this package, instead of in any         |
/// | `blocking`          | it may block, and runs on a thread where that is no harm             |
/// | `unwinds = E`       | of its `Result<T, E>` the `E` itself is sent to a peer that can take it |
/// | `as = path`         | it implements the declaration at `path`: the name is that one's, and the types must be |
/// | `crate = path`      | where this crate is, if not at `::wire`                               |
///
/// **Declarations.** Without a body it declares a function of the peer for typed calls, in a crate
/// that both ends share. The other end implements it with `as`. A declaration that says `-> T` may be
/// implemented by a function that returns `Result<T, E>`.
///
/// # Origin
/// CMUCL calls any function by its name, and has no declarations.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use wire::{Wire, functions, remote_fn, remote_value};
///
/// #[remote_fn]
/// fn add(a: i64, b: i64) -> i64 {
///     a + b
/// }
/// assert_eq!(add(2, 3), 5); // it is a function as any other
///
/// mod shared {
///     #[wire::remote_fn(package = "math")]
///     pub fn divide(a: i64, b: i64) -> (i64, i64);
/// }
///
/// #[remote_fn(as = shared::divide)]
/// fn divide(a: i64, b: i64) -> Result<(i64, i64), String> {
///     let quotient = a.checked_div(b).ok_or("division by zero")?;
///     Ok((quotient, a % b))
/// }
///
/// let (wire, _peer) = Wire::pair(functions![], functions![add, divide])?;
/// assert_eq!(remote_value!(wire, <shared::divide>(17, 5)).value().await?, 3);
/// # Ok(())
/// # }
/// ```
pub use wire_macros::remote_fn;

/// Derives [`ToWire`](trait@crate::ToWire): how a struct or an enum goes out.
///
/// | Rust                                      | Lisp                             |
/// |-------------------------------------------|----------------------------------|
/// | `struct Job { id: i64, command: String }` | `(:ID 7 :COMMAND "make")`        |
/// | `struct Point(i64, i64)`                  | `(1 2)`                          |
/// | `#[wire(list)] struct Range { .. }`       | `(1 2)`                          |
/// | `#[wire(transparent)] struct Id(i64)`     | `7`                              |
/// | a struct without fields                   | `NIL`                            |
/// | `Move::Stop`                              | `:STOP`                          |
/// | `Move::GoTo(1, 2)`                        | `(:GO-TO 1 2)`                   |
/// | `Move::Turn { by: 1 }`                    | `(:TURN :BY 1)`                  |
///
/// In a property list, a field whose type is written `Option<..>` is left out when it is `None`.
/// `#[wire(rename = "exit-status")]` at a field or a variant names its keyword, and
/// `#[wire(crate = path)]` says where this crate is. Every type parameter must itself be `ToWire`.
///
/// A type that is never sent as `NIL` also becomes [`NeverNil`](crate::NeverNil), so that an
/// `Option` of it can be sent; and with [`FromWire`](derive@crate::FromWire) one can be read. That
/// is every enum, and every struct with a field that is always there.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use wire::{FromWire, ToWire, Value, Wire, functions, remote_fn, remote_value};
///
/// #[derive(ToWire, FromWire)]
/// struct Job {
///     id: i64,
///     command: String,
///     exit_status: Option<i64>,
///     #[wire(default)]
///     priority: i64, // older peers do not send it
/// }
///
/// #[remote_fn]
/// fn next_job() -> Job {
///     Job { id: 7, command: "make".into(), exit_status: None, priority: 1 }
/// }
///
/// let peer = Wire::builder().functions(functions![next_job]);
/// let (wire, _peer) = Wire::builder().classic().pair(peer)?;
/// let shown = remote_value!(wire, next_job() -> Value).value().await?;
/// assert_eq!(shown.to_string(), r#"(:ID 7 :COMMAND "make" :PRIORITY 1)"#);
/// # Ok(())
/// # }
/// ```
pub use wire_macros::ToWire;

/// Derives [`FromWire`](trait@crate::FromWire): how a struct or an enum comes in.
///
/// The forms are those of [`ToWire`](derive@crate::ToWire). Of a property list, unknown keys are
/// ignored, and of a key that stands there twice the first counts. What is missing, in a property
/// list or at the end of a list, is the `NIL` of its type; `#[wire(default)]` takes
/// `Default::default()` instead; a type that has no `NIL` is an error that names the field. More
/// elements than a list has fields are an error. `NIL` reads as the struct of which nothing was
/// sent.
///
/// Errors name the field and the type that it is within.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use wire::{FromWire, ToWire, Wire, functions, remote_fn, remote_value};
///
/// #[derive(ToWire)]
/// struct Sent {
///     id: i64,
///     note: &'static str,
/// }
///
/// #[derive(FromWire)]
/// struct Job {
///     id: i64,
///     #[wire(default)]
///     priority: i64,
/// }
///
/// #[remote_fn]
/// fn run(job: Job) -> i64 {
///     job.id + job.priority
/// }
///
/// let (wire, _peer) = Wire::pair(functions![], functions![run])?;
/// let sent = Sent { id: 7, note: "of no interest there" };
/// assert_eq!(remote_value!(wire, run(sent) -> i64).value().await?, 7);
///
/// let error = remote_value!(wire, run("job") -> i64).value().await.unwrap_err();
/// assert!(error.to_string().contains("argument 1 (`job`) of RUN"));
/// # Ok(())
/// # }
/// ```
pub use wire_macros::FromWire;
