//! Words of interest in the project's Python files, and the modules that the files import: all files are read once, and no
//! text is kept.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use camino::{Utf8Path, Utf8PathBuf};

use super::imports;
use super::started_programs;
use crate::base::{Tree, path};
use crate::knowledge::{downloads, locales};

/// Words of files that may ask the environment for something.
const ENVIRONMENT: &[&str] = &["environ", "getenv", "decouple", "dotenv", "dynaconf"];

/// Words of files that may demand that a setting holds something.
const DEMANDS: &[&str] = &["raise ImproperlyConfigured"];

/// The kinds of words that a file holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Held {
    /// The file may ask the environment for something.
    pub(super) environment: bool,
    /// The file may demand that a setting holds something.
    pub(super) demands: bool,
    /// The file may set a locale, or use a library that downloads something after it is installed.
    pub(super) machine: bool,
}

/// The kinds of words that each Python file holds, and its imports, tests, migrations and tools aside.
#[derive(Debug, Default)]
pub(super) struct Words {
    held: BTreeMap<Utf8PathBuf, Held>,
    /// The files that import something at the beginning of a line, in the order of their paths.
    importing: Vec<Utf8PathBuf>,
    /// By top-level module, the files that import the module so: indexes of `importing`, ascending.
    importers: HashMap<String, Vec<usize>>,
    /// The files that may import a file for tests so: indexes of `importing`, ascending.
    importers_of_tests: Vec<usize>,
}

impl Words {
    pub(super) fn read(tree: &Tree) -> Self {
        let mut words = Self::default();
        words.look_through(tree, tree.files());
        words
    }

    /// Adds the words of these files of a tree.
    pub(super) fn look_through<'a>(&mut self, tree: &Tree, files: impl Iterator<Item = &'a Utf8Path>) {
        let machine = ["setlocale"]
            .into_iter()
            .chain(started_programs::WORDS.iter().copied())
            .chain(locales::VARIABLES.iter().copied())
            .chain(downloads::modules());
        let all = ENVIRONMENT.iter().chain(DEMANDS).copied().chain(machine);
        // The kind that takes the longest to make, and the least for each byte that is gone through.
        let automaton = AhoCorasick::builder().kind(Some(AhoCorasickKind::DFA)).build(all);
        // Only patterns without end are refused.
        let Ok(automaton) = automaton else { return };
        for file in files.filter(|file| path::extension(file) == Some("py") && !is_passed_over(file)) {
            let Some(text) = tree.glance(file) else { continue };
            let held = held(&automaton, &text);
            if held != Held::default() {
                self.held.insert(file.to_owned(), held);
            }
            self.note_imports(file, &text);
        }
    }

    fn note_imports(&mut self, file: &Utf8Path, text: &str) {
        let at = self.importing.len();
        let mut imports_tests = false;
        let mut imports_any = false;
        for (_, module, line) in imports::lines_at_load(text) {
            imports_any = true;
            imports_tests |= imports::may_be_of_tests(line);
            if module.is_empty() {
                continue;
            }
            match self.importers.get_mut(module) {
                Some(files) if files.last() == Some(&at) => {}
                Some(files) => files.push(at),
                None => _ = self.importers.insert(module.to_owned(), vec![at]),
            }
        }
        if imports_any {
            self.importing.push(file.to_owned());
        }
        if imports_tests {
            self.importers_of_tests.push(at);
        }
    }

    /// Returns the files that import, at the beginning of a line, a top-level module that is `wanted`, or that may import a file
    /// for tests so; in the order in which the files were read.
    pub(super) fn importers(&self, mut wanted: impl FnMut(&str) -> bool) -> impl Iterator<Item = &Utf8Path> {
        let of_modules =
            self.importers.iter().filter(|(module, _)| wanted(module)).flat_map(|(_, files)| files);
        let found: BTreeSet<usize> = of_modules.chain(&self.importers_of_tests).copied().collect();
        found.into_iter().filter_map(|at| self.importing.get(at)).map(Utf8PathBuf::as_path)
    }

    /// Returns the files that hold words of a kind, in the order of their paths.
    pub(super) fn files(&self, kind: impl Fn(Held) -> bool) -> impl Iterator<Item = &Utf8Path> {
        self.held.iter().filter(move |(_, held)| kind(**held)).map(|(file, _)| file.as_path())
    }

    /// Tells whether a file holds words of a kind.
    pub(super) fn holds(&self, file: &Utf8Path, kind: impl Fn(Held) -> bool) -> bool {
        self.held.get(file).is_some_and(|held| kind(*held))
    }
}

