//! The file that keeps partners: readable by its owner alone, whole at every moment.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use directories::ProjectDirs;
use rustix::fs::FlockOperation;
use tempfile::NamedTempFile;

use super::{Partners, PartnersError};

/// A file of partners, TOML, that only its owner may read, since tokens are kept in it.
///
/// Readers need no lock: a change is written beside the file and takes its place at once, so that
/// it is there wholly or not at all, whatever happens meanwhile.
///
/// ```
/// use telephone::{KnownPartner, PartnersFile};
///
/// # let directory = tempfile::tempdir().unwrap();
/// # let path = directory.path().join("partners.toml");
/// let file = PartnersFile::at(path);
/// file.change(|partners| partners.define("kitchen", KnownPartner::new("http://kitchen:4242")))?;
/// assert_eq!(file.load()?.known("kitchen")?.address(), "http://kitchen:4242");
/// # Ok::<(), telephone::PartnersError>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PartnersFile {
    path: PathBuf,
}

impl PartnersFile {
    /// `partners.toml` in the user's directory for configuration, as the system has it:
    /// `~/.config/telephone` on Linux.
    ///
    /// # Errors
    /// [`PartnersError::NoHome`].
    pub fn of_user() -> Result<Self, PartnersError> {
        let directories = ProjectDirs::from("", "", "telephone").ok_or(PartnersError::NoHome)?;
        Ok(Self::at(directories.config_dir().join("partners.toml")))
    }

    /// The file of this path, which need not exist yet.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Reads it; a file that does not exist has no partners. Blocks on the disk.
    ///
    /// # Errors
    /// [`PartnersError::Exposed`] if others may read or write it, [`PartnersError::Malformed`] if it
    /// says something else, [`PartnersError::Io`] if it cannot be read.
    pub fn load(&self) -> Result<Partners, PartnersError> {
        let file = match File::open(&self.path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Partners::default()),
            Err(error) => return Err(self.io("open", error)),
        };
        self.check_mode(&file)?;
        let mut text = String::new();
        file.take(MAX_OCTETS + 1)
            .read_to_string(&mut text)
            .map_err(|error| self.io("read", error))?;
        if text.len() as u64 > MAX_OCTETS {
            return Err(self.malformed(format!("it is longer than {MAX_OCTETS} octets")));
        }
        let partners =
            toml::from_str::<Partners>(&text).map_err(|error| self.misread(&text, &error))?;
        partners.check().map_err(|error| self.malformed(error.to_string()))?;
        Ok(partners)
    }

    /// Reads it, changes it, and writes it, while no other program does. Blocks on the disk, and
    /// for up to five seconds while another one writes.
    ///
    /// # Errors
    /// What [`load`](Self::load) and `change` say, [`PartnersError::Busy`], and
    /// [`PartnersError::Io`]; in each case the file is as it was.
    pub fn change<T>(
        &self,
        change: impl FnOnce(&mut Partners) -> Result<T, PartnersError>,
    ) -> Result<T, PartnersError> {
        // Whoever keeps the file elsewhere and has a link here keeps both.
        let target = fs::canonicalize(&self.path).unwrap_or_else(|_| self.path.clone());
        let directory = match target.parent() {
            Some(directory) if !directory.as_os_str().is_empty() => directory,
            _ => Path::new("."),
        };
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(directory)
            .map_err(|error| self.io("make a directory for", error))?;
        let _lock = self.lock(&target)?;
        let mut partners = self.load()?;
        let given = change(&mut partners)?;
        self.write(&partners, directory, &target)?;
        Ok(given)
    }

    /// A file beside it is locked, since it is itself replaced by each change.
    fn lock(&self, target: &Path) -> Result<File, PartnersError> {
        let path = target.with_extension("lock");
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .mode(0o600)
            .open(&path)
            .map_err(|error| self.io("lock", error))?;
        let begun = Instant::now();
        loop {
            match rustix::fs::flock(&file, FlockOperation::NonBlockingLockExclusive) {
                Ok(()) => return Ok(file),
                Err(rustix::io::Errno::WOULDBLOCK | rustix::io::Errno::INTR) => {}
                Err(error) => return Err(self.io("lock", error.into())),
            }
            if begun.elapsed() > LOCK_PATIENCE {
                return Err(PartnersError::Busy { path });
            }
            thread::sleep(LOCK_PAUSE);
        }
    }

    /// A temporary file has mode 0600 from its first moment.
    fn write(
        &self,
        partners: &Partners,
        directory: &Path,
        target: &Path,
    ) -> Result<(), PartnersError> {
        let text = toml::to_string(partners).map_err(|error| self.malformed(error.to_string()))?;
        let written = NamedTempFile::new_in(directory).and_then(|mut file| {
            file.write_all(HEADER.as_bytes())?;
            file.write_all(text.as_bytes())?;
            file.as_file().sync_all()?;
            file.persist(target).map_err(|error| error.error)?;
            File::open(directory)?.sync_all()
        });
        written.map_err(|error| self.io("write", error))
    }

    /// Asks the open file, which nobody can exchange between the question and the reading.
    fn check_mode(&self, file: &File) -> Result<(), PartnersError> {
        let metadata = file.metadata().map_err(|error| self.io("ask about", error))?;
        let mode = metadata.permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            return Err(PartnersError::Exposed { path: self.path.clone(), mode });
        }
        Ok(())
    }

    /// The error's own text shows the line, and with it a token. Its message shows no value but one
    /// that is `invalid`, which may be a token as well.
    fn misread(&self, text: &str, error: &toml::de::Error) -> PartnersError {
        let line = |at: usize| 1 + text.bytes().take(at).filter(|octet| *octet == b'\n').count();
        let place = error.span().map(|span| format!(" (line {})", line(span.start)));
        let message = error.message();
        let told =
            if message.starts_with("invalid") { "a value has the wrong type" } else { message };
        self.malformed(format!("{told}{}", place.unwrap_or_default()))
    }

    fn malformed(&self, reason: String) -> PartnersError {
        PartnersError::Malformed { path: self.path.clone(), reason }
    }

    fn io(&self, action: &'static str, source: io::Error) -> PartnersError {
        PartnersError::Io { action, path: self.path.clone(), source }
    }
}

const HEADER: &str =
    "# The partners of telephone. Tokens are kept here: let nobody else read this file.\n\n";
/// Room for thousands of partners; protects from a path that leads to something endless.
const MAX_OCTETS: u64 = 1 << 20;
/// A change takes milliseconds; who holds the lock for longer hangs.
const LOCK_PATIENCE: Duration = Duration::from_secs(5);
const LOCK_PAUSE: Duration = Duration::from_millis(10);
