//! The functions of package WIRE that both peers must know, as one table.

use crate::codec::SymbolSite;

/// The package of the functions below.
pub(crate) const WIRE: &str = "WIRE";

/// A function that the protocol itself is made of.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Builtin {
    /// `DO-n-VALUE-CALL token`: run the next object and send n values to the token. 6 means all.
    Do(u8),
    /// `RETURN-n-VALUES token v1 .. vn`.
    Return(u8),
    /// `REMOTE-RETURN-ABORT token`: the call unwound.
    Abort,
}

macro_rules! builtins {
    ($($name:literal => $builtin:expr, $site:ident;)*) => {
        $(pub(crate) static $site: SymbolSite = SymbolSite::new($name, WIRE);)*

        impl Builtin {
            /// The builtin of that name in package WIRE.
            pub(crate) fn named(name: &str, package: &str) -> Option<Self> {
                if package != WIRE {
                    return None;
                }
                match name {
                    $($name => Some($builtin),)*
                    _ => None,
                }
            }
        }
    };
}

builtins! {
    "DO-1-VALUE-CALL" => Self::Do(1), DO_1;
    "DO-2-VALUE-CALL" => Self::Do(2), DO_2;
    "DO-3-VALUE-CALL" => Self::Do(3), DO_3;
    "DO-4-VALUE-CALL" => Self::Do(4), DO_4;
    "DO-5-VALUE-CALL" => Self::Do(5), DO_5;
    "DO-N-VALUE-CALL" => Self::Do(6), DO_N;
    "RETURN-1-VALUE" => Self::Return(1), RETURN_1;
    "RETURN-2-VALUES" => Self::Return(2), RETURN_2;
    "RETURN-3-VALUES" => Self::Return(3), RETURN_3;
    "RETURN-4-VALUES" => Self::Return(4), RETURN_4;
    "RETURN-5-VALUES" => Self::Return(5), RETURN_5;
    "REMOTE-RETURN-ABORT" => Self::Abort, ABORT;
}

/// The `DO` that asks for `code` values.
pub(crate) fn do_site(code: u8) -> &'static SymbolSite {
    match code {
        1 => &DO_1,
        2 => &DO_2,
        3 => &DO_3,
        4 => &DO_4,
        5 => &DO_5,
        _ => &DO_N,
    }
}

/// The `RETURN` that brings `code` values; all values come in one list.
pub(crate) fn return_site(code: u8) -> &'static SymbolSite {
    match code {
        2 => &RETURN_2,
        3 => &RETURN_3,
        4 => &RETURN_4,
        5 => &RETURN_5,
        _ => &RETURN_1,
    }
}
