//! The rules for what can be derived, and the model that comes of it.

use std::collections::HashSet;

use proc_macro2::Ident;
use quote::format_ident;
use syn::meta::ParseNestedMeta;
use syn::{Attribute, Data, DeriveInput, LitStr, Member, Path, Type};

use super::Direction;
use super::model::{self, Field, Fields, Model, Shape, Variant};
use crate::errors::Errors;
use crate::name;

const RENAME: &str = "`#[wire(rename = \"..\")]`";

/// What stands in `#[wire(..)]`.
#[derive(Default)]
struct Options {
    list: Option<Path>,
    transparent: Option<Path>,
    default: Option<Path>,
    rename: Option<(LitStr, String)>,
    krate: Option<Path>,
}

/// Where the options stand, and which of them may.
#[derive(Clone, Copy)]
enum Place {
    Container,
    Variant,
    Field,
}

pub(super) fn check(item: &DeriveInput, direction: Direction) -> syn::Result<Model<'_>> {
    let errors = Errors::new();
    let mut options = Options::read(&item.attrs, Place::Container, &errors);
    let krate = options.krate.take();
    let shape = match &item.data {
        Data::Struct(data) => {
            let fields = check_fields(&data.fields, options.list.is_some(), direction, &errors);
            check_struct(fields, &options, &data.fields, &errors)
        }
        Data::Enum(data) => {
            if data.variants.is_empty() {
                errors.push(
                    &item.ident,
                    "an enum without variants has no value that could cross; give it one",
                );
            }
            if let Some(option) = options.list.as_ref().or(options.transparent.as_ref()) {
                errors.push(
                    option,
                    "this is for structs; leave it out: an enum is a keyword, or a list headed by one",
                );
            }
            Shape::Enum(check_variants(data.variants.iter(), direction, &errors))
        }
        Data::Union(data) => {
            errors.push(
                data.union_token,
                "a union does not say which of its fields it holds; make it an enum",
            );
            Shape::Enum(Vec::new())
        }
    };
    errors.finish()?;
    Ok(Model { ident: &item.ident, generics: &item.generics, krate, shape })
}

fn check_struct<'a>(
    mut fields: Fields<'a>,
    options: &Options,
    written: &syn::Fields,
    errors: &Errors,
) -> Shape<'a> {
    if let (Some(list), false) = (&options.list, matches!(written, syn::Fields::Named(_))) {
        errors.push(list, "a struct without names is a list already; leave `list` out");
    }
    if let Some(transparent) = &options.transparent {
        if let Some(list) = &options.list {
            errors.push(list, "a transparent struct is as its field; leave `list` out");
        }
        if fields.fields.len() != 1 {
            let count = fields.fields.len();
            errors.push(
                transparent,
                format!("a transparent struct has one field, and this has {count}; leave this out"),
            );
        } else if let Some(field) = fields.fields.pop() {
            return Shape::Transparent(field);
        }
    }
    Shape::Struct(fields)
}

fn check_variants<'a>(
    variants: impl Iterator<Item = &'a syn::Variant>,
    direction: Direction,
    errors: &Errors,
) -> Vec<Variant<'a>> {
    let mut keys = HashSet::new();
    variants
        .map(|variant| {
            let options = Options::read(&variant.attrs, Place::Variant, errors);
            let key = match options.rename {
                Some((_, name)) => name,
                None => name::fold_camel(&variant.ident),
            };
            if !keys.insert(key.clone()) {
                errors.push(
                    &variant.ident,
                    format!("another variant is `:{key}` already; name this one with {RENAME}"),
                );
            }
            let fields = check_fields(&variant.fields, false, direction, errors);
            Variant { ident: &variant.ident, key, fields }
        })
        .collect()
}

fn check_fields<'a>(
    fields: &'a syn::Fields,
    list: bool,
    direction: Direction,
    errors: &Errors,
) -> Fields<'a> {
    let keyed = matches!(fields, syn::Fields::Named(_)) && !list;
    let mut keys = HashSet::new();
    let checked: Vec<_> = fields
        .members()
        .zip(fields)
        .enumerate()
        .map(|(position, (member, field))| {
            let checked = check_field(position, member, field, keyed, direction, errors);
            if keyed && !keys.insert(checked.key.clone()) {
                let key = &checked.key;
                errors.push(
                    &checked.member,
                    format!("another field is `:{key}` already; name this one with {RENAME}"),
                );
            }
            checked
        })
        .collect();
    if let (Some(field), true) = (checked.get(255), keyed) {
        errors.push(&field.member, "a property list has at most 255 fields; put some in a struct");
    }
    Fields { keyed, fields: checked }
}

fn check_field<'a>(
    position: usize,
    member: Member,
    field: &'a syn::Field,
    keyed: bool,
    direction: Direction,
    errors: &Errors,
) -> Field<'a> {
    let options = Options::read(&field.attrs, Place::Field, errors);
    if let (Some((literal, _)), false) = (&options.rename, keyed) {
        errors.push(
            literal,
            "no key is sent for this field, which is found by its place; leave `rename` out",
        );
    }
    if let (Type::Reference(reference), Direction::In) = (&field.ty, direction) {
        errors.push(
            reference,
            "what comes in is owned: take `String` for `&str`, `Vec<T>` for `&[T]`",
        );
    }
    let key = match (&options.rename, &member) {
        (Some((_, name)), _) => name.clone(),
        (None, Member::Named(ident)) => name::fold(ident),
        (None, Member::Unnamed(_)) => String::new(),
    };
    Field {
        member,
        local: format_ident!("__{position}", span = model::at(&field.ty)),
        key,
        ty: &field.ty,
        default: options.default.is_some(),
    }
}

impl Options {
    fn read(attributes: &[Attribute], place: Place, errors: &Errors) -> Self {
        let mut options = Self::default();
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("wire")) {
            if let Err(error) =
                attribute.parse_nested_meta(|option| options.read_one(&option, place))
            {
                errors.push_error(error);
            }
        }
        options
    }

    fn read_one(&mut self, option: &ParseNestedMeta<'_>, place: Place) -> syn::Result<()> {
        let key = option.path.get_ident().map(Ident::to_string).unwrap_or_default();
        let path = || Some(option.path.clone());
        match (key.as_str(), place) {
            ("list", Place::Container) => self.list = path(),
            ("transparent", Place::Container) => self.transparent = path(),
            ("crate", Place::Container) => {
                self.krate = Some(option.value()?.call(Path::parse_mod_style)?);
            }
            ("default", Place::Field) => self.default = path(),
            ("rename", Place::Variant | Place::Field) => {
                let literal: LitStr = option.value()?.parse()?;
                let name = name::read_bare_literal(&literal)?;
                self.rename = Some((literal, name));
            }
            _ => return Err(option.error(place.advice())),
        }
        Ok(())
    }
}

impl Place {
    fn advice(self) -> &'static str {
        match self {
            Self::Container => {
                "unknown option; a struct or an enum has `list`, `transparent` and `crate = path`"
            }
            Self::Variant => "unknown option; a variant has `rename = \"LISP-NAME\"`",
            Self::Field => "unknown option; a field has `default` and `rename = \"LISP-NAME\"`",
        }
    }
}
