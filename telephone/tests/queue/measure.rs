//! How many commands a queue takes and runs: `cargo test --release --test queue -- --ignored
//! --nocapture measure`.

use std::time::Instant;

use futures_util::future::join_all;
use telephone::Submission;
use telephone::queue::Queue;

use crate::runners::Words;
use crate::storage::{LONG, Place};

on_each_storage! {
    #[ignore = "measures, and asserts nothing about time"]
    submissions_and_runs,
}

async fn submissions_and_runs(place: Place) {
    let queue =
        Queue::open(place.settings().beat(std::time::Duration::from_secs(1))).await.unwrap();
    let rate = |many: u32, since: Instant| f64::from(many) / since.elapsed().as_secs_f64();

    let since = Instant::now();
    for number in 0..100 {
        queue.submit(Submission::new(format!("say {number}"))).await.unwrap();
    }
    println!("one sender: {:.0} submissions/s", rate(100, since));

    let since = Instant::now();
    let submitting = (0..5000).map(|number| queue.submit(Submission::new(format!("say {number}"))));
    let ids: Vec<_> = join_all(submitting).await.into_iter().map(|s| s.unwrap().job.id).collect();
    println!("many senders: {:.0} submissions/s", rate(5000, since));

    let since = Instant::now();
    queue.start(Words::new());
    for id in &ids {
        assert!(queue.wait(id, LONG).await.unwrap().unwrap().state.is_ended());
    }
    println!(
        "{} places: {:.0} commands/s",
        queue.counts().await.unwrap().concurrency,
        rate(5000, since)
    );
    assert_eq!(queue.counts().await.unwrap().finished, 5100);
}
