//! Writing objects as the peer reads them.

mod atom;
mod bare;
mod cached;
mod call;
mod flat;
mod list;
mod nested;
mod number;
mod open;
mod open_frames;
mod record;
mod small;
mod symbol;

use bytes::BytesMut;

use crate::codec::error::Unsendable;
use crate::codec::op::{Op, Reads};
use crate::codec::pieces::{Apart, Pieces};
use crate::codec::scan::NODE;
use crate::codec::sent::Sent;
use crate::codec::text::Text;
use crate::object::Remote;
use crate::token::Token;
use nested::Calls;
use open_frames::OpenFrames;

pub(crate) use crate::codec::encode::cached::Identity;
pub use crate::codec::encode::call::ALL_VALUES;
pub use crate::codec::encode::flat::FlatEncoder;
pub use crate::codec::encode::list::{Element, Form, ListEncoder};
pub use crate::codec::encode::record::RecordEncoder;
pub use crate::codec::encode::small::Atom;
pub(crate) use crate::codec::encode::small::SmallCall;
pub use crate::codec::encode::symbol::Name;

/// What a peer reads.
///
/// ```
/// use wire::codec::{PeerProfile, Reads};
///
/// let mut peer = PeerProfile::classic();
/// peer.object_weight = 1 << 20;
/// assert_eq!(peer.reads, Reads::CLASSIC);
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct PeerProfile {
    /// The ops.
    pub reads: Reads,
    /// The octets of strings.
    pub text: Text,
    /// The most weight of one object.
    pub object_weight: u64,
    /// The most levels of one object.
    pub depth: u32,
}

impl PeerProfile {
    /// A peer of CMUCL's dialect: it states no limits.
    pub const fn classic() -> Self {
        Self { reads: Reads::CLASSIC, text: Text::Utf8, object_weight: u64::MAX, depth: u32::MAX }
    }

    /// A peer that reads everything that this library writes, and states no limits.
    pub const fn extended() -> Self {
        Self { reads: Reads::ALL, ..Self::classic() }
    }
}

/// Appends objects to a buffer, as one peer reads them.
///
/// It charges what it writes as the peer's scanner will, so that what the peer would refuse fails
/// here, by name. After an error the buffer holds a part of an object: the caller cuts it off, and
/// rolls [`Sent`] back.
///
/// ```
/// use bytes::BytesMut;
/// use wire::codec::{Encoder, PeerProfile, Sent};
///
/// let (mut buf, mut sent, peer) = (BytesMut::new(), Sent::new(100), PeerProfile::classic());
/// let mut out = Encoder::new(&mut buf, Some(&mut sent), &peer);
/// let mut list = out.list(2)?;
/// list.element()?.integer(1)?;
/// list.element()?.string("a")?;
/// list.end()?;
/// out.finish()?;
/// assert_eq!(&buf[..12], b"\x0d\x07\0\0\0\x01\x0d\x08\0\0\0\x01");
/// # Ok::<(), wire::Unsendable>(())
/// ```
#[derive(Debug)]
pub struct Encoder<'a> {
    buf: &'a mut BytesMut,
    /// Where large byte strings go, if they may stay where they are.
    apart: Option<&'a mut Apart>,
    sent: Option<&'a mut Sent>,
    peer: &'a PeerProfile,
    /// The current top-level object's weight so far; 0 between objects.
    weight: u64,
    /// The last whole top-level object's.
    last_weight: u64,
    /// Constructs among the open ones that are none on the wire.
    virtual_frames: u32,
    /// Records that have begun and have no frame of their own: an element of a list, which is theirs,
    /// is due for each of their fields.
    frameless: u32,
    /// The innermost construct, and below it the others.
    top: Frame,
    below: OpenFrames,
    /// The deepest level since the innermost cached object began.
    deepest: u32,
    /// At which [position](Self::position) the last cached object began that is saved.
    cached_at: Option<usize>,
    /// More than one object was written where one was due.
    uneven: bool,
    /// What is known of calls in the current top-level object.
    calls: Calls,
    leftovers_allowed: bool,
    tokens_sent: Vec<Token>,
    /// The handles that were written, if they are wanted.
    handles: Option<Vec<Remote>>,
}

