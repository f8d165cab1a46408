//! Who does what of a map, from its first item to its last.

use std::collections::HashMap;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use tokio::time::{Instant, sleep_until, timeout};
use tokio_util::sync::CancellationToken;

use super::chunk::{self, Read};
use super::crew::{Member, Standing};
use super::errand::{GRACE, Return, errand};
use super::pieces::{Piece, Pieces};
use super::progress::{MapProgress, PartnerProgress};
use super::worker::{Trouble, Worker};
use super::{Map, Outcome};
use crate::job::{Hint, Job, JobId, Submission};

/// Does the map with these workers, until it is done, or nobody is left to do it, or `stop`.
pub(super) async fn run<W: Worker>(
    map: &Map,
    workers: Vec<W>,
    stop: impl Future<Output = ()>,
    mut progress: impl FnMut(&MapProgress),
) -> Vec<Outcome> {
    let mut stop = std::pin::pin!(stop);
    let mut schedule = Schedule::new(map, workers);
    let reason = loop {
        schedule.ask_those_due();
        schedule.hand_out();
        schedule.double_a_laggard();
        progress(&schedule.progress());
        if schedule.is_done() {
            break String::new();
        }
        if let Some(reason) = schedule.hopeless() {
            break reason;
        }
        let next_look = schedule.next_look();
        tokio::select! {
            () = &mut stop => break "the map was stopped".to_owned(),
            Some((member, answer)) = schedule.questions.next() => schedule.take_answer(member, answer),
            Some((flight, returned)) = schedule.errands.next() => schedule.take_back(flight, returned),
            () = sleep_until(next_look) => {}
        }
    };
    schedule.call_everybody_back().await;
    schedule.outcomes(&reason)
}

/// ```text
///            ┌─────────────────────────── comes back undone ──┐
///   pieces ──┴─► flight ─► partner ─► its items' outcomes     │
///            ▲     └────────────────────────────────────────► │
///            └── ends as a whole through one item's fault: split
/// ```
struct Schedule<'m, W> {
    map: &'m Map,
    /// Tells this map's keys from those of all others.
    name: JobId,
    crew: Vec<Member<W>>,
    /// By their place in `crew`; an item is in `pieces`, in one or two flights, or has an outcome.
    flights: HashMap<u64, Flight>,
    pieces: Pieces,
    outcomes: Vec<Option<Outcome>>,
    /// Whether they are there, to members of the crew.
    questions: FuturesUnordered<BoxFuture<'static, (usize, Result<usize, Trouble>)>>,
    /// The ways of flights, and of those that were called back.
    errands: FuturesUnordered<BoxFuture<'static, (u64, Return)>>,
    /// How many commands were sent; the number of the latest flight.
    sent: u64,
    done: usize,
    unwound: usize,
    /// How long answered flights took, all in all, and how many they were.
    answered: (Duration, u32),
    /// Since when nobody is there.
    alone_since: Option<Instant>,
}

/// A piece on its way to a partner and back.
struct Flight {
    piece: Piece,
    member: usize,
    since: Instant,
    call_back: CancellationToken,
}

impl<'m, W: Worker> Schedule<'m, W> {
    fn new(map: &'m Map, workers: Vec<W>) -> Self {
        let member = |worker| Member::new(worker, &map.settings);
        Self {
            map,
            name: JobId::random(),
            crew: workers.into_iter().map(member).collect(),
            flights: HashMap::new(),
            pieces: Pieces::new(map.items.len()),
            outcomes: vec![None; map.items.len()],
            questions: FuturesUnordered::new(),
            errands: FuturesUnordered::new(),
            sent: 0,
            done: 0,
            unwound: 0,
            answered: (Duration::ZERO, 0),
            alone_since: Some(Instant::now()),
        }
    }

    /// Those whose pause is over are asked whether they are there.
    fn ask_those_due(&mut self) {
        let now = Instant::now();
        for (place, member) in self.crew.iter_mut().enumerate() {
            match member.standing {
                Standing::Away { until, .. } if until <= now => {}
                _ => continue,
            }
            member.standing = Standing::Asked;
            let worker = member.worker.clone();
            self.questions.push(Box::pin(async move { (place, worker.concurrency().await) }));
        }
    }

    /// Gives pieces to all who are free, one each in turn, so that they end at about the same time.
    fn hand_out(&mut self) {
        let now = Instant::now();
        loop {
            let mut given = false;
            for place in 0..self.crew.len() {
                if !self.crew[place].is_free(now) {
                    continue;
                }
                let most = self.share_of(place);
                let length = |item: usize| self.map.items[item].len() + 1;
                let Some(piece) = self.pieces.take(most, MOST_OCTETS, length) else { return };
                self.send(piece, place, now);
                given = true;
            }
            if !given {
                return;
            }
        }
    }

