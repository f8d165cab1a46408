//! Bytes that nobody should send: each limit, each broken rule, by name.

use crate::codec::tests::{Stream, outcome};
use crate::codec::{Op, ProtocolErrorKind, Refusal, Scan};
use crate::limits::Limits;

const NUMBER: [u8; 5] = [7, 0, 0, 0, 42];

fn save(index: u32, object: &[u8]) -> Vec<u8> {
    [&[10][..], &index.to_be_bytes(), object].concat()
}

fn lookup(index: u32) -> Vec<u8> {
    [&[11][..], &index.to_be_bytes()].concat()
}

fn symbol(name: &str) -> Vec<u8> {
    let bare = |text: &str| [&(text.len() as u32).to_be_bytes()[..], text.as_bytes()].concat();
    [vec![9], bare(name), bare("P")].concat()
}

fn cons(car: &[u8], cdr: &[u8]) -> Vec<u8> {
    [&[13][..], car, cdr].concat()
}

/// Feeds an object and a number after it, whole and octet by octet: the object is refused, the
/// number is read, and no more is buffered than the object that was being read when it was refused.
fn refused(limits: &Limits, before: &[u8], object: &[u8]) -> Refusal {
    let bytes = [before, object, &NUMBER].concat();
    let mut stream = Stream::new(limits);
    let mut found = stream.feed(&bytes).unwrap();
    let pieces = Stream::new(limits).feed_pieces(&bytes, 1);
    assert_eq!(outcome(found.clone()), outcome(pieces));
    assert_eq!(found.pop().unwrap().1, NUMBER);
    match found.pop() {
        Some((Scan::Refused { refusal, .. }, _)) => refusal,
        other => panic!("{other:?}"),
    }
}

fn fatal(bytes: &[u8]) -> ProtocolErrorKind {
    let mut stream = Stream::new(&Limits::default());
    let error = stream.feed(&[&NUMBER, bytes].concat()).unwrap_err();
    assert_eq!(stream.feed(&NUMBER).unwrap_err(), error, "it says the same again");
    assert!(error.at >= 5);
    error.kind
}

#[test]
fn every_byte_by_table() {
    for byte in 0..=255_u8 {
        let first = Stream::new(&Limits::default()).feed(&[byte]);
        let argument = fatal_argument(byte);
        match Op::from_byte(byte) {
            None => {
                let NotAWire(first) = first.unwrap_err().kind else { panic!("{byte}") };
                assert_eq!(first.as_slice(), [byte]);
                assert_eq!(argument, Some(UnknownOp { byte }));
            }
            Some(op) => {
                assert!(first.unwrap().is_empty(), "{op} needs more");
                let misplaced = op.is_top_level_only().then_some(Misplaced { op });
                assert_eq!(argument, misplaced, "{op}");
            }
        }
    }
}

use ProtocolErrorKind::{
    Elements, EmptyRecord, Length, Misplaced, NeverSaved, NotAWire, SaveIndex,
};
use ProtocolErrorKind::{UnknownOp, Varint, Want};

/// What this byte and zeros do as an argument.
fn fatal_argument(byte: u8) -> Option<ProtocolErrorKind> {
    let call = [&[1][..], &symbol("F"), &[byte, 0, 0, 0, 0, 0]].concat();
    let saved = save(0, &NUMBER);
    let mut stream = Stream::new(&Limits::default());
    stream.feed(&saved).unwrap();
    match stream.feed(&call) {
        Ok(_) => None,
        // A save of index 0 was made before, and a record of no fields is refused by name.
        Err(error) if matches!(error.kind, SaveIndex { .. } | EmptyRecord) => None,
        Err(error) => Some(error.kind),
    }
}

