//! The JSON API: every route, and every status of each.

use futures_util::future::join_all;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use telephone::server::ServerLimits;

use crate::house::{self, House, LONG, problem, sent};

async fn submit(house: &House, body: &Value) -> (StatusCode, Value) {
    let response = sent(house.post("/api/jobs").json(body)).await;
    (response.status(), response.json().await.unwrap())
}

#[tokio::test]
async fn a_command_is_filed_once_under_a_key() {
    let house = House::new().await;
    let (status, first) = submit(&house, &json!({ "command": "(+ 1 2)", "key": "a" })).await;
    assert_eq!((status, &first["key"]), (StatusCode::CREATED, &json!("a")));
    let (status, second) = submit(&house, &json!({ "command": "(+ 1 2)", "key": "a" })).await;
    assert_eq!((status, &second["id"]), (StatusCode::OK, &first["id"]));
    for key in ["a", "\"a\""] {
        let request = house.post("/api/jobs").header("Idempotency-Key", key);
        let response = sent(request.json(&json!({ "command": "(+ 1 2)" }))).await;
        assert_eq!(response.status(), StatusCode::OK, "{key}");
        let location = format!("/api/jobs/{}", first["id"].as_str().unwrap());
        assert_eq!(response.headers()["location"], *location);
    }
    let other = house.post("/api/jobs").json(&json!({ "command": "(+ 1 3)", "key": "a" }));
    let problem = problem(other, 422).await;
    assert!(problem["detail"].as_str().unwrap().contains(first["id"].as_str().unwrap()));
    house.close().await;
}

#[tokio::test]
async fn many_that_file_under_one_key_at_once_get_one_command() {
    let house = House::new().await;
    let body = json!({ "command": "(hold)", "key": "one" });
    let all = join_all((0..32).map(|_| submit(&house, &body))).await;
    let created = all.iter().filter(|(status, _)| *status == StatusCode::CREATED).count();
    assert_eq!(created, 1);
    assert!(all.iter().all(|(_, job)| job["id"] == all[0].1["id"]));
    house.close().await;
}

#[tokio::test]
async fn a_command_is_waited_for() {
    let house = House::new().await;
    let id = house.file("(+ 1 2)").await;
    let job = house::json(house.get(&format!("/api/jobs/{id}?wait=60"))).await;
    assert_eq!((&job["state"], &job["value"]), (&json!("finished"), &json!("3")));
    let id = house.file("(/ 1 0)").await;
    let job = house::json(house.get(&format!("/api/jobs/{id}?wait=60"))).await;
    assert_eq!(job["hint"]["condition"], "DIVISION-BY-ZERO");
    house.close().await;
}

#[tokio::test]
async fn waiting_ends_with_the_limit_of_the_server() {
    let limits = ServerLimits::default().wait(std::time::Duration::from_millis(20));
    let house = House::of(house::builder().limits(limits)).await;
    let id = house.file("(hold)").await;
    let job = house::json(house.get(&format!("/api/jobs/{id}?wait=100000"))).await;
    assert!(job["state"] == "running" || job["state"] == "waiting", "{job}");
    house.close().await;
}

#[tokio::test]
async fn a_command_is_called_off() {
    let house = House::new().await;
    let id = house.file("(hold)").await;
    house.reach(&id, "running").await;
    let job = house::json(house.client.delete(house.url(&format!("/api/jobs/{id}")))).await;
    assert_eq!(job["state"], "cancelled");
    house.close().await;
}

#[tokio::test]
async fn commands_are_listed_the_latest_first() {
    let house = House::new().await;
    let mut ids = Vec::new();
    for _ in 0..3 {
        let id = house.file("(+ 1 2)").await;
        house.reach(&id, "finished").await;
        ids.push(id);
    }
    let list = async |asked: &str| -> Vec<String> {
        let jobs = house::json(house.get(&format!("/api/jobs{asked}"))).await;
        let ids = jobs.as_array().unwrap().iter().map(|job| job["id"].as_str().unwrap());
        ids.map(str::to_owned).collect()
    };
    ids.reverse();
    assert_eq!(list("").await, ids);
    assert_eq!(list("?state=finished&limit=2").await, ids[..2]);
    assert_eq!(list(&format!("?before={}", ids[1])).await, ids[2..]);
    assert_eq!(list("?state=running").await, [""; 0]);
    house.close().await;
}

