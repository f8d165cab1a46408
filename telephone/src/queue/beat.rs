//! The heartbeat of a server, and what it finds out by it.

use std::collections::HashMap;

use futures_util::future::BoxFuture;
use sqlx::Row;
use tokio::time::{Instant, MissedTickBehavior, interval};

use crate::job::JobId;

use super::error::QueueError;
use super::progress::StoreProgress;
use super::row;
use super::shared::Shared;
use super::sweep::{Left, Sweep, account};
use super::write::{Transaction, Write};
use super::writer::Writer;

/// Enters this server into the list, and accounts for what those left behind that are not in it.
///
/// Whoever has an SQLite file has it alone: whoever else is in its list is no more.
pub(super) struct Register;

impl Register {
    async fn register(&self, on: &mut Transaction<'_>) -> sqlx::Result<()> {
        if !on.queue.store.is_shared {
            sqlx::query("DELETE FROM telephone_server").execute(&mut *on.connection).await?;
        }
        show_life(on).await?;
        account(on, Left::ByTheDead).await
    }
}

impl Write for Register {
    type Answer = ();

    fn apply<'a>(&'a self, on: &'a mut Transaction<'_>) -> BoxFuture<'a, sqlx::Result<()>> {
        Box::pin(self.register(on))
    }
}

/// Strikes this server off the list; what it still ran is accounted for.
pub(super) struct Resign;

impl Resign {
    async fn resign(&self, on: &mut Transaction<'_>) -> sqlx::Result<()> {
        account(on, Left::ByMe).await?;
        sqlx::query("DELETE FROM telephone_server WHERE id = $1")
            .bind(&on.queue.server)
            .execute(&mut *on.connection)
            .await?;
        Ok(())
    }
}

impl Write for Resign {
    type Answer = ();

    fn apply<'a>(&'a self, on: &'a mut Transaction<'_>) -> BoxFuture<'a, sqlx::Result<()>> {
        Box::pin(self.resign(on))
    }
}

/// Shows that this server lives, buries others, and looks which runs are still its own.
struct Beat {
    /// Those that showed no life for long, and the beat they stopped at: one that beats after all
    /// is not buried.
    dead: Vec<(String, i64)>,
}

/// What a beat found.
struct Found {
    /// The beats of all servers.
    servers: HashMap<String, i64>,
    /// This one's commands, and their attempts.
    mine: HashMap<JobId, u32>,
}

impl Beat {
    async fn beat(&self, on: &mut Transaction<'_>) -> sqlx::Result<Found> {
        show_life(on).await?;
        for (server, beats) in &self.dead {
            sqlx::query("DELETE FROM telephone_server WHERE id = $1 AND beats = $2")
                .bind(server)
                .bind(beats)
                .execute(&mut *on.connection)
                .await?;
        }
        let mine = mine(on).await?;
        if !on.claims {
            give_back(on, &mine).await?;
        }
        let rows = sqlx::query("SELECT id, beats FROM telephone_server")
            .fetch_all(&mut *on.connection)
            .await?;
        let pair = |row| Ok((sqlx::any::AnyRow::try_get(row, 0)?, row.try_get(1)?));
        let servers = rows.iter().map(pair).collect::<sqlx::Result<_>>()?;
        Ok(Found { servers, mine })
    }
}

impl Write for Beat {
    type Answer = Found;

    fn apply<'a>(&'a self, on: &'a mut Transaction<'_>) -> BoxFuture<'a, sqlx::Result<Found>> {
        Box::pin(self.beat(on))
    }

    fn committed(&self, found: &Found, queue: &Shared) {
        let lost = queue.running.keep_only(&found.mine);
        if lost > 0 {
            tracing::warn!(
                lost,
                "others ended commands that ran here, or counted this server among the dead, as \
                 it showed no life for long; their runs are dropped"
            );
        }
    }
}

async fn show_life(on: &mut Transaction<'_>) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO telephone_server (id, beats) VALUES ($1, 0)
         ON CONFLICT (id) DO UPDATE SET beats = telephone_server.beats + 1",
    )
    .bind(&on.queue.server)
    .execute(&mut *on.connection)
    .await?;
    Ok(())
}

