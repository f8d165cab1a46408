//! How objects are shown, said by peers who say octets.

use tokio::io::AsyncReadExt;
use tokio::time::timeout;
use wire::{Symbol, ToWire, Value, Vector};

use crate::raw::{self, PATIENCE, call, call_head, cons, lookup, number, save, symbol};
use crate::strangers;

const CL: &str = "COMMON-LISP";

/// What a tap with these options shows when the one who connects says this, and ends.
async fn shown(options: &[&str], octets: &[u8]) -> Vec<String> {
    let (tap, mut left, mut right) = strangers(options).await;
    left.send(octets).await;
    drop(left);
    let mut heard = Vec::new();
    timeout(PATIENCE, right.stream.read_to_end(&mut heard)).await.expect("it ends").unwrap();
    assert!(heard == octets, "what was said was changed");
    drop(right);
    let shown = tap.shown(2).await;
    shown.iter().filter_map(|line| line.strip_prefix("1 → ").map(str::to_owned)).collect()
}

/// The same, of calls for their effect, without what every such line ends with, and without the end.
async fn forms(calls: &[Vec<u8>]) -> Vec<String> {
    let mut shown = shown(&[], &calls.concat()).await;
    assert!(shown.pop().unwrap().starts_with("ended, after "));
    assert_eq!(shown.len(), calls.len(), "{shown:#?}");
    let form = |line: String| line.strip_suffix("  for effect").unwrap_or(&line).to_owned();
    shown.into_iter().map(form).collect()
}

#[tokio::test]
async fn calls_are_shown_as_forms_that_the_reader_reads() {
    let list = |text: &str| Value::read(text).unwrap();
    let shown = forms(&[
        call("NOTE", &[]),
        call("ADD", &[&1, &-2, &i128::MAX]),
        call("F", &[&"a \"b\" \\", &Symbol::keyword("K"), &true, &(), &Symbol::new("X", "P")]),
        call("F", &[&list("(1 (two \"3\") :four nil t (5 . 6) 7 . eight)")]),
        call("|say it|", &[]),
        [call_head("F", 1), symbol("WRITE-STRING", CL)].concat(),
        raw::protocol("WIRE-FOO", raw::token(9), &[]),
    ])
    .await;
    let expected = [
        "(NOTE)",
        "(ADD 1 -2 170141183460469231731687303715884105727)",
        r#"(F "a \"b\" \\" :K T NIL 'P::X)"#,
        r#"(F '(1 (TWO "3") :FOUR NIL T (5 . 6) 7 . EIGHT))"#,
        r"(|\|say it\||)",
        "(F 'COMMON-LISP::WRITE-STRING)",
        "(WIRE::WIRE-FOO #<remote 2130706433:77:9>)",
    ];
    assert_eq!(shown, expected);
}

#[derive(ToWire)]
struct Job {
    id: u32,
    tags: Vec<String>,
}

#[tokio::test]
async fn data_of_the_extended_dialect_are_shown_too() {
    let shown = forms(&[
        call("F", &[&1.5_f64, &0.25_f32, &1e300_f64]),
        call("F", &[&bytes::Bytes::from_static(b"\x00\xff"), &Vector(vec![1_u16, 2])]),
        call("F", &[&Vector(vec![1.5_f64]), &Vector::<u8>(vec![]), &vec![-1_i64; 3]]),
        call("F", &[&Value::vector([Value::from("a"), Value::list([1])])]),
        call("F", &[&Job { id: 7, tags: vec![] }, &Job { id: 8, tags: vec!["x".to_owned()] }]),
    ])
    .await;
    let expected = [
        "(F 1.5d0 0.25 1.0d300)",
        "(F #{00 ff} #(1 2))",
        "(F #(1.5d0) #() '(-1 -1 -1))",
        "(F #(\"a\" (1)))",
        "(F '(:ID 7 :TAGS NIL) '(:ID 8 :TAGS (\"x\")))",
    ];
    assert_eq!(shown, expected);
}

/// A proper list of these octets.
fn list(elements: &[Vec<u8>]) -> Vec<u8> {
    elements.iter().rfold(symbol("NIL", CL), |rest, element| cons(element, &rest))
}

