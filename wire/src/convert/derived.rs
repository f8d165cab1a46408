//! What the code of the derives says when something does not fit.

use crate::codec::WrongType;
use crate::convert::{FromWire, missing};

/// What a missing field or element is: its type's `NIL`, if it has one.
pub fn missing_field<T: FromWire>(
    owner: &'static str,
    field: &'static str,
) -> Result<T, WrongType> {
    missing().map_err(|error| error.within(format!("field `{field}` of {owner}")))
}

/// That an enum has no variant of this keyword; "" stands for no keyword at all.
#[cold]
pub fn unknown_variant(owner: &str, found: &str, known: &[&str]) -> WrongType {
    let known: Vec<_> = known.iter().map(|name| format!(":{name}")).collect();
    let found = if found.is_empty() { "an empty list".to_owned() } else { format!(":{found}") };
    WrongType::new(format!("one of {} ({owner})", known.join(", ")), found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derived_code_says_what_is_missing_and_what_is_known() {
        let error = missing_field::<i64>("Job", "id").unwrap_err();
        assert_eq!(error.to_string(), "expected i64, found nothing, in field `id` of Job");
        assert_eq!(missing_field::<Option<i64>>("Job", "id"), Ok(None));
        let error = unknown_variant("Move", "GO", &["STOP", "MOVE"]);
        assert_eq!(error.to_string(), "expected one of :STOP, :MOVE (Move), found :GO");
        let error = unknown_variant("Move", "", &["STOP"]);
        assert_eq!(error.to_string(), "expected one of :STOP (Move), found an empty list");
    }
}
