//! Lisp names: how a Rust identifier and a string literal name a function.

use proc_macro2::Ident;
use syn::LitStr;
use syn::ext::IdentExt;

/// The package that a bare name goes out in.
pub(crate) const USER: &str = "COMMON-LISP-USER";

/// A symbol as the Lisp reader would read it.
#[derive(Debug, Eq, PartialEq)]
pub(crate) struct LispName {
    pub(crate) name: String,
    /// The package, where one is written.
    pub(crate) package: Option<String>,
}

/// `write_string` is `WRITE-STRING`, `r#type` is `TYPE`.
pub(crate) fn fold(ident: &Ident) -> String {
    ident.unraw().to_string().chars().map(|c| if c == '_' { '-' } else { upcase(c) }).collect()
}

/// `MoveTo` is `MOVE-TO`, `HTTPError` is `HTTP-ERROR`.
pub(crate) fn fold_camel(ident: &Ident) -> String {
    let letters: Vec<char> = unraw(ident).chars().collect();
    let mut name = String::new();
    for (at, &c) in letters.iter().enumerate() {
        let after_word = at > 0 && !letters[at - 1].is_uppercase() && letters[at - 1] != '_';
        let before_word = letters.get(at + 1).is_some_and(|next| next.is_lowercase());
        let after_letter = at > 0 && letters[at - 1] != '_';
        if c.is_uppercase() && (after_word || (after_letter && before_word)) {
            name.push('-');
        }
        name.push(if c == '_' { '-' } else { upcase(c) });
    }
    name
}

/// A parameter's name as others are shown it: that it is not used is nobody else's affair.
pub(crate) fn shown(ident: &Ident) -> String {
    let name = unraw(ident);
    let shown = name.trim_start_matches('_');
    String::from(if shown.is_empty() { &name } else { shown })
}

/// The identifier without an `r#`.
pub(crate) fn unraw(ident: &Ident) -> String {
    ident.unraw().to_string()
}

/// Reads a literal as a symbol; the error stands at the literal and says what is wrong.
pub(crate) fn read_literal(literal: &LitStr) -> syn::Result<LispName> {
    read(&literal.value()).map_err(|message| syn::Error::new_spanned(literal, message))
}

/// Reads a literal as a symbol that must not name a package, as the name of a package is.
pub(crate) fn read_bare_literal(literal: &LitStr) -> syn::Result<String> {
    match read_literal(literal)? {
        LispName { name, package: None } => Ok(name),
        LispName { .. } => Err(syn::Error::new_spanned(
            literal,
            "a package's name has no package marker; write `:` that is part of it as `\\\\:`",
        )),
    }
}

/// Reads `name`, `package:name`, `package::name` or `:keyword`: letters become upper case unless
/// they are escaped by `\` or between `|`s.
pub(crate) fn read(text: &str) -> Result<LispName, String> {
    if text.is_empty() {
        return Err(String::from(
            "an empty string names nothing; the symbol without a name is written `||`",
        ));
    }
    let Parts { package, name, markers, escaped } = Parts::read(text)?;
    let package = match markers {
        0 => None,
        _ if package.is_empty() => Some(String::from("KEYWORD")),
        _ => Some(package),
    };
    if package.is_none() && !escaped {
        if is_number(&name) {
            return Err(format!("`{text}` reads as a number in Lisp; as a name write `|{text}|`"));
        }
        if name.chars().all(|c| c == '.') {
            return Err(format!("`{text}` is no name in Lisp; as a name write `|{text}|`"));
        }
    }
    Ok(LispName { name, package })
}

/// The pieces of a symbol as they are read.
#[derive(Default)]
struct Parts {
    package: String,
    /// Before any marker, the package too is collected here.
    name: String,
    /// How many colons the package marker has: 0, 1 or 2.
    markers: usize,
    /// Whether anything of the name is escaped.
    escaped: bool,
}

impl Parts {
    fn read(text: &str) -> Result<Self, String> {
        let mut parts = Self::default();
        let mut quoted = false;
        let mut rest = text.chars();
        while let Some(c) = rest.next() {
            match c {
                '\\' => {
                    let literal = rest.next().ok_or(
                        "nothing follows the `\\` at the end; as part of the name write `\\\\\\\\`",
                    )?;
                    parts.escape(Some(literal));
                }
                '|' => {
                    quoted = !quoted;
                    parts.escape(None);
                }
                _ if quoted => parts.name.push(c),
                ':' => parts.mark(text, rest.as_str())?,
                '#' if parts.name.is_empty() => return Err(unescaped(text, c)),
                '(' | ')' | '"' | '\'' | ';' | ',' | '`' => return Err(unescaped(text, c)),
                _ if c.is_whitespace() => return Err(unescaped(text, c)),
                _ => parts.name.push(upcase(c)),
            }
        }
        if quoted {
            return Err(format!(
                "a `|` in `{text}` is not closed by a second one; as part of the name write `\\\\|`"
            ));
        }
        Ok(parts)
    }

    fn escape(&mut self, literal: Option<char>) {
        self.escaped = true;
        self.name.extend(literal);
    }

    /// Takes one colon of the package marker.
    fn mark(&mut self, text: &str, rest: &str) -> Result<(), String> {
        // `::keyword` is no keyword, so a second colon follows the name of a package.
        let begun = !self.name.is_empty() || self.escaped;
        let second = self.markers == 1 && !begun && !self.package.is_empty();
        if self.markers > 0 && !second {
            return Err(format!(
                "more than one package marker in `{text}`; write a `:` of the name as `\\\\:`"
            ));
        }
        if rest.is_empty() {
            return Err(format!("no name stands after the package in `{text}`"));
        }
        if !second {
            self.package = std::mem::take(&mut self.name);
            self.escaped = false;
        }
        self.markers += 1;
        Ok(())
    }
}

