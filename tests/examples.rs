//! Every example, run to its end as its reader would run it.
#![expect(clippy::unwrap_used, reason = "a test says what it expects by failing")]

#[path = "support/example.rs"]
mod example;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::time::Duration;

use example::{example, interrupt};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;
use wire::{CallError, RequestServer, Wire, functions, remote_fn, remote_value};

/// When something hangs, and not how long anything may take.
const HANGS: Duration = Duration::from_secs(300);

#[tokio::test]
async fn pair_shows_every_kind_of_call() {
    let shown = shown("pair", &[]).await;
    let readme = fs::read("README.md").unwrap();
    let lines = readme.iter().filter(|&&octet| octet == b'\n').count();
    for expected in [
        &*format!("{lines} of these; no answer was waited for"),
        "remote!(wire, line(b\"# wire",
        "wire.force_output().await ──",
        "── remote_value!(wire, title_of(\"Lovelace\") -> String) ─┤",
        "├─ \"Countess\" ──",
        "── \"Good day, Countess Lovelace!\" ─┤",
        "it is ours: true; inside: \"a thing that never leaves the client\"",
        "(None, true), as CMUCL gives it",
        "the peer unwound from TURN-TO: NO-SUCH-LINE",
        "it runs; cut the wire!",
        "SLEEP-FOR-EVER has no value: ",
        "did it run? Maybe",
    ] {
        assert!(shown.contains(expected), "{expected:?} is not in\n{shown}");
    }
}

#[tokio::test]
async fn pair_counts_what_wc_counts() {
    let Some(rule) = words_of_wc(b"\x01 a").await else {
        eprintln!("SKIPPED: there is no wc here to compare with");
        return;
    };
    let texts: &[&[u8]] = &[
        b"",
        b"\n",
        b"one line\n",
        b"no end",
        b"\n\n  two\twords \x0b\x0c\r\n and\r four more",
        b"caf\xc3\xa9 \xe2\x80\x94 \xd0\xb4\xd0\xb0\xe2\x80\x83em\xc2\xa0nb\n",
    ];
    let unprintable: &[&[u8]] = &[
        b"a \xff \x01 b\xffc \xc3 \x00\n\xe2\x80",
        b"\xff\xfe\xfd \x80\n",
        &(0..=255).collect::<Vec<u8>>(),
    ];
    let mut texts: Vec<Vec<u8>> = texts.iter().map(|text| text.to_vec()).collect();
    if rule == 1 {
        texts.extend(unprintable.iter().map(|text| text.to_vec()));
    } else {
        eprintln!("SKIPPED: this wc takes what cannot be printed for words, which pair does not");
    }
    // Longer than any piece, buffer and limit that a line passes: with a word on each cut, and not.
    texts.push("wörter ".repeat(200_000).into_bytes());
    texts.push("many short lines\n".repeat(100_000).into_bytes());
    texts.push(vec![b'x'; 20 << 20]);

    let folder = folder("counts");
    for (number, text) in texts.iter().enumerate() {
        // By its name alone: `pair` parts a line that is too long for the page, as one with the path of
        // a deep folder would be.
        let file = format!("text-{number}");
        fs::write(folder.join(&file), text).unwrap();
        for locale in ["C", "C.UTF-8"] {
            let counted = async |program: &Path| {
                let mut command = Command::new(program);
                command.arg(&file).current_dir(&folder).env("LC_ALL", locale);
                counts(&text_of(&mut command).await, &file)
            };
            let theirs = counted(Path::new("wc")).await;
            let ours = counted(&example("pair")).await;
            assert_eq!(ours, theirs, "text {number} in locale {locale}");
        }
    }
    fs::remove_dir_all(folder).unwrap();
}

#[tokio::test]
async fn pair_says_which_file_it_cannot_read() {
    let output = output(Command::new(example("pair")).arg("/no/such/file")).await;
    assert!(!output.status.success());
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("cannot read /no/such/file"), "{said}");
}

