//! Numbers as a reader takes them in.

/// Three digits that mean something, with commas between thousands.
pub(crate) fn figure(number: f64) -> String {
    if number == 0.0 {
        return "0".to_owned();
    }
    let before_point = number.abs().log10().floor() as i32 + 1;
    let places = (3 - before_point).max(0);
    if places > 0 {
        return format!("{number:.*}", places as usize);
    }
    let unit = 10f64.powi(before_point - 3);
    thousands(((number / unit).round() * unit) as u64)
}

/// All digits, with commas between thousands.
pub(crate) fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// Rows of cells as a Markdown table whose columns also stand under each other as text: the first
/// to the left, the others to the right.
pub(crate) fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.first().map_or(0, Vec::len);
    let width = |column: usize| {
        rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default()
    };
    let widths: Vec<_> = (0..columns).map(width).collect();
    let mut text = String::new();
    for (number, row) in rows.iter().enumerate() {
        for (column, cell) in row.iter().enumerate() {
            let width = widths[column];
            text += &if column == 0 {
                format!("| {cell:<width$} ")
            } else {
                format!("| {cell:>width$} ")
            };
        }
        text += "|\n";
        if number == 0 {
            for (column, width) in widths.iter().enumerate() {
                text += &if column == 0 {
                    format!("|{}", "-".repeat(width + 2))
                } else {
                    format!("|{}:", "-".repeat(width + 1))
                };
            }
            text += "|\n";
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_digits_and_commas() {
        let shown = [0.0, 0.01234, 1.0, 30.0, 123.4, 890_123.0, 13_812_345.0].map(figure);
        assert_eq!(shown, ["0", "0.0123", "1.00", "30.0", "123", "890,000", "13,800,000"]);
        assert_eq!(thousands(1_048_576), "1,048,576");
    }

    #[test]
    fn a_table_is_markdown_with_straight_edges() {
        let cells = |row: &[&str]| row.iter().map(|&cell| cell.to_owned()).collect();
        let text = table(&[cells(&["row", "a"]), cells(&["longer", "1"])]);
        assert_eq!(text, "| row    | a |\n|--------|--:|\n| longer | 1 |\n");
    }
}
