//! The function that runs the user's: it takes the arguments off the wire as the types that the
//! user wrote, and hands the answer on.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, format_ident, quote_spanned};
use syn::spanned::Spanned;

use super::located;
use crate::name;
use crate::path::mixed;
use crate::remote_fn::check::{Argument, Context, Definition, Kind, Passing};
use crate::text::tidy;

/// The variant that says where the function runs.
pub(super) fn kind(private: &TokenStream, kind: Kind) -> TokenStream {
    match kind {
        Kind::Plain => mixed!(#private::FunctionKind::Plain),
        Kind::Async => mixed!(#private::FunctionKind::Async),
        Kind::Blocking => mixed!(#private::FunctionKind::Blocking),
        Kind::Raw => mixed!(#private::FunctionKind::Raw),
    }
}

/// The closure `|call| ..`.
pub(super) fn expand(definition: &Definition<'_>) -> TokenStream {
    let ident = located(definition.ident);
    let mut lets = Vec::new();
    let mut passed = Vec::new();
    if let Kind::Raw = definition.kind {
        passed.push(mixed!(&mut __input));
    }
    let wire = match definition.kind {
        Kind::Plain => mixed!(__call.wire()),
        Kind::Async | Kind::Blocking | Kind::Raw => mixed!(&__wire),
    };
    let mut owns_wire = None;
    for (position, context) in definition.contexts.iter().enumerate() {
        match context {
            Context::Wire => {
                owns_wire = Some(mixed!(let __wire = ::core::clone::Clone::clone(__call.wire());));
                passed.push(wire.clone());
            }
            Context::State(ty) => {
                let local = format_ident!("__context_{position}", span = Span::mixed_site());
                let text = tidy(ty.to_token_stream());
                let span = Span::mixed_site().located_at(ty.span());
                let take = match definition.kind {
                    Kind::Plain => mixed!(borrowed),
                    Kind::Async | Kind::Blocking | Kind::Raw => mixed!(context),
                };
                lets.push(quote_spanned!(span=> let #local = __call.#take::<#ty>(#text)?;));
                passed.push(mixed!(&*#local));
            }
        }
    }
    for (position, argument) in definition.arguments.iter().enumerate() {
        let local = format_ident!("__{position}", span = Span::mixed_site());
        lets.push(decode(&local, argument, definition.kind));
        passed.push(match argument.passing {
            Passing::Owned(_) => local.to_token_stream(),
            Passing::Str | Passing::Slice(_) => mixed!(&*#local),
        });
    }
    // At the type that it returns, where the compiler says if that cannot be sent.
    let place = match definition.returns.written {
        Some(ty) => ty.span(),
        None => definition.ident.span(),
    };
    let place = Span::mixed_site().located_at(place);
    let mut function = definition.ident.clone();
    function.set_span(place);
    let call = quote_spanned!(place=> #function(#(#passed),*));
    let (turbofish, suffix) = match definition.unwinds {
        Some(ty) => (Some(mixed!(::<_, #ty>)), "_unwinds"),
        None => (None, ""),
    };
    let method = |name: &str| {
        format_ident!("{name}{suffix}", span = Span::mixed_site().located_at(ident.span()))
    };
    let answer = match definition.kind {
        Kind::Plain => {
            let done = method("done");
            mixed!(__call.#done #turbofish(#call))
        }
        Kind::Async => {
            let future = method("future");
            mixed! {
                #owns_wire
                let __reply = __call.reply();
                __call.later(__reply.#future #turbofish(async move { #call.await }))
            }
        }
        // What the function borrows is dropped before its future ends, and so comes back.
        Kind::Raw => {
            let future = method("future");
            mixed! {
                #owns_wire
                let mut __held = __call.held()?;
                let __reply = __call.reply();
                __call.later(__reply.#future #turbofish(async move {
                    let mut __input = __held.input();
                    let __value = #call.await;
                    __value
                }))
            }
        }
        Kind::Blocking => {
            let blocking = method("blocking");
            mixed! {
                #owns_wire
                let __reply = __call.reply();
                __call.later(__reply.#blocking #turbofish(move || #call))
            }
        }
    };
    mixed!(|__call| { #(#lets)* #answer })
}

/// Says at the type if it cannot be decoded. A plain function has run when what was received is
/// dropped, so it can look at a text in place.
fn decode(local: &syn::Ident, argument: &Argument<'_>, kind: Kind) -> TokenStream {
    let name = name::shown(argument.ident);
    if let (Passing::Str, Kind::Plain) = (&argument.passing, kind) {
        return mixed!(let #local = __call.text(#name)?;);
    }
    let span = Span::mixed_site().located_at(argument.written.span());
    let ty = owned(argument);
    quote_spanned!(span=> let #local = __call.argument::<#ty>(#name)?;)
}

/// The type that an argument is decoded to.
pub(super) fn owned(argument: &Argument<'_>) -> TokenStream {
    match argument.passing {
        Passing::Owned(ty) => ty.to_token_stream(),
        Passing::Str => mixed!(::std::string::String),
        Passing::Slice(element) => mixed!(::std::vec::Vec<#element>),
    }
}
