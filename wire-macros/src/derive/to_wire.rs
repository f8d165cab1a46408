//! `#[derive(ToWire)]`.

use proc_macro2::TokenStream;
use quote::quote_spanned;

use super::flat;
use super::model::{Field, Fields, Model, Shape, Variant};
use crate::path::mixed;

pub(super) fn expand(model: &Model<'_>) -> TokenStream {
    let private = model.private();
    let body = match &model.shape {
        Shape::Transparent(field) => {
            let member = &field.member;
            let private = field.located(&private);
            quote_spanned!(field.span()=> #private::ToWire::to_wire(&self.#member, __out))
        }
        Shape::Struct(fields) => {
            let pattern = fields.braced();
            let write = if fields.keyed {
                property_list(&private, fields)
            } else {
                list(&private, None, fields)
            };
            mixed!(let Self #pattern = self; #write)
        }
        Shape::Enum(variants) => {
            let arms = variants.iter().map(|variant| arm(&private, variant));
            mixed!(match self { #(#arms)* })
        }
    };
    let flat = flat::write(model);
    let implementation = model.implement(
        "ToWire",
        &mixed! {
            fn to_wire(
                &self,
                __out: &mut #private::Encoder<'_>,
            ) -> ::core::result::Result<(), #private::Unsendable> {
                #body
            }
            #flat
        },
    );
    let implementation = model.with_shape(implementation);
    let never_nil = model.never_nil("Outward");
    mixed!(#implementation #never_nil)
}

fn property_list(private: &TokenStream, fields: &Fields<'_>) -> TokenStream {
    if fields.fields.is_empty() {
        return mixed!(__out.nil());
    }
    let values = fields.fields.iter().map(|field| {
        let local = &field.local;
        let write = write(private, field, &mixed!(__out));
        let absent = if field.is_optional() {
            let private = field.located(private);
            quote_spanned!(field.span()=> #private::ToWire::is_absent(#local))
        } else {
            mixed!(false)
        };
        mixed! {
            if let ::core::option::Option::Some(__out) = __record.field(#absent)? {
                #write
            }
        }
    });
    mixed! {
        let mut __record = __out.record(&__SHAPE)?;
        #(#values)*
        __record.end()
    }
}

/// A list of the fields, behind a keyword if there is one, and with their keys if they have some.
fn list(private: &TokenStream, head: Option<&str>, fields: &Fields<'_>) -> TokenStream {
    if fields.fields.is_empty() {
        return match head {
            Some(key) => mixed!(__out.keyword(#key)),
            None => mixed!(__out.nil()),
        };
    }
    let keyword = |key: &str| mixed!(__list.element()?.keyword(#key)?;);
    let each = if fields.keyed { 2 } else { 1 };
    let length = usize::from(head.is_some()) + each * fields.fields.len();
    let head = head.map(keyword);
    let values = fields.fields.iter().map(|field| {
        let key = fields.keyed.then(|| keyword(&field.key));
        let write = write(private, field, &mixed!(__list.element()?));
        mixed!(#key #write)
    });
    mixed! {
        let mut __list = __out.list(#length)?;
        #head
        #(#values)*
        __list.end()
    }
}

fn write(private: &TokenStream, field: &Field<'_>, out: &TokenStream) -> TokenStream {
    let local = &field.local;
    let private = field.located(private);
    quote_spanned!(field.span()=> #private::ToWire::to_wire(#local, #out)?;)
}

fn arm(private: &TokenStream, variant: &Variant<'_>) -> TokenStream {
    let ident = variant.ident;
    let pattern = variant.fields.braced();
    let write = list(private, Some(&variant.key), &variant.fields);
    mixed!(Self::#ident #pattern => { #write })
}
