//! The partners one has: their names, where they are, and which of them is selected.

mod error;
mod file;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::partner::Partner;

pub use error::PartnersError;
pub use file::PartnersFile;

/// Partners by their names, one of them selected: what the original keeps with `define-partner`,
/// `get-partner` and `select-partner`.
///
/// It lives in memory; [`PartnersFile`] keeps it from one program to the next.
///
/// ```
/// use telephone::{KnownPartner, Partners};
///
/// let mut partners = Partners::default();
/// partners.define("kitchen", KnownPartner::new("http://kitchen:4242"))?;
/// partners.define("attic", KnownPartner::new("http://attic:4242").token("a secret of two"))?;
/// assert_eq!(partners.selected().map(|(name, _)| name), Some("kitchen"));
/// partners.select("attic")?;
/// assert_eq!(partners.selected().map(|(name, _)| name), Some("attic"));
/// # Ok::<(), telephone::PartnersError>(())
/// ```
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Partners {
    /// A name in `partners`, or nothing while there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    selected: Option<String>,
    #[serde(default)]
    partners: BTreeMap<String, KnownPartner>,
}

impl Partners {
    /// Adds a partner, or says anew where one is. The first one is selected at once.
    ///
    /// # Errors
    /// [`PartnersError::Name`] for a name that could be taken for an address or a flag, and
    /// [`PartnersError::Address`] for an address that is none.
    pub fn define(&mut self, name: &str, partner: KnownPartner) -> Result<(), PartnersError> {
        check_name(name)?;
        partner.partner()?;
        self.partners.insert(name.to_owned(), partner);
        if self.selected.is_none() {
            self.selected = Some(name.to_owned());
        }
        Ok(())
    }

    /// Makes it the one that commands go to when nothing else is said.
    ///
    /// # Errors
    /// [`PartnersError::Unknown`] if there is none of this name.
    pub fn select(&mut self, name: &str) -> Result<(), PartnersError> {
        self.known(name)?;
        self.selected = Some(name.to_owned());
        Ok(())
    }

    /// Forgets it. If it was selected, the first of those that are left is.
    ///
    /// # Errors
    /// [`PartnersError::Unknown`] if there is none of this name.
    pub fn remove(&mut self, name: &str) -> Result<KnownPartner, PartnersError> {
        let removed = self.partners.remove(name).ok_or_else(|| self.unknown(name))?;
        if self.selected.as_deref() == Some(name) {
            self.selected = self.partners.keys().next().cloned();
        }
        Ok(removed)
    }

    /// The partner of this name, if there is one.
    pub fn partner(&self, name: &str) -> Option<&KnownPartner> {
        self.partners.get(name)
    }

    /// The partner of this name.
    ///
    /// # Errors
    /// [`PartnersError::Unknown`], which lists those that there are.
    pub fn known(&self, name: &str) -> Result<&KnownPartner, PartnersError> {
        self.partner(name).ok_or_else(|| self.unknown(name))
    }

    /// The selected one, unless there are none at all.
    pub fn selected(&self) -> Option<(&str, &KnownPartner)> {
        let (name, partner) = self.partners.get_key_value(self.selected.as_ref()?)?;
        Some((name, partner))
    }

    /// All of them, by their names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &KnownPartner)> {
        self.partners.iter().map(|(name, partner)| (name.as_str(), partner))
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.partners.is_empty()
    }

    /// What a file may say wrongly although it is good TOML.
    fn check(&self) -> Result<(), PartnersError> {
        for (name, partner) in self.iter() {
            check_name(name)?;
            partner.partner()?;
        }
        match &self.selected {
            Some(name) => self.known(name).map(drop),
            None => Ok(()),
        }
    }

    fn unknown(&self, name: &str) -> PartnersError {
        let known = self.partners.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
        PartnersError::Unknown { name: name.to_owned(), known }
    }
}

/// Where a partner is, and what lets one in there.
#[derive(Clone, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct KnownPartner {
    address: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    token: Option<String>,
}

impl KnownPartner {
    /// A partner at this address, `http://`, `https://` or `wire://`, that asks for no token.
    pub fn new(address: impl Into<String>) -> Self {
        Self { address: address.into(), token: None }
    }

    /// Gives the token that its server asks for.
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// The way to it. Connects nowhere yet.
    ///
    /// # Errors
    /// [`PartnersError::Address`] if there can be none to such an address.
    pub fn partner(&self) -> Result<Partner, PartnersError> {
        let partner = Partner::new(&self.address)
            .map_err(|error| PartnersError::Address { reason: error.to_string() })?;
        Ok(match &self.token {
            Some(token) => partner.token(token.clone()),
            None => partner,
        })
    }

    /// Its address.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Whether a token is kept for it.
    pub fn has_token(&self) -> bool {
        self.token.is_some()
    }
}

/// Without the token, since what is printed may end in a log.
impl fmt::Debug for KnownPartner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let token = self.token.as_ref().map(|_| "(kept)");
        f.debug_struct("KnownPartner")
            .field("address", &self.address)
            .field("token", &token)
            .finish()
    }
}

fn check_name(name: &str) -> Result<(), PartnersError> {
    let inside = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let fits = name.len() <= MAX_NAME
        && name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && name.chars().all(inside);
    if fits { Ok(()) } else { Err(PartnersError::Name { name: name.to_owned() }) }
}

/// As long as a label of a host's name may be, and one.
const MAX_NAME: usize = 64;
