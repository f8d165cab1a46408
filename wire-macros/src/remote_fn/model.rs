//! What was written: the options and the function, with their tokens.

use proc_macro2::{Ident, TokenTree};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, LitStr, Path, Signature, Token, Type, Visibility};

/// A function, or a declaration of one that ends in `;`.
pub(crate) struct Item {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) visibility: Visibility,
    pub(crate) signature: Signature,
    pub(crate) has_body: bool,
}

impl Parse for Item {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attributes = input.call(Attribute::parse_outer)?;
        let visibility = input.parse()?;
        let is_function = [
            input.peek(Token![fn]),
            input.peek(Token![async]),
            input.peek(Token![const]) && !input.peek2(syn::Ident),
            input.peek(Token![unsafe]) && !input.peek2(Token![impl]),
            input.peek(Token![extern]) && !input.peek2(Token![crate]),
        ];
        if !is_function.contains(&true) {
            return Err(input.error(
                "`#[remote_fn]` stands on a function; values that cross have \
                 `#[derive(ToWire, FromWire)]`",
            ));
        }
        let signature = input.parse()?;
        let has_body = !input.peek(Token![;]);
        if has_body {
            // The body is rustc's affair: it is not parsed here, so that whatever is wrong with it
            // is said once and by rustc. From a user's macro it may come as one `$body:block`.
            input.parse::<TokenTree>()?;
        } else {
            input.parse::<Token![;]>()?;
        }
        Ok(Self { attributes, visibility, signature, has_body })
    }
}

impl Item {
    /// The attributes under which the function exists at all.
    pub(crate) fn conditions(&self) -> impl Iterator<Item = &Attribute> {
        self.attributes.iter().filter(|attribute| attribute.path().is_ident("cfg"))
    }

    /// The text of the doc comments.
    pub(crate) fn docs(&self) -> String {
        let lines = self.attributes.iter().filter_map(doc_line);
        lines.collect::<Vec<_>>().join("\n")
    }
}

fn doc_line(attribute: &Attribute) -> Option<String> {
    let meta = attribute.meta.require_name_value().ok()?;
    if !meta.path.is_ident("doc") {
        return None;
    }
    match &meta.value {
        syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(line), .. }) => {
            let line = line.value();
            Some(String::from(line.strip_prefix(' ').unwrap_or(&line).trim_end()))
        }
        _ => None,
    }
}

/// What stands in `#[remote_fn(..)]`.
#[derive(Default)]
pub(crate) struct Options {
    pub(crate) name: Option<LitStr>,
    pub(crate) package: Option<LitStr>,
    pub(crate) blocking: Option<Ident>,
    /// It reads untagged data that follows its call.
    pub(crate) raw: Option<Ident>,
    pub(crate) unwinds: Option<(Ident, Type)>,
    /// `as = path`: the declaration that the function implements.
    pub(crate) declaration: Option<Path>,
    /// `crate = path`: where the `wire` crate is.
    pub(crate) krate: Option<Path>,
}

impl Parse for Options {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut options = Self::default();
        while !input.is_empty() {
            options.parse_one(input)?;
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(options)
    }
}

impl Options {
    fn parse_one(&mut self, input: ParseStream<'_>) -> syn::Result<()> {
        let key = input.call(Ident::parse_any)?;
        let twice = match key.to_string().as_str() {
            "name" => self.name.replace(value(input, &key, "\"..\"")?).is_some(),
            "package" => self.package.replace(value(input, &key, "\"..\"")?).is_some(),
            "blocking" => self.blocking.replace(key.clone()).is_some(),
            "raw" => self.raw.replace(key.clone()).is_some(),
            "unwinds" => self.unwinds.replace((key.clone(), value(input, &key, "Type")?)).is_some(),
            "as" => self.declaration.replace(path(input, &key)?).is_some(),
            "crate" => self.krate.replace(path(input, &key)?).is_some(),
            _ => {
                return Err(syn::Error::new_spanned(
                    &key,
                    format!(
                        "unknown option `{key}`; the options are `name = \"..\"`, \
                         `package = \"..\"`, `blocking`, `raw`, `unwinds = Type`, `as = path` and \
                         `crate = path`"
                    ),
                ));
            }
        };
        if twice {
            return Err(syn::Error::new_spanned(
                &key,
                format!("`{key}` stands here twice; leave one of them out"),
            ));
        }
        Ok(())
    }
}

fn value<T: Parse>(input: ParseStream<'_>, key: &Ident, shape: &str) -> syn::Result<T> {
    equals(input, key, shape)?;
    input.parse()
}

fn path(input: ParseStream<'_>, key: &Ident) -> syn::Result<Path> {
    equals(input, key, "path")?;
    input.call(Path::parse_mod_style)
}

/// Takes the `=`. Where it is missing there may be no token left to point at but the option.
fn equals(input: ParseStream<'_>, key: &Ident, shape: &str) -> syn::Result<()> {
    if !input.peek(Token![=]) {
        return Err(syn::Error::new_spanned(key, format!("expected `{key} = {shape}`")));
    }
    input.parse::<Token![=]>()?;
    Ok(())
}
