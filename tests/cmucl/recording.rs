//! The recordings that the ordinary tests compare with are what CMUCL sends today.

use std::path::Path;
use std::{env, fs, process};

use crate::live::in_time;
use crate::program::start;

#[tokio::test]
async fn cmucl_sends_what_was_recorded() {
    let table = env::temp_dir().join(format!("wire-{}-macros.tsv", process::id()));
    let files = ["lisp/octets.lisp", "tests/cmucl/record.lisp"].map(Path::new);
    let Some(lisp) = start(&files, &[("TABLE", table.as_os_str())]) else { return };
    let output = in_time(lisp.wait_with_output()).await.unwrap();
    let recorded = fs::read_to_string(&table).unwrap();
    fs::remove_file(&table).unwrap();
    assert!(output.status.success(), "{output:?}");
    let kept = include_str!("../vectors/macros.tsv");
    for (recorded, kept) in recorded.lines().zip(kept.lines()) {
        assert_eq!(recorded, kept, "tests/vectors/README.md says how to record again");
    }
    assert_eq!(recorded.lines().count(), kept.lines().count());
}
