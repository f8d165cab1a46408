//! What the page `wire::cmucl` says of CMUCL: its symbols, and what its forms give.

use crate::lisp::Lisp;
use crate::offer::offer;

live!(octets; server, client => [the_table_has_the_symbols_it_exports, the_forms_give_what_is_said]);
// What wire.lisp exports besides is its own.
live!(classic, extended; server, client => [the_forms_give_what_is_said]);

const PAGE: &str = include_str!("../../wire/src/cmucl.rs");

async fn the_table_has_the_symbols_it_exports(mut lisp: Lisp) {
    let form = "(let ((all '()))
                  (do-external-symbols (symbol :wire) (push symbol all))
                  (format nil \"~{~A~^ ~}\" (sort (mapcar #'symbol-name all) #'string<)))";
    let symbols: Vec<_> = include_str!("../vectors/symbols.txt").lines().collect();
    assert_eq!(lisp.eval(form).await, format!("{:?}", symbols.join(" ")));
}

async fn the_forms_give_what_is_said(mut lisp: Lisp) {
    let _wire = lisp.wire(offer()).await;
    let code = PAGE.lines().filter_map(|line| line.strip_prefix("//!"));
    let (mut form, mut count) = (String::new(), 0);
    for line in code {
        let (lisps, values) = line.split_once("; => ").unwrap_or((line, ""));
        // A form begins at the margin.
        if line.starts_with(" (") {
            form.clear();
        }
        form.push_str(lisps.trim());
        form.push(' ');
        if !values.is_empty() {
            assert_eq!(lisp.eval(&format!("(let ((wire *wire*)) {form})")).await, values, "{form}");
            count += 1;
        }
    }
    assert!(count > 3, "the page shows values");
}
