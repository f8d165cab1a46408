//! The parameters: first what comes from here, then what comes from the caller.

use proc_macro2::{Ident, Spacing, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{PatType, Type, TypeReference};

use super::{check_pattern, input, typed};
use crate::errors::Errors;
use crate::remote_fn::model::{Item, Options};
use crate::text::tidy;

/// A leading `&T`.
pub(crate) enum Context<'a> {
    /// The wire that the call came over.
    Wire,
    /// What the wire or the functions were given of this type.
    State(&'a Type),
}

/// What the caller passes.
pub(crate) struct Argument<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) passing: Passing<'a>,
    /// The type as written.
    pub(crate) written: &'a Type,
}

/// How the function takes an argument, which is decoded to an owned value in any case.
pub(crate) enum Passing<'a> {
    Owned(&'a Type),
    /// `&str`.
    Str,
    /// `&[T]`.
    Slice(&'a Type),
}

pub(super) struct Parameters<'a> {
    pub(super) contexts: Vec<Context<'a>>,
    pub(super) arguments: Vec<Argument<'a>>,
}

pub(super) fn check<'a>(item: &'a Item, options: &Options, errors: &Errors) -> Parameters<'a> {
    let mut parameters = Parameters { contexts: Vec::new(), arguments: Vec::new() };
    // Also an argument that is wrong ends the leading part.
    let mut leading = true;
    let input = input::check(item, options, errors);
    for (position, parameter) in item.signature.inputs.iter().enumerate() {
        if input == Some(position) {
            continue;
        }
        let Some(parameter) = typed(parameter, errors) else { continue };
        check_attributes(parameter, errors);
        match strip(&parameter.ty) {
            Type::Reference(reference) => {
                parameters.reference(item, parameter, reference, &mut leading, errors);
            }
            ty => {
                leading = false;
                check_owned(ty, errors);
                parameters.argument(parameter, Passing::Owned(ty), errors);
            }
        }
    }
    if parameters.arguments.len() > 255 {
        errors.push(
            parameters.arguments[255].ident,
            "a call has at most 255 arguments; take a struct or a `Vec<T>`",
        );
    }
    parameters
}

impl<'a> Parameters<'a> {
    fn argument(&mut self, parameter: &'a PatType, passing: Passing<'a>, errors: &Errors) {
        if let Some(ident) = check_pattern(&parameter.pat, errors) {
            self.arguments.push(Argument { ident, passing, written: &parameter.ty });
        }
    }

    fn reference(
        &mut self,
        item: &Item,
        parameter: &'a PatType,
        reference: &'a TypeReference,
        leading: &mut bool,
        errors: &Errors,
    ) {
        let fine = check_reference(reference, *leading, errors);
        match strip(&reference.elem) {
            Type::Slice(slice) => {
                *leading = false;
                check_owned(&slice.elem, errors);
                self.argument(parameter, Passing::Slice(&slice.elem), errors);
            }
            Type::Path(path) if path.path.is_ident("str") => {
                *leading = false;
                self.argument(parameter, Passing::Str, errors);
            }
            _ if !fine => {}
            ty if !*leading => {
                let ty = tidy(ty.to_token_stream());
                errors.push(
                    reference,
                    format!(
                        "`&{ty}` stands after an argument: move it to the front if it is context, \
                         take `{ty}` by value if the caller passes it"
                    ),
                );
            }
            _ if !item.has_body => errors.push(
                reference,
                "a declaration says only what the caller passes: leave this out, and take it at the \
                 implementation",
            ),
            ty => self.contexts.extend(check_context(ty, errors)),
        }
    }
}

/// What is wrong with any reference, wherever it stands.
fn check_reference(reference: &TypeReference, leading: bool, errors: &Errors) -> bool {
    let mut fine = true;
    if let Some(lifetime) = &reference.lifetime {
        errors.push(lifetime, "a reference here lives as long as the call; leave the lifetime out");
        fine = false;
    }
    if let Some(mutability) = &reference.mutability {
        let ty = tidy(reference.elem.to_token_stream());
        let advice = if leading {
            format!("context is shared by all calls: take `&{ty}` and keep what changes in a lock")
        } else {
            format!("the caller's value stays with the caller: take `{ty}` and return the new one")
        };
        errors.push(mutability, advice);
        fine = false;
    }
    let advice = match strip(&reference.elem) {
        Type::Path(path) => match path.path.segments.last() {
            Some(last) if last.ident == "String" && last.arguments.is_empty() => {
                Some(String::from("take `&str`, or `String` by value"))
            }
            Some(last) if last.ident == "Vec" => match &last.arguments {
                syn::PathArguments::AngleBracketed(list) => {
                    let element = tidy(list.args.to_token_stream());
                    Some(format!("take `&[{element}]`, or `Vec<{element}>` by value"))
                }
                _ => None,
            },
            _ => None,
        },
        _ => None,
    };
    if let (Some(advice), true) = (&advice, fine) {
        errors.push(reference, advice);
    }
    fine && advice.is_none()
}

