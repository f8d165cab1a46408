//! `#[derive(ToWire, FromWire)]`: structs and enums in Lisp's own idioms.
//!
//! | Rust                                       | on the wire                             |
//! |--------------------------------------------|-----------------------------------------|
//! | struct with named fields                   | property list with keyword keys         |
//! | tuple struct, struct with `#[wire(list)]`  | list                                    |
//! | struct without fields                      | `NIL`                                   |
//! | `#[wire(transparent)]`                     | its one field                           |
//! | variant without fields                     | keyword                                 |
//! | tuple variant                              | list: a keyword, then the fields        |
//! | variant with named fields                  | list: a keyword, then a property list   |

mod check;
mod flat;
mod from_wire;
mod model;
mod to_wire;

use proc_macro2::TokenStream;
use syn::DeriveInput;

use model::Model;

/// Which of the two is derived.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(crate) enum Direction {
    Out,
    In,
}

pub(crate) fn to_wire(item: TokenStream) -> TokenStream {
    derive(item, Direction::Out, to_wire::expand)
}

pub(crate) fn from_wire(item: TokenStream) -> TokenStream {
    derive(item, Direction::In, from_wire::expand)
}

fn derive(
    item: TokenStream,
    direction: Direction,
    expand: impl FnOnce(&Model<'_>) -> TokenStream,
) -> TokenStream {
    let item: DeriveInput = match syn::parse2(item) {
        Ok(item) => item,
        Err(error) => return error.to_compile_error(),
    };
    match check::check(&item, direction) {
        Ok(model) => expand(&model),
        Err(error) => error.to_compile_error(),
    }
}
