//! How the plot looks: by day, and by night for those whose system is set so.

use std::fmt::Write;

use crate::contestant::{CLASSIC, Contestant, RAW, WIRE};
use crate::svg::Mark;

/// A colour on white, and its fellow on near-black.
type Colours = (&'static str, &'static str);

/// What a curve is drawn with, besides its colour.
pub(crate) struct Look {
    pub(crate) curve: &'static str,
    pub(crate) label: &'static str,
    pub(crate) mark: Mark,
    colours: Colours,
}

const INK: Colours = ("#1f2328", "#f0f6fc");
/// Nothing else is red.
const OURS: Colours = ("#d1242f", "#ff6b62");

/// For the peers, in their order.
const PEERS: [(Colours, Mark); 6] = [
    (("#0969da", "#58a6ff"), Mark::Square),
    (("#1a7f37", "#3fb950"), Mark::Up),
    (("#8250df", "#bc8cff"), Mark::Diamond),
    (("#9a6700", "#d29922"), Mark::Down),
    (("#0b7285", "#39c5cf"), Mark::Cross),
    (("#6e7781", "#8b949e"), Mark::Square),
];

const SHEET: &str = "\
text { font: 13px -apple-system, 'Segoe UI', Helvetica, Arial, 'DejaVu Sans', sans-serif; fill: #1f2328 }
.title { font-size: 18px; font-weight: 600 }
.panel { font-size: 14px; font-weight: 600 }
.quiet { fill: #59636e }
.label { fill: currentColor }
.strong { font-weight: 700 }
.paper { fill: #ffffff }
.grid, .fine, .axis, .curve { fill: none; stroke-linejoin: round; stroke-linecap: round }
.grid { stroke: #d1d9e0 }
.fine { stroke: #eff2f5 }
.axis { stroke: #818b98 }
.curve { stroke: currentColor; stroke-width: 1.7 }
.thick { stroke-width: 3.2 }
.dashed { stroke-dasharray: 6 5 }
.mark { fill: currentColor; stroke: #ffffff; stroke-width: 1 }
";

const NIGHT: &str = "\
text { fill: #f0f6fc }
.quiet { fill: #9198a1 }
.label { fill: currentColor }
.paper { fill: #0d1117 }
.grid { stroke: #3d444d }
.fine { stroke: #1c2128 }
.axis { stroke: #656c76 }
.mark { stroke: #0d1117 }
";

/// The look of the contestant at that place.
pub(crate) fn of(contestants: &[&Contestant], place: usize) -> Look {
    let plain = |colours, mark| Look { curve: "curve", label: "label", mark, colours };
    match contestants[place].name.as_str() {
        RAW => Look { curve: "curve thick", ..plain(INK, Mark::Diamond) },
        WIRE => Look { curve: "curve thick", label: "label strong", ..plain(OURS, Mark::Circle) },
        CLASSIC => Look { curve: "curve dashed", ..plain(OURS, Mark::Circle) },
        _ => {
            let before = contestants[..place].iter().filter(|it| it.is_peer()).count();
            let (colours, mark) = PEERS[before % PEERS.len()];
            plain(colours, mark)
        }
    }
}

/// The style sheet, where the series of the contestant at place 2 has the class `s2`.
pub(crate) fn sheet(contestants: &[&Contestant]) -> String {
    let (mut day, mut night) = (SHEET.to_owned(), NIGHT.to_owned());
    for place in 0..contestants.len() {
        let (on_white, on_black) = of(contestants, place).colours;
        // Writing to a string cannot fail.
        let _ = writeln!(day, ".s{place} {{ color: {on_white} }}");
        let _ = writeln!(night, ".s{place} {{ color: {on_black} }}");
    }
    format!("{day}@media (prefers-color-scheme: dark) {{\n{night}}}\n")
}
