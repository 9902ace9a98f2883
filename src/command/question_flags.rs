//! The flags that answer questions: made from [`QUESTIONS`], so that a question cannot be without its flag.

use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};
use clap::error::Error;
use clap::{Arg, ArgAction, ArgMatches, Command};

use crate::base::Place;
use crate::base::language::Language;
use crate::choose::question::{Kind, Question, yes_no};
use crate::choose::{Draft, QUESTIONS};

/// The answers that flags give.
#[derive(Clone, Debug, Default)]
pub struct QuestionFlags {
    pub draft: Draft,
}

impl clap::FromArgMatches for QuestionFlags {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        let mut flags = Self::default();
        flags.update_from_arg_matches(matches)?;
        Ok(flags)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        for question in QUESTIONS {
            if let Some((word, flag)) = answered(question, matches) {
                self.draft.give(question.key, word, Place::Flag(flag));
            }
        }
        Ok(())
    }
}

impl clap::Args for QuestionFlags {
    fn augment_args(command: Command) -> Command {
        QUESTIONS.iter().fold(command, |command, question| command.args(flags(question)))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

fn answered(question: &Question, matches: &ArgMatches) -> Option<(String, String)> {
    if matches!(question.kind, Kind::YesNo) {
        let is_set = |id: &str| matches.get_flag(id);
        let no = format!("no_{}", question.key);
        return match (is_set(question.key), is_set(&no)) {
            (true, _) => Some((yes_no(true).to_owned(), question.flag())),
            (false, true) => Some((yes_no(false).to_owned(), format!("--no-{}", &question.flag()[2..]))),
            (false, false) => None,
        };
    }
    matches.get_one::<String>(question.key).map(|word| (word.clone(), question.flag()))
}

fn flags(question: &'static Question) -> Vec<Arg> {
    let name = question.flag()[2..].to_owned();
    let flag = |id: String, name: String| Arg::new(id).long(name).help_heading("Answers");
    let about = capitalised(question.about.to(Language::En));
    match &question.kind {
        Kind::YesNo => {
            let (yes, no) = (question.key.to_owned(), format!("no_{}", question.key));
            vec![
                flag(yes.clone(), name.clone())
                    .help(about)
                    .action(ArgAction::SetTrue)
                    .overrides_with(no.clone()),
                flag(no, format!("no-{name}"))
                    .help(format!("The opposite of --{name}"))
                    .action(ArgAction::SetTrue)
                    .overrides_with(yes),
            ]
        }
        Kind::Choice { .. } => {
            let words = Words(question.words());
            vec![flag(question.key.to_owned(), name).help(about).value_name("WORD").value_parser(words)]
        }
        Kind::OneOfThese { .. } | Kind::Open { .. } => {
            let value = question.key.rsplit('_').next().unwrap_or(question.key).to_uppercase();
            vec![flag(question.key.to_owned(), name).help(about).value_name(value)]
        }
    }
}

fn capitalised(phrase: &str) -> String {
    let mut letters = phrase.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// Takes every word, so that a wrong one is reported as one in `djdock.toml` is; help and completions know those
/// that are right.
#[derive(Clone)]
struct Words(Vec<&'static str>);

impl TypedValueParser for Words {
    type Value = String;

    fn parse_ref(
        &self,
        command: &Command,
        arg: Option<&Arg>,
        value: &std::ffi::OsStr,
    ) -> Result<String, Error> {
        StringValueParser::new().parse_ref(command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(self.0.iter().map(|word| PossibleValue::new(*word))))
    }
}

#[cfg(test)]
mod tests {
    use clap::{Args, FromArgMatches};

    use super::*;
    use crate::choose::{Answers, file};

    fn by_flags(arguments: &[&str]) -> Draft {
        let command = QuestionFlags::augment_args(Command::new("djdock").no_binary_name(true));
        QuestionFlags::from_arg_matches(&command.try_get_matches_from(arguments).unwrap()).unwrap().draft
    }

    /// Returns the possible answers to a question; one example for a question of free form.
    fn words(question: &Question) -> Vec<String> {
        match &question.kind {
            Kind::Choice { .. } | Kind::YesNo => question.words().iter().map(ToString::to_string).collect(),
            Kind::OneOfThese { form, .. } | Kind::Open { form, .. } => {
                let example = form.ko.split('`').rev().nth(1).unwrap_or_default();
                vec![example.to_owned()]
            }
        }
    }

    #[test]
    fn a_flag_answers_as_its_line_in_the_file_does() {
        for question in QUESTIONS {
            for word in words(question) {
                let flag = match (&question.kind, word.as_str()) {
                    (Kind::YesNo, "yes") => vec![question.flag()],
                    (Kind::YesNo, _) => vec![question.flag().replace("--", "--no-")],
                    _ => vec![question.flag(), word.clone()],
                };
                let line = match (&question.kind, word.as_str()) {
                    (Kind::YesNo, word) => format!("{} = {}", question.key, word == "yes"),
                    _ => format!("{} = \"{word}\"", question.key),
                };
                let flags = by_flags(&flag.iter().map(String::as_str).collect::<Vec<_>>());
                let (written, problems) = file::read(&line);
                assert!(problems.is_empty() && flags.problems().is_empty(), "{line}: {:?}", flags.problems());
                let by_flag = &flags.given(question.key).unwrap().word;
                assert_eq!(by_flag, &written.given(question.key).unwrap().word);
                let mut answers = Answers::default();
                assert!((question.put)(&mut answers, by_flag), "{}", question.key);
                assert_eq!((question.word)(&answers), word);
            }
        }
    }

    #[test]
    fn the_last_of_two_opposites_counts() {
        let word = |arguments: &[&str]| by_flags(arguments).given("cache").map(|given| given.word.clone());
        assert_eq!(word(&["--cache", "--no-cache"]).as_deref(), Some("no"));
        assert_eq!(word(&["--no-cache", "--cache"]).as_deref(), Some("yes"));
        assert_eq!(word(&[]), None);
    }
}
