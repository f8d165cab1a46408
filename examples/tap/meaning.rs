//! What an object means to those who watch.

use wire::codec::{Decoder, FunctionRef, Head, NoTokens, Received, SymbolRef, Text};

use super::calls::{Key, Want};

/// What a top-level object means.
pub(crate) enum Meaning<'a> {
    /// The values of the object after it are wanted.
    Ask(Key, Want),
    Call {
        function: FunctionRef<'a>,
        count: u8,
        arguments: Decoder<'a>,
        /// What the call itself says of who waits for it; a classic one says nothing.
        compact: Option<Option<(Key, Want)>>,
    },
    Returned {
        key: Key,
        count: usize,
        values: Decoder<'a>,
    },
    Unwound(Key, Option<Decoder<'a>>),
    Cancel(Key),
    Release {
        object: u32,
        count: u32,
    },
    Ping(u32),
    Pong(u32),
    Goodbye(Decoder<'a>),
    /// Any other object: the value that was asked for, or a hello, or nothing.
    Object(Decoder<'a>),
}

/// A function that the protocol itself is made of.
enum Builtin {
    Do(Want),
    Return,
    Abort,
}

impl<'a> Meaning<'a> {
    /// What `object` means.
    pub(crate) fn read(object: &'a [u8], received: &'a Received) -> Self {
        let decoder = |octets| Decoder::new(octets, received, Text::Utf8, &NoTokens);
        match Head::read(object, received) {
            Head::Funcall { function, argc, args } => {
                let arguments = decoder(args);
                Self::builtin(&function, argc, arguments.clone(), received).unwrap_or(Self::Call {
                    function,
                    count: argc,
                    arguments,
                    compact: None,
                })
            }
            Head::Call { want, id, function, argc, args } => {
                let wanted = Want::of_code(want).map(|want| (Key::Id(id), want));
                let (arguments, compact) = (decoder(args), Some(wanted));
                Self::Call { function, count: argc, arguments, compact }
            }
            Head::Return { id, n, values } => {
                Self::Returned { key: Key::Id(id), count: n.into(), values: decoder(values) }
            }
            Head::Unwound { id, reason } => Self::Unwound(Key::Id(id), Some(decoder(reason))),
            Head::Release { object, count } => Self::Release { object, count },
            Head::Cancel { id } => Self::Cancel(Key::Id(id)),
            Head::Ping { cookie } => Self::Ping(cookie),
            Head::Pong { cookie } => Self::Pong(cookie),
            Head::Goodbye { reason } => Self::Goodbye(decoder(reason)),
            _ => Self::Object(decoder(object)),
        }
    }

    /// What a call of `function` means, if that is one of the protocol's own.
    fn builtin(
        function: &FunctionRef<'_>,
        count: u8,
        mut arguments: Decoder<'a>,
        received: &Received,
    ) -> Option<Self> {
        let builtin = Builtin::named(&function.symbol(received)?)?;
        // It takes a token and then the values.
        let more = usize::from(count.checked_sub(1)?);
        let key = Key::Token(arguments.token().ok()?);
        Some(match builtin {
            Builtin::Do(want) => Self::Ask(key, want),
            Builtin::Return => Self::Returned { key, count: more, values: arguments },
            Builtin::Abort => Self::Unwound(key, None),
        })
    }
}

impl Builtin {
    fn named(symbol: &SymbolRef<'_>) -> Option<Self> {
        if symbol.package != "WIRE" {
            return None;
        }
        Some(match &*symbol.name {
            "DO-1-VALUE-CALL" => Self::Do(Want::Values(1)),
            "DO-2-VALUE-CALL" => Self::Do(Want::Values(2)),
            "DO-3-VALUE-CALL" => Self::Do(Want::Values(3)),
            "DO-4-VALUE-CALL" => Self::Do(Want::Values(4)),
            "DO-5-VALUE-CALL" => Self::Do(Want::Values(5)),
            "DO-N-VALUE-CALL" => Self::Do(Want::All),
            "RETURN-1-VALUE" | "RETURN-2-VALUES" | "RETURN-3-VALUES" | "RETURN-4-VALUES"
            | "RETURN-5-VALUES" => Self::Return,
            "REMOTE-RETURN-ABORT" => Self::Abort,
            _ => return None,
        })
    }
}
