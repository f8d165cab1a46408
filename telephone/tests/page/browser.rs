//! A Chromium without a window, and what is said where there is none.

use std::env;
use std::io::{self, ErrorKind, Write};
use std::process::Stdio;
use std::time::Duration;

use fantoccini::elements::Element;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use rustix::process::{Pid, Signal, kill_process_group};
use serde_json::json;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::{sleep, timeout};

/// Set where a missing browser is a failure.
const NEEDED: &str = "TELEPHONE_NEEDS_CHROMIUM";

/// Only a hang takes so long.
const PATIENCE: Duration = Duration::from_secs(60);

/// A page that is open in a browser of its own.
pub(crate) struct Page {
    client: Client,
    _driver: Driver,
    _profile: TempDir,
}

impl Page {
    /// Opens an address. `None`, said aloud, if there is no Chromium with its driver.
    pub(crate) async fn open(address: &str) -> Option<Self> {
        let (driver, port) = driver().await?;
        let profile = TempDir::new().unwrap();
        let arguments = [
            "--headless=new",
            // Root, as whom containers run tests, has no sandbox; little shared memory neither.
            "--no-sandbox",
            "--disable-dev-shm-usage",
            "--disable-gpu",
            &format!("--user-data-dir={}", profile.path().display()),
        ];
        let options = json!({ "args": arguments });
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities([("goog:chromeOptions".to_owned(), options)].into_iter().collect())
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .unwrap();
        client.goto(address).await.unwrap();
        Some(Self { client, _driver: driver, _profile: profile })
    }

    /// The element that a selector names, as soon as there is one.
    pub(crate) async fn element(&self, selector: &str) -> Element {
        self.client
            .wait()
            .at_most(PATIENCE)
            .for_element(Locator::Css(selector))
            .await
            .unwrap_or_else(|error| panic!("no {selector} appeared: {error}"))
    }

    /// Waits until an element's text is what it should be.
    pub(crate) async fn shows(&self, selector: &str, wanted: &str) {
        let shown = async {
            loop {
                let text = self.text(selector).await;
                if text.as_deref() == Some(wanted) {
                    return;
                }
                sleep(Duration::from_millis(20)).await;
            }
        };
        if timeout(PATIENCE, shown).await.is_err() {
            panic!("{selector} shows {:?}, not {wanted:?}", self.text(selector).await);
        }
    }

    /// What an element says; `None` if there is none, or it was replaced meanwhile.
    pub(crate) async fn text(&self, selector: &str) -> Option<String> {
        self.client.find(Locator::Css(selector)).await.ok()?.text().await.ok()
    }

    /// What a script returns.
    pub(crate) async fn script(&self, script: &str) -> serde_json::Value {
        self.client.execute(script, Vec::new()).await.unwrap()
    }

    /// Ends the browser.
    pub(crate) async fn close(self) {
        self.client.close().await.unwrap();
    }
}

/// A driver with the browsers that it has started: they are a group of processes, which ends as
/// one. A driver that is killed alone leaves them behind.
struct Driver(Child);

impl Drop for Driver {
    fn drop(&mut self) {
        let id = self.0.id().and_then(|id| Pid::from_raw(i32::try_from(id).ok()?));
        if let Some(group) = id {
            // It is gone already if it ended by itself.
            let _ = kill_process_group(group, Signal::KILL);
        }
    }
}

/// A driver, and the port that it listens at.
async fn driver() -> Option<(Driver, u16)> {
    let started = Command::new("chromedriver")
        .arg("--port=0")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .process_group(0)
        .spawn();
    let mut driver = match started {
        Ok(driver) => Driver(driver),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            missing();
            return None;
        }
        Err(error) => panic!("chromedriver does not start: {error}"),
    };
    let mut lines = BufReader::new(driver.0.stdout.take().unwrap()).lines();
    let port = async {
        while let Some(line) = lines.next_line().await.unwrap() {
            if let Some((_, port)) = line.split_once("successfully on port ") {
                return port.trim_end_matches('.').parse().unwrap();
            }
        }
        panic!("chromedriver names no port");
    };
    let port = timeout(PATIENCE, port).await.expect("chromedriver starts in time");
    // It must not meet a closed pipe later.
    tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
    Some((driver, port))
}

fn missing() {
    let missing =
        "no Chromium with its driver here. On Debian: apt-get install chromium chromium-driver";
    assert!(env::var_os(NEEDED).is_none(), "{missing}; {NEEDED} is set");
    // Written past the capture of tests' output, so that everybody sees it.
    let mut stderr = io::stderr();
    writeln!(stderr, "SKIPPED: {missing}").unwrap();
}
