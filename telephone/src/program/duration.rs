//! How long, on the command line.

use std::time::Duration;

use jiff::SignedDuration;

/// `90`, `90s`, `1m 30s`, `2 hours`: a number alone is seconds.
pub(crate) fn parse(text: &str) -> Result<Duration, String> {
    let told = "write 90 (seconds), 500ms, 1m30s, 2h or 7 days";
    if let Ok(seconds) = text.parse::<f64>() {
        return Duration::try_from_secs_f64(seconds).map_err(|_| told.to_owned());
    }
    // Days have no fixed length on a calendar, and the same one everywhere else.
    if let Some(days) = text.trim_end_matches("ays").trim_end_matches("ay").strip_suffix('d') {
        let days = days.trim().parse::<u32>().map_err(|_| told.to_owned())?;
        return Ok(Duration::from_secs(24 * 60 * 60 * u64::from(days)));
    }
    let duration = text.parse::<SignedDuration>().map_err(|error| format!("{error}; {told}"))?;
    Duration::try_from(duration).map_err(|_| told.to_owned())
}

/// As people say it: `730 µs`, `1.2 s`, `3 min 20 s`.
pub(crate) fn shown(duration: Duration) -> String {
    let seconds = duration.as_secs_f64();
    match duration.as_secs() {
        0 if seconds < 0.001 => format!("{} µs", duration.as_micros()),
        0 => format!("{:.1} ms", seconds * 1e3),
        1..60 => format!("{seconds:.1} s"),
        whole @ 60..3600 => format!("{} min {} s", whole / 60, whole % 60),
        whole @ 3600..86_400 => format!("{} h {} min", whole / 3600, whole % 3600 / 60),
        whole => format!("{} d {} h", whole / 86_400, whole % 86_400 / 3600),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_as_people_write_them() {
        for (text, milliseconds) in [
            ("90", 90_000),
            ("0.5", 500),
            ("500ms", 500),
            ("1m30s", 90_000),
            ("1m 30s", 90_000),
            ("2 hours", 7_200_000),
            ("7d", 604_800_000),
            ("1 day", 86_400_000),
            ("7 days", 604_800_000),
        ] {
            assert_eq!(parse(text), Ok(Duration::from_millis(milliseconds)), "{text}");
        }
        for text in ["", "-1", "-5s", "soon", "NaN", "inf", "1e300", "d"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn durations_are_shown_in_two_units_at_most() {
        for (milliseconds, text) in [
            (0, "0 µs"),
            (2, "2.0 ms"),
            (1234, "1.2 s"),
            (200_000, "3 min 20 s"),
            (3_660_000, "1 h 1 min"),
            (90_000_000, "1 d 1 h"),
        ] {
            assert_eq!(shown(Duration::from_millis(milliseconds)), text);
        }
    }
}
