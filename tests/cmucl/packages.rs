//! Symbols of other packages, and of packages that the other side does not have.

use wire::{Symbol, Value, Wire, functions, remote, remote_fn, remote_value};

use crate::lisp::Lisp;
use crate::live::Peer;
use crate::offer::offer;

live!(octets, classic, extended; server, client => [
    our_names_reach_other_packages,
    a_package_that_lisp_lacks,
    a_package_that_lisp_lacks_in_a_call_for_its_effect,
    names_of_lisp_reach_other_packages,
    a_package_that_we_do_not_know,
]);

async fn our_names_reach_other_packages(mut lisp: Lisp) {
    let wire = lisp.wire(offer()).await;
    assert_eq!(remote_value!(wire, common_lisp::car((1, 2)) -> i64).value().await.unwrap(), 1);
    // COMMON-LISP-USER finds what it inherits.
    assert_eq!(remote_value!(wire, "1+"(41) -> i64).value().await.unwrap(), 42);
    // A nickname is as good for CMUCL.
    assert_eq!(remote_value!(wire, cl::max(3, 5, 4) -> i64).value().await.unwrap(), 5);
    let twice = remote_value!(wire, elsewhere::twice(21) -> i64);
    assert_eq!(twice.value().await.unwrap(), 42);
    let lower = remote_value!(wire, "elsewhere::|Lower case|"() -> Symbol).value().await.unwrap();
    assert_eq!(lower, Symbol::read("elsewhere::|a symbol|").unwrap());
    let package =
        remote_value!(wire, package_of(Symbol::read("elsewhere::new").unwrap()) -> String);
    assert_eq!(package.value().await.unwrap(), "ELSEWHERE");
}

/// What is not in the package that is missing.
async fn check_others(wire: &Wire) {
    let known = Value::read("(a :b elsewhere::c nil)").unwrap();
    for _ in 0..2 {
        let back = remote_value!(wire, echo(known) -> Value).value().await.unwrap();
        assert_eq!(back, known);
    }
    assert_eq!(remote_value!(wire, add(1, 2) -> i64).value().await.unwrap(), 3);
}

async fn a_package_that_lisp_lacks(mut lisp: Lisp) {
    let wire = lisp.wire(offer()).await;
    let missing = Value::read("no-such-package::thing").unwrap();
    let amid = Value::read("(1 :before no-such-package::thing (:after 2))").unwrap();
    check_others(&wire).await;
    for _ in 0..3 {
        let unwound = remote_value!(wire, no_such_package::f(1) -> i64).await.unwrap();
        assert_eq!(unwound, (None, true));
        check_others(&wire).await;
        for argument in [&missing, &amid] {
            let unwound = remote_value!(wire, echo(argument) -> Value).await.unwrap();
            assert_eq!(unwound, (None, true));
            check_others(&wire).await;
        }
        remote!(wire, no_such_package::g(1), note(2)).unwrap();
        check_others(&wire).await;
    }
    lisp.eval("(defpackage :no-such-package)").await;
    // Once the package is there, so are its symbols: what an aborted call saved is sent again.
    let back = remote_value!(wire, echo(missing) -> Value).value().await.unwrap();
    assert_eq!(back, missing);
}

/// Nobody is told what becomes of a call for its effect.
async fn a_package_that_lisp_lacks_in_a_call_for_its_effect(mut lisp: Lisp) {
    let wire = lisp.wire(offer()).await;
    let amid = Value::read("(:before no-such-package::thing :after)").unwrap();
    remote!(wire, note(amid), note(7)).unwrap();
    assert_eq!(remote_value!(wire, notes() -> Vec<i64>).value().await.unwrap(), [7]);
    let (back, unwound) = remote_value!(wire, echo(amid) -> Value).await.unwrap();
    if lisp.peer() == Peer::Octets {
        // The symbol that could not be read stays what the cache holds where nothing is.
        assert_eq!(back, Some(Value::read("(:before 0 :after)").unwrap()));
    } else {
        assert!(unwound, "{back:?}");
    }
    check_others(&wire).await;
}

#[remote_fn]
fn twice(n: i64) -> i64 {
    2 * n
}

#[remote_fn(name = "elsewhere::|Lower case|")]
fn lower_case() -> Symbol {
    Symbol::read("elsewhere::|a symbol|").unwrap()
}

async fn names_of_lisp_reach_other_packages(mut lisp: Lisp) {
    let ours = functions![twice].package("ELSEWHERE").merge(functions![lower_case]);
    let _wire = lisp.wire(offer().merge(ours)).await;
    assert_eq!(lisp.eval("(wire:remote-value *wire* (elsewhere::twice 21))").await, "42");
    // It was exposed in that package alone, ADD in none.
    assert_eq!(lisp.eval("(wire:remote-value *wire* (twice 21) :unwound)").await, ":UNWOUND");
    assert_eq!(lisp.eval("(wire:remote-value *wire* (elsewhere::add 1 2))").await, "3");
    let lower = lisp.eval("(wire:remote-value *wire* (elsewhere::|Lower case|))").await;
    assert_eq!(lower, "ELSEWHERE::|a symbol|");
}

async fn a_package_that_we_do_not_know(mut lisp: Lisp) {
    let _wire = lisp.wire(offer()).await;
    lisp.eval("(defpackage :of-lisp-alone)").await;
    for _ in 0..3 {
        let call = "(wire:remote-value *wire* (of-lisp-alone::f 1) :unwound)";
        assert_eq!(lisp.eval(call).await, ":UNWOUND");
        let back = lisp.eval("(wire:remote-value *wire* (echo '(of-lisp-alone::a :b)))").await;
        assert_eq!(back, "(OF-LISP-ALONE::A :B)");
    }
}
