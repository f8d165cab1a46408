//! Tokens as a person would write them.

use proc_macro2::{Spacing, TokenStream, TokenTree};

/// `Vec < (i64 , String) >` is `Vec<(i64, String)>`.
pub(crate) fn tidy(tokens: TokenStream) -> String {
    let mut text = String::new();
    write(&mut text, tokens);
    text
}

fn write(text: &mut String, tokens: TokenStream) {
    let mut joint = false;
    for token in tokens {
        match token {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    proc_macro2::Delimiter::Parenthesis => ("(", ")"),
                    proc_macro2::Delimiter::Bracket => ("[", "]"),
                    proc_macro2::Delimiter::Brace => ("{", "}"),
                    proc_macro2::Delimiter::None => ("", ""),
                };
                text.push_str(open);
                write(text, group.stream());
                text.push_str(close);
                joint = false;
            }
            TokenTree::Punct(punct) => {
                let next_joins = punct.spacing() == Spacing::Joint;
                match punct.as_char() {
                    '+' | '=' => text.push_str(&format!(" {} ", punct.as_char())),
                    '-' if next_joins => text.push_str(" -"),
                    '>' if joint && text.ends_with('-') => text.push_str("> "),
                    c @ (',' | ';') => text.extend([c, ' ']),
                    c => text.push(c),
                }
                joint = next_joins;
            }
            word => {
                // Two words need a space: `dyn Error`, `mut x`, `&'a str`.
                if !joint && text.ends_with(|c: char| c.is_alphanumeric() || c == '_') {
                    text.push(' ');
                }
                text.push_str(&word.to_string());
                joint = false;
            }
        }
    }
    if text.ends_with(", ") {
        text.truncate(text.len() - 2);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_shown_as_written() {
        for written in [
            "Result<(i64, Vec<String>), Box<dyn Error + Send>>",
            "&[u8]",
            "[u8; 4]",
            "std::sync::Arc<fn(i64) -> i64>",
            "&'static str",
            "()",
        ] {
            assert_eq!(tidy(written.parse().unwrap()), written);
        }
    }
}
