//! The house: who may use whom, which crate lives where, how long a file may be.

use std::collections::BTreeSet;

use crate::support::repository::{files, files_ending, path, read, root};

/// A module uses only those before it.
const ORDER: &[&str] = &[
    "base",
    "python",
    "knowledge",
    "stack",
    "catalog",
    "inspect",
    "check",
    "choose",
    "plan",
    "render",
    "update",
    "shell",
    "command",
    "cli",
];

/// A foreign crate is spoken to in one place, so that it can be replaced there.
const HOMES: &[(&str, &str)] = &[
    ("aho_corasick", "src/inspect"),
    ("annotate_snippets", "src/shell/terminal"),
    ("bollard", "src/shell/engine"),
    ("dialoguer", "src/shell/terminal"),
    ("getrandom", "src/shell"),
    ("html5gum", "src/shell/smoke"),
    ("ignore", "src/shell/disk"),
    ("indicatif", "src/shell/terminal"),
    ("parse_dockerfile", "src/check/dockerfile"),
    ("pep440_rs", "src/python"),
    ("pep508_rs", "src/python"),
    ("ruff_python_ast", "src/python"),
    ("ruff_python_parser", "src/python"),
    ("ruff_text_size", "src/python"),
    ("tar", "src/shell"),
    ("tempfile", "src/shell"),
    ("walkdir", "src/shell/disk"),
    ("tera", "src/render"),
    ("tokio", "src/shell/engine"),
    ("tungstenite", "src/shell/smoke"),
    ("ureq", "src/shell"),
];

/// Where the lint that keeps the core free of I/O may be lifted.
const MACHINE: &[&str] = &["src/shell/", "src/command/", "src/cli", "src/main.rs"];

const LONGEST_FILE: usize = 400;

#[test]
fn module_uses_only_those_below_it() {
    let rank = |module: &str| ORDER.iter().position(|name| *name == module);
    let mut upward = Vec::new();
    for file in files_ending("src", ".rs") {
        let Some(module) = module_of(&file) else { continue };
        let own = rank(module).unwrap_or_else(|| panic!("{file}: `{module}` has no place in the order"));
        for used in used_modules(&read(&file)) {
            // What is no module is an item of the crate's root: a macro.
            if rank(&used).is_some_and(|used| used > own) {
                upward.push(format!("{file}: `{module}` uses `{used}`, which stands above it"));
            }
        }
    }
    assert!(upward.is_empty(), "{}", upward.join("\n"));
}

#[test]
fn every_module_has_a_place_in_the_order() {
    let root = read("src/lib.rs");
    let declared = root.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'));
    assert_eq!(declared.collect::<BTreeSet<_>>(), ORDER.iter().copied().collect());
}

#[test]
fn use_of_a_module_is_found_in_every_notation() {
    let source = "use crate::base::Tree;\nuse crate::{plan, render::{self, view}};\n// crate::cli\nfn f() { crate::shell::f() }";
    let found: Vec<String> = used_modules(source).into_iter().collect();
    assert_eq!(found, ["base", "plan", "render", "shell"]);
}

#[test]
fn foreign_crate_stays_at_home() {
    let mut abroad = Vec::new();
    for file in files_ending("src", ".rs") {
        let source = without_comments(&read(&file));
        for (name, home) in HOMES {
            let at_home = file.starts_with(&format!("{home}/")) || file == format!("{home}.rs");
            if !at_home && speaks_of(&source, name) {
                abroad.push(format!("{file} speaks to `{name}`, whose home is {home}"));
            }
        }
    }
    assert!(abroad.is_empty(), "{}", abroad.join("\n"));
}

#[test]
fn lint_for_input_and_output_is_lifted_only_where_the_machine_is() {
    for file in files_ending("src", ".rs") {
        let lifted = read(&file).contains("disallowed_methods");
        let machine = MACHINE.iter().any(|place| file.starts_with(place));
        assert!(!lifted || machine, "{file} lifts the lint that keeps the core free of I/O");
    }
}

#[test]
fn file_stays_short() {
    let mut long = Vec::new();
    for file in [files_ending("src", ".rs"), files_ending("tests", ".rs")].concat() {
        let lines = read(&file).lines().count();
        if lines > LONGEST_FILE {
            long.push(format!("{file} has {lines} lines: two names would say more than one"));
        }
    }
    assert!(long.is_empty(), "{}", long.join("\n"));
}

