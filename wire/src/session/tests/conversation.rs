//! A conversation between two CMUCL processes, with our session in the place of each.

use super::{Seen, Side};
use crate::codec::{Encoder, Unsendable};
use crate::convert::ToWire;
use crate::limits::Limits;
use crate::session::{Answer, Want};
use crate::token::Token;
use crate::value::Value;

const CONVERSATION: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/vectors/conversation.tsv"));
/// The host and process of each recorded side, as its tokens bear them.
const CLIENT: [u8; 8] = [0, 0x7f, 1, 0, 0, 0, 0x1d, 0x1b];
const SERVER: [u8; 8] = [0, 0x7f, 1, 0, 0, 0, 0x1c, 0xed];

fn turns() -> Vec<(&'static str, Vec<u8>)> {
    let octet = |hex: &str, at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap();
    let rows = CONVERSATION.lines().map(|row| row.split_once('\t').unwrap());
    rows.map(|(from, hex)| (from, (0..hex.len()).step_by(2).map(|at| octet(hex, at)).collect()))
        .collect()
}

/// The octets with one process in the place of another. Both take eight octets of a token.
fn replace(octets: &[u8], from: [u8; 8], to: [u8; 8]) -> Vec<u8> {
    let mut octets = octets.to_vec();
    for at in 0..octets.len().saturating_sub(8) {
        if octets[at] == 12 && octets[at + 1..at + 9] == from {
            octets[at + 1..at + 9].copy_from_slice(&to);
        }
    }
    octets
}

fn here() -> [u8; 8] {
    let here = Token::local(0);
    let octets = [here.host().to_be_bytes(), here.process().to_be_bytes()].concat();
    octets.try_into().unwrap()
}

/// A token as a value.
struct Object(Token);

impl ToWire for Object {
    fn to_wire(&self, out: &mut Encoder<'_>) -> Result<(), Unsendable> {
        out.token(self.0)
    }
}

/// What the client does in its turn of this number, and what it gets for it.
fn act(client: &mut Side, turn: usize) {
    // 2^31, -(2^64) and 2^96, as CMUCL's client has them.
    let read = |text: &str| Value::read(text).unwrap();
    let object = Object(Token::new(0x007f_0100, 0x1ced, 1));
    let mut call = |name: &str, arguments: &[&dyn ToWire], want| {
        client.call(name, arguments, want, "call").unwrap();
    };
    let one = Want::Values(1);
    match turn {
        0 => call("ADD", &[&3, &4], one),
        1 => call("ADD", &[&read("2147483648"), &4], one),
        2 => call("ADD", &[&read("-18446744073709551616"), &-4], one),
        3 => call("DIV", &[&17, &5], Want::Values(2)),
        4 => call("MANY", &[&7], Want::of(7)),
        5 | 6 => call("BAIL", &[], one),
        7 => {
            for note in ["1", "\"two\"", "three", "(4 . 5)", "(1 (2 3) nil t :kw)"] {
                client.notify("NOTE", &[&read(note)]);
            }
            client.call("NOTES", &[], one, "call").unwrap();
        }
        8 => call("CALL-ME-BACK", &[&21], one),
        10 => call("MAKE-THING", &[&42], one),
        11 => call("THING-N", &[&object], one),
        12 => call("ECHO", &[&"z".repeat(3000)], one),
        13 => call("ECHO", &[&read(NUMBERS)], one),
        _ => panic!("turn {turn} is an answer"),
    }
}

const NUMBERS: &str = "(0 -1 2147483647 -2147483648 2147483648 -2147483649 4294967296 \
                       79228162514264337593543950336 -79228162514264337593543950336)";

