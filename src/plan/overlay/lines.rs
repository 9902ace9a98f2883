//! The Python of an overlay: which lines make a goal come true.

use std::collections::BTreeMap;

use super::kept;
use super::sequences::{self, Target};
use super::situation::{Situation, literal};
use super::stated;
use crate::base::Evidence;
use crate::plan::wiring::goal::setting;
use crate::plan::wiring::url::with_host;
use crate::plan::wiring::{Goal, Standing, Want};
use crate::python::Evaluation;

/// A name that the overlay sets, and how.
#[derive(Clone, Debug)]
pub(in crate::plan) struct Lines {
    /// The top-level name.
    pub name: String,
    pub because: Vec<String>,
    pub evidence: Vec<Evidence>,
    /// The right side of an assignment, or of several: `("DATABASES[…]", "os.environ[…]")`.
    pub assignments: Vec<(String, String)>,
    /// Variables that they read, and what those are in the stack, with stand-ins for secrets.
    pub variables: BTreeMap<String, String>,
    /// True if the project's own value is used, so that it has to be imported by name.
    pub uses_own: bool,
}

fn read(variable: &str) -> String {
    format!("os.environ[{}]", literal(variable))
}

/// The lines for every goal that is not met, one entry for each top-level name.
pub(super) fn lines(situation: &Situation<'_>, missed: &[(&Goal, &Standing)]) -> Vec<Lines> {
    let mut found: Vec<Lines> = Vec::new();
    let mut targets: Vec<Target> = Vec::new();
    let whole_database = missed.iter().any(|(goal, standing)| {
        goal.path.starts_with(&["DATABASES".to_owned(), "default".to_owned()])
            && (matches!(goal.want, Want::Engine { .. })
                || **standing != Standing::Met && situation.class.is_some())
    }) || (missed.iter().any(|(goal, _)| goal.path[0] == "DATABASES")
        && !has_default(situation.evaluation));
    for (goal, standing) in missed {
        let name = goal.path[0].clone();
        let in_database = name == "DATABASES";
        let place = situation.evaluation.place(&name);
        let Some(because) = stated::because(situation.open, goal, standing) else { continue };
        let evidence = place.map(|place| Evidence::new(place.clone(), format!("sets `{name}`")));
        let mut variables = BTreeMap::new();
        if !(in_database && whole_database) {
            let right = right_side(situation, goal, &mut variables);
            // What must not be there is left out of what is above it.
            let length = match goal.want {
                Want::Nothing => (goal.path.len() - 1).max(1),
                _ => goal.path.len(),
            };
            targets.push(Target { path: goal.path[..length].to_vec(), right });
        }
        let entry = match found.iter_mut().find(|lines| lines.name == name) {
            Some(entry) => entry,
            None => {
                found.push(Lines {
                    uses_own: false,
                    name: name.clone(),
                    because: Vec::new(),
                    evidence: Vec::new(),
                    assignments: Vec::new(),
                    variables: BTreeMap::new(),
                });
                let Some(entry) = found.last_mut() else { continue };
                entry
            }
        };
        entry.uses_own |= goal.path.len() > 1 && !(in_database && whole_database);
        let extends_own = matches!(goal.want, Want::Item { .. } | Want::Entry { .. });
        entry.uses_own |= extends_own && situation.has(&name) && situation.class.is_none();
        entry.say(because);
        entry.evidence.extend(evidence.filter(|evidence| !entry.evidence.contains(evidence)));
        entry.variables.extend(variables);
    }
    for (path, right) in sequences::joined(situation.evaluation, targets) {
        if let Some(entry) = found.iter_mut().find(|lines| lines.name == path[0]) {
            entry.assignments.push((setting(&path), right));
        }
    }
    if whole_database && let Some(entry) = found.iter_mut().find(|lines| lines.name == "DATABASES") {
        let goals: Vec<&Goal> = missed.iter().map(|(goal, _)| *goal).collect();
        database(situation, &goals, entry);
    }
    found
}

impl Lines {
    /// Adds what another entry for the name sets, below what is set here.
    pub(super) fn join(&mut self, more: &Self) {
        self.because.extend(more.because.iter().cloned());
        self.evidence.extend(more.evidence.iter().cloned());
        self.assignments.extend(more.assignments.iter().cloned());
        self.variables.extend(more.variables.clone());
    }

