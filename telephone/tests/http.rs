//! A server, asked over real sockets.

#![expect(clippy::unwrap_used, reason = "a test says what it expects by failing")]

#[path = "http/api.rs"]
mod api;
#[path = "http/classic.rs"]
mod classic;
#[path = "http/described.rs"]
mod described;
#[path = "http/evaluated.rs"]
mod evaluated;
#[path = "http/followed.rs"]
mod followed;
#[path = "http/guarded.rs"]
mod guarded;
#[path = "http/house.rs"]
mod house;
#[path = "http/slow.rs"]
mod slow;
#[path = "http/wired.rs"]
mod wired;
