//! The stream of a wire, which its task and its callers take turns with.

use std::any::{Any, TypeId};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Waker};

use socket2::SockRef;
use tokio::io::{AsyncRead, AsyncWrite, DuplexStream};
use tokio::net::TcpStream;

use crate::handle::{Outlet, Shared, WireError};
use crate::net::output::Output;

/// What a wire can be laid over: any byte stream.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Send + Unpin + 'static {
    /// Whether any task and any thread may write to it. Of tokio's own streams this is known; others
    /// may want a runtime about them, or think that only one task polls them.
    fn is_for_anybody(&self) -> bool;

    /// The socket that it is, which can be read from whether or not the runtime has heard of input.
    fn socket(&self) -> Option<SockRef<'_>>;
}

impl<S: AsyncRead + AsyncWrite + Send + Unpin + 'static> Stream for S {
    fn is_for_anybody(&self) -> bool {
        let this = self.type_id();
        #[cfg(unix)]
        if this == TypeId::of::<tokio::net::UnixStream>() {
            return true;
        }
        this == TypeId::of::<TcpStream>() || this == TypeId::of::<DuplexStream>()
    }

    fn socket(&self) -> Option<SockRef<'_>> {
        let this: &dyn Any = self;
        #[cfg(unix)]
        if let Some(stream) = this.downcast_ref::<tokio::net::UnixStream>() {
            return Some(SockRef::from(stream));
        }
        this.downcast_ref::<TcpStream>().map(SockRef::from)
    }
}

/// A stream under a lock that is held for one system call, or for one write of all that is buffered.
pub(crate) struct Line {
    ends: Mutex<Ends>,
    for_anybody: bool,
}

/// Both directions of the stream.
pub(crate) struct Ends {
    pub(crate) stream: Box<dyn Stream>,
    output: Output,
    /// What a caller's write came to, for the wire's task.
    failed: Option<WireError>,
}

impl Line {
    pub(crate) fn new(stream: Box<dyn Stream>) -> Self {
        let for_anybody = stream.as_ref().is_for_anybody();
        let ends = Ends { stream, output: Output::default(), failed: None };
        Self { ends: Mutex::new(ends), for_anybody }
    }

    /// For the wire's task, which waits for a caller that writes: that one does not block.
    pub(crate) fn lock(&self) -> MutexGuard<'_, Ends> {
        self.ends.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ends {
    /// Writes what is to be written, as [`Output::poll`] does.
    pub(crate) fn poll_output(
        &mut self,
        cx: &mut Context<'_>,
        shared: &Shared,
        handled: bool,
    ) -> Result<bool, WireError> {
        match self.failed.take() {
            Some(why) => Err(why),
            None => self.output.poll(cx, &mut self.stream, shared, handled),
        }
    }
}

impl Outlet for Line {
    fn write_now(&self, shared: &Shared) -> bool {
        if !self.for_anybody {
            return false;
        }
        let Ok(mut ends) = self.ends.try_lock() else {
            return false;
        };
        // Output that waits for room is the task's: it is who is woken when there is some.
        if ends.output.is_underway() || ends.failed.is_some() {
            return false;
        }
        // Whatever does not go now, the task tries anew, with its own waker.
        let mut cx = Context::from_waker(Waker::noop());
        match ends.poll_output(&mut cx, shared, false) {
            Ok(blocked) => !blocked,
            Err(why) => {
                ends.failed = Some(why);
                false
            }
        }
    }
}
