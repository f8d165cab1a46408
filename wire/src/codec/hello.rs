//! The hello: the one string by which a peer tells what it reads, and its limits.

use std::fmt;
use std::str::FromStr;

use crate::codec::op::{BadHello, Reads, number};
use crate::limits::Limits;

/// What a hello begins with.
const BEGINNING: &str = "wire-hello/1 ";

/// What a sender can read, and its limits.
///
/// It travels as one top-level string, which CMUCL reads and drops. Words that this version does
/// not know are passed over.
///
/// ```
/// use wire::codec::{Hello, Reads};
///
/// let text = "wire-hello/1 ops=15-29 object=67108864 depth=128 calls=1024 entries=65536 \
///             cache=4194304";
/// let hello: Hello = text.parse()?;
/// assert_eq!((hello.reads, hello.depth), (Reads::ALL, 128));
/// assert_eq!(hello.to_string(), text);
/// assert!(!Hello::is_hello("hello"));
/// # Ok::<(), wire::codec::BadHello>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Hello {
    /// The ops it reads.
    pub reads: Reads,
    /// The weight of one object that it reads.
    pub object: u64,
    /// How deep an object that it reads may nest.
    pub depth: u32,
    /// How many calls it runs at once.
    pub calls: u32,
    /// How many saved objects it keeps.
    pub entries: u32,
    /// How many octets of saved objects it keeps.
    pub cache: u64,
}

impl Hello {
    /// The longest hello, in octets.
    pub const LONGEST: usize = 512;

    /// The least weight of an object, and the least depth, that its sender may read. To one that
    /// reads less, nobody could tell that a call of its unwound.
    const LEAST: (u64, u32) = (512, 1);

    /// What a side of these limits says that reads these ops.
    pub fn new(reads: Reads, limits: &Limits) -> Self {
        Self {
            reads,
            object: limits.object_weight,
            depth: limits.depth,
            calls: limits.running_calls,
            entries: limits.cache_entries,
            cache: limits.cache_bytes,
        }
    }

    /// Whether a string is meant as a hello, well formed or not.
    pub fn is_hello(text: &str) -> bool {
        text.starts_with(BEGINNING)
    }
}

impl fmt::Display for Hello {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { reads, object, depth, calls, entries, cache } = self;
        write!(f, "{BEGINNING}ops={reads} object={object} depth={depth} calls={calls} ")?;
        write!(f, "entries={entries} cache={cache}")
    }
}

impl FromStr for Hello {
    type Err = BadHello;

    /// A limit that is not said is the default one. One whose sender reads no object of 512
    /// octets, or none that nests, is no hello.
    fn from_str(text: &str) -> Result<Self, BadHello> {
        let words = text.strip_prefix(BEGINNING).ok_or(BadHello)?;
        if text.len() > Self::LONGEST || !text.is_ascii() {
            return Err(BadHello);
        }
        let mut hello = Self::new(Reads::CLASSIC, &Limits::default());
        for word in words.split(' ') {
            match word.split_once('=') {
                Some(("ops", value)) => hello.reads = value.parse()?,
                Some(("object", value)) => hello.object = number(value)?,
                Some(("depth", value)) => hello.depth = number(value)?,
                Some(("calls", value)) => hello.calls = number(value)?,
                Some(("entries", value)) => hello.entries = number(value)?,
                Some(("cache", value)) => hello.cache = number(value)?,
                _ => {}
            }
        }
        let (object, depth) = Self::LEAST;
        if hello.object < object || hello.depth < depth { Err(BadHello) } else { Ok(hello) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_words_are_passed_over_and_missing_ones_are_the_defaults() {
        let hello: Hello = "wire-hello/1 colour=blue ops=15 swift".parse().unwrap();
        assert_eq!(hello.reads.to_string(), "15");
        assert_eq!(hello.depth, Limits::default().depth);
    }

    #[test]
    fn what_is_not_a_hello_is_refused() {
        let long = format!("{BEGINNING}{}", "x".repeat(Hello::LONGEST));
        for text in ["", "wire-hello/1", "wire-hello/2 ops=15", "wire-hello/1 depth=-1", &long] {
            assert_eq!(text.parse::<Hello>(), Err(BadHello), "{text}");
        }
        assert_eq!("wire-hello/1 ops=15 é".parse::<Hello>(), Err(BadHello));
    }

    #[test]
    fn whoever_reads_too_little_to_be_told_of_an_unwinding_says_no_hello() {
        for text in ["object=0", "object=511", "depth=0"] {
            assert_eq!(format!("{BEGINNING}{text}").parse::<Hello>(), Err(BadHello), "{text}");
        }
        assert!(format!("{BEGINNING}object=512 depth=1").parse::<Hello>().is_ok());
    }

    #[test]
    fn the_longest_of_ours_fits() {
        let limits =
            Limits::default().object_weight(u64::MAX).depth(u32::MAX).running_calls(u32::MAX);
        let mut reads = Reads::CLASSIC;
        for op in [15, 17, 19, 21, 23, 25, 27, 29] {
            reads = reads.with(crate::codec::op::Op::from_byte(op).unwrap());
        }
        let text = Hello::new(reads, &limits).to_string();
        assert!(text.len() <= Hello::LONGEST, "{text}");
        assert_eq!(text.parse(), Ok(Hello::new(reads, &limits)));
    }
}
