//! The questions as a table, for documents and `djdock explain questions`.

use std::fmt::Write;

use super::QUESTIONS;
use super::question::{Kind, Question};
use crate::base::language::Language;

/// A Markdown table of all questions: key, flag, what it decides, what can be answered; and the key that is no question.
pub fn markdown(language: Language) -> String {
    let mut table = match language {
        Language::En => "| key | flag | decides | answers |\n|---|---|---|---|\n".to_owned(),
        Language::Ko => "| 키 | 플래그 | 정하는 것 | 답 |\n|---|---|---|---|\n".to_owned(),
    };
    for question in QUESTIONS {
        let (about, answers) = (question.about.to(language), answers(question, language));
        let _ = writeln!(table, "| `{}` | `{}` | {about} | {answers} |", question.key, question.flag());
    }
    table.push_str(match language {
        Language::En => {
            "\nBeside them, `ignore = [\"CODE\"]` names warnings and notes that are not to be said.\n"
        }
        Language::Ko => "\n그 밖에 `ignore = [\"CODE\"]`에 적은 경고와 알림은 보여 주지 않습니다.\n",
    });
    table
}

fn answers(question: &Question, language: Language) -> String {
    match &question.kind {
        Kind::Choice { .. } => {
            question.words().iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(" ")
        }
        Kind::YesNo => "`true` `false`".to_owned(),
        Kind::OneOfThese { form, .. } | Kind::Open { form, .. } => form.to(language).to_owned(),
    }
}
