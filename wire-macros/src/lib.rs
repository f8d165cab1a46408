//! The procedural macros of the `wire` crate, which re-exports and documents them.
