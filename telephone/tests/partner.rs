//! Partners, asked over real sockets: by the JSON API, and by the two endpoints of the original.

#[path = "partner/json.rs"]
mod json;
#[path = "partner/original.rs"]
mod original;

use axum::Router;
use telephone::partner::Partner;
use tokio::net::TcpListener;

/// Serves it at a free port as long as the test runs, and gives a partner there.
async fn partner_of(router: Router) -> Partner {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has a free port");
    let address = listener.local_addr().expect("it is bound");
    tokio::spawn(async move { axum::serve(listener, router).await });
    Partner::new(&format!("http://{address}")).expect("it is an address")
}
