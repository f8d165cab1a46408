//! SBCL with the systems that the original is made of, and what is said where they are missing.

use std::env;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Once;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::sync::OnceCell;
use tokio::time::timeout;

/// Set where a missing Lisp is a failure.
const NEEDED: &str = "TELEPHONE_NEEDS_SBCL";

/// Only a hang takes so long: the first to load the systems compiles them, half a minute's work.
const PATIENCE: Duration = Duration::from_secs(180);

/// A Lisp that runs, and what it prints.
pub(crate) struct Lisp {
    process: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Lisp {
    /// Runs one of the scripts here. `None`, said aloud, if there is no SBCL with those systems.
    pub(crate) async fn run(script: &str, arguments: &[&str]) -> Option<Self> {
        if !is_there().await {
            return None;
        }
        let mut process = command(script)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        Some(Self { process, lines })
    }

    /// The next line that it prints; `None` at the end of its output.
    pub(crate) async fn line(&mut self) -> Option<String> {
        timeout(PATIENCE, self.lines.next_line()).await.expect("it prints in time").unwrap()
    }

    /// All that it still prints, once it has ended well.
    pub(crate) async fn rest(mut self) -> Vec<String> {
        let mut lines = Vec::new();
        while let Some(line) = self.line().await {
            lines.push(line);
        }
        let status = timeout(PATIENCE, self.process.wait()).await.expect("it ends").unwrap();
        assert!(status.success(), "{status}: {lines:?}");
        lines
    }
}

fn command(script: &str) -> Command {
    let script: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lisp").join(script);
    let mut command = Command::new("sbcl");
    command.arg("--script").arg(script);
    command.env("LC_ALL", "C.UTF-8");
    // What the systems are compiled to.
    command.env("XDG_CACHE_HOME", concat!(env!("CARGO_TARGET_TMPDIR"), "/lisp"));
    command
}

/// Whether there is an SBCL that loads the systems. Asked once: that also compiles them, which two
/// at a time must not do.
async fn is_there() -> bool {
    static THERE: OnceCell<bool> = OnceCell::const_new();
    *THERE.get_or_init(look).await
}

async fn look() -> bool {
    let tried = timeout(PATIENCE, command("try.lisp").stdin(Stdio::null()).output()).await;
    let complaint = match tried.expect("it loads in time") {
        Ok(output) if output.status.success() => return true,
        Ok(output) => String::from_utf8_lossy(&output.stderr).lines().take(3).collect(),
        Err(error) => error.to_string(),
    };
    let missing = format!(
        "no SBCL with hunchentoot, drakma and quri here ({complaint}). On Debian: apt-get install \
         sbcl cl-hunchentoot cl-drakma cl-quri cl-utilities"
    );
    assert!(env::var_os(NEEDED).is_none(), "{missing}; {NEEDED} is set");
    // Written past the capture of tests' output, so that everybody sees it.
    static SAID: Once = Once::new();
    SAID.call_once(|| {
        let mut stderr = io::stderr();
        writeln!(stderr, "SKIPPED, all that need one: {missing}").unwrap();
    });
    false
}
