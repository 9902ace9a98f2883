//! Runs `tests/settings/*.md`, the literate specification of the evaluator. How a case is written stands in
//! `tests/settings/README.md`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use camino::{Utf8Path, Utf8PathBuf};
use djdock::base::Tree;
use djdock::python::value::{PathBase, PathValue};
use djdock::python::{
    Cast, EnvRead, Evaluation, FailureKind, Presence, Request, Value, World, evaluate, required_variables,
};

use crate::support::repository;

#[test]
fn settings_are_read_as_specified() {
    let mut wrong = String::new();
    let mut titles = BTreeSet::new();
    let mut cases = 0;
    for file in repository::files_ending("tests/settings", ".md") {
        if file.ends_with("README.md") {
            continue;
        }
        for case in cases_of(&repository::read(&file)) {
            cases += 1;
            let title = format!("{file}: {}", case.title);
            assert!(titles.insert(title.clone()), "{title} stands twice");
            case.check(&title, &mut wrong);
        }
    }
    assert!(wrong.is_empty(), "{cases} cases\n{wrong}");
    assert!(cases > 0, "no case was found");
}

#[derive(Default)]
struct Case {
    title: String,
    files: BTreeMap<String, String>,
    module: String,
    class: Option<String>,
    /// Blocks `env`: the variables of a closed world, for the expectations after it.
    worlds: Vec<Expected>,
}

/// The variables that are set (`None`: nothing is known of them), and what must be so then.
type Expected = (Option<BTreeMap<String, String>>, Vec<Expectation>);

struct Expectation {
    subject: String,
    wanted: String,
}

/// A case per heading of the second level.
fn cases_of(text: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let mut block: Option<(String, String)> = None;
    for line in text.lines() {
        match (&mut block, line.strip_prefix("```")) {
            (None, Some(info)) => block = Some((info.trim().to_owned(), String::new())),
            (Some(_), Some(_)) => {
                let (info, body) = block.take().unwrap_or_default();
                let case = cases.last_mut().unwrap_or_else(|| panic!("a block before any heading: {info}"));
                case.add_block(&info, &body);
            }
            (Some((_, body)), None) => {
                body.push_str(line);
                body.push('\n');
            }
            (None, None) => {
                if let Some(title) = line.strip_prefix("## ") {
                    cases.push(Case { title: title.trim().to_owned(), ..Case::default() });
                }
            }
        }
    }
    cases
}

impl Case {
    fn add_block(&mut self, info: &str, body: &str) {
        let (language, options) = info.split_once(' ').unwrap_or((info, ""));
        let option = |name: &str| {
            options
                .split(' ')
                .find_map(|option| option.strip_prefix(name)?.strip_prefix('='))
                .map(str::to_owned)
        };
        match language {
            "expect" => {
                if self.worlds.is_empty() {
                    self.worlds.push((None, Vec::new()));
                }
                let (_, expectations) = self.worlds.last_mut().expect("a world was just added");
                for line in body.lines().filter(|line| !line.trim().is_empty()) {
                    let (subject, wanted) = line
                        .split_once(": ")
                        .unwrap_or_else(|| panic!("{}: no expectation: {line}", self.title));
                    expectations.push(Expectation {
                        subject: subject.trim().to_owned(),
                        wanted: wanted.trim().to_owned(),
                    });
                }
            }
            "env" if option("path").is_none() => {
                let variables = body.lines().filter_map(|line| line.split_once('='));
                let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
                self.worlds.push((Some(variables), Vec::new()));
            }
            _ => {
                let path = option("path").unwrap_or_else(|| "settings.py".to_owned());
                if language == "python" {
                    self.module =
                        path.trim_end_matches(".py").trim_end_matches("/__init__").replace('/', ".");
                    self.class = option("class");
                    self.add_comments(body);
                }
                self.files.insert(path, body.to_owned());
            }
        }
    }

    /// `NAME = …  # => what it comes to`.
    fn add_comments(&mut self, body: &str) {
        let mut found = Vec::new();
        for line in body.lines() {
            let Some((code, wanted)) = line.split_once("# => ") else { continue };
            let subject: String = code
                .trim_start()
                .chars()
                .take_while(|letter| letter.is_alphanumeric() || *letter == '_')
                .collect();
            assert!(!subject.is_empty(), "{}: no name before `# =>`: {line}", self.title);
            found.push(Expectation { subject, wanted: wanted.trim().to_owned() });
        }
        match self.worlds.first_mut() {
            Some((_, expectations)) => expectations.extend(found),
            None if found.is_empty() => {}
            None => self.worlds.push((None, found)),
        }
    }

    fn check(&self, title: &str, wrong: &mut String) {
        let count: usize = self.worlds.iter().map(|(_, expectations)| expectations.len()).sum();
        if count == 0 {
            let _ = writeln!(wrong, "{title}: expects nothing");
        }
        let tree = Tree::from_literals(self.files.iter());
        let roots = [Utf8PathBuf::from(".")];
        let no_files = BTreeMap::new();
        for (variables, expectations) in &self.worlds {
            let world = match variables {
                None => World::Open,
                Some(variables) => World::Closed { variables, files: &no_files },
            };
            let request = Request {
                tree: &tree,
                roots: &roots,
                module: &self.module,
                class: self.class.as_deref(),
                world,
            };
            let found = evaluate(&request);
            for expectation in expectations {
                let said = said(&found, &request, &expectation.subject);
                if said != expectation.wanted {
                    let Expectation { subject, wanted } = expectation;
                    let _ = writeln!(wrong, "{title}\n  {subject}\n    wanted: {wanted}\n    is:     {said}");
                }
            }
        }
    }
}

