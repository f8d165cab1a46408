//! A queue beside a simple model of it, led by chance.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::future::BoxFuture;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use telephone::queue::{Clock, ProgressSink, Queue, Runner, SubmitError};
use telephone::{Hint, Job, JobId, State, Submission};
use tokio::sync::oneshot;

use crate::storage::{Place, until};

on_each_storage! {
    the_queue_does_as_the_model,
}

const PLACES: usize = 2;
const LENGTH: usize = 6;
const ATTEMPTS: u32 = 2;
const RETENTION: u64 = 50;

/// Runs end as the test says.
#[derive(Default)]
struct Puppets(Mutex<HashMap<JobId, oneshot::Sender<Result<String, Hint>>>>);

impl Runner for Puppets {
    fn run(&self, job: Job, _: ProgressSink) -> BoxFuture<'_, Result<String, Hint>> {
        let (end, ended) = oneshot::channel();
        self.0.lock().unwrap().insert(job.id, end);
        Box::pin(async move { ended.await.unwrap() })
    }
}

#[derive(Clone)]
struct Entry {
    id: JobId,
    submission: Submission,
    state: State,
    attempts: u32,
    expires: Option<u64>,
    ended: Option<u64>,
}

/// In the order of coming.
#[derive(Default)]
struct Model {
    now: u64,
    entries: Vec<Entry>,
}

impl Model {
    fn in_state(&self, state: State) -> Vec<JobId> {
        let entries = self.entries.iter().filter(|entry| entry.state == state);
        entries.map(|entry| entry.id.clone()).collect()
    }

    fn entry(&mut self, id: &JobId) -> &mut Entry {
        self.entries.iter_mut().find(|entry| entry.id == *id).unwrap()
    }

    fn end(&mut self, id: &JobId, state: State) {
        let now = self.now;
        let entry = self.entry(id);
        entry.state = state;
        entry.ended = Some(now);
    }

    /// What becomes of it by itself.
    fn settle(&mut self) {
        for id in self.in_state(State::Waiting) {
            if self.entry(&id).expires.is_some_and(|expires| expires <= self.now) {
                self.end(&id, State::Expired);
            }
        }
        let now = self.now;
        self.entries.retain(|entry| entry.ended.is_none_or(|ended| now < ended + RETENTION));
        for id in self.in_state(State::Waiting) {
            if self.in_state(State::Running).len() < PLACES {
                let entry = self.entry(&id);
                entry.state = State::Running;
                entry.attempts += 1;
            }
        }
    }

    fn submit(&self, submission: &Submission) -> Expected {
        let same_key =
            |entry: &&Entry| submission.key.is_some() && entry.submission.key == submission.key;
        match self.entries.iter().find(same_key) {
            Some(entry) if entry.submission == *submission => Expected::Again(entry.id.clone()),
            Some(entry) => Expected::KeyReused(entry.id.clone()),
            None if self.in_state(State::Waiting).len() >= LENGTH => Expected::Full,
            None => Expected::New,
        }
    }

    fn crash(&mut self) {
        for id in self.in_state(State::Running) {
            let entry = self.entry(&id);
            if entry.submission.repeatable && entry.attempts < ATTEMPTS {
                entry.state = State::Waiting;
                entry.expires = None;
            } else {
                self.end(&id, State::Interrupted);
            }
        }
    }
}

#[derive(Debug, PartialEq)]
enum Expected {
    New,
    Again(JobId),
    KeyReused(JobId),
    Full,
}

struct World {
    place: Place,
    clock: Clock,
    queue: Queue,
    puppets: Arc<Puppets>,
    model: Model,
    chance: StdRng,
}

impl World {
    async fn new(place: Place, seed: u64) -> Self {
        let clock = Clock::by_hand("2026-11-22T08:00:00Z".parse().unwrap());
        let (queue, puppets) = open(&place, &clock).await;
        let chance = StdRng::seed_from_u64(seed);
        Self { place, clock, queue, puppets, model: Model::default(), chance }
    }

