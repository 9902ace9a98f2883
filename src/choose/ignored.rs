//! Diagnostics that the person wants to hear no more of: `ignore = ["own-steps-left-out"]` in `djdock.toml`.

use std::collections::BTreeSet;

use toml::de::{DeTable, DeValue};

use super::{keys, messages};
use crate::base::{Diagnostic, Place, Severity, codes};

/// Codes whose warnings and notes are left out. An error is never left out: nothing works before it is mended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ignored(BTreeSet<String>);

impl Ignored {
    pub fn take_out(&self, diagnostics: &mut Vec<Diagnostic>) {
        diagnostics.retain(|one| one.severity == Severity::Error || !self.0.contains(one.code.0));
    }
}

/// Returns the list in the text of `djdock.toml`; an empty one where there is none.
pub(super) fn read(text: &str) -> Ignored {
    let Ok(table) = DeTable::parse(text) else { return Ignored::default() };
    let list = table.get_ref().get(keys::IGNORE).map(|value| words(value.get_ref()));
    Ignored(list.flatten().unwrap_or_default().into_iter().collect())
}

/// Returns the faults of the list: no list of texts, or a text that is no code.
pub(super) fn problems(value: &DeValue<'_>, place: &Place) -> Vec<Diagnostic> {
    let Some(words) = words(value) else { return vec![messages::no_list_of_codes(place)] };
    let is_known = |word: &String| codes::all().any(|entry| entry.code.0 == word);
    words.iter().filter(|word| !is_known(word)).map(|word| messages::not_ignorable(word, place)).collect()
}

fn words(value: &DeValue<'_>) -> Option<Vec<String>> {
    let DeValue::Array(items) = value else { return None };
    let word = |item: &DeValue<'_>| match item {
        DeValue::String(text) => Some(text.clone().into_owned()),
        _ => None,
    };
    items.iter().map(|item| word(item.get_ref())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::codes::plan::{OVERLAY_NEEDED, OWN_STEPS_LEFT_OUT};
    use crate::choose::file;

    #[test]
    fn a_warning_that_is_ignored_is_left_out_and_an_error_never() {
        let ignored = read("name = \"shop\"\nignore = [\"own-steps-left-out\", \"overlay-needed\"]\n");
        let mut found = vec![
            Diagnostic::note(OWN_STEPS_LEFT_OUT, "a"),
            Diagnostic::warning(OWN_STEPS_LEFT_OUT, "b"),
            Diagnostic::error(OVERLAY_NEEDED, "c"),
        ];
        ignored.take_out(&mut found);
        assert_eq!(found.iter().map(|one| one.title.as_str()).collect::<Vec<_>>(), ["c"]);
    }

    #[test]
    fn a_misspelt_code_is_told_with_what_was_meant() {
        let (draft, found) = file::read("ignore = [\"own-steps-left-ou\"]\nname = \"shop\"\n");
        assert!(draft.given("name").is_some());
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].helps, ["write `own-steps-left-out`"]);
        assert_eq!(file::read("ignore = \"own-steps-left-out\"\n").1[0].code.0, "config-type");
        assert!(file::read("ignore = []\n").1.is_empty());
    }
}
