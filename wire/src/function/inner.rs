//! The values of calls among arguments, on their way to the calls around them.

use std::collections::HashMap;

use bytes::BytesMut;

use crate::codec::{Decoder, Encoder, NoTokens, PeerProfile, Received, Text, Tokens, Unsendable};
use crate::convert::ToWire;
use crate::function::panics::catch;
use crate::limits::Limits;
use crate::object::{self, Remote};
use crate::session::{PlanCall, Unwound};
use crate::token::Token;

/// A value that does not leave the process: octets of the extended dialect, which name nothing in
/// any cache.
#[derive(Debug)]
pub(crate) struct InnerValue {
    octets: Vec<u8>,
    weight: u64,
    objects: Objects,
}

/// The remote objects in values, as the handles that they were there: they stay what they are
/// without having been sent out and received.
#[derive(Debug, Default)]
struct Objects(HashMap<Token, Remote>);

/// How large the next value may be.
///
/// With those that wait beside it, a value is bounded as an object of the peer's is. A few octets
/// could otherwise have one doubled a hundred times.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Room {
    weight: u64,
    depth: u32,
}

/// The values of one call tree that are not taken yet, by the numbers of their calls.
#[derive(Debug)]
pub(crate) struct InnerValues {
    values: Vec<Option<InnerValue>>,
    room: Room,
}

/// The arguments of a call, the values in their places.
pub(crate) struct Arguments<'a> {
    octets: Vec<u8>,
    objects: Objects,
    /// Who makes handles of all other objects.
    others: &'a dyn Tokens,
}

impl InnerValues {
    /// None yet, of an object that nests so deep.
    pub(crate) fn new(depth: u32, limits: &Limits) -> Self {
        let depth = limits.depth.saturating_sub(depth);
        Self { values: Vec::new(), room: Room { weight: limits.object_weight, depth } }
    }

    pub(crate) fn room(&self) -> Room {
        self.room
    }

    /// The value of the next call.
    pub(crate) fn push(&mut self, value: InnerValue) {
        self.room.weight = self.room.weight.saturating_sub(value.weight);
        self.values.push(Some(value));
    }

    /// The arguments of a call, which takes its values out.
    pub(crate) fn arguments<'a>(
        &mut self,
        call: &PlanCall,
        others: &'a dyn Tokens,
    ) -> Arguments<'a> {
        let mut objects = Objects::default();
        let octets = call.arguments(|number, octets| {
            let Some(value) = self.values[number].take() else { return };
            self.room.weight += value.weight;
            octets.extend_from_slice(&value.octets);
            value.objects.0.into_values().for_each(|handle| objects.add(handle));
        });
        // Who guesses a token does not get the object by having it named in a value beside it.
        call.own().for_each(|own| objects.deny(own, others));
        Arguments { octets, objects, others }
    }
}

impl InnerValue {
    /// The symbol NIL.
    pub(crate) fn nil() -> Self {
        let octets = b"\x09\0\0\0\x03NIL\0\0\0\x0bCOMMON-LISP".to_vec();
        Self { octets, weight: 0, objects: Objects::default() }
    }

    /// The first of the values that a function returned.
    pub(crate) fn new(
        values: &dyn ToWire,
        function: &str,
        room: Room,
        limits: &Limits,
    ) -> Result<Self, Unwound> {
        let mut octets = BytesMut::new();
        let mut peer = PeerProfile::extended();
        (peer.object_weight, peer.depth) = (room.weight, room.depth);
        let mut out = Encoder::new(&mut octets, None, &peer);
        out.keep_handles();
        catch(|| values.value_to_wire(0, &mut out).and_then(|()| out.finish()))?
            .map_err(|error| not_passed(&error, function, limits))?;
        let weight = out.weight();
        let mut objects = Objects::default();
        out.take_handles().into_iter().for_each(|handle| objects.add(handle));
        for token in out.take_tokens_sent() {
            let hold = || object::hold(token).map(|hold| hold as _);
            objects.0.entry(token).or_insert_with(|| Remote::with_hold(token, hold()));
        }
        Ok(Self { octets: octets.to_vec(), weight, objects })
    }
}

fn not_passed(error: &Unsendable, function: &str, limits: &Limits) -> Unwound {
    let why = match error {
        Unsendable::TooLarge { .. } => format!(
            "with the other values it is heavier than {} octets (Limits::object_weight)",
            limits.object_weight
        ),
        Unsendable::TooDeep { .. } => {
            format!("at its place it nests deeper than {} (Limits::depth)", limits.depth)
        }
        error => error.to_string(),
    };
    let message = format!("the value of {function}, an argument of another call: {why}");
    Unwound::new("NOT-SENDABLE", message).of_function(function)
}

impl Objects {
    fn add(&mut self, handle: Remote) {
        // One that may not be used stays so, whatever else names the object.
        if handle.is_denied() || !self.0.contains_key(&handle.token()) {
            self.0.insert(handle.token(), handle);
        }
    }

    /// Leaves out what the peer names in `own` and was never given.
    fn deny(&mut self, own: &[u8], others: &dyn Tokens) {
        if self.0.is_empty() {
            return;
        }
        let nothing = Received::new(&Limits::default(), Text::Utf8);
        Decoder::new(own, &nothing, Text::Utf8, &NoTokens).each_token(|token| {
            if self.0.contains_key(&token) && others.received(token).is_denied() {
                self.0.remove(&token);
            }
        });
    }
}

impl Arguments<'_> {
    pub(crate) fn decoder<'a>(&'a self, nothing: &'a Received) -> Decoder<'a> {
        Decoder::new(&self.octets, nothing, Text::Utf8, self)
    }
}

impl Tokens for Arguments<'_> {
    fn received(&self, token: Token) -> Remote {
        let given = self.objects.0.get(&token).cloned();
        given.unwrap_or_else(|| self.others.received(token))
    }
}
