//! Every rule for a remote function, and the checked definition that comes of it.

use proc_macro2::Ident;
use syn::{FnArg, Pat, Path, Safety, Signature, Type, Visibility};

use super::model::{Item, Options};
use crate::errors::Errors;
use crate::name;
use crate::remote_fn::check::parameter::Parameters;

mod input;
mod parameter;
mod returns;

pub(crate) use parameter::{Argument, Context, Passing};
pub(crate) use returns::Returns;

/// A definition or declaration that can be expanded.
pub(crate) struct Definition<'a> {
    pub(crate) item: &'a Item,
    pub(crate) ident: &'a Ident,
    pub(crate) visibility: &'a Visibility,
    pub(crate) krate: Option<&'a Path>,
    /// The declaration that this implements; its name is then this one's.
    pub(crate) declaration: Option<&'a Path>,
    pub(crate) name: String,
    pub(crate) package: Option<String>,
    pub(crate) kind: Kind,
    /// The word by which it reads untagged data behind its call.
    pub(crate) raw: Option<&'a Ident>,
    pub(crate) contexts: Vec<Context<'a>>,
    pub(crate) arguments: Vec<Argument<'a>>,
    pub(crate) returns: Returns<'a>,
    pub(crate) unwinds: Option<&'a Type>,
}

/// Where a function runs.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Plain,
    Async,
    Blocking,
    /// Async, with the input of the wire as its first parameter.
    Raw,
}

pub(crate) fn check<'a>(item: &'a Item, options: &'a Options) -> syn::Result<Definition<'a>> {
    let errors = Errors::new();
    let signature = &item.signature;
    check_signature(signature, &errors);
    check_options(item, options, &errors);
    let (name, package) = check_name(signature, options, &errors);
    let Parameters { contexts, arguments } = parameter::check(item, options, &errors);
    let returns = returns::check(&signature.output, &errors);
    if let (Some((option, _)), false) = (&options.unwinds, returns.may_be_result()) {
        errors.push(
            option,
            "`unwinds` says the `E` of a `Result<T, E>`: return one, or leave this out",
        );
    }
    errors.finish()?;
    let kind = match (signature.asyncness, &options.blocking) {
        _ if options.raw.is_some() => Kind::Raw,
        (Some(_), _) => Kind::Async,
        (None, Some(_)) => Kind::Blocking,
        (None, None) => Kind::Plain,
    };
    Ok(Definition {
        item,
        ident: &signature.ident,
        visibility: &item.visibility,
        krate: options.krate.as_ref(),
        declaration: options.declaration.as_ref(),
        name,
        package,
        kind,
        raw: options.raw.as_ref(),
        contexts,
        arguments,
        returns,
        unwinds: options.unwinds.as_ref().map(|(_, ty)| ty),
    })
}

fn check_signature(signature: &Signature, errors: &Errors) {
    if !signature.generics.params.is_empty() {
        errors.push(
            &signature.generics.params,
            "a remote function is one function under one name: write the types out, and leave \
             lifetimes to be elided",
        );
    }
    if let Safety::Unsafe(token) = &signature.safety {
        errors.push(token, "a peer cannot promise what an unsafe function wants of its callers: offer a safe one that calls it");
    }
    if let Some(abi) = &signature.abi {
        errors.push(abi, "a remote function has Rust's own calling convention; leave this out");
    }
    if let Some(variadic) = &signature.variadic {
        errors.push(
            variadic.dots,
            "a remote function has a fixed number of arguments; take a `Vec<T>`",
        );
    }
}

fn check_options(item: &Item, options: &Options, errors: &Errors) {
    if let (Some(blocking), Some(_)) = (&options.blocking, &item.signature.asyncness) {
        errors.push(
            blocking,
            "an async function does not block: leave `blocking` out, or make it a plain `fn`",
        );
    }
    if item.has_body {
        if let (Some(raw), None) = (&options.raw, &item.signature.asyncness) {
            errors
                .push(raw, "a raw function waits for what its caller sends: make it an `async fn`");
        }
        return;
    }
    let advice =
        "belongs to the implementation; this is a declaration, which has no body: leave it out";
    if let Some(blocking) = &options.blocking {
        errors.push(blocking, format!("`blocking` {advice}"));
    }
    if let Some((unwinds, _)) = &options.unwinds {
        errors.push(unwinds, format!("`unwinds` {advice}"));
    }
    if let Some(declaration) = &options.declaration {
        errors.push(declaration, format!("`as` {advice}"));
    }
}

/// The Lisp name, and its package where one was named.
fn check_name(
    signature: &Signature,
    options: &Options,
    errors: &Errors,
) -> (String, Option<String>) {
    if let Some(declaration) = &options.declaration {
        let named = options.name.iter().chain(&options.package);
        for literal in named {
            let path = crate::text::tidy(quote::quote!(#declaration));
            errors.push(
                literal,
                format!("the name comes from the declaration `{path}`; leave this out"),
            );
        }
    }
    let mut name = (name::fold(&signature.ident), None);
    if let Some(literal) = &options.name {
        match name::read_literal(literal) {
            Ok(read) => name = (read.name, read.package),
            Err(error) => errors.push_error(error),
        }
    }
    if let Some(literal) = &options.package {
        if name.1.is_some() {
            errors.push(literal, "the package stands in `name` already; leave one of them out");
        }
        match name::read_bare_literal(literal) {
            Ok(package) => name.1 = Some(package),
            Err(error) => errors.push_error(error),
        }
    }
    name
}

/// The name of a parameter, which those are shown who ask what is offered.
fn check_pattern<'a>(pattern: &'a Pat, errors: &Errors) -> Option<&'a Ident> {
    match pattern {
        Pat::Ident(pattern) if pattern.by_ref.is_none() && pattern.subpat.is_none() => {
            Some(&pattern.ident)
        }
        Pat::Wild(_) => {
            errors.push(pattern, "an argument is shown by its name; `_name` may stay unused");
            None
        }
        _ => {
            errors.push(
                pattern,
                "an argument is shown by its name: give it one, and take it apart in the body",
            );
            None
        }
    }
}

/// Notes a `self`, and gives the other parameters.
fn typed<'a>(parameter: &'a FnArg, errors: &Errors) -> Option<&'a syn::PatType> {
    match parameter {
        FnArg::Typed(typed) => Some(typed),
        FnArg::Receiver(receiver) => {
            errors.push(
                receiver,
                "a remote function belongs to no value: move it out of the `impl`, and take what \
                 it works on as a leading `&Type`",
            );
            None
        }
    }
}
