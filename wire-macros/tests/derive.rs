//! Structs and enums, there and back, through an encoder that writes tokens.
#![deny(
    warnings,
    clippy::all,
    clippy::pedantic,
    clippy::allow_attributes,
    trivial_casts,
    unused_qualifications,
    missing_docs,
    unreachable_pub,
    missing_debug_implementations
)]
#![deny(rust_2018_idioms, single_use_lifetimes)]

use wire::__private::{NeverNil, Token, read, written};
use wire_macros::{FromWire, ToWire};

/// The library, as far as the derives need it.
pub mod wire {
    /// As the generated code has it.
    #[expect(
        missing_docs,
        missing_debug_implementations,
        clippy::pedantic,
        clippy::unwrap_used,
        clippy::exhaustive_enums,
        clippy::exhaustive_structs,
        clippy::should_implement_trait,
        reason = "a stub"
    )]
    pub mod __private {
        #[derive(Clone, Debug, PartialEq)]
        pub enum Token {
            Nil,
            Int(i64),
            Str(String),
            Key(String),
            List(usize),
        }
        #[derive(Debug)]
        pub struct Unsendable;
        #[derive(Debug, PartialEq)]
        pub struct WrongType(pub String);
        impl WrongType {
            pub fn within(self, place: &'static str) -> Self {
                Self(format!("{} in {place}", self.0))
            }
        }
        pub trait NeverNil {}
        pub trait ToWire {
            fn to_wire(&self, out: &mut Encoder<'_>) -> Result<(), Unsendable>;
            fn is_absent(&self) -> bool {
                false
            }
        }
        pub trait FromWire: Sized {
            fn from_wire(input: &mut Decoder<'_>) -> Result<Self, WrongType>;
            fn nil() -> Option<Self> {
                None
            }
        }
        impl NeverNil for i64 {}
        impl ToWire for i64 {
            fn to_wire(&self, out: &mut Encoder<'_>) -> Result<(), Unsendable> {
                out.0.push(Token::Int(*self));
                Ok(())
            }
        }
        impl ToWire for str {
            fn to_wire(&self, out: &mut Encoder<'_>) -> Result<(), Unsendable> {
                out.0.push(Token::Str(self.into()));
                Ok(())
            }
        }
        impl ToWire for String {
            fn to_wire(&self, out: &mut Encoder<'_>) -> Result<(), Unsendable> {
                (**self).to_wire(out)
            }
        }
        impl<T: ToWire + ?Sized> ToWire for &T {
            fn to_wire(&self, out: &mut Encoder<'_>) -> Result<(), Unsendable> {
                (**self).to_wire(out)
            }
        }
        impl<T: ToWire + NeverNil> ToWire for Option<T> {
            fn to_wire(&self, out: &mut Encoder<'_>) -> Result<(), Unsendable> {
                match self {
                    Some(v) => v.to_wire(out),
                    None => out.nil(),
                }
            }
            fn is_absent(&self) -> bool {
                self.is_none()
            }
        }
        impl FromWire for i64 {
            fn from_wire(input: &mut Decoder<'_>) -> Result<Self, WrongType> {
                match input.next() {
                    Token::Int(i) => Ok(i),
                    t => Err(WrongType(format!("{t:?}"))),
                }
            }
        }
        impl FromWire for String {
            fn from_wire(input: &mut Decoder<'_>) -> Result<Self, WrongType> {
                match input.next() {
                    Token::Str(i) => Ok(i),
                    t => Err(WrongType(format!("{t:?}"))),
                }
            }
        }
        impl<T: FromWire + NeverNil> FromWire for Option<T> {
            fn from_wire(input: &mut Decoder<'_>) -> Result<Self, WrongType> {
                if input.0[0] == Token::Nil {
                    input.nil()?;
                    return Ok(None);
                }
                T::from_wire(input).map(Some)
            }
            fn nil() -> Option<Self> {
                Some(None)
            }
        }

        #[derive(Default)]
        pub struct Encoder<'a>(pub Vec<Token>, std::marker::PhantomData<&'a ()>);
        pub struct Shape(&'static [&'static str]);
        impl Shape {
            pub const fn new(keys: &'static [&'static str]) -> Self {
                Self(keys)
            }
        }
        impl<'a> Encoder<'a> {
            pub fn nil(&mut self) -> Result<(), Unsendable> {
                self.0.push(Token::Nil);
                Ok(())
            }
            pub fn keyword(&mut self, key: &str) -> Result<(), Unsendable> {
                self.0.push(Token::Key(key.into()));
                Ok(())
            }
            pub fn list(&mut self, length: usize) -> Result<ListEncoder<'_, 'a>, Unsendable> {
                self.0.push(Token::List(length));
                Ok(ListEncoder(self, length))
            }
            pub fn record(
                &mut self,
                shape: &'static Shape,
            ) -> Result<RecordEncoder<'_, 'a>, Unsendable> {
                self.0.push(Token::Nil);
                Ok(RecordEncoder { at: self.0.len() - 1, out: self, keys: shape.0, fields: 0 })
            }
        }
        pub struct ListEncoder<'e, 'a>(&'e mut Encoder<'a>, usize);
        impl<'a> ListEncoder<'_, 'a> {
            pub fn element(&mut self) -> Result<&mut Encoder<'a>, Unsendable> {
                self.1 -= 1;
                Ok(self.0)
            }
            pub fn end(self) -> Result<(), Unsendable> {
                assert_eq!(self.1, 0);
                Ok(())
            }
        }
        pub struct RecordEncoder<'e, 'a> {
            at: usize,
            out: &'e mut Encoder<'a>,
            keys: &'static [&'static str],
            fields: usize,
        }
        impl<'a> RecordEncoder<'_, 'a> {
            pub fn field(&mut self, absent: bool) -> Result<Option<&mut Encoder<'a>>, Unsendable> {
                let (key, rest) = self.keys.split_first().unwrap();
                self.keys = rest;
                if absent {
                    return Ok(None);
                }
                self.fields += 2;
                self.out.keyword(key)?;
                Ok(Some(self.out))
            }
            pub fn end(self) -> Result<(), Unsendable> {
                assert!(self.keys.is_empty());
                if self.fields > 0 {
                    self.out.0[self.at] = Token::List(self.fields);
                }
                Ok(())
            }
        }

        #[derive(PartialEq)]
        pub enum Kind {
            Symbol,
            List,
            Vector,
            Nil,
            Other,
        }
        pub struct Decoder<'a>(pub &'a [Token]);
        impl<'a> Decoder<'a> {
            fn next(&mut self) -> Token {
                let t = self.0[0].clone();
                self.0 = &self.0[1..];
                t
            }
            pub fn kind(&self) -> Kind {
                match self.0[0] {
                    Token::Nil => Kind::Nil,
                    Token::Key(_) => Kind::Symbol,
                    Token::List(_) => Kind::List,
                    _ => Kind::Other,
                }
            }
            pub fn nil(&mut self) -> Result<(), WrongType> {
                match self.next() {
                    Token::Nil => Ok(()),
                    t => Err(WrongType(format!("{t:?}"))),
                }
            }
            pub fn wrong(&self, expected: &'static str) -> WrongType {
                WrongType(format!("not {expected}"))
            }
            pub fn keyword(&mut self, expected: &'static str) -> Result<String, WrongType> {
                match self.next() {
                    Token::Key(k) => Ok(k),
                    _ => Err(self.wrong(expected)),
                }
            }
            pub fn skip(&mut self) -> Result<(), WrongType> {
                if let Token::List(n) = self.next() {
                    for _ in 0..n {
                        self.skip()?;
                    }
                }
                Ok(())
            }
            pub fn list(&mut self) -> Result<ListDecoder<'_, 'a>, WrongType> {
                match self.next() {
                    Token::List(n) => Ok(ListDecoder(self, n)),
                    Token::Nil => Ok(ListDecoder(self, 0)),
                    t => Err(WrongType(format!("{t:?}"))),
                }
            }
            pub fn record(
                &mut self,
                _expected: &'static str,
            ) -> Result<RecordDecoder<'_, 'a>, WrongType> {
                self.list().map(RecordDecoder)
            }
        }
        pub struct ListDecoder<'d, 'a>(&'d mut Decoder<'a>, usize);
        impl<'a> ListDecoder<'_, 'a> {
            pub fn next(&mut self) -> Result<Option<&mut Decoder<'a>>, WrongType> {
                if self.1 == 0 {
                    return Ok(None);
                }
                self.1 -= 1;
                Ok(Some(self.0))
            }
            pub fn finish(self, owner: &'static str) -> Result<(), WrongType> {
                if self.1 == 0 {
                    Ok(())
                } else {
                    Err(WrongType(format!("{} too many in {owner}", self.1)))
                }
            }
        }
        pub struct RecordDecoder<'d, 'a>(ListDecoder<'d, 'a>);
        impl<'a> RecordDecoder<'_, 'a> {
            pub fn key(&mut self) -> Result<Option<String>, WrongType> {
                match self.0.next()? {
                    Some(input) => input.keyword("a key").map(Some),
                    None => Ok(None),
                }
            }
            pub fn value(&mut self) -> &mut Decoder<'a> {
                self.0.1 -= 1;
                self.0.0
            }
            pub fn skip(&mut self) -> Result<(), WrongType> {
                self.value().skip()
            }
        }
        pub fn missing_field<T: FromWire>(
            owner: &'static str,
            field: &'static str,
        ) -> Result<T, WrongType> {
            T::nil().ok_or_else(|| WrongType(format!("no {field} in {owner}")))
        }
        pub fn unknown_variant(
            owner: &'static str,
            found: &str,
            known: &'static [&'static str],
        ) -> WrongType {
            WrongType(format!("{owner} {found} {known:?}"))
        }

        pub fn written(value: &impl ToWire) -> Vec<Token> {
            let mut out = Encoder::default();
            value.to_wire(&mut out).unwrap();
            out.0
        }
        pub fn read<T: FromWire>(tokens: &[Token]) -> Result<T, WrongType> {
            let mut input = Decoder(tokens);
            let value = T::from_wire(&mut input)?;
            assert!(input.0.is_empty());
            Ok(value)
        }
    }
}

