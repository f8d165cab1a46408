//! The examples as programs.

use std::path::PathBuf;
use std::sync::OnceLock;

use tokio::process::{Child, Command};

/// The example's program. `cargo test --workspace` builds it with everything else, and then there is
/// nothing left to do here; a run of one file of tests alone would find none, or yesterday's.
pub(crate) fn example(name: &str) -> PathBuf {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    let folder = FOLDER.get_or_init(|| {
        let this = std::env::current_exe().unwrap();
        let folder = this.parent().unwrap().parent().unwrap();
        let mut build = std::process::Command::new(env!("CARGO"));
        build.args(["test", "--no-run", "--quiet", "--workspace", "--target-dir"]);
        build.arg(folder.parent().unwrap());
        match folder.file_name().unwrap().to_str().unwrap() {
            "debug" => {}
            profile => drop(build.args(["--profile", profile])),
        }
        assert!(build.status().unwrap().success(), "the examples do not build");
        folder.join("examples")
    });
    folder.join(name).with_extension(std::env::consts::EXE_EXTENSION)
}

/// As ctrl-c does.
pub(crate) async fn interrupt(process: &Child) {
    let kill = format!("kill -INT {}", process.id().unwrap());
    let killed = Command::new("sh").args(["-c", &kill]).status().await.unwrap();
    assert!(killed.success(), "{killed}");
}
