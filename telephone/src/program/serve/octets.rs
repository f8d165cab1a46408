//! How much, on the command line.

/// `1048576`, `512K`, `512M`, `2G`.
pub(super) fn parse(text: &str) -> Result<u64, String> {
    let told = || "write 1048576, 512K, 512M or 2G".to_owned();
    let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let unit = match text[digits.len()..].to_ascii_uppercase().as_str() {
        "" => 1,
        "K" | "KB" | "KIB" => 1 << 10,
        "M" | "MB" | "MIB" => 1 << 20,
        "G" | "GB" | "GIB" => 1 << 30,
        _ => return Err(told()),
    };
    let count = digits.parse::<u64>().map_err(|_| told())?;
    count.checked_mul(unit).ok_or_else(told)
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn units_are_powers_of_1024() {
        for (text, octets) in [("17", 17), ("2k", 2048), ("512M", 512 << 20), ("2GiB", 2 << 30)] {
            assert_eq!(parse(text), Ok(octets), "{text}");
        }
        for text in ["", "M", "-1", "1T", "1.5G", "99999999999G", "ä"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
