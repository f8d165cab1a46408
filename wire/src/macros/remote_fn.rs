//! `#[remote_fn]`: a function that can be called.

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
/// **Data.** With `raw` an `async fn` takes `&mut RawInput<'_>` before all others, from which it
/// reads what its caller sent untagged behind the call. It has the wire's input in its hands
/// meanwhile, which [`RawInput`](crate::RawInput) tells all about: a refused call of it ends the
/// wire.
///
/// | option              | meaning                                                               |
/// |---------------------|-----------------------------------------------------------------------|
/// | `name = "chat:say"` | the Lisp name, as the reader reads it, instead of `my_function` as `MY-FUNCTION`; it may carry its package |
/// | `package = "chat"`  | the function answers only in this package, instead of in any         |
/// | `blocking`          | it may block, and runs on a thread where that is no harm             |
/// | `raw`               | it reads untagged data that follows its call                          |
/// | `unwinds = E`       | of its `Result<T, E>` the `E` itself is sent to a peer that can take it |
/// | `as = path`         | it implements the declaration at `path`: the name is that one's, and the types must be |
/// | `crate = path`      | where this crate is, if not at `::wire`                               |
///
/// **Declarations.** Without a body it declares a function of the peer for typed calls, in a crate
/// that both ends share. The other end implements it with `as`. A declaration that says `-> T` may be
/// implemented by a function that returns `Result<T, E>`. One with `raw` says that data follows, and
/// leaves the input to the implementation.
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
