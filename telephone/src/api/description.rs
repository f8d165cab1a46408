//! What a command may call, described.

use serde::{Deserialize, Serialize};

/// A function that a partner's commands may call.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, utoipa::ToSchema)]
#[non_exhaustive]
pub struct FunctionDescription {
    /// Its Lisp name.
    pub name: String,
    /// Its package, if it answers to its name only there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub package: Option<String>,
    /// The arguments that a call gives.
    #[serde(default)]
    pub parameters: Vec<ParameterDescription>,
    /// The type of its value, as its author wrote it; may be empty.
    #[serde(default)]
    pub returns: String,
    /// Its documentation; may be empty.
    #[serde(default)]
    pub docs: String,
}

/// An argument of a function.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, utoipa::ToSchema)]
#[non_exhaustive]
pub struct ParameterDescription {
    /// Its name.
    pub name: String,
    /// Its type, as its author wrote it.
    #[serde(rename = "type")]
    pub ty: String,
}

impl From<wire::FunctionInfo> for FunctionDescription {
    fn from(info: wire::FunctionInfo) -> Self {
        let parameters = info.parameters.into_iter();
        Self {
            name: info.name,
            package: info.package,
            parameters: parameters
                .map(|parameter| ParameterDescription { name: parameter.name, ty: parameter.ty })
                .collect(),
            returns: info.returns,
            docs: info.docs,
        }
    }
}
