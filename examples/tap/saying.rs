//! One object that a side says, and the line it is printed as.

use wire::codec::{Decoder, Hello};

use super::calls::{Call, Calls, Key, Want};
use super::form::Form;
use super::line::Written;
use super::meaning::Meaning;
use super::mirror::Found;
use super::page::{Page, Side};

/// So many characters of a call are repeated with its answer.
const REPEATED: usize = 60;

/// An object that `side` says, in the middle of a conversation.
pub(crate) struct Saying<'a> {
    pub(crate) page: &'a Page,
    pub(crate) calls: &'a mut Calls,
    pub(crate) side: Side,
    /// Whether the side has asked for the values of its next object.
    pub(crate) asked: &'a mut Option<(Key, Want)>,
    pub(crate) found: Found<'a>,
}

impl Saying<'_> {
    /// Prints it.
    pub(crate) fn print(mut self) {
        let meaning = Meaning::read(self.found.object, self.found.received);
        self.mean(meaning);
    }

    fn mean(&mut self, meaning: Meaning<'_>) {
        match meaning {
            Meaning::Ask(key, want) => {
                if let Some(first) = self.asked.replace((key, want)) {
                    self.wanted("(no call)", first);
                }
            }
            Meaning::Call { function, count, mut arguments, compact } => {
                let wanted = compact.unwrap_or_else(|| self.asked.take());
                let form = self.form(|form| form.call(&function, count, &mut arguments));
                match wanted {
                    Some(wanted) => self.wanted(&form, wanted),
                    None => self.says(&format!("{form}  for effect")),
                }
            }
            Meaning::Object(object) => self.object(object),
            Meaning::Returned { key, count, values } => self.returned(key, count, values),
            Meaning::Unwound(key, reason) => {
                let reason = reason.map(|mut reason| self.form(|form| form.reason(&mut reason)));
                let why = reason.map_or_else(String::new, |reason| format!(": {reason}"));
                self.unwound(key, &why);
            }
            Meaning::Cancel(key) => {
                let call = self.calls.waiting(self.side, key).map(Call::to_string);
                self.says(&format!("cancels {}", call.unwrap_or_else(|| key.to_string())));
            }
            Meaning::Release { object, count } => {
                let times = if count == 1 { "once".to_owned() } else { format!("{count} times") };
                self.says(&format!("releases object {object}, received {times}"));
            }
            Meaning::Ping(cookie) => self.says(&format!("ping {cookie}")),
            Meaning::Pong(cookie) => self.says(&format!("pong {cookie}")),
            Meaning::Goodbye(mut reason) => {
                let reason = self.form(|form| form.datum(&mut reason));
                self.says(&format!("goodbye: {reason}"));
            }
        }
    }

    /// An object that is no call: its own value, if one was asked for.
    fn object(&mut self, mut object: Decoder<'_>) {
        let text = object.clone().string();
        let form = self.form(|form| form.datum(&mut object));
        if let Some(wanted) = self.asked.take() {
            return self.wanted(&form, wanted);
        }
        match text.ok().and_then(|text| text.parse().ok()) {
            Some(hello) => self.says(&reads(&hello)),
            None => self.says(&format!("{form}  is no call")),
        }
    }

    /// A call that waits for its answer from now on.
    fn wanted(&mut self, form: &str, wanted: (Key, Want)) {
        let number = self.calls.wait(self.side, wanted, shortened(form), self.page.now);
        self.says(&format!("#{number} {form}{}", wanted.1));
    }

    fn returned(&mut self, key: Key, count: usize, mut values: Decoder<'_>) {
        // The value of a protocol call that stands in the place of another value is none.
        if self.found.nested && self.answers_within(count, values.clone()) {
            return self.unwound(key, ": a value could not be sent, the next answer came instead");
        }
        let call = self.calls.answered(self.side.other(), key);
        let listed = matches!((&call, key), (Some(Call { want: Want::All, .. }), Key::Token(_)));
        let values = self.form(|form| match listed {
            true => form.listed_values(&mut values),
            false => form.values(count, &mut values),
        });
        match call {
            Some(call) => self.says(&format!("{call} => {values}  {}", call.waited(self.page.now))),
            None => self.says(&format!("{key} => {values}  answers no call that was seen")),
        }
    }

    /// A CMUCL that cannot send a value leaves an answer without it, and the answer that it writes
    /// next takes the place. Prints those that do, the innermost first.
    fn answers_within(&mut self, count: usize, mut values: Decoder<'_>) -> bool {
        let mut found = false;
        for _ in 0..count {
            let is_call = values.is_call();
            let Ok(value) = values.raw() else { break };
            let meaning = Meaning::read(value, self.found.received);
            if is_call && matches!(meaning, Meaning::Returned { .. } | Meaning::Unwound(..)) {
                self.mean(meaning);
                found = true;
            }
        }
        found
    }

    fn unwound(&mut self, key: Key, why: &str) {
        let text = match self.calls.answered(self.side.other(), key) {
            Some(call) => format!("{call} unwound{why}  {}", call.waited(self.page.now)),
            None => format!("{key} unwound{why}  answers no call that was seen"),
        };
        self.page.exclaims(self.side, &text);
    }

    fn form(&self, write: impl FnOnce(&mut Form<'_>) -> Written) -> String {
        let Found { octets, nested, received, .. } = self.found;
        let mut form = Form::new(self.page.room(), received, nested);
        let written = write(&mut form);
        let form = form.finish(written, octets);
        match &self.found.refused {
            Some(refusal) => format!("{form}, not read: {refusal}"),
            None => form,
        }
    }

    fn says(&self, text: &str) {
        self.page.says(self.side, text);
    }
}

/// What a side reads, in words.
fn reads(hello: &Hello) -> String {
    let Hello { reads, object, depth, calls, entries, cache, .. } = hello;
    format!(
        "hello: reads ops {reads}, objects of {object} octets and {depth} levels; runs {calls} \
         calls at once; keeps {entries} objects, {cache} octets of them"
    )
}

fn shortened(form: &str) -> String {
    match form.char_indices().nth(REPEATED) {
        Some((end, _)) => format!("{}…", &form[..end]),
        None => form.to_owned(),
    }
}
