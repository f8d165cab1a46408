//! The contestants side by side: one table for a flavour of the runtime.

use crate::Result;
use crate::bout::{Bout, Runtime, Watch};
use crate::contestant::Contestant;
use crate::figure::table;
use crate::goal::Goal;
use crate::line::{Better, Line, brief_head, head};
use crate::options::Options;
use crate::sample::{Sample, Samples};
use crate::statistics::median;

/// What is read off the samples of a bout.
#[derive(Clone, Copy)]
struct Measure {
    title: &'static str,
    read: fn(&Sample) -> Option<f64>,
    better: Better,
    is_brief: bool,
}

const CALLS: Measure = Measure {
    title: "calls/s",
    read: |it| Some(it.calls_per_second()),
    better: Better::More,
    is_brief: true,
};
const CPU: Measure = Measure {
    title: "CPU s per million calls",
    read: |it| Some(it.cpu_per_million()),
    better: Better::Less,
    is_brief: false,
};
/// An echo carries its octets both ways; what is told is one way.
const MEGABYTES: Measure = Measure {
    title: "MB/s each way",
    read: |it| Some(it.calls_per_second() * f64::from(1 << 20) / 1e6),
    ..CALLS
};
const OCTETS: Measure = Measure {
    title: "octets, call and answer",
    read: |it| it.octets,
    better: Better::Less,
    is_brief: true,
};
const MEMORY: Measure = Measure { title: "server KiB per connection", read: |it| it.kib, ..OCTETS };

/// A workload, and the lines that it makes.
struct Entry {
    title: &'static str,
    bout: Bout,
    lines: &'static [(Measure, &'static [Goal])],
}

fn entries(smoke: bool, runtime: Runtime) -> Vec<Entry> {
    use Goal::{AtMost, BelowPeers, OfRaw, PeerTimes, RawTimes};
    let connections = if smoke { 50 } else { 1000 };
    // A hundred calls on each take the slowest ten seconds, which is enough once.
    let (crowd, each) = match runtime {
        Runtime::Multi => ("1,000 connections, 100 adds each", 100),
        Runtime::Current => ("1,000 connections, 20 adds each", 20),
    };
    let mut entries = vec![
        Entry {
            title: "one add at a time",
            bout: Bout::new("work=alone"),
            lines: &[(CALLS, &[OfRaw(0.9)]), (CPU, &[RawTimes(1.3)])],
        },
        Entry {
            title: "the same, both processes on one CPU",
            bout: Bout::new("work=alone cpu=0"),
            lines: &[(CALLS, &[]), (CPU, &[])],
        },
        Entry {
            title: "64 in flight, a task each",
            bout: Bout::new("work=tasks size=64"),
            lines: &[(CALLS, &[OfRaw(0.7), PeerTimes("tarpc", 6.0)]), (CPU, &[RawTimes(1.5)])],
        },
        Entry {
            title: "64 in flight, from one task",
            bout: Bout::new("work=joined size=64"),
            lines: &[(CALLS, &[]), (CPU, &[])],
        },
        Entry {
            title: "one-way text of 16 octets",
            bout: Bout::new("work=notes size=16"),
            lines: &[(CALLS, &[OfRaw(0.5)]), (CPU, &[])],
        },
        Entry {
            title: "echo of 1 MiB",
            bout: Bout::new("work=echo size=1048576"),
            lines: &[(MEGABYTES, &[OfRaw(0.95)]), (CPU, &[])],
        },
        Entry {
            title: "echo of 1,000 structs",
            bout: Bout::new("work=records size=1000"),
            lines: &[(CALLS, &[OfRaw(0.9)]), (CPU, &[])],
        },
        Entry {
            title: if smoke { "50 connections" } else { crowd },
            bout: Bout::new(format!("work=crowd size={connections} each={each}"))
                .watching(Watch::Memory(connections)),
            lines: &[(CALLS, &[OfRaw(0.9)]), (CPU, &[]), (MEMORY, &[AtMost(8.0)])],
        },
        Entry {
            title: "callback within a call",
            bout: Bout::new("work=callback"),
            lines: &[(CALLS, &[OfRaw(0.85)]), (CPU, &[])],
        },
    ];
    // No runtime changes what is sent.
    if runtime == Runtime::Multi {
        entries.push(Entry {
            title: "one small add on the wire",
            bout: Bout::new("work=alone calls=1000").watching(Watch::Octets),
            lines: &[(OCTETS, &[BelowPeers])],
        });
    }
    entries
}

pub(crate) struct Comparison<'a> {
    contestants: Vec<&'a Contestant>,
    lines: Vec<Line<'a>>,
}

impl<'a> Comparison<'a> {
    pub(crate) fn measure(
        options: &'a Options,
        runtime: Runtime,
        samples: &mut Samples,
    ) -> Result<Self> {
        let contestants: Vec<_> = options.contestants.iter().collect();
        let mut lines = Vec::new();
        for entry in entries(options.smoke, runtime) {
            let results = entry.bout.run(options, &contestants, runtime, samples)?;
            for (measure, goals) in entry.lines {
                let of = |samples: &Vec<Sample>| median(samples.iter().filter_map(measure.read));
                lines.push(Line {
                    title: format!("{}: {}", entry.title, measure.title),
                    better: measure.better,
                    goals,
                    is_brief: measure.is_brief && !goals.is_empty(),
                    figures: contestants.iter().copied().zip(results.iter().map(of)).collect(),
                });
            }
        }
        Ok(Self { contestants, lines })
    }

    /// Everybody's figures.
    pub(crate) fn table(&self) -> String {
        let mut rows = vec![head(&self.contestants)];
        rows.extend(self.lines.iter().map(Line::cells));
        table(&rows)
    }

    /// The loop, the best peer and ours.
    pub(crate) fn brief(&self) -> String {
        let mut rows = vec![brief_head()];
        rows.extend(self.lines.iter().filter(|line| line.is_brief).map(Line::brief_cells));
        table(&rows)
    }

    /// The goals that are missed, a line each.
    pub(crate) fn missed(&self) -> String {
        let missed: Vec<_> = self.lines.iter().flat_map(Line::missed).collect();
        if missed.is_empty() { "None.\n".to_owned() } else { missed.join("\n") + "\n" }
    }
}