/// A construct that has begun: the scanner's, seen from the other end.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Frame {
    /// At top level.
    Root,
    /// A cons that awaits its car.
    Car,
    /// So many objects are due.
    Owed(u32),
    /// A call, of which so many objects are due.
    Call(u32),
    /// A list that its own encoder ends; whether an element is due.
    List { due: bool },
}

impl<'a> Encoder<'a> {
    /// An encoder at the end of `buf`. Without `sent` its bytes stand for themselves, saving and
    /// looking up nothing, and can be [spliced](Self::splice) in elsewhere.
    pub fn new(buf: &'a mut BytesMut, sent: Option<&'a mut Sent>, peer: &'a PeerProfile) -> Self {
        Self::with_parts((buf, None), sent, peer)
    }

    /// The same, but that large byte strings are not copied.
    pub(crate) fn to_pieces(
        pieces: &'a mut Pieces,
        sent: &'a mut Sent,
        peer: &'a PeerProfile,
    ) -> Self {
        let (buf, apart) = pieces.parts();
        Self::with_parts((buf, Some(apart)), Some(sent), peer)
    }

    fn with_parts(
        (buf, apart): (&'a mut BytesMut, Option<&'a mut Apart>),
        sent: Option<&'a mut Sent>,
        peer: &'a PeerProfile,
    ) -> Self {
        Self {
            buf,
            apart,
            sent,
            peer,
            weight: 0,
            last_weight: 0,
            virtual_frames: 0,
            frameless: 0,
            top: Frame::Root,
            below: OpenFrames::new(),
            deepest: 0,
            cached_at: None,
            uneven: false,
            calls: Calls::Nowhere,
            leftovers_allowed: false,
            tokens_sent: Vec::new(),
            handles: None,
        }
    }

    /// Whether the peer reads this op.
    #[inline]
    pub fn reads(&self, op: Op) -> bool {
        self.peer.reads.contains(op)
    }

    /// What the peer reads.
    pub fn peer(&self) -> &PeerProfile {
        self.peer
    }

    /// The weight of the top-level object that is being written, or of the last whole one.
    pub fn weight(&self) -> u64 {
        if self.weight > 0 { self.weight } else { self.last_weight }
    }

    /// The tokens of this process that were written, each as often as it was.
    pub fn tokens_sent(&self) -> &[Token] {
        &self.tokens_sent
    }

    /// Takes the tokens of this process that were written.
    pub fn take_tokens_sent(&mut self) -> Vec<Token> {
        std::mem::take(&mut self.tokens_sent)
    }

    /// Keeps the handles of the remote objects that are written from now on.
    pub(crate) fn keep_handles(&mut self) {
        self.handles = Some(Vec::new());
    }

    /// Takes the handles that were kept.
    pub(crate) fn take_handles(&mut self) -> Vec<Remote> {
        self.handles.take().unwrap_or_default()
    }

    /// Checks that every object was written whole, and nothing beside.
    ///
    /// # Errors
    /// A `ToWire` wrote more or less than one object.
    pub fn finish(&self) -> Result<(), Unsendable> {
        // A cons whose cdr is due has weight and no frame.
        let even = self.frameless == 0 && !self.uneven;
        let whole = self.top == Frame::Root && self.weight == 0 && even;
        if whole { Ok(()) } else { Err(Unsendable::NotOneObject) }
    }

    /// Runs `write`, which must write one object.
    ///
    /// # Errors
    /// Its own, or that it wrote more or less.
    pub fn one(
        &mut self,
        write: impl FnOnce(&mut Self) -> Result<(), Unsendable>,
    ) -> Result<(), Unsendable> {
        let (due, below, frameless) = (self.top, self.below.len(), self.frameless);
        // A list of one element that costs nothing, so that a miscount shows.
        self.below.push(due);
        self.top = Frame::List { due: true };
        self.virtual_frames += 1;
        write(self)?;
        let ended = self.below.len() == below + 1 && self.frameless == frameless;
        if self.uneven || !ended || self.top != (Frame::List { due: false }) {
            return Err(Unsendable::NotOneObject);
        }
        self.virtual_frames -= 1;
        self.pop();
        self.complete();
        Ok(())
    }

