use std::os::unix::fs::PermissionsExt;

use crate::support::{House, Server, write_private};

#[test]
fn partners_are_added_selected_and_removed() {
    let house = House::new();
    let (kitchen, attic) = (Server::start(&house), Server::start(&house));
    house.run(&["partner", "add", "kitchen", &kitchen.url]);
    house.run(&["partner", "add", "attic", &attic.url]);
    assert_eq!(house.run(&["run", "'kitchen"]), "KITCHEN\n");
    assert!(kitchen.line().ends_with("'kitchen"));
    house.run(&["partner", "select", "attic"]);
    house.run(&["run", "'attic"]);
    assert!(attic.line().ends_with("'attic"));
    house.run(&["--partner", "kitchen", "run", "'by-name"]);
    assert!(kitchen.line().ends_with("'by-name"));
    let listed = house.run(&["partner", "list"]);
    let selected = listed.lines().find(|line| line.contains('*')).unwrap();
    assert!(selected.contains("attic"), "{listed}");
    house.run(&["partner", "remove", "attic"]);
    house.run(&["run", "'kitchen-again"]);
    assert!(kitchen.line().ends_with("'kitchen-again"));
    let (code, told) = house.fail(&["partner", "select", "attic"]);
    assert_eq!(code, 2);
    assert!(told.contains("there are kitchen"), "{told}");
}

#[test]
fn a_token_is_kept_where_only_its_user_reads_it() {
    let house = House::new();
    let secret = house.path("secret");
    write_private(&secret, "correct-horse\n");
    let server = Server::start_with(
        &house,
        &["--database", "memory", "--token-file", secret.to_str().unwrap()],
    );
    let (code, told) = house.fail(&["-p", &server.url, "run", "(+ 1 2)"]);
    assert_eq!(code, 3);
    assert!(told.contains("token"), "{told}");
    let add = ["partner", "add", "guarded", &server.url, "--token-stdin"];
    house.caller(&add).write_stdin("correct-horse\n").assert().success();
    assert_eq!(house.run(&["run", "(+ 1 2)"]), "3\n");
    // Its address says as much as its name.
    assert_eq!(house.run(&["-p", &server.url, "run", "(+ 1 2)"]), "3\n");
    let mode = std::fs::metadata(house.path("partners.toml")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    for listed in [house.run(&["partner", "list"]), house.run(&["--json", "partner", "list"])] {
        assert!(!listed.contains("horse"), "{listed}");
    }
}

#[test]
fn a_file_that_others_may_read_is_refused() {
    let house = House::new();
    house.run(&["partner", "add", "kitchen", "http://kitchen:4242"]);
    let file = house.path("partners.toml");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
    let (code, told) = house.fail(&["run", "1"]);
    assert_eq!(code, 6);
    assert!(told.contains("chmod 600"), "{told}");
}

#[test]
fn status_shows_who_is_up_and_who_is_not() {
    let house = House::new();
    let (up, mut down) = (Server::start(&house), Server::start(&house));
    house.run(&["partner", "add", "up", &up.url]);
    house.run(&["partner", "add", "down", &down.url]);
    let shown = house.run(&["status"]);
    assert_eq!(shown.lines().filter(|line| line.contains(" up ")).count(), 2, "{shown}");
    down.kill();
    let output = house.caller(&["status"]).assert().code(3).get_output().clone();
    let shown = String::from_utf8(output.stdout).unwrap();
    let line = shown.lines().find(|line| line.contains(&down.url)).unwrap();
    assert!(line.split_whitespace().any(|word| word == "down"), "{shown}");
    assert!(String::from_utf8(output.stderr).unwrap().contains("nobody answers"));
}
