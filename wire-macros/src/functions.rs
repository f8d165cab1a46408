//! `functions!`: the list of what a wire offers.

use proc_macro2::{Ident, TokenStream};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Path, PathSegment, Token, braced, bracketed, token};

use crate::path::{self, mixed};

/// `[$crate] f, module::{g, deeper::h}`.
pub(crate) struct Functions {
    private: TokenStream,
    /// Every function's whole path.
    paths: Vec<Path>,
}

impl Parse for Functions {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let krate;
        bracketed!(krate in input);
        let krate: TokenStream = krate.parse()?;
        let mut paths = Vec::new();
        while !input.is_empty() {
            let leading_colon = input.parse()?;
            let start = Path { leading_colon, segments: Punctuated::new() };
            parse_tree(input, &start, &mut paths)?;
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(Self { private: path::private(Some(&krate)), paths })
    }
}

/// Reads what may follow `module`: a name, or names in braces.
fn parse_tree(input: ParseStream<'_>, module: &Path, paths: &mut Vec<Path>) -> syn::Result<()> {
    if input.peek(Token![*]) {
        return Err(input
            .error("what is offered is written out: name each function, as in `module::{f, g}`"));
    }
    if input.peek(token::Brace) && !module.segments.is_empty() {
        let group;
        braced!(group in input);
        while !group.is_empty() {
            parse_tree(&group, module, paths)?;
            if !group.is_empty() {
                group.parse::<Token![,]>()?;
            }
        }
        return Ok(());
    }
    if !input.peek(Ident::peek_any) {
        return Err(input.error("expected the path of a function, as in `f` or `module::{f, g}`"));
    }
    let mut path = module.clone();
    path.segments.push(PathSegment::from(input.call(Ident::parse_any)?));
    if input.peek(Token![::]) {
        input.parse::<Token![::]>()?;
        return parse_tree(input, &path, paths);
    }
    if input.peek(Token![as]) {
        return Err(input.error(
            "a function is offered under the name at its `#[remote_fn]`; write \
             `#[remote_fn(name = \"..\")]` there",
        ));
    }
    if input.peek(token::Paren) {
        return Err(input.error("a function is named here, not called; leave the parentheses out"));
    }
    paths.push(path);
    Ok(())
}

pub(crate) fn expand(functions: &Functions) -> TokenStream {
    let Functions { private, paths } = functions;
    mixed!(#private::Functions::new() #(.with::<#paths>())*)
}
