//! The page at `/`, in a browser without a window.
//!
//! Where there is no Chromium with its driver these tests say so and pass, unless
//! `TELEPHONE_NEEDS_CHROMIUM` is set, as where all checks are run.
#![expect(clippy::unwrap_used, reason = "a test says what it expects by failing")]

mod browser;
#[path = "../support/served.rs"]
mod served;

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

use telephone::Submission;
use tempfile::TempDir;

use browser::Page;
use served::Served;

/// The latest command's row.
const LATEST: &str = "#jobs tbody tr:first-child";

/// Types a command and presses the button.
async fn run(page: &Page, command: &str) {
    page.element("#command").await.send_keys(command).await.unwrap();
    page.element("#run").await.click().await.unwrap();
}

#[tokio::test]
async fn a_command_is_taken_and_its_value_appears() {
    let mut served = Served::start(&[]).await;
    let Some(page) = Page::open(served.address()).await else { return };
    run(&page, "(+ 1 2)").await;
    assert!(served.line().await.ends_with(" remote request: (+ 1 2)"));
    page.shows(&format!("{LATEST} .value"), "3").await;
    page.shows(&format!("{LATEST} .state"), "finished").await;
    run(&page, "(/ 1 0)").await;
    page.shows(&format!("{LATEST} .state"), "unwound").await;
    let hint = page.text(&format!("{LATEST} .value")).await.unwrap();
    assert!(hint.starts_with("DIVISION-BY-ZERO: "), "{hint}");
    page.close().await;
}

#[tokio::test]
async fn what_others_send_appears_and_can_be_cancelled() {
    let served = Served::start(&[]).await;
    let Some(page) = Page::open(served.address()).await else { return };
    page.shows("#line", "live").await;
    let job = served.partner().submit(Submission::new("(sleep 60)")).await.unwrap();
    let row = format!("[data-job={}]", job.id);
    page.shows(&format!("{row} .state"), "running").await;
    page.element(&format!("{row} button.cancel")).await.click().await.unwrap();
    page.shows(&format!("{row} .state"), "cancelled").await;
    page.close().await;
}

#[tokio::test]
async fn text_from_elsewhere_is_text() {
    let served = Served::start(&[]).await;
    let Some(page) = Page::open(served.address()).await else { return };
    let markup = r#""<img src=x onerror=document.title='taken'>""#;
    run(&page, markup).await;
    page.shows(&format!("{LATEST} .value"), markup).await;
    assert_eq!(page.script("return document.images.length").await, 0);
    let title = page.script("return document.title").await;
    assert!(!title.as_str().unwrap().contains("taken"), "{title}");
    page.close().await;
}

#[tokio::test]
async fn a_server_with_a_token_wants_it_first() {
    let folder = TempDir::new().unwrap();
    let key = folder.path().join("token");
    fs::write(&key, "a-house-key-of-our-own\n").unwrap();
    fs::set_permissions(&key, Permissions::from_mode(0o600)).unwrap();
    let served = Served::start(&["--token-file", key.to_str().unwrap()]).await;
    let Some(page) = Page::open(served.address()).await else { return };
    page.element("#login:not([hidden]) #token").await.send_keys("wrong").await.unwrap();
    page.element("#enter").await.click().await.unwrap();
    page.element("#login:not([hidden]) #token").await.clear().await.unwrap();
    page.element("#token").await.send_keys("a-house-key-of-our-own").await.unwrap();
    page.element("#enter").await.click().await.unwrap();
    page.shows("#line", "live").await;
    run(&page, "(* 6 7)").await;
    page.shows(&format!("{LATEST} .value"), "42").await;
    page.close().await;
}
