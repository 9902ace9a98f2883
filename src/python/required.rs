//! Which variables a settings module cannot be imported without.
//!
//! The module is evaluated where no variable is set. What is missing outright is named by the failure itself;
//! for a failure that only follows from variables (`if not KEY: raise`), those that may be behind it are given
//! values, and taken away again one by one: one whose absence brings the failure back is required.

mod worlds;

use std::collections::BTreeMap;

use self::worlds::Worlds;
use super::evaluation::{Evaluation, Failure, FailureKind, Request};
use super::value::{Cast, EnvRead, Value};
use crate::base::Place;

/// Rounds of giving values and looking again.
const MOST_ROUNDS: usize = 6;
/// Variables that are tried one by one in a round.
const MOST_CANDIDATES: usize = 24;
/// The limit for failures that say themselves what they ask for: a helper that raises may be asked for each of many.
const MOST_ASKED_FOR: usize = 80;

/// The variables without which the module cannot be imported, and where each is read. `assumed` says of what the
/// module comes to in an open world which variables are set in any case: what names the environment.
pub fn required_variables(
    request: &Request<'_>,
    assumed: impl Fn(&Evaluation) -> BTreeMap<String, String>,
) -> BTreeMap<String, Place> {
    let mut search =
        Search { worlds: Worlds::new(request), given: BTreeMap::new(), required: BTreeMap::new() };
    search.given = assumed(&search.worlds.open());
    search.turn_debug_off();
    let assumed = search.given.clone();
    for _ in 0..MOST_ROUNDS {
        if !search.round() {
            break;
        }
    }
    search.add_assumed(&assumed);
    search.required
}

/// The variables beyond those that are `given` without which the module cannot be imported, and where each is read.
pub fn required_beyond(request: &Request<'_>, given: &BTreeMap<String, String>) -> BTreeMap<String, Place> {
    let given = given.clone();
    let mut search = Search { worlds: Worlds::new(request), given, required: BTreeMap::new() };
    for _ in 0..MOST_ROUNDS {
        if !search.round() {
            break;
        }
    }
    search.required
}

struct Search<'a> {
    worlds: Worlds<'a>,
    given: BTreeMap<String, String>,
    required: BTreeMap<String, Place>,
}

