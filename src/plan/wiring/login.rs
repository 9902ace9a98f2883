//! Logins in addresses: the password that a client of a store sends, and the place where the client finds it.

use super::steps::value_at;
use super::url::authority_of;
use crate::python::{Evaluation, Value};

/// The login that belongs to an address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Login {
    /// The server asks for none, and refuses a client that sends one.
    #[default]
    Nowhere,
    /// In the URL itself: nothing else tells the client.
    InUrl(Credentials),
    /// Below other keys, if not in the URL: `OPTIONS.PASSWORD` of a cache.
    Beside { keys: Vec<Vec<String>>, credentials: Credentials },
}

/// A user and a password, which is a stand-in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Credentials {
    /// Empty for the server's own user.
    pub user: String,
    pub password: String,
}

impl Login {
    /// Returns what is sent; two empty texts where nothing is.
    pub fn credentials(&self) -> Credentials {
        match self {
            Self::Nowhere => Credentials::default(),
            Self::InUrl(credentials) | Self::Beside { credentials, .. } => credentials.clone(),
        }
    }

    /// Returns what a URL has before its host: `user:password@`. With the password beside, a URL needs none.
    pub fn in_url(&self) -> String {
        match self {
            Self::InUrl(credentials) => credentials.in_url(),
            Self::Nowhere | Self::Beside { .. } => String::new(),
        }
    }

    /// Returns what a URL that is written anew has before its host: the password too, where nothing beside tells it.
    pub fn in_new_url(&self, evaluation: &Evaluation) -> String {
        match self {
            Self::Beside { keys, credentials } if !is_told(keys, credentials, evaluation).unwrap_or(true) => {
                credentials.in_url()
            }
            _ => self.in_url(),
        }
    }

    /// Tells whether a client with this address logs in as the server asks; `None` where that is not known. `is_setting` says that
    /// the address is a setting of its own.
    pub(super) fn fits(&self, is_setting: bool, address: &Value, evaluation: &Evaluation) -> Option<bool> {
        let sent = address.as_str().and_then(password_of);
        match (self, sent) {
            (Self::Nowhere, sent) => Some(sent.is_none()),
            (Self::InUrl(credentials) | Self::Beside { credentials, .. }, Some(sent)) => {
                Some(sent == credentials.password)
            }
            // A host by itself is put into addresses by the project's code.
            (Self::InUrl(_), None) => Some(is_setting && !is_url(address)),
            (Self::Beside { keys, credentials }, None) => is_told(keys, credentials, evaluation),
        }
    }
}

impl Credentials {
    /// Returns what a URL has before its host.
    pub fn in_url(&self) -> String {
        if self.password.is_empty() { String::new() } else { format!("{}:{}@", self.user, self.password) }
    }
}

/// Tells whether one of the keys holds the password.
fn is_told(keys: &[Vec<String>], credentials: &Credentials, evaluation: &Evaluation) -> Option<bool> {
    let met: Vec<Option<bool>> =
        keys.iter().map(|path| is_at(path, &credentials.password, evaluation)).collect();
    let is_known = met.iter().all(Option::is_some);
    if met.contains(&Some(true)) { Some(true) } else { is_known.then_some(false) }
}

fn is_url(address: &Value) -> bool {
    address.as_str().is_some_and(|text| text.contains("://"))
}

/// Tells whether the setting below a path is this password; a path that leads nowhere holds another one.
fn is_at(path: &[String], password: &str, evaluation: &Evaluation) -> Option<bool> {
    let is_it = |value: &Value| match value {
        Value::None => Some(false),
        value => value.as_text().map(|text| text == password),
    };
    let Some(value) = value_at(path, evaluation) else { return Some(false) };
    let all: Vec<Option<bool>> = value.alternatives().into_iter().map(is_it).collect();
    if all.iter().all(|one| *one == Some(true)) {
        Some(true)
    } else {
        all.contains(&Some(false)).then_some(false)
    }
}

/// Returns a URL with dots in place of its password, which may be a real one; every other text as it is.
pub(super) fn without_password(text: &str) -> String {
    match password_of(text) {
        Some(password) => text.replacen(&format!(":{password}@"), ":…@", 1),
        None => text.to_owned(),
    }
}

/// Returns the password in a URL.
fn password_of(url: &str) -> Option<&str> {
    let (login, _) = authority_of(url)?.rsplit_once('@')?;
    let (_, password) = login.split_once(':')?;
    (!password.is_empty()).then_some(password)
}
