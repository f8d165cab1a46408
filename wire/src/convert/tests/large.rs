//! What is too large to recurse on.

use super::*;

#[test]
fn large_values_need_no_stack() {
    on_a_small_stack(|| {
        for peer in [&CLASSIC, &EXTENDED] {
            for value in [Value::list(0..1_000_000), nested(1_000_000)] {
                assert_eq!(send(&value, peer).read(), Ok(value));
            }
        }
        let vectors = (0..100_000).fold(Value::Nil, |value, _| Value::vector([value]));
        assert_eq!(send(&vectors, &EXTENDED).read(), Ok(vectors));
    });
}

proptest! {
    #[test]
    fn classic_values_cross(value in classic()) {
        prop_assert_eq!(send(&value, &CLASSIC).read::<Value>(), Ok(value.clone()));
        prop_assert_eq!(send(&value, &EXTENDED).read::<Value>(), Ok(value));
    }

    #[test]
    fn extended_values_cross(values in prop::collection::vec(extended(), 1..4)) {
        let objects: Vec<_> = values.iter().map(|value| value as &dyn ToWire).collect();
        let sendings = try_send(&objects, &EXTENDED).unwrap();
        let mut input = sendings.input();
        for value in &values {
            prop_assert_eq!(&Value::from_wire(&mut input).unwrap(), value);
        }
        prop_assert!(input.is_at_end());
    }

    #[test]
    fn typed_and_untyped_agree(pairs in any::<BTreeMap<i64, (String, Vec<u16>, Option<i128>)>>()) {
        for peer in [&CLASSIC, &EXTENDED] {
            let value: Value = send(&pairs, peer).read().unwrap();
            prop_assert_eq!(send(&value, peer).read(), Ok(pairs.clone()));
        }
    }

    #[test]
    fn any_octets_are_read_or_refused(octets in prop::collection::vec(0..24_u8, 0..60)) {
        let received = Received::new(&Limits::default(), Text::Utf8);
        let input = Decoder::new(&octets, &received, Text::Utf8, &NoTokens);
        let _ = Value::from_wire(&mut input.clone());
        let _ = Vec::<i64>::from_wire(&mut input.clone());
        let _ = BTreeMap::<i64, Vec<String>>::from_wire(&mut input.clone());
        let _ = <(f64, Option<u8>)>::from_wire(&mut input.clone());
    }
}

/// The promise at its full size. In a debug build this takes minutes.
#[test]
#[ignore = "takes some gigabytes: cargo test --release -p wire -- --ignored ten_million"]
fn ten_million_elements_need_no_stack() {
    on_a_small_stack(|| {
        for value in [Value::list(0..10_000_000), nested(10_000_000)] {
            let read = send(&value, &EXTENDED).read::<Value>().unwrap();
            assert_eq!(read, value);
            drop(value);
            let classic = send(&read, &CLASSIC).read::<Value>().unwrap();
            assert_eq!(classic, read);
            drop(read);
            assert_eq!(Value::read(&classic.to_string()), Ok(classic));
        }
    });
}