impl Search<'_> {
    /// Looks once; whether there may be more to find.
    fn round(&mut self) -> bool {
        let found = self.worlds.closed(&self.given);
        let mut grew = false;
        for failure in &found.failures {
            if let FailureKind::MissingVariable(name) = &failure.kind {
                grew |= self.add(name, &failure.place, &found);
            }
        }
        if grew {
            return true;
        }
        let open: Vec<&Failure> = found.failures.iter().filter(|failure| is_raised(failure)).collect();
        if open.is_empty() {
            return false;
        }
        let candidates = self.candidates(&open, &found);
        if candidates.is_empty() {
            return false;
        }
        let mut all = self.given.clone();
        for read in &candidates {
            let text = self.text_for(read);
            all.insert(read.name.clone(), text);
        }
        let with_all = self.worlds.closed(&all);
        if raised(&with_all) >= raised(&found) {
            return false;
        }
        for read in &candidates {
            let mut without = all.clone();
            without.remove(&read.name);
            let failed = self.worlds.closed(&without);
            if failed.failures.len() > with_all.failures.len() {
                grew |= self.add(&read.name, &read.place, &found);
            }
        }
        grew || self.add_one_of_several(&candidates, all, &with_all, &found)
    }

    /// Each can go because another one does as well (`KEY` or `KEY_FILE`): leaves out one after the other, and asks for
    /// those that remain. What names a file goes first, then what is read last.
    fn add_one_of_several(
        &mut self,
        candidates: &[EnvRead],
        mut set: BTreeMap<String, String>,
        with_all: &Evaluation,
        found: &Evaluation,
    ) -> bool {
        let mut order: Vec<&EnvRead> = candidates.iter().rev().collect();
        order.sort_by_key(|read| !read.name.ends_with("_FILE"));
        let mut grew = false;
        for read in order {
            let Some(text) = set.remove(&read.name) else { continue };
            if self.worlds.closed(&set).failures.len() > with_all.failures.len() {
                set.insert(read.name.clone(), text);
                grew |= self.add(&read.name, &read.place, found);
            }
        }
        grew
    }

    /// Adds variables that were set in any case to the required ones, if nothing goes without them.
    fn add_assumed(&mut self, assumed: &BTreeMap<String, String>) {
        if assumed.is_empty() {
            return;
        }
        let with_all = self.worlds.closed(&self.given);
        for name in assumed.keys() {
            let mut without = self.given.clone();
            without.remove(name);
            let found = self.worlds.closed(&without);
            let missing = found.failures.iter().find(
                |failure| matches!(&failure.kind, FailureKind::MissingVariable(missing) if missing == name),
            );
            let read = found.reads.iter().find(|read| read.name == *name);
            let place = match (missing, read) {
                (Some(missing), _) => &missing.place,
                (None, Some(read)) if raised(&found) > raised(&with_all) => &read.place,
                _ => continue,
            };
            self.required.insert(name.clone(), place.clone());
        }
    }

    /// Turns `DEBUG` off if one variable decides it: required variables are those of production.
    fn turn_debug_off(&mut self) {
        let Some(debug) = self.worlds.open().get("DEBUG").cloned() else { return };
        let reads = debug.reads();
        let [read] = reads.as_slice() else { return };
        if debug.assumed() == Some(Value::Bool(false)) {
            return;
        }
        for text in ["False", "false", "0", "", "True"] {
            let mut given = self.given.clone();
            given.entry(read.name.clone()).or_insert_with(|| text.to_owned());
            if self.worlds.closed(&given).get("DEBUG") == Some(&Value::Bool(false)) {
                self.given = given;
                return;
            }
        }
    }

    /// A stand-in, by what the settings make of the variable where nothing stops them.
    fn text_for(&mut self, read: &EnvRead) -> String {
        let open = self.worlds.open();
        let open = open.reads.iter().find(|open| open.name == read.name && open.cast != Cast::Str);
        let cast = open.map_or(&read.cast, |open| &open.cast);
        let cast = if read.cast == Cast::Str { cast.clone() } else { read.cast.clone() };
        stand_in(&EnvRead { cast, ..read.clone() })
    }

    fn add(&mut self, name: &str, place: &Place, found: &Evaluation) -> bool {
        let read = found.reads.iter().find(|read| read.name == name);
        let value = read.map_or_else(|| "stand-in".to_owned(), |read| self.text_for(read));
        self.required.entry(name.to_owned()).or_insert_with(|| place.clone());
        self.given.insert(name.to_owned(), value).is_none()
    }

    /// Reads that may be behind failures: those that the tests around them depend on, else all that have no
    /// default, the nearest first.
    fn candidates(&mut self, open: &[&Failure], found: &Evaluation) -> Vec<EnvRead> {
        let conditional = self.worlds.open().possible_failures.clone();
        let mut names: Vec<&str> = Vec::new();
        for failure in open {
            let same = conditional.iter().filter(|other| other.place == failure.place);
            let behind = same.chain([*failure]).flat_map(|failure| &failure.variables);
            names.extend(behind.map(String::as_str));
        }
        let unset = |read: &&EnvRead| !self.given.contains_key(&read.name);
        let mut reads: Vec<EnvRead> = Vec::new();
        let most = if names.is_empty() { MOST_CANDIDATES } else { MOST_ASKED_FOR };
        let mut add = |read: &EnvRead| {
            if !reads.iter().any(|other| other.name == read.name) && reads.len() < most {
                reads.push(read.clone());
            }
        };
        if names.is_empty() {
            let lines: Vec<_> = open.iter().map(|failure| distance_key(&failure.place)).collect();
            let mut all: Vec<&EnvRead> =
                found.reads.iter().filter(unset).filter(|read| read.default.is_none()).collect();
            all.sort_by_key(|read| lines.iter().map(|line| distance(line, &distance_key(&read.place))).min());
            all.into_iter().for_each(&mut add);
        } else {
            found
                .reads
                .iter()
                .filter(unset)
                .filter(|read| names.contains(&read.name.as_str()))
                .for_each(&mut add);
        }
        reads
    }
}

fn is_raised(failure: &Failure) -> bool {
    matches!(failure.kind, FailureKind::Raise { .. })
}

fn raised(evaluation: &Evaluation) -> usize {
    evaluation.failures.iter().filter(|failure| is_raised(failure)).count()
}

fn distance_key(place: &Place) -> (String, u32) {
    (place.path().map(ToString::to_string).unwrap_or_default(), place.line_number().unwrap_or(0))
}

fn distance(a: &(String, u32), b: &(String, u32)) -> u32 {
    if a.0 == b.0 { a.1.abs_diff(b.1) } else { u32::MAX }
}

