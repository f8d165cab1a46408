//! The contestants side by side: one table for a flavour of the runtime.

use crate::Result;
use crate::bout::{Bout, Runtime, Watch};
use crate::contestant::{Contestant, RAW, WIRE};
use crate::figure::{figure, table};
use crate::options::Options;
use crate::sample::{Sample, Samples};
use crate::statistics::median;

/// One line of the table.
struct Row {
    title: &'static str,
    read: fn(&Sample) -> Option<f64>,
    better: Better,
}

#[derive(Clone, Copy, PartialEq)]
enum Better {
    More,
    Less,
}

const CALLS: Row =
    Row { title: "calls/s", read: |it| Some(it.calls_per_second()), better: Better::More };
const CPU: Row = Row {
    title: "CPU s per million calls",
    read: |it| Some(it.cpu_per_million()),
    better: Better::Less,
};
/// An echo carries its octets both ways; what is told is one way.
const MIB: Row = Row {
    title: "MB/s each way",
    read: |it| Some(it.calls_per_second() * f64::from(1 << 20) / 1e6),
    better: Better::More,
};
const OCTETS: Row =
    Row { title: "octets, call and answer", read: |it| it.octets, better: Better::Less };
const MEMORY: Row =
    Row { title: "server KiB per connection", read: |it| it.kib, better: Better::Less };

/// What is measured, and which lines that makes.
fn bouts(smoke: bool) -> Vec<(&'static str, Bout, &'static [Row])> {
    let connections = if smoke { 50 } else { 1000 };
    vec![
        ("one add at a time", Bout::new("work=alone"), &[CALLS, CPU]),
        ("the same, all on one CPU", Bout::new("work=alone cpu=0"), &[CALLS, CPU]),
        ("64 in flight, a task each", Bout::new("work=tasks size=64"), &[CALLS, CPU]),
        ("64 in flight from one task", Bout::new("work=joined size=64"), &[CALLS, CPU]),
        ("one-way text of 16 octets", Bout::new("work=notes size=16"), &[CALLS, CPU]),
        ("echo of 1 MiB", Bout::new("work=echo size=1048576"), &[MIB, CPU]),
        ("echo of 1,000 structs", Bout::new("work=records size=1000"), &[CALLS, CPU]),
        (
            "a small add on the wire",
            Bout::new("work=alone calls=1000").watching(Watch::Octets),
            &[OCTETS],
        ),
        (
            if smoke { "50 connections" } else { "1,000 connections" },
            Bout::new(format!("work=crowd size={connections} each=100"))
                .watching(Watch::Memory(connections)),
            &[CALLS, CPU, MEMORY],
        ),
        ("callback within a call", Bout::new("work=callback"), &[CALLS, CPU]),
    ]
}

pub(crate) struct Comparison<'a> {
    runtime: Runtime,
    contestants: Vec<&'a Contestant>,
    /// A title, whether more is better, and a figure of each contestant that has one.
    lines: Vec<(String, Better, Vec<Option<f64>>)>,
}

impl<'a> Comparison<'a> {
    pub(crate) fn measure(
        options: &'a Options,
        runtime: Runtime,
        samples: &mut Samples,
    ) -> Result<Self> {
        let contestants: Vec<_> = options.contestants.iter().collect();
        let mut lines = Vec::new();
        for (title, bout, rows) in bouts(options.smoke) {
            let results = bout.run(options, &contestants, runtime, samples)?;
            for row in rows {
                let of = |samples: &Vec<Sample>| median(samples.iter().filter_map(row.read));
                let title = format!("{title}: {}", row.title);
                lines.push((title, row.better, results.iter().map(of).collect()));
            }
        }
        Ok(Self { runtime, contestants, lines })
    }

    pub(crate) fn markdown(&self) -> String {
        let mut head = vec!["".to_owned()];
        head.extend(self.contestants.iter().map(|contestant| contestant.name.clone()));
        head.extend(["wire : raw", "wire : best peer"].map(str::to_owned));
        let mut rows = vec![head];
        for (title, better, figures) in &self.lines {
            let mut row = vec![title.clone()];
            row.extend(figures.iter().map(|it| it.map_or_else(|| "none".to_owned(), figure)));
            let ours = self.figure_of(figures, WIRE);
            row.push(ratio(ours, self.figure_of(figures, RAW)));
            row.push(match self.best_peer(figures, *better) {
                Some((peer, best)) => format!("{} ({peer})", ratio(ours, Some(best))),
                None => String::new(),
            });
            rows.push(row);
        }
        let flavour = match self.runtime {
            Runtime::Multi => "the multi-thread runtime, which `#[tokio::main]` makes",
            Runtime::Current => "the current-thread runtime",
        };
        format!("## On {flavour}\n\n{}", table(&rows))
    }

    fn figure_of(&self, figures: &[Option<f64>], name: &str) -> Option<f64> {
        let place = self.contestants.iter().position(|contestant| contestant.name == name)?;
        figures[place]
    }

    fn best_peer(&self, figures: &[Option<f64>], better: Better) -> Option<(&str, f64)> {
        let peers = self.contestants.iter().zip(figures).filter(|(it, _)| it.is_peer());
        let figures = peers.filter_map(|(peer, figure)| Some((peer.name.as_str(), (*figure)?)));
        let by_figure = |a: &(&str, f64), b: &(&str, f64)| a.1.total_cmp(&b.1);
        if better == Better::More { figures.max_by(by_figure) } else { figures.min_by(by_figure) }
    }
}

fn ratio(ours: Option<f64>, theirs: Option<f64>) -> String {
    ours.zip(theirs).map_or_else(String::new, |(ours, theirs)| format!("{:.2}", ours / theirs))
}
