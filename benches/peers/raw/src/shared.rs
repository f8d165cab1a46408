//! One connection for many callers: what the loop becomes when answers must find their tasks.

use std::future::{Future, poll_fn};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use bytes::{Buf, BufMut, BytesMut};
use contestant::{Result, summands};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};

use crate::frame::{Frame, header, kind};

const READ: usize = 64 << 10;

/// A handle of the connection.
#[derive(Clone)]
pub(crate) struct Shared(Arc<Mutex<State>>);

/// What callers, reader and writer share.
#[derive(Default)]
struct State {
    out: BytesMut,
    /// A place for each call that waits; its index is the call's number.
    slots: Vec<Slot>,
    free: Vec<u32>,
    /// The writer, while it has nothing to write.
    writer: Option<Waker>,
    gone: bool,
}

enum Slot {
    Free,
    Waiting(Option<Waker>),
    Answered(i32),
}

impl Shared {
    /// Connects, and starts the two tasks that read and write.
    pub(crate) async fn connect(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let (input, output) = stream.into_split();
        let shared = Self(Arc::default());
        tokio::spawn(shared.clone().write(output));
        tokio::spawn(shared.clone().read(input));
        Ok(shared)
    }

    /// So many calls, one at a time.
    pub(crate) async fn adds(self, calls: u64) -> Result<()> {
        for call in 0..calls {
            let (a, b) = summands(call);
            let sum = self.add(a, b).await?;
            if sum != a + b {
                return Err(format!("{a} + {b} is not {sum}").into());
            }
        }
        Ok(())
    }

    fn add(&self, a: i32, b: i32) -> impl Future<Output = Result<i32>> {
        let mut state = self.lock();
        let id = state.take_slot();
        header(&mut state.out, id, kind::ADD, 8);
        state.out.put_i32_le(a);
        state.out.put_i32_le(b);
        let writer = state.writer.take();
        drop(state);
        if let Some(writer) = writer {
            writer.wake();
        }
        poll_fn(move |cx| self.poll_answer(cx, id))
    }

    fn poll_answer(&self, cx: &Context<'_>, id: u32) -> Poll<Result<i32>> {
        let mut state = self.lock();
        if state.gone {
            return Poll::Ready(Err("the server has gone".into()));
        }
        let slot = &mut state.slots[id as usize];
        if let Slot::Answered(sum) = *slot {
            *slot = Slot::Free;
            state.free.push(id);
            return Poll::Ready(Ok(sum));
        }
        *slot = Slot::Waiting(Some(cx.waker().clone()));
        Poll::Pending
    }

    /// Writes whatever the callers have put into the buffer since the last write.
    async fn write(self, mut output: OwnedWriteHalf) {
        let mut writing = BytesMut::new();
        while poll_fn(|cx| self.poll_output(cx, &mut writing)).await {
            if output.write_all(&writing).await.is_err() {
                return;
            }
            writing.clear();
        }
    }

    fn poll_output(&self, cx: &Context<'_>, writing: &mut BytesMut) -> Poll<bool> {
        let mut state = self.lock();
        if state.gone {
            return Poll::Ready(false);
        }
        if state.out.is_empty() {
            state.writer = Some(cx.waker().clone());
            return Poll::Pending;
        }
        std::mem::swap(&mut state.out, writing);
        Poll::Ready(true)
    }

    /// Hands all answers that one read has brought to their callers, under one lock.
    async fn read(self, mut input: OwnedReadHalf) {
        let mut received = BytesMut::new();
        let mut wakers = Vec::new();
        loop {
            received.reserve(READ);
            let more = matches!(input.read_buf(&mut received).await, Ok(1..));
            {
                let mut state = self.lock();
                let used = state.deliver(&received, &mut wakers);
                received.advance(used);
                state.gone = !more;
            }
            wakers.drain(..).for_each(Waker::wake);
            if !more {
                return;
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn take_slot(&mut self) -> u32 {
        match self.free.pop() {
            Some(id) => {
                self.slots[id as usize] = Slot::Waiting(None);
                id
            }
            None => {
                self.slots.push(Slot::Waiting(None));
                self.slots.len() as u32 - 1
            }
        }
    }

    /// Keeps the answers, and gives the octets that they took.
    fn deliver(&mut self, received: &[u8], wakers: &mut Vec<Waker>) -> usize {
        let mut at = 0;
        while let Some(frame) = Frame::first(&received[at..]) {
            at += frame.len();
            let slot = &mut self.slots[frame.id as usize];
            if let Slot::Waiting(waker) = std::mem::replace(slot, Slot::Answered(frame.i32(0))) {
                wakers.extend(waker);
            }
        }
        at
    }
}
