//! The first parameter of a function that reads what follows its call.

use syn::{FnArg, Type};

use super::parameter::strip;
use crate::errors::Errors;
use crate::remote_fn::model::{Item, Options};

/// Checks that it stands where it must and nowhere else, and says which parameter it is, if any.
pub(super) fn check(item: &Item, options: &Options, errors: &Errors) -> Option<usize> {
    let found = item.signature.inputs.iter().enumerate().find_map(|(position, parameter)| {
        let FnArg::Typed(typed) = parameter else { return None };
        Some((position, parameter, borrowed_input(&typed.ty)?))
    });
    let Some((position, parameter, borrow)) = found else {
        if let (Some(raw), true) = (&options.raw, item.has_body) {
            errors.push(raw, "a raw function takes the input first: `input: &mut RawInput<'_>`");
        }
        return None;
    };
    let advice = match (&options.raw, borrow) {
        (None, _) => {
            "only a raw function is given the input: say `#[remote_fn(raw)]`, and have its callers \
             send data with the call"
        }
        (Some(_), _) if !item.has_body => {
            "a declaration says only what the caller passes: leave this out, and take it at the \
             implementation"
        }
        (Some(_), Borrow::Other) => "reading takes the input mutably: `&mut RawInput<'_>`",
        (Some(_), Borrow::Mutable) if position > 0 => {
            "the input stands first, before context and arguments"
        }
        (Some(_), Borrow::Mutable) => return Some(position),
    };
    errors.push(parameter, advice);
    Some(position)
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
