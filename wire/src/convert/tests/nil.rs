//! What is `NIL`, and what is not.

use super::*;

#[test]
fn nil_is_false_nothing_none_and_the_empty_list() {
    for nil in [
        &false as &dyn ToWire,
        &(),
        &None::<i64>,
        &Vec::<i64>::new(),
        &Vec::<String>::new(),
        &HashMap::<String, i64>::new(),
        &Value::Nil,
        &Symbol::nil(),
        &[0_u8; 0],
    ] {
        for peer in [&CLASSIC, &EXTENDED] {
            let sent = send(nil, peer);
            assert_eq!(sent.read(), Ok(false));
            assert_eq!(sent.read(), Ok(()));
            assert_eq!(sent.read(), Ok(None::<String>));
            assert_eq!(sent.read(), Ok(None::<Vec1>));
            assert_eq!(sent.read(), Ok(Vec::<String>::new()));
            assert_eq!(sent.read(), Ok(Vec::<f64>::new()));
            assert_eq!(sent.read(), Ok(Vector::<i64>(vec![])));
            assert_eq!(sent.read(), Ok([0_u8; 0]));
            assert_eq!(sent.read(), Ok(BTreeMap::<i64, i64>::new()));
            assert_eq!(sent.read(), Ok(Value::Nil));
            assert_eq!(sent.read(), Ok(Symbol::nil()));
            assert_eq!(sent.read(), Ok((None::<i64>, false)));
        }
    }
    assert_eq!(bool::nil(), Some(false));
    assert_eq!(<()>::nil(), Some(()));
    assert_eq!(Option::<i64>::nil(), Some(None));
    assert_eq!(Vec::<i64>::nil(), Some(vec![]));
    assert_eq!(<(bool, Option<i64>)>::nil(), Some((false, None)));
    assert_eq!(Box::<bool>::nil(), Some(Box::new(false)));
    assert_eq!((i64::nil(), String::nil(), f64::nil()), (None, None, None));
    assert_eq!(<(bool, i64)>::nil(), None);
    wrong::<()>("7", "expected NIL, found the integer 7");
}

type Vec1 = Vector<i64>;

#[test]
fn booleans_are_t_and_nil_and_nothing_else() {
    trip(true);
    trip(vec![true, false]);
    is_lisp(true, "t");
    wrong::<bool>("7", "expected bool, found the integer 7");
    wrong::<bool>(":t", "expected bool, found the symbol :T");
}

#[test]
fn options_cross() {
    trip(Some(7));
    trip(None::<String>);
    trip(vec![Some("a".to_owned()), None]);
    trip(Some((1, false)));
    assert!(None::<i64>.is_absent() && !Some(1).is_absent() && !false.is_absent());
    assert!(Box::new(None::<i64>).is_absent() && Arc::new(None::<i64>).is_absent());
    wrong::<Option<i64>>("t", "expected i64, found the symbol COMMON-LISP::T");
}
