//! What `#[remote_fn]` writes down about a function.

use std::any::TypeId;

use crate::codec::SymbolSite;
use crate::function::invocation::{Invocation, Refused};

/// A function that can be offered to a peer.
///
/// [`#[remote_fn]`](macro@crate::remote_fn) implements it for the empty type that it puts beside
/// the function; [`functions!`](crate::functions) collects such types.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a function that can be offered to a peer",
    note = "put `#[remote_fn]` on a function with a body; a declaration alone has nothing to run"
)]
pub trait RemoteFn {
    /// What the function is.
    const DEFINITION: &'static Definition;
}

/// A function that can be called by `<path>(..)` in the call macros: one with
/// [`#[remote_fn]`](macro@crate::remote_fn), with a body or without.
pub trait Declared {
    /// Its Lisp name.
    const NAME: &'static str;
    /// Its package, if it answers to its name only there.
    const PACKAGE: Option<&'static str>;

    /// How many values it returns.
    const COUNT: u8;

    /// Whether untagged data follows its calls.
    type Data;

    /// The name as calls carry it.
    fn site() -> &'static SymbolSite;
}

/// Said of a function that reads untagged data behind its calls.
#[expect(missing_debug_implementations, reason = "has no values")]
#[expect(clippy::exhaustive_enums, reason = "has no values")]
pub enum UntaggedData {}

/// Said of one that does not.
#[expect(missing_debug_implementations, reason = "has no values")]
#[expect(clippy::exhaustive_enums, reason = "has no values")]
pub enum NoUntaggedData {}

/// What a call with untagged data wants of its function.
#[diagnostic::on_unimplemented(
    message = "this function reads no untagged data behind its call",
    label = "declared without `raw`",
    note = "leave the `with` out, or declare the function `#[remote_fn(raw)]`"
)]
pub trait ReadsData {}

impl ReadsData for UntaggedData {}

/// What a call without untagged data wants of its function.
#[diagnostic::on_unimplemented(
    message = "this function reads untagged data behind its call",
    label = "declared as `raw`",
    note = "say what follows, as in `f(..) with data`, even if that is an empty `RawOutput`; a call \
            among arguments can have none"
)]
pub trait ReadsNoData {}

impl ReadsNoData for NoUntaggedData {}

/// What a function wants of its declaration.
#[diagnostic::on_unimplemented(
    message = "whether untagged data follows the call differs from the declaration",
    label = "`raw` stands at one of them only"
)]
pub trait SameData<T> {}

impl<T> SameData<T> for T {}

/// All that is known about one remote function.
#[derive(Debug)]
#[expect(clippy::exhaustive_structs, reason = "written by macro output of the same version")]
pub struct Definition {
    /// Its Lisp name.
    pub name: &'static str,
    /// Its package, if it answers to its name only there.
    pub package: Option<&'static str>,
    /// Its doc comment.
    pub docs: &'static str,
    /// The file that defines it.
    pub file: &'static str,
    /// The line that does.
    pub line: u32,
    /// The arguments that a caller gives.
    pub parameters: &'static [Parameter],
    /// Its return type, as written.
    pub returns: &'static str,
    /// Where it runs.
    pub kind: FunctionKind,
    /// What it takes from this side: states, or the wire's own values.
    pub needs: &'static [Need],
    /// Reads the arguments and runs it, as far as it runs here.
    pub run: fn(&mut Invocation<'_>) -> Result<(), Refused>,
}

/// One argument of a remote function.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_structs, reason = "written by macro output of the same version")]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// Its type, as written.
    pub ty: &'static str,
}

/// A leading `&T` of a remote function.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_structs, reason = "written by macro output of the same version")]
pub struct Need {
    /// The type, as written.
    pub type_name: &'static str,
    /// The type.
    pub id: fn() -> TypeId,
}

/// Where a remote function runs.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "written by macro output of the same version")]
pub enum FunctionKind {
    /// On the wire's own task, to its end, before the next call starts.
    Plain,
    /// On the wire's own task until it first waits, then on a task of its own.
    Async,
    /// On a thread for blocking work.
    Blocking,
    /// As an async one, with the input of its wire in its hands until it has read what follows its
    /// call.
    Raw,
}
