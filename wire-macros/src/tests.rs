//! What the macros write, as a reader of `cargo expand` would see it.

use proc_macro2::TokenStream;

use crate::{derive, functions, remote, remote_fn, remote_value, remote_value_bind};

/// The expansion of an expression, as the body of a function.
fn expression(tokens: &TokenStream) -> String {
    pretty(&quote::quote!(fn main() { #tokens }))
}

fn pretty(tokens: &TokenStream) -> String {
    let file = syn::parse2(tokens.clone()).unwrap_or_else(|error| panic!("{error}: {tokens}"));
    prettyplease::unparse(&file)
}

fn tokens(text: &str) -> TokenStream {
    text.parse().unwrap()
}

#[track_caller]
fn same(found: &str, expected: &str) {
    assert!(found.trim() == expected.trim(), "found:\n{found}\nexpected:\n{expected}");
}

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
                        wire::__private::Name::Site(
                            <math::add as wire::__private::Declared>::site(),
                        ),
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

#[test]
fn an_async_function_with_context() {
    let function = "/// Greets.\npub async fn greet(room: &Room, wire: &Wire, name: &str) -> String { room.title(name) }";
    same(
        &pretty(&remote_fn::remote_fn(TokenStream::new(), tokens(function))),
        r##"
#[doc(hidden)]
pub enum greet {}
impl ::wire::__private::Declared for greet {
    const NAME: &'static ::core::primitive::str = "GREET";
    const PACKAGE: ::core::option::Option<&'static ::core::primitive::str> = ::core::option::Option::None;
    const COUNT: ::core::primitive::u8 = 1u8;
    fn site() -> &'static ::wire::__private::SymbolSite {
        static SITE: ::wire::__private::SymbolSite = ::wire::__private::SymbolSite::new(
            "GREET",
            "COMMON-LISP-USER",
        );
        &SITE
    }
}
impl greet {
    #[doc(hidden)]
    pub fn __call<'argument>(
        name: &'argument ::core::primitive::str,
    ) -> (&'argument ::core::primitive::str,) {
        (name,)
    }
    #[doc(hidden)]
    pub fn __list<'list, T0: ::wire::__private::ToWire>(
        __arguments: &'list (T0,),
    ) -> [&'list dyn ::wire::__private::ToWire; 1usize] {
        [&__arguments.0]
    }
    #[doc(hidden)]
    pub fn __arguments() -> ::core::marker::PhantomData<(::std::string::String,)> {
        ::core::marker::PhantomData
    }
    #[doc(hidden)]
    pub fn __returns() -> ::core::marker::PhantomData<String> {
        ::core::marker::PhantomData
    }
    #[doc(hidden)]
    pub fn __first() -> ::core::marker::PhantomData<String> {
        ::core::marker::PhantomData
    }
    #[doc(hidden)]
    pub fn __values() -> ::core::marker::PhantomData<(String,)> {
        ::core::marker::PhantomData
    }
}
impl ::wire::__private::RemoteFn for greet {
    const DEFINITION: &'static ::wire::__private::Definition = &::wire::__private::Definition {
        name: <Self as ::wire::__private::Declared>::NAME,
        package: <Self as ::wire::__private::Declared>::PACKAGE,
        docs: "Greets.",
        file: ::core::file!(),
        line: ::core::line!(),
        parameters: &[
            ::wire::__private::Parameter {
                name: "name",
                ty: "&str",
            },
        ],
        returns: "String",
        kind: ::wire::__private::FunctionKind::Async,
        needs: &[
            ::wire::__private::Need {
                type_name: "Room",
                id: ::core::any::TypeId::of::<Room>,
            },
        ],
        run: |__call| {
            let __context_0 = __call.context::<Room>("Room")?;
            let __0 = __call.argument::<::std::string::String>("name")?;
            let __wire = ::core::clone::Clone::clone(__call.wire());
            let __reply = __call.reply();
            ::core::result::Result::Ok(
                __reply.future(async move { greet(&*__context_0, &__wire, &*__0).await }),
            )
        },
    };
}
/// Greets.
pub async fn greet(room: &Room, wire: &Wire, name: &str) -> String {
    room.title(name)
}
"##,
    );
}