/// What there is to say of a name, or of the evaluation as a whole.
fn said(found: &Evaluation, request: &Request<'_>, subject: &str) -> String {
    match subject {
        "reads" => {
            let mut names: Vec<String> = Vec::new();
            for read in &found.reads {
                if !names.contains(&read.name) {
                    names.push(read.name.clone());
                }
            }
            list(names.into_iter())
        }
        "required" => list(required_variables(request, |_| BTreeMap::new()).into_keys()),
        "fails" => list(found.failures.iter().map(failure)),
        "outside" => list(found.outside.iter().map(|call| match &call.first {
            Some(first) => format!("{} {first}", call.name),
            None => call.name.clone(),
        })),
        "modules" => list(found.modules.iter().map(|module| module.dotted.clone())),
        "settings" => list(found.settings.keys().cloned()),
        "diagnostics" => list(found.diagnostics.iter().map(|diagnostic| diagnostic.code.to_string())),
        "files" => list(found.files.iter().map(|file| {
            let there = match (file.exists, file.required) {
                (true, _) => "there",
                (false, true) => "required",
                (false, false) => "absent",
            };
            let keys =
                if file.keys.is_empty() { String::new() } else { format!(" [{}]", file.keys.join(" ")) };
            format!("{} {there}{keys}", file.path)
        })),
        _ => match subject.rsplit_once(' ') {
            Some(("why", name)) => match found.get(name) {
                Some(Value::Unknown { why, .. }) => why.clone(),
                _ => "known".to_owned(),
            },
            Some(("place of", name)) => {
                found.place(name).map_or_else(|| "not there".to_owned(), ToString::to_string)
            }
            Some(("default of", name)) => match found.get(name).and_then(Value::assumed) {
                Some(value) => shown(&value),
                None => "not known".to_owned(),
            },
            Some(("read of", name)) => {
                let read = found.reads.iter().find(|read| read.name == name);
                read.map_or_else(
                    || "not there".to_owned(),
                    |read| format!("{} at {}", variable(read), read.place),
                )
            }
            _ => setting(found, subject),
        },
    }
}

fn list(items: impl Iterator<Item = String>) -> String {
    let items: Vec<String> = items.collect();
    if items.is_empty() { "nothing".to_owned() } else { items.join(", ") }
}

fn failure(failure: &djdock::python::Failure) -> String {
    match &failure.kind {
        FailureKind::MissingVariable(name) => format!("variable {name}"),
        FailureKind::Raise { exception, message } if message.is_empty() => exception.clone(),
        FailureKind::Raise { exception, message } => format!("{exception} ({message})"),
        FailureKind::MissingModule(module) => format!("module {module}"),
        FailureKind::MissingFile(file) => format!("file {file}"),
    }
}

fn setting(found: &Evaluation, name: &str) -> String {
    let Some(setting) = found.settings.get(name) else { return "not there".to_owned() };
    let value = shown(&setting.value);
    match setting.presence {
        Presence::Always => value,
        Presence::Assumed => format!("perhaps {value}"),
        Presence::Elsewhere => format!("seldom {value}"),
    }
}

fn shown(value: &Value) -> String {
    let several =
        |values: &[Value], between: &str| values.iter().map(shown).collect::<Vec<_>>().join(between);
    match value {
        Value::None => "None".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Int(number) => number.to_string(),
        Value::Float(number) => format!("{number:?}"),
        Value::Str(text) => format!("{text:?}"),
        Value::Text(parts) => several(parts, " + "),
        Value::Path(path) => format!("path {}", shown_path(path)),
        Value::List(items) => format!("[{}]", several(items, ", ")),
        Value::Dict(entries) => {
            let entries: Vec<String> =
                entries.iter().map(|(key, value)| format!("{}: {}", shown(key), shown(value))).collect();
            format!("{{{}}}", entries.join(", "))
        }
        Value::Env(read) => variable(read),
        Value::SecretFile { path, key: Some(key), .. } => format!("{key} in {path}"),
        Value::SecretFile { path, key: None, .. } => format!("file {path}"),
        Value::OneOf(values) => format!("({})", several(values, " | ")),
        Value::Unknown { from, assumed, .. } => {
            let mut names: Vec<String> = from
                .iter()
                .map(|part| match part {
                    Value::Env(read) => read.name.clone(),
                    other => shown(other),
                })
                .collect();
            names.dedup();
            let mut text = "unknown".to_owned();
            if !names.is_empty() {
                let _ = write!(text, " from {}", names.join(", "));
            }
            if let Some(assumed) = assumed {
                let _ = write!(text, ", by default {}", shown(assumed));
            }
            text
        }
    }
}

fn shown_path(path: &PathValue) -> String {
    match path.base {
        PathBase::WorkingFolder if path.rest == Utf8Path::new("") => "(here)".to_owned(),
        PathBase::WorkingFolder => format!("(here)/{}", path.rest),
        _ => path.to_string(),
    }
}

fn variable(read: &EnvRead) -> String {
    let mut text = format!("${}", read.name);
    let cast = match &read.cast {
        Cast::Str => "",
        Cast::Bool => " as bool",
        Cast::Int => " as int",
        Cast::Float => " as float",
        Cast::List(_) => " as list",
        Cast::Dict => " as dict",
        Cast::Json => " as JSON",
        Cast::Path => " as path",
        Cast::DatabaseUrl => " as database",
        Cast::CacheUrl => " as cache",
        Cast::EmailUrl => " as mail",
        Cast::SearchUrl => " as search",
        Cast::Other(_) => " as something",
    };
    text.push_str(cast);
    if read.fails_when_unset {
        text.push('!');
    }
    if let Some(default) = &read.default {
        let _ = write!(text, ", else {}", shown(default));
    }
    text
}
