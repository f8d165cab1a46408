//! Input to expansion.
