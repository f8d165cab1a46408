use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;

use rustix::process::Signal;

use crate::support::{House, Server, finish, shared, signal};

#[track_caller]
fn piped(house: &House, arguments: &[&str], typed: &str) -> (String, String) {
    let mut caller = house.caller(&[arguments, &["repl"]].concat());
    let output = caller.write_stdin(typed).assert().success().get_output().clone();
    let text = |octets: Vec<u8>| String::from_utf8(octets).unwrap();
    (text(output.stdout), text(output.stderr))
}

#[test]
fn each_form_has_a_result() {
    let house = House::new();
    let server = shared();
    let typed = "(+ 1 2)\n(list 1\n  \"a ( b\" ; )\n 2) 'c\n\n#| nothing |#\n(* 2 3)";
    assert_eq!(piped(&house, &["-p", &server.url], typed).0, "3\n(1 \"a ( b\" 2)\nC\n6\n");
}

#[test]
fn definitions_go_ahead_of_what_follows() {
    let house = House::new();
    let server = shared();
    let typed = "(defun square (x) (* x x))\n(square 12)\n(define two 2)\n(square two)\n\
                 (defun square (x) (list x x))\n(square two)\n,forget square\n(square two)\n\
                 ,definitions\n(+ two 1)\n";
    let (values, told) = piped(&house, &["-p", &server.url], typed);
    let values: Vec<_> = values.lines().collect();
    assert_eq!(values, ["SQUARE", "144", "2", "4", "SQUARE", "(2 2)", "(define two 2)", "3"]);
    assert!(told.contains("UNDEFINED-FUNCTION"), "{told}");
}

#[test]
fn a_hint_is_shown_where_a_form_fails_and_the_repl_stays() {
    let house = House::new();
    let server = shared();
    let typed =
        "(/ 1 0)\n(defun broken (x) (nothing-of-this-name))\n(broken 1)\n)\n(+ 1 2)\n(unended";
    let (values, told) = piped(&house, &["-p", &server.url], typed);
    assert_eq!(values, "BROKEN\n3\n");
    for word in ["DIVISION-BY-ZERO", "UNDEFINED-FUNCTION", "READER-ERROR", "ends before"] {
        assert!(told.contains(word), "{word} in {told}");
    }
}

#[test]
fn commands_with_a_comma_are_the_repls_own() {
    let house = House::new();
    let (kitchen, mut attic) = (Server::start(&house), Server::start(&house));
    house.run(&["partner", "add", "kitchen", &kitchen.url]);
    house.run(&["partner", "add", "attic", &attic.url]);
    let typed = "(defun f () 'f)\n,partner attic\n(f)\n,functions machine\n,jobs\n,status\n,help\n\
                 ,nonsense\n,partner nobody\n,quit\n(never)\n";
    let (values, told) = piped(&house, &[], typed);
    assert!(values.starts_with("F\nF\n(machine-instance)"), "{values}");
    assert!(values.contains("(progn (defun f () 'f) (f) )"), "jobs of attic: {values}");
    assert!(values.contains("telephone 0."), "status: {values}");
    assert!(values.contains(",definitions"), "help: {values}");
    assert!(told.contains("no ,nonsense") && told.contains("no partner is called"), "{told}");
    attic.kill();
    let (values, told) = piped(&house, &["-p", "attic"], "(+ 1 2)\n,partner kitchen\n(+ 1 2)\n");
    assert_eq!(values, "3\n");
    assert!(told.contains("nobody answers"), "{told}");
}

#[test]
fn with_json_each_form_has_a_document() {
    let house = House::new();
    let server = shared();
    let (values, _) = piped(&house, &["--json", "-p", &server.url], "(+ 1 2)\n(/ 1 0)\n");
    let states: Vec<_> = values
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["state"].clone())
        .collect();
    assert_eq!(states, ["finished", "unwound"]);
}

#[test]
fn ctrl_c_cancels_the_form_that_runs_and_the_repl_stays() {
    let house = House::new();
    let server = Server::start(&house);
    let mut command = house.command(&["-p", &server.url, "repl"]);
    let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
    let mut typed = child.stdin.take().unwrap();
    typed.write_all(b"(sleep 60)\n").unwrap();
    server.line();
    signal(child.id(), Signal::INT);
    let mut told = String::new();
    BufReader::new(child.stderr.as_mut().unwrap()).read_line(&mut told).unwrap();
    assert!(told.contains("is cancelled"), "{told}");
    typed.write_all(b"(+ 1 2)\n").unwrap();
    drop(typed);
    let (code, values, _) = finish(child);
    assert_eq!((code, values.as_str()), (Some(0), "3\n"));
    assert!(house.run(&["-p", &server.url, "jobs", "--state", "cancelled"]).contains("(sleep 60)"));
}
