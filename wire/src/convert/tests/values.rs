//! Several values.

use super::*;

/// Reads the values that stand in `sendings`, side by side and as the list that they are.
fn values<T: FromValues + Debug + PartialEq>(objects: &[&dyn ToWire]) -> Result<T, String> {
    let sendings = try_send(objects, &EXTENDED).unwrap();
    let mut input = sendings.input();
    let first = T::from_values(&mut ValuesDecoder::objects(&mut input, objects.len()));

    let list = send(&objects.iter().collect::<VecDeque<_>>(), &CLASSIC);
    let mut input = list.input();
    let second = T::from_values(&mut ValuesDecoder::list(&mut input).unwrap());
    assert!(input.is_at_end());
    assert_eq!(first, second);
    first.map_err(|error| error.to_string())
}

#[test]
fn several_values_are_read_side_by_side_or_as_a_list() {
    assert_eq!(values(&[&1, &"a"]), Ok((1, "a".to_owned())));
    assert_eq!(values(&[&1, &"a"]), Ok((1,)));
    assert_eq!(values(&[&1, &(2, 3)]), Ok((1, (2, 3))));
    assert_eq!(values(&[&1]), Ok((1, None::<i64>, false)));
    assert_eq!(values(&[&1, &"a"]), Ok(vec![Value::from(1), Value::from("a")]));
    assert_eq!(values(&[]), Ok(Vec::<Value>::new()));
    assert_eq!(
        values::<(i64, i64)>(&[&1]),
        Err("expected i64, found nothing, in value 2 of the answer".into())
    );
    assert_eq!(
        values::<(i64, i64)>(&[&1, &"a"]),
        Err("expected i64, found the string \"a\", in value 2 of the answer".into())
    );
    assert_eq!((<(i64, i64)>::COUNT, Vec::<Value>::COUNT), (2, usize::MAX));
}

#[test]
fn a_tuple_is_several_values_where_it_is_returned() {
    let write = |value: &dyn ToWire| {
        let mut bytes = BytesMut::new();
        let mut out = Encoder::new(&mut bytes, None, &CLASSIC);
        for index in 0..value.values_len() {
            value.value_to_wire(index, &mut out).unwrap();
        }
        (value.values_len(), bytes)
    };
    let one = |value: &dyn ToWire| send(value, &CLASSIC).bytes.to_vec();
    assert_eq!(write(&(1, "a")), (2, [one(&1), one(&"a")].concat()[..].into()));
    assert_eq!(write(&Box::new((1, 2))), (2, [one(&1), one(&2)].concat()[..].into()));
    assert_eq!(write(&vec![1, 2]).0, 1);
    assert_eq!(write(&()).0, 1);
}
