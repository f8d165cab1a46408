//! What the call macros write of their calls: how arguments are evaluated, and how a call is made of
//! them.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote_spanned};
use syn::spanned::Spanned;
use syn::{Expr, Path};

use crate::form::{Call, Passed, Start, Target};
use crate::name::{self, LispName};
use crate::path::mixed;
use crate::remote_fn::ROW;

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
            let call = parts.call_with_data(&start.private, call);
            parts.calls.push(call);
        }
        parts
    }

    /// The same as [`call`](Self::call), and what follows the call untagged, evaluated after its
    /// arguments.
    fn call_with_data(&mut self, private: &TokenStream, call: &Call<'_>) -> TokenStream {
        let whole = self.call(private, call);
        let Some(data) = call.data else { return whole };
        let span = Span::mixed_site().located_at(data.span());
        let local = self.local(span, mixed!(&(#data)));
        quote_spanned!(span=> #whole.with(#local))
    }

    /// Has the values of a call evaluated, and gives the expression of the call itself.
    fn call(&mut self, private: &TokenStream, call: &Call<'_>) -> TokenStream {
        let name = call.target.name(private, call.data.is_some());
        let Target::Typed(path) = &call.target else {
            let list = self.by_name(private, &call.arguments);
            return mixed!(#private::Call::new(#name, &[#(#list),*]));
        };
        let values = call.arguments.iter().map(|argument| match argument {
            Passed::Value(value) => Some(*value),
            Passed::Call(_) => None,
        });
        match values.collect::<Option<Vec<_>>>() {
            Some(values) => {
                let list = self.typed(path, &values);
                mixed!(#private::Call::new(#name, #list))
            }
            None => {
                let list = self.one_by_one(private, path, &call.arguments);
                let behind = parameters(private, path, call.arguments.len());
                let span = Span::mixed_site().located_at(path.span());
                let name = quote_spanned!(span=> #behind.end(#name));
                mixed!(#private::Call::new(#name, &[#(#list),*]))
            }
        }
    }

    /// Borrowed one by one, so that a variable that is an argument stays the user's.
    fn by_name(&mut self, private: &TokenStream, arguments: &[Passed<'_>]) -> Vec<TokenStream> {
        let list = arguments.iter().map(|argument| match argument {
            Passed::Value(value) => {
                let span = Span::mixed_site().located_at(value.span());
                let local = self.local(span, mixed!(&(#value)));
                // At the argument, where the compiler says if it cannot be sent.
                quote_spanned!(span=> #local as &dyn #private::ToWire)
            }
            Passed::Call(call) => {
                let call = self.call(private, call);
                mixed!(&#call as &dyn #private::ToWire)
            }
        });
        list.collect()
    }

    /// Two steps, so that a wrong count or type is the compiler's own one message at the argument:
    /// a function takes the arguments and gives a tuple, another one lists what is in it.
    fn typed(&mut self, path: &Path, values: &[&Expr]) -> TokenStream {
        let span = Span::mixed_site().located_at(path.span());
        let call = quote_spanned!(span=> <#path>::__call(#(#values),*));
        let local = self.local(Span::mixed_site(), call);
        mixed!(&<#path>::__list(&#local))
    }

    /// Where some are calls, there are no values to give to the function: each argument is taken as
    /// its own parameter says, and of a call the type of its value is compared with that.
    fn one_by_one(
        &mut self,
        private: &TokenStream,
        path: &Path,
        arguments: &[Passed<'_>],
    ) -> Vec<TokenStream> {
        let list = arguments.iter().enumerate().map(|(position, argument)| {
            let here = parameters(private, path, position);
            match argument {
                Passed::Value(value) => {
                    let span = Span::mixed_site().located_at(value.span());
                    let local = self.local(span, quote_spanned!(span=> #here.take(#value)));
                    quote_spanned!(span=> &#local as &dyn #private::ToWire)
                }
                Passed::Call(call) => {
                    let span = Span::mixed_site().located_at(call.target.span());
                    let inner = self.call(private, call);
                    let call = match &call.target {
                        Target::Typed(path) => {
                            quote_spanned!(span=> #here.call(<#path>::__first(), #inner))
                        }
                        Target::Named { .. } => quote_spanned!(span=> #here.any_call(#inner)),
                    };
                    mixed!(&#call as &dyn #private::ToWire)
                }
            }
        });
        list.collect()
    }

    /// A variable for what this evaluates to, as a token of that place.
    fn local(&mut self, place: Span, value: TokenStream) -> Ident {
        let mut local = format_ident!("__{}", self.patterns.len(), span = Span::mixed_site());
        self.scrutinees.push(value);
        self.patterns.push(local.to_token_stream());
        local.set_span(place);
        local
    }
}

/// The parameters of a declared function from this one on.
fn parameters(private: &TokenStream, path: &Path, position: usize) -> TokenStream {
    let down = (0..position / ROW).map(|_| mixed!(.below()));
    let right = (0..position % ROW).map(|_| mixed!(.rest()));
    mixed!(#private::parameters::of(<#path>::__parameters()) #(#down)* .row() #(#right)*)
}

impl Target<'_> {
    fn span(&self) -> Span {
        match self {
            Self::Typed(path) => path.span(),
            Self::Named { span, .. } => *span,
        }
    }

    /// The expression of type `P::Name`. Of a declared function it is known whether data follows.
    fn name(&self, private: &TokenStream, with_data: bool) -> TokenStream {
        match self {
            Self::Typed(path) => {
                let span = Span::mixed_site().located_at(path.span());
                let name = if with_data { "name_with_data" } else { "name" };
                let name = Ident::new(name, span);
                quote_spanned!(span=> #private::#name::<#path>())
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
