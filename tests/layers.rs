//! The layers of `wire`, as ARCHITECTURE.md draws them: an arrow only goes down, and nothing below
//! the handle knows a socket, a task or a clock.
#![expect(clippy::unwrap_used, reason = "a test says what it expects by failing")]

use std::fs;
use std::path::{Path, PathBuf};

/// From the lowest to the highest. Modules of one row do not know each other.
const LAYERS: &[&[&str]] = &[
    &["token", "limits", "by_type", "spare"],
    &["object"],
    &["value"],
    &["codec"],
    &["convert"],
    &["session"],
    &["handle"],
    &["function"],
    &["net"],
];

/// Until this layer, nothing does input or output, waits, or asks what time it is.
const PURE_BELOW: &str = "handle";
/// Until this layer, nothing names a socket or starts a task.
const TASKLESS_BELOW: &str = "net";

const IMPURE: &[&str] = &["tokio", "std::net", "std::io", "Instant", "SystemTime", "std::thread"];
const TASKS: &[&str] = &["tokio::net", "tokio::spawn", "tokio::process", "std::net::Tcp"];

#[test]
fn arrows_only_go_down() {
    let mut breaches = Vec::new();
    for (file, module) in sources() {
        let rank = rank(&module);
        for (line, code) in code_of(&file) {
            for named in crate_modules_in(&code) {
                let Some(theirs) = LAYERS.iter().position(|row| row.contains(&&*named)) else {
                    continue;
                };
                if named != module && theirs >= rank {
                    breaches.push(format!("{}:{line}: {module} names {named}", file.display()));
                }
            }
            if code.contains("use crate::{") || code.contains("super::super") {
                breaches.push(format!("{}:{line}: {}", file.display(), code.trim()));
            }
        }
    }
    assert!(breaches.is_empty(), "{}", breaches.join("\n"));
}

#[test]
fn the_core_knows_no_world() {
    let mut breaches = Vec::new();
    for (file, module) in sources() {
        let banned = if rank(&module) < rank(PURE_BELOW) {
            IMPURE
        } else if rank(&module) < rank(TASKLESS_BELOW) {
            TASKS
        } else {
            continue;
        };
        for (line, code) in code_of(&file) {
            for word in banned.iter().filter(|word| code.contains(**word)) {
                breaches.push(format!("{}:{line}: {module} names {word}", file.display()));
            }
        }
    }
    assert!(breaches.is_empty(), "{}", breaches.join("\n"));
}

#[test]
fn the_drawing_shows_these_layers_and_every_room() {
    let drawing = fs::read_to_string("ARCHITECTURE.md").unwrap();
    let heights: Vec<_> = LAYERS
        .iter()
        .rev()
        .map(|row| drawing.find(&format!("\n  {}  ", row.join("   "))))
        .collect();
    assert!(heights.iter().all(Option::is_some) && heights.is_sorted(), "{heights:?}");
    for (file, _) in sources() {
        let room = file.file_stem().unwrap().to_str().unwrap();
        let drawn = [format!("`{room}`"), format!("/{room}`")];
        assert!(drawn.iter().any(|name| drawing.contains(name)), "{} is not drawn", file.display());
    }
}

fn rank(module: &str) -> usize {
    let rank = LAYERS.iter().position(|row| row.contains(&module));
    rank.unwrap_or_else(|| panic!("module {module} is in no layer: draw it in ARCHITECTURE.md"))
}

/// Every source file below a layer's module, with that module's name. The facade is not a layer.
fn sources() -> Vec<(PathBuf, String)> {
    const FACADE: &[&str] = &["lib", "cmucl", "macros", "private"];
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("wire/src");
    let mut found = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let inside = path.strip_prefix(&root).unwrap().with_extension("");
            let module = inside.iter().next().unwrap().to_str().unwrap().to_owned();
            let is_test = inside.iter().any(|part| part == "tests");
            if !FACADE.contains(&&*module) && !is_test {
                found.push((path, module));
            }
        }
    }
    assert!(found.len() > 40, "the sources were not found");
    found
}

/// The lines of code of a file, numbered: without comments and the file's own tests.
fn code_of(file: &Path) -> Vec<(usize, String)> {
    let text = fs::read_to_string(file).unwrap();
    let code = text.split("\n#[cfg(test)]\nmod tests {").next().unwrap();
    let lines = code.lines().enumerate();
    lines
        .map(|(number, line)| (number + 1, line.split("//").next().unwrap().to_owned()))
        .filter(|(_, line)| !line.trim().is_empty())
        .collect()
}

/// The modules named as `crate::module`.
fn crate_modules_in(code: &str) -> Vec<String> {
    let ends = |c: char| !(c.is_alphanumeric() || c == '_');
    let parts = code.split("crate::").skip(1);
    parts.map(|rest| rest.split(ends).next().unwrap_or_default().to_owned()).collect()
}
