use crate::support::{House, Server, shared};

#[test]
fn two_terminals() {
    let house = House::new();
    let server = Server::start(&house);
    let out = house.run(&["--partner", &server.url, "run", "(+ 1 2)"]);
    assert_eq!(out, "3\n");
    let line = server.line();
    let (id, rest) = line.split_once(' ').unwrap();
    assert!(id.starts_with('G'), "{line}");
    assert_eq!(rest, "remote request: (+ 1 2)");
}

#[test]
fn a_command_that_unwinds_leaves_its_hint_and_the_server_well() {
    let house = House::new();
    let server = shared();
    let (code, told) = house.fail(&["--partner", &server.url, "run", "(/ 1 0)"]);
    assert_eq!(code, 1);
    assert!(told.contains("DIVISION-BY-ZERO"), "{told}");
    assert_eq!(house.run(&["-p", &server.url, "run", "(list 1 \"a\" 'foo)"]), "(1 \"a\" FOO)\n");
}

#[test]
fn an_id_is_asked_for_later() {
    let house = House::new();
    let server = Server::start(&house);
    let call = |arguments: &[&str]| house.run(&[&["-p", &server.url], arguments].concat());
    let id = call(&["cmd", "(expt 2 100)"]);
    let id = id.trim_end();
    assert_eq!(call(&["result", id, "--wait"]), "1267650600228229401496703205376\n");
    assert_eq!(call(&["result", id]), "1267650600228229401496703205376\n");
    let listed = call(&["jobs"]);
    assert!(listed.contains(id) && listed.contains("(expt 2 100)"), "{listed}");
    assert!(!call(&["jobs", "--state", "unwound"]).contains(id));
}

#[test]
fn what_has_not_ended_and_what_never_will_have_codes_of_their_own() {
    let house = House::new();
    let server = Server::start(&house);
    let call = |arguments: &[&str]| house.run(&[&["-p", &server.url], arguments].concat());
    let fail = |arguments: &[&str]| house.fail(&[&["-p", &server.url], arguments].concat());
    let id = call(&["cmd", "(sleep 60)"]);
    let id = id.trim_end();
    assert_eq!(fail(&["result", id]).0, 5);
    assert_eq!(call(&["cancel", id]), "");
    assert_eq!(fail(&["result", id, "--wait"]).0, 4);
    let (code, told) = fail(&["result", "G1"]);
    assert_eq!(code, 4);
    assert!(told.contains("knows no command G1"), "{told}");
    assert_eq!(fail(&["cancel", "G1"]).0, 4);
}

#[test]
fn one_key_is_one_command() {
    let house = House::new();
    let server = shared();
    let keyed = |form| ["-p", &server.url, "cmd", "--key", "nightly", form].map(str::to_owned);
    let run = |words: [String; 6]| house.run(&words.each_ref().map(String::as_str));
    let first = run(keyed("(+ 1 2)"));
    assert_eq!(run(keyed("(+ 1 2)")), first);
    let other = keyed("(+ 1 3)");
    let (code, told) = house.fail(&other.each_ref().map(String::as_str));
    assert_eq!(code, 3);
    assert!(told.contains("key"), "{told}");
}

#[test]
fn a_form_may_come_from_standard_input_and_have_lines() {
    let house = House::new();
    let server = shared();
    let mut caller = house.caller(&["-p", &server.url, "run", "-"]);
    let forms = "; the first is a definition\n(defun f (x)\n  (* x x))\n(f 12)\n";
    caller.write_stdin(forms).assert().success().stdout("144\n");
}

#[test]
fn a_wrong_command_line_is_told_before_anything_is_sent() {
    let house = House::new();
    for (arguments, told) in [
        (&["run", "(+ 1"][..], "ends before"),
        (&["run", "; nothing"], "no form"),
        (&["run"], "FORM"),
        (&["result", "no id"], "an id is"),
        (&["jobs", "--state", "asleep"], "a state is"),
        (&["run", "1", "--time-limit", "soon"], "write 90"),
        (&["-p", "nobody", "run", "1"], "no partner is called"),
        (&["-p", "gopher://a", "run", "1"], "an address is"),
        (&["map", "car", "(1"], "item 0"),
        (&["map", "(lambda (x)", "1"], "function of a map"),
        (&["--lisp"], "unexpected argument"),
    ] {
        let (code, text) = house.fail(arguments);
        assert_eq!(code, 2, "{arguments:?}: {text}");
        assert!(text.contains(told), "{arguments:?}: {text}");
    }
}

#[test]
fn nobody_there_is_told_with_what_to_do() {
    let house = House::new();
    let mut server = Server::start(&house);
    server.kill();
    let (code, told) = house.fail(&["-p", &server.url, "run", "(+ 1 2)"]);
    assert_eq!(code, 3);
    assert!(told.contains("telephone serve"), "{told}");
}

#[test]
fn a_limit_of_the_command_holds() {
    let house = House::new();
    let server = shared();
    let slow = ["-p", &server.url, "run", "--time-limit", "200ms", "(sleep 60)"];
    let (code, told) = house.fail(&slow);
    assert_eq!(code, 1);
    assert!(told.contains("TIMEOUT"), "{told}");
}

#[test]
fn a_reader_that_has_read_enough_is_no_error() {
    let house = House::new();
    let server = shared();
    let mut child = house.command(&["-p", &server.url, "run", "(sleep 0.2)"]).spawn().unwrap();
    drop(child.stdout.take());
    let (code, _, told) = crate::support::finish(child);
    assert_eq!((code, told.as_str()), (Some(0), ""));
}

#[test]
fn functions_are_shown_with_what_they_do() {
    let house = House::new();
    let server = shared();
    let shown = house.run(&["-p", &server.url, "functions", "MACHINE"]);
    assert_eq!(
        shown,
        "(machine-instance) → String\n    The name of the machine that runs the command.\n"
    );
    assert!(house.run(&["-p", &server.url, "run", "(machine-instance)"]).starts_with('"'));
}

#[test]
fn shells_get_their_completions_and_people_their_help() {
    let house = House::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        assert!(house.run(&["completions", shell]).contains("telephone"), "{shell}");
    }
    let help = house.run(&["--help"]);
    for word in ["130  interrupted", "--json", "NO_COLOR", "serve", "repl"] {
        assert!(help.contains(word), "{word}");
    }
    assert!(!help.contains('\x1b'), "colours where nobody sees them");
}
