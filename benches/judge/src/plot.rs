//! The plot: throughput and CPU against calls in flight, for all contestants.

use crate::figure::thousands;
use crate::growth::{Cost, Growth, IN_FLIGHT};
use crate::look;
use crate::svg::{Anchor, Svg};

const SIZE: (f64, f64) = (1120.0, 560.0);
const PANEL: (f64, f64) = (370.0, 390.0);
/// The upper left corners of the two; the labels of the curves stand to the right of each.
const CORNERS: [(f64, f64); 2] = [(82.0, 104.0), (628.0, 104.0)];
/// From one label's line to the next.
const LEADING: f64 = 17.0;

/// The plot of that growth, if it is the one to plot.
pub(crate) fn of(growth: &Growth<'_>) -> Option<String> {
    if growth.axis.title != IN_FLIGHT {
        return None;
    }
    let mut svg = Svg::default();
    let title = "Adds over one connection: a client and a server, loopback, multi-thread runtime";
    svg.text((24.0, 38.0), Anchor::Start, "title", title);
    panel(&mut svg, CORNERS[0], growth, "Calls per second: more is better", |cost| {
        cost.calls_per_second
    });
    let cpu = "CPU seconds per million calls, both sides: less is better";
    panel(&mut svg, CORNERS[1], growth, cpu, |cost| cost.cpu_per_million);
    Some(svg.finish(SIZE, &look::sheet(&growth.contestants)))
}

/// One measure of all contestants, both axes logarithmic.
fn panel(
    svg: &mut Svg,
    (left, top): (f64, f64),
    growth: &Growth<'_>,
    title: &str,
    read: fn(&Cost) -> f64,
) {
    let places = 0..growth.contestants.len();
    let curves: Vec<_> = places.map(|place| growth.points(place, read)).collect();
    let all = || curves.iter().flatten();
    let (right, bottom) = (left + PANEL.0, top + PANEL.1);
    let across = Scale::over(all().map(|point| point.0), left, PANEL.0);
    // Upwards is less in a picture.
    let up = Scale::over(all().map(|point| point.1), bottom, -PANEL.1);

    svg.text((left - 58.0, top - 22.0), Anchor::Start, "panel", title);
    for (value, is_decade) in up.ticks() {
        let y = up.place(value);
        svg.line(&[(left, y), (right, y)], if is_decade { "grid" } else { "fine" });
        if is_decade || up.is_short() {
            svg.text((left - 8.0, y + 4.5), Anchor::End, "quiet", tick(value));
        }
    }
    for &value in &growth.axis.points {
        let x = across.place(value as f64);
        svg.line(&[(x, bottom), (x, bottom + 5.0)], "axis");
        svg.text((x, bottom + 21.0), Anchor::Middle, "quiet", thousands(value as u64));
    }
    svg.line(&[(left, bottom), (right, bottom)], "axis");
    svg.text(((left + right) / 2.0, bottom + 44.0), Anchor::Middle, "quiet", growth.axis.title);

    let mut ends = Vec::new();
    for (place, curve) in curves.iter().enumerate() {
        let points: Vec<_> = curve.iter().map(|&(x, y)| (across.place(x), up.place(y))).collect();
        draw(svg, growth, place, &points);
        ends.extend(points.last().map(|&(_, y)| (place, y)));
    }
    for (place, y) in spread(ends, top, bottom) {
        let class = format!("{} s{place}", look::of(&growth.contestants, place).label);
        let at = (right + 6.0, y + 4.5);
        svg.text(at, Anchor::Start, &class, &growth.contestants[place].name);
    }
}

fn draw(svg: &mut Svg, growth: &Growth<'_>, place: usize, points: &[(f64, f64)]) {
    let look = look::of(&growth.contestants, place);
    svg.line(points, &format!("{} s{place}", look.curve));
    for &point in points {
        svg.mark(point, look.mark, &format!("mark s{place}"));
    }
}

/// Where the labels of curves that end there can stand without covering each other.
fn spread(mut ends: Vec<(usize, f64)>, top: f64, bottom: f64) -> Vec<(usize, f64)> {
    ends.sort_by(|a, b| a.1.total_cmp(&b.1));
    let mut least = top;
    for (_, y) in &mut ends {
        *y = y.max(least);
        least = *y + LEADING;
    }
    // Whoever was pushed below the panel pushes back.
    let mut most = bottom;
    for (_, y) in ends.iter_mut().rev() {
        *y = y.min(most);
        most = *y - LEADING;
    }
    ends
}

/// One, two or five times a power of ten, without digits that say nothing.
fn tick(value: f64) -> String {
    match value {
        1e6.. => format!("{} M", (value / 1e6).round()),
        1.0.. => thousands(value.round() as u64),
        _ => format!("{}", value as f32),
    }
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
        let room = (most / least).powf(0.04).max(1.05);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_do_not_cover_each_other_and_stay_in_the_panel() {
        let placed = spread(vec![(0, 90.0), (1, 10.0), (2, 88.0), (3, 100.0)], 0.0, 100.0);
        let places: Vec<_> = placed.iter().map(|(place, _)| *place).collect();
        assert_eq!(places, [1, 2, 0, 3]);
        assert!(placed.windows(2).all(|pair| pair[1].1 - pair[0].1 >= LEADING - 1e-9));
        assert!(placed[0].1 == 10.0 && placed[3].1 == 100.0);
    }

    #[test]
    fn a_scale_is_logarithmic() {
        let scale = Scale { least: 1.0, most: 100.0, start: 50.0, length: -40.0 };
        assert_eq!([1.0, 10.0, 100.0].map(|value| scale.place(value)), [50.0, 30.0, 10.0]);
        assert_eq!(scale.ticks().len(), 7);
    }
}
