//! The settings module that djdock writes beside the project's own.

mod additions;
mod kept;
mod lines;
mod sequences;
mod situation;
mod stated;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use camino::{Utf8Path, Utf8PathBuf};
use serde::Serialize;

use super::credentials::Credentials;
use super::wiring::{Assignment, Goal, Standing};
use crate::base::{Evidence, path};
use crate::catalog::database::Database;
use crate::python::Evaluation;

pub(super) use additions::of as additions;
pub(super) use lines::Lines;
pub(super) use stated::ONE_STACK;

/// A module that takes over every name of the project's settings and sets a few of them anew.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Overlay {
    pub path: Utf8PathBuf,
    /// Dotted: what `DJANGO_SETTINGS_MODULE` names in the stack.
    pub module: String,
    /// The class, for class-based settings.
    pub class: Option<String>,
    /// The project's own module that it extends, dotted.
    pub extends: String,
    /// The whole file.
    pub text: String,
    /// The settings that it sets, and why, in order.
    pub overrides: Vec<Override>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Override {
    /// `ALLOWED_HOSTS`.
    pub setting: String,
    /// The fault of the project's own value in a container, as a phrase: the comment above it.
    pub because: String,
    pub evidence: Vec<Evidence>,
}

impl Overlay {
    /// Returns the lines of the file that Python runs, without comments.
    pub(super) fn statements(&self) -> Vec<&str> {
        self.text.lines().filter(|line| !line.trim_start().starts_with('#')).collect()
    }
}

/// The values that an overlay is made from.
#[derive(Clone, Debug)]
pub(super) struct Wish<'a> {
    /// The project's own settings module, and its file.
    pub extends: &'a str,
    pub file: &'a Utf8Path,
    pub class: Option<&'a str>,
    /// `_dev` where the other stack has an overlay of its own.
    pub suffix: &'a str,
    /// Both stacks use it.
    pub shared: bool,
    /// Under what the wiring found.
    pub evaluation: &'a Evaluation,
    /// Of the project's own settings, with variables as symbols.
    pub open: &'a Evaluation,
    pub database: &'static Database,
    pub missed: Vec<(&'a Goal, &'a Standing)>,
    /// The lines that are set beside it.
    pub additions: Vec<Lines>,
    pub credentials: Option<&'a Credentials>,
    /// The stand-in for the database's password.
    pub password: Option<&'a str>,
    pub variables: &'a Assignment,
}

/// The overlay, and the variables that it reads with their values (stand-ins for secrets).
pub(super) fn write(wish: &Wish<'_>) -> (Overlay, Assignment) {
    let situation = situation::Situation {
        evaluation: wish.evaluation,
        open: wish.open,
        database: wish.database,
        credentials: wish.credentials,
        password: wish.password,
        shared: wish.shared,
        class: wish.class,
        taken: wish.variables,
    };
    let mut lines = lines::lines(&situation, &wish.missed);
    for addition in &wish.additions {
        match lines.iter_mut().find(|entry| entry.name == addition.name) {
            Some(entry) => entry.join(addition),
            None => lines.push(addition.clone()),
        }
    }
    let mut variables = BTreeMap::new();
    let mut overrides = Vec::new();
    for entry in &lines {
        variables.extend(entry.variables.clone());
        overrides.push(Override {
            setting: entry.name.clone(),
            because: entry.because.join("; "),
            evidence: entry.evidence.clone(),
        });
    }
    let (path, module) = place(wish.extends, wish.file, wish.suffix);
    let class = wish.class.map(|_| "Container".to_owned());
    let text = text(wish, &lines);
    (Overlay { path, module, class, extends: wish.extends.to_owned(), text, overrides }, variables)
}

