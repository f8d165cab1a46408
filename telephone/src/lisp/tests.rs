//! The reader and the printer, against what SBCL gives and against each other.

use num_bigint::BigInt;
use proptest::prelude::*;
use wire::Symbol;

use super::*;

/// Texts, and what SBCL prints for them, each quoted.
const AS_SBCL: &[(&str, &str)] = &[
    ("foo", "FOO"),
    ("|foo|", "|foo|"),
    ("fo\\o", "|FOo|"),
    (":key", ":KEY"),
    ("()", "NIL"),
    ("nil", "NIL"),
    ("(a . b)", "(A . B)"),
    ("(a . (b c))", "(A B C)"),
    ("(a . (b . c))", "(A B . C)"),
    ("#(1 #(2) ())", "#(1 #(2) NIL)"),
    ("'foo", "'FOO"),
    ("#'car", "#'CAR"),
    ("(quote a b)", "(QUOTE A B)"),
    ("\"a \\\"b\\\\\"", "\"a \\\"b\\\\\""),
    ("#\\a", "#\\a"),
    ("#\\space", "#\\ "),
    ("#\\newline", "#\\Newline"),
    ("#\\(", "#\\("),
    ("007", "7"),
    ("-0", "0"),
    ("12.", "12"),
    ("+5", "5"),
    ("123456789012345678901234567890", "123456789012345678901234567890"),
    ("2/4", "1/2"),
    ("-4/2", "-2"),
    ("2.5", "2.5"),
    (".5", "0.5"),
    ("1e3", "1000.0"),
    ("1.5d0", "1.5d0"),
    ("1.0e10", "1.0e10"),
    ("1d-10", "1.0d-10"),
    ("#xff", "255"),
    ("#b-101", "-5"),
    ("1+", "1+"),
    ("-", "-"),
    ("a;comment\n", "A"),
    ("#| a #| b |# c |# d", "D"),
];

#[test]
fn forms_print_as_sbcl_prints_them() {
    for (text, printed) in AS_SBCL {
        let forms = Form::read_all(text).unwrap();
        assert_eq!(forms.iter().map(Form::to_string).collect::<Vec<_>>(), [*printed], "{text}");
    }
}

#[test]
fn templates_read_as_what_they_abbreviate() {
    for (text, plain) in [
        ("`(a ,b ,@c)", "(quasiquote (a (unquote b) (unquote-splicing c)))"),
        ("(#t #f)", "(t nil)"),
        ("cl:car", "car"),
    ] {
        assert_eq!(Form::read_all(text), Form::read_all(plain), "{text}");
    }
    assert_eq!(Form::read_all("`(a ,b ,@c , @d)").unwrap()[0].to_string(), "`(A ,B ,@C , @D)");
}

#[test]
fn what_cannot_be_read_says_where_and_what() {
    for (text, message) in [
        ("(a", "the text ends before the form that began at octet 0 does, at octet 2 of the text"),
        (
            "a \"b",
            "the text ends before the form that began at octet 2 does, at octet 4 of the text",
        ),
        ("a)", "the parenthesis closes nothing, at octet 1 of the text"),
        ("(')", "`'` has nothing to its right, at octet 2 of the text"),
        (
            "(a . )",
            "the dot is out of place: it stands between an element and the last form of a list, at octet 5 of the text",
        ),
        ("a:b:c", "a symbol is written NAME, :NAME or PACKAGE::NAME, at octet 3 of the text"),
        ("1/0", "the ratio `1/0` divides by zero, at octet 0 of the text"),
        ("1e999", "the float `1e999` is beyond what a double holds, at octet 0 of the text"),
        ("#\\nosuch", "no character is named `nosuch`, at octet 0 of the text"),
        ("#.(+ 1 2)", "`#.` is not read here, at octet 0 of the text"),
        ("#xg", "`#xg` is no integer of its base, at octet 0 of the text"),
    ] {
        assert_eq!(Form::read_all(text).unwrap_err().to_string(), message, "{text}");
    }
    let deep = "(".repeat(MAX_DEPTH + 1);
    assert!(matches!(Form::read_all(&deep).unwrap_err().kind, ReadErrorKind::Depth { .. }));
    assert!(Form::read_all("(a").unwrap_err().is_unfinished());
    assert!(!Form::read_all(")").unwrap_err().is_unfinished());
}

fn any_form() -> impl Strategy<Value = Form> {
    let symbol = |name: String, package: String| Form::Symbol(Symbol::new(&name, &package));
    let atom = prop_oneof![
        any::<i128>().prop_map(|number| Form::Integer(BigInt::from(number))),
        (any::<i64>(), any::<i64>())
            .prop_filter_map("no ratio", |(a, b)| Form::ratio(a.into(), b.into())),
        any::<f64>().prop_filter("finite", |float| float.is_finite()).prop_map(Form::Float),
        any::<f64>().prop_filter("finite", |float| float.is_finite()).prop_map(Form::Double),
        any::<char>().prop_map(Form::Character),
        any::<String>().prop_map(Form::String),
        any::<String>()
            .prop_filter("Lisp's own", |name| !matches!(&**name, "T" | "NIL"))
            .prop_map(move |name| symbol(name, "COMMON-LISP-USER".to_owned())),
        any::<String>().prop_map(|name| Form::Symbol(Symbol::keyword(&name))),
        Just(Form::nil()),
        Just(Form::t()),
    ];
    atom.prop_recursive(4, 64, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Form::list),
            prop::collection::vec(inner.clone(), 0..6).prop_map(Form::vector),
            (prop::collection::vec(inner.clone(), 1..4), inner.clone())
                .prop_map(|(items, tail)| Form::dotted(items, tail)),
            inner.clone().prop_map(|form| Form::list([Form::symbol("QUOTE"), form])),
            inner.prop_map(|form| Form::list([Form::symbol("UNQUOTE"), form])),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_printed_reads_back(form in any_form()) {
        let text = form.to_string();
        prop_assert_eq!(Form::read_all(&text), Ok(vec![form]), "{}", text);
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in "[()'`,@#|\\\\\"; .:/0-9a-eTx\n-]{0,60}") {
        if let Ok(forms) = Form::read_all(&text) {
            for form in forms {
                let printed = form.to_string();
                prop_assert_eq!(Form::read_all(&printed), Ok(vec![form]), "{}", printed);
            }
        }
    }
}
