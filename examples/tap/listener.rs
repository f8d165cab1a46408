//! Who comes to be connected.

use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream, lookup_host};
use tokio::sync::Semaphore;
use tokio::time::sleep;

use super::conversation::Conversation;
use super::options::Options;
use super::page::Page;
use super::pipe;
use super::printer::Printer;

/// With so many connections, whoever comes waits to be accepted: each may hold two objects of the
/// greatest weight.
const CONNECTIONS: usize = 256;

/// How long accepting rests after an error that the next attempt would meet again, such as a lack
/// of descriptors.
const REST: Duration = Duration::from_millis(500);

/// Listens on `address`, if it is one that only this machine reaches or somebody said that others may.
pub(crate) async fn bind(address: &str, insecure: bool) -> Result<TcpListener, String> {
    let failed = |error| format!("cannot listen on {address}: {error}");
    let addresses: Vec<_> = lookup_host(address).await.map_err(failed)?.collect();
    let open = addresses.iter().any(|address| !address.ip().is_loopback());
    if open && !insecure {
        return Err(format!(
            "{address} is not a loopback address: whoever reaches it could reach the target, and \
             read and change what passes; tunnel to a loopback address, or say --insecure"
        ));
    }
    if open {
        eprintln!("warning: whoever reaches {address} reaches the target, unencrypted");
    }
    TcpListener::bind(&addresses[..]).await.map_err(failed)
}

/// Connects each who comes to the target, for ever.
pub(crate) async fn serve(listener: &TcpListener, options: &Options, printer: &Printer) {
    let room = Arc::new(Semaphore::new(CONNECTIONS));
    let mut number = 0;
    // The semaphore is never closed.
    while let Ok(place) = room.clone().acquire_owned().await {
        match listener.accept().await {
            Ok((caller, from)) => {
                number += 1;
                let page = Page::new(printer.clone(), number, options.full);
                page.tells(&format!("{from} → {}", options.target));
                let conversation = Conversation::new(page, &options.limits);
                let target = options.target.clone();
                tokio::spawn(async move {
                    connect(caller, &target, conversation).await;
                    drop(place);
                });
            }
            Err(error) => {
                printer.print(format!("cannot accept: {error}"));
                sleep(REST).await;
            }
        }
    }
}

/// Carries one conversation from its beginning to its end.
async fn connect(caller: TcpStream, target: &str, mut conversation: Conversation) {
    match TcpStream::connect(target).await {
        Ok(target) => pipe::carry(caller, target, &mut conversation).await,
        Err(error) => conversation.page().alarms(&format!("cannot connect to {target}: {error}")),
    }
    conversation.over();
}
