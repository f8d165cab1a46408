//! The layers of `wire` and of `telephone`, as ARCHITECTURE.md draws them: an arrow only goes down,
//! and nothing below the handle of `wire` knows a socket, a task or a clock.
#![expect(clippy::unwrap_used, reason = "a test says what it expects by failing")]

use std::fs;
use std::path::{Path, PathBuf};

/// A crate: where its sources are, and what stands on what in it.
struct House {
    sources: &'static str,
    /// From the lowest to the highest. Modules of one row do not know each other.
    layers: &'static [&'static [&'static str]],
    /// What stands above all layers, and may name any.
    facade: &'static [&'static str],
}

const WIRE: House = House {
    sources: "wire/src",
    layers: &[
        &["token", "limits", "by_type", "spare"],
        &["object"],
        &["value"],
        &["codec"],
        &["convert"],
        &["session"],
        &["handle"],
        &["function"],
        &["net"],
    ],
    facade: &["lib", "cmucl", "macros", "private"],
};

const TELEPHONE: House = House {
    sources: "telephone/src",
    layers: &[
        &["job"],
        &["api", "original", "lisp"],
        &["queue", "evaluator", "partner"],
        &["server", "partners", "map"],
    ],
    // The program is a crate of its own, over the library's public face.
    facade: &["lib", "main", "program"],
};

/// Until this layer, nothing does input or output, waits, or asks what time it is.
const PURE_BELOW: &str = "handle";
/// Until this layer, nothing names a socket or starts a task.
const TASKLESS_BELOW: &str = "net";

const IMPURE: &[&str] = &["tokio", "std::net", "std::io", "Instant", "SystemTime", "std::thread"];
const TASKS: &[&str] = &["tokio::net", "tokio::spawn", "tokio::process", "std::net::Tcp"];

#[test]
fn arrows_only_go_down() {
    let mut breaches = Vec::new();
    for house in [WIRE, TELEPHONE] {
        for (file, module) in house.rooms() {
            for (line, code) in code_of(&file) {
                for named in crate_modules_in(&code).iter().filter(|named| **named != module) {
                    if house.row(named).is_some_and(|row| row >= house.rank(&module)) {
                        breaches.push(format!("{}:{line}: {module} names {named}", file.display()));
                    }
                }
                if code.contains("use crate::{") || code.contains("super::super") {
                    breaches.push(format!("{}:{line}: {}", file.display(), code.trim()));
                }
            }
        }
    }
    assert!(breaches.is_empty(), "{}", breaches.join("\n"));
}

#[test]
fn the_core_knows_no_world() {
    let mut breaches = Vec::new();
    for (file, module) in WIRE.rooms() {
        let banned = if WIRE.rank(&module) < WIRE.rank(PURE_BELOW) {
            IMPURE
        } else if WIRE.rank(&module) < WIRE.rank(TASKLESS_BELOW) {
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
    for house in [WIRE, TELEPHONE] {
        let place = |row: &&[&str]| drawing.find(&format!("\n  {}  ", row.join("   ")));
        let heights: Vec<_> = house.layers.iter().rev().map(place).collect();
        assert!(heights.iter().all(Option::is_some) && heights.is_sorted(), "{heights:?}");
        for (file, _) in house.rooms() {
            let room = file.file_stem().unwrap().to_str().unwrap();
            let drawn = [format!("`{room}`"), format!("/{room}`")];
            let is_drawn = drawn.iter().any(|name| drawing.contains(name));
            assert!(is_drawn, "{} is not drawn", file.display());
        }
    }
}

impl House {
    fn row(&self, module: &str) -> Option<usize> {
        self.layers.iter().position(|row| row.contains(&module))
    }

    fn rank(&self, module: &str) -> usize {
        let row = self.row(module);
        row.unwrap_or_else(|| panic!("module {module} is in no layer: draw it in ARCHITECTURE.md"))
    }

    /// Every source file below a layer's module, with that module's name.
    fn rooms(&self) -> Vec<(PathBuf, String)> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(self.sources);
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
                let is_source = path.extension().is_some_and(|extension| extension == "rs");
                if is_source && !self.facade.contains(&&*module) && !is_test {
                    found.push((path, module));
                }
            }
        }
        assert!(found.len() > 40, "the sources were not found");
        found
    }
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
