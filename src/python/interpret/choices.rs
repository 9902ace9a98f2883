//! Files and modules of the project that a variable's text chooses among: `include(f"env/{STAGE}.py")`,
//! `import_module("settings." + STAGE)`. Their names are the words that the variable may hold.

use super::Interp;
use super::membership::MOST_COMPARED;
use super::object::{Name, Obj};
use crate::python::value::{PathBase, PathValue};

/// The texts around the one part of a text that is not known.
struct Around {
    before: String,
    variable: Obj,
    after: String,
}

fn around(chosen: &Obj) -> Option<Around> {
    let whole =
        |variable: &Obj| Around { before: String::new(), variable: variable.clone(), after: String::new() };
    let Obj::Text(parts) = chosen else { return None };
    let mut found: Option<Around> = None;
    let mut before = String::new();
    for part in parts.iter() {
        match (part, &mut found) {
            (Obj::Str(text), None) => before.push_str(text),
            (Obj::Path(path), None) => before.push_str(path.rest.as_str()),
            (Obj::Str(text), Some(found)) => found.after.push_str(text),
            (other, None) if !other.is_known() => {
                found = Some(Around { before: std::mem::take(&mut before), ..whole(other) });
            }
            _ => return None,
        }
    }
    found
}

impl Around {
    /// Tells whether the variable names the whole of it: any file or module may be meant, and none is more likely.
    fn is_whole(&self) -> bool {
        self.before.is_empty() && self.after.is_empty()
    }
}

impl Interp<'_> {
    /// A file is chosen, relative to the folder `here`.
    pub(super) fn note_chosen_file(&mut self, chosen: &Obj, here: &PathValue) {
        let Some(around) = around(chosen).filter(|around| !around.is_whole()) else { return };
        let Around { before, variable, after } = around;
        let pattern = super::paths::join(here, &format!("{before}*{after}"));
        let words = self.words_of(&pattern);
        self.note_words(&variable, &words);
    }

    /// A module is chosen by its absolute dotted name.
    pub(super) fn note_chosen_module(&mut self, chosen: &Obj, package: Option<&str>) {
        if around(chosen).is_none_or(|around| around.is_whole()) {
            let mut leaves = Vec::new();
            super::measure::leaves(chosen, &mut leaves, 4);
            let variables = leaves.iter().filter_map(|leaf| match leaf {
                Obj::Env(env) => Some(env.name.clone()),
                _ => None,
            });
            self.imported.extend(variables);
        }
        let Some(around) = around(chosen).filter(|around| !around.is_whole()) else { return };
        let Around { before, variable, after } = around;
        let before = match (before.strip_prefix('.'), package) {
            (Some(rest), Some(package)) => format!("{package}.{rest}"),
            _ => before,
        };
        let name = format!("{before}*{after}").replace('.', "/");
        let roots: Vec<_> = self.request.roots.iter().chain(&self.extra_roots).cloned().collect();
        let mut words = Vec::new();
        for root in roots {
            let root = PathValue { base: PathBase::Project, rest: root };
            words.extend(self.words_of(&super::paths::join(&root, &format!("{name}.py"))));
        }
        words.retain(|word| word != "__init__");
        self.note_words(&variable, &words);
    }

    /// Returns the words in place of the `*` in the names of the files that match a pattern.
    fn words_of(&mut self, pattern: &PathValue) -> Vec<String> {
        let Some((before, after)) = pattern.rest.as_str().split_once('*') else { return Vec::new() };
        let files = self.glob(pattern);
        let word = |file: &Obj| {
            let Obj::Path(file) = file else { return None };
            let word = file.rest.as_str().strip_prefix(before)?.strip_suffix(after)?;
            Some(word.to_owned())
        };
        files.iter().filter_map(word).collect()
    }

    fn note_words(&mut self, variable: &Obj, words: &[String]) {
        self.note_test(variable);
        let mut leaves = Vec::new();
        super::measure::leaves(variable, &mut leaves, 4);
        for leaf in &leaves {
            let Obj::Env(env) = leaf else { continue };
            for word in words {
                let word: Name = self.name(word);
                let known = self.compared.entry(env.name.clone()).or_default();
                if known.len() < MOST_COMPARED && !known.contains(&word) {
                    known.push(word);
                }
            }
        }
    }
}
