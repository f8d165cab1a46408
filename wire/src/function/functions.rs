//! `Functions`: what one side offers, as its program writes it down.

use std::any::{Any, TypeId};
use std::sync::Arc;

use crate::by_type::ByType;
use crate::function::definition::{Definition, RemoteFn};
use crate::function::info::FunctionInfo;
use crate::function::table::FunctionTable;
use wire_macros::remote_fn;

/// The functions that a peer may call, with what they need from this side.
///
/// [`functions!`](crate::functions) makes it; either end of a wire takes it. Nothing else can be
/// called: there is no global list. Cloning it copies the list; the states are shared.
///
/// ```
/// use std::sync::Arc;
/// use wire::{functions, remote_fn};
///
/// struct Room(&'static str);
///
/// #[remote_fn]
/// fn room_name(room: &Room) -> String {
///     room.0.to_owned()
/// }
///
/// #[remote_fn]
/// fn add(a: i64, b: i64) -> i64 {
///     a + b
/// }
///
/// let api = functions![add]
///     .merge(functions![room_name].package("CHAT"))
///     .state(Arc::new(Room("lobby")));
/// assert_eq!(api.len(), 2);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Functions {
    entries: Vec<Entry>,
    states: ByType,
    /// Types of which each wire will have a value of its own.
    promised: Vec<TypeId>,
    withhold_reasons: bool,
    withhold_functions: bool,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    definition: &'static Definition,
    package: Option<&'static str>,
}

impl Functions {
    /// No functions.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the function beside which `F` stands; what [`functions!`](crate::functions) calls for
    /// each name in it.
    #[must_use]
    pub fn with<F: RemoteFn>(mut self) -> Self {
        let definition = F::DEFINITION;
        self.entries.push(Entry { definition, package: definition.package });
        self
    }

    /// Puts those functions that have no package of their own into this one: they answer to their
    /// names only there, and win over functions without a package.
    #[must_use]
    pub fn package(mut self, package: &'static str) -> Self {
        for entry in &mut self.entries {
            entry.package.get_or_insert(package);
        }
        self
    }

    /// Gives the functions that take `&T` first their `T`. One type has one value; a later one
    /// replaces it. A wire's own `T` ([`Wire::insert`](crate::Wire::insert)) comes before it.
    #[must_use]
    pub fn state<T: Any + Send + Sync>(mut self, state: Arc<T>) -> Self {
        self.states.insert(TypeId::of::<T>(), state);
        self
    }

    /// Says that each wire gets a `T` of its own before its first call, by
    /// [`Wire::insert`](crate::Wire::insert): functions that take `&T` first may be offered.
    #[must_use]
    pub fn wire_value<T: Any + Send + Sync>(mut self) -> Self {
        self.promised.push(TypeId::of::<T>());
        self
    }

    /// Adds the functions and states of another group.
    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        self.entries.extend(other.entries);
        self.states.extend(other.states);
        self.promised.extend(other.promised);
        self.withhold_reasons |= other.withhold_reasons;
        self.withhold_functions |= other.withhold_functions;
        self
    }

    /// Tells peers only that a call unwound, and not why.
    #[must_use]
    pub fn withhold_reasons(mut self) -> Self {
        self.withhold_reasons = true;
        self
    }

    /// Does not tell peers what functions there are; [`Wire::functions`](crate::Wire::functions)
    /// of a peer finds none.
    #[must_use]
    pub fn withhold_functions(mut self) -> Self {
        self.withhold_functions = true;
        self
    }

    /// How many functions there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// What a peer that asks is told.
    pub fn infos(&self) -> Vec<FunctionInfo> {
        self.entries.iter().map(|e| FunctionInfo::of(e.definition, e.package)).collect()
    }

    /// Checks the functions and freezes them, for one wire or for all of a server's. `own` are the
    /// types of which each wire has a value.
    pub(crate) fn freeze(&self, own: &[TypeId]) -> Result<Arc<FunctionTable>, FunctionsError> {
        let mut table = FunctionTable::new(self.withhold_reasons, !self.is_empty());
        for entry in &self.entries {
            self.check_needs(entry.definition, own)?;
            table.insert(entry.definition, entry.package, &self.states)?;
        }
        if !self.withhold_functions {
            let definition = list_functions::DEFINITION;
            let mut offered = ByType::default();
            offered.insert(TypeId::of::<Offered>(), Arc::new(Offered(self.infos())));
            table.insert(definition, definition.package, &offered)?;
        }
        Ok(Arc::new(table))
    }

    fn check_needs(
        &self,
        function: &'static Definition,
        own: &[TypeId],
    ) -> Result<(), FunctionsError> {
        for need in function.needs {
            let id = (need.id)();
            if !self.states.contains_key(&id) && !self.promised.contains(&id) && !own.contains(&id)
            {
                return Err(FunctionsError::MissingState { function, type_name: need.type_name });
            }
        }
        Ok(())
    }
}

/// What a wire offers, for [`list_functions`].
struct Offered(Vec<FunctionInfo>);

/// The functions that can be called over this wire.
#[remote_fn(crate = crate, name = "LIST-FUNCTIONS", package = "WIRE")]
fn list_functions(offered: &Offered) -> Vec<FunctionInfo> {
    offered.0.clone()
}

/// Why functions cannot be offered. It comes before the first octet is sent.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FunctionsError {
    /// Two functions answer to one name in one package.
    #[error(
        "two functions are named {}: {}:{} and {}:{}; give one a package, or another name",
        .first.name, .first.file, .first.line, .second.file, .second.line
    )]
    Duplicate {
        /// The one that was named first.
        first: &'static Definition,
        /// The other one.
        second: &'static Definition,
    },
    /// A function takes a state that nobody gave.
    #[error(
        "{} ({}:{}) takes `&{type_name}` from this side, and nobody gave one: \
         say `.state(Arc<{type_name}>)` or `.wire_value::<{type_name}>()`",
        .function.name, .function.file, .function.line
    )]
    MissingState {
        /// The function.
        function: &'static Definition,
        /// The type it takes.
        type_name: &'static str,
    },
}
