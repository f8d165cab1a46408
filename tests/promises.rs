//! Promises that are easily broken where wires, their streams and their ends meet.
#![expect(clippy::unwrap_used, reason = "a test says what it expects by failing")]

#[path = "support/guard.rs"]
mod guard;

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt, BufStream, duplex};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};
use wire::{
    CallError, Functions, Limits, Pending, Ran, Remote, RequestServer, ServerHandle, Wire,
    functions, remote, remote_fn, remote_value,
};

use guard::{until, within};

/// How often it ran.
#[derive(Default)]
struct Count(AtomicUsize);

impl Count {
    fn get(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

#[remote_fn]
fn count(count: &Count) -> usize {
    count.0.fetch_add(1, Ordering::SeqCst) + 1
}

#[remote_fn]
fn length_of(text: String) -> u64 {
    text.len() as u64
}

#[remote_fn]
fn text_of(length: usize) -> String {
    "x".repeat(length)
}

/// A server of these functions, and its handle.
async fn serve(set: impl FnOnce(RequestServer) -> RequestServer, offer: Functions) -> ServerHandle {
    let server = set(RequestServer::bind("127.0.0.1:0").await.unwrap().functions(offer));
    let handle = server.handle();
    tokio::spawn(server.serve());
    handle
}

#[tokio::test]
async fn what_a_stream_has_buffered_itself_is_flushed_however_long_it_takes() {
    let (near, far) = duplex(64);
    let near = BufStream::with_capacity(8192, 8192, near);
    let there = Wire::builder().functions(functions![length_of]);
    let (here, _there) = tokio::join!(Wire::builder().over(near), there.over(far));
    let called = remote_value!(here.unwrap(), length_of("y".repeat(2000)) -> u64).value();
    assert_eq!(within(called).await.unwrap(), 2000);
}

#[tokio::test]
async fn a_call_that_timed_out_in_the_buffer_may_still_run_and_says_so() {
    let counted = Arc::new(Count::default());
    let (near, far) = duplex(64);
    let here = Wire::builder().classic().over(near).await.unwrap();
    remote!(here, length_of("z".repeat(10_000))).unwrap();
    let hasty = here.timeout(Duration::from_millis(5));
    let error = within(remote_value!(hasty, count() -> usize)).await.unwrap_err();
    assert_eq!(error.ran(), Ran::Maybe);
    // Only now does anybody read.
    let offer = functions![count, length_of].state(Arc::clone(&counted));
    let _there = Wire::builder().classic().functions(offer).over(far).await.unwrap();
    until(|| counted.get() == 1).await;
}

/// Keeps what it called before it aborted its wire.
#[derive(Default)]
struct Kept(Mutex<Option<Pending<usize>>>);

#[remote_fn]
fn call_and_abort(kept: &Kept, wire: &Wire) {
    *kept.0.lock().unwrap() = Some(remote_value!(wire, count() -> usize));
    wire.abort("now");
}

#[tokio::test]
async fn a_call_that_an_abort_took_back_never_goes_out() {
    let (counted, kept) = (Arc::new(Count::default()), Arc::new(Kept::default()));
    let offer = functions![count].state(Arc::clone(&counted));
    let abort = functions![call_and_abort].state(Arc::clone(&kept));
    let (here, there) = Wire::pair(offer, abort).unwrap();
    remote!(here, call_and_abort()).unwrap();
    drop(here.force_output());
    within(there.closed()).await;
    within(here.closed()).await;
    let called = kept.0.lock().unwrap().take().unwrap();
    assert_eq!(within(called).await.unwrap_err().ran(), Ran::No);
    assert_eq!(counted.get(), 0);
}

#[remote_fn]
fn wait_here(wire: &Wire) -> bool {
    let error = remote_value!(wire, count() -> usize).wait().unwrap_err();
    matches!(error, CallError::WouldDeadlock { ran: Ran::Maybe, .. })
}

#[tokio::test]
async fn a_call_that_could_not_be_waited_for_is_made_and_says_so() {
    let counted = Arc::new(Count::default());
    let offer = functions![count].state(Arc::clone(&counted));
    let (here, _there) = Wire::pair(offer, functions![wait_here]).unwrap();
    assert!(within(remote_value!(here, wait_here() -> bool).value()).await.unwrap());
    until(|| counted.get() == 1).await;
}

#[remote_fn]
async fn call_back_late(wire: &Wire) -> u64 {
    // Held up here, this side sees only afterwards that its caller has shut its own.
    std::thread::sleep(Duration::from_millis(100));
    let called = remote_value!(wire, length_of("abc") -> u64);
    drop(wire.force_output());
    sleep(Duration::from_millis(100)).await;
    drop(called);
    7
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_call_that_comes_after_our_side_was_shut_costs_no_answer_that_is_owed_us() {
    let (here, _there) = Wire::pair(functions![length_of], functions![call_back_late]).unwrap();
    let called = remote_value!(here, call_back_late() -> u64);
    within(here.force_output()).await.unwrap();
    let closed = here.close();
    assert_eq!(within(called.value()).await.unwrap(), 7);
    within(closed).await;
}

#[tokio::test(start_paused = true)]
async fn a_ping_has_time_to_be_answered_even_if_silence_may_last_no_longer() {
    let hasty = Wire::builder().keepalive(Duration::from_secs(3), Duration::from_secs(1));
    let (here, _there) = hasty.pair(Wire::builder().no_keepalive()).unwrap();
    sleep(Duration::from_secs(60)).await;
    assert!(here.is_open());
}

#[tokio::test(start_paused = true)]
async fn a_peer_that_reads_slowly_lives() {
    let (near, slow) = duplex(1024);
    let there = Wire::builder()
        .functions(functions![text_of])
        .keepalive(Duration::from_secs(1), Duration::from_secs(4));
    let (far, fast) = duplex(1 << 20);
    let (mut from, mut to) = (tokio::io::split(slow), tokio::io::split(fast));
    // A link of a thousand octets a second in the direction of the answer.
    tokio::spawn(async move {
        let mut piece = [0; 1000];
        while let Ok(count @ 1..) = from.0.read(&mut piece).await {
            to.1.write_all(&piece[..count]).await.unwrap();
            sleep(Duration::from_secs(1)).await;
        }
    });
    tokio::spawn(async move { tokio::io::copy(&mut to.0, &mut from.1).await });
    let here = Wire::builder().no_keepalive().hello_wait(Duration::from_secs(9));
    let (there, here) = tokio::join!(there.over(near), here.over(far));
    let answer = remote_value!(here.unwrap(), text_of(100_000) -> String).value().await.unwrap();
    assert_eq!(answer.len(), 100_000);
    assert!(there.unwrap().is_open());
}

#[tokio::test]
async fn connecting_that_is_given_up_ends_the_stream() {
    let (near, mut far) = duplex(4096);
    let never =
        Wire::builder().functions(functions![length_of]).hello_wait(Duration::MAX).over(near);
    assert!(timeout(Duration::from_millis(10), never).await.is_err());
    within(far.read_to_end(&mut Vec::new())).await.unwrap();
}

#[remote_fn]
fn die(died: &AtomicBool, wire: &Wire) {
    died.store(true, Ordering::SeqCst);
    wire.abort("enough");
}

#[tokio::test]
async fn nothing_starts_on_a_wire_that_the_call_before_has_ended() {
    let (died, counted) = (Arc::new(AtomicBool::new(false)), Arc::new(Count::default()));
    let offer = functions![die, count].state(Arc::clone(&died)).state(Arc::clone(&counted));
    let (here, there) = Wire::pair(functions![], offer).unwrap();
    remote!(here, die(), count(), count()).unwrap();
    drop(here.force_output());
    within(there.closed()).await;
    within(here.closed()).await;
    assert!(died.load(Ordering::SeqCst));
    assert_eq!(counted.get(), 0);
}

#[tokio::test]
async fn a_hook_that_panics_keeps_no_place_among_a_servers_wires() {
    let set =
        |server: RequestServer| server.max_wires(2).on_death(|_, _| panic!("a hook of a test"));
    let handle = serve(set, functions![length_of]).await;
    for _ in 0..5 {
        let wire = within(Wire::connect(handle.local_addr().unwrap())).await.unwrap();
        assert_eq!(remote_value!(wire, length_of("abc") -> u64).value().await.unwrap(), 3);
        within(wire.close()).await;
        until(|| handle.wires().is_empty()).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_wire_is_closed_although_its_peer_never_stops_calling() {
    let wires = Wire::builder().close_grace(Duration::from_millis(100));
    let handle = serve(|server| server.wires(wires), functions![length_of]).await;
    let mut peer = TcpStream::connect(handle.local_addr().unwrap()).await.unwrap();
    let mut call = vec![0];
    call.extend_from_slice(b"\x09\0\0\0\x04NOOP\0\0\0\x10COMMON-LISP-USER");
    let calls = call.repeat(2000);
    let flood = tokio::spawn(async move { while peer.write_all(&calls).await.is_ok() {} });
    until(|| handle.wires().iter().any(|wire| wire.stats().calls_received > 0)).await;
    within(handle.wires().pop().unwrap().close()).await;
    within(flood).await.unwrap();
}

/// Keeps an object of the peer.
#[derive(Default)]
struct Shelf(Mutex<Option<Remote>>);

#[remote_fn]
fn keep(shelf: &Shelf, object: Remote) {
    *shelf.0.lock().unwrap() = Some(object);
}

#[remote_fn]
fn empty(shelf: &Shelf) -> bool {
    shelf.0.lock().unwrap().take().is_some()
}

#[tokio::test]
async fn an_object_in_a_call_that_a_hook_holds_is_held_as_well() {
    let shelf = Arc::new(Shelf::default());
    let door = Arc::new(tokio::sync::Notify::new());
    let hold = Arc::clone(&door);
    let set = move |server: RequestServer| {
        server.on_connect(move |_| {
            let door = Arc::clone(&hold);
            async move {
                door.notified().await;
                Ok::<_, String>(())
            }
        })
    };
    let handle = serve(set, functions![keep, empty].state(Arc::clone(&shelf))).await;
    let mut peer = TcpStream::connect(handle.local_addr().unwrap()).await.unwrap();
    let hello = b"wire-hello/1 ops=15-29";
    let mut said = vec![8, 0, 0, 0, hello.len() as u8];
    said.extend_from_slice(hello);
    said.extend_from_slice(b"\x01\x09\0\0\0\x04KEEP\0\0\0\x10COMMON-LISP-USER");
    said.extend_from_slice(&[12, 1, 2, 3, 4, 5, 6, 7, 8, 0x40, 0, 0, 9]);
    // `(DO-1-VALUE-CALL token)` and `(EMPTY)`: its answer comes behind whatever was released before.
    said.extend_from_slice(b"\x01\x09\0\0\0\x0fDO-1-VALUE-CALL\0\0\0\x04WIRE");
    said.extend_from_slice(&[12, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 9]);
    said.extend_from_slice(b"\0\x09\0\0\0\x05EMPTY\0\0\0\x10COMMON-LISP-USER");
    peer.write_all(&said).await.unwrap();
    until(|| handle.wires().iter().any(|wire| wire.stats().octets_received == said.len() as u64))
        .await;
    door.notify_one();
    let mut heard = Vec::new();
    let release = [25, 0x40, 0, 0, 9, 1];
    within(async {
        while !heard.windows(release.len()).any(|octets| octets == release) {
            assert!(peer.read_buf(&mut heard).await.unwrap() > 0, "the release never came");
        }
    })
    .await;
    let answer = heard.windows(14).position(|octets| octets == b"RETURN-1-VALUE");
    let released = heard.windows(release.len()).position(|octets| octets == release);
    assert!(answer < released, "released while it was kept");
}

#[tokio::test(start_paused = true)]
async fn what_we_leave_unread_ourselves_is_no_stall_of_the_peer() {
    let (near, mut far) = duplex(80_000);
    let mut said = b"\x01\x09\0\0\0\x0fDO-1-VALUE-CALL\0\0\0\x04WIRE".to_vec();
    said.extend_from_slice(&[12, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 9]);
    said.extend_from_slice(b"\x01\x09\0\0\0\x07TEXT-OF\0\0\0\x10COMMON-LISP-USER");
    said.extend_from_slice(&[7, 0, 6, 0x1a, 0x80]); // 400,000
    let call = b"\0\x09\0\0\0\x04NOOP\0\0\0\x10COMMON-LISP-USER";
    // Longer than one read, which therefore ends within an object.
    while said.len() < 79_000 {
        said.extend_from_slice(call);
    }
    far.write_all(&said).await.unwrap();
    let limits = Limits::default().stall(Duration::from_secs(3)).read_pause(1000);
    let offer = functions![text_of];
    let builder = Wire::builder().classic().functions(offer).limits(limits);
    let _wire = builder.over(near).await.unwrap();
    let (mut piece, mut total) = ([0; 1000], 0);
    while total < 400_000 {
        let count = far.read(&mut piece).await.unwrap();
        assert!(count > 0, "ended after {total} octets");
        total += count;
        sleep(Duration::from_millis(40)).await;
    }
}
