//! As much of SVG as a plot needs. How things look is the style sheet's affair: elements have classes.

use std::fmt::Display;

/// A picture, drawn from the back to the front.
#[derive(Default)]
pub(crate) struct Svg {
    body: String,
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
    pub(crate) fn line(&mut self, points: &[(f64, f64)], class: &str) {
        let points: Vec<_> = points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
        self.add(format!(r#"<polyline class="{class}" points="{}"/>"#, points.join(" ")));
    }

    pub(crate) fn mark(&mut self, (x, y): (f64, f64), mark: Mark, class: &str) {
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
            r#"<path class="{class}" d="{path}" transform="translate({x:.1},{y:.1})"/>"#
        ));
    }

    pub(crate) fn text(
        &mut self,
        (x, y): (f64, f64),
        anchor: Anchor,
        class: &str,
        text: impl Display,
    ) {
        let anchor = match anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        let text = text.to_string().replace('&', "&amp;").replace('<', "&lt;");
        self.add(format!(
            r#"<text class="{class}" x="{x:.1}" y="{y:.1}" text-anchor="{anchor}">{text}</text>"#
        ));
    }

    /// The whole file; the sheet styles the classes, and `paper`, what all is drawn on.
    pub(crate) fn finish(self, (width, height): (f64, f64), sheet: &str) -> String {
        let body = self.body;
        format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">
<style>
{sheet}</style>
<rect class="paper" width="{width}" height="{height}" rx="8"/>
{body}</svg>
"#
        )
    }

    fn add(&mut self, element: String) {
        self.body += &element;
        self.body.push('\n');
    }
}