    /// As many as are quick with it, but towards the end fewer, lest one do the rest while others
    /// are idle; and not so few that a command is all head and no body.
    fn share_of(&self, place: usize) -> usize {
        let size = self.crew[place].size;
        let lanes = self.crew.iter().map(Member::lanes).sum::<usize>().max(1);
        let fair = self.pieces.left() / (2 * lanes);
        size.min(fair.max(size / 8)).max(1)
    }

    fn send(&mut self, piece: Piece, place: usize, now: Instant) {
        self.sent += 1;
        let number = self.sent;
        let command = chunk::command(&self.map.function, &self.map.items[piece.items.clone()]);
        // Each flight has a key of its own: a twin may go to a server with the same queue.
        let key = format!("map-{}-{number}", self.name);
        let submission = Submission::new(command).key(key).repeatable();
        let call_back = CancellationToken::new();
        let member = &mut self.crew[place];
        member.in_flight += 1;
        let way = errand(member.worker.clone(), submission, call_back.clone());
        self.errands.push(Box::pin(async move { (number, way.await) }));
        self.flights.insert(number, Flight { piece, member: place, since: now, call_back });
    }

    /// When somebody has nothing to do, the oldest chunk that lags is given to them as well; the
    /// first answer wins.
    fn double_a_laggard(&mut self) {
        let now = Instant::now();
        while let Some((number, place)) = self.laggard(now) {
            let piece = self.flights[&number].piece.clone();
            self.send(piece, place, now);
        }
    }

    fn laggard(&self, now: Instant) -> Option<(u64, usize)> {
        if !self.pieces.is_empty() {
            return None;
        }
        let idle = (0..self.crew.len()).filter(|place| self.crew[*place].is_free(now));
        let lag = self.lag();
        idle.filter_map(|place| {
            let lagging = self.flights.iter().filter(|(_, flight)| {
                flight.member != place
                    && now.duration_since(flight.since) >= lag
                    && self.twins(&flight.piece).count() == 1
            });
            lagging.map(|(number, _)| *number).min().map(|number| (number, place))
        })
        .min()
    }

    /// What is slow for everybody does not lag.
    fn lag(&self) -> Duration {
        let (total, count) = self.answered;
        self.map.settings.lag.max(4 * (total / count.max(1)))
    }

    /// All flights with these items.
    fn twins(&self, piece: &Piece) -> impl Iterator<Item = u64> {
        let start = piece.items.start;
        let same = self.flights.iter().filter(move |(_, flight)| flight.piece.items.start == start);
        same.map(|(number, _)| *number)
    }

    /// Whether somebody is there, and how many commands they run at a time.
    fn take_answer(&mut self, place: usize, concurrency: Result<usize, Trouble>) {
        match concurrency {
            Ok(concurrency) => self.crew[place].came(concurrency, &self.map.settings),
            // Full or not, somebody answered.
            Err(Trouble::Full(pause)) => {
                self.crew[place].came(1, &self.map.settings);
                self.crew[place].is_full(pause, Instant::now());
            }
            Err(trouble) => self.crew[place].failed(&trouble, Instant::now()),
        }
        self.look_around();
    }

    fn take_back(&mut self, number: u64, returned: Return) {
        // A flight that was called back is forgotten at that moment; its answer may still come.
        let Some(flight) = self.flights.remove(&number) else { return };
        let now = Instant::now();
        let member = &mut self.crew[flight.member];
        member.in_flight -= 1;
        match returned {
            Return::Ended(job) => self.take_end(flight, &job, now),
            Return::NotTaken(Trouble::Full(pause)) => {
                member.is_full(pause, now);
                self.give_back(flight.piece);
            }
            Return::NotTaken(Trouble::TooLong(reason)) => {
                self.divide(&flight.piece, Hint::new("TOO-LONG", reason));
            }
            Return::NotTaken(trouble) => {
                member.failed(&trouble, now);
                self.give_back(flight.piece);
            }
            Return::Lost(trouble) => {
                member.failed(&trouble, now);
                self.lose(flight.piece, "its partner went away while it ran");
            }
            Return::Forgotten => self.lose(flight.piece, "its partner has forgotten it"),
            Return::CalledBack => {}
        }
        self.look_around();
    }

    /// Sees whether anybody is there.
    fn look_around(&mut self) {
        let alone = !self.crew.iter().any(Member::is_there);
        self.alone_since = alone.then(|| self.alone_since.unwrap_or_else(Instant::now));
    }

    fn take_end(&mut self, flight: Flight, job: &Job, now: Instant) {
        let piece = flight.piece;
        match chunk::read(job, piece.len()) {
            Read::Outcomes(outcomes) => {
                let flown = now.duration_since(flight.since);
                self.answered = (self.answered.0 + flown, self.answered.1 + 1);
                let took = chunk::took(job).unwrap_or(flown);
                self.crew[flight.member].did(piece.len(), took, &self.map.settings);
                self.settle(&piece, outcomes);
            }
            Read::Ended(hint) => self.divide(&piece, hint),
            Read::Undone(reason) => self.lose(piece, reason),
        }
    }

