//! None to seven values, for none to seven variables.

use wire::{Functions, Wire, functions, remote_fn, remote_value, remote_value_bind};

use crate::lisp::Lisp;
use crate::offer::offer;

live!(octets, classic, extended; server, client => [values_of_lisp, values_of_ours, without_variables]);

/// What variables are bound to by so many of the values 1, 2, ..
fn bound(variables: usize, values: usize) -> Vec<Option<i64>> {
    (1..=variables).map(|n| (n <= values).then_some(n as i64)).collect()
}

async fn values_of_lisp(mut lisp: Lisp) {
    let wire = lisp.wire(offer()).await;
    for n in 0..=7 {
        assert_eq!(
            remote_value!(wire, many(n) -> Option<i64>).value().await.unwrap(),
            bound(1, n)[0]
        );
        for (variables, values) in bind_each(&wire, n).await.into_iter().enumerate() {
            assert_eq!(values, bound(variables + 1, n), "{n} values");
        }
    }
}

/// What `(MANY n)` binds one to seven variables to.
async fn bind_each(wire: &Wire, n: usize) -> [Vec<Option<i64>>; 7] {
    macro_rules! bind {
        ($($variable:ident)+) => {
            remote_value_bind!(wire, ($($variable: Option<i64>),+) = many(n), vec![$($variable),+])
                .unwrap()
                .unwrap()
        };
    }
    [
        bind!(a),
        bind!(a b),
        bind!(a b c),
        bind!(a b c d),
        bind!(a b c d e),
        bind!(a b c d e f),
        bind!(a b c d e f g),
    ]
}

#[remote_fn]
fn values_0() {}

#[remote_fn]
fn values_1() -> i64 {
    1
}

#[remote_fn]
fn values_2() -> (i64, i64) {
    (1, 2)
}

#[remote_fn]
fn values_3() -> (i64, i64, i64) {
    (1, 2, 3)
}

#[remote_fn]
fn values_4() -> (i64, i64, i64, i64) {
    (1, 2, 3, 4)
}

#[remote_fn]
fn values_5() -> (i64, i64, i64, i64, i64) {
    (1, 2, 3, 4, 5)
}

#[remote_fn]
fn values_6() -> (i64, i64, i64, i64, i64, i64) {
    (1, 2, 3, 4, 5, 6)
}

#[remote_fn]
fn values_7() -> (i64, i64, i64, i64, i64, i64, i64) {
    (1, 2, 3, 4, 5, 6, 7)
}

fn values() -> Functions {
    functions![values_0, values_1, values_2, values_3, values_4, values_5, values_6, values_7]
}

async fn values_of_ours(mut lisp: Lisp) {
    let _wire = lisp.wire(offer().merge(values())).await;
    for n in 0..=7 {
        let first = if n == 0 { "NIL" } else { "1" };
        assert_eq!(lisp.eval(&format!("(wire:remote-value *wire* (values-{n}))")).await, first);
        for variables in 1..=7 {
            let names = &"a b c d e f g"[..2 * variables - 1];
            let form =
                format!("(wire:remote-value-bind *wire* ({names}) (values-{n}) (list {names}))");
            let values = bound(variables, n).into_iter();
            let printed =
                values.map(|value| value.map_or_else(|| "NIL".to_owned(), |n| n.to_string()));
            let printed: Vec<_> = printed.collect();
            assert_eq!(lisp.eval(&form).await, format!("({})", printed.join(" ")), "{form}");
        }
    }
}

async fn without_variables(mut lisp: Lisp) {
    let wire = lisp.wire(offer()).await;
    let at_once = remote_value_bind!(wire, () = note("from here"), "at once").unwrap();
    assert_eq!(at_once, Some("at once"));
    let form = "(wire:remote-value-bind *wire* () (note \"from Lisp\") :at-once)";
    assert_eq!(lisp.eval(form).await, ":AT-ONCE");
    let theirs = remote_value!(wire, notes() -> Vec<String>).value().await.unwrap();
    assert_eq!(theirs, ["from here"]);
    assert_eq!(lisp.eval("(wire:remote-value *wire* (notes))").await, "(\"from Lisp\")");
}
