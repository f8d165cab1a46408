//! Our client commands a Lisp server.

use std::time::Duration;

use telephone::api::Kind;
use telephone::original::Answer;
use telephone::partner::Partner;
use telephone::{Job, JobId, State, Submission};
use tokio::time::sleep;

use crate::sbcl::Lisp;

/// Only a hang takes so long.
const PATIENCE: Duration = Duration::from_secs(60);

/// A Lisp server, and a partner that reaches it.
async fn served() -> Option<(Lisp, Partner)> {
    let mut lisp = Lisp::run("server.lisp", &[]).await?;
    let said = lisp.line().await.unwrap();
    let port = said.strip_prefix("listening at ").unwrap();
    let partner = Partner::new(&format!("http://127.0.0.1:{port}")).unwrap();
    Some((lisp, partner))
}

async fn polled(partner: &Partner, id: &JobId) -> Answer {
    loop {
        let answer = partner.remote_result(id).await.unwrap();
        if answer.is_ended() {
            return answer;
        }
        sleep(Duration::from_millis(10)).await;
    }
}

async fn run(partner: &Partner, command: &str) -> Job {
    let id = partner.submit(Submission::new(command)).await.unwrap().id;
    partner.wait(&id, PATIENCE).await.unwrap().unwrap()
}

#[tokio::test]
async fn the_session_of_the_originals_readme() {
    let Some((mut lisp, partner)) = served().await else { return };
    let id = partner.remote_command("(+ 1 2)").await.unwrap();
    assert_eq!(lisp.line().await.unwrap(), format!("{id} remote request: (+ 1 2)"));
    assert_eq!(polled(&partner, &id).await.to_string(), "(FINISHED 3)");
}

#[tokio::test]
async fn what_lisp_prints_is_the_value_as_it_is() {
    let Some((_lisp, partner)) = served().await else { return };
    let job = run(&partner, r#"(list 1 "a b" :k 2.5 (quote foo) (/ 1 3))"#).await;
    assert_eq!(job.value.as_deref(), Some(r#"(1 "a b" :K 2.5 FOO 1/3)"#));
    let umlauts = run(&partner, r#"(concatenate 'string "grün & " "50 % + 1")"#).await;
    assert_eq!(umlauts.value.as_deref(), Some(r#""grün & 50 % + 1""#));
}

#[tokio::test]
async fn faulty_code_comes_back_as_a_hint() {
    let Some((_lisp, partner)) = served().await else { return };
    for (command, condition) in [("(/ 1 0)", "DIVISION-BY-ZERO"), ("(error \"x\")", "SIMPLE-ERROR")]
    {
        let job = run(&partner, command).await;
        assert_eq!((job.state, job.hint.unwrap().condition.as_str()), (State::Unwound, condition));
    }
    assert_eq!(run(&partner, "(+ 1 2)").await.value.as_deref(), Some("3"));
}

#[tokio::test]
async fn it_is_known_for_what_it_is() {
    let Some((_lisp, partner)) = served().await else { return };
    assert_eq!(partner.status().await.unwrap().kind, Kind::Original);
    assert_eq!(partner.job(&"ZZZ".parse().unwrap()).await.unwrap(), None);
    assert_eq!(partner.functions().await.unwrap(), []);
}
