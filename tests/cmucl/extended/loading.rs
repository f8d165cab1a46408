//! The file: loaded as source, compiled, and loaded once more.

use std::ffi::OsStr;
use std::path::Path;

use crate::lisp::Lisp;
use crate::live::check_alive;
use crate::program;

live!(extended; server => [all_of_it_is_compiled, loading_it_again_changes_nothing]);

/// What a CMUCL prints that evaluates `form` and nothing else.
async fn printed(form: &str) -> Option<String> {
    let lisp =
        program::start(&[Path::new("tests/cmucl/evaluate.lisp")], &[("FORM", OsStr::new(form))])?;
    let output = lisp.wait_with_output().await.unwrap();
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[tokio::test]
async fn as_source_it_loads_without_a_word() {
    let Some(printed) = printed("(load \"lisp/wire.lisp\")").await else { return };
    assert_eq!(printed.trim(), "T");
}

const INTERPRETED: &str = "(let ((interpreted '()))
                             (do-symbols (symbol :wire interpreted)
                               (when (and (fboundp symbol)
                                          (eval:interpreted-function-p (fdefinition symbol)))
                                 (push symbol interpreted))))";

async fn all_of_it_is_compiled(mut lisp: Lisp) {
    assert_eq!(lisp.eval(INTERPRETED).await, "NIL");
    lisp.eval("(load \"lisp/wire.lisp\")").await;
    assert_eq!(lisp.eval(INTERPRETED).await, "NIL");
    // The package is locked as it was: its functions are not replaced by chance.
    let form = "(list (ext:package-lock (find-package :wire))
                      (ext:package-definition-lock (find-package :wire)))";
    assert_eq!(lisp.eval(form).await, "(T T)");
    assert_eq!(lisp.eval("(defun wire:wire-listen (wire) wire)").await, "UNWOUND");
}

async fn loading_it_again_changes_nothing(mut lisp: Lisp) {
    let wire = super::wire(&mut lisp, crate::offer::offer()).await;
    lisp.eval("(defvar *token* (wire:make-remote-object (list 1)))").await;
    lisp.eval("(load \"lisp/wire.lisp\")").await;
    check_alive(&mut lisp, &wire).await;
    assert_eq!(lisp.eval("(wire:remote-object-value *token*)").await, "(1)");
}
