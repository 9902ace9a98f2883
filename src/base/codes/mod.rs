//! Every diagnostic code and what it means: one file per stage, one entry per situation.
//!
//! A code is never renamed and never used again for another situation. Its explanation is what
//! `djdock explain CODE` prints: what djdock saw, why it matters in a container, and what to do.

use super::Code;
use super::language::Language;

pub mod check;
pub mod choose;
pub mod dependencies;
pub mod inspect;
pub mod plan;
pub mod render;
pub mod settings;
pub mod shell;
pub mod smoke;
pub mod update;

/// A code with its explanation.
#[derive(Clone, Copy, Debug)]
pub struct Explained {
    pub code: Code,
    /// One sentence: the situation, without particulars.
    pub summary: &'static str,
    /// Paragraphs of Markdown.
    pub explanation: &'static str,
    /// The Korean text, if somebody wrote one.
    pub korean: Option<Korean>,
}

/// A summary and an explanation in Korean.
#[derive(Clone, Copy, Debug)]
pub struct Korean {
    pub summary: &'static str,
    pub explanation: &'static str,
}

impl Explained {
    pub fn summary_in(&self, language: Language) -> &'static str {
        match (language, self.korean) {
            (Language::Ko, Some(korean)) => korean.summary,
            _ => self.summary,
        }
    }

    pub fn explanation_in(&self, language: Language) -> &'static str {
        match (language, self.korean) {
            (Language::Ko, Some(korean)) => korean.explanation,
            _ => self.explanation,
        }
    }
}

/// Every code, by stage in the order of the flow.
pub fn all() -> impl Iterator<Item = &'static Explained> {
    [
        settings::ALL,
        dependencies::ALL,
        inspect::ALL,
        check::settings::ALL,
        check::dockerfile::ALL,
        check::compose::ALL,
        check::server::ALL,
        check::across::ALL,
        check::ci::ALL,
        choose::ALL,
        plan::ALL,
        render::ALL,
        update::ALL,
        shell::ALL,
        smoke::ALL,
    ]
    .into_iter()
    .flatten()
}

/// Declares codes as constants and lists them in `ALL`. After the explanation the same in Korean may follow:
/// `, ko "요약", "설명"`.
macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $summary:literal, $explanation:literal
        $(, ko $ko_summary:literal, $ko_explanation:literal)?;)*) => {
        $($(#[$doc])* pub const $name: $crate::base::Code = $crate::base::Code($code);)*

        /// The codes of this stage.
        pub const ALL: &[$crate::base::codes::Explained] = &[
            $($crate::base::codes::Explained {
                code: $crate::base::Code($code),
                summary: $summary,
                explanation: $explanation,
                korean: [
                    $(Some($crate::base::codes::Korean { summary: $ko_summary, explanation: $ko_explanation }),)?
                    None,
                ][0],
            },)*
        ];
    };
}
pub(crate) use codes;

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn codes_are_unique_and_in_kebab_case() {
        let mut seen = BTreeSet::new();
        for entry in all() {
            assert!(seen.insert(entry.code), "{} stands twice", entry.code);
            assert!(
                entry.code.0.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'),
                "{}",
                entry.code
            );
            assert!(
                !entry.summary.is_empty() && entry.explanation.len() > 80,
                "{} explains nothing",
                entry.code
            );
        }
    }
}
