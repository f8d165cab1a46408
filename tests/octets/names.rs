//! The names of objects, which are each process's own.

use std::fmt;

/// Octets of the classic dialect, in which a remote object is told by when it was first named: two
/// processes never give the same names.
#[derive(PartialEq)]
pub(crate) struct Unnamed(Vec<u8>);

/// The names that were met, the first first.
#[derive(Default)]
pub(crate) struct Names(Vec<Vec<u8>>);

impl Names {
    /// Puts a number in the place of each name. Nothing but an op and its own length is needed to
    /// find the next op, since nothing encloses anything; untagged data, which begin with what is no
    /// op, stay as they are.
    pub(crate) fn number(&mut self, octets: &[u8]) -> Unnamed {
        let mut out = Vec::new();
        let mut rest = octets;
        while let [op, after @ ..] = rest {
            let own = 1 + match op {
                0..=5 | 13 => 0,
                6 => 1,
                7 | 10 | 11 => 4,
                8 => 4 + number_at(after, 0) as usize,
                9 => {
                    let name = 4 + number_at(after, 0) as usize;
                    name + 4 + number_at(after, name) as usize
                }
                12 => 12,
                14 => 4 + 4 * number_at(after, 0).unsigned_abs() as usize,
                _ => after.len(),
            };
            let (object, behind) = rest.split_at(own);
            rest = behind;
            if *op == 12 {
                out.extend([12, self.number_of(&object[1..])]);
            } else {
                out.extend(object);
            }
        }
        Unnamed(out)
    }

    fn number_of(&mut self, name: &[u8]) -> u8 {
        let known = self.0.iter().position(|known| known == name);
        let number = known.unwrap_or_else(|| {
            self.0.push(name.to_owned());
            self.0.len() - 1
        });
        u8::try_from(number).unwrap()
    }
}

fn number_at(octets: &[u8], at: usize) -> i32 {
    i32::from_be_bytes(octets[at..at + 4].try_into().unwrap())
}

impl fmt::Debug for Unnamed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|octet| write!(f, "{octet:02x}"))
    }
}
