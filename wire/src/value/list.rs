//! Lists and vectors: many values behind one reference count.

use std::mem;
use std::ops::Deref;
use std::sync::Arc;

use crate::value::Value;

/// A list, proper or dotted: its elements in one vector, and its tail.
///
/// As a slice it is its elements, without the tail of a dotted list.
///
/// ```
/// use wire::{List, Value};
///
/// let list: List = [1, 2].into_iter().map(Value::from).collect();
/// assert!(list.is_proper() && list.len() == 2);
/// assert_eq!(Value::from(list), Value::list([1, 2]));
/// ```
#[derive(Clone, Default)]
pub struct List(pub(super) Arc<Node>);

/// The elements of a Lisp vector; a slice of values.
#[derive(Clone, Default)]
pub struct Elements(pub(super) Arc<Node>);

/// What a list or a vector holds. No elements means no tail; a tail is never a list, and a
/// vector's is `NIL`.
#[derive(Default)]
pub(super) struct Node {
    pub(super) items: Vec<Value>,
    pub(super) tail: Value,
}

impl List {
    /// The elements, without the tail of a dotted list.
    pub fn items(&self) -> &[Value] {
        &self.0.items
    }

    /// What stands after the last element: `NIL` unless the list is dotted.
    pub fn tail(&self) -> &Value {
        &self.0.tail
    }

    /// Whether the list ends with `NIL`.
    pub fn is_proper(&self) -> bool {
        matches!(self.0.tail, Value::Nil)
    }

    /// The elements as a vector: moved if nobody else holds the list, else cloned.
    pub fn into_items(self) -> Vec<Value> {
        take(self.0).0
    }
}

impl Elements {
    /// The elements as a vector: moved if nobody else holds them, else cloned.
    pub fn into_items(self) -> Vec<Value> {
        take(self.0).0
    }
}

fn take(node: Arc<Node>) -> (Vec<Value>, Value) {
    match Arc::try_unwrap(node) {
        Ok(mut node) => (mem::take(&mut node.items), mem::take(&mut node.tail)),
        Err(shared) => (shared.items.clone(), shared.tail.clone()),
    }
}

/// The items in front of `tail`.
pub(super) fn join(mut items: Vec<Value>, tail: Value) -> Value {
    if items.is_empty() {
        return tail;
    }
    let tail = match tail {
        Value::List(rest) => {
            let (rest, tail) = take(rest.0);
            items.extend(rest);
            tail
        }
        nil if nil.is_nil() => Value::Nil,
        atom => atom,
    };
    Value::List(List(Arc::new(Node { items, tail })))
}

impl Value {
    /// The list's or vector's contents.
    pub(super) fn node(&self) -> Option<&Arc<Node>> {
        match self {
            Self::List(List(node)) | Self::Vector(Elements(node)) => Some(node),
            _ => None,
        }
    }
}

/// Takes nested lists apart one by one: dropping them by recursion would take as much stack as
/// the peer has nested them deep.
impl Drop for Node {
    fn drop(&mut self) {
        let mut pending = Vec::new();
        self.give_up(&mut pending);
        while let Some(node) = pending.pop() {
            if let Some(mut node) = Arc::into_inner(node) {
                node.give_up(&mut pending);
            }
        }
    }
}

impl Node {
    /// Moves out what is nested in this node.
    fn give_up(&mut self, pending: &mut Vec<Arc<Self>>) {
        for value in self.items.iter_mut().chain([&mut self.tail]) {
            if value.node().is_some() {
                if let Value::List(List(node)) | Value::Vector(Elements(node)) = mem::take(value) {
                    pending.push(node);
                }
            }
        }
    }
}

impl Deref for List {
    type Target = [Value];

    fn deref(&self) -> &[Value] {
        &self.0.items
    }
}

impl Deref for Elements {
    type Target = [Value];

    fn deref(&self) -> &[Value] {
        &self.0.items
    }
}

impl From<Vec<Value>> for List {
    fn from(items: Vec<Value>) -> Self {
        Self(Arc::new(Node { items, tail: Value::Nil }))
    }
}

impl From<Vec<Value>> for Elements {
    fn from(items: Vec<Value>) -> Self {
        Self(Arc::new(Node { items, tail: Value::Nil }))
    }
}

impl FromIterator<Value> for List {
    fn from_iter<I: IntoIterator<Item = Value>>(items: I) -> Self {
        Self::from(Vec::from_iter(items))
    }
}

impl FromIterator<Value> for Elements {
    fn from_iter<I: IntoIterator<Item = Value>>(items: I) -> Self {
        Self::from(Vec::from_iter(items))
    }
}

impl<'a> IntoIterator for &'a List {
    type Item = &'a Value;
    type IntoIter = std::slice::Iter<'a, Value>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<'a> IntoIterator for &'a Elements {
    type Item = &'a Value;
    type IntoIter = std::slice::Iter<'a, Value>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
