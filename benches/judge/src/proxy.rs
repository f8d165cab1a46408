//! A middleman that counts what passes: the octets of the stream, without the headers of TCP and IP.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use crate::Result;

pub(crate) struct Proxy {
    pub(crate) address: SocketAddr,
    passed: Arc<AtomicU64>,
}

impl Proxy {
    /// Stands before a server, for the one connection that comes first.
    pub(crate) fn before(server: SocketAddr) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let proxy = Self { address: listener.local_addr()?, passed: Arc::default() };
        let passed = Arc::clone(&proxy.passed);
        thread::spawn(move || {
            if let Err(error) = connect(&listener, server, &passed) {
                eprintln!("proxy: {error}");
            }
        });
        Ok(proxy)
    }

    /// Octets that have passed so far, both ways.
    pub(crate) fn passed(&self) -> u64 {
        self.passed.load(Ordering::SeqCst)
    }
}

fn connect(listener: &TcpListener, server: SocketAddr, passed: &Arc<AtomicU64>) -> Result<()> {
    let (client, _) = listener.accept()?;
    let server = TcpStream::connect(server)?;
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    for (from, to) in [(client.try_clone()?, server.try_clone()?), (server, client)] {
        let passed = Arc::clone(passed);
        thread::spawn(move || pass(from, to, &passed));
    }
    Ok(())
}

/// Either side may go at any time, and the other is told.
fn pass(mut from: TcpStream, mut to: TcpStream, passed: &AtomicU64) {
    let mut octets = [0; 16 << 10];
    while let Ok(count @ 1..) = from.read(&mut octets) {
        passed.fetch_add(count as u64, Ordering::SeqCst);
        if to.write_all(&octets[..count]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Write);
}
