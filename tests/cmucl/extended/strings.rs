//! Text is UTF-8 on the wire, and UTF-16 in CMUCL.

use wire::{Symbol, Value, Wire, functions, remote_fn, remote_value};

use super::wire;
use crate::lisp::Lisp;
use crate::live::{Peer, Role};
use crate::offer::offer;

live!(classic, extended; server, client => [
    our_characters_are_those_of_lisp,
    characters_of_lisp_are_ours,
    every_character_comes_back,
    symbols_are_text,
    half_a_pair_is_no_character,
]);

const TEXTS: [&str; 6] =
    ["", "a\0\x7f", "\u{80}é\u{7ff}", "\u{800}€\u{ffff}", "\u{10000}😀\u{10ffff}", "x😀é€y"];

fn codes(text: &str) -> Vec<u32> {
    text.chars().map(u32::from).collect()
}

async fn our_characters_are_those_of_lisp(mut lisp: Lisp) {
    let wire = wire(&mut lisp, offer()).await;
    for text in TEXTS {
        let there: Vec<u32> = remote_value!(wire, code_points(text)).value().await.unwrap();
        assert_eq!(there, codes(text), "{text:?}");
        assert_eq!(remote_value!(wire, echo(text) -> String).value().await.unwrap(), text);
    }
    // CMUCL has two units for it.
    assert_eq!(remote_value!(wire, length("a😀") -> i64).value().await.unwrap(), 3);
}

#[remote_fn]
fn code_points(text: &str) -> Vec<u32> {
    codes(text)
}

async fn characters_of_lisp_are_ours(mut lisp: Lisp) {
    let _wire = wire(&mut lisp, offer().merge(functions![code_points])).await;
    for text in TEXTS {
        let units: Vec<_> = text.encode_utf16().map(|unit| unit.to_string()).collect();
        let form = format!(
            "(let ((text (units {})))
               (values (equal text (wire:remote-value *wire* (echo text)))
                       (wire:remote-value *wire* (code-points text))))",
            units.join(" ")
        );
        let codes: Vec<_> = codes(text).iter().map(u32::to_string).collect();
        let list =
            if codes.is_empty() { "NIL".to_owned() } else { format!("({})", codes.join(" ")) };
        assert_eq!(lisp.eval(&form).await, format!("T {list}"), "{text:?}");
    }
}

async fn every_character_comes_back(mut lisp: Lisp) {
    let wire = wire(&mut lisp, offer()).await;
    let all: String = (0..=0x0010_ffff).filter_map(char::from_u32).collect();
    assert_eq!(all.chars().count(), 0x0011_0000 - 0x800);
    let back = remote_value!(wire, echo(all) -> String).value().await.unwrap();
    assert!(back == all);
}

async fn symbols_are_text(mut lisp: Lisp) {
    let wire = wire(&mut lisp, offer()).await;
    let symbol = Symbol::read("|größe 😀|").unwrap();
    let same = remote_value!(wire, eq(symbol, @named("größe 😀")) -> bool);
    assert!(same.value().await.unwrap());
    // Saved, and then looked up.
    for _ in 0..2 {
        assert_eq!(remote_value!(wire, echo(symbol) -> Symbol).value().await.unwrap(), symbol);
    }
    let keyword =
        remote_value!(wire, "intern"("straße", "KEYWORD") -> Value).value().await.unwrap();
    assert_eq!(keyword, Value::read(":|straße|").unwrap());
}

async fn half_a_pair_is_no_character(mut lisp: Lisp) {
    let wire = wire(&mut lisp, offer()).await;
    for (half, expected) in [
        ((0x61, 0xd83d, 0x62), "a\u{fffd}b"),
        ((0x61, 0xde00, 0x62), "a\u{fffd}b"),
        ((0xde00, 0xd83d, 0xd83d), "\u{fffd}\u{fffd}\u{fffd}"),
        ((0xd83d, 0xd83d, 0xde00), "\u{fffd}😀"),
    ] {
        let text = remote_value!(wire, units(half.0, half.1, half.2) -> String);
        assert_eq!(text.value().await.unwrap(), expected, "{half:x?}");
    }
}

/// What `bytes`, which are no text in UTF-8, come back as. A wire that says an octet for a character
/// sends them as they are.
async fn back(wire: &Wire, bytes: &[u8]) -> String {
    let text: String = bytes.iter().copied().map(char::from).collect();
    let back = remote_value!(wire, echo(text) -> String).value().await.unwrap();
    let bytes: Vec<u8> = back.chars().map(|c| u8::try_from(c).unwrap()).collect();
    String::from_utf8(bytes).unwrap()
}

#[tokio::test]
async fn octets_that_are_no_text_become_replacement_characters() {
    let Some(mut lisp) = Lisp::start(Peer::Classic, Role::Server) else { return };
    let port = lisp.serve().await;
    let builder = Wire::builder().classic().latin1();
    let wire = builder.connect(("127.0.0.1", port)).await.unwrap();
    let cases: [&[u8]; 12] = [
        b"a\xe9b",
        b"\x80",
        b"\xbf\xbf",
        b"\xc0\xaf",
        b"\xc3",
        b"\xe2\x82",
        b"\xe2\x82x",
        b"\xed\xa0\x80",
        b"\xf0\x9f\x98",
        b"\xf4\x90\x80\x80",
        b"\xf8\x88\x80\x80\x80",
        b"\xff\xfe",
    ];
    for bytes in cases {
        assert_eq!(back(&wire, bytes).await, String::from_utf8_lossy(bytes), "{bytes:x?}");
    }
    assert_eq!(remote_value!(wire, add(1, 2) -> i64).value().await.unwrap(), 3);
}
