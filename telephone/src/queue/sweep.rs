//! What falls due: commands that waited too long, results that were kept long enough, and what
//! servers left behind that are no more.

use futures_util::future::BoxFuture;

use super::row::{self, COLUMNS};
use super::write::{Transaction, Write};

/// Does what is due, and says whether there is more of it.
pub(super) struct Sweep;

impl Sweep {
    async fn sweep(&self, on: &mut Transaction<'_>) -> sqlx::Result<bool> {
        account(on, Left::ByTheDead).await?;
        let expired = expire(on).await?;
        let deleted = delete(on).await?;
        on.waiting = None;
        Ok(expired == AT_ONCE || deleted == AT_ONCE)
    }
}

impl Write for Sweep {
    type Answer = bool;

    fn apply<'a>(&'a self, on: &'a mut Transaction<'_>) -> BoxFuture<'a, sqlx::Result<bool>> {
        Box::pin(self.sweep(on))
    }
}

/// Whose running commands nobody runs any more.
#[derive(Clone, Copy)]
pub(super) enum Left {
    /// Servers that are not in the list.
    ByTheDead,
    /// This one, which stops.
    ByMe,
}

/// Accounts for commands whose server is gone: they wait again if they may, or were interrupted.
///
/// One that waits again keeps its place in the order, and does not expire: it had its turn.
pub(super) async fn account(on: &mut Transaction<'_>, left: Left) -> sqlx::Result<()> {
    let (whose, what) = match left {
        Left::ByTheDead => ("NOT IN (SELECT id FROM telephone_server)", "crashed"),
        Left::ByMe => ("= $6", "was shut down"),
    };
    let again = "repeatable = 1 AND attempts < $1";
    let statement = format!(
        "UPDATE telephone_job
         SET state = CASE WHEN {again} THEN 'waiting' ELSE 'interrupted' END,
             ended_ms = CASE WHEN {again} THEN NULL ELSE $2 END,
             hint_condition = CASE WHEN {again} THEN NULL ELSE $3 END,
             hint_message = CASE WHEN {again} THEN NULL WHEN repeatable = 1 THEN $4 ELSE $5 END,
             expires_ms = NULL, server = NULL, progress = NULL, progress_note = NULL
         WHERE state = 'running' AND server {whose}
         RETURNING {COLUMNS}"
    );
    let limit = on.settings().attempts;
    let often = format!(
        "its server {what} while it ran, for the last of {limit} times \
         (`QueueSettings::attempts`); whether it did its work is not known"
    );
    let once = format!(
        "its server {what} while it ran; whether it did its work is not known, and its sender had \
         not said that it may be repeated"
    );
    let mut query = sqlx::query(&statement)
        .bind(i64::from(limit))
        .bind(on.now_ms)
        .bind(INTERRUPTED)
        .bind(often.as_bytes())
        .bind(once.as_bytes());
    if let Left::ByMe = left {
        query = query.bind(&on.queue.server);
    }
    let rows = query.fetch_all(&mut *on.connection).await?;
    for row in &rows {
        on.changed.push(row::job(row)?);
    }
    Ok(())
}

async fn expire(on: &mut Transaction<'_>) -> sqlx::Result<usize> {
    let statement = format!(
        "WITH due AS MATERIALIZED (
             SELECT number FROM telephone_job
             WHERE state = 'waiting' AND expires_ms IS NOT NULL AND expires_ms <= $1
             ORDER BY expires_ms LIMIT {AT_ONCE} {skip_locked})
         UPDATE telephone_job SET state = 'expired', ended_ms = $1
         WHERE number IN (SELECT number FROM due) AND state = 'waiting'
         RETURNING {COLUMNS}",
        skip_locked = on.dialect().skip_locked(),
    );
    let rows = sqlx::query(&statement).bind(on.now_ms).fetch_all(&mut *on.connection).await?;
    for row in &rows {
        on.changed.push(row::job(row)?);
    }
    Ok(rows.len())
}

async fn delete(on: &mut Transaction<'_>) -> sqlx::Result<usize> {
    let retention = on.settings().retention.as_millis().try_into().unwrap_or(i64::MAX);
    let statement = format!(
        "DELETE FROM telephone_job WHERE number IN (
             SELECT number FROM telephone_job WHERE ended_ms IS NOT NULL AND ended_ms <= $1
             ORDER BY ended_ms LIMIT {AT_ONCE} {skip_locked})",
        skip_locked = on.dialect().skip_locked(),
    );
    let done = sqlx::query(&statement)
        .bind(on.now_ms.saturating_sub(retention))
        .execute(&mut *on.connection)
        .await?;
    Ok(done.rows_affected().try_into().unwrap_or(usize::MAX))
}

const INTERRUPTED: &[u8] = b"INTERRUPTED";
/// So much that the rest of the queue hardly waits for it.
const AT_ONCE: usize = 500;
