//! `#[derive(ToWire, FromWire)]`, there and back, in both dialects.

use std::collections::BTreeMap;
use std::fmt::Debug;

use wire::{
    CallError, Encoder, FromWire, ToWire, Unsendable, Value, Wire, functions, remote_fn,
    remote_value,
};

use crate::Tested;

#[remote_fn]
fn echo(value: Value) -> Value {
    value
}

#[remote_fn]
fn jobs(jobs: Vec<Job>) -> Vec<Job> {
    jobs
}

fn pair(classic: bool) -> Result<(Wire, Wire), wire::FunctionsError> {
    let here = if classic { Wire::builder().classic() } else { Wire::builder() };
    here.pair(Wire::builder().functions(functions![echo, jobs]))
}

/// What a Lisp at the other end would print.
async fn printed(value: impl ToWire) -> Result<String, CallError> {
    let (here, _there) = pair(true).unwrap();
    let value = remote_value!(here, echo(value) -> Value).value().await?;
    Ok(value.to_string())
}

async fn read<T: FromWire + Send + 'static>(text: &str) -> Result<T, CallError> {
    let (here, _there) = pair(true).unwrap();
    remote_value!(here, echo(Value::read(text).unwrap()) -> T).value().await
}

/// There, as Lisp would print it, and back, in either dialect.
async fn round_trip<T>(value: T, expected: &str) -> Tested
where
    T: Clone + Debug + FromWire + PartialEq + Send + ToWire + 'static,
{
    assert_eq!(printed(&value).await?, expected);
    for classic in [true, false] {
        let (here, _there) = pair(classic)?;
        assert_eq!(remote_value!(here, echo(&value) -> T).value().await?, value);
    }
    Ok(())
}

#[derive(Clone, Debug, FromWire, PartialEq, ToWire)]
struct Job {
    id: i64,
    #[wire(rename = "cmd")]
    command: String,
    exit_code: Option<i64>,
    #[wire(default)]
    r#type: u8,
}

#[derive(Clone, Debug, Default, FromWire, PartialEq, ToWire)]
struct Wishes {
    a: Option<i64>,
    b: Option<Point>,
}

#[derive(Clone, Debug, FromWire, PartialEq, ToWire)]
struct Point(i64, Option<i64>, #[wire(default)] i64);

#[derive(Clone, Debug, FromWire, PartialEq, ToWire)]
#[wire(list)]
struct Pair<T, U>
where
    T: PartialEq,
{
    left: T,
    right: U,
}

#[derive(Clone, Debug, FromWire, PartialEq, ToWire)]
struct Tagged<T, const N: usize> {
    tag: [u8; N],
    value: Option<T>,
}

#[derive(Clone, Debug, FromWire, PartialEq, ToWire)]
struct Unit;

#[derive(Clone, Debug, FromWire, PartialEq, ToWire)]
#[wire(transparent)]
struct Id {
    raw: i64,
}

#[derive(Clone, Debug, FromWire, PartialEq, ToWire)]
#[wire(transparent)]
struct Maybe(Option<i64>);

#[derive(Clone, Debug, FromWire, PartialEq, ToWire)]
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

#[derive(ToWire)]
struct Borrowed<'a, T: ?Sized> {
    text: &'a str,
    rest: &'a T,
}

/// A tree: the derives take types that hold themselves.
#[derive(Clone, Debug, FromWire, PartialEq, ToWire)]
struct Tree {
    name: String,
    below: Vec<Self>,
    first: Option<Box<Self>>,
}

