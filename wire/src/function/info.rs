//! What a peer may know about a function: its name, parameters, types and docs.

use std::fmt::{self, Write};

use crate::codec::{Name, SymbolSite};
use crate::function::definition::{Definition, FunctionKind};
use crate::handle::{PendingValue, Wire};
use crate::session::Call;
use crate::value::Symbol;
use wire_macros::{FromWire, ToWire};

/// One function that a peer offers; [`Wire::functions`](crate::Wire::functions) asks for them.
///
/// It is shown as a call of it would look, with the types of what goes in and comes out, and with
/// its package if it has one:
///
/// ```
/// use wire::{functions, remote_fn};
///
/// #[remote_fn]
/// fn add(a: i64, b: i64) -> i64 {
///     a + b
/// }
///
/// let api = functions![add];
/// assert_eq!(api.infos()[0].to_string(), "(ADD a: i64 b: i64) -> i64");
/// let api = api.package("MATH");
/// assert_eq!(api.infos()[0].to_string(), "(MATH::ADD a: i64 b: i64) -> i64");
/// ```
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
    /// `plain`, `async`, `blocking` or `raw`: whether it holds up the calls behind it, and, with
    /// `raw`, that it reads untagged data that follows a call of it.
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
            FunctionKind::Raw => "raw",
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

impl fmt::Display for FunctionInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let package = self.package.as_deref().unwrap_or("COMMON-LISP-USER");
        let mut shown = format!("({}", Symbol::new(&self.name, package));
        for ParameterInfo { name, ty } in &self.parameters {
            write!(shown, " {name}: {ty}")?;
        }
        shown.push(')');
        if !matches!(&*self.returns, "" | "()") {
            write!(shown, " -> {}", self.returns)?;
        }
        // A peer wrote this, and it shall not command the terminal that it is printed to.
        if shown.contains(char::is_control) {
            let plain =
                |c: char| if c.is_control() { c.escape_default().collect() } else { c.into() };
            shown = shown.chars().map(plain).collect::<Vec<String>>().concat();
        }
        f.pad(&shown)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_info_is_shown_as_a_call_with_types() {
        let mut info = FunctionInfo {
            name: "Beep".to_owned(),
            package: None,
            parameters: Vec::new(),
            returns: "()".to_owned(),
            docs: String::new(),
            kind: "plain".to_owned(),
        };
        assert_eq!(info.to_string(), "(|Beep|)");
        info.package = Some("HEMLOCK".to_owned());
        info.parameters = vec![ParameterInfo { name: "times".to_owned(), ty: "u8".to_owned() }];
        info.returns = "Result<(), \u{1b}[2J>".to_owned();
        assert_eq!(info.to_string(), r"(HEMLOCK::|Beep| times: u8) -> Result<(), \u{1b}[2J>");
        assert_eq!(format!("{info:>60}").len(), 60);
    }
}
