//! Many who call at once.

use std::future::Future;

use futures_util::stream::{FuturesUnordered, StreamExt};
use tokio::task::{JoinHandle, spawn_local};

use crate::{Client, Result};

/// So many calls of `add`, one at a time, with each sum looked at.
pub async fn adds<C: Client>(client: C, calls: u64) -> Result<()> {
    for call in 0..calls {
        checked_add(&client, call).await?;
    }
    Ok(())
}

async fn checked_add<C: Client>(client: &C, call: u64) -> Result<()> {
    let (a, b) = summands(call);
    let sum = client.add(a, b).await?;
    if sum == a + b { Ok(()) } else { Err(format!("{a} + {b} is not {sum}").into()) }
}

/// What the call of that number adds: small numbers, for those who send these in fewer octets.
pub fn summands(call: u64) -> (i32, i32) {
    ((call & 127) as i32, 1)
}

/// Runs `work` for each client in a task of its own, on whatever thread.
pub async fn tasks<C, F>(clients: Vec<C>, work: impl Fn(C) -> F) -> Result<()>
where
    F: Future<Output = Result<()>> + Send + 'static,
{
    all(clients.into_iter().map(|client| tokio::spawn(work(client))).collect()).await
}

/// Runs `work` for each client in a task of its own, all on this thread.
pub async fn local_tasks<C, F>(clients: Vec<C>, work: impl Fn(C) -> F) -> Result<()>
where
    F: Future<Output = Result<()>> + 'static,
{
    all(clients.into_iter().map(|client| spawn_local(work(client))).collect()).await
}

async fn all(tasks: Vec<JoinHandle<Result<()>>>) -> Result<()> {
    for task in tasks {
        task.await??;
    }
    Ok(())
}

/// `width` calls at a time from one task, which makes the next whenever one has ended.
pub(crate) async fn joined<C: Client>(client: &C, width: usize, calls: u64) -> Result<()> {
    let add = |call| checked_add(client, call);
    let mut numbers = 0..calls;
    let mut waiting: FuturesUnordered<_> = numbers.by_ref().take(width).map(add).collect();
    while let Some(result) = waiting.next().await {
        result?;
        waiting.extend(numbers.next().map(add));
    }
    Ok(())
}
