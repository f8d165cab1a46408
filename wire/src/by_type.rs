//! Values that are found by their type.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;

/// One value of each type at the most.
pub(crate) type ByType =
    HashMap<TypeId, Arc<dyn Any + Send + Sync>, BuildHasherDefault<TypeIdHasher>>;

/// A type's id is a hash already, and no stranger chooses it: hashing it again costs each call of
/// a function with a state more than finding the function.
#[derive(Debug, Default)]
pub(crate) struct TypeIdHasher(u64);

impl Hasher for TypeIdHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }

    /// What std hashes of a type's id may change: then the octets count.
    fn write(&mut self, octets: &[u8]) {
        for &octet in octets {
            self.0 = self.0.rotate_left(8) ^ u64::from(octet);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_told_apart() {
        let mut values = ByType::default();
        values.insert(TypeId::of::<u8>(), Arc::new(1_u8));
        values.insert(TypeId::of::<u16>(), Arc::new(2_u16));
        let found = |id| values.get(&id).map(Arc::clone);
        assert_eq!(found(TypeId::of::<u8>()).and_then(|v| v.downcast().ok()), Some(Arc::new(1_u8)));
        assert_eq!(
            found(TypeId::of::<u16>()).and_then(|v| v.downcast().ok()),
            Some(Arc::new(2_u16))
        );
        assert!(found(TypeId::of::<u32>()).is_none());
    }
}
