//! The recordings that the ordinary tests compare with are what CMUCL sends today.

use std::path::Path;
use std::{env, fs, process};

use crate::live::in_time;
use crate::names::Names;
use crate::program::start;
use crate::table::{Row, rows};

const KEPT: &str = include_str!("../vectors/macros.tsv");

/// What a CMUCL that has loaded this file records. `None` if there is no CMUCL.
async fn record(file: &str) -> Option<String> {
    let name = Path::new(file).file_stem()?.to_str()?;
    let table = env::temp_dir().join(format!("wire-{}-{name}.tsv", process::id()));
    let files = [file, "tests/cmucl/record.lisp"].map(Path::new);
    let lisp = start(&files, &[("TABLE", table.as_os_str())])?;
    let output = in_time(lisp.wait_with_output()).await.unwrap();
    assert!(output.status.success(), "{output:?}");
    let recorded = fs::read_to_string(&table).unwrap();
    fs::remove_file(&table).unwrap();
    Some(recorded)
}

#[tokio::test]
async fn cmucl_sends_what_was_recorded() {
    let Some(recorded) = record("lisp/octets.lisp").await else { return };
    for (recorded, kept) in recorded.lines().zip(KEPT.lines()) {
        assert_eq!(recorded, kept, "tests/vectors/README.md says how to record again");
    }
    assert_eq!(recorded.lines().count(), KEPT.lines().count());
}

#[tokio::test]
async fn with_wire_lisp_it_sends_the_same() {
    let Some(recorded) = record("lisp/wire.lisp").await else { return };
    let plain = |row: &Row<'_>| {
        let mut names = Names::default();
        (row.form.to_owned(), names.number(&row.sent), names.number(&row.answered))
    };
    for (recorded, kept) in rows(&recorded).zip(rows(KEPT)) {
        // There a character may be more than an octet.
        if !recorded.form.contains("code-char") {
            assert_eq!(plain(&recorded), plain(&kept));
        }
    }
    assert_eq!(recorded.lines().count(), KEPT.lines().count());
}
