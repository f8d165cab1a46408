use std::process::Stdio;

use crate::support::{House, Server, finish, shared};

#[test]
fn items_come_from_arguments_files_and_standard_input() {
    let house = House::new();
    let server = shared();
    let map = ["-p", &server.url, "map"];
    let items = [&map[..], &["(lambda (x) (list x x))", "1", "(a b)", "-3", "\"q\""]].concat();
    assert_eq!(house.run(&items), "(1 1)\n((A B) (A B))\n(-3 -3)\n(\"q\" \"q\")\n");

    std::fs::write(house.path("items"), "1 2 ; two in a line\n(3\n 4)").unwrap();
    let file = house.path("items");
    let from_file = [&map[..], &["atom", "--from-file", file.to_str().unwrap()]].concat();
    assert_eq!(house.run(&from_file), "T\nT\nNIL\n");

    let strings = [&map[..], &["length", "--strings"]].concat();
    house.caller(&strings).write_stdin("(a\n\"b c\"\n\n").assert().success().stdout("2\n5\n0\n");
}

#[test]
fn an_item_that_unwinds_has_a_line_and_a_hint_and_no_other_does() {
    let house = House::new();
    let server = shared();
    let map = ["-p", &server.url, "map", "(lambda (x) (/ 12 x))", "4", "0", "-3"];
    let output = house.caller(&map).assert().code(1).get_output().clone();
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(text, "3\n(ERROR DIVISION-BY-ZERO)\n-4\n");
    assert!(String::from_utf8(output.stderr).unwrap().contains("item 1, 0"));
}

#[test]
fn only_the_item_that_exceeds_a_limit_unwinds() {
    let house = House::new();
    let server = Server::start_with(&house, &["--database", "memory", "--time-limit", "1s"]);
    let function = "(lambda (x) (if (= x 5) (sleep 60) (* x x)))";
    let items = (0..12).map(|item| item.to_string()).collect::<Vec<_>>();
    let items = items.iter().map(String::as_str).collect::<Vec<_>>();
    let map = [&["-p", &server.url, "map", function], items.as_slice()].concat();
    let output = house.caller(&map).assert().code(1).get_output().clone();
    let text = String::from_utf8(output.stdout).unwrap();
    for (item, line) in text.lines().enumerate() {
        let square = (item * item).to_string();
        assert_eq!(line, if item == 5 { "(ERROR TIMEOUT)" } else { &square }, "{item}");
    }
}

#[test]
fn ten_thousand_items_over_three_partners_of_which_one_is_killed() {
    let house = House::new();
    let mut servers: [_; 3] = std::array::from_fn(|_| Server::start(&house));
    let partners = servers.each_ref().map(|server| server.url.as_str()).join(",");
    let function = "(lambda (x) (* x x))";
    let mut command = house.command(&["map", function, "--partners", &partners]);
    let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
    let items = (0..10_000).map(|item| format!("{item}\n")).collect::<String>();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), items.as_bytes()).unwrap();
    // Chunks are small in the beginning: with the fourth it is in the middle of its work.
    for _ in 0..4 {
        servers[1].line();
    }
    servers[1].kill();
    let (code, values, told) = finish(child);
    assert_eq!(code, Some(0), "{told}");
    let expected = (0..10_000u64).map(|item| format!("{}\n", item * item)).collect::<String>();
    assert!(values == expected, "some value is missing or out of order");
}

#[test]
fn what_no_partner_did_is_lost_and_said_to_be() {
    let house = House::new();
    let mut server = Server::start(&house);
    server.kill();
    let map = ["-p", &server.url, "map", "square", "1", "--patience", "300ms"];
    let output = house.caller(&map).assert().code(3).stdout("(ERROR LOST)\n").get_output().clone();
    assert!(String::from_utf8(output.stderr).unwrap().contains("no partner could be reached"));
}
