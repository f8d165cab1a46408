//! A struct or an enum as both derives see it.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident};
use syn::spanned::Spanned;
use syn::{Generics, Member, Path, PathArguments, Type};

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

    /// `impl P::Trait for Type { body }`, where every type parameter is a `Trait` too, and so is
    /// every field that is an `Option` of one.
    pub(crate) fn implement(&self, name: &str, body: &TokenStream) -> TokenStream {
        let ident = self.ident;
        let private = self.private();
        let name = format_ident!("{name}", span = Span::mixed_site());
        let (generics, arguments, clause) = self.generics.split_for_impl();
        let bounds = self.generics.type_params().map(|parameter| &parameter.ident);
        let given = clause.map(|clause| clause.predicates.iter()).into_iter().flatten();
        let fields = self.fields().into_iter();
        let options = fields.filter(|field| field.is_option_of(self.generics)).map(|f| f.ty);
        mixed! {
            #[automatically_derived]
            impl #generics #private::#name for #ident #arguments
            where
                #(#given,)*
                #(#bounds: #private::#name,)*
                #(#options: #private::#name,)*
            {
                #body
            }
        }
    }

    /// The implementation beside the keys that it and its closures name, if the type is a record.
    pub(crate) fn with_shape(&self, implementation: TokenStream) -> TokenStream {
        let fields = match &self.shape {
            Shape::Struct(fields) if fields.is_record() => &fields.fields,
            _ => return implementation,
        };
        let private = self.private();
        let keys = fields.iter().map(|field| &field.key);
        mixed! {
            const _: () = {
                static __SHAPE: #private::Shape = #private::Shape::new(&[#(#keys),*]);
                #implementation
            };
        }
    }

    /// Says that the type is never `NIL` in one direction, where that is so.
    pub(crate) fn never_nil(&self, direction: &str) -> Option<TokenStream> {
        let private = self.private();
        let ident = self.ident;
        let direction = format_ident!("{direction}", span = Span::mixed_site());
        let direction = mixed!(#private::NeverNil<#private::#direction>);
        let bound = match &self.shape {
            // Without the `for` the compiler would refuse the bound where it does not hold.
            Shape::Transparent(Field { ty, .. }) => Some(mixed!(for<'wire> #ty: #direction,)),
            Shape::Struct(fields) if fields.may_be_nil() => return None,
            Shape::Struct(_) | Shape::Enum(_) => None,
        };
        let (generics, arguments, clause) = self.generics.split_for_impl();
        let given = clause.map(|clause| clause.predicates.iter()).into_iter().flatten();
        Some(mixed! {
            #[automatically_derived]
            impl #generics #direction for #ident #arguments where #(#given,)* #bound {}
        })
    }

    fn fields(&self) -> Vec<&Field<'_>> {
        match &self.shape {
            Shape::Transparent(field) => vec![field],
            Shape::Struct(fields) => fields.fields.iter().collect(),
            Shape::Enum(variants) => variants.iter().flat_map(|v| &v.fields.fields).collect(),
        }
    }
}

impl Fields<'_> {
    /// Whether all of them may be left out.
    fn may_be_nil(&self) -> bool {
        self.fields.iter().all(|field| self.keyed && field.is_optional())
    }

    /// Whether these are a property list with keys, and so a record between peers that know those.
    pub(crate) fn is_record(&self) -> bool {
        self.keyed && !self.fields.is_empty()
    }

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

    /// Whether this is `Option<T>` of a type parameter `T`, which may be what an `Option` cannot
    /// hold.
    fn is_option_of(&self, generics: &Generics) -> bool {
        let Type::Path(path) = self.ty else { return false };
        let Some(last) = path.path.segments.last() else { return false };
        match &last.arguments {
            PathArguments::AngleBracketed(list) if last.ident == "Option" => generics
                .type_params()
                .any(|parameter| parameter.ident == list.args.to_token_stream().to_string()),
            _ => false,
        }
    }

    /// `path` as if it stood at the field's type.
    pub(crate) fn located(&self, path: &TokenStream) -> TokenStream {
        let span = self.span();
        let locate = |mut token: TokenTree| {
            token.set_span(token.span().located_at(span));
            token
        };
        path.clone().into_iter().map(locate).collect()
    }

    /// Our tokens at the field's type, where the compiler says what the type lacks.
    pub(crate) fn span(&self) -> Span {
        at(self.ty)
    }
}

/// Our tokens at that type.
pub(super) fn at(ty: &Type) -> Span {
    Span::mixed_site().located_at(ty.span())
}
