//! `remote_value!`: a call for its first value.

/// Calls a function of the peer for its first value (`remote-value`).
///
/// ```text
/// remote_value!(wire, f(a, b))
/// remote_value!(wire, f(a, b) -> T)
/// remote_value!(wire, f(a, b) -> T, else expression)
/// remote_value!(wire, <path::f>(a, b))
/// remote_value!(wire, f(@g(a), b))
/// remote_value!(wire, f(a) with data -> T)
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
/// **Arguments**, and data behind the call, are as in [`remote!`](crate::remote).
///
/// # Calls among the arguments
/// An argument marked by an `@` is a call that the peer makes, by a name in any of the forms, and
/// its value, of several the first, takes the argument's place: `f(@g(a), b)` is `f(g(a), b)` in one
/// round trip. Such calls nest to any depth and in all three call macros. The arguments of all of
/// them are evaluated here, from left to right, before anything is written. The peer then calls the
/// innermost and leftmost first; an unwinding in any of them unwinds the whole, with the reason of
/// the one that unwound, and nothing after it is called.
///
/// In a typed call `<path::f>(@<path::g>(a), b)` the compiler checks that the value of `g`, of a
/// `Result` what is in its `Ok`, is of the type that `f` takes; for an `Option<T>` a `T` will do. A
/// call by name, within or around, is taken at its word.
///
/// To a peer of the classic dialect go no two calls among the arguments of one, which
/// [`Wire::allow_leftover_calls`](crate::Wire::allow_leftover_calls) explains and changes. Where
/// names are computed, and in lists, [`Call`](crate::Call) does what `@` does.
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
/// let ten: i64 = remote_value!(wire, add(@add(1, @<add>(2, 3)), 4)).value().await?;
/// assert_eq!(ten, 10); // one round trip
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
