//! A tap between CMUCL and us, and between two of CMUCL: it shows what they say to each other.

use wire::{
    Functions, Remote, RequestServer, Value, Wire, remote, remote_value, remote_value_bind,
};

use crate::lisp::Lisp;
use crate::live::{Peer, Role, in_time};
use crate::offer::offer;
use crate::tap::Tap;

live!(octets, classic, extended; server, client => [
    a_tap_shows_calls_and_answers,
    a_tap_shows_callbacks_and_objects,
]);

/// A wire through a tap. Lisp has its end as `*wire*` once it was called.
async fn tapped(lisp: &mut Lisp, functions: Functions) -> (Tap, Wire) {
    match lisp.role() {
        Role::Server => {
            let port = lisp.serve().await;
            let tap = Tap::before(&format!("127.0.0.1:{port}"), &[]).await;
            let builder = lisp.peer().builder().functions(functions);
            let wire = builder.connect(&*tap.address).await.unwrap();
            (tap, wire)
        }
        Role::Client => {
            let server = RequestServer::bind("127.0.0.1:0").await.unwrap().functions(functions);
            let tap = Tap::before(&server.local_addr().unwrap().to_string(), &[]).await;
            let (_, port) = tap.address.rsplit_once(':').unwrap();
            let wire = lisp.connect_at(port.parse().unwrap(), server).await;
            (tap, wire)
        }
    }
}

/// What the tap has shown of calls and their answers until the wire has ended.
async fn shown(tap: Tap, wire: Wire) -> Vec<String> {
    in_time(wire.close()).await;
    let shown = tap.shown(2).await;
    let calls = shown.iter().filter(|line| line.contains('(')).map(|line| plain(line));
    numbered_anew(calls)
}

/// The lines, in which the first call is number 1. On a slow machine questions to a silent peer have
/// numbers, too.
fn numbered_anew(lines: impl Iterator<Item = String>) -> Vec<String> {
    let mut met: Vec<String> = Vec::new();
    let number = |line: String| {
        let [wire, arrow, call, rest] = line.splitn(4, ' ').collect::<Vec<_>>()[..] else {
            return line;
        };
        let Some(call) = call.strip_prefix('#') else { return line };
        let place = met.iter().position(|other| other == call).unwrap_or(met.len());
        if place == met.len() {
            met.push(call.to_owned());
        }
        format!("{wire} {arrow} #{} {rest}", place + 1)
    };
    lines.map(number).collect()
}

/// The line without what each dialect has for itself: reasons, and the lengths of objects.
fn plain(line: &str) -> String {
    for (kept, own) in [(" unwound", ": "), ("…", " of ")] {
        if let Some((before, _)) = line.split_once(&format!("{kept}{own}")) {
            return format!("{before}{kept}");
        }
    }
    line.to_owned()
}

/// The arrows of what we say and of what Lisp says.
fn arrows(lisp: &Lisp) -> [char; 2] {
    match lisp.role() {
        Role::Server => ['→', '←'],
        Role::Client => ['←', '→'],
    }
}

