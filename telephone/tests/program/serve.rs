use crate::support::{House, Server};

#[test]
fn results_survive_a_restart() {
    let house = House::new();
    let database = house.path("queue.sqlite");
    let stored = ["--database", database.to_str().unwrap()];
    let mut server = Server::start_with(&house, &stored);
    let id = house.run(&["-p", &server.url, "cmd", "(* 6 7)"]);
    let id = id.trim_end();
    assert_eq!(house.run(&["-p", &server.url, "result", "--wait", id]), "42\n");
    assert_eq!(server.terminate().code(), Some(0));
    let server = Server::start_with(&house, &stored);
    assert_eq!(house.run(&["-p", &server.url, "result", id]), "42\n");
}

#[test]
fn what_runs_ends_before_a_server_that_is_interrupted() {
    let house = House::new();
    let database = house.path("queue.sqlite");
    let stored = ["--database", database.to_str().unwrap(), "--grace", "60s"];
    let mut server = Server::start_with(&house, &stored);
    let id = house.run(&["-p", &server.url, "cmd", "(progn (sleep 1) 7)"]);
    let id = id.trim_end();
    while !house.run(&["-p", &server.url, "jobs"]).contains("running") {}
    assert_eq!(server.interrupt().code(), Some(0));
    let server = Server::start_with(&house, &stored);
    assert_eq!(house.run(&["-p", &server.url, "result", id]), "7\n");
}

#[test]
fn one_database_has_one_server_by_whichever_link_it_is_reached() {
    let house = House::new();
    let database = house.path("queue.sqlite");
    let _server = Server::start_with(&house, &["--database", database.to_str().unwrap()]);
    let link = house.path("link.sqlite");
    std::os::unix::fs::symlink(&database, &link).unwrap();
    let second = ["serve", "--address", "127.0.0.1:0", "--database", link.to_str().unwrap()];
    assert_eq!(house.fail(&second).0, 6);
}

#[test]
fn one_database_has_one_server() {
    let house = House::new();
    let database = house.path("queue.sqlite");
    let stored = ["--database", database.to_str().unwrap()];
    let _server = Server::start_with(&house, &stored);
    let second = [&["serve", "--address", "127.0.0.1:0"], &stored[..]].concat();
    let (code, told) = house.fail(&second);
    assert_eq!(code, 6);
    assert!(told.contains("queue.sqlite"), "{told}");
}

#[test]
fn other_machines_are_let_in_by_a_token_or_the_word_insecure() {
    let house = House::new();
    let (code, told) = house.fail(&["serve", "--address", "0.0.0.0:0", "--database", "memory"]);
    assert_eq!(code, 6);
    assert!(told.contains("token") && told.contains("insecure"), "{told}");
}

#[test]
fn a_port_that_is_taken_is_told() {
    let house = House::new();
    let server = Server::start(&house);
    let address = server.url.strip_prefix("http://").unwrap();
    let (code, told) = house.fail(&["serve", "--address", address, "--database", "memory"]);
    assert_eq!(code, 6);
    assert!(told.contains(address), "{told}");
}

#[test]
fn a_server_says_in_json_where_it_listens() {
    let house = House::new();
    let mut command = house.command(&["--json", "serve", "--address", "127.0.0.1:0"]);
    let mut child = command.args(["--database", "memory"]).spawn().unwrap();
    let mut line = String::new();
    let mut stdout = std::io::BufReader::new(child.stdout.take().unwrap());
    std::io::BufRead::read_line(&mut stdout, &mut line).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    let told: serde_json::Value = serde_json::from_str(&line).unwrap();
    assert!(told["listening"].as_str().unwrap().starts_with("http://127.0.0.1:"), "{line}");
}

#[test]
fn commands_go_over_a_wire_as_well() {
    let house = House::new();
    let server = Server::start_with(&house, &["--database", "memory", "--wire", "127.0.0.1:0"]);
    let told = server.line();
    let wire = told.strip_prefix("listening on ").unwrap();
    assert!(wire.starts_with("wire://127.0.0.1:"), "{wire}");
    assert_eq!(house.run(&["-p", wire, "run", "(+ 1 2)"]), "3\n");
    let (code, hint) = house.fail(&["-p", wire, "run", "(/ 1 0)"]);
    assert_eq!(code, 1);
    assert!(hint.contains("DIVISION-BY-ZERO"), "{hint}");
}