#[tokio::test]
async fn server_and_client_do_it_between_two_terminals() {
    let (mut server, address) = serving(&["127.0.0.1:0"]).await;
    for _ in 0..2 {
        let shown = shown("client", &[&address, "Cargo.toml"]).await;
        let lines = fs::read_to_string("Cargo.toml").unwrap().lines().count();
        assert!(shown.contains(&format!("{lines} of these")), "{shown}");
        assert!(shown.contains("the peer closed the wire") || shown.contains("has no value"));
    }
    interrupt(&server).await;
    let status = timeout(HANGS, server.wait()).await.unwrap().unwrap();
    assert!(status.success(), "{status}");
}

#[tokio::test]
async fn interrupting_a_server_closes_the_wire_of_a_waiting_client() {
    let (mut server, address) = serving(&["127.0.0.1:0"]).await;
    let wire = Wire::connect(&*address).await.unwrap();
    let waiting = wire::remote_value!(wire, sleep_for_ever() -> ());
    wire.sync().await.unwrap();
    interrupt(&server).await;
    let error = timeout(HANGS, waiting.value()).await.unwrap().unwrap_err();
    assert!(matches!(error, CallError::Ended { .. }), "{error}");
    timeout(HANGS, server.wait()).await.unwrap().unwrap();
}

#[tokio::test]
async fn server_and_client_want_a_word_for_what_is_insecure() {
    let refused = output(Command::new(example("server")).arg("0.0.0.0:0")).await;
    assert!(!refused.status.success());
    let refused = output(Command::new(example("client")).arg("192.0.2.1:4000")).await;
    assert!(!refused.status.success());
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(said.contains("--insecure"), "{said}");

    let (server, address) = serving(&["--insecure", "0.0.0.0:0"]).await;
    assert!(address.starts_with("0.0.0.0:"), "{address}");
    drop(server);
}

#[tokio::test]
async fn a_client_without_a_server_says_where_it_looked() {
    let refused = output(Command::new(example("client")).arg("127.0.0.1:1")).await;
    assert!(!refused.status.success());
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(said.contains("cannot connect: 127.0.0.1:1: "), "{said}");
}

#[tokio::test]
async fn chat_drops_the_guest_who_does_not_read() {
    let shown = shown("chat", &[]).await;
    assert!(shown.contains("dropped: HEAR was not called: "), "{shown}");
    assert!(shown.contains("bob hears on: 2\n"), "{shown}");
    assert!(shown.contains("the others heard 45000 letters first"), "{shown}");
}

#[tokio::test]
async fn children_survive_each_other() {
    let output = output(&mut Command::new(example("children"))).await;
    let shown = String::from_utf8(output.stdout).unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(shown.matches("a child says 144\n").count(), 3, "{shown}");
    assert!(said.contains("a child printed this to its standard output"), "{said}");
    assert!(shown.contains("the one that printed still answers: true\n"), "{shown}");
    assert!(shown.contains("did it run? Maybe\n"), "{shown}");
    assert!(shown.contains("the others live: true\n"), "{shown}");
}

#[tokio::test]
async fn typed_calls_by_declaration() {
    let shown = shown("typed", &[]).await;
    assert!(shown.contains("Job { id: 1, command: \"make\", exit_status: None }\n"), "{shown}");
    assert!(shown.contains("job 1 ended with 0\n"), "{shown}");
    assert!(shown.contains("1 waiting, 1 done\n"), "{shown}");
    assert!(shown.contains("a job needs a command\n"), "{shown}");
    let tally = "the peer offers (JOBS::TALLY jobs: Vec<shared::Job>) -> (usize, usize)\n";
    assert!(shown.contains(tally), "{shown}");
}

#[tokio::test]
async fn object_is_kept_until_its_last_handle_goes() {
    let shown = shown("object", &[]).await;
    assert!(shown.contains("the same object: false; in this process: false\n"), "{shown}");
    assert!(shown.contains("counted to 42\nkept: 2\nkept: 1\n"), "{shown}");
    assert!(shown.contains("was forgotten"), "{shown}");
}

