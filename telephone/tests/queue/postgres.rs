//! A PostgreSQL cluster of these tests' own: in a temporary directory, on a Unix socket.
//!
//! Where PostgreSQL is not installed the tests that need it say so and pass, unless
//! `TELEPHONE_NEEDS_POSTGRES` is set: then they fail. On Debian: `apt-get install postgresql`.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread::sleep;
use std::time::Duration;

/// The URL of a new, empty database, or nothing where there is no PostgreSQL.
pub(crate) fn database() -> Option<String> {
    static CLUSTER: OnceLock<Option<Cluster>> = OnceLock::new();
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let Some(cluster) = CLUSTER.get_or_init(Cluster::start) else {
        assert!(
            std::env::var_os("TELEPHONE_NEEDS_POSTGRES").is_none(),
            "TELEPHONE_NEEDS_POSTGRES is set, and there is no PostgreSQL"
        );
        eprintln!("SKIPPED: there is no PostgreSQL (apt-get install postgresql)");
        return None;
    };
    let name = format!("queue{}", NUMBER.fetch_add(1, Ordering::Relaxed));
    cluster.program("createdb").arg(&name).output().map(succeeded).unwrap();
    let socket = cluster.directory.to_str().unwrap().replace('/', "%2F");
    Some(format!("postgres://telephone@{socket}/{name}"))
}

struct Cluster {
    programs: PathBuf,
    directory: PathBuf,
    /// PostgreSQL's, as it refuses to run as root.
    user: u32,
    /// Closed with this process, however it ends; then the cluster ends.
    _life: ChildStdin,
}

impl Cluster {
    fn start() -> Option<Self> {
        let programs = programs()?;
        let directory = tempfile::tempdir().unwrap().keep();
        let mut user = fs::metadata(&directory).unwrap().uid();
        if user == 0 {
            user = nobody();
            chown(&directory, Some(user), None).unwrap();
        }
        fs::set_permissions(&directory, fs::Permissions::from_mode(0o700)).unwrap();
        let initdb = ["-U", "telephone", "-A", "trust", "-E", "UTF8", "--locale=C", "-N", "-D"];
        let mut command = Command::new(programs.join("initdb"));
        command.args(initdb).arg(directory.join("data")).current_dir(&directory).uid(user);
        command.output().map(succeeded).unwrap();

        let mut keeper = Command::new("sh");
        keeper.arg("-c").arg(KEEPER).arg(programs.join("postgres")).arg(&directory);
        keeper.current_dir(&directory).uid(user);
        keeper.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let life = keeper.spawn().unwrap().stdin.take().unwrap();
        let cluster = Self { programs, directory, user, _life: life };
        while !cluster.program("pg_isready").output().unwrap().status.success() {
            sleep(Duration::from_millis(50));
        }
        Some(cluster)
    }

    fn program(&self, name: &str) -> Command {
        let mut command = Command::new(self.programs.join(name));
        command.arg("-h").arg(&self.directory).args(["-U", "telephone"]);
        command.current_dir(&self.directory).uid(self.user);
        command
    }
}

/// Those of the newest release that is installed, beside others or in the path.
fn programs() -> Option<PathBuf> {
    let debian = fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let mut found: Vec<PathBuf> = debian.map(|entry| entry.unwrap().path().join("bin")).collect();
    found.sort();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let in_path: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let mut all = found.into_iter().rev().chain(in_path);
    all.find(|directory| Path::new(directory).join("initdb").exists())
}

fn nobody() -> u32 {
    let output = Command::new("id").args(["-u", "nobody"]).output().map(succeeded).unwrap();
    output.trim().parse().unwrap()
}

fn succeeded(output: std::process::Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Runs PostgreSQL until nothing can be read any more, and leaves nothing behind.
const KEEPER: &str = r#"
"$0" -D "$1/data" -k "$1" -c listen_addresses= -c fsync=off -c max_connections=300 &
server=$!
cat
kill -INT $server
wait $server
cd /
rm -r "$1"
"#;
