//! The JSON Schema of `djdock.toml`, made from the questions: editors complete the file and check it with that.

use serde_json::{Map, Value, json};

use super::QUESTIONS;
use super::keys;
use super::question::{Kind, Question};
use crate::base::codes;
use crate::base::language::Language;

/// Returns the schema. Its dialect is the one that editors of TOML read.
pub fn json_schema() -> Value {
    let mut properties = Map::new();
    properties.insert(keys::VERSION.to_owned(), version());
    properties.extend(QUESTIONS.iter().map(|question| (question.key.to_owned(), property(question))));
    properties.insert(keys::IGNORE.to_owned(), ignore());
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "djdock.toml",
        "description": "The answers for djdock. Nothing is required: djdock suggests what is not here.",
        "type": "object",
        "additionalProperties": false,
        "properties": properties,
    })
}

fn version() -> Value {
    json!({
        "description": "the version of this file's form",
        "type": "integer",
        "minimum": 1,
        "maximum": keys::NEWEST,
    })
}

fn property(question: &Question) -> Value {
    let about = question.about.to(Language::En);
    let flag = question.flag();
    match &question.kind {
        Kind::YesNo => json!({
            "description": format!("{about} ({flag})"),
            "type": "boolean",
        }),
        Kind::Choice { now, .. } => {
            let choices = now();
            let line = |word: &str, about: &str| format!("\n- {word}: {about}");
            let lines: String =
                choices.iter().map(|choice| line(choice.word, choice.about.to(Language::En))).collect();
            json!({
                "description": format!("{about} ({flag}){lines}"),
                "enum": choices.iter().map(|choice| choice.word).collect::<Vec<_>>(),
            })
        }
        Kind::OneOfThese { form, pattern, .. } | Kind::Open { form, pattern } => {
            let form = form.to(Language::En);
            json!({
                "description": format!("{about} ({flag}): {form}"),
                "type": "string",
                "pattern": pattern,
                "examples": examples(question, form),
            })
        }
    }
}

/// Returns the words between backticks that the question takes: "a Python version such as `3.13`".
fn examples<'a>(question: &Question, form: &'a str) -> Vec<&'a str> {
    form.split('`').skip(1).step_by(2).filter(|word| question.accepts(word)).collect()
}

fn ignore() -> Value {
    let codes: Vec<&str> = codes::all().map(|entry| entry.code.0).collect();
    json!({
        "description": "codes of warnings and notes that are not to be said",
        "type": "array",
        "uniqueItems": true,
        "items": { "enum": codes },
    })
}
