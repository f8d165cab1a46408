//! Random sequences: every call ends once, tables keep their limits, and no cut changes anything.

use proptest::prelude::*;

use super::{Seen, Side};
use crate::codec::{Encoder, Hello, Name, PeerProfile, Reads, Sent};
use crate::limits::Limits;
use crate::session::{Answer, SendError, Want};
use crate::token::Token;

#[derive(Clone, Debug)]
enum Do {
    Call(u8),
    Sync,
    Notify(u8),
    /// Say hello, if it was not said.
    Hello,
    /// Answer (or, odd, unwind from) one of the calls that wait here.
    Answer(u8, bool),
    /// Everything written goes across, in pieces of this size.
    Pass(u8),
}

fn any_do() -> impl Strategy<Value = (bool, Do)> {
    let what = prop_oneof![
        4 => (0..8_u8).prop_map(Do::Call),
        1 => Just(Do::Sync),
        2 => (0..8_u8).prop_map(Do::Notify),
        1 => Just(Do::Hello),
        4 => any::<(u8, bool)>().prop_map(|(which, well)| Do::Answer(which, well)),
        4 => (1..40_u8).prop_map(Do::Pass),
    ];
    (any::<bool>(), what)
}

const NAMES: [&str; 8] = ["A", "BB", "CCC", "DDDD", "E", "F", "G", "H"];

struct Player {
    side: Side,
    owed: Vec<Answer>,
    made: usize,
    ended: usize,
    told: bool,
}

impl Player {
    fn new() -> Self {
        let limits = Limits::default().waiting_calls(5).cache_entries(4).cache_bytes(200);
        Self { side: Side::new(&limits), owed: Vec::new(), made: 0, ended: 0, told: false }
    }

    fn take(&mut self, piece: &[u8]) {
        for seen in self.side.feed(piece).unwrap() {
            match seen {
                Seen::Call { answer, .. } => self.owed.extend(answer),
                Seen::Object(answer, _) => self.owed.push(answer),
                Seen::Returned(..) | Seen::Unwound(..) => self.ended += 1,
                Seen::Expecting | Seen::Hello => {}
                other => panic!("{other:?}"),
            }
        }
    }

    fn count<T>(&mut self, made: Result<T, SendError>) {
        match made {
            Ok(_) => self.made += 1,
            Err(SendError::TooManyWaiting { limit: 5 }) => assert_eq!(self.side.out.waiting(), 5),
            Err(other) => panic!("{other:?}"),
        }
    }

    fn answer(&mut self, which: u8, well: bool) {
        if self.owed.is_empty() {
            return;
        }
        let answer = self.owed.swap_remove(usize::from(which) % self.owed.len());
        if well { self.side.out.answer(answer, &1).unwrap() } else { self.side.abort(answer) }
    }
}

fn pass(from: &mut Player, to: &mut Player, size: usize) {
    let output = from.side.output();
    output.chunks(size).for_each(|piece| to.take(piece));
}

/// Pieces of compact calls and answers, small ones and others, and what changes their meaning.
fn piece() -> impl Strategy<Value = Vec<u8>> {
    let head = prop_oneof![
        (0_u8..3, 0_u8..4).prop_map(|(function, argc)| vec![22, 0, function, argc]),
        (1_u8..7, 0_u8..3, 0_u8..4)
            .prop_map(|(want, function, argc)| vec![22, want, 0x85, 1, function, argc]),
        (0_u8..2, 0_u8..3).prop_map(|(id, values)| vec![23, id, values]),
    ];
    let part = prop_oneof![
        any::<u8>().prop_map(|small| vec![19, small]),
        (0_u8..60).prop_map(|len| [&[8, 0, 0, 0, len], &[b'a'; 60][..len.into()]].concat()),
        Just(vec![20, 0]),
        Just(vec![18, 0, 0, 0, 0, 1]),
    ];
    // The value of the next object is asked for, or an answer comes where one is.
    let classic =
        prop_oneof![Just("DO-1-VALUE-CALL"), Just("RETURN-1-VALUE"), Just("REMOTE-RETURN-ABORT")];
    let classic = classic.prop_map(|name| {
        let mut sent = Sent::new(0);
        let mut octets = bytes::BytesMut::new();
        let mut out = Encoder::new(&mut octets, Some(&mut sent), &PEER);
        let values = usize::from(name.starts_with("RETURN"));
        out.funcall(Name::Dynamic { name, package: "WIRE" }, 1 + values).unwrap();
        out.token(Token::local(0)).unwrap();
        (0..values).try_for_each(|_| out.integer(1)).unwrap();
        octets.to_vec()
    });
    prop_oneof![5 => head, 6 => part, 2 => classic]
}

