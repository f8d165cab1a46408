//! A room whose server calls many clients back, and drops the one that does not read.
//!
//! ```text
//! cargo run --release --example chat
//! ```
//!
//! What is said goes to everybody with `remote!`, which never waits: a guest who does not read holds
//! up nobody. What he leaves unread is kept for him up to a limit; then the room drops him.

use std::error::Error;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::net::TcpStream;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use wire::{Limits, RequestServer, Wire, functions, remote, remote_fn, remote_value};

#[derive(Default)]
struct Room(Mutex<Vec<Wire>>);

impl Room {
    fn guests(&self) -> MutexGuard<'_, Vec<Wire>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Tells everybody in the room, and says how many there are.
#[remote_fn]
fn say(room: &Room, text: &str) -> usize {
    let mut guests = room.guests();
    guests.retain(|guest| {
        let told = remote!(guest, hear(text)).map(|()| guest.force_output());
        if let Err(error) = &told {
            println!("dropped: {error}");
            guest.abort("you do not read");
        }
        told.is_ok()
    });
    guests.len()
}

/// At a guest's: what somebody said.
#[remote_fn]
fn hear(ears: &UnboundedSender<usize>, text: &str) {
    let _ = ears.send(text.len());
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let room = Arc::new(Room::default());
    let (entering, mut entered) = unbounded_channel();
    let entrance = Arc::clone(&room);
    let server = RequestServer::bind("127.0.0.1:0")
        .await?
        .limits(Limits::default().buffered_output(256 << 10))
        .functions(functions![say].state(room))
        .on_connect(move |wire| {
            entrance.guests().push(wire);
            let sent = entering.send(());
            async move { sent }
        });
    let address = server.local_addr().ok_or("a server over TCP has an address")?;
    tokio::spawn(server.serve());

    let (ears, mut heard) = unbounded_channel::<usize>();
    let guest = || Wire::builder().functions(functions![hear].state(Arc::new(ears.clone())));
    let (ann, bob) = (guest().connect(address).await?, guest().connect(address).await?);
    let _deaf = TcpStream::connect(address).await?; // and never reads
    for _ in 0..3 {
        entered.recv().await;
    }

    let story = "and then ".repeat(5_000);
    while remote_value!(ann, say(&story) -> usize).value().await? == 3 {}
    println!("bob hears on: {}", remote_value!(bob, say("at last") -> usize).value().await?);
    println!("the others heard {:?} letters first", heard.recv().await.unwrap_or_default());
    Ok(())
}
