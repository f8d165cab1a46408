//! What stands on the wire for an object of some process: host, process and object id.

use std::collections::hash_map::RandomState;
use std::fmt;
use std::hash::BuildHasher;
use std::sync::LazyLock;

/// A name for one object of one process, as remote objects and waiting calls have on the wire.
///
/// Two tokens name the same object when all three parts are equal. A token alone holds nothing
/// alive; [`Remote`](crate::Remote) is the handle that does.
///
/// ```
/// use wire::Token;
///
/// let token = Token::new(0x007f_0100, 7451, 1);
/// assert!(!token.is_local());
/// assert_eq!(token.to_string(), "8323328:7451:1");
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Token {
    host: u32,
    process: u32,
    id: u32,
}

impl Token {
    /// The token of object `id` in process `process` on host `host`.
    pub const fn new(host: u32, process: u32, id: u32) -> Self {
        Self { host, process, id }
    }

    /// The token of object `id` of this process.
    pub fn local(id: u32) -> Self {
        Self { id, ..*HERE }
    }

    /// The host's part. Ours is random for each process: `gethostid`, which CMUCL sends, repeats
    /// among containers, and two processes that share a token would take each other's objects for
    /// their own.
    pub const fn host(self) -> u32 {
        self.host
    }

    /// The process's part.
    pub const fn process(self) -> u32 {
        self.process
    }

    /// The object's number in its process.
    pub const fn id(self) -> u32 {
        self.id
    }

    /// Whether the token names an object of this process (`remote-object-local-p`).
    pub fn is_local(self) -> bool {
        self.same_process(*HERE)
    }

    /// Whether both tokens are of one process.
    pub const fn same_process(self, other: Self) -> bool {
        self.host == other.host && self.process == other.process
    }
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.host, self.process, self.id)
    }
}

/// This process, with object id 0. The process part stays below 2^31, because CMUCL reads numbers
/// as signed.
static HERE: LazyLock<Token> = LazyLock::new(|| {
    // A new `RandomState` is keyed from the system's randomness.
    let bits = RandomState::new().hash_one(std::process::id());
    Token::new((bits >> 32) as u32, (bits as u32) & 0x7fff_ffff, 0)
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn local_tokens_differ_only_in_their_id() {
        let (one, two) = (Token::local(1), Token::local(2));
        assert_ne!(one, two);
        assert!(one.same_process(two) && one.is_local());
        assert!(one.process() < 1 << 31);
    }

    #[test]
    fn a_token_of_another_host_is_foreign() {
        let here = Token::local(5);
        assert!(!Token::new(here.host() ^ 1, here.process(), 5).is_local());
        assert!(!Token::new(here.host(), here.process() ^ 1, 5).is_local());
    }
}
