//! `remote_value_bind!`: one call, whose values are bound to variables.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote_spanned};
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Expr, Pat, Token, Type, parenthesized};

use crate::errors::Errors;
use crate::form::{Call, Form, Start, Target};
use crate::parts::Parts;
use crate::path::mixed;

/// `wire, (a: A, b: B) = f(x), body else |unwound| other`.
pub(crate) struct RemoteValueBind {
    start: Start,
    variables: Vec<Variable>,
    form: Form,
    body: Expr,
    otherwise: Option<Otherwise>,
}

/// `mut a: A`.
struct Variable {
    mutability: Option<Token![mut]>,
    ident: Ident,
    ty: Option<Type>,
}

/// `else |unwound| expression`.
struct Otherwise {
    token: Token![else],
    unwound: Pat,
    body: Expr,
}

impl Parse for RemoteValueBind {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let start = input.parse()?;
        if !input.peek(syn::token::Paren) {
            return Err(input.error(
                "expected the variables, as in `(wire, (a: i64, b: String) = f(1), { .. })`",
            ));
        }
        let list;
        parenthesized!(list in input);
        let variables = Punctuated::<Variable, Token![,]>::parse_terminated(&list)?;
        input.parse::<Token![=]>()?;
        let call = input.span();
        let form = input.parse()?;
        if input.peek(Token![->]) {
            return Err(input.error("the types stand at the variables: `(a: i64) = f(1)`"));
        }
        if input.is_empty() {
            return Err(syn::Error::new(
                call,
                "say after the call what to do with the values: `, { .. }`",
            ));
        }
        input.parse::<Token![,]>()?;
        let body = input.parse()?;
        if input.peek(Token![,]) {
            input.parse::<Token![,]>()?;
        }
        let otherwise = if input.is_empty() { None } else { Some(input.parse()?) };
        Ok(Self { start, variables: variables.into_iter().collect(), form, body, otherwise })
    }
}

impl Parse for Variable {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mutability = input.parse()?;
        if !input.peek(syn::Ident) {
            // `_` too is a value that the peer is asked for.
            if input.peek(Token![_]) {
                return Err(input.error("a variable needs a name; `_name` may stay unused"));
            }
            return Err(input.error("expected a variable, as in `a`, `a: i64` or `mut a: i64`"));
        }
        let ident = input.parse()?;
        let ty = if input.peek(Token![:]) {
            input.parse::<Token![:]>()?;
            Some(input.parse()?)
        } else {
            None
        };
        Ok(Self { mutability, ident, ty })
    }
}

impl Parse for Otherwise {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let token = input.parse()?;
        if !input.peek(Token![|]) {
            return Err(
                input.error("expected a variable for the reason, as in `else |unwound| { .. }`")
            );
        }
        input.parse::<Token![|]>()?;
        let unwound = Pat::parse_single(input)?;
        input.parse::<Token![|]>()?;
        let body = input.parse()?;
        if input.peek(Token![,]) {
            input.parse::<Token![,]>()?;
        }
        if !input.is_empty() {
            return Err(input
                .error("expected the end: nothing follows what the `else` does; leave this out"));
        }
        Ok(Self { token, unwound, body })
    }
}

pub(crate) fn expand(bind: &RemoteValueBind) -> syn::Result<TokenStream> {
    let errors = Errors::new();
    let call = bind.form.check(&errors);
    if let Some(variable) = bind.variables.get(16) {
        errors.push(
            &variable.ident,
            "at most 16 values can be bound; have some of them returned as one list",
        );
    }
    if let (Some(otherwise), true) = (&bind.otherwise, bind.variables.is_empty()) {
        errors.push_at(
            otherwise.token.span(),
            "without variables nothing is awaited, so an unwinding is never seen; bind a variable \
             or leave the `else` out",
        );
    }
    errors.finish()?;
    Ok(call
        .map(
            |call| {
                if bind.variables.is_empty() { notify(bind, &call) } else { values(bind, &call) }
            },
        )
        .unwrap_or_default())
}

