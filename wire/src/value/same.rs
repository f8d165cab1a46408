//! When two values are the same, and the hash that agrees with it.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use num_bigint::BigInt;

use crate::value::list::Node;
use crate::value::{Elements, List, Value};

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        let mut pending = Vec::new();
        if !same(self, other, &mut pending) {
            return false;
        }
        while let Some((a, b)) = pending.pop() {
            let pairs = a.items.iter().zip(&b.items).chain([(&a.tail, &b.tail)]);
            for (a, b) in pairs {
                if !same(a, b, &mut pending) {
                    return false;
                }
            }
        }
        true
    }
}

impl Eq for Value {}

impl Hash for Value {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let mut pending = Vec::new();
        hash(self, state, &mut pending);
        while let Some(node) = pending.pop() {
            for value in node.items.iter().chain([&node.tail]) {
                hash(value, state, &mut pending);
            }
        }
    }
}

type Pairs<'a> = Vec<(&'a Node, &'a Node)>;

/// Whether two values are the same as far as can be said without looking into their elements;
/// those become pending.
fn same<'a>(a: &'a Value, b: &'a Value, pending: &mut Pairs<'a>) -> bool {
    if a.is_nil() || b.is_nil() {
        return a.is_nil() && b.is_nil();
    }
    match (a, b) {
        (Value::Integer(a), Value::Integer(b)) => a == b,
        (Value::Bignum(a), Value::Bignum(b)) => a == b,
        (Value::Integer(small), Value::Bignum(big))
        | (Value::Bignum(big), Value::Integer(small)) => **big == BigInt::from(*small),
        (Value::Double(a), Value::Double(b)) => a.to_bits() == b.to_bits(),
        (Value::Single(a), Value::Single(b)) => a.to_bits() == b.to_bits(),
        (Value::String(a), Value::String(b)) => a == b,
        (Value::Octets(a), Value::Octets(b)) => a == b,
        (Value::Symbol(a), Value::Symbol(b)) => a == b,
        (Value::Remote(a), Value::Remote(b)) => a == b,
        (Value::List(List(a)), Value::List(List(b)))
        | (Value::Vector(Elements(a)), Value::Vector(Elements(b))) => same_nodes(a, b, pending),
        _ => false,
    }
}

fn same_nodes<'a>(a: &'a Arc<Node>, b: &'a Arc<Node>, pending: &mut Pairs<'a>) -> bool {
    if Arc::ptr_eq(a, b) {
        return true;
    }
    pending.push((a, b));
    a.items.len() == b.items.len()
}

/// Hashes all of a value but its elements, which become pending. That they come later, in an
/// order of their own, does no harm: it is the same order in every equal value.
fn hash<'a, H: Hasher>(value: &'a Value, state: &mut H, pending: &mut Vec<&'a Node>) {
    if value.is_nil() {
        return state.write_u8(0);
    }
    match value {
        Value::Nil => {}
        Value::Integer(integer) => (1_u8, integer).hash(state),
        Value::Bignum(big) => match i64::try_from(&**big) {
            Ok(integer) => (1_u8, integer).hash(state),
            Err(_) => (2_u8, big).hash(state),
        },
        Value::Double(double) => (3_u8, double.to_bits()).hash(state),
        Value::Single(single) => (4_u8, single.to_bits()).hash(state),
        Value::String(text) => (5_u8, text).hash(state),
        Value::Octets(octets) => (6_u8, octets).hash(state),
        Value::Symbol(symbol) => (7_u8, symbol).hash(state),
        Value::Remote(remote) => (8_u8, remote).hash(state),
        Value::List(List(node)) => {
            (9_u8, node.items.len()).hash(state);
            pending.push(node);
        }
        Value::Vector(Elements(node)) => {
            (10_u8, node.items.len()).hash(state);
            pending.push(node);
        }
    }
}
