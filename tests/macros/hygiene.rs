//! Generated code finds everything by itself: without a prelude, under other names, among items
//! and variables named like the language's and ours.

use wire as w;

use crate::Tested;

/// What a careless expansion would take for the language's own, or for ours.
#[expect(dead_code, non_camel_case_types, reason = "only their names matter")]
mod traps {
    pub(crate) struct Box;
    pub(crate) struct Err;
    pub(crate) struct FromWire;
    pub(crate) struct None;
    pub(crate) struct Ok;
    pub(crate) struct Option;
    pub(crate) struct Result;
    pub(crate) struct Some;
    pub(crate) struct String;
    pub(crate) struct ToWire;
    pub(crate) struct Vec;
    pub(crate) struct Wire;
    pub(crate) struct u8;
    pub(crate) mod core {}
    pub(crate) mod std {}
    pub(crate) mod wire {}
}

#[no_implicit_prelude]
mod without_a_prelude {
    #[expect(unused_imports, reason = "only their names matter")]
    use super::traps::*;

    /// In `i64`s, which are nobody's trap.
    #[::wire::remote_fn]
    pub(super) fn add(__call: i64, __wire: &[i64], __arguments: &str) -> i64 {
        ::std::assert!(__arguments.is_empty());
        __call + __wire[0]
    }

    #[::wire::remote_fn]
    pub(super) async fn wait(wire: &::wire::Wire, __reply: i64) -> i64 {
        ::std::assert!(wire.is_open());
        async {}.await;
        __reply
    }

    #[::wire::remote_fn(blocking, unwinds = ::std::string::String)]
    pub(super) fn block(__run: i64) -> ::std::result::Result<(i64, i64), ::std::string::String> {
        if __run < 0 {
            return ::std::result::Result::Err(::std::string::String::new());
        }
        ::std::result::Result::Ok((__run, 2))
    }

    #[::wire::remote_fn]
    fn declared(__list: i64, argument: &str) -> (i64, i64);

    #[::wire::remote_fn(as = declared)]
    pub(super) fn defined(__list: i64, argument: &str) -> (i64, i64) {
        match argument {
            "" => (__list, 0),
            _ => (__list, 1),
        }
    }

    #[::wire::remote_fn]
    pub(super) fn text(__parameters: i64) -> ::std::string::String {
        ::std::assert_eq!(__parameters, 1);
        ::std::string::String::new()
    }

    #[::wire::remote_fn(raw)]
    fn reads(__held: i64);

    #[::wire::remote_fn(raw, as = reads)]
    pub(super) async fn read(
        __input: &mut ::wire::RawInput<'_>,
        __call: &::wire::Wire,
        __held: i64,
    ) -> ::std::result::Result<(), ::wire::RawError> {
        ::std::assert!(__call.is_open() && __held == 1);
        let __value = __input.byte().await?;
        ::std::assert_eq!(__value, 7);
        ::std::result::Result::Ok(())
    }

    #[derive(::std::fmt::Debug, ::std::cmp::PartialEq, ::wire::FromWire, ::wire::ToWire)]
    pub(super) struct Named<T> {
        __record: i64,
        __out: ::std::option::Option<i64>,
        __input: T,
        #[wire(default)]
        __value: i64,
    }

    #[derive(::std::fmt::Debug, ::std::cmp::PartialEq, ::wire::FromWire, ::wire::ToWire)]
    pub(super) enum Either {
        Ok,
        Some(i64),
        None { __list: i64, __error: i64 },
    }

    #[::wire::remote_fn]
    pub(super) fn turn(named: Named<Either>) -> Named<Either> {
        named
    }

