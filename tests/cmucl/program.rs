//! The program: how it is started, and what is said where it is missing.

use std::ffi::OsStr;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Once, OnceLock};
use std::{env, fs};

use tokio::process::{Child, Command};

/// Set where a missing CMUCL is a failure.
const NEEDED: &str = "WIRE_NEEDS_CMUCL";

/// A CMUCL that loads these files, with these variables in its environment. `None`, said aloud, if
/// there is none on this machine.
pub(crate) fn start(files: &[&Path], environment: &[(&str, &OsStr)]) -> Option<Child> {
    let mut command = Command::new("cmucl");
    command.args(["-noinit", "-quiet"]).current_dir(env!("CARGO_MANIFEST_DIR"));
    for file in files {
        command.arg("-load").arg(file);
    }
    command.envs(environment.iter().copied());
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
    match command.spawn() {
        Ok(process) => Some(process),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            missing();
            None
        }
        Err(error) => panic!("cmucl does not start: {error}"),
    }
}

/// `wire.lisp`, compiled for all tests: as source it is compiled by everybody who loads it. `None`,
/// said aloud, if there is no CMUCL.
pub(crate) fn compiled_wire_lisp() -> Option<&'static Path> {
    static COMPILED: OnceLock<Option<PathBuf>> = OnceLock::new();
    let compiled = COMPILED.get_or_init(compile_wire_lisp).as_deref();
    if compiled.is_none() {
        missing();
    }
    compiled
}

fn compile_wire_lisp() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let (own, all) =
        (folder.join(format!("wire-{}.x86f", std::process::id())), folder.join("wire.x86f"));
    let form = r#"(let ((file (cdr (assoc :compiled ext:*environment-list*))))
                    (compile-file "lisp/wire.lisp" :output-file file)
                    (ext:quit))"#;
    let mut command = std::process::Command::new("cmucl");
    command.args(["-noinit", "-quiet", "-eval", form]).env("COMPILED", &own);
    // Where it asks what to do about an error, nobody answers.
    command.current_dir(env!("CARGO_MANIFEST_DIR")).stdin(Stdio::null());
    match command.output() {
        Ok(output) => {
            let said = [output.stdout, output.stderr].concat();
            let said = String::from_utf8_lossy(&said);
            // `compile-file` itself does not tell of what is undefined.
            let clean = output.status.success() && !said.contains("Warning");
            assert!(clean, "wire.lisp does not compile clean:\n{said}");
        }
        Err(_) => return None,
    }
    // Other runs of the tests may be reading it.
    fs::rename(own, &all).unwrap();
    Some(all)
}

fn missing() {
    static SAID: Once = Once::new();
    let missing = "no CMUCL here. On Debian (amd64): dpkg --add-architecture i386 && apt-get update \
                   && apt-get install cmucl:i386";
    assert!(env::var_os(NEEDED).is_none(), "{missing}; {NEEDED} is set");
    // Written past the capture of tests' output, so that everybody sees it.
    SAID.call_once(|| {
        let mut stderr = io::stderr();
        writeln!(stderr, "SKIPPED, all that need one: {missing}").unwrap();
    });
}
