//! What the code of the derives says when something does not fit.

use crate::codec::WrongType;
use crate::convert::{FromWire, missing};
use crate::value::Symbol;

/// What a missing field or element is: its type's `NIL`, if it has one.
pub fn missing_field<T: FromWire>(
    owner: &'static str,
    field: &'static str,
) -> Result<T, WrongType> {
    missing().map_err(|error| error.within(format!("field `{field}` of {owner}")))
}

/// That an enum has no variant of this keyword in this form; "" stands for no keyword at all. Of
/// the known ones it says which are lists.
#[cold]
pub fn unknown_variant(owner: &str, found: &str, known: &[(&str, bool)]) -> WrongType {
    let known = known.iter().map(|&(name, is_list)| {
        let key = Symbol::keyword(name);
        if is_list { format!("({key} ..)") } else { key.to_string() }
    });
    let known: Vec<_> = known.collect();
    let found = match found {
        "" => "an empty list".to_owned(),
        name => Symbol::keyword(name).to_string(),
    };
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
        let known = [("STOP", false), ("Turn", true)];
        let error = unknown_variant("Move", "GO", &known);
        assert_eq!(error.to_string(), "expected one of :STOP, (:|Turn| ..) (Move), found :GO");
        let error = unknown_variant("Move", "", &known[..1]);
        assert_eq!(error.to_string(), "expected one of :STOP (Move), found an empty list");
    }
}
