//! What a process holds.

use std::fs::read_to_string;

use crate::Result;

/// KiB of memory that the process has made and touched: heap, stacks and what it has written to,
/// without the pages of its program and without the kernel's buffers.
pub(crate) fn kib(process: u32) -> Result<f64> {
    let path = format!("/proc/{process}/smaps_rollup");
    let text = read_to_string(&path).map_err(|error| format!("{path}: {error}"))?;
    let line = text.lines().find_map(|line| line.strip_prefix("Anonymous:"));
    let figure = line.and_then(|line| line.split_whitespace().next());
    Ok(figure.ok_or_else(|| format!("{path} tells no anonymous memory"))?.parse()?)
}
