//! All that the output of the macros may name. Not for anybody else: it changes without notice.

use std::marker::PhantomData;

pub use wire_macros::{__functions, __remote, __remote_value, __remote_value_bind};

pub use crate::codec::{
    Decoder, Encoder, FlatDecoder, FlatEncoder, Kind, Name, Shape, SymbolSite, Unsendable,
    WrongType,
};
pub use crate::convert::derived::{missing_field, unknown_variant};
pub use crate::convert::{FromValues, FromWire, Inward, NeverNil, Outward, ToWire};
pub use crate::function::{
    Context, Declared, Definition, FunctionKind, Functions, Held, Invocation, Need, NoUntaggedData,
    Parameter, ReadsData, ReadsNoData, Refused, RemoteFn, Reply, Returns, SameData, UntaggedData,
    Work, parameters,
};
pub use crate::handle::{Binding, Bound, CallError, Pending, Wire};
pub use crate::session::Call;

use crate::session::Want;

/// What `remote!` becomes.
///
/// # Errors
/// As [`Wire::notify`].
pub fn notify(wire: &Wire, calls: &[Call<'_>]) -> Result<(), CallError> {
    wire.notify_all(calls)
}

/// What `remote_value!` becomes.
pub fn value<T: FromWire + Send + 'static>(wire: &Wire, call: Call<'_>) -> Pending<T> {
    wire.start_value(&call)
}

/// The same, with the type of a declaration.
pub fn value_as<T: FromWire + Send + 'static>(
    _: PhantomData<T>,
    wire: &Wire,
    call: Call<'_>,
) -> Pending<T> {
    value(wire, call)
}

/// What `remote_value_bind!` waits for.
pub fn values<T: FromValues + Send + 'static>(
    wire: &Wire,
    call: Call<'_>,
    count: u8,
) -> Binding<T> {
    wire.start_values(&call, Want::of(count.into()))
}

/// The same, with the types of a declaration.
pub fn values_as<T: FromValues + Send + 'static>(
    _: PhantomData<T>,
    wire: &Wire,
    call: Call<'_>,
    count: u8,
) -> Binding<T> {
    values(wire, call, count)
}

/// The name of a declared function, behind whose call nothing follows.
pub fn name<F: Declared<Data: ReadsNoData>>() -> Name<'static> {
    Name::Site(F::site())
}

/// The name of a declared function that reads what follows its call.
pub fn name_with_data<F: Declared<Data: ReadsData>>() -> Name<'static> {
    Name::Site(F::site())
}

/// True. A body of `remote_value_bind!` stands in a `match` of this beside [`never`], so that what
/// is done with its value is no unreachable code where it ends in `return` or `panic!`.
#[inline(always)]
pub fn always() -> bool {
    true
}

/// A value of the type of the body it stands beside; never called.
#[cold]
pub fn never<T>() -> T {
    unreachable!("beside a body that is always taken")
}

/// The value itself; does not compile where its type is not the one that was written.
pub fn declared_as<T>(value: T) -> T {
    value
}

/// A value of a type that only a declaration tells; never called.
pub fn declared<T>(_: PhantomData<T>) -> T {
    unreachable!("only its type is looked at")
}

/// Two types that are one, for the comparison of a function with its declaration.
#[diagnostic::on_unimplemented(
    message = "this differs from the declaration, which says `{Self}`",
    label = "this is `{T}`, and the declaration says `{Self}`"
)]
pub trait Same<T> {}

impl<T> Same<T> for T {}

/// Compiles where untagged data follows the calls of both functions, or of neither.
pub fn same_data<Ours: Declared, Theirs: Declared<Data: SameData<Ours::Data>>>() {}

/// Compiles where both types are one.
pub fn same<Ours, Theirs: Same<Ours>>(_: Theirs) {}