/// Tells whether a file is not looked through: nothing that starts or serves the site imports it.
fn is_passed_over(file: &Utf8Path) -> bool {
    imports::is_aside(file) || path::parts(path::parent(file)).any(|part| part == "migrations")
}

fn held(automaton: &AhoCorasick, text: &str) -> Held {
    let mut held = Held::default();
    for word in automaton.find_iter(text) {
        if word.pattern().as_usize() < ENVIRONMENT.len() {
            // "environment" is a word of prose.
            held.environment |= !text[word.end()..].starts_with("ment");
        } else if word.pattern().as_usize() < ENVIRONMENT.len() + DEMANDS.len() {
            held.demands = true;
        } else {
            held.machine = true;
        }
        if held.environment && held.demands && held.machine {
            break;
        }
    }
    held
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_known_by_what_they_import_at_the_beginning_of_a_line() {
        let tree = Tree::from_literals([
            ("shop/a.py", "import pytest\nimport pytest as testing\n"),
            ("shop/b.py", "try:\n    import pytest\nexcept ImportError:\n    pass\n"),
            ("shop/c.py", "from .tests.fixtures import make\n"),
            ("shop/d.py", "from faker.providers import BaseProvider\nfrom .models import User\n"),
            ("shop/e.py", "from . import models\n"),
            ("shop/tests/f.py", "import pytest\n"),
        ]);
        let words = Words::read(&tree);
        let importers = |module: &str| -> Vec<_> {
            words.importers(|one| one == module).map(ToString::to_string).collect()
        };
        assert_eq!(importers("pytest"), ["shop/a.py", "shop/c.py"]);
        assert_eq!(importers("faker"), ["shop/c.py", "shop/d.py"]);
        assert_eq!(importers(""), ["shop/c.py"]);
    }

    #[test]
    fn words_are_found_where_the_site_may_come_by() {
        let tree = Tree::from_literals([
            ("shop/a.py", "import os\nX = os.environ['X']\n"),
            ("shop/b.py", "import locale\nlocale.setlocale(locale.LC_ALL, '')\n# os.getenv\n"),
            ("shop/c.py", "# an environment of prose\n"),
            ("shop/d.py", "import spacy\n"),
            ("shop/tests/e.py", "import spacy, os\nX = os.environ['X']\n"),
            ("shop/migrations/0001_first.py", "import os\nX = os.environ['X']\n"),
            ("shop/f.txt", "os.environ"),
        ]);
        let words = Words::read(&tree);
        let environment: Vec<_> = words.files(|held| held.environment).collect();
        let machine: Vec<_> = words.files(|held| held.machine).collect();
        assert_eq!(
            (environment, machine),
            (
                vec!["shop/a.py", "shop/b.py"].into_iter().map(Utf8Path::new).collect(),
                vec!["shop/b.py", "shop/d.py"].into_iter().map(Utf8Path::new).collect()
            )
        );
        assert!(words.holds("shop/a.py".into(), |held| held.environment));
        assert!(!words.holds("shop/a.py".into(), |held| held.machine));
    }

    #[test]
    fn words_of_other_encodings_are_found() {
        let utf16: Vec<u8> = "\u{feff}import spacy".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let tree = Tree::from_literals([
            ("a.py", utf16),
            ("b.py", b"# \xc7\xd1\nimport spacy\n".to_vec()),
            ("c.py", b"\xef\xbb\xbfimport spacy\n".to_vec()),
        ]);
        assert_eq!(Words::read(&tree).files(|held| held.machine).count(), 3);
    }
}