#[tokio::test]
async fn what_was_saved_is_shown_where_it_is_looked_up() {
    let name = symbol("NOTE", raw::USER);
    let saved = list(&[number(1), list(&[number(2)])]);
    let shape = list(&[symbol("A", "KEYWORD"), symbol("B", "KEYWORD")]);
    let shown = forms(&[
        [&[2][..], &save(0, &name), &save(1, &saved), &lookup(1)].concat(),
        // The rest of a list is one that was saved, and the rest of another that one.
        [&[1][..], &lookup(0), &save(2, &cons(&number(0), &lookup(1)))].concat(),
        [&[2][..], &lookup(0), &cons(&number(-1), &lookup(2)), &number(3)].concat(),
        [&[1][..], &lookup(0), &[21, 2], &save(3, &shape), &number(1), &number(2)].concat(),
        [&[2][..], &lookup(0), &[21, 2], &lookup(3), &number(3), &lookup(1), &number(4)].concat(),
        // A short lookup, a compact call of what stands at index 0, and lists in other forms.
        [&[1][..], &lookup(0), &[20, 1]].concat(),
        [&[22, 0, 1, 2][..], &lookup(2), &[18, 0, 0, 0, 0, 2, 19, 5], &lookup(1)].concat(),
        [&[1][..], &lookup(0), &cons(&number(1), &[18, 0, 0, 0, 0, 1, 19, 2])].concat(),
        [&[1][..], &lookup(0), &cons(&number(1), &[18, 1, 0, 0, 0, 2, 2, 0xff])].concat(),
        [&[1][..], &lookup(0), &cons(&number(1), &[18, 0x81, 0, 0, 0, 2, 2, 3])].concat(),
    ])
    .await;
    let expected = [
        "(NOTE '(1 (2)) '(1 (2)))",
        "(NOTE '(0 1 (2)))",
        "(NOTE '(-1 0 1 (2)) 3)",
        "(NOTE '(:A 1 :B 2))",
        "(NOTE '(:A 3 :B (1 (2))) 4)",
        "(NOTE '(1 (2)))",
        "(NOTE '(0 1 (2)) '(5 (1 (2))))",
        "(NOTE '(1 2))",
        "(NOTE '(1 2 -1))",
        "(NOTE '(1 . #(2 3)))",
    ];
    assert_eq!(shown, expected);
}

#[tokio::test]
async fn calls_among_arguments_stand_unquoted() {
    let call_of = |name: &str, arguments: &[Vec<u8>]| {
        [call_head(name, arguments.len() as u8), arguments.concat()].concat()
    };
    let inner = call_of("G", &[number(1), list(&[number(2)])]);
    let shown = forms(&[
        call_of(
            "F",
            &[inner.clone(), call_of("H", std::slice::from_ref(&inner)), symbol("X", raw::USER)],
        ),
        call_of("F", &[list(&[number(1), inner.clone()])]),
    ])
    .await;
    let expected = ["(F (G 1 `(2)) (H (G 1 `(2))) 'X)", "(F `(1 ,(G 1 `(2))))"];
    assert_eq!(shown, expected);
}

#[tokio::test]
async fn text_cannot_move_the_cursor_and_may_be_latin_1() {
    let shown = forms(&[
        call("F", &[&"a\nb\u{1b}[2J\u{7f}\u{9b}", &"é ü"]),
        [&call_head("F", 1)[..], b"\x08\0\0\0\x03\xe9\xfcx"].concat(),
        [&call_head("F", 1)[..], b"\x09\0\0\0\x02X\xe9\0\0\0\x01P"].concat(),
    ])
    .await;
    let expected = ["(F \"a␊b␛[2J␡·\" \"é ü\")", "(F \"éüx\")", "(F 'P::|Xé|)"];
    assert_eq!(shown, expected);
}

#[tokio::test]
async fn a_long_form_is_cut_unless_all_of_it_is_wanted() {
    let text = "z".repeat(100_000);
    let octets = call("ECHO", &[&text, &7]);
    let cut = shown(&[], &octets).await;
    let whole = octets.len();
    let form = format!("(ECHO \"{}", &text[..113]);
    assert_eq!(cut[0], format!("{form}… of {whole} octets  for effect"));
    let full = shown(&["--full"], &octets).await;
    assert_eq!(full[0], format!("(ECHO \"{text}\" 7)  for effect"));
    // All digits of an integer that is too long for anybody to read would take minutes.
    let integer = [&[14, 0, 1, 0, 0][..], &[0x80; 4 << 16]].concat();
    let long = shown(&["--full"], &[call_head("F", 1), integer].concat()).await;
    assert_eq!(long[0], "(F #<integer of 2097152 bits>)  for effect");
}

#[tokio::test]
async fn an_object_that_is_too_heavy_is_passed_on_and_its_beginning_is_shown() {
    let heavy = call("ECHO", &[&"z".repeat(50_000), &7]);
    let octets = [&heavy[..], &call("NOTE", &[&1])].concat();
    let shown = shown(&["--object", "1000"], &octets).await;
    let begins = format!("(ECHO … of {} octets, not read: the object is heavier than", heavy.len());
    assert!(shown[0].starts_with(&begins), "{shown:#?}");
    assert_eq!(shown[1], "(NOTE 1)  for effect");
}
