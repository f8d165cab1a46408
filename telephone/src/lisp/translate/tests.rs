//! What commands become.

use super::*;

fn scheme(text: &str) -> String {
    let forms = Form::read_all(text).unwrap();
    translate(&forms, &HashMap::new()).map_or_else(|error| error.message, |program| program.source)
}

#[test]
fn no_name_of_a_command_goes_into_the_scheme() {
    let source = scheme("(let ((command 1)) (|require| \"a\") (setq secret command) #'|eval|)");
    for name in ["command", "require", "secret", "eval"] {
        assert!(!source.contains(name), "{name} stands in {source}");
    }
}

#[test]
fn the_docs_name_all_that_the_language_has_and_nothing_else() {
    let named = |title: &str, names: Vec<&str>| format!("//! | {title} | `{}` |", names.join(" "));
    let specials = table::SPECIALS.iter().map(|(names, _)| *names).collect();
    let mut rows = vec![named("Special forms", specials)];
    for group in table::GROUPS {
        rows.push(named(group.title, group.builtins.iter().map(|row| row.names).collect()));
    }
    let docs = include_str!("../../lisp.rs");
    let table: Vec<_> = docs.lines().filter(|line| line.starts_with("//! | ")).skip(1).collect();
    assert_eq!(table, rows);
}

#[test]
fn no_name_has_two_meanings() {
    let functions = table::GROUPS.iter().flat_map(|group| group.builtins).map(|row| row.names);
    let all = functions.chain(table::SPECIALS.iter().map(|(names, _)| *names));
    let mut names: Vec<_> = all.flat_map(|names| names.split(' ')).collect();
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count);
}

#[test]
fn every_function_of_the_language_is_defined() {
    let prelude = include_str!("../../evaluator/child/prelude.scm");
    for row in table::GROUPS.iter().flat_map(|group| group.builtins) {
        let scheme = row.scheme;
        let defined = prelude.contains(&format!("(define ({scheme} "))
            || crate::evaluator::is_native(scheme)
            || ["+", "-", "*"].contains(&scheme);
        assert!(defined, "{scheme}, for {}", row.names);
    }
}

#[test]
fn what_has_no_meaning_says_so() {
    for (text, message) in [
        ("(1 . 2)", "a dotted list is no call: (1 . 2)"),
        ("(if)", "too few or too many parts in: (IF)"),
        ("(let (1) 2)", "no binding: 1"),
        ("(lambda (&aux x) x)", "not covered in parameters: &AUX"),
        ("(return 1)", "there is no block named NIL around (RETURN 1)"),
        (
            "(loop for x in l)",
            "the clauses of loop (FOR here) are not covered; use dolist, dotimes or do: (LOOP FOR X IN L)",
        ),
    ] {
        assert_eq!(scheme(text), message, "{text}");
    }
}
