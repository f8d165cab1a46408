//! The parameters of a declared function one by one, for typed calls with calls among their
//! arguments.
//!
//! The function's own signature cannot check such a call: the values of the calls are not here.

use std::marker::PhantomData;

/// All parameters as a list of rows, of which each but the last is full. In one list the types of
/// 255 would nest deeper than the compiler follows them.
#[expect(missing_debug_implementations, reason = "lives within what one macro writes")]
pub struct Rows<L>(PhantomData<fn() -> L>);

/// The parameters of a row from one on, as a list of types: of `(i64, &str)` it is
/// `(Owned<i64>, (Str, ()))`.
#[expect(missing_debug_implementations, reason = "lives within what one macro writes")]
pub struct Parameters<P>(PhantomData<fn() -> P>);

/// Taken as it is.
#[expect(missing_debug_implementations, reason = "has no values")]
pub struct Owned<T>(PhantomData<T>);

/// A `String`, taken as anything that becomes one.
#[expect(missing_debug_implementations, reason = "has no values")]
pub struct Text(());

/// A `&str`.
#[expect(missing_debug_implementations, reason = "has no values")]
pub struct Str(());

/// A `&[T]`.
#[expect(missing_debug_implementations, reason = "has no values")]
pub struct Slice<T>(PhantomData<T>);

/// How one argument is taken.
pub trait Passing {
    /// What it is once it has crossed.
    type Value;
}

impl<T> Passing for Owned<T> {
    type Value = T;
}

impl Passing for Text {
    type Value = String;
}

impl Passing for Str {
    type Value = String;
}

impl<T> Passing for Slice<T> {
    type Value = Vec<T>;
}

/// What the carrier of a declared function says.
pub fn of<L>(_: PhantomData<L>) -> Rows<L> {
    Rows(PhantomData)
}

impl<P, L> Rows<(P, L)> {
    /// The first row.
    pub fn row(self) -> Parameters<P> {
        Parameters(PhantomData)
    }

    /// The rows below it.
    pub fn below(self) -> Rows<L> {
        Rows(PhantomData)
    }
}

/// Below the last row.
impl Rows<()> {
    /// No parameters.
    pub fn row(self) -> Parameters<()> {
        Parameters(PhantomData)
    }

    /// Nothing is below nothing.
    pub fn below(self) -> Self {
        self
    }
}

impl<P: Passing, R> Parameters<(P, R)> {
    /// Those behind the first.
    pub fn rest(self) -> Parameters<R> {
        Parameters(PhantomData)
    }

    /// Gives the first a call whose value has type `V`.
    pub fn call<V: Fits<P::Value>, C>(self, _: PhantomData<V>, call: C) -> C {
        call
    }

    /// Gives the first a call that is taken at its word.
    pub fn any_call<C>(self, call: C) -> C {
        call
    }

    /// Gives the function its name if no argument is missing: not here.
    pub fn end<N>(self, name: N) -> N
    where
        P::Value: Given,
    {
        name
    }
}

/// A value for the first, as the function takes it.
impl<T, R> Parameters<(Owned<T>, R)> {
    /// Gives it back.
    pub fn take(self, argument: T) -> T {
        argument
    }
}

impl<R> Parameters<(Text, R)> {
    /// Gives it back.
    pub fn take(self, argument: impl Into<String>) -> String {
        argument.into()
    }
}

impl<R> Parameters<(Str, R)> {
    /// Gives it back.
    pub fn take(self, argument: &str) -> &str {
        argument
    }
}

impl<T, R> Parameters<(Slice<T>, R)> {
    /// Gives it back.
    pub fn take(self, argument: &[T]) -> &[T] {
        argument
    }
}

/// Behind the last: whatever is given here is too much.
impl Parameters<()> {
    /// Nothing stands behind nothing.
    pub fn rest(self) -> Self {
        self
    }

    /// A value too many.
    pub fn take<T: Room>(self, argument: T) -> T {
        argument
    }

    /// A call too many.
    pub fn call<V, C: Room>(self, _: PhantomData<V>, call: C) -> C {
        call
    }

    /// A call too many.
    pub fn any_call<C: Room>(self, call: C) -> C {
        call
    }

    /// Gives the function its name: no argument is missing.
    pub fn end<N>(self, name: N) -> N {
        name
    }
}

/// What a call gives to a parameter of type `P`: a value of that type, and to an `Option` also what
/// stands in it, since no `Some` can be written around a call.
#[diagnostic::on_unimplemented(
    message = "the value of this call is `{Self}`, and the parameter takes `{P}`",
    label = "its value is `{Self}`",
    note = "what a call by name gives is not compared: `@f(..)` instead of `@<f>(..)`"
)]
pub trait Fits<P> {}

impl<T> Fits<T> for T {}

impl<T> Fits<Option<T>> for T {}

/// Nothing is: an argument is missing wherever this is asked for.
#[diagnostic::on_unimplemented(
    message = "an argument of type `{Self}` is missing",
    label = "an argument of type `{Self}` is missing"
)]
pub trait Given {}

/// Nothing has: no function takes anything behind its last parameter.
#[diagnostic::on_unimplemented(
    message = "the call has more arguments than the function takes",
    label = "this is too much"
)]
pub trait Room {}