#[test]
fn our_session_is_the_recorded_client_to_the_octet() {
    let mut client = Side::new(&Limits::default());
    let (mut turn, mut answered) = (0, 0);
    for (from, octets) in turns() {
        if from == "client" {
            if turn != 9 {
                act(&mut client, turn);
            }
            let written = replace(&client.output(), here(), CLIENT);
            assert_eq!(written, octets, "the client's turn {turn}");
            turn += 1;
            continue;
        }
        for seen in client.feed(&replace(&octets, CLIENT, here())).unwrap() {
            match seen {
                Seen::Returned("call", values) => {
                    check_answer(turn, &values);
                    answered += 1;
                }
                Seen::Unwound("call", false) => {
                    // What an aborted call saved first is not forgotten here: CMUCL does not.
                    assert!(turn == 6 || turn == 7, "only BAIL unwinds");
                    answered += 1;
                }
                Seen::Expecting => {}
                Seen::Call { name, arguments, answer: Some(answer) } => {
                    assert_eq!((&*name, &arguments[..]), ("TWICE", &[Value::from(21)][..]));
                    client.out.answer(answer, &42).unwrap();
                }
                other => panic!("{other:?}"),
            }
        }
    }
    assert_eq!((turn, answered), (14, 13));
}

/// What the answer after the client's turn of this number is.
fn check_answer(next: usize, values: &[Value]) {
    let expected = match next - 1 {
        0 => "7",
        1 => "2147483652",
        2 => "-18446744073709551620",
        3 => "3 2",
        4 => "(1 2 3 4 5 6 7)",
        7 => "(1 \"two\" three (4 . 5) (1 (2 3) nil t :kw))",
        9 | 11 => "42",
        13 => NUMBERS,
        _ => return,
    };
    let expected = Value::read(&format!("({expected})")).unwrap();
    assert_eq!(Value::list(values.to_vec()), expected, "turn {}", next - 1);
}

#[test]
fn our_session_is_the_recorded_server_to_the_octet() {
    let mut server = Side::new(&Limits::default());
    let (mut notes, mut owed) = (Vec::new(), None);
    let mut written = 0;
    for (from, octets) in turns() {
        if from == "server" {
            assert_eq!(replace(&server.output(), here(), SERVER), octets, "turn {written}");
            written += 1;
            continue;
        }
        for seen in server.feed(&replace(&octets, SERVER, here())).unwrap() {
            match seen {
                Seen::Expecting => {}
                Seen::Call { name, arguments, answer: None } if name == "NOTE" => {
                    notes.extend(arguments);
                }
                Seen::Call { name, answer: Some(answer), .. } if name == "CALL-ME-BACK" => {
                    server.call("TWICE", &[&21], Want::Values(1), "back").unwrap();
                    owed = Some(answer);
                }
                Seen::Returned("back", values) => {
                    server.out.answer(owed.take().unwrap(), &values[0]).unwrap();
                }
                Seen::Call { name, arguments, answer: Some(answer) } => {
                    serve(&mut server, &name, &arguments, answer, &notes);
                }
                other => panic!("{other:?}"),
            }
        }
    }
    assert_eq!(written, 14);
}

fn serve(server: &mut Side, name: &str, arguments: &[Value], answer: Answer, notes: &[Value]) {
    let number = |at: usize| arguments[at].as_bigint().unwrap();
    let out = &mut server.out;
    let answered = match name {
        "ADD" => out.answer(answer, &Value::from(number(0) + number(1))),
        "DIV" => out.answer(answer, &(3, 2)),
        "MANY" => out.answer(answer, &(1, 2, 3, 4, 5, 6, 7)),
        "BAIL" => return server.abort(answer),
        "NOTES" => out.answer(answer, &Value::list(notes.to_vec())),
        "MAKE-THING" => out.answer(answer, &Object(Token::local(1))),
        "THING-N" => {
            assert_eq!(arguments[0].as_remote().unwrap().token(), Token::local(1));
            out.answer(answer, &42)
        }
        "ECHO" => out.answer(answer, &arguments[0]),
        other => panic!("{other} was called"),
    };
    answered.unwrap();
}
