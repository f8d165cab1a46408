//! Limits: ours, which Lisp is told and keeps, and Lisp's own.

use wire::{CallError, Limits, Value, Wire, remote_value};

use crate::lisp::Lisp;
use crate::live::check_alive;
use crate::offer::offer;

live!(extended; server => [
    lisp_sends_nothing_heavier_than_we_read,
    lisp_sends_nothing_deeper_than_we_read,
    lisp_saves_no_more_than_we_keep,
    lisp_tells_how_much_it_reads,
]);
live!(classic; server => [what_is_too_heavy_for_lisp_is_refused]);

/// A wire whose end here has these limits.
async fn limited(lisp: &mut Lisp, limits: Limits) -> Wire {
    lisp.eval("(load \"tests/cmucl/extended.lisp\")").await;
    let port = lisp.serve().await;
    let builder = lisp.peer().builder().limits(limits).functions(offer());
    let wire = builder.connect(("127.0.0.1", port)).await.unwrap();
    wire.sync().await.unwrap();
    wire
}

async fn lisp_sends_nothing_heavier_than_we_read(mut lisp: Lisp) {
    let wire = limited(&mut lisp, Limits::default().object_weight(10_000)).await;
    for argument in [
        "(alphabets 10000)",
        "(up-to 400)",
        "(ramp 10000)",
        "(make-array 2000 :element-type 'double-float)",
    ] {
        let form = format!(
            "(handler-case (wire:remote-value *wire* (echo {argument}))
               (error (error) (princ-to-string error)))"
        );
        let said = lisp.eval(&form).await;
        assert!(said.contains("and the peer reads 10000"), "{said}");
    }
    let error = remote_value!(wire, up_to(1000) -> Value).value().await.unwrap_err();
    assert!(matches!(&error, CallError::Unwound(reason) if reason.is("NOT-SENDABLE")), "{error}");
    assert!(error.to_string().contains("and the peer reads 10000"), "{error}");
    // What fits is charged as we charge it.
    let form = "(dolist (count '(290 300 310))
                  (ignore-errors (wire:remote-value *wire* (echo (up-to count)))))";
    lisp.eval(form).await;
    assert_eq!(wire.stats().objects_refused, 0);
    check_alive(&mut lisp, &wire).await;
}

async fn lisp_sends_nothing_deeper_than_we_read(mut lisp: Lisp) {
    let wire = limited(&mut lisp, Limits::default().depth(10)).await;
    for (depth, fits) in [(9, true), (10, false), (100_000, false)] {
        let form = format!(
            "(handler-case (depth-of (wire:remote-value *wire* (echo (deep {depth}))))
               (error (error) (princ-to-string error)))"
        );
        let said = lisp.eval(&form).await;
        match fits {
            true => assert_eq!(said, depth.to_string()),
            false => assert!(said.contains("deeper than the 10 levels"), "{said}"),
        }
        let (value, unwound) = remote_value!(wire, deep(depth) -> Value).await.unwrap();
        assert_eq!(unwound, !fits, "{depth}: {value:?}");
    }
    assert_eq!(wire.stats().objects_refused, 0);
    check_alive(&mut lisp, &wire).await;
}

async fn lisp_saves_no_more_than_we_keep(mut lisp: Lisp) {
    let few = Limits::default().cache_entries(20);
    let small = Limits::default().cache_bytes(500);
    for limits in [few, small] {
        let wire = limited(&mut lisp, limits).await;
        let form = "(loop repeat 3
                          always (loop for n below 50
                                       for symbol = (named (format nil \"SYMBOL-~D\" n))
                                       always (eq symbol (wire:remote-value *wire* (echo symbol)))))";
        assert_eq!(lisp.eval(form).await, "T");
        for n in (0..50).cycle().take(150) {
            let name = format!("SYMBOL-{n}");
            let symbol = remote_value!(wire, named(name) -> wire::Symbol).value().await.unwrap();
            assert_eq!(symbol.name(), name);
        }
        assert_eq!(wire.stats().objects_refused, 0);
    }
}

async fn lisp_tells_how_much_it_reads(mut lisp: Lisp) {
    lisp.eval("(setf wire:*object-limit* 10000)").await;
    let wire = limited(&mut lisp, Limits::default()).await;
    let text = "x".repeat(10_000);
    let error = remote_value!(wire, echo(text) -> String).value().await.unwrap_err();
    assert!(matches!(error, CallError::Unsendable { .. }), "{error}");
    assert!(error.to_string().contains("10000"), "{error}");
    check_alive(&mut lisp, &wire).await;
}

async fn what_is_too_heavy_for_lisp_is_refused(mut lisp: Lisp) {
    lisp.eval("(setf wire:*object-limit* 10000)").await;
    let wire = limited(&mut lisp, Limits::default()).await;
    let symbol = wire::Symbol::read("saved-in-it").unwrap();
    for heavy in [
        &"x".repeat(100_000) as &(dyn wire::ToWire + Sync),
        &vec![1; 1000],
        &num_bigint::BigInt::from(2).pow(100_000),
        &vec![vec!["text"; 100]; 10],
    ] {
        let unwound = remote_value!(wire, list(heavy, symbol) -> Value).await.unwrap();
        assert_eq!(unwound, (None, true));
        assert!(lisp.eval("(logged)").await.contains("weighs more than 10000"));
        // A symbol that was saved behind it is known.
        assert_eq!(
            remote_value!(wire, echo(symbol) -> wire::Symbol).value().await.unwrap(),
            symbol
        );
        check_alive(&mut lisp, &wire).await;
    }
}
