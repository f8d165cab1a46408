//! The table of this process's objects.

use std::any::{Any, TypeId, type_name};
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError, Weak};

use crate::token::Token;

/// Objects' ids have this bit, waits' ids do not, so neither can be taken for the other, and both
/// stay below 2^31, which CMUCL needs.
pub(crate) const OBJECT_BIT: u32 = 1 << 30;

/// Keeps one object in the table: a handle's share in it, or a wire's.
///
/// The last hold of an object takes it out of the table.
#[derive(Debug)]
pub(crate) struct Hold {
    id: u32,
}

impl Drop for Hold {
    fn drop(&mut self) {
        let mut table = table();
        let Some(entry) = table.objects.get(&self.id) else {
            return;
        };
        // Another hold may have been made between our count's reaching zero and the lock.
        let gone = (entry.hold.strong_count() == 0).then(|| table.remove(self.id));
        drop(table);
        // The object's own destructor runs outside of the lock: it may hold remotes.
        drop(gone);
    }
}

/// One object that this process has made known, as [`list_remote_objects`] tells it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ObjectInfo {
    /// The object's token.
    pub token: Token,
    /// The object's type.
    pub type_name: &'static str,
    /// How many handles and wires keep it.
    pub holds: usize,
    /// Whether every wire may use it ([`Remote::share`](crate::Remote::share)).
    pub shared: bool,
}

/// All objects of this process that a peer could hold, oldest first.
///
/// ```
/// use std::sync::Arc;
/// use wire::{Remote, list_remote_objects};
///
/// let counter = Remote::new(Arc::new(7_u64));
/// let listed = list_remote_objects();
/// assert!(listed.iter().any(|o| o.token == counter.token() && o.type_name == "u64"));
/// ```
pub fn list_remote_objects() -> Vec<ObjectInfo> {
    let table = table();
    let mut ids: Vec<_> = table.objects.keys().copied().collect();
    ids.sort_unstable();
    let entries = ids.into_iter().filter_map(|id| Some((id, table.objects.get(&id)?)));
    let infos = entries.map(|(id, entry)| ObjectInfo {
        token: Token::local(id),
        type_name: entry.type_name,
        holds: entry.hold.strong_count(),
        shared: entry.shared,
    });
    infos.collect()
}

/// The token and the hold of `value`: the same `Arc` has one token as long as it is in the table.
pub(crate) fn insert<T: Any + Send + Sync>(value: Arc<T>) -> (Token, Arc<Hold>) {
    let key = (Arc::as_ptr(&value).cast::<()>() as usize, TypeId::of::<T>());
    let mut table = table();
    if let Some(&id) = table.by_address.get(&key) {
        if let Some(hold) = table.objects.get_mut(&id).map(|entry| entry.hold(id)) {
            return (Token::local(id), hold);
        }
    }
    let id = table.free_id();
    let hold = Arc::new(Hold { id });
    table.by_address.insert(key, id);
    table.objects.insert(
        id,
        Entry {
            value,
            key,
            type_name: type_name::<T>(),
            hold: Arc::downgrade(&hold),
            shared: false,
        },
    );
    (Token::local(id), hold)
}

/// The object of a local token, or `None` if it was forgotten.
pub(crate) fn lookup(token: Token) -> Option<(Arc<dyn Any + Send + Sync>, &'static str)> {
    let table = table();
    let entry = table.objects.get(&token.id())?;
    Some((Arc::clone(&entry.value), entry.type_name))
}

/// One more hold of a local object, or `None` if it was forgotten.
pub(crate) fn hold(token: Token) -> Option<Arc<Hold>> {
    let id = token.id();
    table().objects.get_mut(&id).map(|entry| entry.hold(id))
}

/// Whether every wire may use the token.
pub(crate) fn is_shared(token: Token) -> bool {
    table().objects.get(&token.id()).is_some_and(|entry| entry.shared)
}

/// Lets every wire use the token. Says whether the object was there.
pub(crate) fn share(token: Token) -> bool {
    table().objects.get_mut(&token.id()).map(|entry| entry.shared = true).is_some()
}

/// Takes the object out of the table, whoever holds it. Says whether it was there.
pub(crate) fn forget(token: Token) -> bool {
    let gone = table().remove(token.id());
    gone.is_some()
}

struct Table {
    next: u32,
    objects: HashMap<u32, Entry>,
    by_address: HashMap<(usize, TypeId), u32>,
}

struct Entry {
    value: Arc<dyn Any + Send + Sync>,
    key: (usize, TypeId),
    type_name: &'static str,
    hold: Weak<Hold>,
    shared: bool,
}

impl Entry {
    fn hold(&mut self, id: u32) -> Arc<Hold> {
        self.hold.upgrade().unwrap_or_else(|| {
            // The last hold is being dropped just now and waits for the lock; it will find ours.
            let hold = Arc::new(Hold { id });
            self.hold = Arc::downgrade(&hold);
            hold
        })
    }
}

impl Table {
    /// The next id that no object has. Ids are not reused before 2^30 others were given.
    fn free_id(&mut self) -> u32 {
        loop {
            let id = OBJECT_BIT | self.next;
            self.next = (self.next + 1) & (OBJECT_BIT - 1);
            if !self.objects.contains_key(&id) {
                return id;
            }
        }
    }

    fn remove(&mut self, id: u32) -> Option<Entry> {
        let entry = self.objects.remove(&id)?;
        self.by_address.remove(&entry.key);
        Some(entry)
    }
}

fn table() -> MutexGuard<'static, Table> {
    static TABLE: LazyLock<Mutex<Table>> = LazyLock::new(|| {
        Mutex::new(Table { next: 0, objects: HashMap::new(), by_address: HashMap::new() })
    });
    // No code of users runs under the lock, so a poisoned table is still whole.
    TABLE.lock().unwrap_or_else(PoisonError::into_inner)
}
