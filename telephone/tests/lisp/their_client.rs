//! A Lisp client commands our server.

use crate::sbcl::Lisp;
use crate::served::Served;

#[tokio::test]
async fn the_session_of_the_originals_readme() {
    let mut served = Served::start(&[]).await;
    let commands = [
        "(+ 1 2)",
        r#"(list 1 "a b" :k 2.5 (quote foo) (/ 1 3))"#,
        "(/ 1 0)",
        r#"(error "x")"#,
        r#"(concatenate 'string "grün & " "50 % + 1")"#,
    ];
    let arguments = [&[served.address()][..], &commands].concat();
    let Some(lisp) = Lisp::run("client.lisp", &arguments).await else { return };
    let printed = lisp.rest().await;

    let (ids, states): (Vec<_>, Vec<_>) = printed[..2 * commands.len()]
        .chunks(2)
        .map(|pair| (pair[0].trim_matches('"').to_owned(), pair[1].as_str()))
        .unzip();
    let wanted = [
        "(FINISHED 3)",
        r#"(FINISHED (1 "a b" :K 2.5 COMMON-LISP-USER::FOO 1/3))"#,
        "(FINISHED (ERROR DIVISION-BY-ZERO))",
        "(FINISHED (ERROR SIMPLE-ERROR))",
        r#"(FINISHED "grün & 50 % + 1")"#,
    ];
    assert_eq!(states, wanted);
    assert_eq!(printed.last().unwrap(), "(ID-NOT-FOUND NIL)");
    for (id, command) in ids.iter().zip(commands) {
        assert_eq!(served.line().await, format!("{id} remote request: {command}"));
    }
    // What was filed at one endpoint is known at all of them.
    let first = served.partner().job(&ids[0].parse().unwrap()).await.unwrap().unwrap();
    assert_eq!(first.value.as_deref(), Some("3"));
}
