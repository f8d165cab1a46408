//! What the macros say to those who use them wrongly: one mistake per file, named by it.

#[test]
fn mistakes_are_told_at_the_place_and_with_advice() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}
