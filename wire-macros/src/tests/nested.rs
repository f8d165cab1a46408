//! Calls among arguments.

use super::{expression, same};
use crate::{remote, remote_value};

#[test]
fn the_values_of_all_calls_are_evaluated_first_and_in_the_order_in_which_they_are_written() {
    let call = syn::parse_str("[wire] w, f(a, @p::g(b, @\"|H|\"()), c)").unwrap();
    same(
        &expression(&remote::expand(&call).unwrap()),
        r##"
fn main() {
    {
        let __result = match (&(w), &(a), &(b), &(c)) {
            (__wire, __1, __2, __3) => {
                wire::__private::notify(
                    __wire,
                    &[
                        wire::__private::Call::new(
                            {
                                static SITE: wire::__private::SymbolSite = wire::__private::SymbolSite::new(
                                    "F",
                                    "COMMON-LISP-USER",
                                );
                                wire::__private::Name::Site(&SITE)
                            },
                            &[
                                __1 as &dyn wire::__private::ToWire,
                                &wire::__private::Call::new(
                                    {
                                        static SITE: wire::__private::SymbolSite = wire::__private::SymbolSite::new(
                                            "G",
                                            "P",
                                        );
                                        wire::__private::Name::Site(&SITE)
                                    },
                                    &[
                                        __2 as &dyn wire::__private::ToWire,
                                        &wire::__private::Call::new(
                                            {
                                                static SITE: wire::__private::SymbolSite = wire::__private::SymbolSite::new(
                                                    "H",
                                                    "COMMON-LISP-USER",
                                                );
                                                wire::__private::Name::Site(&SITE)
                                            },
                                            &[],
                                        ) as &dyn wire::__private::ToWire,
                                    ],
                                ) as &dyn wire::__private::ToWire,
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
fn a_typed_call_of_which_an_argument_is_a_call() {
    let call = syn::parse_str("[wire] w, <m::f>(@<m::g>(x), 3, @h())").unwrap();
    same(
        &expression(&remote_value::expand(&call).unwrap()),
        r##"
fn main() {
    {
        let __pending = match (
            &(w),
            <m::g>::__call(x),
            wire::__private::parameters::of(<m::f>::__parameters()).row().rest().take(3),
        ) {
            (__wire, __1, __2) => {
                wire::__private::value_as(
                    <m::f>::__first(),
                    __wire,
                    wire::__private::Call::new(
                        wire::__private::parameters::of(<m::f>::__parameters())
                            .row()
                            .rest()
                            .rest()
                            .rest()
                            .end(wire::__private::name::<m::f>()),
                        &[
                            &wire::__private::parameters::of(<m::f>::__parameters())
                                .row()
                                .call(
                                    <m::g>::__first(),
                                    wire::__private::Call::new(
                                        wire::__private::name::<m::g>(),
                                        &<m::g>::__list(&__1),
                                    ),
                                ) as &dyn wire::__private::ToWire,
                            &__2 as &dyn wire::__private::ToWire,
                            &wire::__private::parameters::of(<m::f>::__parameters())
                                .row()
                                .rest()
                                .rest()
                                .any_call(
                                    wire::__private::Call::new(
                                        {
                                            static SITE: wire::__private::SymbolSite = wire::__private::SymbolSite::new(
                                                "H",
                                                "COMMON-LISP-USER",
                                            );
                                            wire::__private::Name::Site(&SITE)
                                        },
                                        &[],
                                    ),
                                ) as &dyn wire::__private::ToWire,
                        ],
                    ),
                )
            }
        };
        __pending
    }
}
"##,
    );
}

#[test]
fn mistakes_in_calls_among_arguments_are_collected() {
    let call = syn::parse_str("[wire] w, a::b::f(@self::g(1), @\"\"(@\"1\"()))").unwrap();
    let error = remote::expand(&call).unwrap_err();
    assert_eq!(error.into_iter().count(), 4);
}