    /// The items have their outcomes; whoever else is at them is called back.
    fn settle(&mut self, piece: &Piece, outcomes: Vec<Outcome>) {
        self.call_back(piece);
        for (item, outcome) in piece.items.clone().zip(outcomes) {
            self.done += 1;
            self.unwound += usize::from(outcome.value().is_none());
            self.outcomes[item] = Some(outcome);
        }
    }

    /// A chunk that ended as a whole: which of its items is to blame is found out by parts.
    fn divide(&mut self, piece: &Piece, hint: Hint) {
        if piece.len() == 1 {
            self.settle(piece, vec![Outcome::Unwound(hint)]);
        } else {
            self.call_back(piece);
            self.pieces.split(piece);
        }
    }

    /// Undone through nobody's fault, unless somebody else is at it already.
    fn give_back(&mut self, piece: Piece) {
        if self.twins(&piece).next().is_none() {
            self.pieces.give_back(piece);
        }
    }

    /// Undone after a partner had taken it. A chunk that takes down whoever runs it is divided, and
    /// an item that does is given up.
    fn lose(&mut self, mut piece: Piece, reason: &str) {
        piece.losses += 1;
        if piece.losses < MOST_LOSSES {
            self.give_back(piece);
        } else if piece.len() == 1 {
            let reason = format!("given up after {MOST_LOSSES} attempts: {reason}");
            self.settle(&piece, vec![Outcome::Lost(reason)]);
        } else {
            self.call_back(&piece);
            // The parts are tried less often, or one item would cost its attempts at each size.
            piece.losses = MOST_LOSSES / 2;
            self.pieces.split(&piece);
        }
    }

    fn call_back(&mut self, piece: &Piece) {
        for number in self.twins(piece).collect::<Vec<_>>() {
            let Some(flight) = self.flights.remove(&number) else { continue };
            flight.call_back.cancel();
            let member = &mut self.crew[flight.member];
            member.in_flight -= 1;
            member.lagged();
        }
    }

    fn is_done(&self) -> bool {
        self.done == self.outcomes.len()
    }

    /// Why nobody will do the rest, if so it is.
    fn hopeless(&self) -> Option<String> {
        if self.crew.is_empty() {
            return Some("no partner was given".to_owned());
        }
        let reasons = || {
            let troubles = self.crew.iter().filter_map(|member| member.trouble.as_deref());
            troubles.collect::<Vec<_>>().join("; ")
        };
        if self.crew.iter().all(Member::has_refused) {
            return Some(reasons());
        }
        let alone = self.alone_since?.elapsed();
        let patience = self.map.settings.patience;
        (alone >= patience)
            .then(|| format!("no partner could be reached for {patience:?}: {}", reasons()))
    }

    /// When there is something to do although nothing was heard.
    fn next_look(&self) -> Instant {
        let now = Instant::now();
        let members = self.crew.iter().filter_map(Member::next_look);
        let lagging = self.flights.values().map(|flight| flight.since + self.lag());
        let alone = self.alone_since.map(|since| since + self.map.settings.patience);
        // What is past has been looked at, and waits for something else.
        let next = members.chain(lagging).chain(alone).filter(|at| *at > now).min();
        next.unwrap_or(now + LOOK)
    }

    fn progress(&self) -> MapProgress {
        let partner = |member: &Member<W>| PartnerProgress {
            up: member.is_there(),
            in_flight: member.in_flight,
            done: member.done,
            trouble: member.trouble.clone(),
        };
        MapProgress {
            done: self.done,
            of: self.outcomes.len(),
            unwound: self.unwound,
            commands: self.sent,
            partners: self.crew.iter().map(partner).collect(),
        }
    }

    /// Tells all partners that what they still have is not wanted; waits a moment for that.
    async fn call_everybody_back(&mut self) {
        for flight in self.flights.values() {
            flight.call_back.cancel();
        }
        let told = async { while self.errands.next().await.is_some() {} };
        let _ = timeout(2 * GRACE, told).await;
    }

    fn outcomes(self, reason: &str) -> Vec<Outcome> {
        let lost = || Outcome::Lost(reason.to_owned());
        self.outcomes.into_iter().map(|outcome| outcome.unwrap_or_else(lost)).collect()
    }
}

/// A quarter of what a server takes as one command.
const MOST_OCTETS: usize = 64 << 10;
/// A server that is started anew again and again loses what it runs each time.
const MOST_LOSSES: u32 = 8;
/// When nothing at all is to be expected.
const LOOK: Duration = Duration::from_secs(60);
