//! Waiting that ends, one way or the other.

use std::future::Future;
use std::time::Duration;

/// What `future` gives. A test that hangs fails instead; it says nothing about speed.
pub(crate) async fn within<F: Future>(future: F) -> F::Output {
    let limit = Duration::from_secs(30);
    tokio::time::timeout(limit, future).await.expect("it must not hang")
}

/// Waits until `condition` holds.
pub(crate) async fn until(condition: impl Fn() -> bool) {
    let held = async {
        while !condition() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    within(held).await;
}
