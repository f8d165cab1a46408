//! Who may ask, by which name, from where, and how often.

use std::net::{Ipv4Addr, SocketAddr};

use serde_json::json;
use telephone::partner::Failure;
use telephone::server::{ServerError, ServerLimits};

use crate::house::{self, House, problem, sent};

const ROUTES: [(&str, &str); 13] = [
    ("GET", "/api/jobs"),
    ("POST", "/api/jobs"),
    ("GET", "/api/jobs/G1"),
    ("DELETE", "/api/jobs/G1"),
    ("GET", "/api/jobs/G1/events"),
    ("GET", "/api/events"),
    ("GET", "/api/functions"),
    ("GET", "/api/status"),
    ("GET", "/api/partners"),
    ("GET", "/api/openapi.json"),
    ("POST", "/tcmd"),
    ("POST", "/tres"),
    ("GET", "/nowhere"),
];

fn request(house: &House, (method, path): (&str, &str)) -> reqwest::RequestBuilder {
    house.client.request(method.parse().expect("it is a method"), house.url(path))
}

#[tokio::test]
async fn without_the_token_nothing_is_told_but_the_text_of_the_page() {
    let house = House::of(house::builder().token("sesame")).await;
    for route in ROUTES {
        problem(request(&house, route), 401).await;
        problem(request(&house, route).bearer_auth("sesam"), 401).await;
        problem(request(&house, route).header("authorization", "Basic sesame"), 401).await;
        let response = sent(request(&house, route).bearer_auth("sesame")).await;
        assert_ne!(response.status(), 401, "{route:?}");
    }
    assert_eq!(sent(house.get("/")).await.status(), 200);
    let unauthorized = sent(house.get("/api/status")).await;
    assert_eq!(unauthorized.headers()["www-authenticate"], "Bearer");
    assert!(house.heard.lock().unwrap().is_empty());
    house.close().await;
}

#[tokio::test]
async fn a_partner_shows_its_token() {
    let house = House::of(house::builder().token("sesame")).await;
    let error = house.partner().token("poppy").status().await.unwrap_err();
    assert_eq!(error.failure(), &Failure::Unauthorized);
    assert!(house.partner().token("sesame").status().await.is_ok());
    house.close().await;
}

#[tokio::test]
async fn pages_from_elsewhere_are_refused_everywhere() {
    let house = House::new().await;
    for route in ROUTES {
        for (header, value) in [("origin", "http://evil.example"), ("sec-fetch-site", "cross-site")]
        {
            problem(request(&house, route).header(header, value), 403).await;
        }
        problem(request(&house, route).header("host", "evil.example:4242"), 421).await;
    }
    problem(house.get("/").header("host", "evil.example"), 421).await;
    let followed_a_link = house.get("/").header("sec-fetch-site", "cross-site");
    assert_eq!(sent(followed_a_link).await.status(), 200);
    assert!(house.heard.lock().unwrap().is_empty());
    house.close().await;
}

#[tokio::test]
async fn its_own_page_and_other_names_that_it_has_are_let_in() {
    let house = House::of(house::builder().host("cellar.example")).await;
    let own = house.post("/api/jobs").header("origin", format!("http://{}", house.address));
    let own = own.header("sec-fetch-site", "same-origin").json(&json!({ "command": "1" }));
    assert_eq!(sent(own).await.status(), 201);
    let named = house.get("/api/status").header("host", "cellar.example:4242");
    assert_eq!(sent(named).await.status(), 200);
    house.close().await;
}

#[tokio::test]
async fn who_asks_too_often_is_told_when_to_come_again() {
    let limits = ServerLimits::default().rate(1).burst(3);
    let house = House::of(house::builder().limits(limits)).await;
    let mut answers = Vec::new();
    for _ in 0..4 {
        answers.push(sent(house.get("/api/status")).await);
    }
    let refused = answers.iter().find(|answer| answer.status() == 429).expect("four is too many");
    assert!(refused.headers()["retry-after"].to_str().unwrap().parse::<u64>().unwrap() > 0);
    house.close().await;
}

#[tokio::test]
async fn an_address_of_others_wants_a_token_or_a_word() {
    let anywhere = || house::builder().address("0.0.0.0:0");
    let error = anywhere().bind().await.unwrap_err();
    assert!(matches!(error, ServerError::Exposed { .. }), "{error}");
    let message = error.to_string();
    assert!(message.contains("token") && message.contains("insecure"), "{message}");
    for builder in [anywhere().token("sesame"), anywhere().insecure()] {
        let server = builder.bind().await.unwrap();
        assert!(server.local_addr().unwrap().ip().is_unspecified());
    }
}

#[tokio::test]
async fn what_cannot_be_served_is_said_before_anything_is_opened() {
    for token in ["", "two words", "t\u{f6}ken"] {
        let error = house::builder().token(token).bind().await.unwrap_err();
        assert!(matches!(error, ServerError::Token), "{error}");
    }
    let taken = House::new().await;
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, taken.address.port()));
    let error = house::builder().address(address.to_string()).bind().await.unwrap_err();
    assert!(error.to_string().contains(&address.to_string()), "{error}");
    let nobody = ServerLimits::default().connections(0);
    assert!(house::builder().limits(nobody).bind().await.is_err());
    taken.close().await;
}
