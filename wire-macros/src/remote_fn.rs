//! `#[remote_fn]`: the function as it was written, and beside it an empty enum of its name that
//! carries what the library knows of it.

mod check;
mod expand;
mod model;

use proc_macro2::TokenStream;

pub(crate) use expand::ROW;
use model::{Item, Options};

pub(crate) fn remote_fn(options: TokenStream, item: TokenStream) -> TokenStream {
    let original = item.clone();
    let item: Item = match syn::parse2(item) {
        Ok(item) => item,
        Err(error) => return with_errors(original, &error),
    };
    // A declaration is no item of Rust, so it is not repeated.
    let function = if item.has_body { original } else { TokenStream::new() };
    let options: Options = match syn::parse2(options) {
        Ok(options) => options,
        Err(error) => return with_errors(with_placeholder(function, &item, None), &error),
    };
    let mut expansion = match check::check(&item, &options) {
        Ok(definition) => expand::expand(&definition),
        Err(error) => {
            let krate = options.krate.as_ref();
            return with_errors(with_placeholder(function, &item, krate), &error);
        }
    };
    expansion.extend(function);
    expansion
}

fn with_errors(mut tokens: TokenStream, error: &syn::Error) -> TokenStream {
    tokens.extend(error.to_compile_error());
    tokens
}

/// What names the function elsewhere shall not fail too. In an `impl`, where a `self` stands, there
/// can be no type.
fn with_placeholder(
    mut function: TokenStream,
    item: &Item,
    krate: Option<&syn::Path>,
) -> TokenStream {
    if item.signature.receiver().is_none() {
        function.extend(expand::placeholder(item, krate));
    }
    function
}
