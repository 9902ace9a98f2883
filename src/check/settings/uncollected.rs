//! Static files that lie in `STATIC_ROOT` and nowhere else: nothing collects them, and a storage that puts hashes into names
//! knows collected files alone.

use camino::{Utf8Path, Utf8PathBuf};

use crate::base::codes::check::settings::STATIC_SOURCES_UNCOLLECTED;
use crate::base::{Diagnostic, Place, path};
use crate::check::{Rule, Subject};
use crate::inspect::frontend::bundlers;
use crate::inspect::storages;
use crate::python::{Minor, Value};

pub const RULES: &[Rule] = &[Rule { codes: &[STATIC_SOURCES_UNCOLLECTED], find: rule }];

/// A static file that a template names and that no collected file will be.
#[derive(Debug)]
pub struct Uncollected {
    /// `STATIC_ROOT`, seen from the project's folder.
    pub root: Utf8PathBuf,
    /// The file as the template names it, below `STATIC_ROOT`.
    name: String,
    /// The tag that names the file.
    named: Place,
    /// The line that sets `STATIC_ROOT`.
    set: Place,
}

fn rule(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let Some(Uncollected { root, name, named, set }) = find(subject) else { return Vec::new() };
    let diagnostic = Diagnostic::warning(
        STATIC_SOURCES_UNCOLLECTED,
        format!("`collectstatic` does not collect `{root}/{name}`, which a template names"),
    );
    vec![
        diagnostic
            .at(&named, "named here")
            .at(&set, "files are collected into this folder, and none from it")
            .because("the storage for static files knows collected files alone: with `DEBUG` off the page answers 500 (`Missing staticfiles manifest entry`)")
            .help(format!(
                "collect into another folder, and from this one: `STATIC_ROOT = BASE_DIR / \"staticfiles\"`, `STATICFILES_DIRS = [BASE_DIR / \"{root}\"]`"
            ))
            .help("or leave the settings as they are: `djdock init` sets both in a module of its own"),
    ]
}

/// Returns the first such file that a template names, where the production storage for static files puts hashes into names.
pub fn find(subject: &Subject<'_>) -> Option<Uncollected> {
    let (tree, facts) = (subject.tree, subject.facts);
    let django = facts.django_version.value.as_deref().and_then(Minor::parse);
    let (_, set) = subject.setting("STATIC_ROOT")?;
    let root = facts.static_root.value.as_deref().filter(|root| !root.starts_with('/'))?;
    let root = path::join(Utf8Path::new("."), root).filter(|root| root != ".")?;
    if !storages::hashes_static_names(subject.prod(), django) || is_collected(subject, &root) {
        return None;
    }
    let lies_there = |name: &str| {
        tree.is_file(root.join(name)) || bundlers::makes(tree, Utf8Path::new("."), &root.join(name))
    };
    let is_offered = |name: &str| {
        // Apps offer what lies in their `static` folders.
        let end = format!("/static/{name}");
        tree.files().any(|file| file.as_str().ends_with(&end) && !file.starts_with(&root))
    };
    let templates = tree.files().filter(|file| {
        matches!(path::extension(file), Some("html" | "htm" | "jinja" | "jinja2" | "djhtml"))
            && !file.as_str().contains("node_modules/")
    });
    templates.into_iter().find_map(|file| {
        let text = tree.glance(file)?;
        let (line, name) =
            tags(&text).find(|(_, name)| !name.is_empty() && lies_there(name) && !is_offered(name))?;
        Some(Uncollected {
            name: name.to_owned(),
            named: Place::line(file, line),
            set: set.clone(),
            root: root.clone(),
        })
    })
}

/// Tells whether static files are collected from the folder or from one in it, or the folder holds collected files: those of
/// Django's admin, or a list of names with hashes.
fn is_collected(subject: &Subject<'_>, root: &Utf8Path) -> bool {
    let (tree, facts) = (subject.tree, subject.facts);
    let is_output = tree.is_folder(root.join("admin")) || tree.is_file(root.join("staticfiles.json"));
    let of_app = path::name(root) == "static"
        && facts.installed_apps.value.iter().any(|app| {
            let folder = path::parent(root);
            folder != "." && app.split('.').any(|part| part == path::name(folder))
        });
    let from = match subject.setting("STATICFILES_DIRS") {
        None => false,
        Some((value, _)) => value.items().is_none_or(|items| items.iter().any(|item| is_in(item, root))),
    };
    is_output || of_app || from
}