#[tokio::test]
async fn values_of_every_form() {
    let shown = shown("values", &[]).await;
    assert!(shown.contains("17 / 5 is 3, rest 2\n3, 2 and None\n"), "{shown}");
    assert!(shown.contains("the peer unwound from DIVIDE: SIMPLE-ERROR: 1 / 0\n"), "{shown}");
    assert!(shown.contains("on the wire: (:NAME \"Ada\" :BORN 1815"), "{shown}");
    assert!(shown.contains("on the wire: (:GO-TO 1 2)\nGoTo(1, 2)\n"), "{shown}");
    assert!(shown.contains("on the wire: ((\"ann\" . 30) (\"bob\" . 40))\n"), "{shown}");
}

#[tokio::test]
async fn nested_leaves_what_lies_between_at_the_peer() {
    let license = fs::read_to_string("LICENSE-MIT").unwrap().len();
    let shown = shown("nested", &["LICENSE-MIT"]).await;
    let octets = |before: &str| -> usize {
        let (_, rest) = shown.split_once(before).unwrap_or_else(|| panic!("{shown}"));
        rest.split(' ').next().unwrap().parse().unwrap()
    };
    // Step by step the text crosses twice.
    assert!(octets(": three round trips and ") > 2 * license, "{shown}");
    assert!(octets("the same: one round trip and ") < license, "{shown}");
    let last = "  peer: reads no-such-file\nthe peer unwound from TEXT-OF: ERROR: ";
    assert!(shown.contains(last), "{shown}");
}

#[tokio::test]
async fn raw_reads_a_file_behind_its_call() {
    let text = fs::read("LICENSE-MIT").unwrap();
    let lines = text.iter().filter(|&&octet| octet == b'\n').count();
    let shown = shown("raw", &["LICENSE-MIT"]).await;
    assert!(shown.contains("the server says: LICENSE-MIT came in "), "{shown}");
    assert!(shown.contains(&format!("{} octets in {lines} lines\n", text.len())), "{shown}");
}

/// What it prints of conversations is tested in `tests/tap`.
#[tokio::test]
async fn tap_wants_two_addresses_and_a_word_for_what_is_insecure() {
    assert!(shown("tap", &["--help"]).await.contains("usage: tap [OPTION ..] LISTEN TARGET\n"));
    for (arguments, expected) in [
        (&["127.0.0.1:0"][..], "usage: tap [OPTION ..] LISTEN TARGET"),
        (&["--colour", "127.0.0.1:0", "127.0.0.1:1"], "there is no --colour"),
        (&["--object", "127.0.0.1:0", "127.0.0.1:1"], "--object wants a number"),
        (&["127.0.0.1:0", "127.0.0.1"], "cannot find 127.0.0.1: "),
        (&["0.0.0.0:0", "127.0.0.1:1"], "0.0.0.0:0 is not a loopback address"),
    ] {
        let refused = output(Command::new(example("tap")).args(arguments)).await;
        assert!(!refused.status.success(), "{arguments:?}");
        let said = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(said.contains(expected), "{said}");
    }
}

#[remote_fn]
fn divide(a: i64, b: i64) -> Result<(i64, i64), String> {
    let quotient = a.checked_div(b).ok_or_else(|| format!("{a} by {b}"))?;
    Ok((quotient, a % b))
}

#[remote_fn]
async fn greet(wire: &Wire, name: String) -> Result<String, CallError> {
    let title = remote_value!(wire, title_of(&name) -> String).value().await?;
    Ok(format!("Good day, {title} {name}!"))
}

