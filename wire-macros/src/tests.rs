//! What the macros write, as a reader of `cargo expand` would see it.

use proc_macro2::TokenStream;

mod calls;
mod data;
mod derives;
mod nested;
mod remote_fn;

/// The expansion of an expression, as the body of a function.
fn expression(tokens: &TokenStream) -> String {
    pretty(&quote::quote!(fn main() { #tokens }))
}

fn pretty(tokens: &TokenStream) -> String {
    let file = syn::parse2(tokens.clone()).unwrap_or_else(|error| panic!("{error}: {tokens}"));
    prettyplease::unparse(&file)
}

fn tokens(text: &str) -> TokenStream {
    text.parse().unwrap()
}

#[track_caller]
fn same(found: &str, expected: &str) {
    assert!(found.trim() == expected.trim(), "found:\n{found}\nexpected:\n{expected}");
}
