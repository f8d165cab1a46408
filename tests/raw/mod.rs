//! A peer that speaks in bytes: it can say what no wire of ours would.

use std::time::Duration;

use bytes::BytesMut;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream};
use tokio::time::timeout;
use wire::codec::{
    Decoder, Encoder, FunctionRef, Head, Hello, Kind, Name, NoTokens, PeerProfile, Reads, Received,
    Scan, Scanner, Text,
};
use wire::{Builder, FromWire, Limits, ToWire, Token, Unwound, Value, Wire};

/// How long a test waits for what must come. Only a hang takes so long.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// The package of names that say none.
pub(crate) const USER: &str = "COMMON-LISP-USER";

/// A bare stream to a wire, with a reader of what comes.
pub(crate) struct RawPeer<S> {
    pub(crate) stream: S,
    scanner: Scanner,
    received: Received,
    /// What came and is not read yet.
    pub(crate) buffer: Vec<u8>,
}

/// One object that the wire sent.
#[derive(Debug, PartialEq)]
pub(crate) enum Said {
    Hello,
    /// A `DO-n-VALUE-CALL` with its token.
    Ask(Token),
    /// A call for its effect, or the one after an `Ask`: its name and arguments.
    Call(String, Vec<Value>),
    /// A compact call: the wants, the id, the name.
    Compact(u8, u32, String),
    /// An answer to the id, classic or compact, with its values.
    Return(u32, Vec<Value>),
    /// A classic abort.
    Abort(u32),
    Unwound(u32, Box<Unwound>),
    Number(i64),
    Ping(u32),
    Pong(u32),
    Release(u32, u32),
    Cancel(u32),
    Goodbye,
    Other,
}

/// A wire of this builder, in memory, and the raw peer at its other end.
pub(crate) async fn over(builder: Builder) -> (Wire, RawPeer<DuplexStream>) {
    over_pipe(builder, 1 << 16).await
}

/// The same, where the pipe holds only so many octets each way.
pub(crate) async fn over_pipe(builder: Builder, octets: usize) -> (Wire, RawPeer<DuplexStream>) {
    let (near, far) = tokio::io::duplex(octets);
    let wire = builder.hello_wait(Duration::ZERO).over(near).await.unwrap();
    (wire, RawPeer::new(far))
}

/// The same with a peer that has said the hello of this library, and read the wire's.
pub(crate) async fn extended(builder: Builder) -> (Wire, RawPeer<DuplexStream>) {
    let (wire, mut peer) = over(builder).await;
    peer.send(&hello()).await;
    assert_eq!(peer.said().await, Said::Hello);
    while !wire.is_extended() {
        tokio::task::yield_now().await;
    }
    (wire, peer)
}

impl<S: AsyncRead + AsyncWrite + Unpin> RawPeer<S> {
    pub(crate) fn new(stream: S) -> Self {
        let limits = Limits::default();
        let received = Received::new(&limits, Text::Utf8);
        Self { stream, scanner: Scanner::new(&limits), received, buffer: Vec::new() }
    }

    /// Sends bytes, as they are.
    pub(crate) async fn send(&mut self, bytes: &[u8]) {
        timeout(PATIENCE, self.stream.write_all(bytes)).await.expect("room").unwrap();
    }

    /// What the wire says next.
    pub(crate) async fn said(&mut self) -> Said {
        match timeout(PATIENCE, self.next()).await.expect("the wire says something") {
            Some(said) => said,
            None => panic!("the wire has ended its side"),
        }
    }

    /// What the wire says next; `None` at its end.
    pub(crate) async fn next(&mut self) -> Option<Said> {
        loop {
            match self.scanner.scan(&self.buffer, &mut self.received).unwrap() {
                Scan::Object { len, .. } => {
                    let object: Vec<u8> = self.buffer.drain(..len).collect();
                    return Some(read(&object, &self.received));
                }
                Scan::More { .. } => {}
                refused => panic!("the wire sent {refused:?}"),
            }
            if !self.read_more().await {
                return None;
            }
        }
    }

    /// Adds what comes next to what is not read yet; false at the end.
    pub(crate) async fn read_more(&mut self) -> bool {
        // On the heap: a test's future would have room for one at each place where it waits.
        let mut piece = vec![0; 1 << 16];
        // A wire that is aborted may reset its stream.
        let count = self.stream.read(&mut piece).await.unwrap_or(0);
        self.buffer.extend_from_slice(&piece[..count]);
        count > 0
    }

    /// Reads until an answer to this id comes, and gives that.
    pub(crate) async fn answer(&mut self, wanted: u32) -> Said {
        loop {
            let said = self.said().await;
            match &said {
                Said::Return(id, _) | Said::Abort(id) | Said::Unwound(id, _) if *id == wanted => {
                    return said;
                }
                Said::Return(..) | Said::Abort(_) | Said::Unwound(..) => {
                    panic!("an answer to call {wanted} was due, and {said:?} came")
                }
                _ => {}
            }
        }
    }

    /// The reason of the unwinding of this call, which must have unwound.
    pub(crate) async fn reason(&mut self, id: u32) -> Unwound {
        match self.answer(id).await {
            Said::Unwound(_, reason) => *reason,
            other => panic!("call {id} should have unwound, and {other:?} came"),
        }
    }

    /// Makes sure that the wire lives and answers, by `(ADD 20 22)`.
    pub(crate) async fn check_alive(&mut self, id: u32) {
        self.send(&[ask(id, 1), call("ADD", &[&20, &22])].concat()).await;
        let Said::Return(_, values) = self.answer(id).await else { panic!("ADD must return") };
        assert_eq!(values[0], Value::from(42));
    }