/// With a peer in Rust in the place of both Lisps: those of the README talk to it in `tests/cmucl`.
#[tokio::test]
async fn lisp_calls_is_called_back_and_serves() {
    let peer =
        RequestServer::bind("127.0.0.1:0").await.unwrap().functions(functions![divide, greet]);
    let there = peer.local_addr().unwrap().to_string();
    let serving = tokio::spawn(peer.serve());
    let mut command = Command::new(example("lisp"));
    command.args([&*there, "127.0.0.1:0"]).stdout(Stdio::piped()).kill_on_drop(true);
    let mut program = command.spawn().unwrap();
    let mut lines = BufReader::new(program.stdout.take().unwrap()).lines();
    let mut line = async || timeout(HANGS, lines.next_line()).await.unwrap().unwrap().unwrap();
    assert_eq!(line().await, "17 / 5 is 3, rest 2");
    assert_eq!(line().await, "Good day, Countess Lovelace!");
    assert_eq!(line().await, "the peer unwound from DIVIDE: SIMPLE-ERROR: 1 by 0");
    let address = line().await.strip_prefix("serving ").unwrap().to_owned();
    let wire = Wire::connect(address).await.unwrap();
    let mean = remote_value!(wire, mean([1.5, 2.5]) -> f64).value().await;
    assert_eq!(mean.unwrap(), 2.0);
    program.kill().await.unwrap();
    serving.abort();
}

#[test]
fn every_example_is_run_and_short() {
    let this = fs::read_to_string(file!()).unwrap();
    for entry in fs::read_dir("examples").unwrap() {
        let path = entry.unwrap().path();
        let Some(name) = path.file_name().unwrap().to_str().unwrap().strip_suffix(".rs") else {
            continue;
        };
        assert!(this.contains(&format!("\"{name}\"")), "no test runs {name}");
        let lines = fs::read_to_string(&path).unwrap().lines().count();
        assert!(lines < if name == "pair" { 200 } else { 80 }, "{name} has {lines} lines");
    }
}

/// What the example prints when it has ended well.
async fn shown(name: &str, arguments: &[&str]) -> String {
    text_of(Command::new(example(name)).args(arguments)).await
}

async fn text_of(command: &mut Command) -> String {
    let output = output(command).await;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{command:?}: {}\n{said}", output.status);
    String::from_utf8_lossy(&output.stdout).into_owned()
}

async fn output(command: &mut Command) -> Output {
    let output = command.stdin(Stdio::null()).kill_on_drop(true).output();
    timeout(HANGS, output).await.unwrap().unwrap()
}

/// A server and the address that it says it has.
async fn serving(arguments: &[&str]) -> (Child, String) {
    let mut command = Command::new(example("server"));
    command.args(arguments).stdout(Stdio::piped()).kill_on_drop(true);
    let mut server = command.spawn().unwrap();
    let mut lines = BufReader::new(server.stdout.take().unwrap()).lines();
    let first = timeout(HANGS, lines.next_line()).await.unwrap().unwrap().unwrap();
    // What else it prints must find a reader.
    tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
    let address = first.strip_prefix("listening on ").unwrap().split(';').next().unwrap();
    (server, address.to_owned())
}

/// Lines, words and bytes, from the line that ends in the file's name.
fn counts(shown: &str, file: &str) -> [u64; 3] {
    let named = |line: &&str| line.contains(file);
    let line = shown.lines().find(named).unwrap_or_else(|| panic!("no counts in {shown}"));
    let numbers = line.split_whitespace().filter_map(|word| word.parse().ok());
    numbers.collect::<Vec<_>>().try_into().unwrap()
}

/// How many words `wc` finds in the C locale, or `None` if there is no `wc`.
async fn words_of_wc(text: &[u8]) -> Option<u64> {
    let folder = folder("rule");
    fs::write(folder.join("text"), text).unwrap();
    let mut wc = Command::new("wc");
    let output = wc.arg("text").current_dir(&folder).env("LC_ALL", "C").output().await;
    let words = output.ok().map(|wc| counts(&String::from_utf8_lossy(&wc.stdout), "text")[1]);
    fs::remove_dir_all(folder).unwrap();
    words
}

fn folder(name: &str) -> PathBuf {
    let folder =
        Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    folder
}