    #[expect(clippy::just_underscores_and_digits, reason = "names that an expansion may choose")]
    pub(super) async fn call(
        __wire: &::wire::Wire,
    ) -> ::std::result::Result<i64, ::wire::CallError> {
        let (__0, __1, __pending, __result) = (1_i64, 2_i64, 4_i64, 8_i64);
        ::wire::remote!(__wire, add(__1, [__0], ""), <add>(__1, &[__0], ""))?;
        let sum = ::wire::remote_value!(__wire, add(__1, [__0], "") -> i64).value().await?;
        ::std::assert_eq!(sum, 3);
        let sum = ::wire::remote_value!(__wire, <wait>(__pending), else __0).await?;
        ::std::assert_eq!(sum, 4);
        let sum = ::wire::remote_value_bind!(__wire, (__error: i64) = <add>(__1, &[__0], ""), {
            __error + __pending + __0
        } else |_unwound| 0)?;
        ::std::assert_eq!(sum, 8);
        let sum = ::wire::remote_value_bind!(__wire, (__0: i64, __1) = <defined>(__result, "x"), {
            __0 * 10 + __1
        })?;
        ::std::assert_eq!(sum, ::std::option::Option::Some(81));
        let sum = ::wire::remote_value_bind!(__wire, (a: i64, b: i64) = block(__0), a + b)?;
        ::std::assert_eq!(sum, ::std::option::Option::Some(3));
        let sum = ::wire::remote_value!(__wire, <wait>(@add(__1, [__0], @<text>(@<wait>(__0)))));
        ::std::assert_eq!(sum.value().await?, 3);
        let (mut __data, __seven) = (::wire::RawOutput::new(), 7);
        __data.byte(__seven);
        ::wire::remote!(__wire, <read>(__0) with __data, reads(__0) with &__data)?;
        ::wire::remote_value!(__wire, <reads>(__0) with &__data).value().await?;
        let named = || Named {
            __record: 1,
            __out: ::std::option::Option::None,
            __input: Either::None { __list: 1, __error: 2 },
            __value: 3,
        };
        let turned = ::wire::remote_value!(__wire, <turn>(named())).value().await?;
        ::std::assert_eq!(turned, named());
        ::std::assert_ne!(Either::Ok, Either::Some(1));
        ::std::result::Result::Ok(__pending)
    }

    pub(super) fn all() -> ::wire::Functions {
        ::wire::functions![add, wait, block, defined, text, turn, read]
    }
}

#[tokio::test]
async fn generated_code_needs_no_prelude_and_meets_no_names() -> Tested {
    let (here, _there) = w::Wire::pair(w::functions![], without_a_prelude::all())?;
    assert_eq!(without_a_prelude::call(&here).await?, 4);
    Ok(())
}

mod renamed {
    pub(super) use ::wire::remote_fn as exposed;
    pub(super) use ::wire::remote_value as ask;
    pub(super) use wire as somewhere_else;
}

#[renamed::exposed(crate = renamed::somewhere_else)]
fn twice(n: i64) -> i64 {
    2 * n
}

#[derive(w::FromWire, w::ToWire)]
#[wire(crate = renamed::somewhere_else, transparent)]
struct Number(i64);

#[tokio::test]
async fn macros_and_crate_may_go_by_other_names() -> Tested {
    let (here, _there) = w::Wire::pair(w::functions![], w::functions![twice])?;
    let Number(four) = renamed::ask!(here, twice(Number(2)) -> Number).value().await?;
    assert_eq!(four, 4);
    w::remote!(here, <twice>(1))?;
    assert_eq!(w::remote_value_bind!(here, (n) = <twice>(3), n)?, Some(6));
    Ok(())
}

/// The macros within macros of the user's, whose hygiene meets ours.
macro_rules! sum {
    ($wire:expr, $($number:expr),+) => {{
        let mut __result = 0;
        $(__result += w::remote_value!($wire, twice($number) -> i64).value().await?;)+
        __result
    }};
}

macro_rules! remote_functions {
    ($($name:ident($($argument:ident: $type:ty),*) -> $returned:ty $body:block)+) => {
        $(
            #[w::remote_fn]
            fn $name($($argument: $type),*) -> $returned $body
        )+
    };
}

remote_functions! {
    length(text: &str) -> u64 { text.len() as u64 }
    total(numbers: &[i64]) -> i64 { numbers.iter().sum() }
}

#[tokio::test]
async fn the_macros_work_within_macros() -> Tested {
    let (here, _there) = w::Wire::pair(w::functions![], w::functions![twice, length, total])?;
    assert_eq!(sum!(here, 1, 2), 6);
    assert_eq!(w::remote_value!(here, <length>("four")).value().await?, 4);
    assert_eq!(w::remote_value!(here, <total>(&[1, 2])).value().await?, 3);
    Ok(())
}