/// A file that no `mod` declares is compiled by nobody, and the compiler does not say so.
#[test]
fn source_file_belongs_to_its_parent() {
    for file in files_ending("src", ".rs") {
        let Some((parent, module)) = declared_by(&file) else { continue };
        let declaration = format!("mod {module};");
        let declared = read(&parent).lines().any(|line| line.trim_end().ends_with(&declaration));
        assert!(declared, "{parent} does not declare `{module}`");
    }
}

/// A table of knowledge or a template that is not included is read by nobody.
#[test]
fn table_and_template_are_included() {
    let sources: String = files_ending("src", ".rs").iter().map(|file| read(file)).collect();
    let included = |file: &str| {
        let name = file.rsplit_once('/').map_or(file, |(_, name)| name);
        sources.contains(&format!("{name}\""))
    };
    for file in files_ending("src", ".toml") {
        assert!(included(&file), "{file} is included nowhere");
    }
    if path("templates").is_dir() {
        for file in files_ending("templates", ".tera") {
            assert!(included(&file), "{file} is included nowhere");
        }
    }
}

#[test]
fn no_file_names_this_machine_or_a_package_registry() {
    let here = root().parent().and_then(|parent| parent.to_str()).expect("a folder");
    let mut words = vec![format!("{here}/")];
    words.extend(std::env::var("HOME").ok().map(|home| format!("{home}/.cargo")));
    // In halves, so that this file does not name them either.
    let hosts = [
        concat!("pypi", ".org"),
        concat!("python", "hosted.org"),
        concat!("registry.npm", "js.org"),
        concat!("crates", ".io"),
        concat!("deb.deb", "ian.org"),
    ];
    words.extend(hosts.map(str::to_owned));
    let mut named = Vec::new();
    for file in files(".") {
        // Cargo's own lockfile says where crates come from, and nobody writes it.
        let Ok(text) = std::fs::read_to_string(path(&file)) else { continue };
        for word in words.iter().filter(|word| word.len() > 2 && text.contains(word.as_str())) {
            if !file.ends_with("Cargo.lock") {
                named.push(format!("{file} names `{word}`"));
            }
        }
    }
    assert!(named.is_empty(), "{}", named.join("\n"));
}

/// The first component of a file's module path; `None` for the crate's root and the binary.
fn module_of(file: &str) -> Option<&str> {
    let inside = file.strip_prefix("src/")?;
    match inside.split_once('/') {
        Some((module, _)) => Some(module),
        None => inside.strip_suffix(".rs").filter(|name| !matches!(*name, "lib" | "main")),
    }
}

/// The file that must declare `file`, and the name it declares it by.
fn declared_by(file: &str) -> Option<(String, String)> {
    if matches!(file, "src/lib.rs" | "src/main.rs") {
        return None;
    }
    let own = file.strip_suffix("/mod.rs").or_else(|| file.strip_suffix(".rs"))?;
    let (folder, module) = own.rsplit_once('/')?;
    let candidates = [format!("{folder}/mod.rs"), format!("{folder}.rs"), "src/lib.rs".to_owned()];
    let parent = candidates.into_iter().find(|parent| path(parent).is_file())?;
    Some((parent, module.to_owned()))
}

/// The modules that `source` names after `crate::`.
fn used_modules(source: &str) -> BTreeSet<String> {
    let source = without_comments(source);
    let mut found = BTreeSet::new();
    for (at, _) in source.match_indices("crate::") {
        let path = &source[at + "crate::".len()..];
        match path.strip_prefix('{') {
            Some(group) => found.extend(heads_of_group(group)),
            None => found.extend([identifier(path)]),
        }
    }
    found
}

/// The first words of `a::b, c::{d, e}, f}`.
fn heads_of_group(group: &str) -> Vec<String> {
    let mut heads = Vec::new();
    let mut depth = 0_usize;
    let mut start = 0;
    for (at, character) in group.char_indices() {
        match character {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                heads.push(identifier(group[start..at].trim_start()));
                start = at + 1;
                if character == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    heads.retain(|head| !head.is_empty());
    heads
}

fn identifier(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

/// Whether `name` stands in `source` as the start of a path or in a `use`.
fn speaks_of(source: &str, name: &str) -> bool {
    source.match_indices(name).any(|(at, _)| {
        let before = source[..at].chars().next_back();
        let after = &source[at + name.len()..];
        !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':' || c == '.' || c == '"')
            && (after.starts_with("::") || (after.starts_with(';') && source[..at].ends_with("use ")))
    })
}

/// `source` without its line comments; good enough, since a `//` in a string starts an address, not a path.
fn without_comments(source: &str) -> String {
    let lines = source.lines().map(|line| line.find("//").map_or(line, |at| &line[..at]));
    lines.collect::<Vec<_>>().join("\n")
}
