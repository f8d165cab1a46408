//! A socket with a buffer for either direction.

use std::net::SocketAddr;

use bytes::{Buf, BytesMut};
use contestant::Result;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::frame::{Frame, wanted};

/// A body from this size on is written from where it is, and not copied into the buffer.
pub(crate) const LARGE: usize = 16 << 10;

const FIRST_READ: usize = 4 << 10;
const LAST_READ: usize = 64 << 10;

pub(crate) struct Connection {
    stream: TcpStream,
    pub(crate) input: BytesMut,
    pub(crate) out: BytesMut,
    /// How much one read may bring: it grows while reads bring as much as they may.
    read: usize,
}

impl Connection {
    pub(crate) fn over(stream: TcpStream) -> Result<Self> {
        stream.set_nodelay(true)?;
        Ok(Self { stream, input: BytesMut::new(), out: BytesMut::new(), read: FIRST_READ })
    }

    pub(crate) async fn connect(address: SocketAddr) -> Result<Self> {
        Self::over(TcpStream::connect(address).await?)
    }

    /// Reads what there is, or waits for it; says whether there was any.
    pub(crate) async fn read(&mut self) -> Result<bool> {
        let missing = wanted(&self.input).saturating_sub(self.input.len());
        self.input.reserve(self.read.max(missing));
        let count = self.stream.read_buf(&mut self.input).await?;
        if count >= self.read {
            self.read = (self.read * 2).min(LAST_READ);
        }
        Ok(count > 0)
    }

    /// Writes what is buffered.
    pub(crate) async fn flush(&mut self) -> Result<()> {
        self.stream.write_all(&self.out).await?;
        self.out.clear();
        Ok(())
    }

    /// Writes what is buffered, and then these octets.
    pub(crate) async fn write_large(&mut self, octets: &[u8]) -> Result<()> {
        self.flush().await?;
        Ok(self.stream.write_all(octets).await?)
    }

    /// The same for octets of the input.
    pub(crate) async fn write_input(&mut self, from: usize, to: usize) -> Result<()> {
        self.flush().await?;
        Ok(self.stream.write_all(&self.input[from..to]).await?)
    }

    /// Reads on until the next frame is whole, and gives its length.
    pub(crate) async fn next_frame(&mut self) -> Result<usize> {
        loop {
            if let Some(frame) = Frame::first(&self.input) {
                return Ok(frame.len());
            }
            if !self.read().await? {
                return Err("the peer has gone".into());
            }
        }
    }

    pub(crate) fn consume(&mut self, octets: usize) {
        self.input.advance(octets);
    }
}
