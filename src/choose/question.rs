//! A question. Its one definition gives the prompt, the flag, the `djdock.toml` key and the row in the
//! documents.

use crate::base::Evidence;
use crate::base::language::Text;
use crate::catalog::{Listed, Offer, Pick};
use crate::choose::Answers;
use crate::inspect::Facts;

/// One question. All of them stand in [`super::questions::QUESTIONS`].
#[derive(Debug)]
pub struct Question {
    /// The key in `djdock.toml`: `base_image`. The flag is the same with dashes.
    pub key: &'static str,
    /// The text that a person is asked, with a question mark.
    pub prompt: Text,
    /// The decision, as a phrase for `--help` and the documents.
    pub about: Text,
    pub kind: Kind,
    /// True if a person is to be asked: a needed fact is unknown or ambiguous, or it is a matter of taste.
    pub asked: fn(&Situation<'_>) -> bool,
    /// Returns the answer that djdock suggests, with the reason. Looks only at answers to questions that stand before it.
    pub suggest: fn(&Situation<'_>) -> Suggestion,
    /// Takes a word for the answer; `false` where the word is none.
    pub put: fn(&mut Answers, &str) -> bool,
    /// The word for what was answered.
    pub word: fn(&Answers) -> String,
    /// Written to `djdock.toml` even when it is what djdock suggests, because the suggestion depends on something
    /// that is not in the project (the folder's name) and must not change with it.
    pub pinned: bool,
}

/// The possible answers.
#[derive(Debug)]
pub enum Kind {
    /// A choice among the offers, in their order. `later` holds words that a later version will know: refused by name.
    Choice { now: fn() -> Vec<&'static Offer>, later: &'static [&'static str] },
    /// `true` or `false` in `djdock.toml`; `--key` and `--no-key` as flags.
    YesNo,
    /// One of those that the project has; another one that is well formed is taken at its word.
    OneOfThese { found: fn(&Facts) -> Vec<String>, form: Text, pattern: &'static str },
    /// Text of this form: "a Python version such as `3.13`".
    ///
    /// The pattern (ECMA 262) is for editors. It takes every text that the question takes, and may take others.
    Open { form: Text, pattern: &'static str },
}

/// Everything that is known when a question comes up.
#[derive(Clone, Copy, Debug)]
pub struct Situation<'a> {
    pub facts: &'a Facts,
    /// The name of the folder that the user named.
    pub folder: &'a str,
    /// The answers so far; questions that come later hold their defaults.
    pub answers: &'a Answers,
}

/// The answer that djdock suggests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    pub word: String,
    /// Empty where it is djdock's own default.
    pub because: Vec<Evidence>,
}

impl Suggestion {
    /// djdock's own default.
    pub fn usual(word: impl Into<String>) -> Self {
        Self { word: word.into(), because: Vec::new() }
    }

    /// Makes a suggestion that rests on the evidence of a fact.
    pub fn from(word: impl Into<String>, because: &[Evidence]) -> Self {
        Self { word: word.into(), because: because.to_vec() }
    }

    pub fn yes_no(yes: bool, because: &[Evidence]) -> Self {
        Self::from(yes_no(yes), because)
    }

    /// The reason with its place: "requirements.txt:9: `psycopg` is required".
    pub fn reason(&self) -> Option<String> {
        use crate::base::Place::{Absent, Line, Path};
        let evidence = self.because.first()?;
        Some(match &evidence.place {
            Path(path) if path == "." => evidence.reason.clone(),
            place @ (Line { .. } | Path(_) | Absent(_)) => format!("{place}: {}", evidence.reason),
            _ => evidence.reason.clone(),
        })
    }
}

/// Takes the word of an entry for the answer; `false` where the list has no such entry.
pub fn pick<T: Listed>(answer: &mut Pick<T>, word: &str) -> bool {
    let named = Pick::named(word);
    if let Some(named) = named {
        *answer = named;
    }
    named.is_some()
}

/// The word for yes or no, inside djdock and in prompts.
pub fn yes_no(yes: bool) -> &'static str {
    if yes { "yes" } else { "no" }
}

/// Returns the meaning of a word for yes or no.
pub fn is_yes(word: &str) -> Option<bool> {
    match word {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}

impl Question {
    /// `--base-image`.
    pub fn flag(&self) -> String {
        format!("--{}", self.key.replace('_', "-"))
    }

    /// Tells whether there is more than one answer.
    pub fn has_choice(&self) -> bool {
        match &self.kind {
            Kind::Choice { now, .. } => now().len() > 1,
            Kind::YesNo | Kind::OneOfThese { .. } | Kind::Open { .. } => true,
        }
    }

    /// Tells whether there is anything to choose, and a person is to be asked.
    pub fn is_asked(&self, situation: &Situation<'_>) -> bool {
        self.has_choice() && (self.asked)(situation)
    }

    /// Tells whether `word` answers it in a way that this version can keep.
    pub fn accepts(&self, word: &str) -> bool {
        let offered = match &self.kind {
            Kind::Choice { now, .. } => now().iter().any(|choice| choice.word == word),
            Kind::YesNo | Kind::OneOfThese { .. } | Kind::Open { .. } => true,
        };
        offered && (self.put)(&mut Answers::default(), word)
    }

    /// Returns the names that the project has to choose from, if the question is about those.
    pub fn found(&self, facts: &Facts) -> Vec<String> {
        if let Kind::OneOfThese { found, .. } = self.kind { found(facts) } else { Vec::new() }
    }

    /// The words that can be chosen; none where any text of a form is taken.
    pub fn words(&self) -> Vec<&'static str> {
        match &self.kind {
            Kind::Choice { now, .. } => now().iter().map(|choice| choice.word).collect(),
            Kind::YesNo => vec!["yes", "no"],
            Kind::OneOfThese { .. } | Kind::Open { .. } => Vec::new(),
        }
    }
}