#[tokio::test]
async fn structs_are_property_lists() -> Tested {
    round_trip(
        Job { id: 7, command: "make".into(), exit_code: None, r#type: 1 },
        r#"(:ID 7 :CMD "make" :TYPE 1)"#,
    )
    .await?;
    round_trip(
        Job { id: 7, command: String::new(), exit_code: Some(2), r#type: 1 },
        r#"(:ID 7 :CMD "" :EXIT-CODE 2 :TYPE 1)"#,
    )
    .await?;
    round_trip(Wishes::default(), "NIL").await?;
    round_trip(Wishes { a: None, b: Some(Point(1, None, 3)) }, "(:B (1 NIL 3))").await?;
    let leaf = Tree { name: "leaf".into(), below: Vec::new(), first: None };
    let tree = Tree { name: "t".into(), below: vec![leaf.clone()], first: Some(Box::new(leaf)) };
    let leaf = r#"(:NAME "leaf" :BELOW NIL)"#;
    round_trip(tree, &format!(r#"(:NAME "t" :BELOW ({leaf}) :FIRST {leaf})"#)).await?;
    assert_eq!(
        printed(Borrowed { text: "x", rest: &[1, 2][..] }).await?,
        r#"(:TEXT "x" :REST (1 2))"#
    );
    Ok(())
}

#[tokio::test]
async fn property_lists_are_read_with_patience() -> Tested {
    let job: Job = read(r#"(:what (1 2) :cmd "a" :id 1 :id 2 :exit-code nil)"#).await?;
    assert_eq!(job, Job { id: 1, command: "a".into(), exit_code: None, r#type: 0 });
    assert_eq!(read::<Wishes>("nil").await?, Wishes::default());
    for (text, expected) in [
        ("nil", "NIL"),
        ("(:cmd \"a\")", "field `id` of Job"),
        ("(:id x)", "field `id` of Job"),
        ("(:id 1 :cmd \"a\" :type 256)", "field `type` of Job"),
    ] {
        let error = read::<Job>(text).await.unwrap_err().to_string();
        assert!(error.contains(expected), "{text}: {error}");
    }
    Ok(())
}

#[tokio::test]
async fn lists_and_single_fields() -> Tested {
    round_trip(Pair { left: 1, right: Id { raw: 2 } }, "(1 2)").await?;
    round_trip(Tagged { tag: [1, 2], value: Some(3) }, "(:TAG (1 2) :VALUE 3)").await?;
    round_trip(Unit, "NIL").await?;
    round_trip(Maybe(None), "NIL").await?;
    round_trip(Maybe(Some(1)), "1").await?;
    assert_eq!(read::<Point>("(4)").await?, Point(4, None, 0));
    assert!(read::<Point>("(4 nil 1 1)").await.is_err());
    Ok(())
}

#[tokio::test]
async fn enums_are_keywords_or_headed_by_one() -> Tested {
    round_trip(Move::Stop, ":STOP").await?;
    round_trip(Move::Nothing {}, ":NOTHING").await?;
    round_trip(Move::GoTo(1, 2), "(:GO-TO 1 2)").await?;
    round_trip(Move::Turn { by: 1, then: None }, "(:|Turn| :BY 1 :THEN NIL)").await?;
    round_trip(Move::Turn { by: 1, then: Some(Id { raw: 4 }) }, "(:|Turn| :BY 1 :THEN 4)").await?;
    assert_eq!(read::<Move>("(:stop)").await?, Move::Stop);
    for (text, expected) in [
        (":go", "one of :STOP, (:GO-TO ..), (:|Turn| ..), :NOTHING (Move), found :GO"),
        ("(:go 1)", "one of :STOP, (:GO-TO ..), (:|Turn| ..), :NOTHING (Move), found :GO"),
        (":go-to", "(:GO-TO ..), (:|Turn| ..), :NOTHING (Move), found :GO-TO"),
        ("1", "a Move"),
        ("(:go-to 1 2 3)", "Move::GoTo"),
        ("(:go-to 1 x)", "field 1 of Move::GoTo"),
    ] {
        let error = read::<Move>(text).await.unwrap_err().to_string();
        assert!(error.contains(expected), "{text}: {error}");
    }
    Ok(())
}

#[derive(ToWire)]
struct Sent {
    id: i64,
}

#[derive(Debug, FromWire, PartialEq)]
struct Received {
    id: i64,
}

#[derive(Debug, FromWire, PartialEq)]
enum Answer {
    Yes,
    No(Option<Received>),
}

#[tokio::test]
async fn one_derive_is_enough_to_stand_in_an_option() -> Tested {
    assert_eq!(printed(Some(Sent { id: 1 })).await?, "(:ID 1)");
    assert_eq!(printed(None::<Sent>).await?, "NIL");
    assert_eq!(read::<Option<Received>>("(:id 1)").await?, Some(Received { id: 1 }));
    assert_eq!(read::<Option<Received>>("nil").await?, None);
    assert_eq!(read::<Option<Answer>>(":yes").await?, Some(Answer::Yes));
    assert_eq!(read::<Answer>("(:no (:id 1))").await?, Answer::No(Some(Received { id: 1 })));
    assert_eq!(read::<Answer>("(:no nil)").await?, Answer::No(None));
    Ok(())
}

#[tokio::test]
async fn derived_types_stand_in_options_lists_and_maps() -> Tested {
    round_trip(Some(Move::Stop), ":STOP").await?;
    round_trip(None::<Id>, "NIL").await?;
    round_trip(vec![Some(Point(1, None, 2)), None], "((1 NIL 2) NIL)").await?;
    let map: BTreeMap<String, Move> = [("a".to_owned(), Move::GoTo(1, 2))].into();
    round_trip(map, r#"(("a" :GO-TO 1 2))"#).await?;
    Ok(())
}

/// A job as other programs know it: with fewer keys, with others, in another order.
#[derive(ToWire)]
struct Older {
    id: i64,
    cmd: String,
}

#[derive(ToWire)]
struct Newer {
    owner: String,
    r#type: u8,
    cmd: String,
    id: i64,
}

enum Told {
    Same(Job),
    Older(Older),
    Newer(Newer),
    Listed(Value),
}

impl ToWire for Told {
    fn to_wire(&self, out: &mut Encoder<'_>) -> Result<(), Unsendable> {
        match self {
            Self::Same(job) => job.to_wire(out),
            Self::Older(older) => older.to_wire(out),
            Self::Newer(newer) => newer.to_wire(out),
            Self::Listed(list) => list.to_wire(out),
        }
    }
}

/// What the jobs are read as that have no text for an id.
#[derive(Debug, FromWire)]
struct Named {
    #[expect(dead_code, reason = "cannot be read")]
    id: String,
}

#[derive(Debug, FromWire)]
struct SameKeys {
    #[expect(dead_code, reason = "cannot be read")]
    id: String,
    #[expect(dead_code, reason = "cannot be read")]
    cmd: String,
    #[expect(dead_code, reason = "cannot be read")]
    exit_code: Option<i64>,
    #[expect(dead_code, reason = "cannot be read")]
    r#type: u8,
}

#[tokio::test]
async fn structs_of_one_list_are_read_by_place_or_by_key() -> Tested {
    let job = |id, r#type, exit_code| Job { id, command: "ls".to_owned(), exit_code, r#type };
    let cmd = || "ls".to_owned();
    let told = [
        Told::Same(job(1, 2, Some(3))),
        Told::Older(Older { id: 300, cmd: cmd() }),
        Told::Same(job(4, 5, None)),
        Told::Newer(Newer { owner: cmd(), r#type: 6, cmd: cmd(), id: -7 }),
        Told::Listed(Value::read("(:cmd \"ls\" :id 8 :exit-code nil :type 9)")?),
        Told::Same(job(1 << 40, 0, Some(-1))),
    ];
    let read = [
        job(1, 2, Some(3)),
        job(300, 0, None),
        job(4, 5, None),
        job(-7, 6, None),
        job(8, 9, None),
        job(1 << 40, 0, Some(-1)),
    ];
    for classic in [true, false] {
        let (here, _there) = pair(classic)?;
        // Shapes cross in the first round, and are known from then on.
        for _ in 0..3 {
            assert_eq!(remote_value!(here, jobs(&told[..]) -> Vec<Job>).value().await?, read);
            let named = remote_value!(here, jobs(&told[..]) -> Vec<Named>).value().await;
            let place = "field `id` of Named, in element 0";
            assert_eq!(named.unwrap_err().to_string(), wrong(place));
            let same = remote_value!(here, jobs(&told[..]) -> Vec<SameKeys>).value().await;
            let place = "field `id` of SameKeys, in element 0";
            assert_eq!(same.unwrap_err().to_string(), wrong(place));
        }
    }
    Ok(())
}

fn wrong(place: &str) -> String {
    let found = "expected String, found the integer 1";
    format!("the value of JOBS is not of its type: {found}, in {place}")
}
