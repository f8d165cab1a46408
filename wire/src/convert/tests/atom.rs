//! What has no parts: texts, symbols, floats, octets, remote objects; and pointers to it.

use super::*;

#[test]
fn texts_cross() {
    for text in ["", "abc", "größe ∀ 🦀", "\0\"\\"] {
        trip(text.to_owned());
        is_lisp(text, &Value::from(text).to_string());
        trip::<Box<str>>(text.into());
        trip::<Arc<str>>(text.into());
        trip::<Cow<'static, str>>(Cow::Owned(text.to_owned()));
    }
    trip('ß');
    trip(vec!["a".to_owned(), "b".to_owned()]);
    is_lisp('x', "\"x\"");
    wrong::<char>("\"xy\"", "expected char, found a string of 2 characters");
    wrong::<char>("\"\"", "expected char, found a string of 0 characters");
    wrong::<String>("7", "expected String, found the integer 7");
    wrong::<Arc<str>>("abc", "expected String, found the symbol COMMON-LISP-USER::ABC");
}

#[test]
fn symbols_cross() {
    trip(Symbol::new("ADD", "COMMON-LISP-USER"));
    trip(Symbol::keyword("KEY"));
    trip(Symbol::nil());
    trip(vec![Symbol::t(), Symbol::t(), Symbol::nil()]);
    wrong::<Symbol>("7", "expected Symbol, found the integer 7");
}

#[test]
fn floats_and_octets_need_a_peer_that_knows_them() {
    for float in [0.0, -0.0, 1.5, f64::MAX, f64::INFINITY] {
        extended_trip(float);
        extended_trip(vec![float, 1.0]);
    }
    extended_trip(1.5_f32);
    extended_trip(vec![1.5_f32; 7]);
    extended_trip(Vector(vec![1.5, 2.5]));
    extended_trip(Vector(vec!["a".to_owned()]));
    extended_trip(Some(Vector::<String>(vec![])));
    extended_trip(Some(Vector::<u8>(vec![])));
    extended_trip(Bytes::from_static(b""));
    extended_trip(Bytes::from_static(b"\x00\xff"));
    assert_eq!(send(&1.5_f32, &EXTENDED).read(), Ok(1.5_f64));
    is_lisp(Vector(vec![1, 2]), "#(1 2)");
    is_lisp(Vector(vec!["a"]), "#(\"a\")");
    is_lisp(Bytes::from_static(b"\x0a"), "#{0a}");
    let said = |object: &dyn ToWire| try_send(&[object], &CLASSIC).err().unwrap().to_string();
    for (object, type_name) in [
        (&1.5 as &dyn ToWire, "double-float"),
        (&vec![1.5], "double-float"),
        (&1.5_f32, "single-float"),
        (&Bytes::new(), "byte string"),
        (&Vector(vec![1]), "vector"),
        (&Value::from(1.5), "double-float"),
        (&Value::vector([1]), "vector"),
    ] {
        let said = said(object);
        assert!(said.contains(type_name) && said.contains("send"), "{said}");
    }
    wrong::<Bytes>("\"a\"", "expected octets, found the string \"a\"");
    wrong::<f32>("1.5d0", "expected f32, found a double-float");
}

#[test]
fn durations_are_nanoseconds() {
    trip(Duration::ZERO);
    trip(Duration::new(5, 999_999_999));
    trip(Duration::MAX);
    trip(Some(Duration::from_millis(1)));
    is_lisp(Duration::from_micros(3), "3000");
    wrong::<Duration>("-1", "expected Duration, found the integer -1");
    wrong::<Duration>("nil", "expected Duration, found NIL");
}

#[test]
fn remote_objects_cross() {
    let local = Remote::new(Arc::new(5_u64));
    let foreign = Remote::<u64>::with_hold(Token::new(1, 2, 3), None);
    trip(local.clone());
    trip(foreign.clone());
    trip(local.untyped());
    trip(vec![Some(local.clone()), None]);
    trip(Value::list([Value::from(local.clone()), Value::from(foreign.clone())]));
    assert_eq!(send(&foreign, &CLASSIC).read::<Remote<String>>().unwrap(), foreign);
    let error = send(&local, &CLASSIC).read::<Remote<String>>().unwrap_err();
    assert_eq!(error.to_string(), "expected Remote<String>, found a remote object of type u64");
    wrong::<Remote>("7", "expected Remote, found the integer 7");
}

#[test]
fn pointers_are_what_they_point_to() {
    trip(Box::new(5));
    trip(Arc::new("a".to_owned()));
    trip(Some(Box::new(5)));
    let mut number = 5;
    let pointers: [&dyn ToWire; 3] = [&&5, &&mut number, &Rc::new(5)];
    is_lisp(&pointers[..], "(5 5 5)");
    let arguments: [&dyn ToWire; 2] = [&"a", &5];
    let boxed: Vec<Box<dyn ToWire>> = vec![Box::new(5), Box::new("a")];
    let sendings = try_send(&arguments, &CLASSIC).unwrap();
    let mut input = sendings.input();
    assert_eq!(String::from_wire(&mut input), Ok("a".to_owned()));
    assert_eq!(u8::from_wire(&mut input), Ok(5));
    is_lisp(boxed, "(5 \"a\")");
}

#[test]
fn names_are_short() {
    assert_eq!(short_name("alloc::vec::Vec<alloc::string::String>"), "Vec<String>");
    assert_eq!(short_name("(i64, a::b::C<d::E, 3>)"), "(i64, C<E, 3>)");
    assert_eq!(short_name("[core::option::Option<u8>; 3]"), "[Option<u8>; 3]");
    assert_eq!(Option::<i64>::expected(), "i64 or NIL");
}

/// What `to_wire` writes, and what the same says that it is, written.
fn both_ways(value: &dyn ToWire) -> Option<[BytesMut; 2]> {
    let atom = value.atom()?;
    let octets = |write: &dyn Fn(&mut Encoder<'_>) -> Result<(), Unsendable>| {
        let mut octets = BytesMut::new();
        write(&mut Encoder::new(&mut octets, None, &EXTENDED)).unwrap();
        octets
    };
    let says = octets(&|out| match atom {
        Atom::Integer(integer) => out.integer(integer.into()),
        Atom::Single(float) => out.single(float),
        Atom::Double(float) => out.double(float),
        Atom::Text(text) => out.string(text),
    });
    Some([octets(&|out| value.to_wire(out)), says])
}

#[test]
fn what_says_that_it_is_one_number_or_one_string_writes_that() {
    let text = String::from("größe");
    let atoms: [&dyn ToWire; 19] = [
        &i8::MIN,
        &i16::MIN,
        &i32::MIN,
        &i64::from(i32::MAX),
        &-1_isize,
        &u8::MAX,
        &u16::MAX,
        &7_u32,
        &(i32::MAX as u64),
        &7_usize,
        &-7_i128,
        &1.5_f32,
        &f64::MIN_POSITIVE,
        &"",
        &text,
        &&text,
        &Box::new(text.as_str()),
        &Rc::new(3),
        &Cow::Borrowed("x"),
    ];
    for (at, value) in atoms.into_iter().enumerate() {
        let [writes, says] = both_ways(value).unwrap_or_else(|| panic!("number {at}"));
        assert_eq!(writes, says, "number {at}");
    }
    let others: [&dyn ToWire; 9] = [
        &(i64::from(i32::MAX) + 1),
        &u32::MAX,
        &u64::MAX,
        &i128::MIN,
        &true,
        &(),
        &Some(1),
        &(1, 2),
        &vec![1],
    ];
    assert!(others.iter().all(|value| value.atom().is_none()));
}
