//! The derives.

use super::{pretty, same, tokens};
use crate::derive;

#[test]
fn a_struct_out() {
    let item = "struct Job<T> { id: T, exit: Option<i64> }";
    same(
        &pretty(&derive::to_wire(tokens(item))),
        r##"
const _: () = {
    static __SHAPE: ::wire::__private::Shape = ::wire::__private::Shape::new(
        &["ID", "EXIT"],
    );
    #[automatically_derived]
    impl<T> ::wire::__private::ToWire for Job<T>
    where
        T: ::wire::__private::ToWire,
    {
        fn to_wire(
            &self,
            __out: &mut ::wire::__private::Encoder<'_>,
        ) -> ::core::result::Result<(), ::wire::__private::Unsendable> {
            let Self { id: __0, exit: __1 } = self;
            let mut __record = __out.record(&__SHAPE)?;
            if let ::core::option::Option::Some(__out) = __record.field(false)? {
                ::wire::__private::ToWire::to_wire(__0, __out)?;
            }
            if let ::core::option::Option::Some(__out) = __record
                .field(::wire::__private::ToWire::is_absent(__1))?
            {
                ::wire::__private::ToWire::to_wire(__1, __out)?;
            }
            __record.end()
        }
        #[inline]
        fn flat_to_wire(
            &self,
            __out: &mut ::wire::__private::FlatEncoder<'_>,
        ) -> ::core::option::Option<()> {
            let Self { id: __0, exit: __1 } = self;
            __out
                .record(
                    &__SHAPE,
                    |__out| {
                        ::wire::__private::ToWire::flat_to_wire(__0, __out)?;
                        ::wire::__private::ToWire::flat_to_wire(__1, __out)?;
                        ::core::option::Option::Some(())
                    },
                )
        }
    }
};
#[automatically_derived]
impl<T> ::wire::__private::NeverNil<::wire::__private::Outward> for Job<T> {}
"##,
    );
}

#[test]
fn an_enum_in() {
    let item = "enum Move { Stop, Turn { by: i64 } }";
    same(
        &pretty(&derive::from_wire(tokens(item))),
        r##"
#[automatically_derived]
impl ::wire::__private::FromWire for Move {
    fn from_wire(
        __input: &mut ::wire::__private::Decoder<'_>,
    ) -> ::core::result::Result<Self, ::wire::__private::WrongType> {
        const __KNOWN: &[(&::core::primitive::str, ::core::primitive::bool)] = &[
            ("STOP", false),
            ("TURN", true),
        ];
        match __input.kind() {
            ::wire::__private::Kind::Symbol => {
                let __key = __input.keyword("Move")?;
                match &*__key {
                    "STOP" => ::core::result::Result::Ok(Self::Stop {}),
                    __key => {
                        ::core::result::Result::Err(
                            ::wire::__private::unknown_variant("Move", __key, __KNOWN),
                        )
                    }
                }
            }
            ::wire::__private::Kind::List | ::wire::__private::Kind::Vector => {
                let mut __list = __input.list()?;
                let __variant = match __list.next()? {
                    ::core::option::Option::Some(__input) => {
                        let __key = __input.keyword("Move")?;
                        match &*__key {
                            "STOP" => 0usize,
                            "TURN" => 1usize,
                            __key => {
                                return ::core::result::Result::Err(
                                    ::wire::__private::unknown_variant("Move", __key, __KNOWN),
                                );
                            }
                        }
                    }
                    ::core::option::Option::None => {
                        return ::core::result::Result::Err(
                            ::wire::__private::unknown_variant("Move", "", __KNOWN),
                        );
                    }
                };
                match __variant {
                    0usize => {
                        __list.finish("Move::Stop")?;
                        ::core::result::Result::Ok(Self::Stop {})
                    }
                    _ => {
                        let mut __0: ::core::option::Option<i64> = ::core::option::Option::None;
                        while let ::core::option::Option::Some(__input) = __list.next()?
                        {
                            let __field = match &*__input.keyword("Move::Turn")? {
                                "BY" => 0usize,
                                _ => 1usize,
                            };
                            let ::core::option::Option::Some(__input) = __list.next()?
                            else { break };
                            match __field {
                                0usize if ::core::option::Option::is_none(&__0) => {
                                    __0 = ::core::option::Option::Some(
                                        ::wire::__private::FromWire::from_wire(__input)
                                            .map_err(|__error| {
                                                __error.within("field `by` of Move::Turn")
                                            })?,
                                    );
                                }
                                _ => __input.skip()?,
                            }
                        }
                        let __0 = match __0 {
                            ::core::option::Option::Some(__value) => __value,
                            ::core::option::Option::None => {
                                ::wire::__private::missing_field("Move::Turn", "by")?
                            }
                        };
                        ::core::result::Result::Ok(Self::Turn { by: __0 })
                    }
                }
            }
            _ => ::core::result::Result::Err(__input.wrong("a Move")),
        }
    }
}
#[automatically_derived]
impl ::wire::__private::NeverNil<::wire::__private::Inward> for Move {}
"##,
    );
}
