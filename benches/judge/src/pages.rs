//! Pages that show what was measured, in regions between two comments:
//!
//! ```text
//! <!-- measured: multi.md -->
//! what the file of that name in the folder of results says
//! <!-- end of what was measured -->
//! ```

use std::fs::{read_to_string, write};
use std::path::Path;

use crate::Result;

const BEGIN: &str = "<!-- measured: ";
const CLOSE: &str = " -->\n";
const END: &str = "<!-- end of what was measured -->";

/// Puts the results of that folder into a page. A region whose results are not there stays as it is.
pub(crate) fn fill(page: &Path, results: &Path) -> Result<()> {
    let named = |error: &dyn std::fmt::Display| format!("{}: {error}", page.display());
    let text = read_to_string(page).map_err(|error| named(&error))?;
    let result = |name: &str| read_to_string(results.join(name)).ok();
    let filled = filled(&text, result).map_err(|error| named(&error))?;
    write(page, filled).map_err(|error| named(&error))?;
    println!("wrote {}", page.display());
    Ok(())
}

fn filled(text: &str, result: impl Fn(&str) -> Option<String>) -> Result<String> {
    let mut page = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(BEGIN) {
        let (name, after) = after.split_once(CLOSE).ok_or("a comment that has no end")?;
        let (shown, after) =
            after.split_once(END).ok_or_else(|| format!("the region {name} has no end"))?;
        if shown.contains(BEGIN) {
            return Err(format!("the region {name} has another within").into());
        }
        let shown = result(name).map_or_else(|| shown.to_owned(), |it| format!("\n{it}\n"));
        page += &[before, BEGIN, name, CLOSE, &shown, END].concat();
        rest = after;
    }
    Ok(page + rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "# A\n<!-- measured: a.md -->\n\nold\n\n<!-- end of what was measured -->\n\
                        and\n<!-- measured: b.md -->\nkept<!-- end of what was measured -->\nend\n";

    #[test]
    fn regions_are_filled_and_all_else_stays() {
        let new = PAGE.replace("old", "new");
        let result = |name: &str| (name == "a.md").then(|| "new\n".to_owned());
        assert_eq!(filled(PAGE, result).unwrap(), new);
        // A second time changes nothing.
        assert_eq!(filled(&new, result).unwrap(), new);
    }

    #[test]
    fn a_region_without_an_end_is_an_error_that_names_it() {
        let cut = PAGE.replacen("<!-- end of what was measured -->", "", 1);
        let error = filled(&cut, |_| None).unwrap_err();
        assert_eq!(error.to_string(), "the region a.md has another within");
    }
}
