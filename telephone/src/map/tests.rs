//! Maps over partners that live in memory, in a time that is not the clock's.

mod partner;

use std::num::NonZeroUsize;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::{Map, MapProgress, MapSettings, Outcome, schedule};
use crate::job::Hint;
use partner::InMemory;

fn squares(count: i64) -> Map {
    Map::new("square", (0..count).map(|item| item.to_string())).unwrap()
}

async fn run(map: &Map, partners: &[&InMemory]) -> Vec<Outcome> {
    watched(map, partners, |_| ()).await
}

async fn watched(
    map: &Map,
    partners: &[&InMemory],
    progress: impl FnMut(&MapProgress),
) -> Vec<Outcome> {
    let partners = partners.iter().map(|partner| (*partner).clone()).collect();
    schedule::run(map, partners, std::future::pending(), progress).await
}

fn expected(item: i64) -> Outcome {
    match item {
        13 => Outcome::Unwound(Hint::new("SIMPLE-ERROR", "unlucky")),
        _ => Outcome::Finished((item * item).to_string()),
    }
}

#[track_caller]
fn assert_all(outcomes: &[Outcome]) {
    for (item, outcome) in (0..).zip(outcomes) {
        assert_eq!(*outcome, expected(item), "item {item}");
    }
}

#[tokio::test(start_paused = true)]
async fn outcomes_are_in_the_items_order_whoever_is_first() {
    let quick = InMemory::quick();
    let slow = InMemory::slow(Duration::from_millis(70));
    let outcomes = run(&squares(500), &[&slow, &quick]).await;
    assert_eq!(outcomes.len(), 500);
    assert_all(&outcomes);
    assert!(quick.house().given.len() > slow.house().given.len());
    assert!(!slow.house().given.is_empty());
}

#[tokio::test(start_paused = true)]
async fn ten_thousand_cheap_items_cost_few_commands() {
    let partners = [InMemory::quick(), InMemory::quick(), InMemory::quick()];
    let mut told = 0;
    let watch = |progress: &MapProgress| {
        assert!(told <= progress.done && progress.of == 10_000);
        told = progress.done;
    };
    let outcomes = watched(&squares(10_000), &partners.each_ref(), watch).await;
    assert_all(&outcomes);
    assert_eq!(told, 10_000);
    let commands = partners.iter().map(|partner| partner.house().submitted).sum::<usize>();
    assert!(commands <= 120, "{commands} commands");
    let given = partners.iter().map(|partner| partner.house().given.len()).sum::<usize>();
    assert_eq!(given, 10_000, "each item ran once");
}

#[tokio::test(start_paused = true)]
async fn items_that_take_long_go_out_alone() {
    let partner = InMemory::slow(Duration::from_secs(3));
    assert_all(&run(&squares(60), &[&partner]).await);
    // The first chunks teach it.
    assert!(partner.house().submitted >= 40, "{}", partner.house().submitted);
}

#[tokio::test(start_paused = true)]
async fn a_partner_that_dies_loses_its_work_to_the_others() {
    let partners: [_; 3] = std::array::from_fn(|_| InMemory::slow(Duration::from_millis(5)));
    let mut killed = false;
    let watch = |progress: &MapProgress| {
        if progress.done > 3000 && !killed {
            partners[1].die();
            killed = true;
        }
    };
    assert_all(&watched(&squares(10_000), &partners.each_ref(), watch).await);
    assert!(killed);
}

#[tokio::test(start_paused = true)]
async fn a_partner_that_comes_back_gets_work_again() {
    let (stays, goes) = (InMemory::quick(), InMemory::quick());
    for partner in [&stays, &goes] {
        partner.house().per_item = Duration::from_millis(20);
    }
    let mut gone = None;
    let mut given = 0;
    let watch = |progress: &MapProgress| match gone {
        None if progress.done > 1000 => {
            goes.die();
            gone = Some(Instant::now());
            given = goes.house().given.len();
        }
        Some(since) if since.elapsed() > Duration::from_secs(5) => goes.come_back(),
        _ => {}
    };
    assert_all(&watched(&squares(5000), &[&stays, &goes], watch).await);
    assert!(gone.is_some() && given > 0);
    assert!(goes.house().given.len() > given + 500, "{} then, {}", given, goes.house().given.len());
}

#[tokio::test(start_paused = true)]
async fn who_lags_loses_its_chunk_to_one_that_is_idle_and_is_told() {
    let (quick, lags) = (InMemory::quick(), InMemory::quick());
    lags.house().silent = true;
    let begun = Instant::now();
    assert_all(&run(&squares(1000), &[&lags, &quick]).await);
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
    let lags = lags.house();
    assert!(lags.submitted > 0);
    assert_eq!(lags.cancelled, lags.submitted);
}

#[tokio::test(start_paused = true)]
async fn what_is_slow_everywhere_is_not_done_twice() {
    let partners: [_; 2] = std::array::from_fn(|_| InMemory::slow(Duration::from_secs(8)));
    let one = MapSettings::default().chunk(NonZeroUsize::MIN);
    assert_all(&run(&squares(9).settings(one), &partners.each_ref()).await);
    let given = partners.iter().map(|partner| partner.house().given.len()).sum::<usize>();
    assert_eq!(given, 9);
}

