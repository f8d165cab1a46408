//! `#[derive(ToWire)]`: how a type goes out.

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
