//! The calling side.

use std::net::SocketAddr;
use std::sync::Arc;

use bytes::{BufMut, Bytes};
use contestant::{Client, Result, Settings, adds, summands, tasks};
use tokio::sync::{Mutex, OnceCell};

use crate::connection::{Connection, LARGE};
use crate::frame::{Frame, HEADER, header, kind};
use crate::record::{self, Record};
use crate::shared::Shared;

/// One-way frames are written when so many octets of them wait.
const BATCH: usize = 64 << 10;

#[derive(Clone)]
pub(crate) struct Connected {
    connection: Arc<Mutex<Connection>>,
    address: SocketAddr,
    /// The connection of many callers, once there are some.
    shared: Arc<OnceCell<Shared>>,
}

impl Client for Connected {
    type Record = Record;

    async fn connect(settings: &Settings) -> Result<Self> {
        let address = settings.address()?;
        let connection = Arc::new(Mutex::new(Connection::connect(address).await?));
        Ok(Self { connection, address, shared: Arc::default() })
    }

    async fn add(&self, a: i32, b: i32) -> Result<i32> {
        let mut connection = self.connection.lock().await;
        put_add(&mut connection, 0, a, b);
        let length = call(&mut connection).await?;
        let sum = answer(&connection)?.i32(0);
        connection.consume(length);
        Ok(sum)
    }

    async fn callers(callers: Vec<Self>, each: u64) -> Result<()> {
        tasks(callers, |caller| adds(caller, each)).await
    }

    async fn in_flight(&self, width: usize, each: u64) -> Result<()> {
        let shared = self.shared.get_or_try_init(|| Shared::connect(self.address)).await?;
        tasks(vec![shared.clone(); width], |caller| caller.adds(each)).await
    }

    /// One loop: as many answers as one read has brought, so many calls go out in one write.
    async fn joined(&self, width: usize, calls: u64) -> Result<()> {
        let mut connection = self.connection.lock().await;
        let mut numbers = 0..calls;
        for number in numbers.by_ref().take(width) {
            put_numbered(&mut connection, number);
        }
        let mut answered = 0;
        while answered < calls {
            connection.flush().await?;
            if !connection.read().await? {
                return Err("the server has gone".into());
            }
            let mut at = 0;
            while let Some(frame) = Frame::first(&connection.input[at..]) {
                let (a, b) = summands(frame.id.into());
                if frame.i32(0) != a + b {
                    return Err(format!("{a} + {b} is not {}", frame.i32(0)).into());
                }
                at += frame.len();
                answered += 1;
                if let Some(number) = numbers.next() {
                    put_numbered(&mut connection, number);
                }
            }
            connection.consume(at);
        }
        Ok(())
    }

    async fn tell(&self, text: &str, times: u64) -> Result<u64> {
        let mut connection = self.connection.lock().await;
        for _ in 0..times {
            header(&mut connection.out, 0, kind::NOTE, text.len());
            connection.out.put_slice(text.as_bytes());
            if connection.out.len() >= BATCH {
                connection.flush().await?;
            }
        }
        header(&mut connection.out, 0, kind::TOLD, 0);
        let length = call(&mut connection).await?;
        let told = u64::from_le_bytes(answer(&connection)?.body.try_into()?);
        connection.consume(length);
        Ok(told)
    }

    async fn echo(&self, octets: &Bytes) -> Result<bool> {
        let mut connection = self.connection.lock().await;
        header(&mut connection.out, 0, kind::ECHO, octets.len());
        if octets.len() >= LARGE {
            connection.write_large(octets).await?;
        } else {
            connection.out.put_slice(octets);
        }
        let length = call(&mut connection).await?;
        let same = answer(&connection)?.body == octets;
        connection.consume(length);
        Ok(same)
    }

    async fn echo_records(&self, records: &[Record]) -> Result<bool> {
        let mut connection = self.connection.lock().await;
        header(&mut connection.out, 0, kind::RECORDS, record::length(records));
        record::put(&mut connection.out, records);
        let length = call(&mut connection).await?;
        let same = record::read(answer(&connection)?.body).is_some_and(|back| back == records);
        connection.consume(length);
        Ok(same)
    }

    async fn echo_numbers(&self, numbers: &[i32]) -> Result<bool> {
        let mut connection = self.connection.lock().await;
        header(&mut connection.out, 0, kind::NUMBERS, 4 * numbers.len());
        record::put_numbers(&mut connection.out, numbers);
        let length = call(&mut connection).await?;
        let same = record::read_numbers(answer(&connection)?.body) == numbers;
        connection.consume(length);
        Ok(same)
    }

    async fn call_back(&self, number: i32) -> Result<i32> {
        let mut connection = self.connection.lock().await;
        header(&mut connection.out, 0, kind::CALL_BACK, 4);
        connection.out.put_i32_le(number);
        let length = call(&mut connection).await?;
        let frame = Frame::first(&connection.input).ok_or("no frame")?;
        if frame.kind != kind::DOUBLE || length != HEADER + 4 {
            return Err("the server was to call back".into());
        }
        let doubled = 2 * frame.i32(0);
        connection.consume(length);
        header(&mut connection.out, 0, kind::DOUBLE, 4);
        connection.out.put_i32_le(doubled);
        let length = call(&mut connection).await?;
        let result = answer(&connection)?.i32(0);
        connection.consume(length);
        Ok(result)
    }
}

fn put_numbered(connection: &mut Connection, number: u64) {
    let (a, b) = summands(number);
    put_add(connection, number as u32, a, b);
}

#[inline]
fn put_add(connection: &mut Connection, id: u32, a: i32, b: i32) {
    header(&mut connection.out, id, kind::ADD, 8);
    connection.out.put_i32_le(a);
    connection.out.put_i32_le(b);
}

/// Sends what is buffered and waits for the next frame, whose length it gives.
async fn call(connection: &mut Connection) -> Result<usize> {
    connection.flush().await?;
    connection.next_frame().await
}

fn answer(connection: &Connection) -> Result<Frame<'_>> {
    match Frame::first(&connection.input) {
        Some(frame) if frame.kind == kind::ANSWER => Ok(frame),
        _ => Err("that is no answer".into()),
    }
}