    /// Adds a reason; where only the value is another one than in a reason before, the value alone.
    fn say(&mut self, because: String) {
        const BETWEEN: &str = " in the project: ";
        let parts = |text: &str| {
            let (head, tail) = text.split_once(BETWEEN)?;
            let (key, value) = head.split_once(" is ")?;
            Some((key.to_owned(), value.to_owned(), tail.to_owned()))
        };
        if let Some((key, value, tail)) = parts(&because) {
            let alike = self.because.iter_mut().find_map(|said| {
                let (own, values, reason) = parts(said)?;
                (own == key && reason == tail).then_some((said, values))
            });
            if let Some((said, values)) = alike {
                if !values.split(" and ").any(|own| own == value) {
                    *said = format!("{key} is {values} and {value}{BETWEEN}{tail}");
                }
                return;
            }
        }
        if !self.because.contains(&because) {
            self.because.push(because);
        }
    }
}

fn has_default(evaluation: &Evaluation) -> bool {
    evaluation.get("DATABASES").and_then(|databases| databases.get("default")).is_some()
}

/// The default database, whole.
fn database(situation: &Situation<'_>, goals: &[&Goal], entry: &mut Lines) {
    let engine = goals.iter().find_map(|goal| match &goal.want {
        Want::Engine { usual, .. } => Some(usual.clone()),
        _ => None,
    });
    let kept =
        situation.evaluation.get("DATABASES").and_then(|databases| databases.get("default")?.get("ENGINE"));
    let engine =
        engine.or_else(|| kept.and_then(|engine| engine.as_str()).map(str::to_owned)).unwrap_or_default();
    let mut items = vec![("ENGINE".to_owned(), literal(&engine))];
    let mut put = |key: &str, variable: &str, value: &str| {
        let variable = situation.variable(variable, value);
        items.push((key.to_owned(), read(&variable)));
        entry.variables.insert(variable, value.to_owned());
    };
    if let Some(credentials) = situation.credentials {
        put("NAME", "DB_NAME", &credentials.name);
        put("USER", "DB_USER", &credentials.user);
        put("PASSWORD", &credentials.password, situation.password.unwrap_or_default());
        put("HOST", "DB_HOST", &credentials.host);
        put("PORT", "DB_PORT", &credentials.port.to_string());
    } else if let Some(path) = sqlite_file(situation, goals) {
        put("NAME", "SQLITE_PATH", &path);
    }
    for (key, text) in kept::entries(situation, &engine) {
        entry.uses_own |= situation.class.is_none();
        items.push((key, text));
    }
    let body: Vec<String> =
        items.iter().map(|(key, value)| format!("        {}: {value},", literal(key))).collect();
    let others = kept::other_databases(situation);
    entry.uses_own |= others;
    let others = if others { "    **DATABASES,\n" } else { "" };
    entry.assignments = vec![(
        "DATABASES".to_owned(),
        format!("{{\n{others}    \"default\": {{\n{}\n    }}\n}}", body.join("\n")),
    )];
}

/// Returns the path of the file of SQLite: the wanted one, or that to which the settings come already under the variables, and
/// which the new table of databases must not lose.
fn sqlite_file(situation: &Situation<'_>, goals: &[&Goal]) -> Option<String> {
    let wanted = goals.iter().find_map(|goal| match &goal.want {
        Want::File { path, .. } => Some(path.clone()),
        _ => None,
    });
    let name = || situation.evaluation.get("DATABASES")?.get("default")?.get("NAME")?.as_text();
    wanted.or_else(|| name().filter(|name| name.starts_with('/')))
}

/// Returns the letters of a text that can be part of a variable's name.
fn upper_name(text: &str) -> String {
    let letter =
        |letter: char| if letter.is_ascii_alphanumeric() { letter.to_ascii_uppercase() } else { '_' };
    text.chars().map(letter).collect()
}

