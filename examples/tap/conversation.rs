//! What two peers say to each other, from the first octet to the last.

use std::io;
use std::time::Instant;

use wire::Limits;

use super::calls::{Calls, Key, Want};
use super::mirror::Mirror;
use super::page::{Page, Side};
use super::saying::Saying;

/// So many of the calls that nobody answered are named at the end.
const UNANSWERED: usize = 20;

pub(crate) struct Conversation {
    page: Page,
    calls: Calls,
    left: Heard,
    right: Heard,
}

/// What is known of one side.
struct Heard {
    mirror: Mirror,
    /// It has asked for the values of its next object.
    asked: Option<(Key, Want)>,
}

/// How one side ended.
pub(crate) enum End {
    /// It has said all that it had to say.
    Closed,
    /// It is gone.
    Failed(io::Error),
    /// The other one is gone: what it says is not delivered, beginning with so many octets.
    Undelivered(usize, io::Error),
}

impl Conversation {
    pub(crate) fn new(page: Page, limits: &Limits) -> Self {
        let heard = || Heard { mirror: Mirror::new(limits), asked: None };
        let calls = Calls::new(limits.waiting_calls as usize);
        Self { page, calls, left: heard(), right: heard() }
    }

    pub(crate) fn page(&self) -> &Page {
        &self.page
    }

    /// `side` has said these octets, then: prints the objects that they complete.
    pub(crate) fn hear(&mut self, side: Side, octets: &[u8], at: Instant) {
        self.page.now = at;
        let Self { page, calls, left, right } = self;
        let Heard { mirror, asked } = match side {
            Side::Left => left,
            Side::Right => right,
        };
        mirror.add(octets);
        while let Some(found) = mirror.next() {
            match found {
                Ok(found) => Saying { page, calls, side, asked, found }.print(),
                Err(lost) => page.exclaims(side, &lost.to_string()),
            }
        }
    }

    /// `side` has said its last octet.
    pub(crate) fn end(&mut self, side: Side, end: &End) {
        self.page.now = Instant::now();
        let mirror = match side {
            Side::Left => &self.left.mirror,
            Side::Right => &self.right.mirror,
        };
        let mut text = match end {
            End::Closed => "ended".to_owned(),
            End::Failed(error) => format!("failed: {error}"),
            End::Undelivered(count, error) => {
                format!("is not heard any more: {error}; {count} octets were not delivered")
            }
        };
        text.push_str(&format!(", after {} octets", mirror.said()));
        if mirror.is_within_object() {
            text.push_str(", in the middle of an object");
        }
        match mirror.unread() {
            0 => {}
            unread => text.push_str(&format!(", of which {unread} were not read")),
        }
        match end {
            End::Closed => self.page.says(side, &text),
            _ => self.page.exclaims(side, &text),
        }
    }

    /// Nobody says anything any more.
    pub(crate) fn over(&self) {
        for side in [Side::Left, Side::Right] {
            let calls = self.calls.unanswered(side);
            let more = calls.len().saturating_sub(UNANSWERED);
            for call in calls.take(UNANSWERED) {
                let text = format!("{call}: no answer was seen in {}", call.waited(self.page.now));
                self.page.exclaims(side, &text);
            }
            if more > 0 {
                self.page.exclaims(side, &format!("and {more} more of which no answer was seen"));
            }
        }
    }
}
