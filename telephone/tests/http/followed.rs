//! Commands followed as they change, and what becomes of who waits when the server ends.

use futures_util::StreamExt;
use reqwest::Response;
use telephone::server::ServerLimits;
use telephone::{JobId, State, Submission};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::house::{self, House, LONG, read_to_end, sent};

/// What comes up to the text, or to the end.
async fn until(response: &mut Response, text: &str) -> String {
    let mut said = String::new();
    let reading = async {
        while !said.contains(text) {
            match response.chunk().await.expect("the connection stands") {
                Some(octets) => said.push_str(&String::from_utf8_lossy(&octets)),
                None => break,
            }
        }
    };
    timeout(LONG, reading).await.expect("it comes");
    said
}

#[tokio::test]
async fn a_command_is_followed_to_its_end() {
    let house = House::new().await;
    let id = house.file("(hold)").await;
    let mut events = sent(house.get(&format!("/api/jobs/{id}/events"))).await;
    assert_eq!(events.headers()["content-type"], "text/event-stream");
    let said = until(&mut events, "half of it").await;
    assert!(said.starts_with("event: job\ndata: {"), "{said}");
    sent(house.client.delete(house.url(&format!("/api/jobs/{id}")))).await;
    let said = until(&mut events, "nothing more comes").await;
    assert!(said.contains(r#""state":"cancelled""#), "{said}");
    house.close().await;
}

#[tokio::test]
async fn a_partner_follows_to_the_end() {
    let house = House::new().await;
    let partner = house.partner();
    let job = partner.submit(Submission::new("(+ 1 2)")).await.unwrap();
    let states: Vec<State> =
        timeout(LONG, partner.follow(&job.id).map(|job| job.unwrap().state).collect())
            .await
            .unwrap();
    assert_eq!(states.last(), Some(&State::Finished));
    assert!(states.iter().rev().skip(1).all(|state| !state.is_ended()), "{states:?}");
    let unknown: JobId = "ZZZ".parse().unwrap();
    let followed: Vec<_> = partner.follow(&unknown).collect().await;
    assert!(matches!(&followed[..], [Err(_)]), "{followed:?}");
    house.close().await;
}

#[tokio::test]
async fn all_commands_are_followed() {
    let house = House::new().await;
    let mut events = sent(house.get("/api/events")).await;
    let first = house.file("(+ 1 2)").await;
    let second = house.file("(/ 1 0)").await;
    let mut said = String::new();
    while !(said.contains(&second) && said.contains("unwound") && said.contains("finished")) {
        said.push_str(&until(&mut events, "\n\n").await);
    }
    assert!(said.contains(&first), "{said}");
    house.close().await;
}

#[tokio::test]
async fn a_stream_in_which_nothing_happens_says_that_it_lives() {
    let limits = ServerLimits::default().keep_alive(std::time::Duration::from_millis(10));
    let house = House::of(house::builder().limits(limits)).await;
    let mut events = sent(house.get("/api/events")).await;
    assert!(until(&mut events, "\n\n").await.starts_with(':'));
    house.close().await;
}

#[tokio::test]
async fn who_waits_is_answered_when_the_server_ends() {
    let mut house = House::of(house::builder().grace(std::time::Duration::from_millis(200))).await;
    let id = house.file("(hold)").await;
    house.reach(&id, "running").await;
    let mut all = sent(house.get("/api/events")).await;
    let mut one = sent(house.get(&format!("/api/jobs/{id}/events"))).await;
    // Both in one go, so that the second is heard when the first is answered.
    let ask = |asked| format!("GET /api/jobs/{id}{asked} HTTP/1.1\r\nHost: localhost\r\n\r\n");
    let mut poll = TcpStream::connect(house.address).await.unwrap();
    poll.write_all((ask("") + &ask("?wait=30")).as_bytes()).await.unwrap();
    let mut first = Vec::new();
    while !first.ends_with(b"}") {
        poll.read_buf(&mut first).await.unwrap();
    }
    until(&mut one, "running").await;
    house.stop();
    until(&mut all, "nothing more comes").await;
    until(&mut one, "nothing more comes").await;
    let answer = read_to_end(poll).await;
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    house.close().await;
}
