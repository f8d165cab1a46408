//! What a plain function takes from its side.

use std::ops::Deref;
use std::sync::Arc;

/// A `T` that stays while a plain function looks at it.
#[derive(Debug)]
pub struct Context<'a, T>(Kept<'a, T>);

#[derive(Debug)]
enum Kept<'a, T> {
    /// A state, which stays as long as the functions do: nothing has to be counted.
    Given(&'a T),
    /// The wire's own, which anybody may replace meanwhile.
    Own(Arc<T>),
}

impl<'a, T> Context<'a, T> {
    pub(super) fn given(state: &'a T) -> Self {
        Self(Kept::Given(state))
    }

    pub(super) fn own(own: Arc<T>) -> Self {
        Self(Kept::Own(own))
    }
}

impl<T> Deref for Context<'_, T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        match &self.0 {
            Kept::Given(state) => state,
            Kept::Own(own) => own,
        }
    }
}
