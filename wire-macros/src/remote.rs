//! `remote!`: any number of calls whose values nobody wants.

use proc_macro2::TokenStream;
use syn::Token;
use syn::parse::{Parse, ParseStream};

use crate::errors::Errors;
use crate::form::{Form, Start};
use crate::parts::Parts;
use crate::path::mixed;

/// `wire, f(a), g(b, c)`.
pub(crate) struct Remote {
    start: Start,
    forms: Vec<Form>,
}

impl Parse for Remote {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let start = input.parse()?;
        let mut forms = Vec::new();
        while !input.is_empty() {
            forms.push(input.parse()?);
            if input.peek(Token![->]) || input.peek(Token![else]) {
                return Err(input.error("`remote!` brings no value back; `remote_value!` does"));
            }
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(Self { start, forms })
    }
}

pub(crate) fn expand(remote: &Remote) -> syn::Result<TokenStream> {
    let errors = Errors::new();
    let Start { private, wire } = &remote.start;
    if remote.forms.is_empty() {
        errors.push(wire, "no call stands after the wire, as in `remote!(wire, f(1, 2))`");
    }
    let calls: Vec<_> = remote.forms.iter().filter_map(|form| form.check(&errors)).collect();
    errors.finish()?;

    let Parts { scrutinees, patterns, calls } = Parts::new(&remote.start, &calls);
    // The `let` ends the life of what the arguments borrow before anything else of the statement
    // around the macro goes on.
    Ok(mixed!({
        let __result = match (#(#scrutinees,)*) {
            (#(#patterns,)*) => #private::notify(__wire, &[#(#calls),*]),
        };
        __result
    }))
}
