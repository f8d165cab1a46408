//! The README's "Lisp at the other end", done as it says: each command, each form, each answer.

use std::process::Stdio;

use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use wire::{Wire, remote_value, remote_value_bind};

use crate::example::example;
use crate::live::in_time;
use crate::terminal::Terminal;

const README: &str = include_str!("../../README.md");
const PROGRAM: &str = include_str!("../../examples/lisp.rs");

/// What stands in that section between fences.
struct Shown {
    serve: &'static str,
    served: &'static str,
    call: &'static str,
    program: &'static str,
    printed: &'static str,
    connect: &'static str,
    session: &'static str,
    serve_octets: &'static str,
    served_octets: &'static str,
}

impl Shown {
    fn read() -> Self {
        let (_, section) = README.split_once("## Lisp at the other end\n").unwrap();
        let section = section.split("\n## ").next().unwrap();
        let blocks: Vec<_> = section
            .split("```")
            .skip(1)
            .step_by(2)
            .map(|block| block.trim_end().split_once('\n').unwrap())
            .collect();
        let [
            ("sh", serve),
            ("lisp", served),
            ("sh", call),
            ("rust,no_run", program),
            ("text", printed),
            ("sh", connect),
            ("text", session),
            ("sh", serve_octets),
            ("lisp", served_octets),
        ] = blocks[..]
        else {
            panic!("the README shows other things now: {blocks:?}")
        };
        Self {
            serve,
            served,
            call,
            program,
            printed,
            connect,
            session,
            serve_octets,
            served_octets,
        }
    }

    /// The program, run as it is shown but for the ports, with what it prints.
    fn run(&self, lisp: u16) -> (Child, Lines<BufReader<ChildStdout>>) {
        let arguments = self.call.strip_prefix("cargo run --release --example lisp -- ").unwrap();
        let arguments = exchanged(arguments, "4000", &lisp.to_string());
        let arguments = exchanged(&arguments, "4001", "0");
        let mut command = Command::new(example("lisp"));
        command.args(arguments.split(' ')).stdout(Stdio::piped()).kill_on_drop(true);
        let mut process = command.spawn().unwrap();
        let printed = BufReader::new(process.stdout.take().unwrap()).lines();
        (process, printed)
    }

    /// The forms of the session with what each of them shows.
    fn session(&self) -> impl Iterator<Item = (&str, &str)> {
        self.session.strip_prefix("* ").unwrap().split("\n* ").map(|turn| {
            let (form, value) = turn.split_once('\n').unwrap();
            (form, value)
        })
    }
}

/// `text` with another port, which it must name once.
fn exchanged(text: &str, port: &str, other: &str) -> String {
    assert_eq!(text.matches(port).count(), 1, "{port} in {text}");
    text.replace(port, other)
}

#[test]
fn the_program_is_the_example() {
    let (_, program) = PROGRAM.split_once("\n\n").unwrap();
    assert_eq!(Shown::read().program, program.trim_end());
}

#[tokio::test]
async fn both_lisps_and_the_program_call_each_other() {
    let shown = Shown::read();
    let Some(mut server) = Terminal::run(shown.serve) else { return };
    let Some(mut client) = Terminal::run(shown.connect) else { return };
    in_time(async {
        server.enter(&exchanged(shown.served, "4000", "0")).await;
        let (_program, mut printed) = shown.run(server.port().await);
        let (answers, serving) = shown.printed.rsplit_once('\n').unwrap();
        for answer in answers.lines() {
            assert_eq!(printed.next_line().await.unwrap().as_deref(), Some(answer));
        }
        let serving = serving.strip_suffix("4001").unwrap();
        let line = printed.next_line().await.unwrap().unwrap();
        let port = line.strip_prefix(serving).unwrap();

        client.until("* ").await;
        for (number, (form, value)) in shown.session().enumerate() {
            let form = if number == 0 { exchanged(form, "4001", port) } else { form.to_owned() };
            client.enter(&form).await;
            let answered = client.until("\n* ").await;
            // What the collector says of itself is of the moment.
            let answered: Vec<_> =
                answered.trim().lines().filter(|line| !line.starts_with("; [GC")).collect();
            assert_eq!(answered.join("\n"), value, "{form}");
        }
    })
    .await;
}

#[tokio::test]
async fn the_octets_alone_serve_without_the_debugger() {
    let shown = Shown::read();
    let Some(mut lisp) = Terminal::run(shown.serve_octets) else { return };
    let served = exchanged(shown.served_octets, "4000", "0");
    let (listen, serve) = served.split_at(served.find("(setf *debugger-hook*").unwrap());
    in_time(async {
        lisp.enter("(defun divide (a b) (floor a b))").await;
        lisp.enter(listen).await;
        // The value of the last form is the server.
        let socket = "(wire::request-server-socket *)";
        lisp.enter(&format!(
            "(format t \"at ~D.\" (nth-value 1 (ext:get-socket-host-and-port {socket})))"
        ))
        .await;
        lisp.until("at ").await;
        let port: u16 = lisp.until(".").await.parse().unwrap();
        lisp.enter(serve).await;

        let shown = "Wire::builder().classic().latin1().connect(\"127.0.0.1:4000\")";
        assert!(README.contains(shown));
        let wire = Wire::builder().classic().latin1().connect(("127.0.0.1", port)).await.unwrap();
        for _ in 0..2 {
            remote_value_bind!(wire, (quotient: i64, rest: i64) = divide(17, 5), {
                assert_eq!((quotient, rest), (3, 2));
            } else |unwound| panic!("{unwound}"))
            .unwrap();
            assert_eq!(remote_value!(wire, divide(1, 0) -> i64).await.unwrap(), (None, true));
            assert_eq!(remote_value!(wire, "break"() -> i64).await.unwrap(), (None, true));
        }
    })
    .await;
}
