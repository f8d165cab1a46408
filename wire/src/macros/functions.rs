//! `functions!`: what a peer may call.

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
