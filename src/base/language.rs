//! The languages that djdock speaks to people in.

use serde::Serialize;

/// The language of prompts, explanations, DOCKER.md and comments. Diagnostics and JSON are English always: they
/// are searched for and compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Language {
    #[default]
    #[serde(rename = "en")]
    En,
    #[serde(rename = "ko")]
    Ko,
}

impl Language {
    pub const ALL: &[Self] = &[Self::En, Self::Ko];

    /// The word for it in flags and `djdock.toml`.
    pub fn word(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Ko => "ko",
        }
    }

    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|language| language.word() == word)
    }
}

/// One text in every language, so that none is forgotten where it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text {
    pub en: &'static str,
    pub ko: &'static str,
}

impl Text {
    pub const fn new(en: &'static str, ko: &'static str) -> Self {
        Self { en, ko }
    }

    /// A name that is the same in every language: `nginx`.
    pub const fn name(name: &'static str) -> Self {
        Self { en: name, ko: name }
    }

    pub fn to(self, language: Language) -> &'static str {
        match language {
            Language::En => self.en,
            Language::Ko => self.ko,
        }
    }
}