const PEER: PeerProfile = PeerProfile::extended();

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn every_call_ends_exactly_once(moves in prop::collection::vec(any_do(), 0..60)) {
        let mut players = [Player::new(), Player::new()];
        for (first, what) in moves {
            let [one, two] = &mut players;
            let (me, other) = if first { (one, two) } else { (two, one) };
            match what {
                Do::Call(n) => {
                    let name = NAMES[usize::from(n)];
                    let made = me.side.call(name, &[&i64::from(n)], Want::of(n.into()), "call");
                    me.count(made);
                }
                Do::Sync => {
                    let made = me.side.out.sync("sync");
                    me.count(made);
                }
                Do::Notify(n) => me.side.notify(NAMES[usize::from(n)], &[&"text"]),
                Do::Hello if !me.told => {
                    me.told = true;
                    let limits = Limits::default().cache_entries(4).cache_bytes(200);
                    let hello = Hello::new(Reads::ALL, &limits).to_string();
                    me.side.out.protocol(&|out| out.string(&hello)).unwrap();
                }
                Do::Hello => {}
                Do::Answer(which, well) => me.answer(which, well),
                Do::Pass(size) => pass(me, other, size.into()),
            }
            prop_assert!(players.iter().all(|player| player.side.out.waiting() <= 5));
        }
        // All that is owed is paid.
        let [one, two] = &mut players;
        while one.side.out.waiting() + two.side.out.waiting() > 0 {
            pass(one, two, 1000);
            pass(two, one, 1000);
            while !one.owed.is_empty() { one.answer(0, true); }
            while !two.owed.is_empty() { two.answer(0, true); }
        }
        for player in &players {
            prop_assert_eq!(player.made, player.ended);
        }
    }

    #[test]
    fn small_objects_mean_what_they_do_the_long_way(
        pieces in prop::collection::vec(piece(), 0..30),
        size in 1..60_usize,
    ) {
        let limits = Limits::default().depth(3).object_weight(100);
        let octets = [&b"\x0a\0\0\0\0\x09\0\0\0\x01F\0\0\0\x01P\x13\0"[..], &pieces.concat()].concat();
        let [short, long] = [false, true].map(|long_way| {
            all_seen(Side { long_way, ..Side::new(&limits) }, octets.chunks(size))
        });
        prop_assert_eq!(short, long);
    }

    #[test]
    fn no_cut_of_any_octets_changes_what_they_mean(
        octets in prop::collection::vec(prop_oneof![3 => 0..31_u8, 1 => any::<u8>()], 0..200),
        size in 1..20_usize,
    ) {
        let limits = Limits::default().depth(6).object_weight(2000);
        let whole = all_seen(Side::new(&limits), [&octets[..]]);
        prop_assert_eq!(all_seen(Side::new(&limits), octets.chunks(size)), whole);
    }
}

/// What pieces of a stream mean, up to its end or its first broken rule.
fn all_seen<'a>(mut side: Side, pieces: impl IntoIterator<Item = &'a [u8]>) -> (Vec<Seen>, bool) {
    let mut all = Vec::new();
    for piece in pieces {
        match side.feed(piece) {
            Ok(seen) => all.extend(seen),
            Err(_) => return (Vec::new(), true),
        }
    }
    (all, false)
}
