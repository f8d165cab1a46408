//! The table of recorded forms.

/// A form, what its side sent, and what the other answered.
pub(crate) struct Row<'a> {
    pub(crate) form: &'a str,
    pub(crate) sent: Vec<u8>,
    pub(crate) answered: Vec<u8>,
}

pub(crate) fn rows(table: &str) -> impl Iterator<Item = Row<'_>> {
    table.lines().map(|line| {
        let mut columns = line.split('\t');
        let mut column = || columns.next().expect("three columns");
        Row { form: column(), sent: octets(column()), answered: octets(column()) }
    })
}

fn octets(hex: &str) -> Vec<u8> {
    let octet = |at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap();
    (0..hex.len()).step_by(2).map(octet).collect()
}
