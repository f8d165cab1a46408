//! `Watch`: how the partners are that this server was told of.

use std::time::Duration;

use futures_util::future::join_all;
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};

use crate::api::PartnerStatus;
use crate::partner::Partner;

/// The partners to be shown, and what was last heard of them. They come from this server's own
/// settings alone: nobody who asks can have it connect anywhere.
pub(super) struct Watch {
    partners: Vec<Partner>,
    /// Held while partners are asked, so that those who ask meanwhile get the same answer.
    heard: Mutex<Option<(Instant, Vec<PartnerStatus>)>>,
}

impl Watch {
    pub(super) fn new(partners: Vec<Partner>) -> Self {
        Self { partners, heard: Mutex::default() }
    }

    pub(super) async fn look(&self) -> Vec<PartnerStatus> {
        let mut heard = self.heard.lock().await;
        if let Some((when, statuses)) = &*heard {
            if when.elapsed() < FRESH {
                return statuses.clone();
            }
        }
        let statuses = join_all(self.partners.iter().map(ask)).await;
        *heard = Some((Instant::now(), statuses.clone()));
        statuses
    }
}

async fn ask(partner: &Partner) -> PartnerStatus {
    let begun = Instant::now();
    let answer = timeout(PATIENCE, partner.status()).await;
    let latency = begun.elapsed();
    let (status, problem) = match answer {
        Ok(Ok(status)) => (Some(status), None),
        Ok(Err(error)) => (None, Some(error.failure().to_string())),
        Err(_) => (None, Some(format!("it did not answer within {PATIENCE:?}"))),
    };
    PartnerStatus {
        name: partner.name().to_owned(),
        address: partner.address().to_owned(),
        up: status.is_some(),
        latency_ms: status.is_some().then_some(latency.as_secs_f64() * 1000.0),
        status,
        problem,
    }
}

/// How long an answer is told again: many pages then cost the partners as much as one.
const FRESH: Duration = Duration::from_secs(1);
/// How long a partner may take to count as up: a page waits for the slowest.
const PATIENCE: Duration = Duration::from_secs(1);
