//! The procedural macros of the `wire` crate, which re-exports and documents them.
//!
//! # Layout
//! Every macro takes the same four steps: parse to a model that keeps the user's tokens, check it
//! and collect all that is wrong, stop if anything is, expand; expanding cannot fail. The call
//! macros come through `macro_rules!` of `wire`, which put `[$crate]` in front of the input, so
//! that the crate may go by any name.

use proc_macro::TokenStream;

mod argument;
mod derive;
mod errors;
mod form;
mod functions;
mod name;
mod parts;
mod path;
mod remote;
mod remote_fn;
mod remote_value;
mod remote_value_bind;
mod text;

#[cfg(test)]
mod tests;

/// What `wire::remote!` hands on.
#[doc(hidden)]
#[proc_macro]
pub fn __remote(input: TokenStream) -> TokenStream {
    errors::or_report(syn::parse(input).and_then(|call| remote::expand(&call)))
}

/// What `wire::remote_value!` hands on.
#[doc(hidden)]
#[proc_macro]
pub fn __remote_value(input: TokenStream) -> TokenStream {
    errors::or_report(syn::parse(input).and_then(|call| remote_value::expand(&call)))
}

/// What `wire::remote_value_bind!` hands on.
#[doc(hidden)]
#[proc_macro]
pub fn __remote_value_bind(input: TokenStream) -> TokenStream {
    errors::or_report(syn::parse(input).and_then(|call| remote_value_bind::expand(&call)))
}

/// What `wire::functions!` hands on.
#[doc(hidden)]
#[proc_macro]
pub fn __functions(input: TokenStream) -> TokenStream {
    errors::or_report(syn::parse(input).map(|list| functions::expand(&list)))
}

/// Lets the peer call the function it stands on.
#[proc_macro_attribute]
pub fn remote_fn(options: TokenStream, item: TokenStream) -> TokenStream {
    remote_fn::remote_fn(options.into(), item.into()).into()
}

/// Says how a struct or an enum goes out.
#[proc_macro_derive(ToWire, attributes(wire))]
pub fn derive_to_wire(item: TokenStream) -> TokenStream {
    derive::to_wire(item.into()).into()
}

/// Says how a struct or an enum comes in.
#[proc_macro_derive(FromWire, attributes(wire))]
pub fn derive_from_wire(item: TokenStream) -> TokenStream {
    derive::from_wire(item.into()).into()
}