/// Tells whether an entry of `STATICFILES_DIRS` is the folder or lies in it, or is not known.
fn is_in(entry: &Value, root: &Utf8Path) -> bool {
    // A pair is a prefix and its folder.
    let entry = entry.items().and_then(<[Value]>::last).unwrap_or(entry);
    match entry {
        Value::Path(path) => path.in_project().is_none_or(|path| path.starts_with(root)),
        Value::Str(text) => {
            text.trim_start_matches("./").trim_end_matches('/') == root.as_str()
                || text.ends_with(root.as_str())
        }
        _ => true,
    }
}

/// The files that tags of a template name, with their lines: `{% static 'css/site.css' %}`.
fn tags(text: &str) -> impl Iterator<Item = (u32, &str)> {
    (1_u32..).zip(text.lines()).flat_map(|(number, line)| {
        line.split("{%").skip(1).filter_map(move |tag| {
            let name = tag.trim_start_matches('-').trim_start().strip_prefix("static ")?.trim_start();
            let quote = name.chars().next().filter(|first| matches!(first, '"' | '\''))?;
            Some((number, name[1..].split(quote).next()?))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::of_settings;

    const HASHED: &str = "from pathlib import Path\nBASE_DIR = Path(__file__).resolve().parent.parent\n\
        STORAGES = {'staticfiles': {'BACKEND': 'whitenoise.storage.CompressedManifestStaticFilesStorage'}}\n";
    const PAGE: (&str, &str) = ("templates/base.html", "<head>\n{% static 'css/site.css' %}\n</head>");
    const SHEET: (&str, &str) = ("static/css/site.css", "body {}");

    fn check(settings: &str, files: &[(&str, &str)], expected: &[&str]) {
        let settings = format!("{HASHED}{settings}");
        assert_eq!(of_settings(RULES, &settings, files), expected, "{settings}\n{files:?}");
    }

    #[test]
    fn a_page_names_a_file_that_is_in_static_root_alone() {
        check("STATIC_ROOT = BASE_DIR / 'static'", &[PAGE, SHEET], &["static-sources-uncollected:2"]);
        check("STATIC_ROOT = str(BASE_DIR / 'static')", &[PAGE, SHEET], &["static-sources-uncollected:2"]);
        let tag = ("templates/a.html", "x {%- static \"css/site.css\" -%}");
        check("STATIC_ROOT = BASE_DIR / 'static'", &[tag, SHEET], &["static-sources-uncollected:1"]);
        let other = "STATIC_ROOT = BASE_DIR / 'static'\nSTATICFILES_DIRS = [BASE_DIR / 'assets']";
        check(other, &[PAGE, SHEET], &["static-sources-uncollected:2"]);
    }

    #[test]
    fn a_page_names_a_file_that_the_front_end_makes_in_static_root() {
        let package = (
            "package.json",
            "{\"scripts\": {\"build\": \"tailwindcss -i ./static/in.css -o ./static/css/site.css\"}}",
        );
        check("STATIC_ROOT = BASE_DIR / 'static'", &[PAGE, package], &["static-sources-uncollected:2"]);
    }

    #[test]
    fn files_are_collected_from_the_folder_or_from_elsewhere() {
        let root = "STATIC_ROOT = BASE_DIR / 'static'";
        // Django refuses this, and another rule says so.
        check(&format!("{root}\nSTATICFILES_DIRS = [BASE_DIR / 'static']"), &[PAGE, SHEET], &[]);
        check(
            &format!("{root}\nSTATICFILES_DIRS = [('v1', BASE_DIR / 'static' / 'src')]"),
            &[PAGE, SHEET],
            &[],
        );
        check(&format!("{root}\nSTATICFILES_DIRS = folders()"), &[PAGE, SHEET], &[]);
        check(root, &[PAGE, SHEET, ("shop/static/css/site.css", "")], &[]);
        check("STATIC_ROOT = BASE_DIR / 'collected'", &[PAGE, SHEET], &[]);
        check("STATIC_ROOT = '/srv/static'", &[PAGE, SHEET], &[]);
    }

    #[test]
    fn collected_files_that_somebody_committed_are_no_sources() {
        let root = "STATIC_ROOT = BASE_DIR / 'static'";
        check(root, &[PAGE, SHEET, ("static/admin/css/base.css", "")], &[]);
        check(root, &[PAGE, SHEET, ("static/staticfiles.json", "{}")], &[]);
    }

    #[test]
    fn a_storage_without_hashes_serves_the_files_as_they_are() {
        let plain = "STATIC_ROOT = BASE_DIR / 'static'\nSTORAGES = {'staticfiles': {'BACKEND': 'whitenoise.storage.CompressedStaticFilesStorage'}}";
        check(plain, &[PAGE, SHEET], &[]);
        check("STATIC_ROOT = BASE_DIR / 'static'", &[SHEET, ("templates/base.html", "<p>static</p>")], &[]);
    }
}
