//! How cost grows along an axis.

use crate::Result;
use crate::bout::{Bout, Runtime, Watch};
use crate::contestant::Contestant;
use crate::figure::{figure, table, thousands};
use crate::options::Options;
use crate::sample::{Sample, Samples};
use crate::statistics::{median, slope};

/// One thing that grows while all else stays.
pub(crate) struct Axis {
    pub(crate) title: &'static str,
    /// Where its table goes.
    pub(crate) file: &'static str,
    pub(crate) points: Vec<usize>,
    bout: fn(usize) -> Bout,
    /// Whether other libraries are measured along it as well.
    everybody: bool,
}

/// The figure of a point for one contestant.
#[derive(Clone, Copy)]
pub(crate) struct Cost {
    pub(crate) microseconds: f64,
    pub(crate) calls_per_second: f64,
    pub(crate) cpu_per_million: f64,
}

pub(crate) const IN_FLIGHT: &str = "calls in flight on one connection";

pub(crate) fn axes(options: &Options) -> Vec<Axis> {
    let mut axes = vec![
        Axis {
            title: IN_FLIGHT,
            file: "growth-in-flight.md",
            points: vec![1, 4, 16, 64, 256, 1024, 4096],
            bout: |width| Bout::new(format!("work=tasks size={width}")),
            everybody: true,
        },
        Axis {
            title: "octets of payload, sent and sent back",
            file: "growth-payload.md",
            points: vec![16, 256, 4 << 10, 64 << 10, 1 << 20, 16 << 20, 64 << 20],
            // The last point is beyond our default limit for one object.
            bout: |size| Bout::new(format!("work=echo size={size} object_weight=268435456")),
            everybody: false,
        },
        Axis {
            title: "numbers in a list, sent and sent back",
            file: "growth-list.md",
            points: vec![1, 10, 100, 1000, 10_000, 100_000, 1_000_000],
            bout: |length| Bout::new(format!("work=numbers size={length}")),
            everybody: false,
        },
        Axis {
            title: "connections, each with a caller",
            file: "growth-connections.md",
            points: vec![1, 10, 100, 1000, 5000],
            bout: |connections| {
                let each = (20_000 / connections).max(20);
                Bout::new(format!("work=crowd size={connections} each={each}"))
                    .watching(Watch::Memory(connections))
            },
            everybody: false,
        },
    ];
    if options.smoke {
        axes.iter_mut().for_each(|axis| axis.points.truncate(3));
    }
    axes
}

pub(crate) struct Growth<'a> {
    pub(crate) axis: Axis,
    pub(crate) contestants: Vec<&'a Contestant>,
    /// For each point, what each contestant pays.
    pub(crate) costs: Vec<Vec<Option<Cost>>>,
}

impl<'a> Growth<'a> {
    pub(crate) fn measure(options: &'a Options, axis: Axis, samples: &mut Samples) -> Result<Self> {
        let takes_part = |contestant: &&Contestant| axis.everybody || !contestant.is_peer();
        let contestants: Vec<_> = options.contestants.iter().filter(takes_part).collect();
        let mut costs = Vec::new();
        for &point in &axis.points {
            let bout = (axis.bout)(point);
            let results = bout.run(options, &contestants, Runtime::Multi, samples)?;
            costs.push(results.iter().map(|samples| cost(samples)).collect());
        }
        Ok(Self { axis, contestants, costs })
    }

    pub(crate) fn table(&self) -> String {
        let mut head = vec![self.axis.title.to_owned()];
        head.extend(self.contestants.iter().map(|it| format!("{} µs", it.name)));
        let mut rows = vec![head];
        for (&point, costs) in self.axis.points.iter().zip(&self.costs) {
            let mut row = vec![thousands(point as u64)];
            let cell = |cost: &Option<Cost>| {
                cost.map_or_else(|| "none".to_owned(), |cost| figure(cost.microseconds))
            };
            row.extend(costs.iter().map(cell));
            rows.push(row);
        }
        let half = self.axis.points.len() / 2;
        rows.push(self.slopes("slope", 0));
        rows.push(
            self.slopes(
                &format!("slope from {} on", thousands(self.axis.points[half] as u64)),
                half,
            ),
        );
        table(&rows)
    }

    /// The exponents with which time grows, from that point on.
    fn slopes(&self, title: &str, from: usize) -> Vec<String> {
        let mut row = vec![title.to_owned()];
        for place in 0..self.contestants.len() {
            let points = self.points(place, |cost| cost.microseconds);
            let slope = slope(&points[from.min(points.len())..]);
            row.push(slope.map_or_else(String::new, |slope| format!("{slope:.2}")));
        }
        row
    }

    /// The curve of one contestant.
    pub(crate) fn points(&self, place: usize, read: fn(&Cost) -> f64) -> Vec<(f64, f64)> {
        let points = self.axis.points.iter().zip(&self.costs);
        points.filter_map(|(&x, costs)| Some((x as f64, read(costs[place].as_ref()?)))).collect()
    }
}

fn cost(samples: &[Sample]) -> Option<Cost> {
    let median = |read: fn(&Sample) -> f64| median(samples.iter().map(read));
    Some(Cost {
        microseconds: median(Sample::microseconds_per_call)?,
        calls_per_second: median(Sample::calls_per_second)?,
        cpu_per_million: median(Sample::cpu_per_million)?,
    })
}
