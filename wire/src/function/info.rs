//! What a peer may know about a function: its name, parameters, types and docs.

use crate::codec::{Name, SymbolSite};
use crate::function::definition::{Definition, FunctionKind};
use crate::handle::{PendingValue, Wire};
use crate::session::Call;
use wire_macros::{FromWire, ToWire};

/// One function that a peer offers; [`Wire::functions`](crate::Wire::functions) asks for them.
#[derive(Clone, Debug, Eq, FromWire, PartialEq, ToWire)]
#[wire(crate = crate)]
#[non_exhaustive]
pub struct FunctionInfo {
    /// Its Lisp name.
    pub name: String,
    /// Its package, if it answers to its name only there.
    pub package: Option<String>,
    /// The arguments that a caller gives.
    #[wire(default)]
    pub parameters: Vec<ParameterInfo>,
    /// Its return type, as its author wrote it.
    #[wire(default)]
    pub returns: String,
    /// Its documentation.
    #[wire(default)]
    pub docs: String,
    /// `plain`, `async` or `blocking`: whether it holds up the calls behind it.
    #[wire(default)]
    pub kind: String,
}

/// One argument of a function that a peer offers.
#[derive(Clone, Debug, Eq, FromWire, PartialEq, ToWire)]
#[wire(crate = crate, list)]
#[non_exhaustive]
pub struct ParameterInfo {
    /// Its name.
    pub name: String,
    /// Its type, as its author wrote it.
    pub ty: String,
}

impl FunctionInfo {
    pub(crate) fn of(definition: &Definition, package: Option<&str>) -> Self {
        let kind = match definition.kind {
            FunctionKind::Plain => "plain",
            FunctionKind::Async => "async",
            FunctionKind::Blocking => "blocking",
        };
        let parameters = definition.parameters.iter();
        Self {
            name: definition.name.to_owned(),
            package: package.map(ToOwned::to_owned),
            parameters: parameters
                .map(|p| ParameterInfo { name: p.name.to_owned(), ty: p.ty.to_owned() })
                .collect(),
            returns: definition.returns.to_owned(),
            docs: definition.docs.to_owned(),
            kind: kind.to_owned(),
        }
    }
}

/// The function that every wire offers, unless its program
/// [withholds](crate::Functions::withhold_functions) it.
pub(crate) const LIST_FUNCTIONS: (&str, &str) = ("LIST-FUNCTIONS", "WIRE");

static SITE: SymbolSite = SymbolSite::new(LIST_FUNCTIONS.0, LIST_FUNCTIONS.1);

impl Wire {
    /// Asks the peer what it offers: names, parameters, types and docs. One round trip.
    ///
    /// A peer that withholds it, or that is not of this library, unwinds.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use wire::{Wire, functions, remote_fn};
    ///
    /// /// The sum of two numbers.
    /// #[remote_fn]
    /// fn add(a: i64, b: i64) -> i64 {
    ///     a + b
    /// }
    ///
    /// let (here, _there) = Wire::pair(functions![], functions![add])?;
    /// let offered = here.functions().await?;
    /// assert_eq!(offered[0].name, "ADD");
    /// assert_eq!(offered[0].parameters[1].ty, "i64");
    /// assert_eq!(offered[0].docs, "The sum of two numbers.");
    /// # Ok(())
    /// # }
    /// ```
    pub fn functions(&self) -> PendingValue<Vec<FunctionInfo>> {
        self.start_value(&Call::new(Name::Site(&SITE), &[])).value()
    }
}
