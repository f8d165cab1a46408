//! What `benches/run` asks for, to compare.

use std::path::PathBuf;

use crate::Result;
use crate::contestant::Contestant;

#[derive(Debug)]
pub(crate) struct Options {
    pub(crate) contestants: Vec<Contestant>,
    /// Where the report goes.
    pub(crate) out: PathBuf,
    pub(crate) rounds: usize,
    /// How long a client measures.
    pub(crate) seconds: f64,
    /// Everything small: it is seen whether the answers are right, and no more.
    pub(crate) smoke: bool,
}

impl Options {
    /// Reads `programs=DIR out=DIR peers=raw,wire,.. [rounds=N] [seconds=N] [smoke=true]`.
    pub(crate) fn parse(words: impl Iterator<Item = String>) -> Result<Self> {
        let (mut programs, mut peers) = (PathBuf::from("."), String::new());
        let mut options = Self {
            contestants: vec![],
            out: PathBuf::new(),
            rounds: 3,
            seconds: 0.15,
            smoke: false,
        };
        for word in words {
            let (name, value) =
                word.split_once('=').ok_or_else(|| format!("{word:?} is not name=value"))?;
            match name {
                "programs" => programs = value.into(),
                "peers" => peers = value.to_owned(),
                "out" => options.out = value.into(),
                "rounds" => options.rounds = value.parse()?,
                "seconds" => options.seconds = value.parse()?,
                "smoke" => options.smoke = value.parse()?,
                _ => return Err(format!("there is no option {name:?}").into()),
            }
        }
        options.contestants =
            peers.split(',').map(|name| Contestant::named(name, &programs)).collect();
        if options.rounds == 0 {
            return Err("without a round there is nothing to tell".into());
        }
        Ok(options)
    }
}
