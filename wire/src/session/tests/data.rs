//! Untagged data behind calls: the octets of it, and that it goes with its call or not at all.

use num_bigint::BigInt;

use super::{Seen, Side, pair};
use crate::codec::{Encoder, Hello, Name, Pieces, Reads, Text, Unsendable};
use crate::convert::{Cached, ToWire};
use crate::limits::Limits;
use crate::session::{Answer, Call, LeftoverCalls, Outbound, RawOutput, SendError, Want};

fn f<'a>(arguments: &'a [&'a dyn ToWire]) -> Call<'a> {
    Call::new(Name::Dynamic { name: "F", package: "P" }, arguments)
}

/// The octets of the data alone.
fn written(side: &mut Side, data: &RawOutput<'_>) -> Vec<u8> {
    let mut send = |call| {
        side.out.notify(&[call], LeftoverCalls::Refused).unwrap();
        side.output()
    };
    // From the second call on, the name is looked up.
    send(f(&[]));
    let alone = send(f(&[])).len();
    send(f(&[]).with(data))[alone..].to_vec()
}

#[test]
fn untagged_data_is_laid_out_as_cmucl_does_in_either_dialect() {
    let bignums: &[(i128, &[u8])] = &[
        (0, b"\0\0\0\0"),
        (5, b"\0\0\0\x01\0\0\0\x05"),
        (-1, b"\xff\xff\xff\xff\0\0\0\x01"),
        (1 << 32, b"\0\0\0\x02\0\0\0\x01\0\0\0\0"),
        (-(1 << 31), b"\xff\xff\xff\xff\x80\0\0\0"),
        ((1 << 64) - 1, b"\0\0\0\x02\xff\xff\xff\xff\xff\xff\xff\xff"),
    ];
    for extended in [false, true] {
        let mut side = pair(extended).0;
        let mut data = RawOutput::new();
        data.byte(255).number(-2).string("abc").octets(b"raw".as_slice()).number(u32::MAX as i32);
        let octets = b"\xff\xff\xff\xff\xfe\0\0\0\x03abcraw\xff\xff\xff\xff";
        assert_eq!(written(&mut side, &data), octets);
        for (integer, octets) in bignums {
            let mut data = RawOutput::new();
            data.bignum(&BigInt::from(*integer));
            assert_eq!(written(&mut side, &data), *octets, "{integer}");
        }
    }
}

#[test]
fn strings_are_of_the_wires_text() {
    let mut data = RawOutput::new();
    data.string("né");
    let mut out = Outbound::<&str>::new(&Limits::default().into(), Text::Latin1);
    out.notify(&[f(&[]).with(&data)], LeftoverCalls::Refused).unwrap();
    let mut octets = Pieces::default();
    out.take_output(&mut octets);
    assert!(octets.buffer.ends_with(b"\0\0\0\x02n\xe9"));
    data.byte(1).string("語");
    let error = out.notify(&[f(&[]).with(&data)], LeftoverCalls::Refused).unwrap_err();
    let SendError::Unsendable { place, error } = error else { panic!("{error:?}") };
    assert_eq!(place.argument, None);
    assert_eq!(
        error.to_string(),
        "item 3 of the untagged data: '語' cannot be sent to a peer that reads Latin-1"
    );
    assert_eq!(error.cause(), &Unsendable::Character { character: '語' });
}

#[test]
fn objects_in_data_share_the_cache_with_calls() {
    let (mut one, mut other) = pair(true);
    let cached = Cached::new("text".repeat(9));
    let mut data = RawOutput::new();
    data.object(&cached).object(&cached);
    let octets = written(&mut one, &data);
    assert_eq!(octets.len(), 5 + 5 + 36 + 2, "it was saved, then looked up");
    // What is read for top-level objects here would be data to a function.
    one.out.notify(&[f(&[&cached])], LeftoverCalls::Refused).unwrap();
    assert_eq!(one.output().len(), 4 + 2);
    assert!(other.feed(&octets).is_err(), "the index of the function's name is missing");
}

#[test]
fn what_fails_leaves_neither_call_nor_data_nor_anything_saved() {
    struct Fails;
    impl ToWire for Fails {
        fn to_wire(&self, out: &mut Encoder<'_>) -> Result<(), Unsendable> {
            out.symbol("SAVED", "P")?;
            Err(Unsendable::said("it never goes"))
        }
    }
    struct Two;
    impl ToWire for Two {
        fn to_wire(&self, out: &mut Encoder<'_>) -> Result<(), Unsendable> {
            out.integer(1)?;
            out.integer(2)
        }
    }
    let mut side = pair(false).0;
    let call = Call::new(Name::Dynamic { name: "G", package: "P" }, &[]);
    for (object, said) in [(&Fails as &(dyn ToWire + Sync), "never"), (&Two, "one object")] {
        let mut data = RawOutput::new();
        data.byte(1).object(object);
        let sent = side.out.call(&f(&[]).with(&data), Want::All, LeftoverCalls::Refused, "f");
        let Err(SendError::Unsendable { error, .. }) = sent else { panic!("{sent:?}") };
        assert!(error.to_string().contains(said), "{error}");
        let calls = [call, f(&[]).with(&data)];
        assert!(side.out.notify(&calls, LeftoverCalls::Refused).is_err());
    }
    let data = RawOutput::new();
    let within = f(&[]).with(&data);
    assert!(side.out.notify(&[f(&[&within])], LeftoverCalls::Refused).is_err());
    assert_eq!((side.output().len(), side.out.waiting()), (0, 0));
    side.out.notify(&[call], LeftoverCalls::Refused).unwrap();
    assert_eq!(side.output()[1..6], *b"\x0a\0\0\0\0", "nothing was saved before");
}

#[test]
fn what_the_peer_would_refuse_is_refused_here() {
    let mut side = Side::new(&Limits::default());
    side.out.heard(&Hello::new(Reads::ALL, &Limits::default().object_weight(100)));
    let mut send = |data: &RawOutput<'_>| {
        side.out.notify(&[f(&[]).with(data)], LeftoverCalls::Refused).map_err(|error| match error {
            SendError::Unsendable { error, .. } => error.cause().clone(),
            other => panic!("{other:?}"),
        })
    };
    let big = (BigInt::from(1) << (32 * 21 - 1), BigInt::from(1) << (32 * 22 - 1));
    send(RawOutput::new().string("x".repeat(84)).bignum(&big.0)).unwrap();
    let too_large = Unsendable::TooLarge { weight: 101, limit: 100 };
    assert_eq!(send(RawOutput::new().string("x".repeat(85))), Err(too_large));
    let too_large = Unsendable::TooLarge { weight: 104, limit: 100 };
    assert_eq!(send(RawOutput::new().bignum(&big.1)), Err(too_large));
    send(RawOutput::new().octets(vec![0; 1000])).unwrap();
}

