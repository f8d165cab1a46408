//! The plot: throughput and CPU against calls in flight, for all contestants.

use crate::contestant::{CLASSIC, RAW, WIRE};
use crate::figure::thousands;
use crate::growth::{Cost, Growth, IN_FLIGHT};
use crate::svg::{Anchor, Mark, Stroke, Svg};

const PANEL: (f64, f64) = (440.0, 380.0);
/// The upper left corners of the two.
const CORNERS: [(f64, f64); 2] = [(100.0, 60.0), (640.0, 60.0)];
const SIZE: (f64, f64) = (1120.0, 540.0);

const FRAME: Stroke<'_> = Stroke { colour: "#444", width: 1.0, dashes: "" };
const GRID: Stroke<'_> = Stroke { colour: "#ccc", width: 0.8, dashes: "" };
const FINE_GRID: Stroke<'_> = Stroke { colour: "#eee", width: 0.8, dashes: "" };

/// For the peers, in their order: colours that the colour-blind can tell apart, after Okabe and Ito.
const PEERS: [(&str, Mark); 6] = [
    ("#0072b2", Mark::Square),
    ("#009e73", Mark::Up),
    ("#cc79a7", Mark::Diamond),
    ("#b8860b", Mark::Down),
    ("#56b4e9", Mark::Cross),
    ("#888888", Mark::Square),
];

/// The plot of that growth, if it is the one to plot.
pub(crate) fn of(growth: &Growth<'_>) -> Option<String> {
    if growth.axis.title != IN_FLIGHT {
        return None;
    }
    let mut svg = Svg::new(SIZE.0, SIZE.1);
    let title = "Adds on one connection over loopback, client and server in processes of their own";
    svg.text((SIZE.0 / 2.0, 32.0), 17, Anchor::Middle, title);
    panel(&mut svg, CORNERS[0], growth, "calls per second", |cost| cost.calls_per_second);
    let cpu = "CPU seconds per million calls, both sides";
    panel(&mut svg, CORNERS[1], growth, cpu, |cost| cost.cpu_per_million);
    legend(&mut svg, growth);
    Some(svg.finish())
}

/// One measure of all contestants, both axes logarithmic.
fn panel(
    svg: &mut Svg,
    corner: (f64, f64),
    growth: &Growth<'_>,
    title: &str,
    read: fn(&Cost) -> f64,
) {
    let curves: Vec<_> =
        (0..growth.contestants.len()).map(|place| growth.points(place, read)).collect();
    let all = || curves.iter().flatten();
    let across = Scale::over(all().map(|point| point.0), corner.0, PANEL.0);
    // Upwards is less in a picture.
    let up = Scale::over(all().map(|point| point.1), corner.1 + PANEL.1, -PANEL.1);
    let (left, right) = (corner.0, corner.0 + PANEL.0);
    let (top, bottom) = (corner.1, corner.1 + PANEL.1);

    for (value, is_decade) in up.ticks() {
        let y = up.place(value);
        svg.line(&[(left, y), (right, y)], if is_decade { GRID } else { FINE_GRID });
        if is_decade || up.is_short() {
            svg.text((left - 8.0, y + 4.5), 13, Anchor::End, tick(value));
        }
    }
    for &value in &growth.axis.points {
        let x = across.place(value as f64);
        svg.line(&[(x, top), (x, bottom)], GRID);
        svg.text((x, bottom + 19.0), 13, Anchor::Middle, thousands(value as u64));
    }
    svg.rect(corner, PANEL, FRAME);
    svg.text((left + PANEL.0 / 2.0, bottom + 42.0), 14, Anchor::Middle, growth.axis.title);
    svg.upright((left - 76.0, top + PANEL.1 / 2.0), 14, title);

    for (place, curve) in curves.iter().enumerate() {
        let (stroke, mark) = look(growth, place);
        let points: Vec<_> = curve.iter().map(|&(x, y)| (across.place(x), up.place(y))).collect();
        svg.line(&points, stroke);
        for &point in &points {
            svg.mark(point, mark, stroke.colour);
        }
    }
}

/// One, two or five times a power of ten, without digits that say nothing.
fn tick(value: f64) -> String {
    if value >= 1.0 { thousands(value.round() as u64) } else { format!("{}", value as f32) }
}

fn legend(svg: &mut Svg, growth: &Growth<'_>) {
    let count = growth.contestants.len() as f64;
    let step = (SIZE.0 - 60.0) / count;
    let y = CORNERS[0].1 + PANEL.1 + 76.0;
    for (place, contestant) in growth.contestants.iter().enumerate() {
        let x = 45.0 + step * place as f64;
        let (stroke, mark) = look(growth, place);
        svg.line(&[(x, y), (x + 30.0, y)], stroke);
        svg.mark((x + 15.0, y), mark, stroke.colour);
        svg.text((x + 37.0, y + 5.0), 14, Anchor::Start, &contestant.name);
    }
}

/// How the curve of a contestant looks: ours are red, the yardstick is black.
fn look<'a>(growth: &Growth<'_>, place: usize) -> (Stroke<'a>, Mark) {
    let name = growth.contestants[place].name.as_str();
    let peers_before = growth.contestants[..place].iter().filter(|it| it.is_peer()).count();
    let (colour, width, dashes, mark) = match name {
        RAW => ("#000", 2.0, "", Mark::Diamond),
        WIRE => ("#d01c1c", 3.0, "", Mark::Circle),
        CLASSIC => ("#d01c1c", 1.6, "6 4", Mark::Circle),
        _ => {
            let (colour, mark) = PEERS[peers_before % PEERS.len()];
            (colour, 1.6, "", mark)
        }
    };
    (Stroke { colour, width, dashes }, mark)
}

/// A logarithmic scale: from the figures to a stretch of the picture.
struct Scale {
    least: f64,
    most: f64,
    start: f64,
    length: f64,
}

impl Scale {
    /// Leaves a little room at both ends.
    fn over(figures: impl Iterator<Item = f64>, start: f64, length: f64) -> Self {
        let (mut least, mut most) = (f64::INFINITY, 0f64);
        for figure in figures {
            least = least.min(figure);
            most = most.max(figure);
        }
        let room = (most / least).powf(0.05).max(1.05);
        Self { least: least / room, most: most * room, start, length }
    }

    fn place(&self, value: f64) -> f64 {
        self.start + self.length * (value / self.least).ln() / (self.most / self.least).ln()
    }

    /// Once and twice and five times each power of ten within, and whether it is the power itself.
    fn ticks(&self) -> Vec<(f64, bool)> {
        let (first, last) = (self.least.log10().floor() as i32, self.most.log10().ceil() as i32);
        let decade = |power| [1.0, 2.0, 5.0].map(|times| (times * 10f64.powi(power), times == 1.0));
        let within = |(value, _): &(f64, bool)| (self.least..=self.most).contains(value);
        (first..=last).flat_map(decade).filter(within).collect()
    }

    /// Whether it spans so little that powers of ten alone would be few.
    fn is_short(&self) -> bool {
        self.most / self.least < 200.0
    }
}
