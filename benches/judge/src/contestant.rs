//! Those who are compared.

use std::path::{Path, PathBuf};

/// A program, and how it is set.
#[derive(Clone, Debug)]
pub(crate) struct Contestant {
    pub(crate) name: String,
    pub(crate) program: PathBuf,
    /// What it is told besides the bout's own settings.
    pub(crate) settings: &'static str,
}

/// The hand-written loop, which all are measured against.
pub(crate) const RAW: &str = "raw";
/// Our library.
pub(crate) const WIRE: &str = "wire";
/// Our library, speaking as to a CMUCL.
pub(crate) const CLASSIC: &str = "wire-classic";

impl Contestant {
    pub(crate) fn named(name: &str, programs: &Path) -> Self {
        let (package, settings) =
            if name == CLASSIC { (WIRE, "dialect=classic") } else { (name, "") };
        let program = programs.join(format!("peer-{package}"));
        Self { name: name.to_owned(), program, settings }
    }

    /// Whether it is another library.
    pub(crate) fn is_peer(&self) -> bool {
        ![RAW, WIRE, CLASSIC].contains(&self.name.as_str())
    }
}