/// A value that a reader accepts, and that changes nothing else as far as that can be told.
pub(super) fn stand_in(read: &EnvRead) -> String {
    let text = match &read.cast {
        Cast::Bool => match read.default.as_ref().and_then(Value::assumed) {
            Some(Value::Bool(true)) => "True",
            _ => "False",
        },
        Cast::Int => "1",
        Cast::Float => "1.0",
        Cast::DatabaseUrl => "postgres://user:secret@host:5432/name",
        Cast::CacheUrl => "redis://host:6379/1",
        Cast::EmailUrl => "smtp://user:secret@host:25",
        Cast::SearchUrl => "elasticsearch://host:9200/index",
        Cast::Json => "{}",
        Cast::Dict => "key=value",
        Cast::Path => "/tmp",
        Cast::Str | Cast::List(_) | Cast::Other(_) => {
            let name = read.name.as_str();
            if name.ends_with("DATABASE_URL") {
                "postgres://user:secret@host:5432/name"
            } else if name.contains("REDIS") && name.ends_with("URL") {
                "redis://host:6379/1"
            } else if name.ends_with("URL") || name.ends_with("DSN") {
                "https://key@host.example.org/1"
            } else if name.contains("PORT") || name.ends_with("TIMEOUT") || name.ends_with("SECONDS") {
                "1"
            } else {
                "stand-in"
            }
        }
    };
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use camino::Utf8PathBuf;

    use super::*;
    use crate::base::Tree;
    use crate::python::evaluation::World;

    fn required(source: &str) -> Vec<String> {
        let tree = Tree::from_literals([("settings.py", source)]);
        let roots = [Utf8PathBuf::from(".")];
        let request =
            Request { tree: &tree, roots: &roots, module: "settings", class: None, world: World::Open };
        required_variables(&request, |_| BTreeMap::new()).into_keys().collect()
    }

    #[test]
    fn what_is_read_without_a_default_is_required() {
        assert_eq!(
            required("import os\nA = os.environ['A']\nB = os.environ.get('B')\nC = int(os.environ['C'])"),
            ["A", "C"]
        );
    }

    #[test]
    fn what_a_helper_insists_on_is_required() {
        let source = "
import os
from django.core.exceptions import ImproperlyConfigured
def need(name):
    value = os.environ.get(name)
    if not value:
        raise ImproperlyConfigured(name)
    return value
KEY = need('KEY')
HOST = need('HOST')
OTHER = os.environ.get('OTHER')
";
        assert_eq!(required(source), ["HOST", "KEY"]);
    }

    #[test]
    fn of_two_that_do_as_well_the_first_is_required_and_no_file() {
        let source = "
import os
def secret(name):
    path = os.environ.get(name + '_FILE')
    if path:
        with open(path) as file:
            return file.read().strip()
    try:
        return os.environ[name]
    except KeyError:
        raise RuntimeError(name)
KEY = secret('KEY')
PASSWORD = secret('PASSWORD')
HOST = os.environ.get('HOST') or os.environ.get('OTHER')
if not HOST:
    raise RuntimeError('no host')
";
        assert_eq!(required(source), ["HOST", "KEY", "PASSWORD"]);
    }

    #[test]
    fn a_check_at_the_end_makes_required() {
        let source = "
import os, sys
for name in ['A', 'B']:
    if name not in os.environ:
        sys.exit(1)
C = os.environ.get('C')
if C is None and os.environ.get('DEBUG') != '1':
    raise ValueError('C')
";
        assert_eq!(required(source), ["A", "B", "C"]);
    }

    #[test]
    fn what_names_the_environment_is_required_where_nothing_goes_without_it() {
        let given = |source: &str| {
            let tree = Tree::from_literals([("settings.py", source)]);
            let roots = [Utf8PathBuf::from(".")];
            let request =
                Request { tree: &tree, roots: &roots, module: "settings", class: None, world: World::Open };
            let assumed = BTreeMap::from([("STAGE".to_owned(), "production".to_owned())]);
            required_variables(&request, |_| assumed.clone()).into_keys().collect::<Vec<_>>()
        };
        assert_eq!(given("import os\nDEBUG = os.environ['STAGE'] != 'production'\n"), ["STAGE"]);
        let raises = "import os\nif not os.environ.get('STAGE'):\n    raise ValueError('STAGE')\n";
        assert_eq!(given(raises), ["STAGE"]);
        assert_eq!(given("import os\nDEBUG = os.environ.get('STAGE') != 'production'\n"), [""; 0]);
        assert_eq!(given("import environ\nDEBUG = environ.Env().bool('DEBUG')\n"), ["DEBUG"]);
    }

    #[test]
    fn a_helper_may_be_asked_for_very_many() {
        let helper = "import os\ndef need(name):\n    value = os.environ.get(name)\n    if not value:\n        raise ValueError(name)\n    return value\n";
        let reads: String = (10..60).map(|at| format!("V{at} = need('V{at}')\n")).collect();
        assert_eq!(required(&format!("{helper}{reads}")).len(), 50);
    }

    #[test]
    fn what_is_caught_is_not_required() {
        let source = "
import os
try:
    A = os.environ['A']
except KeyError:
    A = 'a'
";
        assert_eq!(required(source), [] as [&str; 0]);
    }
}
