//! What a typed call, and an implementation of a declaration, find at the carrier: functions whose
//! signatures hold the types.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote_spanned};
use syn::spanned::Spanned;
use syn::{Path, Type};

use super::{located, run};
use crate::path::mixed;
use crate::remote_fn::check::{Argument, Definition, Passing};

/// `__call` takes the arguments as the function does and gives them as a tuple; `__list` lists
/// what is in it; the others only carry a type each, `__parameters` those of arguments of which
/// some are calls.
pub(super) fn expand(private: &TokenStream, definition: &Definition<'_>) -> TokenStream {
    let visibility = definition.visibility;
    let ident = located(definition.ident);
    let arguments = &definition.arguments;
    let names: Vec<Ident> = arguments.iter().map(|argument| located(argument.ident)).collect();
    let taken = arguments.iter().map(taken);
    let held: Vec<_> = arguments.iter().map(held).collect();
    let owned = arguments.iter().map(run::owned);
    let indexes = (0..arguments.len()).map(syn::Index::from);
    let length = arguments.len();
    let lifetime = arguments
        .iter()
        .any(|argument| !matches!(argument.passing, Passing::Owned(_)))
        .then(|| mixed!(<'argument>));
    let returns = returns(definition);
    let values = definition.returns.values();
    let (first, values) = match values.first() {
        Some(first) => (mixed!(#first), mixed!((#(#values,)*))),
        None => (mixed!(()), mixed!(((),))),
    };
    let rows = arguments.chunks(ROW).map(|row| list(row.iter().map(|a| passing(private, a))));
    let parameters = list(rows);
    let carried = [
        ("__arguments", mixed!((#(#owned,)*))),
        ("__parameters", parameters),
        ("__returns", returns),
        ("__first", first),
        ("__values", values),
    ]
    .map(|(name, ty)| carry(definition, name, &ty));
    let given = arguments.iter().map(given);
    // That there are many is said of the function itself, where it can be answered.
    let allowed = (arguments.len() > 7).then(|| mixed!(#[allow(clippy::too_many_arguments)]));
    // Written as a person would write it, as lints want it.
    let (output, tuple) = if arguments.is_empty() {
        (None, None)
    } else {
        (Some(mixed!(-> (#(#held,)*))), Some(mixed!((#(#given,)*))))
    };
    // `__list` is generic in what it lists, so that only who calls with a type must send it: the
    // called side does not.
    let types: Vec<_> = (0..arguments.len())
        .map(|position| format_ident!("T{position}", span = Span::mixed_site()))
        .collect();
    mixed! {
        impl #ident {
            #[doc(hidden)]
            #allowed
            #visibility fn __call #lifetime (#(#names: #taken),*) #output {
                #tuple
            }
            #[doc(hidden)]
            #visibility fn __list<'list, #(#types: #private::ToWire),*>(
                __arguments: &'list (#(#types,)*),
            ) -> [&'list dyn #private::ToWire; #length] {
                [#(&__arguments.#indexes),*]
            }
            #(#carried)*
        }
    }
}

/// How a typed call takes an argument.
fn taken(argument: &Argument<'_>) -> TokenStream {
    match argument.passing {
        Passing::Owned(ty) if is_string(ty) => mixed!(impl ::core::convert::Into<#ty>),
        _ => held(argument),
    }
}

/// Makes of what is taken what is held.
fn given(argument: &Argument<'_>) -> TokenStream {
    let name = located(argument.ident);
    match argument.passing {
        Passing::Owned(ty) if is_string(ty) => mixed!(::core::convert::Into::into(#name)),
        _ => mixed!(#name),
    }
}

/// How a typed call holds it until it is sent.
fn held(argument: &Argument<'_>) -> TokenStream {
    match argument.passing {
        Passing::Owned(ty) => mixed!(#ty),
        Passing::Str => mixed!(&'argument ::core::primitive::str),
        Passing::Slice(element) => mixed!(&'argument [#element]),
    }
}

/// How many parameters are in a full row of `__parameters`.
pub(crate) const ROW: usize = 16;

/// `(a, (b, ()))`.
fn list(types: impl DoubleEndedIterator<Item = TokenStream>) -> TokenStream {
    types.rfold(mixed!(()), |rest, first| mixed!((#first, #rest)))
}

/// How a typed call takes an argument, as a type.
fn passing(private: &TokenStream, argument: &Argument<'_>) -> TokenStream {
    match argument.passing {
        Passing::Owned(ty) if is_string(ty) => mixed!(#private::parameters::Text),
        Passing::Owned(ty) => mixed!(#private::parameters::Owned<#ty>),
        Passing::Str => mixed!(#private::parameters::Str),
        Passing::Slice(element) => mixed!(#private::parameters::Slice<#element>),
    }
}

fn is_string(ty: &Type) -> bool {
    match ty {
        Type::Path(path) => path.path.segments.last().is_some_and(|last| last.ident == "String"),
        _ => false,
    }
}

fn returns(definition: &Definition<'_>) -> TokenStream {
    match definition.returns.value {
        Some(ty) => mixed!(#ty),
        None => mixed!(()),
    }
}

/// A function that exists for the type in its signature.
fn carry(definition: &Definition<'_>, name: &str, ty: &TokenStream) -> TokenStream {
    let visibility = definition.visibility;
    let name = format_ident!("{name}", span = Span::mixed_site());
    mixed! {
        #[doc(hidden)]
        #visibility fn #name() -> ::core::marker::PhantomData<#ty> {
            ::core::marker::PhantomData
        }
    }
}

/// Code that never runs, and compiles if the implementation's types are the declaration's. Each
/// comparison stands at the user's own type.
pub(super) fn compare(
    private: &TokenStream,
    definition: &Definition<'_>,
    declaration: &Path,
) -> TokenStream {
    let arguments = &definition.arguments;
    let locals: Vec<_> = (0..arguments.len())
        .map(|position| format_ident!("__{position}", span = Span::mixed_site()))
        .collect();
    let list = definition.item.signature.paren_token.span.join();
    let pattern = quote_spanned!(Span::mixed_site().located_at(list)=> (#(#locals,)*));
    let same_arguments = arguments.iter().zip(&locals).map(|(argument, local)| {
        let span = Span::mixed_site().located_at(argument.written.span());
        let ours = run::owned(argument);
        quote_spanned!(span=> #private::same::<#ours, _>(#local);)
    });
    let ours = returns(definition);
    let place = match definition.returns.value {
        Some(ty) => ty.span(),
        None => definition.ident.span(),
    };
    let same_returns = quote_spanned! {Span::mixed_site().located_at(place)=>
        #private::same::<#ours, _>(#private::declared(<#declaration>::__returns()));
    };
    let ident = located(definition.ident);
    let same_data = mixed!(#private::same_data::<#ident, #declaration>(););
    mixed! {
        const _: fn() = || {
            let #pattern = #private::declared(<#declaration>::__arguments());
            #(#same_arguments)*
            #same_returns
            #same_data
        };
    }
}
