//! What a checked definition becomes.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::Path;
use syn::spanned::Spanned;

use super::check::{Context, Definition};
use super::model::Item;
use crate::name;
use crate::path::{mixed, private};
use crate::text::tidy;

mod run;
mod typed;

pub(crate) use typed::ROW;

pub(crate) fn expand(definition: &Definition<'_>) -> TokenStream {
    let private = private(definition.krate.as_ref());
    let conditions: Vec<_> = definition.item.conditions().collect();
    let mut items = vec![carrier(definition), declared(&private, definition)];
    items.push(typed::expand(&private, definition));
    if definition.item.has_body {
        items.push(remote_fn(&private, definition));
    }
    if let Some(declaration) = definition.declaration {
        items.push(typed::compare(&private, definition, declaration));
    }
    items.into_iter().map(|item| mixed!(#(#conditions)* #item)).collect()
}

/// A type of the item's name that says nothing, so that what names it elsewhere does not fail too.
pub(crate) fn placeholder(item: &Item, krate: Option<&Path>) -> TokenStream {
    let private = private(krate);
    let conditions: Vec<_> = item.conditions().collect();
    let visibility = &item.visibility;
    let ident = located(&item.signature.ident);
    mixed! {
        #(#conditions)*
        #[doc(hidden)]
        #visibility enum #ident {}
        #(#conditions)*
        impl #private::RemoteFn for #ident {
            const DEFINITION: &'static #private::Definition = &#private::Definition {
                name: "",
                package: ::core::option::Option::None,
                docs: "",
                file: "",
                line: 0,
                parameters: &[],
                returns: "",
                kind: #private::FunctionKind::Plain,
                needs: &[],
                run: |_| ::core::unreachable!(),
            };
        }
    }
}

/// The same name at the same place, as ours: lints speak to the user about the function only.
fn located(ident: &Ident) -> Ident {
    let mut ident = ident.clone();
    ident.set_span(Span::mixed_site().located_at(ident.span()));
    ident
}

fn carrier(definition: &Definition<'_>) -> TokenStream {
    let visibility = definition.visibility;
    let ident = located(definition.ident);
    mixed! {
        #[doc(hidden)]
        #visibility enum #ident {}
    }
}

/// What a caller needs: the name. The types are in inherent functions instead of in the trait,
/// because a trait's types would have to be as public as the function says it is.
fn declared(private: &TokenStream, definition: &Definition<'_>) -> TokenStream {
    let ident = located(definition.ident);
    let count = u8::try_from(definition.returns.values().len().max(1)).unwrap_or(u8::MAX);
    let data = data(private, definition);
    let (name, package, site) = match definition.declaration {
        Some(path) => (
            mixed!(<#path as #private::Declared>::NAME),
            mixed!(<#path as #private::Declared>::PACKAGE),
            mixed!(<#path as #private::Declared>::site()),
        ),
        None => own_name(private, definition),
    };
    mixed! {
        impl #private::Declared for #ident {
            const NAME: &'static ::core::primitive::str = #name;
            const PACKAGE: ::core::option::Option<&'static ::core::primitive::str> = #package;
            const COUNT: ::core::primitive::u8 = #count;
            type Data = #data;
            fn site() -> &'static #private::SymbolSite {
                #site
            }
        }
    }
}

/// The type that says whether untagged data follows a call.
fn data(private: &TokenStream, definition: &Definition<'_>) -> TokenStream {
    match definition.raw {
        Some(_) => mixed!(#private::UntaggedData),
        None => mixed!(#private::NoUntaggedData),
    }
}

fn own_name(
    private: &TokenStream,
    definition: &Definition<'_>,
) -> (TokenStream, TokenStream, TokenStream) {
    let name = &definition.name;
    let package = match &definition.package {
        Some(package) => mixed!(::core::option::Option::Some(#package)),
        None => mixed!(::core::option::Option::None),
    };
    let sent = definition.package.as_deref().unwrap_or(name::USER);
    let site = mixed! {
        static SITE: #private::SymbolSite = #private::SymbolSite::new(#name, #sent);
        &SITE
    };
    (mixed!(#name), package, site)
}

/// What a wire needs that offers the function: its description, and how to run it.
fn remote_fn(private: &TokenStream, definition: &Definition<'_>) -> TokenStream {
    let ident = located(definition.ident);
    let docs = definition.item.docs();
    let line = quote_spanned!(ident.span()=> ::core::line!());
    let parameters = definition.arguments.iter().map(|argument| {
        let name = name::shown(argument.ident);
        let ty = tidy(argument.written.to_token_stream());
        mixed!(#private::Parameter { name: #name, ty: #ty })
    });
    let returns = definition
        .returns
        .written
        .map_or_else(|| String::from("()"), |ty| tidy(ty.to_token_stream()));
    let kind = run::kind(private, definition.kind);
    let needs = definition.contexts.iter().filter_map(|context| match context {
        Context::Wire => None,
        Context::State(ty) => {
            let type_name = tidy(ty.to_token_stream());
            let span = Span::mixed_site().located_at(ty.span());
            Some(quote_spanned!(span=> #private::Need {
                type_name: #type_name,
                id: ::core::any::TypeId::of::<#ty>,
            }))
        }
    });
    let run = run::expand(definition);
    mixed! {
        impl #private::RemoteFn for #ident {
            const DEFINITION: &'static #private::Definition = &#private::Definition {
                name: <Self as #private::Declared>::NAME,
                package: <Self as #private::Declared>::PACKAGE,
                docs: #docs,
                file: ::core::file!(),
                line: #line,
                parameters: &[#(#parameters),*],
                returns: #returns,
                kind: #kind,
                needs: &[#(#needs),*],
                run: #run,
            };
        }
    }
}
