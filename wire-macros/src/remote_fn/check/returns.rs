//! What comes back: the values, with or without a `Result` around them.

use quote::ToTokens;
use syn::{GenericArgument, PathArguments, ReturnType, Type};

use super::parameter::{check_borrows, check_error_borrows, strip};
use crate::errors::Errors;
use crate::text::tidy;

/// What a function returns.
pub(crate) struct Returns<'a> {
    /// As written; `None` if nothing is.
    pub(crate) written: Option<&'a Type>,
    /// Without the `Result` around it. `None` is `()`.
    pub(crate) value: Option<&'a Type>,
}

pub(super) fn check<'a>(output: &'a ReturnType, errors: &Errors) -> Returns<'a> {
    let ReturnType::Type(_, ty) = output else { return Returns { written: None, value: None } };
    let (value, error) = without_result(ty);
    match strip(ty) {
        Type::Never(_) => errors
            .push(ty, "the caller waits for what this never returns; return a value or nothing"),
        Type::ImplTrait(_) => {
            errors.push(ty, "what crosses the wire has one type: name it instead of `impl Trait`");
        }
        Type::Reference(reference) => {
            let owned = match tidy(reference.elem.to_token_stream()).as_str() {
                "str" => String::from("String"),
                slice if slice.starts_with('[') => format!("Vec<{}>", &slice[1..slice.len() - 1]),
                other => String::from(other),
            };
            errors.push(ty, format!("the value leaves this process: return `{owned}`"));
        }
        _ => {
            check_borrows(value, errors);
            if let Some(error) = error {
                check_error_borrows(error, errors);
            }
        }
    }
    Returns { written: Some(ty), value: Some(value) }
}

/// The `T` and the `E` of `Result<T, E>`, whatever path it goes by.
fn without_result(ty: &Type) -> (&Type, Option<&Type>) {
    let Type::Path(path) = strip(ty) else { return (ty, None) };
    let Some(last) = path.path.segments.last() else { return (ty, None) };
    let PathArguments::AngleBracketed(list) = &last.arguments else { return (ty, None) };
    let mut parts = list.args.iter().map(|part| match part {
        GenericArgument::Type(part) => Some(part),
        _ => None,
    });
    match (last.ident == "Result", parts.next()) {
        (true, Some(Some(value))) => (value, parts.next().flatten()),
        _ => (ty, None),
    }
}

impl<'a> Returns<'a> {
    /// The parts of a tuple are several values; anything else is one.
    pub(crate) fn values(&self) -> Vec<&'a Type> {
        match self.value.map(strip) {
            None => Vec::new(),
            Some(Type::Tuple(tuple)) => tuple.elems.iter().collect(),
            Some(ty) => vec![ty],
        }
    }

    /// Whether the type may be a `Result`, which a name of the user's may stand for.
    pub(crate) fn may_be_result(&self) -> bool {
        matches!(self.written.map(strip), Some(Type::Path(_) | Type::Macro(_)))
    }
}
