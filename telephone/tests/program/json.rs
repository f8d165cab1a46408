use serde_json::{Value, json};

use crate::support::{House, Server, shared};

fn read(text: &str) -> Value {
    assert_eq!(text.lines().count(), 1, "one document a line: {text}");
    serde_json::from_str(text).unwrap()
}

#[test]
fn commands_are_as_the_server_gives_them() {
    let house = House::new();
    let server = Server::start(&house);
    let call = |arguments: &[&str]| {
        read(&house.run(&[&["--json", "-p", &server.url], arguments].concat()))
    };
    let ran = call(&["run", "(+ 1 2)"]);
    assert_eq!((&ran["state"], &ran["value"]), (&json!("finished"), &json!("3")));
    let filed = call(&["cmd", "(sleep 60)"]);
    let id = filed["id"].as_str().unwrap();
    assert_eq!(call(&["cancel", id])["id"], id);
    let jobs = call(&["jobs"]);
    assert_eq!(jobs[0]["id"], id);
    assert_eq!(jobs[1], ran);
    assert_eq!(call(&["result", ran["id"].as_str().unwrap()]), ran);
}

#[test]
fn an_unwound_command_is_a_document_and_a_code() {
    let house = House::new();
    let server = shared();
    let mut caller = house.caller(&["--json", "-p", &server.url, "run", "(/ 1 0)"]);
    let output = caller.assert().code(1).stderr("").get_output().clone();
    let job = read(&String::from_utf8(output.stdout).unwrap());
    assert_eq!(job["hint"]["condition"], "DIVISION-BY-ZERO");
}

#[test]
fn an_error_is_a_document_on_standard_error() {
    let house = House::new();
    let (code, told) = house.fail(&["--json", "-p", "nobody", "run", "1"]);
    let told = read(&told);
    assert_eq!(code, 2);
    assert_eq!(told["exit"], 2);
    assert!(told["error"].as_str().unwrap().contains("nobody"));
}

#[test]
fn status_functions_and_partners_are_arrays() {
    let house = House::new();
    let server = Server::start(&house);
    house.run(&["partner", "add", "here", &server.url]);
    let call = |arguments: &[&str]| read(&house.run(&[&["--json"], arguments].concat()));
    let status = call(&["status"]);
    assert_eq!((&status[0]["name"], &status[0]["up"]), (&json!("here"), &json!(true)));
    assert!(status[0]["latency_ms"].as_f64().unwrap() > 0.0);
    assert_eq!(status[0]["status"]["kind"], "telephone");
    let functions = call(&["functions"]);
    let names: Vec<_> = functions.as_array().unwrap().iter().map(|f| f["name"].clone()).collect();
    assert!(names.contains(&json!("MACHINE-INSTANCE")), "{names:?}");
    let expected =
        json!([{"name": "here", "address": server.url, "token": false, "selected": true}]);
    assert_eq!(call(&["partner", "list"]), expected);
}

#[test]
fn a_map_tells_of_each_item() {
    let house = House::new();
    let server = shared();
    let arguments = ["--json", "-p", &server.url, "map", "(lambda (x) (/ 12 x))", "4", "0"];
    let output = house.caller(&arguments).assert().code(1).get_output().clone();
    let mapped = read(&String::from_utf8(output.stdout).unwrap());
    assert_eq!(mapped[0], json!({"item": "4", "state": "finished", "value": "3"}));
    assert_eq!((&mapped[1]["item"], &mapped[1]["state"]), (&json!("0"), &json!("unwound")));
    assert_eq!(mapped[1]["hint"]["condition"], "DIVISION-BY-ZERO");
}