/// Beside the module that it extends: `settings_container` beside `settings`, `container` inside a package of
/// settings.
fn place(extends: &str, file: &Utf8Path, suffix: &str) -> (Utf8PathBuf, String) {
    let is_package = file.file_name() == Some("__init__.py");
    let (package, last) = extends.rsplit_once('.').unwrap_or(("", extends));
    let (package, name) = if is_package {
        (extends, "container")
    } else if last.contains("settings") {
        (package, "settings_container")
    } else {
        (package, "container")
    };
    let name = format!("{name}{suffix}");
    let folder = path::parent(file);
    let file = if folder == "." {
        Utf8PathBuf::from(format!("{name}.py"))
    } else {
        folder.join(format!("{name}.py"))
    };
    let module = if package.is_empty() { name } else { format!("{package}.{name}") };
    (file, module)
}

fn text(wish: &Wish<'_>, lines: &[Lines]) -> String {
    let mut out = String::from(
        "\"\"\"The project's settings as its containers need them.\n\nWritten by djdock: everything comes from the \
         module that is imported here, and only what would not work\nin a container is set anew, each with its \
         reason. The project's own settings stay as they are.\n\"\"\"\n\n",
    );
    let reads = lines.iter().any(|entry| !entry.variables.is_empty());
    let own: Vec<&str> =
        lines.iter().filter(|entry| entry.uses_own).map(|entry| entry.name.as_str()).collect();
    let import = import(wish, &own);
    let importlib = import.contains("import_module");
    if importlib {
        out.push_str("import importlib\n");
    }
    if reads {
        out.push_str("import os\n");
    }
    if reads || importlib {
        out.push('\n');
    }
    out.push_str(&import);
    let indent = if let Some(class) = wish.class {
        let _ = write!(out, "\n\nclass Container({class}):");
        "    "
    } else {
        ""
    };
    for entry in lines {
        out.push('\n');
        for because in &entry.because {
            for line in wrapped(because, 100 - indent.len()) {
                let _ = writeln!(out, "{indent}# {line}");
            }
        }
        for (target, right) in &entry.assignments {
            let right = right.replace('\n', &format!("\n{indent}"));
            let _ = writeln!(out, "{indent}{target} = {right}");
        }
    }
    out
}

/// How the project's own names come in.
fn import(wish: &Wish<'_>, own: &[&str]) -> String {
    let last = wish.extends.rsplit('.').next().unwrap_or(wish.extends);
    let is_package = wish.file.file_name() == Some("__init__.py");
    let dotted = wish.extends.contains('.');
    let from = if is_package {
        ".".to_owned()
    } else if dotted {
        format!(".{last}")
    } else {
        last.to_owned()
    };
    if let Some(class) = wish.class {
        return format!("from {from} import {class}\n");
    }
    if !is_package && !is_identifier(last) {
        return format!(
            "# The module's name is not one that `import` can say.\n\
             globals().update(vars(importlib.import_module({})))\n",
            situation::literal(wish.extends)
        );
    }
    let star = format!("from {from} import *  # noqa: F403\n");
    if own.is_empty() { star } else { format!("{star}from {from} import {}\n", own.join(", ")) }
}

fn is_identifier(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && name.chars().all(|c| c.is_alphanumeric() || c == '_')
}

/// A sentence of a comment, in lines.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut sentence = text.to_owned();
    if let Some(first) = sentence.get(..1) {
        sentence.replace_range(..1, &first.to_uppercase());
    }
    sentence.push('.');
    let mut lines: Vec<String> = Vec::new();
    for word in sentence.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + word.chars().count() < width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_overlay_lies_beside_what_it_extends() {
        let check = |extends: &str, file: &str, suffix: &str, expected: (&str, &str)| {
            let (path, module) = place(extends, Utf8Path::new(file), suffix);
            assert_eq!((path.as_str(), module.as_str()), expected);
        };
        check(
            "mysite.settings",
            "mysite/settings.py",
            "",
            ("mysite/settings_container.py", "mysite.settings_container"),
        );
        check(
            "config.settings.production",
            "app/config/settings/production.py",
            "_dev",
            ("app/config/settings/container_dev.py", "config.settings.container_dev"),
        );
        check(
            "config.settings",
            "config/settings/__init__.py",
            "",
            ("config/settings/container.py", "config.settings.container"),
        );
        check("settings", "settings.py", "", ("settings_container.py", "settings_container"));
    }
}
