//! The words of a part in questions, and the answer that names a part.

use std::fmt;
use std::ops::Deref;

use serde::{Serialize, Serializer};

use crate::base::language::Text;

/// The texts with which a question offers one choice.
#[derive(Clone, Copy, Debug)]
pub struct Offer {
    /// The word in flags, answers and `djdock.toml`: lower case, unique in its list, and never changed once it was released,
    /// because people's `djdock.toml` holds it.
    pub word: &'static str,
    /// The name in prompts.
    pub label: Text,
    /// The effect of the choice, as a phrase without a full stop.
    pub about: Text,
}

/// A kind of part, with the list of all its entries. Flags, keys, prompts and documents derive from the list.
pub trait Listed: Sized + 'static {
    /// Every entry, in the order in which they are offered. The first is the answer until somebody gives another.
    const ALL: &'static [&'static Self];

    /// Returns the texts with which the entry is offered.
    fn offer(&self) -> &Offer;

    /// Returns the entry's word in answers.
    fn word(&self) -> &'static str {
        self.offer().word
    }

    /// Returns the entry with this word.
    fn named(word: &str) -> Option<&'static Self> {
        Self::ALL.iter().copied().find(|entry| entry.word() == word)
    }

    /// Returns the texts of every entry.
    fn offers() -> Vec<&'static Offer> {
        Self::ALL.iter().map(|entry| entry.offer()).collect()
    }
}

/// An answer that names an entry of a list. In JSON it is the entry's word.
pub struct Pick<T: 'static>(&'static T);

impl<T: Listed> Pick<T> {
    /// Returns the answer with this word, where the list has such an entry.
    pub fn named(word: &str) -> Option<Self> {
        T::named(word).map(Self)
    }
}

impl<T> Pick<T> {
    /// Returns the entry itself.
    pub fn entry(self) -> &'static T {
        self.0
    }
}

impl<T: Listed> Default for Pick<T> {
    fn default() -> Self {
        Self(T::ALL[0])
    }
}

impl<T> Clone for Pick<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Pick<T> {}

impl<T> From<&'static T> for Pick<T> {
    fn from(entry: &'static T) -> Self {
        Self(entry)
    }
}

impl<T> Deref for Pick<T> {
    type Target = T;

    fn deref(&self) -> &Self::Target {
        self.0
    }
}

impl<T: Listed> PartialEq for Pick<T> {
    fn eq(&self, other: &Self) -> bool {
        self.word() == other.word()
    }
}

impl<T: Listed> Eq for Pick<T> {}

impl<T: Listed> fmt::Debug for Pick<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.word())
    }
}

impl<T: Listed> Serialize for Pick<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.word())
    }
}
