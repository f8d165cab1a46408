//! The one place that generated code refers to, and the hygiene that it is written with.

use proc_macro2::TokenStream;
use quote::ToTokens;

/// `quote!` whose own names cannot meet the user's: its local variables are visible only to what
/// one expansion writes, and lints take its tokens for another crate's.
macro_rules! mixed {
    ($($tokens:tt)*) => {
        ::quote::quote_spanned!(::proc_macro2::Span::mixed_site()=> $($tokens)*)
    };
}
pub(crate) use mixed;

/// `krate::__private`, or `::wire::__private` if nobody said how the crate is called.
pub(crate) fn private(krate: Option<&impl ToTokens>) -> TokenStream {
    match krate {
        Some(krate) => mixed!(#krate::__private),
        None => mixed!(::wire::__private),
    }
}
