//! The model that the call macros share: the wire, and forms as Lisp calls them, a function with
//! its arguments.

use proc_macro2::{Ident, Span, TokenStream};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Expr, LitStr, Path, Token, bracketed, parenthesized, token};

use crate::argument::Argument;
use crate::errors::Errors;
use crate::name::{self, LispName};
use crate::path;

/// `[$crate] wire,`: how every call begins.
pub(crate) struct Start {
    /// The path of `__private`.
    pub(crate) private: TokenStream,
    pub(crate) wire: Expr,
}

impl Parse for Start {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let krate;
        bracketed!(krate in input);
        let krate: TokenStream = krate.parse()?;
        if input.is_empty() {
            return Err(input.error("expected the wire and a call, as in `(wire, f(1, 2))`"));
        }
        let wire = input.parse()?;
        if !input.is_empty() {
            input.parse::<Token![,]>()?;
        }
        Ok(Self { private: path::private(Some(&krate)), wire })
    }
}

/// A function, its arguments, and what follows its call untagged: `f(a, @g(b)) with data`.
pub(crate) struct Form {
    pub(crate) function: Function,
    pub(crate) arguments: Punctuated<Argument, Token![,]>,
    pub(crate) data: Option<(word::with, Expr)>,
}

mod word {
    syn::custom_keyword!(with);
}

/// What stands in function position.
pub(crate) enum Function {
    /// `f` or `package::f`.
    Path(Path),
    /// `"package::|f|"`.
    Literal(LitStr),
    /// `<path::f>`: a function declared in Rust.
    Typed(Path),
}

impl Parse for Form {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let start = input.span();
        let function = input.parse()?;
        if !input.peek(token::Paren) {
            // At the end there is no token to point at but the function itself.
            let place = if input.is_empty() { start } else { input.span() };
            return Err(syn::Error::new(
                place,
                "expected the arguments after the function, as in `f(1, 2)`",
            ));
        }
        let arguments;
        parenthesized!(arguments in input);
        let arguments = arguments.parse_terminated(Argument::parse, Token![,])?;
        let data = if input.peek(word::with) { Some(parse_data(input)?) } else { None };
        Ok(Self { function, arguments, data })
    }
}

fn parse_data(input: ParseStream<'_>) -> syn::Result<(word::with, Expr)> {
    let with: word::with = input.parse()?;
    if input.is_empty() || input.peek(Token![,]) || input.peek(Token![->]) {
        return Err(syn::Error::new(
            with.span,
            "expected the data that follows the call, as in `f(1) with data`",
        ));
    }
    Ok((with, input.parse()?))
}

impl Parse for Function {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.peek(LitStr) {
            return Ok(Self::Literal(input.parse()?));
        }
        if input.peek(Token![<]) {
            input.parse::<Token![<]>()?;
            let path = input.parse()?;
            input.parse::<Token![>]>()?;
            if input.peek(Token![::]) {
                return Err(input.error("the whole path stands between: `<module::f>(..)`"));
            }
            return Ok(Self::Typed(path));
        }
        if input.peek(Token![@]) {
            return Err(input.error(
                "the peer makes this call without a mark; `@` marks one among the arguments, as in \
                 `f(@g(1))`",
            ));
        }
        if !(input.peek(Ident::peek_any) || input.peek(Token![::])) {
            return Err(input.error("expected a call, as in `f(1, 2)`"));
        }
        check_generics(input)?;
        let path = input.call(Path::parse_mod_style)?;
        Ok(Self::Path(path))
    }
}

/// Looks ahead for type arguments, which a name has none of.
fn check_generics(input: ParseStream<'_>) -> syn::Result<()> {
    let ahead = input.fork();
    while ahead.peek(Ident::peek_any) || ahead.peek(Token![::]) {
        if ahead.parse::<Option<Token![::]>>()?.is_none() {
            Ident::parse_any(&ahead)?;
        }
    }
    if ahead.peek(Token![<]) {
        return Err(ahead.error(
            "a remote function is a name and takes no type arguments; say the value's type after \
             the call: `f(..) -> T`",
        ));
    }
    Ok(())
}

/// A form that can be expanded.
pub(crate) struct Call<'a> {
    pub(crate) target: Target<'a>,
    pub(crate) arguments: Vec<Passed<'a>>,
    /// A `RawOutput`.
    pub(crate) data: Option<&'a Expr>,
}

/// An argument that can be.
pub(crate) enum Passed<'a> {
    Value(&'a Expr),
    Call(Call<'a>),
}

/// The function of a call.
pub(crate) enum Target<'a> {
    Named { name: LispName, span: Span },
    Typed(&'a Path),
}

impl Form {
    /// Notes everything wrong with the form; `None` if its function is.
    pub(crate) fn check(&self, errors: &Errors) -> Option<Call<'_>> {
        if let Some(argument) = self.arguments.get(255) {
            errors.push_at(
                argument.span(),
                "a call has at most 255 arguments; pass some of them as one list",
            );
        }
        // All of them, so that each tells what is wrong with it.
        let arguments: Vec<_> =
            self.arguments.iter().map(|argument| argument.check(errors)).collect();
        let target = match &self.function {
            Function::Typed(path) => Target::Typed(path),
            Function::Path(path) => {
                Target::Named { name: check_path(path, errors)?, span: path.span() }
            }
            Function::Literal(literal) => match name::read_literal(literal) {
                Ok(name) => Target::Named { name, span: literal.span() },
                Err(error) => {
                    errors.push_error(error);
                    return None;
                }
            },
        };
        let data = self.data.as_ref().map(|(_, data)| data);
        Some(Call { target, arguments: arguments.into_iter().collect::<Option<_>>()?, data })
    }
}

/// `f` is in no package that was named, `package::f` in that one.
fn check_path(path: &Path, errors: &Errors) -> Option<LispName> {
    let segments: Vec<_> = path.segments.iter().map(|segment| &segment.ident).collect();
    let in_rust =
        |ident: &&&Ident| ["self", "super", "crate", "Self"].iter().any(|word| **ident == word);
    if let Some(ident) = segments.iter().find(in_rust) {
        let advice = path.to_token_stream();
        let advice = crate::text::tidy(advice);
        errors.push(
            ident,
            format!(
                "this would name a Lisp package; a function of Rust is called as `<{advice}>(..)`"
            ),
        );
        return None;
    }
    match (path.leading_colon, segments.as_slice()) {
        (None, [name]) => Some(LispName { name: name::fold(name), package: None }),
        (None, [package, name]) => {
            Some(LispName { name: name::fold(name), package: Some(name::fold(package)) })
        }
        _ => {
            errors.push(
                path,
                "a name is `f` or `package::f`; another package's name is written as a string, \
                 `\"a.b.c::f\"(..)`, and a function of Rust as `<a::b::f>(..)`",
            );
            None
        }
    }
}
