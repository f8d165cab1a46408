//! The page's types, as they travel by agreement.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::time::Duration;

use bytes::BytesMut;
use wire::codec::{Encoder, PeerProfile};
use wire::{Cached, FromWire, ToWire};

use crate::meaning::Direction;
use crate::page::{Block, Numbers};

#[derive(Debug, FromWire, PartialEq, ToWire)]
struct Job {
    id: i64,
    command: String,
    exit_status: Option<i64>,
}

#[derive(Debug, FromWire, PartialEq, ToWire)]
struct Point(i64, i64);

#[derive(Debug, FromWire, PartialEq, ToWire)]
enum Move {
    Stop,
    GoTo(i64, i64),
    Turn { by: i64 },
}

/// Checks a block of values of Rust, each called by a name.
pub(crate) fn check(block: &Block, peer: PeerProfile) {
    let mut direction = Direction::new(peer);
    let cached = Cached::new(["said often", "and saved"].map(str::to_owned).to_vec());
    for entry in &block.entries {
        let (name, meaning) = entry.said.split_once(": ").expect("a name and a meaning");
        let octets = Numbers::default().octets(entry);
        let place = format!("docs/protocol.md, line {}: {}", entry.line, entry.said);
        assert_eq!(direction.meaning(&octets).expect("one object"), meaning, "{place}");
        let again = match name {
            "job" => again(
                &mut direction,
                &octets,
                &Job { id: 7, command: "make".into(), exit_status: None },
            ),
            "point" => again(&mut direction, &octets, &Point(3, 4)),
            "stop" => again(&mut direction, &octets, &Move::Stop),
            "go to" => again(&mut direction, &octets, &Move::GoTo(1, 2)),
            "turn" => again(&mut direction, &octets, &Move::Turn { by: 90 }),
            "map" => {
                let map = BTreeMap::from([("a".to_owned(), 1), ("b".to_owned(), 2)]);
                again(&mut direction, &octets, &map)
            }
            "true" => again(&mut direction, &octets, &true),
            "none" => again(&mut direction, &octets, &None::<i64>),
            "some" => again(&mut direction, &octets, &Some(5)),
            "letter" => again(&mut direction, &octets, &'x'),
            "time" => again(&mut direction, &octets, &Duration::from_millis(1500)),
            // Reading one makes another, so that it equals none.
            "cached" => written(&mut direction, &cached),
            "bytes" => again(&mut direction, &octets, &vec![1_u8, 2]),
            _ => panic!("{place}: which value is that?"),
        };
        assert_eq!(again, octets, "{place}");
    }
}

/// The octets of a value; those on the page must read as it.
fn again<T>(direction: &mut Direction, octets: &[u8], value: &T) -> Vec<u8>
where
    T: Debug + FromWire + PartialEq + ToWire,
{
    assert_eq!(&T::from_wire(&mut direction.decoder(octets)).expect("it reads"), value);
    written(direction, value)
}

fn written(direction: &mut Direction, value: &impl ToWire) -> Vec<u8> {
    let mut buffer = BytesMut::new();
    let mut out = Encoder::new(&mut buffer, Some(&mut direction.sent), &direction.peer);
    value.to_wire(&mut out).expect("it can be sent");
    buffer.to_vec()
}
