use std::collections::BTreeMap;

use ::serde::de::DeserializeOwned;
use ::serde::{Deserialize, Serialize};

use super::*;
use crate::convert::Serde;

#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
struct Job {
    id: u32,
    command: String,
    #[serde(rename = "retryLimit")]
    retries: Option<u8>,
    done: bool,
    env: BTreeMap<String, Vec<i64>>,
}

#[derive(Debug, Deserialize, PartialEq, Serialize)]
enum Shape {
    Point,
    RoundCorner(u8),
    Line((i64, i64), i64),
    Box { width: i64, depth: Option<i64> },
}

#[derive(Debug, Deserialize, PartialEq, Serialize)]
#[serde(tag = "kind")]
enum Tagged {
    Stop,
    Move { x_step: i64 },
}

#[derive(Debug, Deserialize, PartialEq, Serialize)]
#[serde(untagged)]
enum Either {
    Number(i64),
    Text(String),
    Many(Vec<i64>),
}

#[derive(Debug, Deserialize, PartialEq, Serialize)]
struct Inner {
    user_id: i64,
    name: Option<String>,
}

#[derive(Debug, Deserialize, PartialEq, Serialize)]
struct Flat {
    #[serde(flatten)]
    inner: Inner,
    extra: i64,
}

#[derive(Debug, Deserialize, PartialEq, Serialize)]
struct Unit;

#[derive(Debug, Deserialize, PartialEq, Serialize)]
struct Meters(f64);

fn extended_serde<T: Serialize + DeserializeOwned + Debug + PartialEq>(value: T) {
    extended_trip(Serde(value));
}

fn serde<T: Serialize + DeserializeOwned + Debug + PartialEq>(value: T) {
    trip(Serde(value));
}

fn job() -> Job {
    Job { id: 7, command: "make".into(), env: [("a".into(), vec![1, 2])].into(), ..Job::default() }
}

#[test]
fn what_serde_knows_crosses() {
    serde(job());
    serde(vec![Job { retries: Some(3), done: true, ..job() }, Job::default()]);
    serde((i8::MIN, u64::MAX, i128::MIN, u128::MAX, 'ß', true));
    serde([Some("a".to_owned()), None]);
    serde(BTreeMap::from([(1, "a".to_owned()), (2, String::new())]));
    serde(BTreeMap::from([(1, vec![1]), (2, vec![])]));
    serde(vec![Shape::Point, Shape::RoundCorner(3), Shape::Line((1, 2), 3)]);
    serde([Shape::Box { width: 1, depth: None }, Shape::Box { width: 1, depth: Some(2) }]);
    serde(vec![Tagged::Stop, Tagged::Move { x_step: 3 }]);
    serde(vec![Either::Number(3), Either::Text("x".into()), Either::Many(vec![1])]);
    serde(Flat { inner: Inner { user_id: 1, name: None }, extra: 1 });
    serde(Flat { inner: Inner { user_id: 1, name: Some("a".into()) }, extra: 1 });
    serde(Unit);
    serde(());
    serde(Duration::from_nanos(5));
    extended_serde(Meters(1.5));
    extended_serde(vec![1.5_f32]);
    extended_serde(f64::INFINITY);
}

#[test]
fn serde_has_the_shapes_of_the_derives() {
    is_lisp(Serde(job()), "(:id 7 :command \"make\" :done nil :env ((\"a\" 1 2)))");
    let shapes = [
        Shape::Point,
        Shape::RoundCorner(3),
        Shape::Line((1, 2), 3),
        Shape::Box { width: 1, depth: Some(2) },
    ];
    is_lisp(Serde(shapes), "(:point (:round-corner 3) (:line (1 2) 3) (:box :width 1 :depth 2))");
    is_lisp(
        Serde(Job { retries: Some(3), ..Job::default() }),
        "(:id 0 :command \"\" :retry-limit 3 :done nil :env nil)",
    );
    is_lisp(Serde(None::<i64>), "nil");
    assert_eq!(send(&Serde(job()), &CLASSIC).read::<Serde<Job>>(), Ok(Serde(job())));
    let unknown = Value::read("(:colour 7 :id 3 :command \"\" :done t :env nil)").unwrap();
    assert!(send(&unknown, &CLASSIC).read::<Serde<Job>>().is_ok());
}

#[test]
fn byte_strings_are_octets_where_the_peer_reads_them() {
    struct Octets(&'static [u8]);
    impl Serialize for Octets {
        fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.serialize_bytes(self.0)
        }
    }
    let octets = Serde(Octets(b"\x01\xff"));
    assert_eq!(send(&octets, &EXTENDED).read(), Ok(Value::read("#{01 ff}").unwrap()));
    assert_eq!(send(&octets, &CLASSIC).read(), Ok(Value::list([1, 255])));
    for peer in [&CLASSIC, &EXTENDED] {
        assert_eq!(send(&octets, peer).read(), Ok(Serde(vec![1_u8, 255])));
    }
}

#[test]
fn serde_complains_as_we_do() {
    let said = |value: &dyn ToWire| try_send(&[value], &CLASSIC).err().unwrap().to_string();
    assert_eq!(said(&Serde(Some(false))), "Some of a value that is NIL would be read as None");
    assert!(said(&Serde(1.5)).contains("double-float"));
    wrong::<Serde<u8>>("\"abc\"", "expected u8, found the string \"abc\"");
    wrong::<Serde<u8>>("300", "expected u8, found the integer `300`");
    wrong::<Serde<Job>>("(:id 7)", "expected field `command`, found nothing");
    wrong::<Serde<Job>>("(:id \"x\")", "expected u32, found the string \"x\", in field `id`");
    wrong::<Serde<Job>>("7", "expected a list, found the integer 7");
    wrong::<Serde<Job>>(
        "(id 7)",
        "expected a keyword, the name of a property, found the symbol ID",
    );
    wrong::<Serde<Shape>>(
        ":circle",
        "expected one of Point, RoundCorner, Line, Box, found :CIRCLE",
    );
    wrong::<Serde<Shape>>(
        "(:round-corner)",
        "expected a variant that holds a value, found nothing",
    );
    wrong::<Serde<Shape>>(
        "7",
        "expected a keyword, or a list headed by one, found the integer 7, in the enum Shape",
    );
    wrong::<Serde<Vec<i64>>>("(1 \"a\")", "expected i64, found the string \"a\", in element 1");
    wrong::<Serde<f64>>("9007199254740993", "expected a float, found the integer 9007199254740993");
}