    /// Appends an object that an encoder without `sent` wrote for the same peer.
    ///
    /// # Errors
    /// It makes the whole too large, or too deep.
    pub fn splice(&mut self, object: &[u8]) -> Result<(), Unsendable> {
        let (weight, depth) = measure(object).ok_or(Unsendable::NotOneObject)?;
        self.charge(weight)?;
        self.check_depth(depth)?;
        self.buf.extend_from_slice(object);
        self.complete();
        Ok(())
    }

    /// How many constructs are open.
    fn depth(&self) -> u32 {
        self.below.len() as u32 - self.virtual_frames + self.frameless
    }

    /// Charges one object that has these octets.
    #[inline]
    fn charge_node(&mut self, octets: usize) -> Result<(), Unsendable> {
        self.charge(NODE + octets as u64)
    }

    #[inline]
    fn charge(&mut self, weight: u64) -> Result<(), Unsendable> {
        self.weight = self.weight.saturating_add(weight);
        if self.weight > self.peer.object_weight { Err(self.too_large()) } else { Ok(()) }
    }

    #[cold]
    fn too_large(&self) -> Unsendable {
        Unsendable::TooLarge { weight: self.weight, limit: self.peer.object_weight }
    }

    /// Whether there is room for so many levels more.
    #[inline]
    fn check_depth(&mut self, levels: u32) -> Result<(), Unsendable> {
        let (depth, limit) = (self.depth().saturating_add(levels), self.peer.depth);
        if depth > limit {
            return Err(Unsendable::TooDeep { limit });
        }
        self.deepest = self.deepest.max(depth);
        Ok(())
    }

    /// Begins a construct.
    #[inline]
    fn begin(&mut self, frame: Frame) -> Result<(), Unsendable> {
        self.charge(NODE)?;
        self.check_depth(1)?;
        self.below.push(self.top);
        self.top = frame;
        Ok(())
    }

    /// An object has ended, and with it all that it was the last part of.
    #[inline]
    fn complete(&mut self) {
        match &mut self.top {
            // Nearly always it is an element or a field.
            Frame::List { due } if *due => *due = false,
            _ => self.complete_around(),
        }
    }

    fn complete_around(&mut self) {
        loop {
            match &mut self.top {
                Frame::Root => {
                    self.last_weight = std::mem::take(&mut self.weight);
                    self.calls = Calls::Nowhere;
                    return;
                }
                Frame::List { due } => {
                    self.uneven |= !*due;
                    *due = false;
                    return;
                }
                Frame::Owed(owed @ 2..) | Frame::Call(owed @ 2..) => {
                    *owed -= 1;
                    return;
                }
                // What follows takes the place of the whole cons.
                Frame::Car => return self.pop(),
                Frame::Owed(_) => self.pop(),
                Frame::Call(_) => {
                    self.calls = Calls::AfterOne;
                    self.pop();
                }
            }
        }
    }

    #[inline]
    fn pop(&mut self) {
        self.top = self.below.pop().unwrap_or(Frame::Root);
    }
}

/// Weight and depth of one object that looks nothing up, as the peer's scanner finds them.
fn measure(object: &[u8]) -> Option<(u64, u32)> {
    use crate::codec::received::Received;
    use crate::codec::scan::{Scan, Scanner};
    use crate::limits::Limits;

    let limits = Limits::default().object_weight(u64::MAX).depth(u32::MAX).symbol_length(u32::MAX);
    let mut scanner = Scanner::new(&limits);
    match scanner.scan(object, &mut Received::new(&limits, Text::Utf8)) {
        Ok(Scan::Object { len, weight, depth, .. }) if len == object.len() => Some((weight, depth)),
        _ => None,
    }
}
