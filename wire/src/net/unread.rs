//! What the peer leaves unread.

use crate::handle::{Look, WireError};

/// How long output has been more than the limit allows, told in octets.
#[derive(Default)]
pub(crate) struct Unread {
    /// Where the buffered output stood when it passed the hard limit, until it is below again.
    over_since: Option<u64>,
}

impl Unread {
    /// Ends the wire of a peer that keeps asking and does not read what it is answered.
    pub(crate) fn check(&mut self, look: &Look, limit: usize) -> Result<(), WireError> {
        let Look { buffered, appended, .. } = *look;
        if buffered < limit {
            self.over_since = None;
            return Ok(());
        }
        let since = *self.over_since.get_or_insert(appended);
        if appended - since > limit as u64 {
            return Err(WireError::AnswersUnread { buffered });
        }
        Ok(())
    }
}
