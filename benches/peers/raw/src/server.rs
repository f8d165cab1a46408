//! The called side.

use bytes::BufMut;
use contestant::{Result, Settings};
use tokio::net::{TcpListener, TcpStream};

use crate::connection::{Connection, LARGE};
use crate::frame::{Frame, header, kind};
use crate::record;

pub(crate) struct Raw;

impl contestant::Server for Raw {
    async fn serve(listener: TcpListener, _settings: &Settings) -> Result<()> {
        loop {
            let (stream, _) = listener.accept().await?;
            tokio::spawn(async move {
                if let Err(error) = serve(stream).await {
                    eprintln!("raw: {error}");
                }
            });
        }
    }
}

/// Reads, handles all that has come, answers it in one write, and reads again.
async fn serve(stream: TcpStream) -> Result<()> {
    let mut connection = Connection::over(stream)?;
    let mut told = 0;
    loop {
        let mut at = 0;
        while let Some(frame) = Frame::first(&connection.input[at..]) {
            let (begin, end) = (at + frame.len() - frame.body.len(), at + frame.len());
            at = end;
            if frame.kind == kind::ECHO && frame.body.len() >= LARGE {
                header(&mut connection.out, frame.id, kind::ANSWER, frame.body.len());
                connection.write_input(begin, end).await?;
            } else {
                handle(frame, &mut connection.out, &mut told)?;
            }
        }
        connection.consume(at);
        if !connection.out.is_empty() {
            connection.flush().await?;
        }
        if !connection.read().await? {
            return Ok(());
        }
    }
}

fn handle(frame: Frame<'_>, out: &mut bytes::BytesMut, told: &mut u64) -> Result<()> {
    match frame.kind {
        kind::ADD => {
            header(out, frame.id, kind::ANSWER, 4);
            out.put_i32_le(frame.i32(0) + frame.i32(4));
        }
        kind::NOTE => *told += std::str::from_utf8(frame.body)?.len() as u64,
        kind::TOLD => {
            header(out, frame.id, kind::ANSWER, 8);
            out.put_u64_le(*told);
        }
        kind::ECHO => {
            header(out, frame.id, kind::ANSWER, frame.body.len());
            out.put_slice(frame.body);
        }
        kind::RECORDS => {
            let records = record::read(frame.body).ok_or("these are no records")?;
            header(out, frame.id, kind::ANSWER, record::length(&records));
            record::put(out, &records);
        }
        kind::NUMBERS => {
            let numbers = record::read_numbers(frame.body);
            header(out, frame.id, kind::ANSWER, frame.body.len());
            record::put_numbers(out, &numbers);
        }
        kind::CALL_BACK => {
            header(out, frame.id, kind::DOUBLE, 4);
            out.put_slice(frame.body);
        }
        // The client's answer to the call back, and with it the end of the call.
        kind::DOUBLE => {
            header(out, frame.id, kind::ANSWER, 4);
            out.put_i32_le(frame.i32(0) + 1);
        }
        other => return Err(format!("there is no kind {other}").into()),
    }
    Ok(())
}
