//! What can be wrong with the partners one has.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

/// A partner that is not there, or a file of partners that cannot be used.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum PartnersError {
    /// A name that could be taken for an address or a flag.
    #[error(
        "{name:?} cannot be the name of a partner: use 1 to 64 letters, digits, hyphens, dots and \
         underscores, the first a letter or a digit"
    )]
    Name {
        /// The name.
        name: String,
    },
    /// An address that is none.
    #[error("{reason}")]
    Address {
        /// The address, and what is wrong with it.
        reason: String,
    },
    /// No partner has this name.
    #[error("no partner is called {name:?}; {}", those(known))]
    Unknown {
        /// The name.
        name: String,
        /// The names that there are, separated by commas.
        known: String,
    },
    /// This machine does not say where a user's configuration belongs.
    #[error(
        "no home directory is known to keep partners in: say where with --config or TELEPHONE_CONFIG"
    )]
    NoHome,
    /// Others than its owner may read or write the file.
    #[error(
        "{} may be read or written by others (mode {mode:03o}), and tokens are kept in it: run `chmod 600 {}`, and change the tokens if others had time to read them",
        path.display(),
        path.display()
    )]
    Exposed {
        /// The file.
        path: PathBuf,
        /// Its permissions.
        mode: u32,
    },
    /// The file does not say what a file of partners says.
    #[error("{} is not a file of partners: {reason}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What is wrong, and where. It never quotes a line, since a token may stand in it.
        reason: String,
    },
    /// Another program has been writing the file all this time.
    #[error(
        "another program holds {}: nothing was changed; try again when it is done",
        path.display()
    )]
    Busy {
        /// The file whose lock is held.
        path: PathBuf,
    },
    /// The file could not be read or written.
    #[error("cannot {action} {}: {source}", path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

fn those(known: &str) -> String {
    if known.is_empty() {
        "there are none yet: add one with `telephone partner add NAME ADDRESS`".to_owned()
    } else {
        format!("there are {known}")
    }
}
