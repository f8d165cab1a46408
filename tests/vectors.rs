//! Bytes written down by CMUCL: read, written again, and cut at every place.

use bytes::BytesMut;
use wire::Limits;
use wire::codec::{
    Decoder, Encoder, FunctionRef, Head, Item, Name, NoTokens, Number, PeerProfile, Received, Scan,
    Scanner, Sent, Text,
};

const OBJECTS: &str = include_str!("vectors/objects.tsv");
const CONVERSATION: &str = include_str!("vectors/conversation.tsv");

#[test]
fn every_recorded_object_is_written_again_to_the_same_octets() {
    for (form, bytes) in rows(OBJECTS).filter(|(form, _)| !is_bare(form)) {
        let mut direction = Direction::new();
        let again = direction.copy(&bytes);
        // We save symbols only, as CMUCL does unless it is asked.
        if !form.contains("cached") {
            assert_eq!(again, bytes, "{form}");
        }
    }
}

#[test]
fn a_recorded_conversation_is_written_again_to_the_same_octets() {
    let (mut client, mut server) = (Direction::new(), Direction::new());
    for (from, bytes) in rows(CONVERSATION) {
        let direction = if from == "client" { &mut client } else { &mut server };
        assert_eq!(direction.copy(&bytes), bytes, "{from}");
    }
}

#[test]
fn recorded_forms_mean_what_they_say() {
    let printed: Vec<_> = rows(OBJECTS)
        .filter(|(form, _)| !is_bare(form) && !form.contains("dotimes"))
        .map(|(_, bytes)| Direction::new().print(&bytes))
        .collect();
    let expected = [
        "0",
        "1",
        "-1",
        "2147483647",
        "-2147483648",
        "2147483648",
        "-2147483649",
        "4294967296",
        "79228162514264337593543950336",
        "-79228162514264337593543950336",
        "\"\"",
        "\"hello\"",
        "COMMON-LISP-USER::FOO",
        ":KEY",
        "COMMON-LISP::NIL",
        "COMMON-LISP::T",
        "(1 (2 (3 COMMON-LISP::NIL",
        "(1 2",
        "((1 (\"a\" COMMON-LISP::NIL ((2 (\"b\" COMMON-LISP::NIL COMMON-LISP::NIL",
        "(COMMON-LISP-USER::A (COMMON-LISP-USER::B (COMMON-LISP-USER::A (COMMON-LISP::NIL \
         (COMMON-LISP-USER::B COMMON-LISP::NIL",
        "\"cached\"",
        "\"cached\" \"cached\"",
        "call 1 COMMON-LISP::WRITE-STRING \"hello\"",
        "call 0 COMMON-LISP-USER::NO-ARGUMENTS",
        "call 5 COMMON-LISP-USER::FIVE 1 2 3 4 5",
        "call 6 COMMON-LISP-USER::SIX 1 2 3 4 5 6",
        "call 1 COMMON-LISP-USER::TWICE 1 call 1 COMMON-LISP-USER::TWICE 2 \
         call 1 COMMON-LISP-USER::OTHER \"x\"",
        "call 2 WIRE::RETURN-1-VALUE 7 8",
    ];
    assert_eq!(printed, expected);
}

#[test]
fn every_cut_gives_the_same_objects() {
    let objects = rows(OBJECTS).filter(|(form, _)| !is_bare(form)).map(|(_, bytes)| bytes);
    let side = |side: &str| {
        rows(CONVERSATION).filter(|(from, _)| *from == side).flat_map(|(_, bytes)| bytes).collect()
    };
    let sides: [Vec<u8>; 2] = [side("client"), side("server")];
    for bytes in objects.chain(sides) {
        let whole = Direction::new().scan([&bytes[..]]);
        assert_eq!(Direction::new().scan(bytes.chunks(1)), whole);
        for cut in 1..bytes.len() {
            assert_eq!(Direction::new().scan([&bytes[..cut], &bytes[cut..]]), whole, "{cut}");
        }
    }
}

/// Data without an op byte, which stands inside calls by arrangement.
fn is_bare(form: &str) -> bool {
    ["output-byte", "output-number", "output-string", "output-bignum"]
        .iter()
        .any(|bare| form.contains(bare))
}