async fn mine(on: &mut Transaction<'_>) -> sqlx::Result<HashMap<JobId, u32>> {
    let rows = sqlx::query(
        "SELECT id, attempts FROM telephone_job WHERE state = 'running' AND server = $1",
    )
    .bind(&on.queue.server)
    .fetch_all(&mut *on.connection)
    .await?;
    rows.iter().map(|row| Ok((row::id(row)?, row::attempts(row)?))).collect()
}

/// Gives back what was claimed by a transaction of which nobody heard that it was committed: no
/// runner was told of it.
async fn give_back(on: &mut Transaction<'_>, mine: &HashMap<JobId, u32>) -> sqlx::Result<()> {
    for (id, attempt) in mine.iter().filter(|(id, _)| !on.queue.running.has(id)) {
        let statement = format!(
            "UPDATE telephone_job
             SET state = 'waiting', attempts = attempts - 1, started_ms = NULL, server = NULL
             WHERE id = $1 AND state = 'running' AND attempts = $2 AND server = $3
             RETURNING {}",
            row::COLUMNS
        );
        let row = sqlx::query(&statement)
            .bind(id.as_str())
            .bind(i64::from(*attempt))
            .bind(&on.queue.server)
            .fetch_optional(&mut *on.connection)
            .await?;
        on.changed.extend(row.as_ref().map(row::job).transpose()?);
    }
    Ok(())
}

/// Beats, tells progress and sweeps until the queue closes.
pub(super) async fn run(writer: Writer) {
    let queue = &writer.queue;
    let mut ticks = interval(queue.settings.beat);
    // A server that was stopped does not make up for its beats: each is a look at the others.
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut others = Others::default();
    let mut is_well = true;
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            () = queue.closing.cancelled() => return,
        }
        match beat(&writer, &mut others).await {
            Ok(()) => is_well = true,
            Err(QueueError::Closed { .. }) => return,
            // Said once, not at every beat.
            Err(error) if is_well => {
                is_well = false;
                tracing::error!(%error, "the queue cannot look after its commands at present");
            }
            Err(_) => {}
        }
    }
}

async fn beat(writer: &Writer, others: &mut Others) -> Result<(), QueueError> {
    let queue = &writer.queue;
    let news = queue.running.news();
    if !news.is_empty() {
        writer.write("store progress", StoreProgress(news)).await?;
    }
    if queue.store.is_shared {
        let dead = others.dead(queue.settings.dead_after);
        for (server, _) in &dead {
            tracing::warn!(server, "a server shows no life; its commands are accounted for");
        }
        let found = writer.write("show life", Beat { dead }).await?;
        others.look(found.servers, &queue.server);
    }
    // What is left then is for the next beat: a server that only sweeps shows no life meanwhile.
    let begun = Instant::now();
    while writer.write("sweep", Sweep).await? && begun.elapsed() < queue.settings.beat {}
    Ok(())
}

/// The other servers, as this one sees them.
///
/// No clock is asked, neither here nor there: a server is dead if so many looks, a beat or more
/// apart and each of them answered by the database, found it at the same beat.
#[derive(Default)]
struct Others(HashMap<String, Seen>);

struct Seen {
    beats: i64,
    /// How many looks found it so, after the first.
    looks: u32,
}

impl Others {
    fn look(&mut self, servers: HashMap<String, i64>, me: &str) {
        let earlier = std::mem::take(&mut self.0);
        for (server, beats) in servers {
            if server == me {
                continue;
            }
            let looks = match earlier.get(&server) {
                Some(seen) if seen.beats == beats => seen.looks.saturating_add(1),
                _ => 0,
            };
            self.0.insert(server, Seen { beats, looks });
        }
    }

    fn dead(&self, after: u32) -> Vec<(String, i64)> {
        let dead = self.0.iter().filter(|(_, seen)| seen.looks >= after);
        dead.map(|(server, seen)| (server.clone(), seen.beats)).collect()
    }
}