/// The variable that the overlay reads for a goal.
fn variable_name(goal: &Goal) -> String {
    let last = goal.path.last().map(String::as_str).unwrap_or_default();
    match goal.path.as_slice() {
        [databases, .., key] if databases == "DATABASES" => format!("DB_{}", key.to_ascii_uppercase()),
        [name] => name.clone(),
        [name, alias, key, rest @ ..] if name == "CACHES" && key == "LOCATION" && alias != "default" => {
            match rest.first().filter(|index| *index != "0") {
                Some(index) => format!("CACHE_{}_URL_{}", upper_name(alias), upper_name(index)),
                None => format!("CACHE_{}_URL", upper_name(alias)),
            }
        }
        [name, ..] if last.parse::<usize>().is_ok() => format!("{name}_URL"),
        [name, .., key] if name == "CACHES" && key == "LOCATION" => "CACHE_URL".to_owned(),
        [name, .., key] => format!("{name}_{}", key.to_ascii_uppercase()),
        [] => String::new(),
    }
}

/// Returns the right side of an assignment that meets a goal.
fn right_side(situation: &Situation<'_>, goal: &Goal, variables: &mut BTreeMap<String, String>) -> String {
    let target = goal.setting();
    let name = &goal.path[0];
    let mut from_variable = |variable: &str, value: &str| {
        let variable = situation.variable(variable, value);
        variables.insert(variable.clone(), value.to_owned());
        read(&variable)
    };
    match &goal.want {
        Want::Truth(wanted) if situation.shared => {
            let text = if *wanted { "True" } else { "False" };
            format!("{} == \"True\"", from_variable(name, text))
        }
        Want::Truth(true) => "True".to_owned(),
        Want::Truth(false) => "False".to_owned(),
        Want::Item { item, also, .. } => {
            let second = also.first().map_or(String::new(), |second| format!(",{second}"));
            let split = format!("{}.split(\",\")", from_variable(name, &format!("{item}{second}")));
            let own = situation.has(name)
                && situation.evaluation.get(name).is_some_and(|own| own.items().is_some());
            if own && situation.class.is_none() { format!("[*{name}, *{split}]") } else { split }
        }
        Want::Entry { entry, after } => with_entry(situation, name, entry, after),
        // Never asked of the module: a wish.
        Want::Origins { .. } => name.clone(),
        Want::Folder { path } => literal(path),
        Want::File { path, .. } if name == "DATABASES" => from_variable("SQLITE_PATH", path),
        Want::File { path, .. } => literal(path),
        Want::Host { url, host, port, schemes, login } => {
            let last = goal.path.last().map(|part| part.to_ascii_uppercase()).unwrap_or_default();
            // The path of an address names the database in Redis: what is kept apart stays apart.
            let written = goal.value(situation.evaluation).and_then(|value| value.as_str());
            let moved = written.filter(|text| text.contains("://")).and_then(|text| {
                with_host(text, host, *port, schemes, &login.in_new_url(situation.evaluation))
            });
            let text = if last.ends_with("HOST") { host } else { moved.as_ref().unwrap_or(url) };
            from_variable(&variable_name(goal), text)
        }
        Want::Text { text, .. } | Want::Something { text } => {
            let name = match (situation.credentials, goal.path.last().map(String::as_str)) {
                (Some(credentials), Some("PASSWORD")) if name == "DATABASES" => credentials.password.clone(),
                _ => variable_name(goal),
            };
            from_variable(&name, text)
        }
        Want::Engine { usual, .. } => literal(usual),
        Want::Nothing => match goal.path.split_last() {
            Some((key, above)) if !above.is_empty() => {
                format!(
                    "{{key: value for key, value in {}.items() if key != {}}}",
                    setting(above),
                    literal(key)
                )
            }
            _ => "None".to_owned(),
        },
        Want::Stream => format!(
            "{{\n    **{{key: value for key, value in {target}.items() if key in (\"filters\", \"formatter\", \"level\")}},\n    \"class\": \"logging.StreamHandler\",\n}}"
        ),
    }
}

/// Returns a list of the project's own entries with one more. The list is read where the file is, because more may be put
/// in it than is known; a class has no name for what it takes over but that of its base.
fn with_entry(situation: &Situation<'_>, name: &str, entry: &str, after: &str) -> String {
    let entry = literal(entry);
    let Some(own) = situation.evaluation.get(name) else { return format!("[{entry}]") };
    let items = own.items().unwrap_or_default();
    let before = items.iter().position(|item| item.as_str() == Some(after)).map_or(0, |index| index + 1);
    let list = match situation.class {
        Some(class) => format!("{class}.{name}"),
        None => name.to_owned(),
    };
    if before == 0 {
        return format!("[{entry}, *{list}]");
    }
    format!("[*{list}[:{before}], {entry}, *{list}[{before}:]]")
}
