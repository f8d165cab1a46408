//! Integers of many words, which neither side may take longer over than over any other octets.

use num_bigint::BigInt;
use wire::remote_value;

use crate::lisp::Lisp;
use crate::offer::offer;

live!(classic, extended; server, client => [our_long_bignums, long_bignums_of_lisp]);

/// Half a megabyte: word after word, each copying all before it, these would outlast the test.
const BITS: u32 = 4_000_001;

async fn our_long_bignums(mut lisp: Lisp) {
    let wire = lisp.wire(offer()).await;
    for words in [1, 2, 7, 8, 9, 15, 16, 17, 100] {
        for number in [BigInt::from(3).pow(words * 20), -(BigInt::from(1) << (words * 32 - 1))] {
            let back = remote_value!(wire, echo(number) -> BigInt).value().await.unwrap();
            assert_eq!(back, number);
        }
    }
    let long = (BigInt::from(1) << BITS) - 12_345;
    assert!(remote_value!(wire, echo(long) -> BigInt).value().await.unwrap() == long);
    let bits = remote_value!(wire, common_lisp::integer_length(-long) -> u32);
    assert_eq!(bits.value().await.unwrap(), BITS);
}

async fn long_bignums_of_lisp(mut lisp: Lisp) {
    let _wire = lisp.wire(offer()).await;
    let form = format!(
        "(loop for bits in '(31 32 33 63 64 65 255 256 257 287 288 289 {BITS})
               for number = (- (ash 1 bits) 12345)
               always (and (= number (wire:remote-value *wire* (echo number)))
                           (= (- number) (wire:remote-value *wire* (echo (- number))))))"
    );
    assert_eq!(lisp.eval(&form).await, "T");
}
