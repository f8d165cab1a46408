//! The page's conversations, replayed against a wire: it must say just what the page says.

use std::error::Error;
use std::io;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio::time::{sleep, timeout};
use wire::codec::{Hello, PeerProfile, Reads};
use wire::{Limits, Token, Wire};

use crate::meaning::Direction;
use crate::objects::untagged;
use crate::page::{Block, Entry, Numbers};
use crate::program::{Program, offered};

/// How long the wire may take to say what it must. The clock stands still while anything runs, so
/// only one that says nothing takes so long.
const PATIENCE: Duration = Duration::from_secs(20);

/// Both sides of one conversation.
struct Stage {
    stream: DuplexStream,
    wire: Wire,
    program: Program,
    /// What the peer says, and what the wire does.
    said: [Direction; 2],
    numbers: Numbers,
}

/// Replays one conversation.
pub(crate) async fn replay(block: &Block, dialect: &str) {
    let mut stage = Stage::new(dialect).await;
    for entry in &block.entries {
        if let Err(error) = stage.entry(entry).await {
            panic!("docs/protocol.md, line {}: {}: {error}", entry.line, entry.said);
        }
    }
    let left = stage.came(1, Duration::from_millis(1)).await;
    assert!(left.is_empty(), "after `{}` the wire says more", block.entries.last().unwrap().said);
}

impl Stage {
    async fn new(dialect: &str) -> Self {
        let (near, stream) = tokio::io::duplex(1 << 16);
        let builder = Wire::builder().functions(offered()).hello_wait(Duration::ZERO);
        let builder = if dialect == "classic" { builder.classic() } else { builder };
        let wire = builder.over(near).await.expect("nothing is wrong with it");
        let token = Token::local(0);
        let mut numbers = Numbers::default();
        numbers.set("HOST", token.host());
        numbers.set("PROCESS", token.process());
        let mut stage = Self {
            stream,
            wire,
            program: Program::default(),
            said: [(); 2].map(|()| Direction::new(PeerProfile::extended())),
            numbers,
        };
        if dialect == "extended" {
            stage.greet().await;
        }
        stage
    }

    /// Both say hello, of which the page shows nothing.
    async fn greet(&mut self) {
        let hello = Hello::new(Reads::ALL, &Limits::default()).to_string();
        let length = (hello.len() as u32).to_be_bytes();
        let hello = [&[8], &length[..], hello.as_bytes()].concat();
        self.send(&hello).await.expect("room");
        assert_eq!(self.came(hello.len(), PATIENCE).await, hello);
    }

    async fn entry(&mut self, entry: &Entry) -> Result<(), Box<dyn Error>> {
        let said = self.numbers.said(entry);
        let (who, what) = said.split_once(' ').ok_or("who does what?")?;
        match (who, what) {
            ("peer:", meaning) => {
                let octets = self.numbers.octets(entry);
                self.means(0, &octets, meaning)?;
                self.send(&octets).await?;
            }
            ("rust:", _) => self.hear(entry).await?,
            ("peer", "shuts") => self.stream.shutdown().await?,
            ("rust", "shuts") => assert!(self.came(1, PATIENCE).await.is_empty()),
            ("rust", what) => match what.strip_prefix("ends: ") {
                Some(why) => assert_eq!(self.wire.closed().await.to_string(), why),
                None => timeout(PATIENCE, self.program.act(&self.wire, what)).await??,
            },
            _ => return Err("who does what?".into()),
        }
        Ok(())
    }

    /// Hears what the wire says, which must be just that.
    async fn hear(&mut self, entry: &Entry) -> Result<(), String> {
        let came = self.came(entry.octets.len(), PATIENCE).await;
        let octets = self.numbers.octets_like(entry, &came);
        let words = self.numbers.said(entry);
        let words = words.trim_start_matches("rust: ");
        let error = match came == octets {
            true => match self.means(1, &octets, words) {
                Ok(()) => return Ok(()),
                Err(error) => error,
            },
            false => "other octets".to_owned(),
        };
        let more = self.came(1 << 10, Duration::from_millis(1)).await;
        let all = [came, more].concat();
        Err(format!("{error}: {}, in hex {all:02x?}", all.escape_ascii()))
    }

    /// Sends what the peer says, and lets the wire hear it.
    async fn send(&mut self, octets: &[u8]) -> io::Result<()> {
        self.stream.write_all(octets).await?;
        sleep(Duration::from_millis(1)).await;
        Ok(())
    }

    fn means(&mut self, direction: usize, octets: &[u8], words: &str) -> Result<(), String> {
        let meaning = match words.strip_prefix("untagged ") {
            Some(words) if untagged(words) == octets => return Ok(()),
            Some(words) => return Err(format!("that is {:02x?}", untagged(words))),
            None => self.said[direction].meaning(octets)?,
        };
        if meaning == words { Ok(()) } else { Err(format!("the octets mean {meaning}")) }
    }

    /// So many octets of what the wire says next; fewer if it says no more.
    async fn came(&mut self, count: usize, within: Duration) -> Vec<u8> {
        let mut octets = vec![0; count];
        let mut filled = 0;
        while filled < count {
            let read = self.stream.read(&mut octets[filled..]);
            match timeout(within, read).await {
                Ok(Ok(more @ 1..)) => filled += more,
                _ => break,
            }
        }
        octets.truncate(filled);
        octets
    }
}