    async fn step(&mut self) {
        match self.chance.random_range(0..100) {
            0..45 => self.submit().await,
            45..70 => self.end(),
            70..80 => self.cancel().await,
            80..92 => self.pass_time(),
            92..95 => self.shut_down().await,
            _ => self.crash().await,
        }
        self.model.settle();
        let mut difference = None;
        for _ in 0..500 {
            difference = self.difference().await;
            if difference.is_none() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("{}", difference.unwrap());
    }

    async fn submit(&mut self) {
        let mut submission = Submission::new(self.chance.random_range(0..3).to_string());
        if self.chance.random_bool(0.4) {
            submission = submission.key(self.chance.random_range(0..4).to_string());
        }
        if self.chance.random_bool(0.5) {
            submission = submission.repeatable();
        }
        let wait = self.chance.random_bool(0.3).then(|| self.chance.random_range(1..40));
        if let Some(wait) = wait {
            submission = submission.expires_after(Duration::from_millis(wait));
        }
        let expected = self.model.submit(&submission);
        let told = match self.queue.submit(submission.clone()).await {
            Ok(submitted) if submitted.new => {
                self.model.entries.push(Entry {
                    id: submitted.job.id,
                    submission,
                    state: State::Waiting,
                    attempts: 0,
                    expires: wait.map(|wait| self.model.now + wait),
                    ended: None,
                });
                Expected::New
            }
            Ok(submitted) => Expected::Again(submitted.job.id),
            Err(SubmitError::KeyReused { id }) => Expected::KeyReused(id),
            Err(SubmitError::Full { .. }) => Expected::Full,
            Err(error) => panic!("{error}"),
        };
        assert_eq!(told, expected);
    }

    fn end(&mut self) {
        let running = self.model.in_state(State::Running);
        let Some(id) = running.choose(&mut self.chance) else { return };
        let end = self.puppets.0.lock().unwrap().remove(id).unwrap();
        if self.chance.random_bool(0.7) {
            end.send(Ok("value".to_owned())).unwrap();
            self.model.end(id, State::Finished);
        } else {
            end.send(Err(Hint::new("SIMPLE-ERROR", "so it came"))).unwrap();
            self.model.end(id, State::Unwound);
        }
    }

    async fn cancel(&mut self) {
        let ids: Vec<JobId> = self.model.entries.iter().map(|entry| entry.id.clone()).collect();
        let Some(id) = ids.choose(&mut self.chance) else { return };
        if !self.model.entry(id).state.is_ended() {
            self.model.end(id, State::Cancelled);
        }
        let told = self.queue.cancel(id).await.unwrap().unwrap();
        assert_eq!(told.state, self.model.entry(id).state);
    }

    fn pass_time(&mut self) {
        let time = self.chance.random_range(1..20);
        self.model.now += time;
        self.clock.advance(Duration::from_millis(time));
    }

    /// Drops the queue as it stands. Where the dead are found out later, others may go first.
    async fn crash(&mut self) {
        if self.place.is_lasting() && !self.place.is_shared() {
            self.model.crash();
            // The file has one server at a time: something else is held meanwhile.
            self.queue = Place::memory().open().await;
            (self.queue, self.puppets) = open(&self.place, &self.clock).await;
        }
    }

    async fn shut_down(&mut self) {
        if self.place.is_lasting() {
            self.model.crash();
            self.queue.shutdown(Duration::ZERO).await.unwrap();
            (self.queue, self.puppets) = open(&self.place, &self.clock).await;
        }
    }

    /// What the store has otherwise than the model, or that a run has not begun yet.
    async fn difference(&self) -> Option<String> {
        let jobs = self.queue.jobs(Default::default()).await.unwrap();
        let stored: Vec<_> =
            jobs.into_iter().rev().map(|job| (job.id, job.state, job.attempts)).collect();
        let entries = self.model.entries.iter();
        let expected: Vec<_> =
            entries.map(|entry| (entry.id.clone(), entry.state, entry.attempts)).collect();
        let puppets = self.puppets.0.lock().unwrap();
        let all_begun =
            self.model.in_state(State::Running).iter().all(|id| puppets.contains_key(id));
        (stored != expected || !all_begun).then(|| format!("{stored:?} is not {expected:?}"))
    }
}

async fn open(place: &Place, clock: &Clock) -> (Queue, Arc<Puppets>) {
    let settings = || {
        let settings = place.settings().clock(clock.clone()).concurrency(PLACES);
        let settings = settings.length(LENGTH as u64).attempts(ATTEMPTS).dead_after(4);
        settings.retention(Duration::from_millis(RETENTION)).beat(Duration::from_millis(5))
    };
    let mut opened = None;
    until(async || {
        // Until the one that was dropped has let go.
        opened = Queue::open(settings()).await.ok();
        opened.is_some()
    })
    .await;
    let queue = opened.unwrap();
    let puppets = Arc::new(Puppets::default());
    queue.start(puppets.clone());
    (queue, puppets)
}

async fn the_queue_does_as_the_model(place: Place) {
    // Shown where it fails; given, it does the same again.
    let seed = std::env::var("QUEUE_SEED").map_or_else(|_| rand::random(), |s| s.parse().unwrap());
    println!("QUEUE_SEED={seed}");
    let mut world = World::new(place, seed).await;
    for _ in 0..150 {
        world.step().await;
    }
}
