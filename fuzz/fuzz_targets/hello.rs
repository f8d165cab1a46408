//! Any text as a hello: what is one reads back as the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wire::codec::Hello;

fuzz_target!(|text: &str| {
    if let Ok(hello) = text.parse::<Hello>() {
        assert_eq!(hello.to_string().parse(), Ok(hello));
    }
});
