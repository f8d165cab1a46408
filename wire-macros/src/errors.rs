//! `Errors`, which collects what is wrong so that one compilation shows all of it.

use std::cell::RefCell;
use std::fmt::Display;

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};

/// What was found wrong so far. It must be finished: dropping it unread is a bug of ours.
#[derive(Debug)]
pub(crate) struct Errors {
    /// `None` once finished.
    found: RefCell<Option<Vec<syn::Error>>>,
}

impl Errors {
    pub(crate) fn new() -> Self {
        Self { found: RefCell::new(Some(Vec::new())) }
    }

    /// Notes a mistake at `spanned`, which should be the smallest guilty piece of the input.
    pub(crate) fn push(&self, spanned: impl ToTokens, message: impl Display) {
        self.push_error(syn::Error::new_spanned(spanned, message));
    }

    /// Notes a mistake at a place that has no tokens of its own.
    pub(crate) fn push_at(&self, span: Span, message: impl Display) {
        self.push_error(syn::Error::new(span, message));
    }

    /// Notes a mistake that somebody else described.
    pub(crate) fn push_error(&self, error: syn::Error) {
        if let Some(found) = self.found.borrow_mut().as_mut() {
            found.push(error);
        }
    }

    /// All mistakes as one error.
    pub(crate) fn finish(self) -> syn::Result<()> {
        let found = self.found.borrow_mut().take().unwrap_or_default();
        let all = found.into_iter().reduce(|mut all, next| {
            all.combine(next);
            all
        });
        all.map_or(Ok(()), Err)
    }
}

impl Drop for Errors {
    fn drop(&mut self) {
        if !std::thread::panicking() && self.found.borrow().is_some() {
            panic!("errors were collected and never looked at");
        }
    }
}

/// The expansion of a macro in expression position, or its errors there: in a block, because only
/// a block can hold several.
pub(crate) fn or_report(expansion: syn::Result<TokenStream>) -> proc_macro::TokenStream {
    let tokens = expansion.unwrap_or_else(|error| {
        let errors = error.to_compile_error();
        quote!({ #errors })
    });
    tokens.into()
}
