//! Names of fields and variants, as Lisp and as Rust write them.

use crate::value::upper;

/// `user_id`, `userId` and `UserId` as Lisp writes them: `USER-ID`.
pub(super) fn to_lisp(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut lisp = String::with_capacity(name.len() + 2);
    for (index, &letter) in letters.iter().enumerate() {
        let before = index.checked_sub(1).map(|before| letters[before]);
        let starts_word = letter.is_uppercase()
            && before.is_some_and(|before| {
                let ends_acronym = letters.get(index + 1).is_some_and(|next| next.is_lowercase());
                before.is_lowercase()
                    || before.is_numeric()
                    || (before.is_uppercase() && ends_acronym)
            });
        if starts_word {
            lisp.push('-');
        }
        match letter {
            '_' => lisp.push('-'),
            _ => lisp.push(upper(letter)),
        }
    }
    lisp
}

/// `USER-ID` as a Rust field is written, for types that do not say what their fields are.
pub(super) fn to_rust(name: &str) -> String {
    name.to_lowercase().replace('-', "_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_lisps() {
        for name in ["user_id", "userId", "UserId"] {
            assert_eq!(to_lisp(name), "USER-ID");
        }
        assert_eq!(to_lisp("HttpServer2Go"), "HTTP-SERVER2-GO");
        assert_eq!(to_lisp("HTTPServer"), "HTTP-SERVER");
        assert_eq!(to_lisp("größe"), "GRÖßE");
        assert_eq!(to_rust("USER-ID"), "user_id");
    }
}
