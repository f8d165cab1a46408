//! A line of a table: one figure of each contestant, and what we wanted of ours.

use crate::contestant::{Contestant, RAW, WIRE};
use crate::figure::figure;
use crate::goal::Goal;

#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Better {
    More,
    Less,
}

pub(crate) struct Line<'a> {
    pub(crate) title: String,
    pub(crate) better: Better,
    pub(crate) goals: &'static [Goal],
    /// Whether it belongs into the short form: no processor time, and nothing without a goal.
    pub(crate) is_brief: bool,
    /// None of those who cannot do it.
    pub(crate) figures: Vec<(&'a Contestant, Option<f64>)>,
}

impl Line<'_> {
    pub(crate) fn of(&self, name: &str) -> Option<f64> {
        self.figures.iter().find(|(contestant, _)| contestant.name == name)?.1
    }

    pub(crate) fn ours(&self) -> Option<f64> {
        self.of(WIRE)
    }

    pub(crate) fn raw(&self) -> Option<f64> {
        self.of(RAW)
    }

    /// The other library with the best figure.
    pub(crate) fn best_peer(&self) -> Option<(&str, f64)> {
        let peers = self.figures.iter().filter(|(contestant, _)| contestant.is_peer());
        let figures = peers.filter_map(|(peer, figure)| Some((peer.name.as_str(), (*figure)?)));
        let by_figure = |a: &(&str, f64), b: &(&str, f64)| a.1.total_cmp(&b.1);
        match self.better {
            Better::More => figures.max_by(by_figure),
            Better::Less => figures.min_by(by_figure),
        }
    }

    /// All that is known of it.
    pub(crate) fn cells(&self) -> Vec<String> {
        let figures =
            self.figures.iter().map(|(_, it)| it.map_or_else(|| "none".to_owned(), figure));
        let verdicts = self.goals.iter().map(|goal| goal.verdict(self));
        let mut cells = vec![self.title.clone()];
        cells.extend(figures);
        cells.push(self.to_raw());
        cells.push(match self.best_peer() {
            Some((peer, best)) => format!("{} ({peer})", ratio(self.ours(), Some(best))),
            None => String::new(),
        });
        cells.push(verdicts.collect::<Vec<_>>().join(", "));
        cells
    }

    /// What it comes to.
    pub(crate) fn brief_cells(&self) -> Vec<String> {
        let shown = |it: Option<f64>| it.map_or_else(|| "none".to_owned(), figure);
        let peer = self.best_peer();
        vec![
            self.title.clone(),
            shown(self.raw()),
            peer.map_or_else(
                || "none".to_owned(),
                |(peer, best)| format!("{} ({peer})", figure(best)),
            ),
            shown(self.ours()),
            self.to_raw(),
        ]
    }

    /// The goals that it misses, with how far.
    pub(crate) fn missed(&self) -> impl Iterator<Item = String> {
        let missed = self.goals.iter().filter(|goal| goal.is_met(self) == Some(false));
        missed.map(|goal| {
            let theirs = match goal {
                Goal::OfRaw(_) | Goal::RawTimes(_) => self.raw(),
                Goal::PeerTimes(peer, _) => self.of(peer),
                Goal::BelowPeers => self.best_peer().map(|(_, best)| best),
                Goal::AtMost(_) => Some(1.0),
            };
            format!("* {}: {goal} was the goal, {} it is", self.title, ratio(self.ours(), theirs))
        })
    }

    fn to_raw(&self) -> String {
        ratio(self.ours(), self.raw())
    }
}

/// The head of the columns that [`Line::cells`] fills.
pub(crate) fn head(contestants: &[&Contestant]) -> Vec<String> {
    let mut head = vec![String::new()];
    head.extend(contestants.iter().map(|contestant| contestant.name.clone()));
    head.extend(["wire : raw", "wire : best peer", "goal"].map(str::to_owned));
    head
}

/// The same for [`Line::brief_cells`].
pub(crate) fn brief_head() -> Vec<String> {
    ["", "raw tokio", "best peer", "wire", "wire : raw"].map(str::to_owned).to_vec()
}

fn ratio(ours: Option<f64>, theirs: Option<f64>) -> String {
    ours.zip(theirs).map_or_else(String::new, |(ours, theirs)| format!("{:.2}", ours / theirs))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn goals_are_judged_by_the_figures_of_one_line() {
        let [raw, tarpc, tonic, wire] =
            ["raw", "tarpc", "tonic", "wire"].map(|name| Contestant::named(name, Path::new("")));
        let figures = |figures: [Option<f64>; 4]| {
            [&raw, &tarpc, &tonic, &wire].into_iter().zip(figures).collect()
        };
        let fast = Line {
            title: "calls/s".to_owned(),
            better: Better::More,
            goals: &[Goal::OfRaw(0.9), Goal::PeerTimes("tarpc", 6.0)],
            is_brief: true,
            figures: figures([Some(100.0), Some(10.0), None, Some(80.0)]),
        };
        assert_eq!(
            fast.cells()[5..],
            ["0.80", "8.00 (tarpc)", "≥ 0.9 raw: **missed**, ≥ 6 tarpc: met"]
        );
        let missed: Vec<_> = fast.missed().collect();
        assert_eq!(missed, ["* calls/s: ≥ 0.9 raw was the goal, 0.80 it is"]);
        let small = Line {
            title: "octets".to_owned(),
            better: Better::Less,
            goals: &[Goal::BelowPeers, Goal::AtMost(15.0), Goal::RawTimes(0.4)],
            is_brief: true,
            figures: figures([Some(30.0), Some(50.0), Some(20.0), Some(15.8)]),
        };
        let met: Vec<_> = small.goals.iter().map(|goal| goal.is_met(&small)).collect();
        assert_eq!(met, [Some(true), Some(false), Some(false)]);
        assert_eq!(small.brief_cells(), ["octets", "30.0", "20.0 (tonic)", "15.8", "0.53"]);
    }
}