#[tokio::test]
async fn the_server_tells_how_it_is() {
    let house = House::new().await;
    let id = house.file("(hold)").await;
    house.reach(&id, "running").await;
    let status = house::json(house.get("/api/status")).await;
    assert_eq!(status["kind"], "telephone");
    assert_eq!(status["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(
        (&status["queue"]["running"], &status["queue"]["taking"]),
        (&json!(1), &json!(true))
    );
    assert_eq!(house::json(house.get("/api/functions")).await, json!([]));
    house.close().await;
}

#[tokio::test]
async fn partners_are_shown_up_or_down() {
    let up = House::new().await;
    let down = House::new().await;
    let (up_there, down_there) = (up.partner().named("up"), down.partner().named("down"));
    down.close().await;
    let house = House::of(house::builder().partners([up_there, down_there])).await;
    let partners = house::json(house.get("/api/partners")).await;
    assert_eq!((&partners[0]["name"], &partners[0]["up"]), (&json!("up"), &json!(true)));
    assert!(partners[0]["latency_ms"].is_number() && partners[0]["status"]["queue"].is_object());
    assert_eq!((&partners[1]["name"], &partners[1]["up"]), (&json!("down"), &json!(false)));
    assert!(partners[1]["problem"].as_str().unwrap().contains("refused"), "{partners}");
    house.close().await;
    up.close().await;
}

#[tokio::test]
async fn what_is_not_there_is_a_problem() {
    let house = House::new().await;
    for path in ["/api", "/api/jobs/G1", "/api/jobs/%20", "/api/jobs/G1/events", "/favicon.ico"] {
        problem(house.get(path), 404).await;
    }
    problem(house.client.delete(house.url("/api/jobs/G1")), 404).await;
    for (method, path) in [(Method::PUT, "/api/jobs"), (Method::POST, "/api/status")] {
        problem(house.client.request(method, house.url(path)), 405).await;
    }
    house.close().await;
}

#[tokio::test]
async fn what_cannot_be_read_is_a_problem() {
    let house = House::new().await;
    let id = house.file("(+ 1 2)").await;
    for asked in ["?wait=soon", "?wait=-1", "?wait=inf", "?waits=1"] {
        problem(house.get(&format!("/api/jobs/{id}{asked}")), 400).await;
    }
    for asked in ["?state=lost", "?limit=-1", "?before=a%20b", "?after=G1"] {
        problem(house.get(&format!("/api/jobs{asked}")), 400).await;
    }
    let said = |body: &'static str| {
        house.post("/api/jobs").header("content-type", "application/json; charset=utf-8").body(body)
    };
    for body in ["", "{", "[]", "{}", r#"{"command":1}"#, "{\"command\":\"\u{fffd}"] {
        problem(said(body), 400).await;
    }
    let two = said(r#"{"command":"1","key":"a"}"#).header("idempotency-key", "b");
    problem(two, 400).await;
    problem(house.post("/api/jobs").body(r#"{"command":"1"}"#), 415).await;
    let form = house.post("/api/jobs").form(&[("command", "1")]);
    problem(form, 415).await;
    house.close().await;
}

#[tokio::test]
async fn what_is_too_long_is_refused() {
    let limits = ServerLimits::default().body(1000);
    let queue = house::queue().command_length(100);
    let house = House::of(house::builder().limits(limits).queue(queue)).await;
    let long = json!({ "command": "x".repeat(101) });
    assert_eq!(
        problem(house.post("/api/jobs").json(&long), 413).await["title"],
        "command too long"
    );
    let longer = json!({ "command": "x".repeat(2000) });
    assert_eq!(problem(house.post("/api/jobs").json(&longer), 413).await["title"], "body too long");
    // Without a length that says so beforehand.
    let chunks = (0..20).map(|_| Ok::<_, std::io::Error>(vec![b'x'; 100]));
    let body = reqwest::Body::wrap_stream(futures_util::stream::iter(chunks));
    let request = house.post("/api/jobs").header("content-type", "application/json").body(body);
    assert_eq!(problem(request, 413).await["title"], "body too long");
    house.close().await;
}

#[tokio::test]
async fn a_full_queue_says_when_to_come_again() {
    let house = House::of(house::builder().queue(house::queue().concurrency(1).length(1))).await;
    let running = house.file("(hold)").await;
    house.reach(&running, "running").await;
    house.file("(hold)").await;
    let request = house.post("/api/jobs").json(&json!({ "command": "(hold)" }));
    let response = sent(request.try_clone().unwrap()).await;
    assert!(response.headers()["retry-after"].to_str().unwrap().parse::<u64>().unwrap() > 0);
    assert_eq!(problem(request, 429).await["title"], "queue full");
    house.close().await;
}

#[tokio::test]
async fn a_partner_finds_the_api() {
    let house = House::new().await;
    let partner = house.partner();
    let job = partner.submit(telephone::Submission::new("(+ 1 2)")).await.unwrap();
    let job = partner.wait(&job.id, LONG).await.unwrap().unwrap();
    assert_eq!(job.value.as_deref(), Some("3"));
    assert_eq!(partner.job(&job.id).await.unwrap(), Some(job.clone()));
    assert_eq!(partner.cancel(&job.id).await.unwrap().unwrap().state, job.state);
    assert_eq!(
        partner.jobs(telephone::api::JobFilter::all()).await.unwrap(),
        std::slice::from_ref(&job)
    );
    assert_eq!(partner.status().await.unwrap().queue.unwrap().finished, 1);
    assert_eq!(partner.functions().await.unwrap(), []);
    let id = partner.remote_command("(+ 1 2)").await.unwrap();
    partner.wait(&id, LONG).await.unwrap().unwrap();
    assert_eq!(partner.remote_result(&id).await.unwrap().to_string(), "(FINISHED 3)");
    assert_eq!(partner.job(&"ZZZ".parse().unwrap()).await.unwrap(), None);
    house.close().await;
}
