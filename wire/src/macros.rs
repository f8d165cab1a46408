//! The macros as users see them, each with its docs. They are sugar over the methods of
//! [`Wire`](crate::Wire) and hand `$crate` to the procedural macros, so that the crate may go by any
//! name.

mod from_wire;
mod functions;
mod remote;
mod remote_fn;
mod remote_value;
mod remote_value_bind;
mod to_wire;

pub use from_wire::FromWire;
pub use remote_fn::remote_fn;
pub use to_wire::ToWire;
