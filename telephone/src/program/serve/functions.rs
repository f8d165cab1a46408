//! What the program itself offers to commands, by the names that Common Lisp has for it.

use wire::{Functions, functions, remote_fn};

pub(super) fn offered() -> Functions {
    functions![machine_instance, lisp_implementation_type, lisp_implementation_version]
}

/// The name of the machine that runs the command.
#[remote_fn]
fn machine_instance() -> String {
    rustix::system::uname().nodename().to_string_lossy().into_owned()
}

/// What runs the command: "telephone".
#[remote_fn]
fn lisp_implementation_type() -> String {
    env!("CARGO_PKG_NAME").to_owned()
}

/// The version of what runs the command.
#[remote_fn]
fn lisp_implementation_version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}
