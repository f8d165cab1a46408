//! Generated code finds everything by itself: there is no prelude here, the crate goes by another
//! name, and the user's own items have the names of the language's.
#![deny(warnings)]

mod support;

use support::wire as renamed;

macro_rules! wired {
    ($name:ident! $($input:tt)*) => { ::wire_macros::$name! { [crate::renamed] $($input)* } };
}

/// What a careless expansion would take for the language's own.
#[expect(dead_code, non_camel_case_types, reason = "only their names matter")]
mod traps {
    pub(crate) struct Option;
    pub(crate) struct Result;
    pub(crate) struct String;
    pub(crate) struct Some;
    pub(crate) struct u8;
    pub(crate) mod core {}
    pub(crate) mod std {}
}
#[no_implicit_prelude]
mod without_a_prelude {
    #[expect(unused_imports, reason = "only their names matter")]
    use crate::traps::*;
    use crate::{renamed, support};

    /// In `i64`s, which are nobody's trap.
    #[::wire_macros::remote_fn(crate = crate::renamed)]
    fn add(__call: i64, __wire: &[i64], __arguments: &str) -> i64 {
        ::std::assert!(__arguments.is_empty());
        __call + __wire[0]
    }

    #[::wire_macros::remote_fn(crate = crate::renamed)]
    async fn wait(wire: &renamed::__private::Wire, __reply: i64) -> i64 {
        ::std::assert!(wire.log().is_empty());
        __reply
    }

    #[test]
    #[expect(clippy::just_underscores_and_digits, reason = "names that an expansion may choose")]
    fn locals_do_not_meet() {
        let __wire = <renamed::__private::Wire as ::std::default::Default>::default();
        let __0 = 1_i64;
        let __1 = 2_i64;
        ::std::assert!(wired!(__remote! __wire, f(__1, __0), <add>(__1, &[__0], "")).is_ok());
        ::std::assert_eq!(
            __wire.log(),
            [
                "(COMMON-LISP-USER::F Int(2) Int(1)) (COMMON-LISP-USER::ADD Int(2) List([Int(1)]) Str(\"\"))"
            ]
        );
        __wire.answer(&[renamed::__private::Datum::Int(3)]);
        let __pending = 4_i64;
        let sum = support::block_on(async {
            wired!(__remote_value_bind! __wire, (__error: i64) = <add>(__1, &[__0], ""), {
            __error + __pending + __0
        } else |_unwound| 0)
        });
        ::std::assert!(::std::matches!(sum, ::std::result::Result::Ok(8)));
        ::std::assert_eq!(wired!(__functions! add, wait).0.len(), 2);
    }
}