async fn a_tap_shows_calls_and_answers(mut lisp: Lisp) {
    let (tap, wire) = tapped(&mut lisp, offer()).await;
    assert_eq!(remote_value!(wire, add(1, 2) -> i64).value().await.unwrap(), 3);
    let bound = remote_value_bind!(wire, (q: i64, r: i64) = divide(17, 5), (q, r)).unwrap();
    assert_eq!(bound, Some((3, 2)));
    let seven = remote_value_bind!(
        wire,
        (a: u8, b: u8, c: u8, d: u8, e: u8, f: u8, g: u8) = many(7),
        [a, b, c, d, e, f, g]
    );
    assert_eq!(seven.unwrap(), Some([1, 2, 3, 4, 5, 6, 7]));
    remote!(wire, note(1)).unwrap();
    let data = Value::read("(1 (2 |a b|) \"é\" :five nil t (6 . 7))").unwrap();
    assert_eq!(remote_value!(wire, echo(&data) -> Value).value().await.unwrap(), data);
    let long = "z".repeat(100_000);
    assert_eq!(remote_value!(wire, echo(&long) -> String).value().await.unwrap(), long);
    assert_eq!(remote_value!(wire, bail() -> i64).await.unwrap(), (None, true));
    assert_eq!(lisp.eval("(wire:remote-value *wire* (add 3 4))").await, "7");
    let form = "(wire:remote-value-bind *wire* (q r) (divide 17 5) (list q r))";
    assert_eq!(lisp.eval(form).await, "(3 2)");
    assert_eq!(lisp.eval("(wire:remote-value *wire* (bail) :unwound)").await, ":UNWOUND");

    let [we, it] = arrows(&lisp);
    let list = "(1 (2 |a b|) \"é\" :FIVE NIL T (6 . 7))";
    let [form, value] = [113, 53].map(|length| &long[..length]);
    let expected = [
        format!("1 {we} #1 (ADD 1 2)"),
        format!("1 {it} #1 (ADD 1 2) => 3"),
        format!("1 {we} #2 (DIVIDE 17 5)  wants 2 values"),
        format!("1 {it} #2 (DIVIDE 17 5) => 3, 2"),
        format!("1 {we} #3 (MANY 7)  wants all values"),
        format!("1 {it} #3 (MANY 7) => 1, 2, 3, 4, 5, 6, 7"),
        format!("1 {we} (NOTE 1)  for effect"),
        format!("1 {we} #4 (ECHO '{list})"),
        format!(
            "1 {it} #4 (ECHO '(1 (2 |a b|) \"é\" :FIVE NIL T (6 . 7))) => (1 (2 |a b|) \"é\" :FIVE NIL T (6 . 7))"
        ),
        format!("1 {we} #5 (ECHO \"{form}…"),
        format!("1 {it} #5 (ECHO \"{value}… => \"{form}zzzzzz…"),
        format!("1 {we} #6 (BAIL)"),
        format!("1 {it} #6 (BAIL) unwound"),
        format!("1 {it} #7 (ADD 3 4)"),
        format!("1 {we} #7 (ADD 3 4) => 7"),
        format!("1 {it} #8 (DIVIDE 17 5)  wants 2 values"),
        format!("1 {we} #8 (DIVIDE 17 5) => 3, 2"),
        format!("1 {it} #9 (BAIL)"),
        format!("1 {we} #9 (BAIL) unwound"),
    ];
    assert_eq!(shown(tap, wire).await, expected);
}

async fn a_tap_shows_callbacks_and_objects(mut lisp: Lisp) {
    let (tap, wire) = tapped(&mut lisp, offer()).await;
    assert_eq!(remote_value!(wire, descend(2) -> i64).value().await.unwrap(), 2);
    let thing: Remote = remote_value!(wire, make_thing(42)).value().await.unwrap();
    assert_eq!(remote_value!(wire, thing_value(&thing) -> i64).value().await.unwrap(), 42);
    let [we, it] = arrows(&lisp);
    let thing = Value::from(thing);
    let expected = [
        format!("1 {we} #1 (DESCEND 2)"),
        format!("1 {it} #2 (ASCEND 1)"),
        format!("1 {we} #3 (DESCEND 0)"),
        format!("1 {it} #3 (DESCEND 0) => 0"),
        format!("1 {we} #2 (ASCEND 1) => 1"),
        format!("1 {it} #1 (DESCEND 2) => 2"),
        format!("1 {we} #4 (MAKE-THING 42)"),
        format!("1 {it} #4 (MAKE-THING 42) => {thing}"),
        format!("1 {we} #5 (THING-VALUE {thing})"),
        format!("1 {it} #5 (THING-VALUE {thing}) => 42"),
    ];
    drop(thing);
    assert_eq!(shown(tap, wire).await, expected);
}

#[tokio::test]
async fn a_tap_shows_two_of_cmucl() {
    let Some(mut server) = Lisp::start(Peer::Octets, Role::Server) else { return };
    let Some(mut client) = Lisp::start(Peer::Octets, Role::Client) else { return };
    in_time(async {
        let port = server.serve().await;
        let tap = Tap::before(&format!("127.0.0.1:{port}"), &[]).await;
        let (_, port) = tap.address.rsplit_once(':').unwrap();
        client.eval(&format!("(connect {port})")).await;
        assert_eq!(client.eval("(wire:remote-value *wire* (add 3 4))").await, "7");
        assert_eq!(client.eval("(wire:remote-value *wire* (bail) :unwound)").await, ":UNWOUND");
        assert_eq!(client.eval("(wire:remote-value *wire* (add 5 6))").await, "11");
        client.kill().await;
        let expected = [
            "1 → #1 (ADD 3 4)",
            "1 ← #1 (ADD 3 4) => 7",
            "1 → #2 (BAIL)",
            "1 ← #2 (BAIL) unwound",
            "1 → #3 (ADD 5 6)",
            "1 ← #3 (ADD 5 6) => 11",
        ];
        assert_eq!(tap.shown(2).await[1..7], expected);
    })
    .await;
}
