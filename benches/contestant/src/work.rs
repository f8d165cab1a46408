//! The loops that are measured.

use bytes::Bytes;

use crate::callers::adds;
use crate::clock::Stopwatch;
use crate::sample::{self, Sample};
use crate::{Client, Result, Settings};

/// What one client does, over and over.
pub(crate) enum Work<R> {
    /// One `add` at a time.
    Alone,
    /// So many at a time on one connection, each from its own task.
    Tasks(usize),
    /// So many at a time, from one task.
    Joined(usize),
    /// One-way texts, and a question at the end.
    Notes(String),
    Echo(Bytes),
    Records(Vec<R>),
    Numbers(Vec<i32>),
    /// So many connections, each with a task that makes so many calls.
    Crowd {
        connections: usize,
        each: u64,
    },
    /// The server calls back in the middle of the call.
    CallBack,
}

impl<R: From<Sample>> Work<R> {
    pub(crate) fn of(settings: &Settings) -> Result<Self> {
        let size: usize = settings.or("size", 1)?;
        Ok(match settings.or("work", String::new())?.as_str() {
            "alone" => Self::Alone,
            "tasks" => Self::Tasks(size),
            "joined" => Self::Joined(size),
            "notes" => Self::Notes(String::from_utf8(sample::octets(size).to_vec())?),
            "echo" => Self::Echo(sample::octets(size)),
            "records" => Self::Records((0..size as u64).map(|n| Sample::at(n).into()).collect()),
            "numbers" => Self::Numbers(sample::numbers(size)),
            "crowd" => Self::Crowd { connections: size, each: settings.or("each", 100)? },
            "callback" => Self::CallBack,
            other => return Err(format!("there is no work {other:?}").into()),
        })
    }
}

/// A client and its work.
pub(crate) struct Worker<C: Client> {
    work: Work<C::Record>,
    clients: Vec<C>,
    /// Octets of one-way texts sent so far.
    told: u64,
}

impl<C: Client> Worker<C> {
    /// Connects once, and tries the work once.
    pub(crate) async fn new(settings: &Settings) -> Result<Self> {
        let work = Work::of(settings)?;
        let mut worker = Self { work, clients: vec![C::connect(settings).await?], told: 0 };
        worker.run(worker.step()).await?;
        Ok(worker)
    }

    /// Makes the connections that are still missing.
    pub(crate) async fn connect(&mut self, settings: &Settings) -> Result<()> {
        if let Work::Crowd { connections, .. } = self.work {
            while self.clients.len() < connections {
                self.clients.push(C::connect(settings).await?);
            }
        }
        Ok(())
    }

    /// How many calls take so many seconds, found by making some; they warm up both sides as well.
    pub(crate) async fn calls_in(&mut self, seconds: f64) -> Result<u64> {
        if let Work::Crowd { each, .. } = self.work {
            return Ok(each * self.clients.len() as u64);
        }
        let step = self.step();
        let mut calls = step;
        loop {
            let watch = Stopwatch::start();
            self.run(calls).await?;
            let took = watch.nanoseconds() as f64 / 1e9;
            let wanted = calls as f64 * seconds / took;
            if took >= seconds / 4.0 {
                return Ok((wanted as u64).max(1).next_multiple_of(step));
            }
            // A first call says little of those that follow.
            calls = (wanted / 2.0).min(calls as f64 * 16.0) as u64;
            calls = calls.next_multiple_of(step);
        }
    }

    /// The least number of calls that makes sense: one of each who calls.
    fn step(&self) -> u64 {
        match self.work {
            Work::Tasks(width) | Work::Joined(width) => width as u64,
            Work::Crowd { each, .. } => each,
            _ => 1,
        }
    }

    /// Makes so many calls, and looks at every answer.
    pub(crate) async fn run(&mut self, calls: u64) -> Result<()> {
        let client = &self.clients[0];
        match &self.work {
            Work::Alone => adds(client.clone(), calls).await?,
            Work::Tasks(width) => client.in_flight(*width, calls / *width as u64).await?,
            Work::Joined(width) => client.joined(*width, calls).await?,
            Work::Notes(text) => {
                self.told += text.len() as u64 * calls;
                let arrived = client.tell(text, calls).await?;
                if arrived != self.told {
                    return Err(format!("{} octets sent, {arrived} arrived", self.told).into());
                }
            }
            Work::Echo(octets) => {
                for _ in 0..calls {
                    came_back(client.echo(octets).await?)?;
                }
            }
            Work::Records(records) => {
                for _ in 0..calls {
                    came_back(client.echo_records(records).await?)?;
                }
            }
            Work::Numbers(numbers) => {
                for _ in 0..calls {
                    came_back(client.echo_numbers(numbers).await?)?;
                }
            }
            Work::Crowd { each, .. } => C::callers(self.clients.clone(), *each).await?,
            Work::CallBack => {
                for call in 0..calls {
                    let number = (call & 127) as i32;
                    came_back(client.call_back(number).await? == 2 * number + 1)?;
                }
            }
        }
        Ok(())
    }
}

fn came_back(as_it_went: bool) -> Result<()> {
    if as_it_went { Ok(()) } else { Err("what came back is not what it must be".into()) }
}