#[test]
fn text_is_quoted() {
    let error = Stream::new(&Limits::default()).feed(b"GET / HTTP/1.1\r\nHost").unwrap_err();
    let text = error.to_string();
    assert!(text.contains(r#"it begins with "GET / HTTP/1.1\r\n""#), "{text}");
}

#[test]
fn broken_rules_end_the_wire_by_name() {
    for length in [-1, i32::MIN] {
        let octets = length.to_be_bytes();
        let with = |op: u8| [&[op][..], &octets].concat();
        assert_eq!(fatal(&with(8)), Length { op: Op::String, length });
        assert_eq!(fatal(&with(9)), Length { op: Op::Symbol, length });
        assert_eq!(fatal(&with(10)), Length { op: Op::Save, length });
        assert_eq!(fatal(&with(11)), Length { op: Op::Lookup, length });
        assert_eq!(fatal(&with(17)), Length { op: Op::Octets, length });
        let package = [&[9, 0, 0, 0, 1, b'A'][..], &octets].concat();
        assert_eq!(fatal(&package), Length { op: Op::Symbol, length });
    }
    assert_eq!(fatal(&[14, 0x80, 0, 0, 0]), Length { op: Op::Bignum, length: i32::MIN });
    assert_eq!(fatal(&save(1, &NUMBER)), SaveIndex { index: 1, next: 0 });
    assert_eq!(fatal(&lookup(0)), NeverSaved { index: 0, saved: 0 });
    assert_eq!(fatal(&[20, 0]), NeverSaved { index: 0, saved: 0 });
    assert_eq!(fatal(&[20, 255, 255, 255, 255, 16]), Varint);
    assert_eq!(fatal(&[20, 128, 128, 128, 128, 128]), Varint);
    assert_eq!(fatal(&[18, 11]), Elements { kind: 11 });
    assert_eq!(fatal(&[21, 0]), EmptyRecord);
    assert_eq!(fatal(&[22, 7]), Want { want: 7 });
    assert_eq!(fatal(&[13, 26, 0]), Misplaced { op: Op::Cancel });
    assert_eq!(fatal(&[22, 0, 1, 0]), NeverSaved { index: 0, saved: 0 });
}

#[test]
fn broken_rules_inside_a_skipped_object_end_the_wire_too() {
    let limits = Limits::default().depth(1);
    for bytes in
        [&[13, 13, 30][..], &[13, 13, 26, 0], &[13, 13, 11, 0, 0, 0, 9], &[13, 13, 8, 255, 0, 0, 0]]
    {
        assert!(Stream::new(&limits).feed(bytes).is_err(), "{bytes:?}");
    }
}

#[test]
fn lengths_that_lie_cost_nothing() {
    let limits = Limits::default();
    for header in [
        vec![8, 0x7f, 255, 255, 255],
        vec![14, 0x7f, 255, 255, 255],
        vec![14, 0x80, 0, 0, 1],
        vec![17, 0x7f, 255, 255, 255],
        vec![18, 8, 0x7f, 255, 255, 255],
    ] {
        let mut stream = Stream::new(&limits);
        for _ in 0..100 {
            assert!(stream.feed(&[]).unwrap().is_empty());
        }
        stream.feed(&header).unwrap();
        (0..100).for_each(|_| assert!(stream.feed(&[0; 1000]).unwrap().is_empty()));
        assert!(stream.most <= 1006, "refused at the header, and discarded as it comes");
    }
    // A count is not a length: so many objects are awaited, and nothing is reserved.
    let mut stream = Stream::new(&limits);
    stream.feed(&[18, 0, 0x7f, 255, 255, 255]).unwrap();
    let call = [&[6, 255][..], &symbol("F")].concat();
    assert!(Stream::new(&limits).feed(&call).unwrap().is_empty());
}

#[test]
fn too_heavy_and_too_long_are_refused_by_name() {
    let limits = Limits::default().object_weight(100).symbol_length(4);
    let string = [&[8, 0, 0, 0, 85][..], &[b'x'; 85]].concat();
    assert_eq!(refused(&limits, &[], &string), Refusal::Weight { limit: 100 });
    let list = NUMBER.iter().copied().cycle().take(20).collect::<Vec<_>>();
    let conses = [
        cons(&list[..5], &[]),
        cons(&list[..5], &[]),
        cons(&list[..5], &[]),
        cons(&list[..5], &[]),
    ];
    assert_eq!(
        refused(&limits, &[], &[&conses.concat()[..], &NUMBER].concat()),
        Refusal::Weight { limit: 100 }
    );
    let long = Refusal::SymbolLength { length: 5, limit: 4 };
    assert_eq!(refused(&limits, &[], &symbol("ABCDE")), long);
    assert_eq!(refused(&limits, &[], &cons(&save(0, &symbol("ABCDE")), &NUMBER)), long);
    let package = b"\x09\0\0\0\x01A\0\0\0\x05ABCDE";
    assert_eq!(refused(&limits, &[], package), long);
}

#[test]
fn calls_of_what_is_no_symbol_are_refused() {
    let limits = Limits::default();
    let call = |function: &[u8]| [&[1][..], function, &NUMBER].concat();
    let number = save(0, &NUMBER);
    assert_eq!(refused(&limits, &[], &call(&NUMBER)), Refusal::NotASymbolFunction);
    assert_eq!(refused(&limits, &[], &call(&number)), Refusal::NotASymbolFunction);
    assert_eq!(
        refused(&limits, &[], &call(&[&[0][..], &symbol("F")].concat())),
        Refusal::NotASymbolFunction
    );
    assert_eq!(refused(&limits, &number, &call(&lookup(0))), Refusal::NotASymbolFunction);
    assert_eq!(refused(&limits, &number, &[22, 0, 1, 0]), Refusal::NotASymbolFunction);
}

#[test]
fn a_refused_call_tells_what_was_called() {
    let limits = Limits::default().depth(2);
    let deep = cons(&cons(&cons(&NUMBER, &NUMBER), &NUMBER), &NUMBER);
    let call = [&[22, 1, 9, 0, 1][..], &save(0, &symbol("F")), &deep].concat();
    let found = Stream::new(&limits).feed(&call).unwrap();
    let [(Scan::Refused { head: Some(head), .. }, _)] = &found[..] else { panic!("{found:?}") };
    assert_eq!(head.answer, Some((1, 9)));
    assert!(head.function.as_ref().is_some_and(|function| function.is("F", "P")));
}

#[test]
fn what_a_save_may_hold() {
    let limits = Limits::default();
    // A lookup of itself refuses the object, and the entry.
    let itself = save(0, &cons(&lookup(0), &NUMBER));
    assert_eq!(refused(&limits, &[], &itself), Refusal::SelfLookup { index: 0 });
    assert_eq!(refused(&limits, &itself, &lookup(0)), Refusal::RefusedLookup { index: 0 });
    // A call is run and not kept.
    let call = save(0, &[&[0][..], &symbol("F")].concat());
    assert!(matches!(
        Stream::new(&limits).feed(&call).unwrap()[..],
        [(Scan::Object { calls: 1, .. }, _)]
    ));
    assert_eq!(refused(&limits, &call, &lookup(0)), Refusal::RefusedLookup { index: 0 });
    // A save of a lookup is another name for the same.
    let alias =
        [save(0, &symbol("F")), save(1, &lookup(0)), save(2, &save(3, &symbol("G")))].concat();
    let mut stream = Stream::new(&limits);
    stream.feed(&alias).unwrap();
    for (index, name) in ["F", "F", "G", "G"].into_iter().enumerate() {
        assert!(stream.received.symbol(index as u32).unwrap().is(name, "P"));
    }
}

#[test]
fn saves_inside_a_refused_object_keep_their_indices() {
    let limits = Limits::default().depth(1);
    let inner = [save(0, &symbol("F")), save(1, &NUMBER), save(2, &save(3, &symbol("G")))];
    let object = cons(&cons(&inner[0], &inner[1]), &inner[2]);
    for piece in 1..object.len() {
        let mut stream = Stream::new(&limits);
        stream.feed_pieces(&object, piece);
        assert_eq!(stream.received.len(), 4);
        assert!(stream.received.symbol(0).unwrap().is("F", "P"));
        assert!(stream.received.symbol(3).unwrap().is("G", "P"));
        let found =
            stream.feed(&[lookup(0), lookup(1), lookup(2), save(4, &NUMBER)].concat()).unwrap();
        let kinds: Vec<_> =
            found.iter().map(|(scan, _)| matches!(scan, Scan::Object { .. })).collect();
        assert_eq!(kinds, [true, false, false, true]);
    }
}

#[test]
fn the_cache_has_limits_and_the_wire_goes_on() {
    let limits = Limits::default().cache_entries(3).cache_bytes(30);
    let mut stream = Stream::new(&limits);
    for index in 0..5 {
        stream.feed(&save(index, &symbol("F"))).unwrap();
    }
    let kept: Vec<_> = (0..5).map(|index| stream.received.symbol(index).is_some()).collect();
    assert_eq!(kept, [true, true, false, false, false], "the third passes the octets");
    assert_eq!((stream.received.len(), stream.received.octets()), (5, 22));
    let found = stream.feed(&lookup(4)).unwrap();
    assert!(matches!(
        found[0].0,
        Scan::Refused { refusal: Refusal::RefusedLookup { index: 4 }, .. }
    ));
    assert_eq!(stream.feed(&NUMBER).unwrap().len(), 1);
}

#[test]
fn billions_of_laughs_are_refused() {
    for levels in [30, 60] {
        let mut bytes = save(0, &NUMBER);
        for level in 1..levels {
            bytes.extend(save(level, &cons(&lookup(level - 1), &lookup(level - 1))));
        }
        let mut stream = Stream::new(&Limits::default());
        let found = stream.feed(&[&bytes[..], &NUMBER].concat()).unwrap();
        let refused = found.iter().filter(|(scan, _)| matches!(scan, Scan::Refused { .. })).count();
        assert!(refused > 0 && refused < levels as usize);
        assert!(stream.received.octets() < 1000);
        assert_eq!(found.last().unwrap().1, NUMBER);
    }
}

/// Runs `test` with as little stack as a thread of an application may have.
fn on_a_small_stack(test: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new().stack_size(256 << 10).spawn(test).unwrap().join().unwrap();
}

#[test]
fn a_million_levels_and_a_million_elements_need_no_stack() {
    const MANY: usize = 1_000_000;
    on_a_small_stack(|| {
        let chain = [cons(&NUMBER, &[]).repeat(MANY), NUMBER.to_vec()].concat();
        let nest = [vec![13; MANY], NUMBER.repeat(MANY + 1)].concat();
        let limits = Limits::default();
        let wide = Limits::default().depth(u32::MAX).object_weight(u64::MAX);
        for bytes in [chain, nest.clone()] {
            let mut stream = Stream::new(&wide);
            let found = stream.feed(&bytes).unwrap();
            assert!(matches!(found[..], [(Scan::Object { .. }, _)]));
            let received = &stream.received;
            let mut input = crate::codec::Decoder::new(
                &bytes,
                received,
                crate::codec::Text::Utf8,
                &crate::codec::NoTokens,
            );
            input.skip().unwrap();
            assert!(input.is_at_end());
        }
        assert_eq!(refused(&limits, &[], &nest), Refusal::Depth { limit: 128 });
    });
}

#[test]
fn each_octet_is_looked_at_a_bounded_number_of_times() {
    let element = cons(&NUMBER, &[]);
    let bytes = [element.repeat(3_000_000), NUMBER.to_vec()].concat();
    let limits = Limits::default().object_weight(u64::MAX);
    let (mut scanner, mut received) = {
        let stream = Stream::new(&limits);
        (stream.scanner, stream.received)
    };
    let mut fed = 0;
    while fed < bytes.len() {
        fed = (fed + 1448).min(bytes.len());
        let scan = scanner.scan(&bytes[..fed], &mut received).unwrap();
        assert_eq!(matches!(scan, Scan::Object { .. }), fed == bytes.len());
    }
    let objects = 6_000_001;
    let pieces = bytes.len().div_ceil(1448) as u64;
    let looks = scanner.looks.get();
    assert!(looks <= objects + pieces, "{looks}");
}
