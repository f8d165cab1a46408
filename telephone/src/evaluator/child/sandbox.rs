//! What an evaluator gives up before it runs anything.

use std::fs::File;
use std::io::{self, Read};

use rustix::process::{Resource, Rlimit, setrlimit};

/// No core dump, which could be as large as the memory, and no file longer than nothing. Pipes are
/// no files here.
pub(super) fn no_core_and_no_files_written() -> io::Result<()> {
    limit(Resource::Core, 0)?;
    limit(Resource::Fsize, 0)
}

/// What Linux tells about this process; it is opened while files still can be.
pub(super) fn open_status() -> Option<File> {
    File::open("/proc/self/status").ok()
}

/// Bounds memory, descriptors and processes, and takes files and network away from this thread and
/// those that it will start. Others do that for themselves.
pub(super) fn restrict(status: Option<File>, memory: u64) -> io::Result<()> {
    let mapped = status.and_then(mapped).unwrap_or(UNKNOWN);
    limit(Resource::As, mapped.saturating_add(memory))?;
    // It has all the descriptors and threads that it needs. For root the second is no limit.
    limit(Resource::Nofile, 0)?;
    limit(Resource::Nproc, 0)?;
    forbid_files_and_network();
    Ok(())
}

fn limit(resource: Resource, most: u64) -> io::Result<()> {
    Ok(setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })?)
}

fn mapped(mut status: File) -> Option<u64> {
    let mut text = String::new();
    status.read_to_string(&mut text).ok()?;
    let size = text.lines().find_map(|line| line.strip_prefix("VmSize:"))?;
    let kibibytes: u64 = size.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes << 10)
}

/// With Landlock, where the kernel has it: a second fence. The first is that the engine's
/// functions for files and network cannot be named by a command.
#[cfg(target_os = "linux")]
pub(super) fn forbid_files_and_network() {
    use landlock::{ABI, Access, AccessFs, AccessNet, Ruleset, RulesetAttr};

    let ruleset = Ruleset::default()
        .handle_access(AccessFs::from_all(ABI::V6))
        .and_then(|ruleset| ruleset.handle_access(AccessNet::from_all(ABI::V6)))
        .and_then(Ruleset::create)
        .and_then(landlock::RulesetCreated::restrict_self);
    if let Err(error) = ruleset {
        eprintln!("Landlock does not hold this evaluator: {error}");
    }
}

#[cfg(not(target_os = "linux"))]
pub(super) fn forbid_files_and_network() {}

/// What an idle evaluator maps where nobody tells, in octets: more than it does.
const UNKNOWN: u64 = 1 << 30;