#[tokio::test(start_paused = true)]
async fn only_the_guilty_item_unwinds_when_a_chunk_is_killed() {
    let partners = [InMemory::quick(), InMemory::quick()];
    for partner in &partners {
        partner.house().fatal.extend([7, 1500]);
    }
    let outcomes = run(&squares(2000), &partners.each_ref()).await;
    for (item, outcome) in (0..).zip(&outcomes) {
        if [7, 1500].contains(&item) {
            let hint = Hint::new("TIMEOUT", "it took too long");
            assert_eq!(*outcome, Outcome::Unwound(hint), "item {item}");
        } else {
            assert_eq!(*outcome, expected(item), "item {item}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_chunk_that_is_too_long_is_sent_in_parts() {
    let partner = InMemory::quick();
    partner.house().most = 50;
    assert_all(&run(&squares(3000), &[&partner]).await);
}

#[tokio::test(start_paused = true)]
async fn a_full_queue_is_no_failure() {
    let partner = InMemory::quick();
    partner.house().full = 5;
    let impatient = MapSettings::default().patience(Duration::ZERO);
    let mut troubles = 0;
    let watch = |progress: &MapProgress| {
        troubles += usize::from(progress.partners[0].trouble.is_some());
    };
    // Before it has answered for the first time nobody is there, and patience is needed for that.
    let impatient = squares(300).settings(impatient.patience(Duration::from_millis(500)));
    assert_all(&watched(&impatient, &[&partner], watch).await);
    assert_eq!(troubles, 0);
}

#[tokio::test(start_paused = true)]
async fn when_all_are_gone_for_too_long_what_is_done_is_kept() {
    let partner = InMemory::slow(Duration::from_millis(10));
    let watch = |progress: &MapProgress| {
        if progress.done > 100 {
            partner.die();
        }
    };
    let begun = Instant::now();
    let outcomes = watched(&squares(1000), &[&partner], watch).await;
    assert!(begun.elapsed() >= Duration::from_secs(60));
    let (done, lost): (Vec<_>, Vec<_>) =
        outcomes.iter().partition(|o| !matches!(o, Outcome::Lost(_)));
    assert!(done.len() > 100 && lost.len() > 100);
    let Outcome::Lost(reason) = lost[0] else { panic!("{:?}", lost[0]) };
    assert!(reason.contains("60s") && reason.contains("nobody answers"), "{reason}");
}

#[tokio::test(start_paused = true)]
async fn nobody_waits_for_partners_that_refuse() {
    let partner = InMemory::quick();
    partner.house().refuses = true;
    let begun = Instant::now();
    let outcomes = run(&squares(3), &[&partner]).await;
    assert_eq!(outcomes, vec![Outcome::Lost("wants a token".to_owned()); 3]);
    assert!(begun.elapsed() < Duration::from_secs(1));
}

#[tokio::test(start_paused = true)]
async fn an_item_that_takes_down_its_servers_is_given_up_and_no_other() {
    let partners = [InMemory::quick(), InMemory::quick()];
    for partner in &partners {
        partner.house().deadly.insert(40);
    }
    let outcomes = run(&squares(100), &partners.each_ref()).await;
    for (item, outcome) in (0..).zip(&outcomes) {
        if item == 40 {
            assert!(matches!(outcome, Outcome::Lost(reason) if reason.contains("8 attempts")));
        } else {
            assert_eq!(*outcome, expected(item), "item {item}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_stopped_map_calls_off_what_is_under_way() {
    let partner = InMemory::slow(Duration::from_secs(1));
    let stop = sleep(Duration::from_secs(20));
    let outcomes = schedule::run(&squares(100), vec![partner.clone()], stop, |_| ()).await;
    let done = outcomes.iter().filter(|outcome| outcome.value().is_some()).count();
    assert!((1..100).contains(&done), "{done}");
    assert_eq!(outcomes[99], Outcome::Lost("the map was stopped".to_owned()));
    assert!(partner.house().cancelled > 0);
}

#[tokio::test(start_paused = true)]
async fn a_partner_has_no_more_at_once_than_it_should() {
    let partner = InMemory::slow(Duration::from_millis(50));
    assert_all(&run(&squares(500), &[&partner]).await);
    assert_eq!(partner.house().most_at_once, 3, "one more than it runs at a time");

    let partner = InMemory::slow(Duration::from_millis(50));
    let one = MapSettings::default().in_flight(NonZeroUsize::MIN);
    assert_all(&run(&squares(500).settings(one), &[&partner]).await);
    assert_eq!(partner.house().most_at_once, 1);
}

#[tokio::test(start_paused = true)]
async fn nothing_to_do_is_done_at_once_and_nobody_does_nothing() {
    assert_eq!(run(&squares(0), &[&InMemory::quick()]).await, []);
    let outcomes = run(&squares(1), &[]).await;
    assert_eq!(outcomes, [Outcome::Lost("no partner was given".to_owned())]);
}
