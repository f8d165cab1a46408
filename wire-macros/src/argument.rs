//! What stands as an argument of a call: a value, or, marked by an `@`, a call of its own.

use proc_macro2::{Span, TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::spanned::Spanned;
use syn::{Expr, Ident, LitStr, Token, token};

use crate::errors::Errors;
use crate::form::{Form, Passed};

/// An argument of a call.
pub(crate) enum Argument {
    /// Evaluated here.
    Value(Expr),
    /// `@g(b)`: evaluated by the peer.
    Call(Token![@], Form),
}

impl Parse for Argument {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if !input.peek(Token![@]) {
            return parse_value(input).map(Self::Value);
        }
        let mark: Token![@] = input.parse()?;
        if !is_call(input) {
            let place = if input.is_empty() { mark.span() } else { input.span() };
            return Err(syn::Error::new(
                place,
                "`@` marks a call that the peer makes, as in `@g(1)`; a value stands without it",
            ));
        }
        let form: Form = input.parse()?;
        if let Some((with, _)) = &form.data {
            return Err(syn::Error::new(
                with.span,
                "untagged data follows a whole call, and no call among arguments; a function that \
                 reads such cannot be called here",
            ));
        }
        if !(input.is_empty() || input.peek(Token![,])) {
            return Err(input.error(WHOLE));
        }
        Ok(Self::Call(mark, form))
    }
}

const WHOLE: &str = "a call that the peer makes is a whole argument; what is done with its value \
                     is for another function of the peer, as in `@h(@g(1))`";

/// Whether a name and arguments follow, or what says itself why it is no name.
fn is_call(input: ParseStream<'_>) -> bool {
    let ahead = input.fork();
    if ahead.parse::<LitStr>().is_err() {
        while ahead.call(Ident::parse_any).is_ok() || ahead.parse::<Token![::]>().is_ok() {}
    }
    ahead.peek(token::Paren) || ahead.peek(Token![<])
}

/// An expression. Where it is none because of an `@` inside, the error says so.
fn parse_value(input: ParseStream<'_>) -> syn::Result<Expr> {
    let ahead = input.fork();
    input.parse().map_err(|error| {
        let argument = ahead.parse::<TokenStream>().unwrap_or_default().into_iter();
        let mut tokens = argument.take_while(
            |token| !matches!(token, TokenTree::Punct(comma) if comma.as_char() == ','),
        );
        tokens.find_map(find_mark).map_or(error, |mark| syn::Error::new(mark, WHOLE))
    })
}

fn find_mark(token: TokenTree) -> Option<Span> {
    match token {
        TokenTree::Punct(mark) if mark.as_char() == '@' => Some(mark.span()),
        TokenTree::Group(group) => group.stream().into_iter().find_map(find_mark),
        _ => None,
    }
}

impl Argument {
    /// Where it begins.
    pub(crate) fn span(&self) -> Span {
        match self {
            Self::Value(value) => value.span(),
            Self::Call(mark, _) => mark.span(),
        }
    }

    /// Notes everything wrong with it; `None` if it is a call whose function is.
    pub(crate) fn check(&self, errors: &Errors) -> Option<Passed<'_>> {
        match self {
            Self::Value(value) => Some(Passed::Value(value)),
            Self::Call(_, form) => form.check(errors).map(Passed::Call),
        }
    }
}
