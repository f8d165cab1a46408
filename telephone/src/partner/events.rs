//! Server-sent events, as they come in.

use reqwest::Response;

use super::Failure;
use super::http::{self, MAX_ANSWER};

/// The events of a response whose body goes on and on.
pub(super) struct Events {
    response: Response,
    /// What has come and is no whole event yet.
    pending: Vec<u8>,
    /// Up to where `pending` was searched for an end in vain.
    searched: usize,
}

impl Events {
    pub(super) fn new(response: Response) -> Self {
        Self { response, pending: Vec::new(), searched: 0 }
    }

    /// The data of the next event that has any; `None` when the partner has said all.
    pub(super) async fn next(&mut self) -> Result<Option<String>, Failure> {
        loop {
            while let Some(event) = self.take() {
                if let Some(data) = data(&event) {
                    return Ok(Some(data));
                }
            }
            match self.response.chunk().await.map_err(|error| http::failure(&error))? {
                Some(octets) if self.pending.len() + octets.len() > MAX_ANSWER => {
                    return Err(Failure::TooLarge { limit: MAX_ANSWER });
                }
                Some(octets) => self.pending.extend_from_slice(&octets),
                None => return Ok(None),
            }
        }
    }

    /// Takes a whole event out of what has come: all up to an empty line.
    fn take(&mut self) -> Option<Vec<u8>> {
        // One octet back, since an end may have come in two halves.
        let from = self.searched.saturating_sub(1);
        let ends = self.pending[from..].windows(2).position(|pair| pair == b"\n\n");
        let Some(end) = ends.map(|end| from + end + 2) else {
            self.searched = self.pending.len();
            return None;
        };
        self.searched = 0;
        let rest = self.pending.split_off(end);
        Some(std::mem::replace(&mut self.pending, rest))
    }
}

/// The lines of data of an event, if there are any: a comment that keeps the line alive has none.
fn data(event: &[u8]) -> Option<String> {
    let event = String::from_utf8_lossy(event);
    let lines = event.lines().filter_map(|line| line.strip_prefix("data:"));
    let lines: Vec<&str> = lines.map(|line| line.strip_prefix(' ').unwrap_or(line)).collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn events(chunks: &[&str]) -> Vec<String> {
        let body = reqwest::Body::from(String::new());
        let response = Response::from(axum::http::Response::new(body));
        let mut events = Events::new(response);
        let mut found = Vec::new();
        for chunk in chunks {
            events.pending.extend_from_slice(chunk.as_bytes());
            while let Some(event) = events.take() {
                found.extend(data(&event));
            }
        }
        found
    }

    #[test]
    fn any_split_gives_the_same_events() {
        let text = ": keep\n\nevent: job\ndata: {\"a\":1}\n\ndata:1\ndata: 2\n\ndata: rest";
        let expected = ["{\"a\":1}", "1\n2"];
        assert_eq!(events(&[text]), expected);
        for cut in 1..text.len() {
            assert_eq!(events(&[&text[..cut], &text[cut..]]), expected, "cut at {cut}");
        }
    }
}
