//! `remote_value_bind!`: a call for several values.

/// Calls a function of the peer and binds its values to variables (`remote-value-bind`).
///
/// ```text
/// remote_value_bind!(wire, (a: A, mut b: B, c) = f(x), body)
/// remote_value_bind!(wire, (a: A, b: B) = f(x), { .. } else |unwound| { .. })
/// remote_value_bind!(wire, () = f(x), body)
/// remote_value_bind!(wire, (a: A) = f(x) with data, body)
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
/// **Arguments**, and data behind the call, are as in [`remote!`](crate::remote).
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
