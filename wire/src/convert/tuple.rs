//! Tuples: several values where a function returns them, lists anywhere else.

use crate::codec::{Decoder, Encoder, Unsendable, WrongType};
use crate::convert::values::{FromValues, ValuesDecoder};
use crate::convert::{FromWire, NeverNil, ToWire, missing};

macro_rules! tuples {
    ($(($count:literal: $($part:ident $index:tt)+))+) => {
        $(
            impl<$($part: ToWire),+> ToWire for ($($part,)+) {
                fn to_wire(&self, out: &mut Encoder<'_>) -> Result<(), Unsendable> {
                    let mut list = out.list($count)?;
                    $(self.$index.to_wire(list.element()?)?;)+
                    list.end()
                }

                fn values_len(&self) -> usize {
                    $count
                }

                fn value_to_wire(
                    &self,
                    index: usize,
                    out: &mut Encoder<'_>,
                ) -> Result<(), Unsendable> {
                    let part: &dyn ToWire = match index {
                        $($index => &self.$index,)+
                        _ => &(),
                    };
                    part.to_wire(out)
                }
            }

            impl<$($part: FromWire),+> FromWire for ($($part,)+) {
                fn from_wire(input: &mut Decoder<'_>) -> Result<Self, WrongType> {
                    let mut list = input.list()?;
                    let tuple = ($(
                        match list.next()? {
                            Some(input) => $part::from_wire(input),
                            None => missing(),
                        }.map_err(|error| error.at($index))?,
                    )+);
                    list.finish("tuple")?;
                    Ok(tuple)
                }

                /// What is missing is nil part by part, so the empty list is a tuple if all parts
                /// can be nil.
                fn nil() -> Option<Self> {
                    Some(($($part::nil()?,)+))
                }
            }

            impl<Way, $($part),+> NeverNil<Way> for ($($part,)+) {}

            impl<$($part: FromWire),+> FromValues for ($($part,)+) {
                const COUNT: usize = $count;

                fn from_values(values: &mut ValuesDecoder<'_, '_>) -> Result<Self, WrongType> {
                    Ok(($(values.value::<$part>()?,)+))
                }
            }
        )+
    };
}

tuples! {
    (1: A 0)
    (2: A 0 B 1)
    (3: A 0 B 1 C 2)
    (4: A 0 B 1 C 2 D 3)
    (5: A 0 B 1 C 2 D 3 E 4)
    (6: A 0 B 1 C 2 D 3 E 4 F 5)
    (7: A 0 B 1 C 2 D 3 E 4 F 5 G 6)
    (8: A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7)
    (9: A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8)
    (10: A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9)
    (11: A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10)
    (12: A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10 L 11)
    (13: A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10 L 11 M 12)
    (14: A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10 L 11 M 12 N 13)
    (15: A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10 L 11 M 12 N 13 O 14)
    (16: A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10 L 11 M 12 N 13 O 14 P 15)
}
