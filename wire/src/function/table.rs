//! The functions of a wire, frozen: names are looked up here, once a wire and name.

use std::any::Any;
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use crate::by_type::ByType;
use crate::function::definition::Definition;
use crate::function::functions::FunctionsError;
use crate::session::Unwound;

/// Functions by name, and their states.
pub(crate) struct FunctionTable {
    targets: Vec<Target>,
    by_name: HashMap<&'static str, Vec<u32>>,
    pub(crate) withhold_reasons: bool,
    /// Whether the program offers anything, besides what every wire does.
    pub(crate) serves: bool,
}

/// One function under one name.
pub(crate) struct Target {
    pub(crate) definition: &'static Definition,
    pub(crate) package: Option<&'static str>,
    /// What the function [needs](Definition::needs), one after another, as far as it was given:
    /// calls find it by its place.
    pub(crate) states: Box<[Option<State>]>,
}

/// A state, whose type is known to whoever takes it.
pub(crate) type State = Arc<dyn Any + Send + Sync>;

impl FunctionTable {
    pub(crate) fn new(withhold_reasons: bool, serves: bool) -> Self {
        Self { targets: Vec::new(), by_name: HashMap::new(), withhold_reasons, serves }
    }

    /// Adds a function, which answers to its name in that package, or in all.
    pub(crate) fn insert(
        &mut self,
        definition: &'static Definition,
        package: Option<&'static str>,
        states: &ByType,
    ) -> Result<(), FunctionsError> {
        let states = definition.needs.iter().map(|need| states.get(&(need.id)()).cloned());
        let target = Target { definition, package, states: states.collect() };
        let same_name = self.by_name.entry(target.definition.name).or_default();
        for &known in same_name.iter() {
            let known = &self.targets[known as usize];
            if known.package == target.package {
                let (first, second) = (known.definition, target.definition);
                return Err(FunctionsError::Duplicate { first, second });
            }
        }
        same_name.push(self.targets.len() as u32);
        self.targets.push(target);
        Ok(())
    }

    /// The number of the function that answers to that name: the one of that package if there is
    /// one, else the one that answers in any.
    pub(crate) fn find(&self, name: &str, package: &str) -> Option<u32> {
        let same_name = self.by_name.get(name)?;
        let of = |wanted: Option<&str>| {
            same_name.iter().copied().find(|&i| self.targets[i as usize].package == wanted)
        };
        of(Some(package)).or_else(|| of(None))
    }

    #[inline]
    pub(crate) fn target(&self, number: u32) -> &Target {
        &self.targets[number as usize]
    }

    pub(crate) fn definition(&self, number: u32) -> &'static Definition {
        self.target(number).definition
    }

    /// What a peer is told of a reason.
    pub(crate) fn told(&self, reason: Unwound) -> Unwound {
        if self.withhold_reasons { reason.withheld() } else { reason }
    }

    /// The reason for a name that nothing answers to, with the nearest one that something does.
    pub(crate) fn undefined(&self, name: &str, package: &str) -> Unwound {
        let shown = escaped(name);
        let mut message = format!("no function {shown} can be called over this wire");
        if let Some(target) = self.by_name.get(name).and_then(|found| found.first()) {
            let there = self.targets[*target as usize].package.unwrap_or_default();
            let package = escaped(package);
            message = format!("{shown} answers only in package {there}, not in {package}");
        } else if let Some(near) = self.nearest(name) {
            message = format!("{message}; did you mean {near}?");
        }
        Unwound::new("UNDEFINED-FUNCTION", message).not_run().of_function(shown)
    }

    fn nearest(&self, name: &str) -> Option<&'static str> {
        // Long names of strangers are not worth the square of their length.
        if name.len() > 64 {
            return None;
        }
        // Most often only the case is wrong: `|note|`, where the reader would have made NOTE.
        let upper = name.to_uppercase();
        let near = self
            .by_name
            .keys()
            .map(|known| (distance(&known.to_uppercase(), &upper), distance(known, name), *known));
        let (letters, _, near) = near.min()?;
        (letters <= name.len().div_ceil(3)).then_some(near)
    }
}

/// What a stranger wrote, as a message may have it.
fn escaped(text: &str) -> String {
    text.escape_default().take(64).collect()
}

/// How many letters must be put in, taken out or replaced to make one word of the other.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, y) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

impl fmt::Debug for FunctionTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.targets.iter().map(|t| t.definition.name)).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::function::definition::FunctionKind;

    static NOTE: Definition = Definition {
        name: "NOTE",
        package: None,
        docs: "",
        file: file!(),
        line: line!(),
        parameters: &[],
        returns: "()",
        kind: FunctionKind::Plain,
        needs: &[],
        run: |_| unreachable!("nothing is called here"),
    };

    fn told(package: Option<&'static str>, name: &str, of: &str) -> String {
        let mut table = FunctionTable::new(false, true);
        table.insert(&NOTE, package, &ByType::default()).expect("it is the first");
        table.undefined(name, of).message().to_owned()
    }

    #[test]
    fn a_name_in_another_case_suggests_the_one_that_is_known() {
        for name in ["note", "Nota", "NOT"] {
            let told = told(None, name, "COMMON-LISP-USER");
            assert!(told.ends_with("; did you mean NOTE?"), "{told}");
        }
        let told = told(None, "gnat", "COMMON-LISP-USER");
        assert!(!told.contains("did you mean"), "{told}");
    }

    #[test]
    fn what_strangers_write_is_told_escaped() {
        let told_name = told(None, "note\u{1b}", "COMMON-LISP-USER");
        assert!(told_name.starts_with(r"no function note\u{1b} can"), "{told_name}");
        let told_package = told(Some("HERE"), "NOTE", "\u{1b}[2J\n");
        assert!(told_package.ends_with(r"package HERE, not in \u{1b}[2J\n"), "{told_package}");
    }

    #[test]
    fn distance_counts_single_letters() {
        assert_eq!(distance("WRITE-STRING", "WRITE-STRING"), 0);
        assert_eq!(distance("WRITE-STRNG", "WRITE-STRING"), 1);
        assert_eq!(distance("ADD", "SUB"), 3);
        assert_eq!(distance("", "ABC"), 3);
    }
}
