//! The description that the server gives of itself, and its page.

use std::collections::BTreeSet;

use crate::house::{House, json, sent};

#[tokio::test]
async fn every_route_is_described() {
    let house = House::new().await;
    let description = json(house.get("/api/openapi.json")).await;
    let mut described = BTreeSet::new();
    for (path, methods) in description["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            described.insert(format!("{method} {path}"));
            let asked = path.replace("{id}", "G1");
            let request =
                house.client.request(method.to_uppercase().parse().unwrap(), house.url(&asked));
            let response = sent(request.header("content-type", "application/json")).await;
            let status = response.status();
            let known = operation["responses"].as_object().unwrap();
            assert!(known.contains_key(status.as_str()), "{method} {path} answers {status}");
            assert!(operation["description"].is_string() || operation["summary"].is_string());
        }
    }
    let routes = [
        "delete /api/jobs/{id}",
        "get /api/events",
        "get /api/functions",
        "get /api/jobs",
        "get /api/jobs/{id}",
        "get /api/jobs/{id}/events",
        "get /api/partners",
        "get /api/status",
        "post /api/jobs",
        "post /tcmd",
        "post /tres",
    ];
    assert_eq!(described, routes.map(str::to_owned).into());
    house.close().await;
}

#[tokio::test]
async fn what_the_description_speaks_of_is_in_it() {
    let house = House::new().await;
    let text = sent(house.get("/api/openapi.json")).await.text().await.unwrap();
    let description: serde_json::Value = serde_json::from_str(&text).unwrap();
    let schemas = description["components"]["schemas"].as_object().unwrap();
    for name in text.split("#/components/schemas/").skip(1) {
        let name = name.split('"').next().unwrap();
        assert!(schemas.contains_key(name), "{name}");
    }
    assert_eq!(description["components"]["securitySchemes"]["token"]["scheme"], "bearer");
    house.close().await;
}

#[tokio::test]
async fn the_page_lets_nothing_in_but_its_own_script() {
    let house = House::new().await;
    let mut nonces = BTreeSet::new();
    for _ in 0..2 {
        let response = sent(house.get("/")).await;
        assert_eq!(response.headers()["content-type"], "text/html; charset=utf-8");
        let policy = response.headers()["content-security-policy"].to_str().unwrap().to_owned();
        assert!(policy.starts_with("default-src 'none'"), "{policy}");
        assert!(!policy.contains("unsafe"), "{policy}");
        let nonce = policy.split("'nonce-").nth(1).unwrap().split('\'').next().unwrap().to_owned();
        let page = response.text().await.unwrap();
        assert!(page.contains(&format!("<script nonce=\"{nonce}\">")), "{policy}");
        assert!(page.contains(&format!("<style nonce=\"{nonce}\">")), "{policy}");
        assert!(!page.contains("{{nonce}}") && !page.contains("://"), "it needs nothing else");
        nonces.insert(nonce);
    }
    assert_eq!(nonces.len(), 2, "no nonce comes twice");
    house.close().await;
}
