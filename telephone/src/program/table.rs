//! Tables as `ps` prints them: no lines, a head, as wide as the terminal.

use comfy_table::presets::NOTHING;
use comfy_table::{Attribute, Cell, ContentArrangement, Table};

/// A table with these words at its head.
pub(crate) fn with_head(head: &[&str]) -> Table {
    let mut table = Table::new();
    let head = head.iter().map(|word| Cell::new(word).add_attribute(Attribute::Bold));
    table
        .load_preset(NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_header(head);
    table
}

/// The table's text, without the blanks that fill its lines up.
pub(crate) fn text(table: &Table) -> String {
    table.lines().map(|line| line.trim_end().to_owned()).collect::<Vec<_>>().join("\n")
}
