//! A bout: one workload, and the processes of one contestant that carry it out.

use std::fmt;

use crate::Result;
use crate::contestant::Contestant;
use crate::memory;
use crate::options::Options;
use crate::process::Process;
use crate::proxy::Proxy;
use crate::sample::{Sample, Samples};

/// The flavour of tokio's runtime, in both processes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Runtime {
    Multi,
    Current,
}

impl fmt::Display for Runtime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if *self == Self::Multi { "multi" } else { "current" })
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Bout {
    /// As both programs read it.
    pub(crate) settings: String,
    /// What is looked at besides time.
    pub(crate) watch: Watch,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Watch {
    Time,
    /// The octets between the processes, which slows them.
    Octets,
    /// The server's memory, for so many connections.
    Memory(usize),
}

impl Bout {
    pub(crate) fn new(settings: impl Into<String>) -> Self {
        Self { settings: settings.into(), watch: Watch::Time }
    }

    pub(crate) fn watching(self, watch: Watch) -> Self {
        Self { watch, ..self }
    }

    /// Has each contestant in turn do it, as often as there are rounds: one list of samples for
    /// each contestant, empty for those who cannot.
    pub(crate) fn run(
        &self,
        options: &Options,
        contestants: &[&Contestant],
        runtime: Runtime,
        samples: &mut Samples,
    ) -> Result<Vec<Vec<Sample>>> {
        let mut results = vec![Vec::new(); contestants.len()];
        for round in 1..=options.rounds {
            eprintln!("{runtime}: {}, round {round} of {}", self.settings, options.rounds);
            for (contestant, results) in contestants.iter().zip(&mut results) {
                if let Some(sample) = self.once(options, contestant, runtime)? {
                    samples.add(runtime, &self.settings, &contestant.name, round, &sample);
                    results.push(sample);
                }
            }
        }
        Ok(results)
    }

    fn once(
        &self,
        options: &Options,
        contestant: &Contestant,
        runtime: Runtime,
    ) -> Result<Option<Sample>> {
        let settings = format!("runtime={runtime} seconds={} {}", options.seconds, self.settings);
        let mut server = Process::start(contestant, "server", &settings)?;
        let mut address = server.hear_of("listening")?.parse()?;
        let proxy = match self.watch {
            Watch::Octets => Some(Proxy::before(address)?),
            _ => None,
        };
        if let Some(proxy) = &proxy {
            address = proxy.address;
        }
        let mut client =
            Process::start(contestant, "client", &format!("address={address} {settings}"))?;
        let first = client.hear()?;
        if first == "cannot" {
            return Ok(None);
        }
        if first != "warm" {
            return Err(format!("the client of {} said {first:?}", contestant.name).into());
        }
        let kib = memory::kib(server.id())?;
        client.say("connect")?;
        client.hear_of("ready")?;
        let (cpu, passed) = (server.cpu()?, proxy.as_ref().map(Proxy::passed));
        client.say("go")?;
        let done = client.hear_of("done")?;
        let server_cpu = server.cpu()? - cpu;
        let figures = done.split(' ').map(str::parse).collect::<std::result::Result<Vec<f64>, _>>();
        let [calls, nanoseconds, cpu_nanoseconds] = figures?[..] else {
            return Err(format!("the client of {} said {done:?}", contestant.name).into());
        };
        let octets = proxy.zip(passed).map(|(proxy, before)| proxy.passed() - before);
        Ok(Some(Sample {
            calls,
            seconds: nanoseconds / 1e9,
            client_cpu: cpu_nanoseconds / 1e9,
            server_cpu,
            octets: octets.map(|octets| octets as f64 / calls),
            kib: match self.watch {
                // One connection was there before.
                Watch::Memory(connections @ 2..) => {
                    Some((memory::kib(server.id())? - kib) / (connections - 1) as f64)
                }
                _ => None,
            },
        }))
    }
}