    /// Reads the rest of what the wire has to say.
    pub(crate) async fn drain(&mut self) -> Vec<Said> {
        let mut all = Vec::new();
        while let Some(said) = timeout(PATIENCE, self.next()).await.expect("the wire ends") {
            all.push(said);
        }
        all
    }
}

fn read(object: &[u8], received: &Received) -> Said {
    let decoder = |octets| Decoder::new(octets, received, Text::Utf8, &NoTokens);
    let values = |octets, count: usize| {
        let mut input = decoder(octets);
        // What a wire echoes need not be text.
        let mut value = || Value::from_wire(&mut input).unwrap_or_else(|e| e.to_string().into());
        (0..count).map(|_| value()).collect::<Vec<_>>()
    };
    match Head::read(object, received) {
        Head::Funcall { function, argc, args } => {
            let name = name_of(&function, received);
            let count = usize::from(argc);
            let token = || decoder(args).token().unwrap();
            match &*name {
                "REMOTE-RETURN-ABORT" => Said::Abort(token().id()),
                _ if name.starts_with("RETURN-") => {
                    let mut input = decoder(args);
                    input.skip().unwrap();
                    Said::Return(token().id(), values(input.rest(), count - 1))
                }
                _ if name.starts_with("DO-") => Said::Ask(token()),
                _ => Said::Call(name, values(args, count)),
            }
        }
        Head::Call { want, id, function, .. } => {
            Said::Compact(want, id, name_of(&function, received))
        }
        Head::Return { id, n, values: octets } => Said::Return(id, values(octets, n.into())),
        Head::Unwound { id, reason } => {
            Said::Unwound(id, Box::new(Unwound::from_wire(&mut decoder(reason)).unwrap()))
        }
        Head::Ping { cookie } => Said::Ping(cookie),
        Head::Pong { cookie } => Said::Pong(cookie),
        Head::Release { object, count } => Said::Release(object, count),
        Head::Cancel { id } => Said::Cancel(id),
        Head::Goodbye { .. } => Said::Goodbye,
        Head::Object(octets) => {
            let mut input = decoder(octets);
            match input.kind() {
                Kind::Integer => Said::Number(input.integer().unwrap()),
                Kind::String if Hello::is_hello(&input.string().unwrap()) => Said::Hello,
                _ => Said::Other,
            }
        }
        _ => Said::Other,
    }
}

fn name_of(function: &FunctionRef<'_>, received: &Received) -> String {
    function.symbol(received).expect("a call has a name").name.into_owned()
}

/// Octets of whole objects, which save nothing.
pub(crate) fn write(
    write: impl FnOnce(&mut Encoder<'_>) -> Result<(), wire::Unsendable>,
) -> Vec<u8> {
    let (mut buffer, peer) = (BytesMut::new(), PeerProfile::extended());
    let mut out = Encoder::new(&mut buffer, None, &peer);
    write(&mut out).unwrap();
    buffer.to_vec()
}

pub(crate) fn hello() -> Vec<u8> {
    hello_of(&Limits::default())
}

pub(crate) fn hello_of(limits: &Limits) -> Vec<u8> {
    let hello = Hello::new(Reads::ALL, limits).to_string();
    write(|out| out.string(&hello))
}

/// The peer's own token for a call of its.
pub(crate) fn token(id: u32) -> Token {
    Token::new(0x7f00_0001, 77, id)
}

/// `DO-n-VALUE-CALL`.
pub(crate) fn ask(id: u32, n: u8) -> Vec<u8> {
    let name = if n > 5 { "DO-N-VALUE-CALL".to_owned() } else { format!("DO-{n}-VALUE-CALL") };
    protocol(&name, token(id), &[])
}

/// A call of package WIRE with a token first.
pub(crate) fn protocol(name: &str, token: Token, more: &[&dyn ToWire]) -> Vec<u8> {
    write(|out| {
        out.funcall(Name::Dynamic { name, package: "WIRE" }, 1 + more.len())?;
        out.token(token)?;
        more.iter().try_for_each(|value| value.to_wire(out))
    })
}

pub(crate) fn call(name: &str, arguments: &[&dyn ToWire]) -> Vec<u8> {
    write(|out| {
        out.funcall(Name::Dynamic { name, package: USER }, arguments.len())?;
        arguments.iter().try_for_each(|value| value.to_wire(out))
    })
}

/// A compact call.
pub(crate) fn compact(want: u8, id: u32, name: &str, arguments: &[&dyn ToWire]) -> Vec<u8> {
    write(|out| {
        out.call(want, id, Name::Dynamic { name, package: USER }, arguments.len())?;
        arguments.iter().try_for_each(|value| value.to_wire(out))
    })
}

/// The head of a call, whose arguments the test writes itself.
pub(crate) fn call_head(name: &str, argc: u8) -> Vec<u8> {
    let op: &[u8] = if argc < 6 { &[argc] } else { &[6, argc] };
    [op, &symbol(name, USER)].concat()
}

pub(crate) fn symbol(name: &str, package: &str) -> Vec<u8> {
    write(|out| out.symbol(name, package))
}

pub(crate) fn save(index: u32, object: &[u8]) -> Vec<u8> {
    [&[10][..], &index.to_be_bytes(), object].concat()
}

pub(crate) fn lookup(index: u32) -> Vec<u8> {
    [&[11][..], &index.to_be_bytes()].concat()
}

pub(crate) fn number(number: i32) -> Vec<u8> {
    [&[7][..], &number.to_be_bytes()].concat()
}

pub(crate) fn cons(car: &[u8], cdr: &[u8]) -> Vec<u8> {
    [&[13][..], car, cdr].concat()
}
