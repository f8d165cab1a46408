//! One-way texts: the server itself takes notifications and does nothing, so a middleware counts them.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jsonrpsee::core::middleware::{Batch, Notification, RpcServiceT};
use jsonrpsee::types::{Params, Request};

/// The name of the notification.
pub(crate) const NOTE: &str = "note";

#[derive(Clone)]
pub(crate) struct Notes<S> {
    pub(crate) told: Arc<AtomicU64>,
    pub(crate) service: S,
}

impl<S: RpcServiceT> RpcServiceT for Notes<S> {
    type MethodResponse = S::MethodResponse;
    type NotificationResponse = S::NotificationResponse;
    type BatchResponse = S::BatchResponse;

    fn call<'a>(
        &self,
        request: Request<'a>,
    ) -> impl Future<Output = Self::MethodResponse> + Send + 'a {
        self.service.call(request)
    }

    fn batch<'a>(&self, batch: Batch<'a>) -> impl Future<Output = Self::BatchResponse> + Send + 'a {
        self.service.batch(batch)
    }

    fn notification<'a>(
        &self,
        notification: Notification<'a>,
    ) -> impl Future<Output = Self::NotificationResponse> + Send + 'a {
        if notification.method_name() == NOTE {
            let params = notification.params().as_ref().map(|params| params.get());
            // One that is no text shows in the sum.
            if let Ok(text) = Params::new(params).one::<String>() {
                self.told.fetch_add(text.len() as u64, Ordering::Relaxed);
            }
        }
        self.service.notification(notification)
    }
}
