//! The page names all that the code has: ops, limits, conditions, keys. And nothing on it is left
//! unchecked.

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use wire::codec::{Hello, Op, Reads};
use wire::{FromWire, Limits, ToWire, Value, Wire, functions, remote_fn};

use crate::meaning::Direction;
use crate::page::{Block, Octet, PAGE, blocks};
use crate::peer;

/// How each block is checked begins its header; there are no others.
const CHECKED: &[&str] = &[
    "objects classic",
    "objects extended",
    "conversation classic",
    "conversation extended",
    "conversation from the first octet",
    "typed classic",
    "typed extended",
    "refused",
    "ends",
    "untagged",
];

#[test]
fn every_example_is_in_a_form_that_is_checked() {
    let blocks = blocks();
    for Block { header, entries } in &blocks {
        let known = CHECKED.contains(&header.strip_suffix(", only read").unwrap_or(header));
        assert!(known, "nothing checks the blocks `wire {header}`");
        assert!(!entries.is_empty(), "a block `wire {header}` is empty");
        for entry in entries {
            let says = entry.said.starts_with("rust ") || entry.said.starts_with("peer shuts");
            let place = format!("docs/protocol.md, line {}: {}", entry.line, entry.said);
            assert_eq!(
                entry.octets.is_empty(),
                says,
                "{place}: octets are where something is said"
            );
        }
    }
    for header in CHECKED {
        assert!(blocks.iter().any(|block| block.header == *header), "no example of `{header}`");
    }
    let fences = PAGE.lines().filter(|line| line.starts_with("```") && *line != "```");
    let (wire, other): (Vec<_>, Vec<_>) = fences.partition(|line| line.starts_with("```wire "));
    assert_eq!((wire.len(), other), (blocks.len(), vec!["```text"]), "a block escapes the reader");
}

#[test]
fn octets_in_the_text_stand_in_an_example_too() {
    let blocks = blocks();
    let octets = |entry: &crate::page::Entry| {
        let octet = |octet: &Octet| if let Octet::Is(octet) = octet { *octet } else { 0 };
        entry.octets.iter().map(octet).collect::<Vec<u8>>()
    };
    let examples: Vec<_> = blocks.iter().flat_map(|block| &block.entries).map(octets).collect();
    // Every second piece between backticks is code.
    let code = PAGE.lines().flat_map(|line| line.split('`').skip(1).step_by(2));
    let mut count = 0;
    for span in code.filter(|span| span.contains(' ')) {
        let pairs: String = span.split(' ').collect();
        let digits = pairs.chars().all(|c| c.is_ascii_hexdigit());
        if digits && pairs.len() % 2 == 0 {
            let octet = |at| u8::from_str_radix(&pairs[at..at + 2], 16).unwrap();
            let shown: Vec<u8> = (0..pairs.len()).step_by(2).map(octet).collect();
            let checked = |example: &Vec<u8>| example.windows(shown.len()).any(|w| w == shown);
            assert!(examples.iter().any(checked), "`{span}` stands in no example");
            count += 1;
        }
    }
    assert!(count > 0, "the text shows octets");
}

#[test]
fn every_link_within_the_page_leads_to_a_heading() {
    let letter = |c: char| match c {
        ' ' | '-' => Some('-'),
        c => c.is_alphanumeric().then(|| c.to_ascii_lowercase()),
    };
    let headings = PAGE.lines().filter(|line| line.starts_with('#'));
    let anchors: HashSet<String> = headings
        .map(|line| line.trim_start_matches('#').trim().chars().filter_map(letter).collect())
        .collect();
    for link in PAGE.split("](#").skip(1).map(|rest| rest.split(')').next().unwrap()) {
        assert!(anchors.contains(link), "#{link} leads nowhere");
    }
}

#[test]
fn every_op_is_in_a_table_and_begins_an_example() {
    let firsts: HashSet<u8> = blocks()
        .iter()
        .flat_map(|block| &block.entries)
        .filter_map(|entry| match entry.octets.first() {
            Some(Octet::Is(octet)) => Some(*octet),
            _ => None,
        })
        .collect();
    for op in (0..=u8::MAX).filter_map(Op::from_byte) {
        let row = format!("\n| {} | {op} | ", op.byte());
        assert!(PAGE.contains(&row), "no row of op {op}");
        assert!(firsts.contains(&op.byte()), "no example begins with op {op}");
    }
}

