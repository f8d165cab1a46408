//! `#[derive(FromWire)]`: how a type comes in.

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
