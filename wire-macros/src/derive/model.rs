//! A struct or an enum as both derives see it.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident};
use syn::{Generics, Member, Path, Type};

use crate::path::{mixed, private};

pub(crate) struct Model<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) generics: &'a Generics,
    pub(crate) krate: Option<Path>,
    pub(crate) shape: Shape<'a>,
}

pub(crate) enum Shape<'a> {
    /// As its one field.
    Transparent(Field<'a>),
    Struct(Fields<'a>),
    Enum(Vec<Variant<'a>>),
}

/// The fields of a struct or of a variant.
pub(crate) struct Fields<'a> {
    /// Whether keys stand before the values.
    pub(crate) keyed: bool,
    pub(crate) fields: Vec<Field<'a>>,
}

pub(crate) struct Field<'a> {
    pub(crate) member: Member,
    /// The variable that holds the field while it is written or read.
    pub(crate) local: Ident,
    /// The keyword's name; unused in lists.
    pub(crate) key: String,
    pub(crate) ty: &'a Type,
    /// `#[wire(default)]`.
    pub(crate) default: bool,
}

pub(crate) struct Variant<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) key: String,
    pub(crate) fields: Fields<'a>,
}

impl Model<'_> {
    pub(crate) fn private(&self) -> TokenStream {
        private(self.krate.as_ref())
    }

    /// The type's name, as messages have it.
    pub(crate) fn name(&self) -> String {
        crate::name::unraw(self.ident)
    }

    /// `impl P::Trait for Type { body }`, where every type parameter is a `Trait` too.
    pub(crate) fn implement(&self, name: &str, body: &TokenStream) -> TokenStream {
        let ident = self.ident;
        let private = self.private();
        let name = format_ident!("{name}", span = Span::mixed_site());
        let (generics, arguments, clause) = self.generics.split_for_impl();
        let bounds = self.generics.type_params().map(|parameter| &parameter.ident);
        let given = clause.map(|clause| clause.predicates.iter()).into_iter().flatten();
        mixed! {
            #[automatically_derived]
            impl #generics #private::#name for #ident #arguments
            where
                #(#given,)*
                #(#bounds: #private::#name,)*
            {
                #body
            }
        }
    }
}

impl Fields<'_> {
    /// `{ id: __0, command: __1 }`, which takes any struct or variant apart, and puts it together.
    pub(crate) fn braced(&self) -> TokenStream {
        let members = self.fields.iter().map(|field| &field.member);
        let locals = self.fields.iter().map(|field| &field.local);
        mixed!({ #(#members: #locals),* })
    }
}

impl Field<'_> {
    /// What an error in the field is said to be within.
    pub(crate) fn place(&self, owner: &str) -> String {
        match &self.member {
            Member::Named(ident) => format!("field `{}` of {owner}", crate::name::unraw(ident)),
            Member::Unnamed(index) => format!("field {} of {owner}", index.index),
        }
    }

    /// The field's name alone.
    pub(crate) fn name(&self) -> String {
        match &self.member {
            Member::Named(ident) => crate::name::unraw(ident),
            Member::Unnamed(index) => index.index.to_string(),
        }
    }

    /// Whether the type says that the field may be left out of a property list.
    pub(crate) fn is_optional(&self) -> bool {
        match self.ty {
            Type::Path(path) => path
                .path
                .segments
                .last()
                .is_some_and(|last| last.ident == "Option" && !last.arguments.is_none()),
            _ => false,
        }
    }

    /// Our tokens at the field's type, where the compiler says what the type lacks.
    pub(crate) fn span(&self) -> Span {
        let tokens = self.ty.to_token_stream();
        Span::mixed_site().located_at(syn::spanned::Spanned::span(&tokens))
    }
}
