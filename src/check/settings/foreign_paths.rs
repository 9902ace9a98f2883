//! Paths in settings that only the machine has on which they were written.

use std::collections::BTreeSet;

use crate::base::codes::check::settings::PATH_OF_ANOTHER_MACHINE;
use crate::base::machine::{Elsewhere, elsewhere};
use crate::base::wording::is_secret_variable;
use crate::base::{Diagnostic, Place};
use crate::check::{Rule, Subject};
use crate::python::value::PathBase;
use crate::python::{Evaluation, Value};

pub const RULES: &[Rule] = &[Rule { codes: &[PATH_OF_ANOTHER_MACHINE], find: all }];

/// Values inside of values that are looked through.
const DEEPEST: u8 = 8;

fn all(subject: &Subject<'_>) -> Vec<Diagnostic> {
    find(subject, subject.prod(), |_| false)
}

/// One warning for each setting of `evaluation` that holds such a path, unless it is `handled`.
pub fn find(
    subject: &Subject<'_>,
    evaluation: &Evaluation,
    handled: impl Fn(&str) -> bool,
) -> Vec<Diagnostic> {
    let settings =
        evaluation.settings.iter().map(|(name, setting)| (name.as_str(), &setting.value, &setting.place));
    let exported = evaluation.exported.iter().map(|one| (one.name.as_str(), &one.value, &one.place));
    let mut said: BTreeSet<String> = BTreeSet::new();
    let mut found = Vec::new();
    for (name, value, place) in settings.chain(exported) {
        if is_secret_variable(name) || handled(name) {
            continue;
        }
        let mut texts = Vec::new();
        texts_in(value, &mut texts, DEEPEST);
        let first = texts.into_iter().find_map(|text| {
            let whose = text.split(';').find_map(elsewhere)?;
            (!is_carried(subject, name, &text, whose)).then_some((text, whose))
        });
        if let Some((text, whose)) = first
            && said.insert(name.to_owned())
        {
            found.push(message(name, &text, whose, place));
        }
    }
    found
}

/// Tells whether a stack has the folder all the same: collected files, uploads and databases are kept wherever they are said
/// to be, and the project's own image may have the folder.
fn is_carried(subject: &Subject<'_>, name: &str, text: &str, whose: Elsewhere) -> bool {
    if whose == Elsewhere::Windows {
        return false;
    }
    if matches!(name, "STATIC_ROOT" | "MEDIA_ROOT" | "DATABASES") {
        return true;
    }
    let home: String = text.split('/').take(3).collect::<Vec<_>>().join("/");
    let is_build = |file: &&camino::Utf8Path| {
        let name = file.file_name().unwrap_or_default().to_ascii_lowercase();
        name.contains("dockerfile") || name.contains("compose")
    };
    let mut builds = subject.tree.files().filter(is_build);
    builds.any(|file| subject.tree.text(file).is_some_and(|text| text.contains(&home)))
}

fn message(name: &str, text: &str, whose: Elsewhere, place: &Place) -> Diagnostic {
    let shown: String = text.chars().take(80).collect();
    let title = format!("`{name}` holds {}: `{shown}`", whose.whose());
    let warning = Diagnostic::warning(PATH_OF_ANOTHER_MACHINE, title).at(place, "written here");
    let warning = warning.because("a container has no such folder: what looks there finds nothing, or fails");
    if name == "PATH" {
        return warning.help("do so only on that system: `if os.name == \"nt\":`");
    }
    warning.help(format!(
        "read it from a variable: `{name} = os.environ.get(\"{name}\")`, or build it from `BASE_DIR`"
    ))
}

fn texts_in(value: &Value, found: &mut Vec<String>, depth: u8) {
    let Some(depth) = depth.checked_sub(1) else { return };
    match value {
        Value::Str(text) => found.push(text.clone()),
        Value::Path(path) if path.base == PathBase::Root => found.push(format!("/{}", path.rest)),
        Value::Path(path) => found.push(path.rest.as_str().to_owned()),
        Value::List(items) => items.iter().for_each(|item| texts_in(item, found, depth)),
        Value::Text(parts) => parts.iter().take(1).for_each(|part| texts_in(part, found, depth)),
        Value::Dict(entries) => entries.iter().for_each(|(_, value)| texts_in(value, found, depth)),
        // What is there by default.
        Value::OneOf(_) | Value::Env(_) | Value::Unknown { .. } => {
            if let Some(assumed) = value.assumed() {
                texts_in(&assumed, found, depth);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use crate::base::Tree;
    use crate::inspect::inspect;

    fn of(settings: &str, more: &[(&str, &str)]) -> Vec<String> {
        let text =
            format!("import os, platform, sys\nROOT_URLCONF = 'shop.urls'\nINSTALLED_APPS = []\n{settings}");
        let mut files = vec![
            ("manage.py", "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\n"),
            ("shop/__init__.py", ""),
            ("shop/settings.py", text.as_str()),
        ];
        files.extend(more);
        let tree = Tree::from_literals(files);
        let (facts, _) = inspect(&tree);
        let found = super::all(&crate::check::Subject::new(&tree, &facts));
        found
            .iter()
            .map(|one| format!("{} {}", one.title.split('`').nth(1).unwrap(), one.labels[0].line))
            .collect()
    }

    #[test]
    fn each_setting_with_a_path_of_another_machine_is_named_with_its_line() {
        assert_eq!(
            of("GEOS_LIBRARY_PATH = '/opt/homebrew/lib/libgeos_c.dylib'\n", &[]),
            ["GEOS_LIBRARY_PATH 4"]
        );
        assert_eq!(of("NPM_BIN_PATH = r'C:\\Program Files\\nodejs\\npm.cmd'\n", &[]), ["NPM_BIN_PATH 4"]);
        assert_eq!(of("TEMPLATES = [{'DIRS': ['/home/ana/shop/templates']}]\n", &[]), ["TEMPLATES 4"]);
        assert_eq!(of("MEDIA_ROOT = 'D:/uploads'\n", &[]), ["MEDIA_ROOT 4"]);
        assert_eq!(
            of("CHROME = os.environ.get('CHROME', '/Applications/Chrome.app/x')\n", &[]),
            ["CHROME 4"]
        );
        assert_eq!(of("os.environ['PATH'] = r'C:\\OSGeo4W\\bin;' + os.environ['PATH']\n", &[]), ["PATH 4"]);
    }

    #[test]
    fn what_is_for_another_system_alone_is_no_fault() {
        assert_eq!(
            of("if os.name == 'nt':\n    GDAL_LIBRARY_PATH = r'C:\\OSGeo4W\\bin\\gdal.dll'\n", &[]),
            [""; 0]
        );
        assert_eq!(
            of(
                "if platform.system() == 'Windows':\n    os.environ['PATH'] = r'C:\\x;' + os.environ['PATH']\n",
                &[]
            ),
            [""; 0]
        );
        assert_eq!(of("if sys.platform == 'win32':\n    A_PATH = 'C:/x'\n", &[]), [""; 0]);
    }

    #[test]
    fn what_a_container_has_is_no_fault() {
        assert_eq!(of("MEDIA_ROOT = '/home/ana/media'\nSTATIC_ROOT = '/home/ana/static'\n", &[]), [""; 0]);
        assert_eq!(of("X_DIR = '/home/app/web/x'\nY_DIR = '/srv/y'\n", &[]), [""; 0]);
        let dockerfile = [("Dockerfile", "FROM python:3.13\nWORKDIR /home/shop/code\n")];
        assert_eq!(of("X_DIR = '/home/shop/code/x'\n", &dockerfile), [""; 0]);
    }
}