fn check_context<'a>(ty: &'a Type, errors: &Errors) -> Option<Context<'a>> {
    match ty {
        Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == "Wire") => {
            Some(Context::Wire)
        }
        Type::Path(_) | Type::Tuple(_) | Type::Array(_) | Type::Macro(_) => {
            check_borrows(ty, errors).then_some(Context::State(ty))
        }
        Type::TraitObject(_) | Type::ImplTrait(_) => {
            errors.push(
                ty,
                "context is found by its type: name one, such as a struct that holds this",
            );
            None
        }
        _ => {
            errors.push(ty, "context is found by its type: name a struct or an enum");
            None
        }
    }
}

/// What an owned argument cannot be.
fn check_owned(ty: &Type, errors: &Errors) {
    match ty {
        Type::ImplTrait(_) => {
            errors.push(ty, "what the caller sends has one type: name it instead of `impl Trait`");
        }
        Type::Ptr(_) => errors.push(ty, "an address means nothing to a peer; take a `Remote<T>`"),
        Type::Infer(_) | Type::Never(_) => errors.push(ty, "name the type that the caller sends"),
        _ => {
            check_borrows(ty, errors);
        }
    }
}

/// Notes what `ty` borrows, at the place where it does; whether it borrows nothing.
pub(super) fn check_borrows(ty: &Type, errors: &Errors) -> bool {
    let Some(borrow) = find_borrow(ty.to_token_stream(), false) else { return true };
    errors.push(
        borrow,
        "nothing can be borrowed from inside a value that crosses the wire; use the owned type, \
         as `String` for `&str`",
    );
    false
}

/// Notes what an error borrows. It does not cross itself, but the call is over when it is looked at.
pub(super) fn check_error_borrows(ty: &Type, errors: &Errors) {
    if let Some(borrow) = find_borrow(ty.to_token_stream(), true) {
        errors.push(
            borrow,
            "an error outlives the call: use the owned type, as `String` for `&str`, or `&'static`",
        );
    }
}

/// The first `&` or lifetime in a type, except `'static` without a reference: what is decoded is
/// owned. A reference with `'static` counts unless that is `fine`.
fn find_borrow(tokens: TokenStream, fine: bool) -> Option<TokenStream> {
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Group(group) => {
                if let Some(found) = find_borrow(group.stream(), fine) {
                    return Some(found);
                }
            }
            TokenTree::Punct(punct) if punct.as_char() == '&' => {
                // What follows is looked at in its turn.
                let named =
                    matches!(tokens.peek(), Some(TokenTree::Punct(p)) if p.as_char() == '\'');
                if fine && named {
                    continue;
                }
                return Some(TokenTree::Punct(punct).into());
            }
            TokenTree::Punct(punct)
                if punct.as_char() == '\'' && punct.spacing() == Spacing::Joint =>
            {
                let name = tokens.next();
                if name.as_ref().is_some_and(|name| name.to_string() != "static") {
                    return Some(
                        [Some(TokenTree::Punct(punct)), name].into_iter().flatten().collect(),
                    );
                }
            }
            _ => {}
        }
    }
    None
}

/// An attribute could take a parameter away that the description still has.
fn check_attributes(parameter: &PatType, errors: &Errors) {
    for attribute in &parameter.attrs {
        if attribute.path().is_ident("cfg") || attribute.path().is_ident("cfg_attr") {
            errors.push(attribute, "put the condition on the whole function");
        }
    }
}

/// The type without parentheses, visible or not, around it.
pub(super) fn strip(ty: &Type) -> &Type {
    match ty {
        Type::Paren(paren) => strip(&paren.elem),
        Type::Group(group) => strip(&group.elem),
        _ => ty,
    }
}