/// There, as Lisp would print it, and back.
#[track_caller]
fn round_trip<
    T: wire::__private::ToWire + wire::__private::FromWire + PartialEq + std::fmt::Debug,
>(
    value: &T,
    printed: &str,
) {
    let tokens = written(value);
    assert_eq!(print(&mut tokens.iter()), printed);
    assert_eq!(read::<T>(&tokens).as_ref(), Ok(value));
}

fn print(tokens: &mut std::slice::Iter<'_, Token>) -> String {
    match tokens.next() {
        None => String::new(),
        Some(Token::Nil) => "NIL".into(),
        Some(Token::Int(i)) => i.to_string(),
        Some(Token::Str(s)) => format!("{s:?}"),
        Some(Token::Key(k)) => format!(":{k}"),
        Some(Token::List(n)) => {
            let items: Vec<_> = (0..*n).map(|_| print(tokens)).collect();
            format!("({})", items.join(" "))
        }
    }
}

#[derive(Debug, FromWire, PartialEq, ToWire)]
#[wire(crate = crate::wire)]
struct Job {
    id: i64,
    #[wire(rename = "cmd")]
    command: String,
    exit_code: Option<i64>,
    #[wire(default)]
    r#type: i64,
}

#[derive(Debug, Default, FromWire, PartialEq, ToWire)]
#[wire(crate = crate::wire)]
struct Wishes {
    a: Option<i64>,
    b: Option<Point>,
}

