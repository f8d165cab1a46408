//! What processes a test has started.

use std::{fs, process};

/// The children of this process and their states, as Linux tells.
pub(crate) fn children() -> Vec<(i32, String)> {
    let own = process::id().to_string();
    let mut found = Vec::new();
    for entry in fs::read_dir("/proc").expect("Linux has it").flatten() {
        let Ok(stat) = fs::read_to_string(entry.path().join("stat")) else {
            continue;
        };
        // `pid (name) state parent ..`, and the name may hold anything.
        let (Some((pid, _)), Some((_, rest))) = (stat.split_once(' '), stat.rsplit_once(") "))
        else {
            continue;
        };
        let mut fields = rest.split(' ');
        let state = fields.next().unwrap_or_default().to_owned();
        if fields.next() == Some(&own) {
            found.push((pid.parse().expect("a process has a number"), state));
        }
    }
    found
}
