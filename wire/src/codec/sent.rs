//! The cache of what we saved at the peer.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::codec::scan::NODE;
use crate::codec::text::KEYWORD;

/// A symbol whose name is known where the program is compiled.
///
/// It draws a number for the process at its first use, so that on a wire where it was sent before
/// finding its index costs one step in a table and no hashing.
///
/// ```
/// use wire::codec::SymbolSite;
///
/// static ADD: SymbolSite = SymbolSite::new("ADD", "COMMON-LISP-USER");
/// assert_eq!(ADD.name(), "ADD");
/// ```
#[derive(Debug)]
pub struct SymbolSite {
    name: &'static str,
    package: &'static str,
    number: Drawn,
}

impl SymbolSite {
    /// The symbol of this name in this package, both as Lisp has them: in upper case, mostly.
    pub const fn new(name: &'static str, package: &'static str) -> Self {
        Self { name, package, number: Drawn::new() }
    }

    /// Its name.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The name of its package.
    pub const fn package(&self) -> &'static str {
        self.package
    }

    #[inline]
    pub(crate) fn number(&self) -> usize {
        self.number.get()
    }
}

/// The keys of a type's property list, known where the program is compiled.
///
/// ```
/// use wire::codec::Shape;
///
/// static JOB: Shape = Shape::new(&["ID", "COMMAND"]);
/// assert_eq!(JOB.keys(), ["ID", "COMMAND"]);
/// ```
#[derive(Debug)]
pub struct Shape {
    keys: &'static [&'static str],
    weight: u64,
    number: Drawn,
}

impl Shape {
    /// The shape of these keys, names of keywords.
    pub const fn new(keys: &'static [&'static str]) -> Self {
        let (mut weight, mut key) = (NODE, 0);
        while key < keys.len() {
            weight += NODE + (keys[key].len() + KEYWORD.len()) as u64;
            key += 1;
        }
        Self { keys, weight, number: Drawn::new() }
    }

    /// What a scanner charges for the list of its keywords in UTF-8.
    #[inline]
    pub(crate) const fn weight(&self) -> u64 {
        self.weight
    }

    /// The names of its keywords.
    pub const fn keys(&self) -> &'static [&'static str] {
        self.keys
    }

    #[inline]
    pub(crate) fn number(&self) -> usize {
        self.number.get()
    }
}

/// A number of the process, drawn at its first use.
#[derive(Debug)]
struct Drawn(AtomicU32);

impl Drawn {
    const fn new() -> Self {
        Self(AtomicU32::new(0))
    }

    #[inline]
    fn get(&self) -> usize {
        match self.0.load(Ordering::Relaxed) {
            0 => self.draw(),
            number => number as usize,
        }
    }

    #[cold]
    fn draw(&self) -> usize {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        // Of two threads that draw at once, one number is lost.
        match self.0.compare_exchange(0, number, Ordering::Relaxed, Ordering::Relaxed) {
            Ok(_) => number as usize,
            Err(drawn) => drawn as usize,
        }
    }
}

/// What we saved at the peer, symbols, shapes and [`Cached`](crate::Cached) objects, by what they
/// are.
///
/// Numbers are given in the order of sending and never twice in a wire's life, except those that
/// are rolled back, of which the peer has seen nothing.
#[derive(Debug)]
pub struct Sent {
    /// What was saved at each index; `None` if it may not be looked up any more.
    entries: Vec<Option<Entry>>,
    symbols: HashMap<Arc<[u8]>, u32>,
    /// By their numbers, of which no two objects of a process have the same.
    objects: HashMap<u64, SavedObject>,
    /// By the numbers of sites and shapes: an index, and the stamp of its entry then.
    drawn: Vec<Place>,
    /// Tells an index's present entry from those that were rolled back.
    stamp: u32,
    most: u32,
    /// What the peer keeps of all entries, at the most, in octets; at most `most_octets`, apart
    /// from what was saved before the peer told it.
    octets: u64,
    most_octets: u64,
    /// A symbol's octets while it is looked for.
    scratch: Vec<u8>,
}

#[derive(Debug)]
struct Entry {
    stamp: u32,
    what: What,
    /// The octets that the peer keeps.
    octets: u32,
}

/// What was saved, as it is found again.
#[derive(Clone, Debug)]
enum What {
    /// By its octets.
    Symbol(Arc<[u8]>),
    /// By its drawn number.
    Shape,
    /// By its number.
    Object(u64),
}

/// An object that was saved, and what looking it up is charged.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SavedObject {
    pub(crate) index: u32,
    pub(crate) weight: u64,
    pub(crate) depth: u32,
}

/// Stamp 0 is that of no entry.
#[derive(Clone, Copy, Debug, Default)]
struct Place {
    index: u32,
    stamp: u32,
}

impl Sent {
    /// An empty cache of at most `most` entries.
    pub fn new(most: u32) -> Self {
        Self {
            entries: Vec::new(),
            symbols: HashMap::new(),
            objects: HashMap::new(),
            drawn: Vec::new(),
            stamp: 0,
            most,
            octets: 0,
            most_octets: u64::MAX,
            scratch: Vec::new(),
        }
    }

    /// How many objects have been saved: the next index.
    pub fn len(&self) -> u32 {
        self.entries.len() as u32
    }