/// Without variables there is nothing to wait for.
fn notify(bind: &RemoteValueBind, call: &Call<'_>) -> TokenStream {
    let private = &bind.start.private;
    let body = taken(private, &bind.body);
    let Parts { scrutinees, patterns, calls } = Parts::new(&bind.start, std::slice::from_ref(call));
    mixed!({
        let __result = match (#(#scrutinees,)*) {
            (#(#patterns,)*) => #private::notify(__wire, &[#(#calls),*]),
        };
        match __result {
            ::core::result::Result::Ok(()) => {
                ::core::result::Result::Ok::<_, #private::CallError>(
                    ::core::option::Option::Some(#body),
                )
            }
            ::core::result::Result::Err(__error) => ::core::result::Result::Err(__error),
        }
    })
}

/// The bodies stand in the arms of a `match` and not in closures, so that `?`, `return`, `break`
/// and `.await` mean in them what they mean around the macro.
fn values(bind: &RemoteValueBind, call: &Call<'_>) -> TokenStream {
    let private = &bind.start.private;
    let Parts { scrutinees, patterns, calls } = Parts::new(&bind.start, std::slice::from_ref(call));
    let pending = pending(bind, call, &calls);
    let variables = variables(bind, call);
    let body = body(bind, call);
    let (value, unwound, otherwise) = match &bind.otherwise {
        Some(Otherwise { unwound, body: otherwise, .. }) => {
            (body, mixed!(#unwound), taken(private, otherwise))
        }
        None => (
            mixed!(::core::option::Option::Some(#body)),
            mixed!(_),
            mixed!(::core::option::Option::None),
        ),
    };
    mixed!({
        let __pending = match (#(#scrutinees,)*) {
            (#(#patterns,)*) => #pending,
        };
        match __pending.await {
            ::core::result::Result::Ok(#private::Bound::Values(#variables)) => {
                ::core::result::Result::Ok::<_, #private::CallError>(#value)
            }
            ::core::result::Result::Ok(#private::Bound::Unwound(#unwound)) => {
                ::core::result::Result::Ok(#otherwise)
            }
            ::core::result::Result::Err(__error) => ::core::result::Result::Err(__error),
        }
    })
}

/// The expression that makes the call and gives what is awaited.
fn pending(bind: &RemoteValueBind, call: &Call<'_>, calls: &[TokenStream]) -> TokenStream {
    let private = &bind.start.private;
    match &call.target {
        Target::Typed(path) => {
            mixed!(#private::values_as(<#path>::__values(), __wire, #(#calls)*, <#path as #private::Declared>::COUNT))
        }
        Target::Named { .. } => {
            let types = bind.variables.iter().map(|variable| match &variable.ty {
                Some(ty) => mixed!(#ty),
                None => mixed!(_),
            });
            let count = u8::try_from(bind.variables.len()).unwrap_or(u8::MAX);
            mixed!(#private::values::<(#(#types,)*)>(__wire, #(#calls)*, #count))
        }
    }
}

/// The pattern of the values. A declared function may have more of them than are bound.
fn variables(bind: &RemoteValueBind, call: &Call<'_>) -> TokenStream {
    let own = bind.variables.iter().map(Variable::pattern);
    match call.target {
        Target::Named { .. } => mixed!((#(#own,)*)),
        Target::Typed(_) if bind.is_typed() => {
            let locals = bind.locals();
            mixed!((#(#locals,)* ..))
        }
        Target::Typed(_) => mixed!((#(#own,)* ..)),
    }
}

/// The body; the types at the variables of a declared function are compared with its own there.
fn body(bind: &RemoteValueBind, call: &Call<'_>) -> TokenStream {
    let private = &bind.start.private;
    let body = taken(private, &bind.body);
    if matches!(call.target, Target::Named { .. }) || !bind.is_typed() {
        return body;
    }
    let patterns = bind.variables.iter().map(Variable::pattern);
    let values = bind.variables.iter().zip(bind.locals()).map(|(variable, local)| {
        let Some(ty) = &variable.ty else { return local.to_token_stream() };
        let span = Span::mixed_site().located_at(ty.span());
        quote_spanned!(span=> #private::declared_as::<#ty>(#local))
    });
    mixed! {
        match (#(#values,)*) {
            (#(#patterns,)*) => #body,
        }
    }
}

impl RemoteValueBind {
    /// Whether a type stands at any variable.
    fn is_typed(&self) -> bool {
        self.variables.iter().any(|variable| variable.ty.is_some())
    }

    /// A variable of ours for each of the user's.
    fn locals(&self) -> Vec<Ident> {
        let local = |position| format_ident!("__value_{position}", span = Span::mixed_site());
        (0..self.variables.len()).map(local).collect()
    }
}

impl Variable {
    fn pattern(&self) -> TokenStream {
        let Self { mutability, ident, .. } = self;
        mixed!(#mutability #ident)
    }
}

/// A body of the user's whose value we do something with. It may leave by `return`, `continue` or
/// `panic!`; beside a second arm the compiler does not call what we do unreachable.
fn taken(private: &TokenStream, body: &impl ToTokens) -> TokenStream {
    mixed! {
        match #private::always() {
            true => #body,
            false => #private::never(),
        }
    }
}
