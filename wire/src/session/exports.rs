//! What the peer holds of our objects.

use std::collections::HashMap;
use std::sync::Arc;

use crate::limits::Limits;
use crate::object::{self, Hold, OBJECT_BIT};
use crate::session::error::SendError;
use crate::token::Token;

/// Our objects that one peer holds, by id.
#[derive(Debug)]
pub(crate) struct Exports {
    held: HashMap<u32, Export>,
    limit: u32,
}

/// What the peer holds of one object.
#[derive(Debug)]
pub(crate) struct Export {
    /// How many times the token was sent, less the times that the peer released.
    sent: u64,
    _hold: Option<Arc<Hold>>,
}

impl Exports {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self { held: HashMap::new(), limit: limits.remote_objects }
    }

    /// Counts that `tokens` go out, all of them or none.
    pub(crate) fn count(&mut self, tokens: &[Token]) -> Result<(), SendError> {
        // The tokens of our own waits are no objects.
        let objects = || tokens.iter().filter(|token| token.id() & OBJECT_BIT != 0);
        let mut new: Vec<_> =
            objects().filter(|token| !self.contains(**token)).map(|token| token.id()).collect();
        new.sort_unstable();
        new.dedup();
        if self.held.len() + new.len() > self.limit as usize {
            return Err(SendError::TooManyObjects { limit: self.limit });
        }
        for token in objects() {
            let export = self
                .held
                .entry(token.id())
                .or_insert_with(|| Export { sent: 0, _hold: object::hold(*token) });
            export.sent += 1;
        }
        Ok(())
    }

    /// The peer dropped its handles of an object, having received the token `count` times. What it
    /// held is given back, to be dropped outside of the lock: it may be the object itself.
    pub(crate) fn release(&mut self, id: u32, count: u32) -> Option<Export> {
        let export = self.held.get_mut(&id)?;
        export.sent = export.sent.saturating_sub(u64::from(count));
        if export.sent > 0 { None } else { self.held.remove(&id) }
    }

    /// Everything that the peer held, for the end of the wire.
    pub(crate) fn take(&mut self) -> HashMap<u32, Export> {
        std::mem::take(&mut self.held)
    }

    /// Whether the token was sent to this peer and not released by it.
    pub(crate) fn contains(&self, token: Token) -> bool {
        self.held.contains_key(&token.id())
    }

    pub(crate) fn len(&self) -> usize {
        self.held.len()
    }

    pub(crate) fn tokens(&self) -> Vec<Token> {
        self.held.keys().map(|&id| Token::local(id)).collect()
    }
}
