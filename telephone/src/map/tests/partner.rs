//! A partner that lives in memory, and does as it is told.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use jiff::Timestamp;
use tokio::time::{Instant, sleep};

use crate::job::{Hint, Job, JobId, State, Submission};
use crate::lisp::Form;
use crate::map::worker::{Trouble, Worker};

/// Squares integers, in a time of its own for each. Clones are the same partner.
#[derive(Clone)]
pub(super) struct InMemory(Arc<Mutex<House>>);

pub(super) struct House {
    pub(super) up: bool,
    /// Takes commands, and never says what becomes of them.
    pub(super) silent: bool,
    pub(super) refuses: bool,
    pub(super) full: u32,
    pub(super) concurrency: usize,
    pub(super) per_item: Duration,
    /// Items in one command.
    pub(super) most: usize,
    /// A command with one of these ends as a whole.
    pub(super) fatal: HashSet<i64>,
    /// A command with one of these takes the server down, which comes back having forgotten it.
    pub(super) deadly: HashSet<i64>,
    jobs: HashMap<JobId, (Instant, Job)>,
    pub(super) submitted: usize,
    pub(super) cancelled: usize,
    pub(super) most_at_once: usize,
    /// Items that it was given, with what it was given again.
    pub(super) given: Vec<i64>,
    pub(super) keys: HashSet<String>,
}

impl InMemory {
    pub(super) fn quick() -> Self {
        Self(Arc::new(Mutex::new(House {
            up: true,
            silent: false,
            refuses: false,
            full: 0,
            concurrency: 2,
            per_item: Duration::from_micros(100),
            most: usize::MAX,
            fatal: HashSet::new(),
            deadly: HashSet::new(),
            jobs: HashMap::new(),
            submitted: 0,
            cancelled: 0,
            most_at_once: 0,
            given: Vec::new(),
            keys: HashSet::new(),
        })))
    }

    pub(super) fn slow(per_item: Duration) -> Self {
        let partner = Self::quick();
        partner.house().per_item = per_item;
        partner
    }

    pub(super) fn house(&self) -> MutexGuard<'_, House> {
        self.0.lock().unwrap()
    }

    /// As when its server is killed: what it had is gone.
    pub(super) fn die(&self) {
        let mut house = self.house();
        house.up = false;
        house.jobs.clear();
    }

    pub(super) fn come_back(&self) {
        self.house().up = true;
    }
}

impl House {
    fn reach(&self) -> Result<(), Trouble> {
        match (self.up, self.refuses) {
            (false, _) => Err(Trouble::Gone("nobody answers".to_owned())),
            (true, true) => Err(Trouble::Refused("wants a token".to_owned())),
            (true, false) => Ok(()),
        }
    }

    fn file(&mut self, submission: Submission) -> Result<JobId, Trouble> {
        self.reach()?;
        if self.full > 0 {
            self.full -= 1;
            return Err(Trouble::Full(None));
        }
        let items = items(&submission.command);
        if items.len() > self.most {
            return Err(Trouble::TooLong(format!("{} items", items.len())));
        }
        assert!(submission.repeatable && self.keys.insert(submission.key.clone().unwrap()));
        self.submitted += 1;
        let id = JobId::random();
        let ends = Instant::now() + self.per_item * u32::try_from(items.len()).unwrap();
        let mut job = job(&id, &submission.command);
        if items.iter().any(|item| self.fatal.contains(item)) {
            job.state = State::Unwound;
            job.hint = Some(Hint::new("TIMEOUT", "it took too long"));
        } else {
            job.value = Some(answer(&items));
        }
        if !items.iter().any(|item| self.deadly.contains(item)) {
            self.jobs.insert(id.clone(), (ends, job));
        }
        self.most_at_once = self.most_at_once.max(self.jobs.len());
        self.given.extend(items);
        Ok(id)
    }
}

impl Worker for InMemory {
    async fn submit(&self, submission: Submission) -> Result<JobId, Trouble> {
        sleep(ROUND_TRIP).await;
        self.house().file(submission)
    }

    async fn wait(&self, id: &JobId) -> Result<Option<Job>, Trouble> {
        loop {
            sleep(ROUND_TRIP).await;
            let mut house = self.house();
            house.reach()?;
            match house.jobs.get(id) {
                None => return Ok(None),
                Some((ends, _)) if house.silent || *ends > Instant::now() => {}
                Some(_) => return Ok(house.jobs.remove(id).map(|(_, job)| job)),
            }
        }
    }

    async fn cancel(&self, id: &JobId) {
        sleep(ROUND_TRIP).await;
        let mut house = self.house();
        if house.up && house.jobs.remove(id).is_some() {
            house.cancelled += 1;
        }
    }

    async fn concurrency(&self) -> Result<usize, Trouble> {
        sleep(ROUND_TRIP).await;
        let house = self.house();
        house.reach().map(|()| house.concurrency)
    }
}

/// What the command says it is over.
fn items(command: &str) -> Vec<i64> {
    let forms = Form::read_all(command).unwrap();
    let [.., quoted] = forms[0].items().unwrap() else { panic!("no items in {command}") };
    let items = quoted.items().unwrap()[1].items().unwrap().iter();
    items.map(|item| item.to_string().parse().unwrap()).collect()
}

/// Of 13 there is no square.
fn answer(items: &[i64]) -> String {
    let each = items.iter().map(|item| match item {
        13 => r#"(:UNWOUND "SIMPLE-ERROR" "unlucky")"#.to_owned(),
        item => format!("(:FINISHED \"{}\")", item * item),
    });
    format!("({})", each.collect::<Vec<_>>().join(" "))
}

fn job(id: &JobId, command: &str) -> Job {
    let job = Job::new(id.clone(), command, State::Finished, Timestamp::UNIX_EPOCH);
    Job { repeatable: true, attempts: 1, ..job }
}

const ROUND_TRIP: Duration = Duration::from_millis(2);
