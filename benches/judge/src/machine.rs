//! Where, with what and how it was measured.

use std::fs::read_to_string;
use std::process::Command;

use crate::options::Options;

/// Of the other libraries and what all stand on, in the order of their columns.
const PACKAGES: [&str; 6] = ["tokio", "tarpc", "capnp-rpc", "tonic", "remoc", "jsonrpsee"];

/// One paragraph.
pub(crate) fn told(options: &Options) -> String {
    let cpus = std::thread::available_parallelism().map_or(0, usize::from);
    let text = read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = text.lines().find_map(|line| line.strip_prefix("model name"));
    let model = model.map_or("an unknown CPU", |it| it.trim_start_matches([' ', '\t', ':']));
    let kernel = read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let compiler = Command::new("rustc").arg("--version").output();
    let compiler = compiler.map_or_else(|_| vec![], |output| output.stdout);
    let compiler = String::from_utf8_lossy(&compiler);
    let compiler = compiler.split(" (").next().unwrap_or_default().trim();
    // Who reads the figures may ask what else the machine did.
    let load = read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').next().unwrap_or_default();
    let lock = read_to_string("Cargo.lock").unwrap_or_default();
    let versions =
        PACKAGES.iter().filter_map(|name| Some(format!("{name} {}", version(&lock, name)?)));
    let rounds = match options.rounds {
        1 => "One round".to_owned(),
        rounds => format!("Medians of {rounds} rounds"),
    };
    format!(
        "{cpus} CPUs ({model}), Linux {}, {compiler}, {}. {rounds} of {} s; a load of {load} when it \
         began.\n",
        kernel.trim(),
        versions.collect::<Vec<_>>().join(", "),
        options.seconds,
    )
}

/// The locked version of a package.
fn version<'a>(lock: &'a str, name: &str) -> Option<&'a str> {
    let (_, after) = lock.split_once(&format!("name = \"{name}\"\nversion = \""))?;
    after.split('"').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_that_of_the_package_and_of_no_other() {
        let lock = "[[package]]\nname = \"tarpc-plugins\"\nversion = \"0.14.3\"\n\n\
                    [[package]]\nname = \"tarpc\"\nversion = \"0.38.0\"\n";
        assert_eq!(version(lock, "tarpc"), Some("0.38.0"));
        assert_eq!(version(lock, "tonic"), None);
    }
}
