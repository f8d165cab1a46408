//! The first parameter of a function that reads what follows its call.

use syn::spanned::Spanned;
use syn::{FnArg, Type};

use super::parameter::strip;
use crate::errors::Errors;
use crate::remote_fn::model::{Item, Options};

/// Checks that it stands where it must and nowhere else, and says how many parameters it is.
pub(super) fn check(item: &Item, options: &Options, errors: &Errors) -> usize {
    let mut inputs = item.signature.inputs.iter().enumerate();
    let found = inputs.find_map(|(position, parameter)| match parameter {
        FnArg::Typed(typed) => Some((position, borrowed_input(&typed.ty)?, typed)),
        FnArg::Receiver(_) => None,
    });
    match (&options.raw, found) {
        (None, None) => 0,
        (None, Some((position, ..))) => {
            let place = item.signature.inputs[position].span();
            errors.push_at(
                place,
                "only a raw function is given the input: say `#[remote_fn(raw)]`, and have its \
                 callers send data with the call",
            );
            usize::from(position == 0)
        }
        (Some(_), Some((position, _, parameter))) if !item.has_body => {
            errors.push(
                parameter,
                "a declaration says only what the caller passes: leave this out, and take it at the \
                 implementation",
            );
            usize::from(position == 0)
        }
        (Some(_), None) if !item.has_body => 0,
        (Some(raw), None) => {
            errors.push(raw, "a raw function takes the input first: `input: &mut RawInput<'_>`");
            0
        }
        (Some(_), Some((0, Borrow::Mutable, _))) => 1,
        (Some(_), Some((position, borrow, parameter))) => {
            let advice = match borrow {
                Borrow::Mutable => "the input stands first, before context and arguments",
                Borrow::Other => "reading takes the input mutably: `&mut RawInput<'_>`",
            };
            errors.push(parameter, advice);
            usize::from(position == 0)
        }
    }
}

/// How a `RawInput` is taken.
enum Borrow {
    Mutable,
    Other,
}

/// How the type takes a `RawInput`, if it is one.
fn borrowed_input(ty: &Type) -> Option<Borrow> {
    let (ty, borrow) = match strip(ty) {
        Type::Reference(reference) if reference.mutability.is_some() => {
            (strip(&reference.elem), Borrow::Mutable)
        }
        Type::Reference(reference) => (strip(&reference.elem), Borrow::Other),
        ty => (ty, Borrow::Other),
    };
    match ty {
        Type::Path(path) if path.path.segments.last()?.ident == "RawInput" => Some(borrow),
        _ => None,
    }
}
