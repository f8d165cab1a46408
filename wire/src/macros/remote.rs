//! `remote!`: calls for their effect.

/// Calls functions of the peer, and wants nothing back (`remote`).
///
/// ```text
/// remote!(wire, f(a, b), package::g(), "1+"(c))
/// remote!(wire, f(a) with data)
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
/// takes its arguments as the function does, so what it takes by value is moved. An `@` before an
/// argument marks a call that the peer makes: see [`remote_value!`](crate::remote_value).
///
/// **Data.** `with data` behind a call sends a [`RawOutput`](crate::RawOutput) behind it, untagged,
/// for a function that reads such ([`RawInput`](crate::RawInput)). It is evaluated after the call's
/// arguments, borrowed, and goes out with the call as one unit. In a typed call the compiler checks
/// that the function reads data, and that data follows a function that does.
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
