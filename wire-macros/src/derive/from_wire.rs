//! `#[derive(FromWire)]`.

use proc_macro2::TokenStream;
use quote::quote_spanned;

use super::flat;
use super::model::{Field, Fields, Model, Shape, Variant};
use crate::path::mixed;

pub(super) fn expand(model: &Model<'_>) -> TokenStream {
    let private = model.private();
    let owner = model.name();
    let body = match &model.shape {
        Shape::Transparent(field) => {
            let member = &field.member;
            let private = field.located(&private);
            let read = quote_spanned!(field.span()=> #private::FromWire::from_wire(__input)?);
            mixed!(::core::result::Result::Ok(Self { #member: #read }))
        }
        Shape::Struct(fields) => read_struct(&private, &owner, fields),
        Shape::Enum(variants) => read_enum(&private, &owner, variants),
    };
    let flat = flat::read(model);
    let nil = nil(model);
    let implementation = model.implement(
        "FromWire",
        &mixed! {
            fn from_wire(
                __input: &mut #private::Decoder<'_>,
            ) -> ::core::result::Result<Self, #private::WrongType> {
                #body
            }
            #flat
            #nil
        },
    );
    let implementation = model.with_shape(implementation);
    let never_nil = model.never_nil("Inward");
    mixed!(#implementation #never_nil)
}

fn read_struct(private: &TokenStream, owner: &str, fields: &Fields<'_>) -> TokenStream {
    let value = fields.braced();
    let read = if fields.keyed {
        return read_record(private, owner, fields);
    } else if fields.fields.is_empty() {
        mixed!(__input.nil()?;)
    } else {
        let elements = elements(private, owner, fields);
        mixed! {
            let mut __list = __input.list()?;
            #(#elements)*
            __list.finish(#owner)?;
        }
    };
    mixed!(#read ::core::result::Result::Ok(Self #value))
}

/// Reads by place what a derive for the same fields has written, and anything else by its keys.
fn read_record(private: &TokenStream, owner: &str, fields: &Fields<'_>) -> TokenStream {
    let value = fields.braced();
    let by_place = fields.is_record().then(|| row(private, owner, fields));
    let declare = declare(fields);
    let find = find(fields);
    let store = store(private, owner, fields, &mixed!(__record.value()));
    let settle = settle(private, owner, fields);
    mixed! {
        #by_place
        #(#declare)*
        let mut __record = __input.record(#owner)?;
        while let ::core::option::Option::Some(__key) = __record.key()? {
            let __field = match &*__key { #find };
            match __field {
                #(#store)*
                _ => __record.skip()?,
            }
        }
        #(#settle)*
        ::core::result::Result::Ok(Self #value)
    }
}

/// Reads by place what a derive for the same fields has written.
fn row(private: &TokenStream, owner: &str, fields: &Fields<'_>) -> TokenStream {
    let value = fields.braced();
    let reads = fields.fields.iter().map(|field| {
        let Field { local, ty, .. } = field;
        let read = read(private, owner, field, &mixed!(__row.value()?));
        mixed!(let #local: #ty = #read;)
    });
    mixed! {
        let __row = __input.row(&__SHAPE, |__row| {
            #(#reads)*
            ::core::result::Result::Ok(Self #value)
        });
        if let ::core::option::Option::Some(__read) = __row {
            return __read;
        }
    }
}

/// One variable per field: whether it was found, and what.
fn declare(fields: &Fields<'_>) -> Vec<TokenStream> {
    let declare = |field: &Field<'_>| {
        let Field { local, ty, .. } = field;
        mixed!(let mut #local: ::core::option::Option<#ty> = ::core::option::Option::None;)
    };
    fields.fields.iter().map(declare).collect()
}

/// The arms that give the number of a key; that of an unknown one is past the last.
fn find(fields: &Fields<'_>) -> TokenStream {
    let keys = fields.fields.iter().map(|field| &field.key);
    let numbers = 0..fields.fields.len();
    let unknown = fields.fields.len();
    mixed!(#(#keys => #numbers,)* _ => #unknown)
}

/// The arms that read a value into its variable. Of one key that stands there twice the first
/// counts, as for Lisp's `getf`.
fn store(
    private: &TokenStream,
    owner: &str,
    fields: &Fields<'_>,
    input: &TokenStream,
) -> Vec<TokenStream> {
    let store = |(number, field): (usize, &Field<'_>)| {
        let local = &field.local;
        let read = read(private, owner, field, input);
        quote_spanned! {field.span()=>
            #number if ::core::option::Option::is_none(&#local) => {
                #local = ::core::option::Option::Some(#read);
            }
        }
    };
    fields.fields.iter().enumerate().map(store).collect()
}

/// After the last key: what a field is that was not there.
fn settle(private: &TokenStream, owner: &str, fields: &Fields<'_>) -> Vec<TokenStream> {
    let settle = |field: &Field<'_>| {
        let local = &field.local;
        let missing = missing(private, owner, field);
        mixed! {
            let #local = match #local {
                ::core::option::Option::Some(__value) => __value,
                ::core::option::Option::None => #missing,
            };
        }
    };
    fields.fields.iter().map(settle).collect()
}

/// Reads the fields one after the other from `__list`.
fn elements(private: &TokenStream, owner: &str, fields: &Fields<'_>) -> Vec<TokenStream> {
    let element = |field: &Field<'_>| {
        let Field { local, ty, .. } = field;
        let read = read(private, owner, field, &mixed!(__input));
        let missing = missing(private, owner, field);
        mixed! {
            let #local: #ty = match __list.next()? {
                ::core::option::Option::Some(__input) => #read,
                ::core::option::Option::None => #missing,
            };
        }
    };
    fields.fields.iter().map(element).collect()
}

fn read(private: &TokenStream, owner: &str, field: &Field<'_>, input: &TokenStream) -> TokenStream {
    let place = field.place(owner);
    let private = field.located(private);
    quote_spanned! {field.span()=>
        #private::FromWire::from_wire(#input).map_err(|__error| __error.within(#place))?
    }
}

fn missing(private: &TokenStream, owner: &str, field: &Field<'_>) -> TokenStream {
    let name = field.name();
    if field.default {
        quote_spanned!(field.span()=> ::core::default::Default::default())
    } else {
        let private = field.located(private);
        quote_spanned!(field.span()=> #private::missing_field(#owner, #name)?)
    }
}

fn read_enum(private: &TokenStream, owner: &str, variants: &[Variant<'_>]) -> TokenStream {
    let article = if owner.starts_with(['A', 'E', 'I', 'O', 'U']) { "an" } else { "a" };
    let expected = format!("{article} {owner}");
    let bare: Vec<_> = variants.iter().filter(|v| v.fields.fields.is_empty()).collect();
    let bare_keys: Vec<_> = bare.iter().map(|variant| &variant.key).collect();
    let bare_values = bare.iter().map(|variant| variant.ident);
    let keys: Vec<_> = variants.iter().map(|variant| &variant.key).collect();
    // All of them in every message: who does not know a variant may not know its form either.
    let known = variants.iter().map(|variant| {
        let (key, is_list) = (&variant.key, !variant.fields.fields.is_empty());
        mixed!((#key, #is_list))
    });
    let unknown = |found: &TokenStream| mixed!(#private::unknown_variant(#owner, #found, __KNOWN));
    let (unknown_key, no_key) = (unknown(&mixed!(__key)), unknown(&mixed!("")));
    let numbers = 0..variants.len();
    let arms = variants.iter().enumerate().map(|(number, variant)| {
        // The last variant needs no number, so that the `match` is complete.
        let number = if number + 1 == variants.len() { mixed!(_) } else { mixed!(#number) };
        let read = read_variant(private, owner, variant);
        mixed!(#number => { #read })
    });
    mixed! {
        const __KNOWN: &[(&::core::primitive::str, ::core::primitive::bool)] = &[#(#known),*];
        match __input.kind() {
            #private::Kind::Symbol => {
                let __key = __input.keyword(#owner)?;
                match &*__key {
                    #(#bare_keys => ::core::result::Result::Ok(Self::#bare_values {}),)*
                    __key => ::core::result::Result::Err(#unknown_key),
                }
            }
            #private::Kind::List | #private::Kind::Vector => {
                let mut __list = __input.list()?;
                let __variant = match __list.next()? {
                    ::core::option::Option::Some(__input) => {
                        let __key = __input.keyword(#owner)?;
                        match &*__key {
                            #(#keys => #numbers,)*
                            __key => return ::core::result::Result::Err(#unknown_key),
                        }
                    }
                    ::core::option::Option::None => return ::core::result::Result::Err(#no_key),
                };
                match __variant { #(#arms)* }
            }
            _ => ::core::result::Result::Err(__input.wrong(#expected)),
        }
    }
}

/// Reads what follows the variant's keyword in `__list`.
fn read_variant(private: &TokenStream, owner: &str, variant: &Variant<'_>) -> TokenStream {
    let owner = format!("{owner}::{}", crate::name::unraw(variant.ident));
    let ident = variant.ident;
    let fields = &variant.fields;
    let value = fields.braced();
    let read = if fields.keyed && !fields.fields.is_empty() {
        let declare = declare(fields);
        let find = find(fields);
        let store = store(private, &owner, fields, &mixed!(__input));
        let settle = settle(private, &owner, fields);
        mixed! {
            #(#declare)*
            while let ::core::option::Option::Some(__input) = __list.next()? {
                let __field = match &*__input.keyword(#owner)? { #find };
                let ::core::option::Option::Some(__input) = __list.next()? else { break };
                match __field {
                    #(#store)*
                    _ => __input.skip()?,
                }
            }
            #(#settle)*
        }
    } else {
        let elements = elements(private, &owner, fields);
        mixed!(#(#elements)* __list.finish(#owner)?;)
    };
    mixed!(#read ::core::result::Result::Ok(Self::#ident #value))
}

/// `NIL` is the list without elements and the property list without keys, so a struct is what
/// these read as; an enum has no such value.
fn nil(model: &Model<'_>) -> Option<TokenStream> {
    let private = model.private();
    let fields = match &model.shape {
        Shape::Transparent(field) => std::slice::from_ref(field),
        Shape::Struct(fields) => fields.fields.as_slice(),
        Shape::Enum(_) => return None,
    };
    let values = fields.iter().map(|field| {
        let member = &field.member;
        let value = if field.default {
            mixed!(::core::default::Default::default())
        } else {
            let private = field.located(&private);
            quote_spanned!(field.span()=> #private::FromWire::nil()?)
        };
        mixed!(#member: #value)
    });
    Some(mixed! {
        fn nil() -> ::core::option::Option<Self> {
            ::core::option::Option::Some(Self { #(#values),* })
        }
    })
}
