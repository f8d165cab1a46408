//! What the call macros write of their calls: how arguments are evaluated, and how a call is made of
//! them.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote_spanned};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Expr, Path, Token};

use crate::form::{Call, Start, Target};
use crate::name::{self, LispName};
use crate::path::mixed;

/// The parts of `match (scrutinees) { (patterns) => .. call .. }`, which evaluates the wire and
/// the arguments of all calls once, from left to right, and borrows them.
pub(crate) struct Parts {
    pub(crate) scrutinees: Vec<TokenStream>,
    pub(crate) patterns: Vec<TokenStream>,
    /// One expression per call, of type `P::Call`.
    pub(crate) calls: Vec<TokenStream>,
}

impl Parts {
    pub(crate) fn new(start: &Start, calls: &[Call<'_>]) -> Self {
        let wire = &start.wire;
        let mut parts = Self {
            scrutinees: vec![mixed!(&(#wire))],
            patterns: vec![mixed!(__wire)],
            calls: Vec::new(),
        };
        for call in calls {
            parts.add(&start.private, call);
        }
        parts
    }

    fn add(&mut self, private: &TokenStream, call: &Call<'_>) {
        let list = match &call.target {
            Target::Named { .. } => self.add_arguments(private, call.arguments),
            Target::Typed(path) => self.add_typed(path, call.arguments),
        };
        let name = call.target.name(private);
        self.calls.push(mixed!(#private::Call::new(#name, #list)));
    }

    /// Borrowed one by one, so that a variable that is an argument stays the user's.
    fn add_arguments(
        &mut self,
        private: &TokenStream,
        arguments: &Punctuated<Expr, Token![,]>,
    ) -> TokenStream {
        let list: Vec<_> = arguments
            .iter()
            .map(|argument| {
                let local = self.local();
                self.scrutinees.push(mixed!(&(#argument)));
                self.patterns.push(local.to_token_stream());
                // At the argument, where the compiler says if it cannot be sent.
                let span = Span::mixed_site().located_at(argument.span());
                let mut local = local;
                local.set_span(span);
                quote_spanned!(span=> #local as &dyn #private::ToWire)
            })
            .collect();
        mixed!(&[#(#list),*])
    }

    /// Two steps, so that a wrong count or type is the compiler's own one message at the argument:
    /// a function takes the arguments and gives a tuple, another one lists what is in it.
    fn add_typed(&mut self, path: &Path, arguments: &Punctuated<Expr, Token![,]>) -> TokenStream {
        let local = self.local();
        let span = Span::mixed_site().located_at(path.span());
        self.scrutinees.push(quote_spanned!(span=> <#path>::__call(#arguments)));
        self.patterns.push(local.to_token_stream());
        mixed!(&<#path>::__list(&#local))
    }

    fn local(&self) -> Ident {
        format_ident!("__{}", self.patterns.len(), span = Span::mixed_site())
    }
}

impl Target<'_> {
    /// The expression of type `P::Name`.
    fn name(&self, private: &TokenStream) -> TokenStream {
        match self {
            Self::Typed(path) => {
                mixed!(#private::Name::Site(<#path as #private::Declared>::site()))
            }
            Self::Named { name: LispName { name, package }, span } => {
                let package = package.as_deref().unwrap_or(name::USER);
                let span = Span::mixed_site().located_at(*span);
                quote_spanned! {span=> {
                    static SITE: #private::SymbolSite = #private::SymbolSite::new(#name, #package);
                    #private::Name::Site(&SITE)
                }}
            }
        }
    }
}