#[test]
fn an_implementation_of_a_declaration() {
    let function = "fn add(a: i64, b: i64) -> Result<i64, E> { Ok(a + b) }";
    same(
        &pretty(&remote_fn::remote_fn(
            tokens("as = math::add, unwinds = E, crate = w"),
            tokens(function),
        )),
        r##"
#[doc(hidden)]
enum add {}
impl w::__private::Declared for add {
    const NAME: &'static ::core::primitive::str = <math::add as w::__private::Declared>::NAME;
    const PACKAGE: ::core::option::Option<&'static ::core::primitive::str> = <math::add as w::__private::Declared>::PACKAGE;
    const COUNT: ::core::primitive::u8 = 1u8;
    fn site() -> &'static w::__private::SymbolSite {
        <math::add as w::__private::Declared>::site()
    }
}
impl add {
    #[doc(hidden)]
    fn __call(a: i64, b: i64) -> (i64, i64) {
        (a, b)
    }
    #[doc(hidden)]
    fn __list<'list, T0: w::__private::ToWire, T1: w::__private::ToWire>(
        __arguments: &'list (T0, T1),
    ) -> [&'list dyn w::__private::ToWire; 2usize] {
        [&__arguments.0, &__arguments.1]
    }
    #[doc(hidden)]
    fn __arguments() -> ::core::marker::PhantomData<(i64, i64)> {
        ::core::marker::PhantomData
    }
    #[doc(hidden)]
    fn __returns() -> ::core::marker::PhantomData<i64> {
        ::core::marker::PhantomData
    }
    #[doc(hidden)]
    fn __first() -> ::core::marker::PhantomData<i64> {
        ::core::marker::PhantomData
    }
    #[doc(hidden)]
    fn __values() -> ::core::marker::PhantomData<(i64,)> {
        ::core::marker::PhantomData
    }
}
impl w::__private::RemoteFn for add {
    const DEFINITION: &'static w::__private::Definition = &w::__private::Definition {
        name: <Self as w::__private::Declared>::NAME,
        package: <Self as w::__private::Declared>::PACKAGE,
        docs: "",
        file: ::core::file!(),
        line: ::core::line!(),
        parameters: &[
            w::__private::Parameter {
                name: "a",
                ty: "i64",
            },
            w::__private::Parameter {
                name: "b",
                ty: "i64",
            },
        ],
        returns: "Result<i64, E>",
        kind: w::__private::FunctionKind::Plain,
        needs: &[],
        run: |__call| {
            let __0 = __call.argument::<i64>("a")?;
            let __1 = __call.argument::<i64>("b")?;
            __call.done_unwinds::<_, E>(add(__0, __1))
        },
    };
}
const _: fn() = || {
    let (__0, __1) = w::__private::declared(<math::add>::__arguments());
    w::__private::same::<i64, _>(__0);
    w::__private::same::<i64, _>(__1);
    w::__private::same::<i64, _>(w::__private::declared(<math::add>::__returns()));
};
fn add(a: i64, b: i64) -> Result<i64, E> {
    Ok(a + b)
}
"##,
    );
}

#[test]
fn a_struct_out() {
    let item = "struct Job<T> { id: T, exit: Option<i64> }";
    same(
        &pretty(&derive::to_wire(tokens(item))),
        r##"
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
        static SHAPE: ::wire::__private::Shape = ::wire::__private::Shape::new(
            &["ID", "EXIT"],
        );
        let mut __record = __out.record(&SHAPE)?;
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
}
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

#[test]
fn mistakes_are_collected_and_the_function_stays() {
    let expansion = remote_fn::remote_fn(
        tokens("blocking"),
        tokens("async fn f<T>(a: &String, (b, c): (i64, i64)) -> &str { \"\" }"),
    );
    let text = expansion.to_string();
    assert_eq!(text.matches("compile_error").count(), 5);
    assert!(text.contains("async fn f < T >"));
}
