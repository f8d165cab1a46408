//! Numbers.

use super::*;

#[test]
fn integers_cross() {
    macro_rules! both_ends {
        ($($integer:ty)*) => {
            $(for integer in [<$integer>::MIN, 0, 1, 100, <$integer>::MAX] {
                trip(integer);
                trip(vec![integer; 3]);
            })*
        };
    }
    both_ends!(i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize);
    let large = BigInt::from(u128::MAX) * BigInt::from(u128::MAX);
    for big in [large.clone(), -large, BigInt::from(0), BigInt::from(i64::MIN)] {
        trip(big);
    }
    trip(BigUint::from(u128::MAX) * 3_u8);
    for power in 0..127 {
        let integer = 1_i128 << power;
        trip([integer, -integer, integer - 1, !integer]);
    }
}

#[test]
fn integers_out_of_range_say_which() {
    wrong::<u8>("300", "expected u8, found the integer 300");
    wrong::<u8>("-1", "expected u8, found the integer -1");
    wrong::<u64>("-1", "expected u64, found the integer -1");
    wrong::<i32>("2147483648", "expected i32, found the integer 2147483648");
    wrong::<i64>("9223372036854775808", "expected i64, found the integer 9223372036854775808");
    wrong::<BigUint>("-7", "expected BigUint, found the integer -7");
    let huge = Value::from(BigInt::from(1) << 500_u32);
    let error = send(&huge, &CLASSIC).read::<i128>().unwrap_err();
    assert_eq!(error.to_string(), "expected i128, found an integer of 512 bits");
    wrong::<i64>("\"abc\"", "expected i64, found the string \"abc\"");
    wrong::<i64>("nil", "expected i64, found NIL");
    wrong::<Vec<u8>>("(1 300)", "expected u8, found the integer 300, in element 1");
}

#[test]
fn packed_numbers_are_read_as_any_numbers() {
    let sendings = send(&vec![1_i64, -2, 300], &EXTENDED);
    assert_eq!(sendings.bytes.len(), 6 + 3 * 8);
    assert_eq!(sendings.read::<Vec<i16>>(), Ok(vec![1, -2, 300]));
    assert_eq!(sendings.read::<Vec<f64>>(), Ok(vec![1.0, -2.0, 300.0]));
    assert_eq!(sendings.read::<(i8, i128, u32)>(), Ok((1, -2, 300)));
    assert_eq!(sendings.read::<Vec<Value>>(), Ok([1, -2, 300].map(Value::from).to_vec()));
    let error = sendings.read::<Vec<u8>>().unwrap_err();
    assert_eq!(error.to_string(), "expected u8, found the integer -2, in element 1");
    let error = sendings.read::<Vec<String>>().unwrap_err();
    assert_eq!(error.to_string(), "expected String, found the integer 1, in element 0");
}

#[test]
fn an_integer_is_a_float_if_it_is_exactly_one() {
    for exact in [0, 1, -7, 1 << 53, -(1 << 53), 3 << 60] {
        let sendings = send(&exact, &CLASSIC);
        assert_eq!(sendings.read::<f64>().map(|float| float as i128), Ok(exact));
    }
    wrong::<f64>("9007199254740993", "expected f64, found the integer 9007199254740993");
    assert_eq!(send(&(1 << 24), &CLASSIC).read(), Ok(16_777_216_f32));
    wrong::<f32>("16777217", "expected f32, found the integer 16777217");
}
