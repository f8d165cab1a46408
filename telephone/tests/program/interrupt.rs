use rustix::process::Signal;

use crate::support::{House, Server, finish, signal};

/// Runs this until the server says that it has the command, interrupts it, and gives its end.
fn interrupted(house: &House, server: &Server, arguments: &[&str], by: Signal) -> Option<i32> {
    let child = house.command(&[&["-p", &server.url], arguments].concat()).spawn().unwrap();
    server.line();
    signal(child.id(), by);
    finish(child).0
}

fn cancelled(house: &House, server: &Server) -> String {
    house.run(&["-p", &server.url, "jobs", "--state", "cancelled"])
}

#[test]
fn ctrl_c_cancels_the_command_that_is_waited_for() {
    let house = House::new();
    let server = Server::start(&house);
    assert_eq!(interrupted(&house, &server, &["run", "(sleep 61)"], Signal::INT), Some(130));
    assert!(cancelled(&house, &server).contains("(sleep 61)"));
    assert_eq!(interrupted(&house, &server, &["run", "(sleep 62)"], Signal::TERM), Some(143));
    assert!(cancelled(&house, &server).contains("(sleep 62)"));
    assert_eq!(house.run(&["-p", &server.url, "run", "(+ 1 2)"]), "3\n");
}

#[test]
fn ctrl_c_cancels_what_a_map_has_under_way() {
    let house = House::new();
    let server = Server::start(&house);
    let map = ["map", "(lambda (x) (sleep 60))", "1", "2"];
    assert_eq!(interrupted(&house, &server, &map, Signal::INT), Some(130));
    assert!(cancelled(&house, &server).contains("mapcar"));
}

#[test]
fn ctrl_c_ends_the_waiting_for_a_result_and_not_the_command() {
    let house = House::new();
    let server = Server::start(&house);
    let id = house.run(&["-p", &server.url, "cmd", "(sleep 60)"]);
    let id = id.trim_end();
    let child = house.command(&["-p", &server.url, "result", "--wait", id]).spawn().unwrap();
    // It hears of signals before it asks; until then it would end by this one without a code.
    std::thread::sleep(std::time::Duration::from_secs(1));
    signal(child.id(), Signal::INT);
    assert_eq!(finish(child).0, Some(130));
    assert_eq!(house.fail(&["-p", &server.url, "result", id]).0, 5);
}
