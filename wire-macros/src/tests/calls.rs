//! The call macros, and the list of functions.

use super::{expression, same};
use crate::{functions, remote, remote_value, remote_value_bind};

#[test]
fn calls_side_by_side() {
    let call = syn::parse_str("[wire] w, write_string(text), \"hemlock::|Beep|\"(1, 2)").unwrap();
    same(
        &expression(&remote::expand(&call).unwrap()),
        r##"
fn main() {
    {
        let __result = match (&(w), &(text), &(1), &(2)) {
            (__wire, __1, __2, __3) => {
                wire::__private::notify(
                    __wire,
                    &[
                        wire::__private::Call::new(
                            {
                                static SITE: wire::__private::SymbolSite = wire::__private::SymbolSite::new(
                                    "WRITE-STRING",
                                    "COMMON-LISP-USER",
                                );
                                wire::__private::Name::Site(&SITE)
                            },
                            &[__1 as &dyn wire::__private::ToWire],
                        ),
                        wire::__private::Call::new(
                            {
                                static SITE: wire::__private::SymbolSite = wire::__private::SymbolSite::new(
                                    "Beep",
                                    "HEMLOCK",
                                );
                                wire::__private::Name::Site(&SITE)
                            },
                            &[
                                __2 as &dyn wire::__private::ToWire,
                                __3 as &dyn wire::__private::ToWire,
                            ],
                        ),
                    ],
                )
            }
        };
        __result
    }
}
"##,
    );
}

#[test]
fn a_typed_call() {
    let call = syn::parse_str("[wire] w, <math::add>(1, 2), else 0").unwrap();
    same(
        &expression(&remote_value::expand(&call).unwrap()),
        r##"
fn main() {
    {
        let __pending = match (&(w), <math::add>::__call(1, 2)) {
            (__wire, __1) => {
                wire::__private::value_as(
                    <math::add>::__first(),
                    __wire,
                    wire::__private::Call::new(
                        wire::__private::name::<math::add>(),
                        &<math::add>::__list(&__1),
                    ),
                )
            }
        };
        __pending.or_else(|| 0)
    }
}
"##,
    );
}

#[test]
fn values_in_the_arms_of_a_match() {
    let call = "[wire] w, (q: i64, mut r) = truncate(17, 5), { q + r } else |u| fail(u)?";
    let call = syn::parse_str(call).unwrap();
    same(
        &expression(&remote_value_bind::expand(&call).unwrap()),
        r##"
fn main() {
    {
        let __pending = match (&(w), &(17), &(5)) {
            (__wire, __1, __2) => {
                wire::__private::values::<
                    (i64, _),
                >(
                    __wire,
                    wire::__private::Call::new(
                        {
                            static SITE: wire::__private::SymbolSite = wire::__private::SymbolSite::new(
                                "TRUNCATE",
                                "COMMON-LISP-USER",
                            );
                            wire::__private::Name::Site(&SITE)
                        },
                        &[
                            __1 as &dyn wire::__private::ToWire,
                            __2 as &dyn wire::__private::ToWire,
                        ],
                    ),
                    2u8,
                )
            }
        };
        match __pending.await {
            ::core::result::Result::Ok(wire::__private::Bound::Values((q, mut r))) => {
                ::core::result::Result::Ok::<
                    _,
                    wire::__private::CallError,
                >(
                    match wire::__private::always() {
                        true => q + r,
                        false => wire::__private::never(),
                    },
                )
            }
            ::core::result::Result::Ok(wire::__private::Bound::Unwound(u)) => {
                ::core::result::Result::Ok(
                    match wire::__private::always() {
                        true => fail(u)?,
                        false => wire::__private::never(),
                    },
                )
            }
            ::core::result::Result::Err(__error) => ::core::result::Result::Err(__error),
        }
    }
}
"##,
    );
}

#[test]
fn paths_like_use() {
    let list = syn::parse_str("[wire] add, api::{greet, chat::{say,},}, ::other::f,").unwrap();
    same(
        &expression(&functions::expand(&list)),
        r##"
fn main() {
    wire::__private::Functions::new()
        .with::<add>()
        .with::<api::greet>()
        .with::<api::chat::say>()
        .with::<::other::f>()
}
"##,
    );
}
