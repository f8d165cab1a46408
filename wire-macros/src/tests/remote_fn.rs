//! `#[remote_fn]`.

use proc_macro2::TokenStream;

use super::{pretty, same, tokens};
use crate::remote_fn;

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
    type Data = ::wire::__private::NoUntaggedData;
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
    pub fn __parameters() -> ::core::marker::PhantomData<
        ((::wire::__private::parameters::Str, ()), ()),
    > {
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
            __call
                .later(
                    __reply
                        .future(async move {
                            greet(&*__context_0, &__wire, &*__0).await
                        }),
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
    type Data = w::__private::NoUntaggedData;
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
    fn __parameters() -> ::core::marker::PhantomData<
        (
            (
                w::__private::parameters::Owned<i64>,
                (w::__private::parameters::Owned<i64>, ()),
            ),
            (),
        ),
    > {
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
    w::__private::same_data::<add, math::add>();
};
fn add(a: i64, b: i64) -> Result<i64, E> {
    Ok(a + b)
}
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