fn unescaped(text: &str, found: char) -> String {
    format!("`{found}` ends a name in Lisp; write `{text}` between `|`s if it is part of the name")
}

/// Lisp folds letter by letter, so a letter whose capital is two letters stays as it is.
fn upcase(c: char) -> char {
    let mut capital = c.to_uppercase();
    match (capital.next(), capital.next()) {
        (Some(capital), None) => capital,
        _ => c,
    }
}

/// Whether the Lisp reader takes `text` for an integer, a ratio or a float.
fn is_number(text: &str) -> bool {
    let digits = |s: &str| s.chars().all(|c| c.is_ascii_digit());
    let some_digits = |s: &str| !s.is_empty() && digits(s);
    let unsigned = |s: &'_ str| s.strip_prefix(['+', '-']).unwrap_or(s).len();
    let text = &text[text.len() - unsigned(text)..];
    if let Some((above, below)) = text.split_once('/') {
        return some_digits(above) && some_digits(below);
    }
    let (mantissa, exponent) = match text.split_once(['E', 'S', 'F', 'D', 'L']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let exponent_fits =
        exponent.is_none_or(|e| some_digits(&e[e.len() - unsigned(e)..]) && !mantissa.is_empty());
    let mantissa_fits = match mantissa.split_once('.') {
        Some((whole, part)) => {
            digits(whole) && digits(part) && !(whole.is_empty() && part.is_empty())
        }
        None => some_digits(mantissa),
    };
    exponent_fits && mantissa_fits
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(name: &str, package: Option<&str>) -> Result<LispName, String> {
        Ok(LispName { name: name.into(), package: package.map(String::from) })
    }

    #[test]
    fn identifiers_fold() {
        let folded = |text: &str| fold(&syn::parse_str(text).unwrap());
        assert_eq!(folded("write_string"), "WRITE-STRING");
        assert_eq!(fold(&Ident::new_raw("type", proc_macro2::Span::call_site())), "TYPE");
        assert_eq!(folded("größe"), "GRÖßE");

        let camel = |text: &str| fold_camel(&syn::parse_str(text).unwrap());
        assert_eq!(camel("MoveTo"), "MOVE-TO");
        assert_eq!(camel("HTTPError"), "HTTP-ERROR");
        assert_eq!(camel("Stop"), "STOP");
        assert_eq!(camel("V2Beta"), "V2-BETA");
        assert_eq!(camel("Snake_Case"), "SNAKE-CASE");
    }

    #[test]
    fn strings_read_as_lisp_reads_them() {
        assert_eq!(read("1+"), name("1+", None));
        assert_eq!(read("write-string"), name("WRITE-STRING", None));
        assert_eq!(read("hemlock::|Beep|"), name("Beep", Some("HEMLOCK")));
        assert_eq!(read("|Mine|:f"), name("F", Some("Mine")));
        assert_eq!(read("pkg:name"), name("NAME", Some("PKG")));
        assert_eq!(read(":key"), name("KEY", Some("KEYWORD")));
        assert_eq!(read("a\\:b"), name("A:B", None));
        assert_eq!(read("|1|"), name("1", None));
        assert_eq!(read("||"), name("", None));
        assert_eq!(read("+"), name("+", None));
        assert_eq!(read("a#b"), name("A#B", None));
        assert_eq!(read("e5"), name("E5", None));
    }

    #[test]
    fn what_is_no_name_is_refused() {
        for text in [
            "::", "p::", ":", "a:::b", "::k", "-1", "+1.", "1/2", "1.5", ".5", "1e5", "1.5d-3",
            "..",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_refusal_says_what_to_write() {
        for (text, message) in [
            ("", "an empty string names nothing; the symbol without a name is written `||`"),
            ("p:", "no name stands after the package in `p:`"),
            ("p::", "no name stands after the package in `p::`"),
            ("1", "`1` reads as a number in Lisp; as a name write `|1|`"),
            (".", "`.` is no name in Lisp; as a name write `|.|`"),
            ("a\\", "nothing follows the `\\` at the end; as part of the name write `\\\\\\\\`"),
            (
                "|a",
                "a `|` in `|a` is not closed by a second one; as part of the name write `\\\\|`",
            ),
            (
                "a:b:c",
                "more than one package marker in `a:b:c`; write a `:` of the name as `\\\\:`",
            ),
            ("(", "`(` ends a name in Lisp; write `(` between `|`s if it is part of the name"),
            ("a b", "` ` ends a name in Lisp; write `a b` between `|`s if it is part of the name"),
            ("#x", "`#` ends a name in Lisp; write `#x` between `|`s if it is part of the name"),
        ] {
            assert_eq!(read(text), Err(String::from(message)), "{text}");
        }
    }

    #[test]
    fn a_package_is_named_without_a_marker() {
        let read = |text| {
            let literal = LitStr::new(text, proc_macro2::Span::call_site());
            read_bare_literal(&literal).map_err(|error| error.to_string())
        };
        assert_eq!(read("a\\:b"), Ok(String::from("A:B")));
        assert_eq!(
            read("a:b"),
            Err(String::from(
                "a package's name has no package marker; write `:` that is part of it as `\\\\:`"
            ))
        );
    }
}