fn rows(table: &'static str) -> impl Iterator<Item = (&'static str, Vec<u8>)> {
    table.lines().map(|row| {
        let (name, hex) = row.split_once('\t').expect("a tab");
        let octet = |at| u8::from_str_radix(&hex[at..at + 2], 16).expect("hex");
        (name, (0..hex.len()).step_by(2).map(octet).collect())
    })
}

/// One direction of a wire, read and written again.
struct Direction {
    scanner: Scanner,
    received: Received,
    sent: Sent,
}

impl Direction {
    fn new() -> Self {
        let limits = Limits::default();
        Self {
            scanner: Scanner::new(&limits),
            received: Received::new(&limits, Text::Utf8),
            sent: Sent::new(limits.cache_entries),
        }
    }

    fn scan<'a>(&mut self, pieces: impl IntoIterator<Item = &'a [u8]>) -> Vec<(Scan, Vec<u8>)> {
        let (mut found, mut buffer) = (Vec::new(), Vec::new());
        for piece in pieces {
            buffer.extend_from_slice(piece);
            while let scan @ Scan::Object { len, .. } =
                self.scanner.scan(&buffer, &mut self.received).expect("CMUCL's own bytes")
            {
                found.push((scan, buffer.drain(..len).collect()));
            }
        }
        assert!(buffer.is_empty() && !self.scanner.is_within_object());
        found
    }

    /// Reads top-level objects, and writes them.
    fn copy(&mut self, bytes: &[u8]) -> Vec<u8> {
        let objects = self.scan([bytes]);
        let (mut buf, peer) = (BytesMut::new(), PeerProfile::classic());
        let mut out = Encoder::new(&mut buf, Some(&mut self.sent), &peer);
        for (scan, object) in &objects {
            let (body, mut due) = match Head::read(object, &self.received) {
                Head::Funcall { function, argc, args } => {
                    let symbol = named(&function, &self.received);
                    let (name, package) = (&*symbol.0, &*symbol.1);
                    out.funcall(Name::Dynamic { name, package }, argc.into()).expect("sendable");
                    (args, usize::from(argc))
                }
                _ => (&object[..], 1),
            };
            let mut input = Decoder::new(body, &self.received, Text::Utf8, &NoTokens);
            while due > 0 {
                due -= 1;
                due += copy_one(&mut input, &mut out);
            }
            assert!(input.is_at_end());
            let Scan::Object { weight, .. } = scan else { panic!("{scan:?}") };
            assert_eq!(out.weight(), *weight);
        }
        out.finish().expect("whole objects");
        buf.to_vec()
    }

    /// Top-level objects in words; lists as they nest, never closed.
    fn print(&mut self, bytes: &[u8]) -> String {
        let mut words = String::new();
        for (_, object) in self.scan([bytes]) {
            let body = match Head::read(&object, &self.received) {
                Head::Funcall { function, argc, args } => {
                    let (name, package) = named(&function, &self.received);
                    words += &format!("call {argc} {package}::{name} ");
                    args
                }
                _ => &object,
            };
            let mut input = Decoder::new(body, &self.received, Text::Utf8, &NoTokens);
            while !input.is_at_end() {
                words += &match input.item().expect("an object") {
                    Item::Integer(number) => format!("{} ", number.to_bigint()),
                    Item::String(text) => format!("{text:?} "),
                    Item::Symbol(symbol) => format!("{symbol} "),
                    Item::Cons => String::from("("),
                    item => panic!("{item:?}"),
                };
            }
        }
        words.trim_end().to_owned()
    }
}

/// Copies one object without its parts, and says how many parts follow.
fn copy_one(input: &mut Decoder<'_>, out: &mut Encoder<'_>) -> usize {
    let mut parts = 0;
    match input.item().expect("an object") {
        Item::Integer(Number::Small(small)) => out.integer(small),
        Item::Integer(number) => out.bignum(&number.to_bigint()),
        Item::String(text) => out.string(&text),
        Item::Symbol(symbol) => out.symbol(&symbol.name, &symbol.package),
        Item::Remote(remote) => out.remote(&remote),
        Item::Cons => {
            parts = 2;
            out.cons()
        }
        item => panic!("{item:?}"),
    }
    .expect("sendable");
    parts
}

fn named(function: &FunctionRef<'_>, received: &Received) -> (String, String) {
    let symbol = function.symbol(received).expect("a symbol");
    (symbol.name.into_owned(), symbol.package.into_owned())
}
