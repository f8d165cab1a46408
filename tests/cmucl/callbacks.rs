//! Functions that call their caller, which calls back; and both sides at once.

use wire::{CallError, Unwound, Wire, functions, remote_fn, remote_value};

use crate::lisp::Lisp;
use crate::live::Peer;
use crate::offer::offer;

live!(octets, classic, extended; server, client => [
    callbacks_of_our_calls_nest_ten_deep,
    callbacks_of_calls_of_lisp_nest_ten_deep,
    an_unwinding_at_the_bottom_unwinds_all,
    both_sides_call_at_once,
]);

async fn callbacks_of_our_calls_nest_ten_deep(mut lisp: Lisp) {
    let wire = lisp.wire(offer()).await;
    // Ten times each side waits for the other.
    assert_eq!(remote_value!(wire, descend(20) -> i64).value().await.unwrap(), 20);
}

async fn callbacks_of_calls_of_lisp_nest_ten_deep(mut lisp: Lisp) {
    let _wire = lisp.wire(offer()).await;
    assert_eq!(lisp.eval("(wire:remote-value *wire* (ascend 20))").await, "20");
}

/// As `ascend`, and at the bottom it unwinds.
#[remote_fn]
async fn ascend_and_bail(wire: &Wire, n: i64) -> Result<i64, CallError> {
    if n == 0 {
        return Err(CallError::Unwound(Unwound::new("BOTTOM", "there is no deeper")));
    }
    Ok(1 + remote_value!(wire, descend_and_bail(n - 1) -> i64).value().await?)
}

async fn an_unwinding_at_the_bottom_unwinds_all(mut lisp: Lisp) {
    let wire = lisp.wire(offer().merge(functions![ascend_and_bail])).await;
    for depth in [19, 20] {
        let unwound = remote_value!(wire, descend_and_bail(depth) -> i64).await.unwrap();
        assert_eq!(unwound, (None, true), "{depth}");
        let form = format!("(wire:remote-value *wire* (ascend-and-bail {depth}) :unwound)");
        // As it comes, what unwinds a callback unwinds all that is on Lisp's one stack.
        let all = if lisp.peer() == Peer::Octets { "UNWOUND" } else { ":UNWOUND" };
        assert_eq!(lisp.eval(&form).await, all, "{depth}");
        assert_eq!(remote_value!(wire, add(1, 2) -> i64).value().await.unwrap(), 3);
    }
}

async fn both_sides_call_at_once(mut lisp: Lisp) {
    let wire = lisp.wire(offer()).await;
    // CMUCL evaluates arguments while it writes them: a call to the peer must not stand there.
    let form = "(loop for n below 300
                      for two = (wire:remote-value *wire* (ascend 2))
                      sum (wire:remote-value *wire* (add n two)))";
    let ours = async {
        let mut sum = 0;
        for n in 0..300 {
            sum += remote_value!(wire, add(n, 2) -> i64).value().await.unwrap();
            assert_eq!(remote_value!(wire, descend(2) -> i64).value().await.unwrap(), 2);
        }
        sum
    };
    let sum: i64 = (0..300).map(|n| n + 2).sum();
    let (theirs, ours) = tokio::join!(lisp.eval(form), ours);
    assert_eq!((&*theirs, ours), (&*sum.to_string(), sum));
}
