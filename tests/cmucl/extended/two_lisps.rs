//! Two of CMUCL, each with `wire.lisp` or with the repair of its octets alone.

use crate::lisp::Lisp;
use crate::live::{Peer, Role, in_time};

/// Two of them, the second connected to the first.
async fn two(server: Peer, client: Peer) -> Option<(Lisp, Lisp)> {
    let mut server = Lisp::start(server, Role::Server)?;
    let mut client = Lisp::start(client, Role::Client)?;
    let port = server.serve().await;
    client.eval(&format!("(connect {port})")).await;
    Some((server, client))
}

/// What every pair of them can do.
async fn check_classic(lisp: &mut Lisp, other: &mut Lisp) {
    let forms = [
        ("(add 3 4)", "7"),
        ("(add (expt 2 100) 1)", "1267650600228229401496703205377"),
        ("(echo '(1 (two :three) \"four\" nil (t . 5)))", "(1 (TWO :THREE) \"four\" NIL (T . 5))"),
        ("(sum (up-to 100000))", "4999950000"),
        ("(length (alphabets 100000))", "100000"),
        ("(bail) :unwound", ":UNWOUND"),
        ("(no-such-function) :unwound", ":UNWOUND"),
        ("(add 1 1)", "2"),
    ];
    for (form, value) in forms {
        assert_eq!(lisp.eval(&format!("(wire:remote-value *wire* {form})")).await, value, "{form}");
    }
    let form = "(wire:remote-value-bind *wire* (q r) (divide 17 5) (list q r))";
    assert_eq!(lisp.eval(form).await, "(3 2)");
    let many = "(a b c d e f g) (many 7) (list a b c d e f g)";
    let form = format!("(wire:remote-value-bind *wire* {many})");
    assert_eq!(lisp.eval(&form).await, "(1 2 3 4 5 6 7)");
    let form =
        "(progn (note-in-test 1000) (equal (wire:remote-value *wire* (notes)) (up-to 1000)))";
    assert_eq!(lisp.eval(form).await, "T");
    // Callbacks; here as there a function of either name does the other's half.
    for each in [&mut *lisp, &mut *other] {
        each.eval("(setf (symbol-function 'ascend) #'descend)").await;
    }
    assert_eq!(lisp.eval("(wire:remote-value *wire* (ascend 20))").await, "20");
    let form = "(let ((thing (wire:remote-value *wire* (make-thing 42))))
                  (list (wire:remote-object-local-p thing)
                        (wire:remote-value *wire* (thing-value thing))
                        (wire:remote-value *wire* (same-thing thing thing))))";
    assert_eq!(lisp.eval(form).await, "(NIL 42 T)");
    let form = "(let ((ours (wire:make-remote-object (list 5))))
                  (wire:remote-object-value (wire:remote-value *wire* (echo ours))))";
    assert_eq!(lisp.eval(form).await, "(5)");
}

/// What two with `wire.lisp` can do besides.
async fn check_extended(lisp: &mut Lisp) {
    let forms = [
        ("(add 0.5 1.5d0)", "2.0d0"),
        (
            "(echo (list ext:single-float-negative-infinity -0d0 #(1 #(2)) (ramp 3)))",
            "(#.EXT:SINGLE-FLOAT-NEGATIVE-INFINITY -0.0d0 #(1 #(2)) #(0 1 2))",
        ),
        ("(code-points (units 97 55357 56832 8364))", "(97 128512 8364)"),
        ("(depth-of (deep 100000))", "100000"),
        (
            "(turn-to 9) (wire:unwound-message (wire:unwound-reason))",
            "\"line 9 is beyond the end\"",
        ),
        ("(turn-to 9) (wire:unwound-condition (wire:unwound-reason))", "NO-SUCH-LINE"),
        ("(no-such) (wire:unwound-ran (wire:unwound-reason))", "NIL"),
        ("(hash) (wire:unwound-condition (wire:unwound-reason))", "WIRE::NOT-SENDABLE"),
    ];
    for (form, value) in forms {
        assert_eq!(lisp.eval(&format!("(wire:remote-value *wire* {form})")).await, value, "{form}");
    }
    let form = "(let ((deep (deep 50000)))
                  (depth-of (wire:remote-value *wire* (echo deep))))";
    assert_eq!(lisp.eval(form).await, "50000");
    let form = "(let ((list (up-to 500000)))
                  (equal list (wire:remote-value *wire* (echo list))))";
    assert_eq!(lisp.eval(form).await, "T");
}

#[tokio::test]
async fn both_with_all_of_it() {
    let Some((mut server, mut client)) = two(Peer::Extended, Peer::Extended).await else { return };
    in_time(async {
        for lisp in [&mut server, &mut client] {
            lisp.eval("(load \"tests/cmucl/extended.lisp\")").await;
        }
        assert_eq!(client.eval("(wire:wire-extended-p *wire*)").await, "T");
        check_classic(&mut client, &mut server).await;
        check_extended(&mut client).await;
        // The server has its end of the wire, and calls over it as well.
        check_classic(&mut server, &mut client).await;
        check_extended(&mut server).await;
    })
    .await;
}

/// What a pair does of which one may have the repair of its octets alone, each calling the other.
async fn check_pair(server: Peer, client: Peer) {
    let Some((mut server, mut client)) = two(server, client).await else { return };
    in_time(async {
        check_classic(&mut client, &mut server).await;
        check_classic(&mut server, &mut client).await;
    })
    .await;
}

#[tokio::test]
async fn all_of_it_connects_to_the_octets_alone() {
    check_pair(Peer::Octets, Peer::Classic).await;
}

#[tokio::test]
async fn the_octets_alone_connect_to_all_of_it() {
    check_pair(Peer::Classic, Peer::Octets).await;
}

#[tokio::test]
async fn both_with_the_octets_alone() {
    check_pair(Peer::Octets, Peer::Octets).await;
}
