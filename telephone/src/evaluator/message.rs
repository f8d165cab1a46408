//! What a program and its evaluators say to each other.

use wire::{FromWire, ToWire};

/// The package of the functions that are between the two, and no command's to call.
pub(super) const PACKAGE: &str = "TELEPHONE-EVALUATOR";

/// Told to an evaluator before its first command.
#[derive(Clone, Debug, FromWire, ToWire)]
pub(super) struct Settings {
    pub(super) memory: u64,
    pub(super) depth: u32,
    pub(super) value_octets: u64,
    pub(super) functions: Vec<Offered>,
}

/// A function of the program's.
#[derive(Clone, Debug, FromWire, ToWire)]
pub(super) struct Offered {
    pub(super) name: String,
    pub(super) package: String,
}

/// What became of a command.
#[derive(Debug, FromWire, ToWire)]
pub(super) struct Answer {
    /// Its value, unless there is a condition.
    pub(super) value: String,
    pub(super) condition: String,
    pub(super) message: String,
    /// Whether the evaluator should not be given another command.
    pub(super) spent: bool,
}
