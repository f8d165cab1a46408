//! What octets mean, in the words of the page.

use wire::codec::{
    Decoder, FunctionRef, Head, NoTokens, PeerProfile, ProtocolError, Received, Scan, Scanner,
    Sent, SymbolRef, Text,
};
use wire::{FromWire, Limits, Symbol, Value};

/// What one direction of a wire remembers, for whoever reads it and for whoever writes it.
pub(crate) struct Direction {
    scanner: Scanner,
    received: Received,
    pub(crate) sent: Sent,
    pub(crate) peer: PeerProfile,
}

impl Direction {
    /// A fresh one, to a peer of that dialect.
    pub(crate) fn new(peer: PeerProfile) -> Self {
        let limits = Limits::default();
        Self {
            scanner: Scanner::new(&limits),
            received: Received::new(&limits, Text::Utf8),
            sent: Sent::new(limits.cache_entries),
            peer,
        }
    }

    /// Finds the next top-level object.
    pub(crate) fn scan(&mut self, octets: &[u8]) -> Result<Scan, ProtocolError> {
        self.scanner.scan(octets, &mut self.received)
    }

    /// What the next top-level object means; why, if it is none.
    pub(crate) fn meaning(&mut self, octets: &[u8]) -> Result<String, String> {
        match self.scan(octets) {
            Ok(Scan::Object { len, .. }) if len == octets.len() => {}
            Err(error) => return Err(error.to_string()),
            other => return Err(format!("not just one object: {other:?}")),
        }
        let call = |function: &FunctionRef<'_>, arguments, count| {
            format!("call ({}{})", printed(&self.symbol(function)), self.words(arguments, count))
        };
        Ok(match self.head(octets) {
            Head::Funcall { function, argc, args } => call(&function, args, argc),
            Head::Call { want, id, function, argc, args } => {
                call(&function, args, argc) + &wanted(want, id)
            }
            Head::Return { id, n, values } => format!("return to {id}:{}", self.words(values, n)),
            Head::Unwound { id, reason } => format!("unwound to {id}:{}", self.words(reason, 1)),
            Head::Release { object, count } => format!("release {object}, come {count} times"),
            Head::Cancel { id } => format!("cancel {id}"),
            Head::Ping { cookie } => format!("ping {cookie}"),
            Head::Pong { cookie } => format!("pong {cookie}"),
            Head::Goodbye { reason } => format!("goodbye{}", self.words(reason, 1)),
            Head::Object(object) => self.words(object, 1).split_off(1),
            other => return Err(format!("{other:?}")),
        })
    }

    pub(crate) fn head<'a>(&'a self, octets: &'a [u8]) -> Head<'a> {
        Head::read(octets, &self.received)
    }

    pub(crate) fn decoder<'a>(&'a self, octets: &'a [u8]) -> Decoder<'a> {
        Decoder::new(octets, &self.received, Text::Utf8, &NoTokens)
    }

    /// The symbol of a function's name.
    pub(crate) fn symbol<'a>(&'a self, function: &FunctionRef<'a>) -> SymbolRef<'a> {
        match function {
            FunctionRef::Index(index) => self.received.symbol(*index).expect("a saved symbol"),
            FunctionRef::Named(symbol) => symbol.clone(),
            other => panic!("{other:?}"),
        }
    }

    /// So many arguments or values, each after a space.
    fn words(&self, octets: &[u8], count: u8) -> String {
        let mut input = self.decoder(octets);
        (0..count).map(|_| format!(" {}", self.word(&mut input))).collect()
    }

    /// One argument or value; a call is marked.
    fn word(&self, input: &mut Decoder<'_>) -> String {
        if !input.is_call() {
            return match Value::from_wire(input) {
                Ok(value) => value.to_string(),
                Err(error) => error.to_string(),
            };
        }
        let call = input.call_head().expect("a call stands there");
        let mut words = format!("@({}", printed(&self.symbol(&call.function)));
        for _ in 0..call.argc {
            words = words + " " + &self.word(input);
        }
        words + ")"
    }
}

fn wanted(want: u8, id: u32) -> String {
    match want {
        0 => " for 0".to_owned(),
        6 => format!(" for all as {id}"),
        want => format!(" for {want} as {id}"),
    }
}

fn printed(symbol: &SymbolRef<'_>) -> String {
    Symbol::new(&symbol.name, &symbol.package).to_string()
}
