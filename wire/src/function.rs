//! What can be called over a wire: the functions of this program that were named in
//! [`functions!`](crate::functions), and how one of them is run.

mod context;
mod definition;
mod functions;
mod info;
mod inner;
mod invocation;
mod nested;
mod panics;
pub mod parameters;
mod raw;
mod reply;
mod returns;
mod table;

pub use context::Context;
pub use definition::{
    Declared, Definition, FunctionKind, Need, NoUntaggedData, Parameter, ReadsData, ReadsNoData,
    RemoteFn, SameData, UntaggedData,
};
pub use functions::{Functions, FunctionsError};
pub use info::{FunctionInfo, ParameterInfo};
pub use invocation::{Invocation, Refused, Work};
pub(crate) use invocation::{raw_among_arguments, run_blocking};
pub(crate) use nested::{evaluate, refuse, refuse_plan};
pub(crate) use panics::catch;
pub use panics::record_panic_locations;
pub use raw::{Held, RawError, RawInput};
pub(crate) use raw::{Loan, Lost};
pub use reply::Reply;
pub(crate) use reply::ReplyTo;
pub use returns::Returns;
pub(crate) use table::FunctionTable;
