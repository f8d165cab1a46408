//! `docs/protocol.md`, held to what the code does: no octet of it stands there unchecked.
#![expect(clippy::unwrap_used, reason = "a test says what it expects by failing")]

mod again;
mod complete;
mod conversation;
mod meaning;
mod objects;
mod page;
mod peers;
mod program;
mod types;

use wire::codec::PeerProfile;

use page::blocks;

#[test]
fn objects_mean_what_the_page_says_and_are_written_to_the_same_octets() {
    for block in blocks() {
        if let Some(dialect) = block.header.strip_prefix("objects ") {
            match dialect.strip_suffix(", only read") {
                Some(dialect) => objects::check(&block, peer(dialect), true),
                None => objects::check(&block, peer(dialect), false),
            }
        } else if let Some(dialect) = block.header.strip_prefix("typed ") {
            types::check(&block, peer(dialect));
        }
    }
}

#[test]
fn what_is_refused_and_what_ends_a_wire_says_what_the_page_says() {
    for block in blocks() {
        match &*block.header {
            "refused" => objects::check_refused(&block),
            "ends" => objects::check_ends(&block),
            "untagged" => objects::check_untagged(&block),
            _ => {}
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_wire_says_in_conversations_what_the_page_says() {
    for block in blocks() {
        if let Some(dialect) = block.header.strip_prefix("conversation ") {
            conversation::replay(&block, dialect).await;
        }
    }
}

fn peer(dialect: &str) -> PeerProfile {
    match dialect {
        "classic" => PeerProfile::classic(),
        "extended" => PeerProfile::extended(),
        other => panic!("the dialect {other}"),
    }
}