#[test]
fn every_limit_is_named_with_its_default() {
    let shown = format!("{:?}", Limits::default());
    let fields = shown.split_once('{').unwrap().1.trim_end_matches('}');
    for field in fields.split(',') {
        let (name, default) = field.split_once(':').unwrap();
        let row = format!("\n| `{}` | ", name.trim());
        let (_, told) = PAGE.split_once(&row).unwrap_or_else(|| panic!("no row of{name}"));
        let told = told.split(" |").next().unwrap().replace([',', ' '], "");
        assert_eq!(told, default.trim(), "{name}");
    }
}

#[test]
fn the_times_are_those_of_a_builder() {
    let builder = format!("{:?}", Wire::builder());
    for (setting, told) in [
        ("idle: 15s", "asks after 15 s of silence"),
        ("dead: 60s", "15 s of silence until a ping and 60 s until the end"),
        ("close_grace: 5s", "waits 5 s for that"),
    ] {
        assert!(builder.contains(setting) && PAGE.contains(told), "{setting}: {builder}");
    }
}

#[test]
fn every_word_of_a_hello_is_in_the_grammar() {
    let hello = Hello::new(Reads::ALL, &Limits::default()).to_string();
    for word in hello.split(' ').skip(1) {
        let (key, _) = word.split_once('=').unwrap();
        assert!(PAGE.contains(&format!("\"{key}=\" ")), "{key} is in no rule");
    }
}

#[test]
fn every_name_of_the_protocol_is_told() {
    for name in literals("session/builtin.rs", "    \"", "\" => ") {
        assert!(PAGE.contains(&format!("`{name}`")), "{name} is not told");
    }
    for key in literals("session/reason.rs", "(\"", "\", ") {
        assert!(PAGE.contains(&format!("\n| `:{key}` | ")), "no row of :{key}");
    }
}

#[test]
fn every_condition_is_told() {
    let mut conditions = HashSet::new();
    let mut folders = vec!["wire/src".into()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir::<std::path::PathBuf>(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if !path.ends_with("tests.rs") {
                let file = path.strip_prefix("wire/src").unwrap();
                conditions.extend(literals(file, "Unwound::new(\"", "\","));
            }
        }
    }
    assert!(conditions.len() > 5, "{conditions:?}");
    for condition in conditions {
        assert!(PAGE.contains(&format!("\n| `{condition}` | ")), "no row of {condition}");
    }
}

/// What stands between the two in the code of a file.
fn literals(file: impl AsRef<Path>, before: &str, after: &str) -> Vec<String> {
    let text = fs::read_to_string(Path::new("wire/src").join(file)).unwrap();
    let code = text.split("\n#[cfg(test)]\nmod tests {").next().unwrap();
    let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
    let parts = lines.filter_map(|line| line.split_once(before)?.1.split_once(after));
    parts.map(|(literal, _)| literal.to_owned()).collect()
}

/// Documented, so that its description has every key.
#[remote_fn]
fn described(a: i64) -> i64 {
    a
}

#[test]
fn every_key_of_a_functions_description_is_told() {
    let infos = functions![described].package("MATH").infos();
    let mut octets = bytes::BytesMut::new();
    let classic = peer("classic");
    let mut out = wire::Encoder::new(&mut octets, None, &classic);
    infos[0].to_wire(&mut out).unwrap();
    let mut direction = Direction::new(classic.clone());
    direction.meaning(&octets).unwrap();
    let info = Value::from_wire(&mut direction.decoder(&octets)).unwrap();
    let keys: Vec<_> = info.iter().filter_map(Value::as_symbol).collect();
    assert_eq!(keys.len(), 6, "{info}");
    for key in keys {
        assert!(PAGE.contains(&format!("\n| `{key}` | ")), "no row of {key}");
    }
}
