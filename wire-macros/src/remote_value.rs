//! `remote_value!`: one call, whose first value comes back.

use proc_macro2::TokenStream;
use syn::parse::{Parse, ParseStream};
use syn::{Expr, Token, Type};

use crate::errors::Errors;
use crate::form::{Form, Start, Target};
use crate::parts::Parts;
use crate::path::mixed;

/// `wire, f(a) -> T, else expression`.
pub(crate) struct RemoteValue {
    start: Start,
    form: Form,
    value: Option<(Token![->], Type)>,
    otherwise: Option<Expr>,
}

impl Parse for RemoteValue {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let start: Start = input.parse()?;
        if input.is_empty() {
            return Err(syn::Error::new_spanned(
                &start.wire,
                "no call stands after the wire, as in `remote_value!(wire, f(1, 2) -> T)`",
            ));
        }
        let form = input.parse()?;
        let value =
            if input.peek(Token![->]) { Some((input.parse()?, input.parse()?)) } else { None };
        if !input.is_empty() {
            input.parse::<Token![,]>()?;
        }
        let otherwise = if input.peek(Token![else]) {
            input.parse::<Token![else]>()?;
            Some(input.parse()?)
        } else {
            None
        };
        if otherwise.is_some() && !input.is_empty() {
            input.parse::<Token![,]>()?;
        }
        if !input.is_empty() {
            return Err(input
                .error("expected the end, or `else expression`; `remote_value!` makes one call"));
        }
        Ok(Self { start, form, value, otherwise })
    }
}

pub(crate) fn expand(remote: &RemoteValue) -> syn::Result<TokenStream> {
    let errors = Errors::new();
    let call = remote.form.check(&errors);
    if let (Some(Target::Typed(_)), Some((arrow, _))) =
        (call.as_ref().map(|call| &call.target), &remote.value)
    {
        errors.push(arrow, "the declaration says the value's type; leave `-> ..` out");
    }
    if let Some(otherwise) = &remote.otherwise {
        check_otherwise(otherwise, &errors);
    }
    errors.finish()?;
    let Some(call) = call else { return Ok(TokenStream::new()) };

    let private = &remote.start.private;
    let Parts { scrutinees, patterns, calls } =
        Parts::new(&remote.start, std::slice::from_ref(&call));
    let value = match (&call.target, &remote.value) {
        (Target::Typed(path), _) => {
            mixed!(#private::value_as(<#path>::__first(), __wire, #(#calls)*))
        }
        (Target::Named { .. }, Some((_, ty))) => {
            mixed!(#private::value::<#ty>(__wire, #(#calls)*))
        }
        (Target::Named { .. }, None) => mixed!(#private::value::<_>(__wire, #(#calls)*)),
    };
    let otherwise = remote.otherwise.as_ref().map(|value| mixed!(.or_else(|| #value)));
    // The `let` ends the life of what the arguments borrow before anything is awaited.
    Ok(mixed!({
        let __pending = match (#(#scrutinees,)*) {
            (#(#patterns,)*) => #value,
        };
        __pending #otherwise
    }))
}

/// The expression is evaluated when the pending call is awaited, and that may be elsewhere.
fn check_otherwise(otherwise: &Expr, errors: &Errors) {
    let word = match otherwise {
        Expr::Return(_) => "return",
        Expr::Break(_) => "break",
        Expr::Continue(_) => "continue",
        Expr::Try(_) => "?",
        Expr::Await(_) => ".await",
        _ => return,
    };
    errors.push(
        otherwise,
        format!(
            "this is evaluated when the call is awaited, and `{word}` does not reach out of it; \
             write `remote_value_bind!(wire, (a: T) = f(..), a else |unwound| ..)?`"
        ),
    );
}
