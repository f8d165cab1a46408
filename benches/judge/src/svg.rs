//! As much of SVG as a plot needs.

use std::fmt::Display;

/// A picture on white, drawn from the back to the front.
pub(crate) struct Svg {
    width: f64,
    height: f64,
    body: String,
}

#[derive(Clone, Copy)]
pub(crate) struct Stroke<'a> {
    pub(crate) colour: &'a str,
    pub(crate) width: f64,
    /// Lengths of dashes and gaps; empty for an unbroken line.
    pub(crate) dashes: &'a str,
}

#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

/// The mark of a series, so that it is known without its colour.
#[derive(Clone, Copy)]
pub(crate) enum Mark {
    Circle,
    Square,
    Diamond,
    Up,
    Down,
    Cross,
}

impl Svg {
    pub(crate) fn new(width: f64, height: f64) -> Self {
        Self { width, height, body: String::new() }
    }

    pub(crate) fn rect(
        &mut self,
        (x, y): (f64, f64),
        (width, height): (f64, f64),
        stroke: Stroke<'_>,
    ) {
        let stroke = style(stroke);
        self.add(format!(
            r#"<rect x="{x:.1}" y="{y:.1}" width="{width:.1}" height="{height:.1}" fill="none" {stroke}/>"#
        ));
    }

    pub(crate) fn line(&mut self, points: &[(f64, f64)], stroke: Stroke<'_>) {
        let points: Vec<_> = points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
        let (points, stroke) = (points.join(" "), style(stroke));
        self.add(format!(
            r#"<polyline points="{points}" fill="none" stroke-linejoin="round" {stroke}/>"#
        ));
    }

    pub(crate) fn mark(&mut self, (x, y): (f64, f64), mark: Mark, colour: &str) {
        let path = match mark {
            Mark::Circle => "M-4,0a4,4 0 1,0 8,0a4,4 0 1,0 -8,0z",
            Mark::Square => "M-3.6,-3.6h7.2v7.2h-7.2z",
            Mark::Diamond => "M0,-5l5,5l-5,5l-5,-5z",
            Mark::Up => "M0,-5l4.8,8.4h-9.6z",
            Mark::Down => "M0,5l4.8,-8.4h-9.6z",
            Mark::Cross => {
                "M-4.2,-2.8l1.4,-1.4l2.8,2.8l2.8,-2.8l1.4,1.4l-2.8,2.8l2.8,2.8l-1.4,1.4l-2.8,-2.8\
                 l-2.8,2.8l-1.4,-1.4l2.8,-2.8z"
            }
        };
        self.add(format!(
            r##"<path d="{path}" transform="translate({x:.1},{y:.1})" fill="{colour}" stroke="#fff" stroke-width="0.8"/>"##
        ));
    }

    pub(crate) fn text(
        &mut self,
        (x, y): (f64, f64),
        size: u32,
        anchor: Anchor,
        text: impl Display,
    ) {
        self.label(&format!(r#"x="{x:.1}" y="{y:.1}""#), size, anchor, text);
    }

    /// Text that runs upwards.
    pub(crate) fn upright(&mut self, (x, y): (f64, f64), size: u32, text: impl Display) {
        let place = format!(r#"transform="translate({x:.1},{y:.1}) rotate(-90)""#);
        self.label(&place, size, Anchor::Middle, text);
    }

    pub(crate) fn finish(self) -> String {
        let Self { width, height, body } = self;
        format!(
            r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" font-family="Helvetica, Arial, 'DejaVu Sans', sans-serif" fill="#222">
<rect width="100%" height="100%" fill="#fff"/>
{body}</svg>
"##
        )
    }

    fn label(&mut self, place: &str, size: u32, anchor: Anchor, text: impl Display) {
        let anchor = match anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        let text = text.to_string().replace('&', "&amp;").replace('<', "&lt;");
        self.add(format!(
            r#"<text {place} font-size="{size}" text-anchor="{anchor}">{text}</text>"#
        ));
    }

    fn add(&mut self, element: String) {
        self.body += &element;
        self.body.push('\n');
    }
}

fn style(Stroke { colour, width, dashes }: Stroke<'_>) -> String {
    let mut style = format!(r#"stroke="{colour}" stroke-width="{width}""#);
    if !dashes.is_empty() {
        style += &format!(r#" stroke-dasharray="{dashes}""#);
    }
    style
}
