//! What the README shows of a tap is what it prints.

use std::process::Stdio;

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;
use tokio::time::timeout;

use crate::example::example;
use crate::raw::PATIENCE;
use crate::tap::{Tap, timeless};

#[tokio::test]
async fn the_readme_shows_what_passes_between_server_and_client() {
    let mut server = Command::new(example("server"));
    server.arg("127.0.0.1:0").stdout(Stdio::piped()).kill_on_drop(true);
    let mut server = server.spawn().unwrap();
    let mut lines = BufReader::new(server.stdout.take().unwrap()).lines();
    let first = timeout(PATIENCE, lines.next_line()).await.unwrap().unwrap().unwrap();
    let address = first.strip_prefix("listening on ").unwrap().split(';').next().unwrap();
    // What else it prints must find a reader.
    tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });

    let tap = Tap::before(address, &[]).await;
    let mut client = Command::new(example("client"));
    client.args([&tap.address, "LICENSE-MIT"]).stdout(Stdio::null());
    let status = timeout(PATIENCE, client.kill_on_drop(true).status()).await.unwrap().unwrap();
    assert!(status.success(), "{status}");
    let shown = tap.shown(2).await;

    let readme = std::fs::read_to_string("README.md").unwrap();
    let (_, section) = readme.split_once("## A window on the wire\n").unwrap();
    let (_, printed) = section.split_once("```text\n").unwrap();
    let (printed, _) = printed.split_once("```\n").unwrap();
    let mut rest = shown.iter();
    for line in printed.lines().map(timeless) {
        assert!(rest.any(|shown| *shown == line), "{line:?} does not follow in {shown:#?}");
    }
}