    /// Whether nothing has been saved.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The peer keeps no more than so many entries and octets: it could not look up what is beyond,
    /// so that nothing more is saved there, and what was is sent whole again.
    pub fn limit(&mut self, entries: u32, octets: u64) {
        self.most = self.most.min(entries);
        self.most_octets = self.most_octets.min(octets);
        let mut total = 0_u64;
        for index in 0..self.len() {
            let entry = self.entries[index as usize].as_ref();
            total += entry.map_or(0, |entry| u64::from(entry.octets));
            if index >= self.most || total > self.most_octets {
                self.forget(index..index + 1);
            }
        }
    }

    /// Takes back what was saved since there were `len` entries, whose bytes were not sent.
    pub fn rollback(&mut self, len: u32) {
        while self.entries.len() > len as usize {
            if let Some(entry) = self.entries.pop().flatten() {
                self.octets -= u64::from(entry.octets);
                self.lose(&entry.what);
            }
        }
    }

    /// Looks nothing up any more of what these indexes hold: a peer that unwound may have lost it.
    /// The numbers stay used.
    pub fn forget(&mut self, range: Range<u32>) {
        for index in range {
            let Some(entry) = self.entries.get_mut(index as usize) else { return };
            if let Some(entry) = entry.take() {
                self.lose(&entry.what);
            }
        }
    }

    /// Finds this no more.
    fn lose(&mut self, what: &What) {
        match what {
            What::Symbol(symbol) => drop(self.symbols.remove(symbol)),
            What::Object(number) => drop(self.objects.remove(number)),
            // Its place names an entry that has gone.
            What::Shape => {}
        }
    }

    /// The index of what has this drawn number.
    #[inline]
    pub(crate) fn drawn(&self, number: usize) -> Option<u32> {
        let place = self.drawn.get(number)?;
        match self.entries.get(place.index as usize) {
            Some(Some(entry)) if entry.stamp == place.stamp => Some(place.index),
            _ => None,
        }
    }

    /// Notes that what has this drawn number is at `index`.
    pub(crate) fn note_drawn(&mut self, number: usize, index: u32) {
        let Some(Some(entry)) = self.entries.get(index as usize) else { return };
        let place = Place { index, stamp: entry.stamp };
        if self.drawn.len() <= number {
            self.drawn.resize(number + 1, Place::default());
        }
        self.drawn[number] = place;
    }

    /// The index of a symbol, from its octets without the op.
    pub(crate) fn symbol(&mut self, name: &[u8], package: &[u8]) -> Option<u32> {
        self.write_scratch(name, package);
        self.symbols.get(&*self.scratch).copied()
    }

    /// The next index for a symbol that has none; `None` if the cache is full.
    pub(crate) fn save_symbol(&mut self, name: &[u8], package: &[u8]) -> Option<u32> {
        self.write_scratch(name, package);
        let symbol: Arc<[u8]> = Arc::from(&*self.scratch);
        // Besides what is in `scratch`, an op and the length of the package.
        let octets = symbol.len() + 5;
        let index = self.save(What::Symbol(Arc::clone(&symbol)), octets)?;
        self.symbols.insert(symbol, index);
        Some(index)
    }

    /// The next index for a shape; `None` if the cache is full.
    pub(crate) fn save_shape(&mut self, keys: &[&str]) -> Option<u32> {
        // The keys are saved in it or looked up in it; saved, each is a cons, a save and a symbol.
        let keyed = keys.iter().map(|key| key.len() + 22).sum::<usize>();
        self.save(What::Shape, keyed + 28)
    }

    /// Where the object of this number is, if it was saved.
    pub(crate) fn object(&self, number: u64) -> Option<SavedObject> {
        self.objects.get(&number).copied()
    }

    /// The next index for an object; `None` if the cache is full, or would be with so many octets
    /// more. What it saves itself comes after it, and what it takes is known when it was
    /// [written](Self::end_object).
    pub(crate) fn begin_object(&mut self, number: u64, octets: usize) -> Option<u32> {
        if self.octets.saturating_add(octets as u64) > self.most_octets {
            return None;
        }
        self.save(What::Object(number), 0)
    }

    /// The object of this number was written. One for which the peer has no room is not looked up.
    pub(crate) fn end_object(&mut self, number: u64, saved: SavedObject, octets: usize) {
        let total = self.octets.saturating_add(octets as u64);
        let (Ok(octets), true) = (u32::try_from(octets), total <= self.most_octets) else {
            return self.forget(saved.index..saved.index + 1);
        };
        if let Some(Some(entry)) = self.entries.get_mut(saved.index as usize) {
            entry.octets = octets;
            self.octets = total;
            self.objects.insert(number, saved);
        }
    }

    fn save(&mut self, what: What, octets: usize) -> Option<u32> {
        let index = self.len();
        let octets = u32::try_from(octets).ok()?;
        let total = self.octets + u64::from(octets);
        if index >= self.most || total > self.most_octets {
            return None;
        }
        self.stamp = self.stamp.checked_add(1)?;
        self.octets = total;
        self.entries.push(Some(Entry { stamp: self.stamp, what, octets }));
        Some(index)
    }

    fn write_scratch(&mut self, name: &[u8], package: &[u8]) {
        self.scratch.clear();
        self.scratch.extend((name.len() as u32).to_be_bytes());
        self.scratch.extend(name);
        self.scratch.extend(package);
    }
}
