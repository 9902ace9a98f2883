//! Things that the code takes from the machine that it runs on: locales, and downloads of libraries after they are installed.

use super::facts::{Download, Machine};
use super::project::Project;
use super::started_programs;
use super::words::Words;
use crate::knowledge::{downloads, locales};
use crate::python::scan::{Call, Expression, Scan};

pub(super) fn read(project: &Project<'_>, words: &Words) -> Machine {
    let mut found = Machine::default();
    for file in project.files(|file| words.holds(file.into(), |held| held.machine)) {
        let Some(scan) = project.sources.scan_once(&file) else { continue };
        found.add_locales(&scan);
        found.add_downloads(project, &scan);
        found.programs.extend(started_programs::of(&scan));
    }
    found
}

/// Keywords that name what is fetched.
const NAMES: &[&str] = &[
    "model",
    "model_name",
    "model_name_or_path",
    "model_size_or_path",
    "name",
    "pretrained_model_name_or_path",
    "repo_id",
];

impl Machine {
    fn add_locales(&mut self, scan: &Scan) {
        for call in scan.calls_of("locale.setlocale") {
            let place = scan.place(call.line);
            match argument(call, 1, "locale") {
                // Nothing is set: the current one is asked for.
                None => {}
                Some(Expression::Str(name)) => self.locales.push((name.clone(), place)),
                // `("pt_BR", "UTF-8")`
                Some(Expression::List(parts)) => match parts.as_slice() {
                    [Expression::Str(language), Expression::Str(charset)] => {
                        self.locales.push((format!("{language}.{charset}"), place));
                    }
                    _ => self.open_locales.push(place),
                },
                // What was asked for before is set again.
                Some(other) if is_asked_back(scan, other) => {}
                Some(_) => self.open_locales.push(place),
            }
        }
        for binding in scan.bindings.iter().filter(|binding| binding.target == "os.environ") {
            let name = binding.key.as_ref().and_then(Expression::as_str);
            if let (Some(name), Some(value)) = (name, binding.value.as_str())
                && locales::VARIABLES.contains(&name)
            {
                self.locales.push((value.to_owned(), scan.place(binding.line)));
            }
        }
    }

    fn add_downloads(&mut self, project: &Project<'_>, scan: &Scan) {
        let tree = project.sources.tree;
        for call in &scan.calls {
            let Some(row) = downloads::find(&scan.full_name(&call.callee)) else { continue };
            let place = scan.place(call.line);
            let by_keyword = call.keywords.iter().find(|(keyword, _)| NAMES.contains(&keyword.as_str()));
            // `pipeline("summarization")` names a task, for which the library chooses the model.
            let is_task = call.callee.ends_with("pipeline");
            let first =
                by_keyword.map(|(_, value)| value).or_else(|| call.arguments.first().filter(|_| !is_task));
            let stated: Vec<&Expression> = match first {
                Some(Expression::List(items)) => items.iter().collect(),
                first => first.into_iter().collect(),
            };
            let texts: Vec<&str> = stated.iter().filter_map(|one| one.as_str()).collect();
            if texts.len() < stated.len() || texts.is_empty() {
                let is_open = !stated.iter().any(|one| is_path(one));
                if is_open {
                    self.downloads.push(Download { row, name: None, place });
                }
                continue;
            }
            for name in texts {
                // A folder or file of the project's own is there already.
                let inside = crate::base::path::join(camino::Utf8Path::new("."), name);
                let is_own =
                    name.starts_with(['.', '/']) || inside.is_some_and(|path| tree.kind(path).is_some());
                if !is_own {
                    self.downloads.push(Download { row, name: Some(name.to_owned()), place: place.clone() });
                }
            }
        }
    }
}

/// An argument by its place or its name.
fn argument<'a>(call: &'a Call, at: usize, name: &str) -> Option<&'a Expression> {
    let by_name = || call.keywords.iter().find(|(keyword, _)| keyword == name).map(|(_, value)| value);
    call.arguments.get(at).or_else(by_name).filter(|value| value.as_name() != Some("None"))
}

/// Tells whether a name was bound to what `getlocale` or `setlocale` gave.
fn is_asked_back(scan: &Scan, value: &Expression) -> bool {
    let gives = |value: &Expression| match value {
        Expression::Call(callee, ..) => callee.as_name().is_some_and(|name| {
            ["getlocale", "getdefaultlocale", "setlocale"].iter().any(|end| name.ends_with(end))
        }),
        _ => false,
    };
    gives(value)
        || value.as_name().is_some_and(|name| {
            scan.bindings.iter().any(|binding| binding.target == name && gives(&binding.value))
        })
}

/// Tells whether an expression is put together to a path: what lies there, somebody else brings.
fn is_path(value: &Expression) -> bool {
    match value {
        Expression::Joined(_) => true,
        Expression::Call(callee, ..) => callee.as_name().is_some_and(|name| {
            ["Path", "join", "str", "abspath", "resolve"].iter().any(|end| name.ends_with(end))
        }),
        _ => false,
    }
}
