//! The page `wire::cmucl` has each symbol that CMUCL exports from its package `WIRE`, once.

/// Sorted, one a line. `tests/cmucl` asks a real CMUCL whether these are the ones.
const SYMBOLS: &str = include_str!("vectors/symbols.txt");

const PAGE: &str = include_str!("../wire/src/cmucl.rs");

#[test]
fn each_exported_symbol_has_a_row_with_a_counterpart_or_a_reason() {
    let rows = PAGE.lines().filter_map(|line| line.strip_prefix("//! | `"));
    let mut named = Vec::new();
    for row in rows {
        let (symbol, cells) = row.split_once("` | ").unwrap();
        let (counterpart, differs) = cells.split_once("| ").unwrap();
        assert!(counterpart.len() + differs.trim_end_matches(" |").len() > 10, "{row}");
        named.push(symbol);
    }
    named.sort_unstable();
    assert_eq!(named, SYMBOLS.lines().collect::<Vec<_>>());
}
