//! Keeps the layers.