#[test]
fn a_call_may_have_run_before_its_data_has_gone() {
    let mut side = pair(false).0;
    let mut data = RawOutput::new();
    data.octets(vec![0; 1000]);
    let id = side.out.call(&f(&[]).with(&data), Want::All, LeftoverCalls::Refused, "f").unwrap();
    let mut taken = Pieces::default();
    side.out.take_output(&mut taken);
    side.out.accepted(taken.len() - 1000);
    let crate::session::Taken::Waiting(entry) = side.out.take_wait(id) else { panic!("it waits") };
    assert!(side.out.may_have_run(&entry));
}

#[test]
fn values_are_asked_for_before_the_call_and_its_data() {
    for extended in [false, true] {
        let (mut one, mut other) = pair(extended);
        let mut data = RawOutput::new();
        // An object outside of a call, which this reader takes for one without an effect.
        data.object(&7);
        let call = f(&[&1]).with(&data);
        let id = one.out.call(&call, Want::Values(1), LeftoverCalls::Refused, "f").unwrap();
        let seen = other.feed(&one.output()).unwrap();
        let answer = match &seen[seen.len() - 2] {
            Seen::Call { name, answer, .. } if name == "F" => answer.unwrap(),
            other => panic!("{other:?}"),
        };
        let named = match answer {
            Answer::Classic { token, .. } => token.id(),
            Answer::Compact { id, .. } => id,
        };
        assert_eq!((named, seen.last()), (id, Some(&Seen::Idle)));
    }
}