#[derive(Debug, FromWire, PartialEq, ToWire)]
#[wire(crate = crate::wire)]
struct Point(i64, Option<i64>, #[wire(default)] i64);

#[derive(Debug, FromWire, PartialEq, ToWire)]
#[wire(crate = crate::wire, list)]
struct Pair<T, U>
where
    T: PartialEq,
{
    left: T,
    right: U,
}

#[derive(Debug, FromWire, PartialEq, ToWire)]
#[wire(crate = crate::wire)]
struct Unit;

#[derive(Debug, FromWire, PartialEq, ToWire)]
#[wire(crate = crate::wire, transparent)]
struct Id {
    raw: i64,
}

#[derive(Debug, FromWire, PartialEq, ToWire)]
#[wire(crate = crate::wire, transparent)]
struct Maybe(Option<i64>);

#[derive(Debug, FromWire, PartialEq, ToWire)]
#[wire(crate = crate::wire)]
enum Move {
    Stop,
    GoTo(i64, i64),
    #[wire(rename = "|Turn|")]
    Turn {
        by: i64,
        then: Option<Id>,
    },
    Nothing {},
}

#[derive(Debug, ToWire)]
#[wire(crate = crate::wire)]
struct Borrowed<'a> {
    text: &'a str,
}

#[test]
fn structs_are_property_lists() {
    round_trip(
        &Job { id: 7, command: "make".into(), exit_code: None, r#type: 1 },
        r#"(:ID 7 :CMD "make" :TYPE 1)"#,
    );
    round_trip(
        &Job { id: 7, command: String::new(), exit_code: Some(2), r#type: 1 },
        r#"(:ID 7 :CMD "" :EXIT-CODE 2 :TYPE 1)"#,
    );
    round_trip(&Wishes::default(), "NIL");
    round_trip(&Wishes { a: None, b: Some(Point(1, None, 3)) }, "(:B (1 NIL 3))");
    assert_eq!(print(&mut written(&Borrowed { text: "x" }).iter()), r#"(:TEXT "x")"#);
}

fn key(name: &str) -> Token {
    Token::Key(name.into())
}

#[test]
fn property_lists_are_read_with_patience() {
    let tokens = [
        Token::List(10),
        key("WHAT"),
        Token::List(1),
        Token::Int(1),
        key("CMD"),
        Token::Str("a".into()),
        key("ID"),
        Token::Int(1),
        key("ID"),
        Token::Int(2),
        key("EXIT-CODE"),
        Token::Nil,
    ];
    assert_eq!(read(&tokens), Ok(Job { id: 1, command: "a".into(), exit_code: None, r#type: 0 }));
    assert_eq!(read::<Job>(&[Token::Nil]), Err(wire::__private::WrongType("no id in Job".into())));
    let tokens = [Token::List(2), key("ID"), Token::Nil];
    assert_eq!(
        read::<Job>(&tokens),
        Err(wire::__private::WrongType("Nil in field `id` of Job".into()))
    );
}

#[test]
fn lists_and_single_fields() {
    round_trip(&Pair { left: 1, right: Id { raw: 2 } }, "(1 2)");
    round_trip(&Unit, "NIL");
    round_trip(&Maybe(None), "NIL");
    assert_eq!(read(&[Token::List(1), Token::Int(4)]), Ok(Point(4, None, 0)));
    assert!(read::<Point>(&[Token::Nil]).is_err());
    assert!(
        read::<Point>(&[Token::List(4), Token::Int(4), Token::Nil, Token::Int(1), Token::Int(1)])
            .is_err()
    );
}

#[test]
fn enums_are_keywords_or_headed_by_one() {
    round_trip(&Move::Stop, ":STOP");
    round_trip(&Move::Nothing {}, ":NOTHING");
    round_trip(&Move::GoTo(1, 2), "(:GO-TO 1 2)");
    round_trip(&Move::Turn { by: 1, then: None }, "(:Turn :BY 1 :THEN NIL)");
    round_trip(&Move::Turn { by: 1, then: Some(Id { raw: 4 }) }, "(:Turn :BY 1 :THEN 4)");
    assert_eq!(read(&[Token::List(1), key("STOP")]), Ok(Move::Stop));
    assert_eq!(
        read::<Move>(&[key("GO")]),
        Err(wire::__private::WrongType(r#"Move GO ["STOP", "NOTHING"]"#.into()))
    );
    assert_eq!(
        read::<Move>(&[Token::Int(1)]),
        Err(wire::__private::WrongType("not a Move".into()))
    );
}

#[test]
fn what_is_never_nil_says_so() {
    fn never_nil<T: NeverNil>() {}
    never_nil::<Job>();
    never_nil::<Point>();
    never_nil::<Pair<Option<i64>, ()>>();
    never_nil::<Id>();
    never_nil::<Move>();
    never_nil::<Borrowed<'_>>();
}
