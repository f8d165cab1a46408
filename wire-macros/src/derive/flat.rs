//! Elements of lists that are numbers, strings and records of them.

use proc_macro2::TokenStream;
use quote::quote_spanned;

use super::model::{Field, Model, Shape};
use crate::path::mixed;

/// Writes all fields one after the other, as far as they are flat.
pub(super) fn write(model: &Model<'_>) -> Option<TokenStream> {
    let private = model.private();
    let write = |field: &Field<'_>, value: &TokenStream| {
        let private = field.located(&private);
        quote_spanned!(field.span()=> #private::ToWire::flat_to_wire(#value, __out))
    };
    let body = match &model.shape {
        Shape::Transparent(field) => {
            let member = &field.member;
            write(field, &mixed!(&self.#member))
        }
        Shape::Struct(fields) if fields.is_record() => {
            let pattern = fields.braced();
            let values = fields.fields.iter().map(|field| {
                let local = &field.local;
                write(field, &mixed!(#local))
            });
            mixed! {
                let Self #pattern = self;
                __out.record(&__SHAPE, |__out| {
                    #(#values?;)*
                    ::core::option::Option::Some(())
                })
            }
        }
        Shape::Struct(_) | Shape::Enum(_) => return None,
    };
    Some(mixed! {
        #[inline]
        fn flat_to_wire(
            &self,
            __out: &mut #private::FlatEncoder<'_>,
        ) -> ::core::option::Option<()> {
            #body
        }
    })
}

/// Reads all fields one after the other, as far as they are flat.
pub(super) fn read(model: &Model<'_>) -> Option<TokenStream> {
    let private = model.private();
    let read = |field: &Field<'_>| {
        let private = field.located(&private);
        quote_spanned!(field.span()=> #private::FromWire::flat_from_wire(__input)?)
    };
    let body = match &model.shape {
        Shape::Transparent(field) => {
            let (member, read) = (&field.member, read(field));
            mixed!(::core::option::Option::Some(Self { #member: #read }))
        }
        Shape::Struct(fields) if fields.is_record() => {
            let value = fields.braced();
            let reads = fields.fields.iter().map(|field| {
                let (Field { local, ty, .. }, read) = (field, read(field));
                mixed!(let #local: #ty = #read;)
            });
            mixed! {
                __input.record(&__SHAPE, |__input| {
                    #(#reads)*
                    ::core::option::Option::Some(Self #value)
                })
            }
        }
        Shape::Struct(_) | Shape::Enum(_) => return None,
    };
    Some(mixed! {
        #[inline]
        fn flat_from_wire(
            __input: &mut #private::FlatDecoder<'_>,
        ) -> ::core::option::Option<Self> {
            #body
        }
    })
}
