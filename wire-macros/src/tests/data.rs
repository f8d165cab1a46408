//! What follows a call untagged, at either end.

use super::{expression, pretty, same, tokens};
use crate::{remote_fn, remote_value};

#[test]
fn data_is_evaluated_behind_the_arguments() {
    let call = syn::parse_str("[wire] w, put(name) with &data -> u64").unwrap();
    same(
        &expression(&remote_value::expand(&call).unwrap()),
        r##"
fn main() {
    {
        let __pending = match (&(w), &(name), &(&data)) {
            (__wire, __1, __2) => {
                wire::__private::value::<
                    u64,
                >(
                    __wire,
                    wire::__private::Call::new(
                            {
                                static SITE: wire::__private::SymbolSite = wire::__private::SymbolSite::new(
                                    "PUT",
                                    "COMMON-LISP-USER",
                                );
                                wire::__private::Name::Site(&SITE)
                            },
                            &[__1 as &dyn wire::__private::ToWire],
                        )
                        .with(__2),
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
fn a_typed_call_says_that_data_follows() {
    let call = syn::parse_str("[wire] w, <store::put>(name) with data").unwrap();
    let text = expression(&remote_value::expand(&call).unwrap());
    assert!(text.contains("wire::__private::name_with_data::<store::put>()"), "{text}");
}

#[test]
fn the_future_of_a_raw_function_owns_the_input() {
    let function = "async fn put(input: &mut RawInput<'_>, room: &Room, name: String) -> u64 { 0 }";
    let text = pretty(&remote_fn::remote_fn(tokens("raw"), tokens(function)));
    let run = text.split("run: ").nth(1).unwrap().split("\n}").next().unwrap();
    same(
        run,
        r##"
|__call| {
            let __context_0 = __call.context::<Room>("Room")?;
            let __0 = __call.argument::<String>("name")?;
            let mut __held = __call.held()?;
            let __reply = __call.reply();
            __call
                .later(
                    __reply
                        .future(async move {
                            let mut __input = __held.input();
                            let __value = put(&mut __input, &*__context_0, __0).await;
                            __value
                        }),
                )
        },
    };
"##,
    );
    assert!(text.contains("type Data = ::wire::__private::UntaggedData;"), "{text}");
}
