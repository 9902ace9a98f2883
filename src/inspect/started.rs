//! Modules of the project's apps that Django imports while it starts: they may read variables of their own.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::rc::Rc;

use camino::Utf8Path;

use super::entry_points::{EntryPoint, reads_environment};
use super::import_lines::{ImportLine, import_lines};
use super::imports;
use super::project::Settings;
use super::sources::Sources;
use super::words::Words;
use crate::python::Value;
use crate::python::scan::{Expression, Scan};

/// Modules that are looked through.
const MOST_FILES: usize = 600;
/// Modules that are looked through for files of which there are few: most projects have none.
const MOST_FILES_FOR_FEW: usize = 5_000;
/// Modules that are evaluated.
const MOST_READ: usize = 24;

/// The modules that Django imports while it starts with `settings` and that ask the environment for something, in the
/// order of their paths.
pub(super) fn read(sources: &Sources<'_>, words: &Words, settings: &Settings) -> Vec<EntryPoint> {
    let known: BTreeSet<&Utf8Path> =
        settings.evaluation.modules.iter().map(|module| module.path.as_path()).collect();
    let asks = |file: &&Utf8Path| {
        !known.contains(file)
            && sources.glance(file).is_some_and(|text| reads_environment(&text) && asks_at_import(&text))
    };
    let asking: BTreeSet<&Utf8Path> = words.files(|held| held.environment).filter(asks).collect();
    let imported = imported(sources, settings, &asking, &Reach::LIKELY);
    imported.iter().take(MOST_READ).filter_map(|file| module(sources, file)).collect()
}

/// Returns those of the `wanted` files that Django imports while it starts with `settings`, in the order of their paths.
pub(super) fn imported_of<'a>(
    sources: &Sources<'_>,
    settings: &Settings,
    wanted: impl Iterator<Item = &'a Utf8Path>,
) -> BTreeSet<&'a Utf8Path> {
    imported(sources, settings, &wanted.collect(), &Reach::LIKELY)
}

/// Returns those of a few `wanted` files that Django imports while it starts, whatever the settings are; large projects are looked
/// through too.
pub(super) fn certainly_imported_of<'a>(
    sources: &Sources<'_>,
    settings: &Settings,
    wanted: impl Iterator<Item = &'a Utf8Path>,
) -> BTreeSet<&'a Utf8Path> {
    imported(sources, settings, &wanted.collect(), &Reach::CERTAIN)
}

/// How far imports are followed.
struct Reach {
    most_files: usize,
    /// Imports under a condition count too.
    conditional: bool,
}

impl Reach {
    const LIKELY: Self = Self { most_files: MOST_FILES, conditional: true };
    const CERTAIN: Self = Self { most_files: MOST_FILES_FOR_FEW, conditional: false };

    /// Tells whether an import of a file counts. What `ready()` of an app's configuration imports is imported at the start too.
    fn follows(&self, import: &ImportLine, is_config: bool) -> bool {
        // The body of a method is as far indented.
        const IN_READY: usize = 8;
        let in_ready = is_config && import.in_function;
        let is_sure = import.indent == 0 || in_ready && import.indent <= IN_READY;
        (is_config || !import.in_function) && (self.conditional || is_sure)
    }
}

/// The module of a file, with the variables that the file itself reads.
fn module(sources: &Sources<'_>, file: &Utf8Path) -> Option<EntryPoint> {
    let dotted = sources.dotted(file)?;
    let mut found = EntryPoint::module(sources.tree, &sources.roots, &dotted, file);
    found.reads.retain(|read| read.place.path() == Some(file));
    (!found.reads.is_empty()).then_some(found)
}

/// Returns those of the `wanted` files that starting imports, as far as imports say it.
fn imported<'a>(
    sources: &Sources<'_>,
    settings: &Settings,
    wanted: &BTreeSet<&'a Utf8Path>,
    reach: &Reach,
) -> BTreeSet<&'a Utf8Path> {
    let mut found = BTreeSet::new();
    if wanted.is_empty() {
        return found;
    }
    let mut files = Files { sources, known: HashMap::new(), own: HashMap::new() };
    let mut seen = HashSet::new();
    let mut queue: Vec<Rc<str>> =
        first_modules(settings).into_iter().filter_map(|module| files.file_of(module)).collect();
    while let Some(file) = queue.pop() {
        if seen.len() >= reach.most_files {
            break;
        }
        if !seen.insert(Rc::clone(&file)) {
            continue;
        }
        let file = Utf8Path::new(&*file);
        found.extend(wanted.get(file));
        if found.len() == wanted.len() {
            break;
        }
        let Some(text) = sources.glance(file) else { continue };
        let is_config = file.file_name() == Some("apps.py");
        for import in import_lines(&text).into_iter().filter(|import| reach.follows(import, is_config)) {
            let Some(module) = sources.absolute(file, import.level, &import.module) else { continue };
            queue.extend(files.files_of(module, import.name.as_deref()));
        }
        if calls_include(&text) {
            let scan = sources.scan_once(file).unwrap_or_default();
            queue.extend(included(&scan).filter_map(|module| files.file_of(module)));
        }
    }
    found
}

/// The files of modules: the same modules are imported by many files.
struct Files<'a> {
    sources: &'a Sources<'a>,
    known: HashMap<String, Option<Rc<str>>>,
    /// Names at the top level, and whether the project has a module or folder of the name: most imports are of libraries.
    own: HashMap<String, bool>,
}

impl Files<'_> {
    /// The files that `import module` reads, or `from module import name`.
    fn files_of(&mut self, module: String, name: Option<&str>) -> impl Iterator<Item = Rc<str>> + use<> {
        let top = imports::top_level(&module);
        let is_own = self.own.get(top).copied().unwrap_or_else(|| {
            let is_own = self.sources.file_of(top).is_some() || self.sources.folder_of(top).is_some();
            self.own.insert(top.to_owned(), is_own);
            is_own
        });
        let below = name.filter(|_| is_own).map(|name| format!("{module}.{name}"));
        let file = if is_own { self.file_of(module) } else { None };
        // What a module that is no package holds is no module.
        let is_package =
            file.as_ref().is_none_or(|file| file.ends_with("/__init__.py") || **file == *"__init__.py");
        let below = below.filter(|_| is_package).and_then(|below| self.file_of(below));
        file.into_iter().chain(below)
    }

    fn file_of(&mut self, module: String) -> Option<Rc<str>> {
        let sources = self.sources;
        let find = |module: &String| sources.file_of(module).map(|file| Rc::from(file.as_str()));
        self.known.entry(module).or_insert_with_key(find).clone()
    }
}

/// The modules that Django imports itself.
fn first_modules(settings: &Settings) -> Vec<String> {
    let apps = settings.texts("INSTALLED_APPS");
    let has_admin = apps.iter().any(|app| app.starts_with("django.contrib.admin"));
    let mut found: Vec<String> = Vec::new();
    for app in &apps {
        // `shop.apps.ShopConfig` is a class of `shop.apps`, and its app is usually `shop`.
        let package = app.split(".apps.").next().unwrap_or(app);
        found.push(package.to_owned());
        found.extend(app.rsplit_once('.').map(|(module, _)| module.to_owned()));
        found.extend(["apps", "models"].map(|last| format!("{package}.{last}")));
        if has_admin {
            found.push(format!("{package}.admin"));
        }
    }
    let text = |name: &str| settings.assumed(name).as_ref().and_then(Value::as_str).map(str::to_owned);
    found.extend(text("ROOT_URLCONF"));
    for name in ["WSGI_APPLICATION", "ASGI_APPLICATION"] {
        found.extend(text(name).and_then(|path| Some(path.rsplit_once('.')?.0.to_owned())));
    }
    for path in settings.texts("MIDDLEWARE") {
        found.extend(path.rsplit_once('.').map(|(module, _)| module.to_owned()));
    }
    found
}

/// Tells whether a text may call `include`: to parse it takes longer than to look for that.
fn calls_include(text: &str) -> bool {
    const NAME: &str = "include";
    text.match_indices(NAME).any(|(at, _)| text[at + NAME.len()..].trim_start().starts_with('('))
}

/// The modules that `include("shop.urls")` names.
fn included(scan: &Scan) -> impl Iterator<Item = String> {
    let calls =
        scan.calls.iter().filter(|call| call.callee == "include" || call.callee.ends_with(".include"));
    let first = calls.filter_map(|call| call.arguments.first());
    first.flat_map(|argument| match argument {
        Expression::List(items) => items.first().map(|item| scan.texts_of(item)).unwrap_or_default(),
        other => scan.texts_of(other),
    })
}

/// Tells whether a line outside of functions may ask the environment for something, itself or by a function of the file that
/// does: to evaluate a module takes longer than to look at its lines.
fn asks_at_import(text: &str) -> bool {
    const ASKS: &[&str] = &["environ", "getenv", "config(", "env(", "env.", "Env("];
    let mut outside: Vec<&str> = Vec::new();
    let mut asking_functions: Vec<&str> = Vec::new();
    // The function whose body the lines are in, and how far its head is indented.
    let mut function: Option<(&str, usize)> = None;
    for line in text.lines() {
        let code = line.trim_start();
        let indent = line.len() - code.len();
        if code.is_empty() || code.starts_with(['#', ')', ']', '}']) {
            continue;
        }
        if function.is_some_and(|(_, head)| indent <= head) {
            function = None;
        }
        let asks = ASKS.iter().any(|word| code.contains(word))
            && !code.starts_with("import ")
            && !code.starts_with("from ");
        match function {
            Some((name, _)) if asks => asking_functions.push(name),
            Some(_) => {}
            None if asks && !code.starts_with("def ") => return true,
            None => outside.push(code),
        }
        let head = code.strip_prefix("async ").unwrap_or(code).strip_prefix("def ");
        if let (None, Some(head)) = (function, head) {
            function = Some((head.split('(').next().unwrap_or(head), indent));
        }
    }
    let is_called = |name: &&str| {
        outside.iter().any(|line| !line.starts_with("def ") && line.contains(&format!("{name}(")))
    };
    asking_functions.iter().any(is_called)
}

#[cfg(test)]
mod tests {
    use super::{asks_at_import, calls_include};

    #[test]
    fn only_calls_of_include_are_worth_a_look() {
        for text in
            ["path('', include('a.urls'))", "urls.include (\n    'a.urls')", "include\\\n('a')\ninclude('b')"]
        {
            assert!(calls_include(text), "{text}");
        }
        for text in
            ["# includes (all)", "from django.urls import include", "included('a')", "include = ('a',)"]
        {
            assert!(!calls_include(text), "{text}");
        }
    }

    #[test]
    fn only_what_is_asked_outside_of_functions_is_asked_at_import() {
        for text in [
            "import os\nX = os.environ['X']\n",
            "import os\nif True:\n    X = os.getenv('X')\n",
            "from decouple import config\nclass A:\n    X = config('X')\n",
            "import os\ndef need(name):\n    return os.environ[name]\n\nX = need('X')\n",
            "import os\ndef a():\n    pass\nX = os.environ['X']\n",
        ] {
            assert!(asks_at_import(text), "{text}");
        }
        for text in [
            "import os\ndef a():\n    return os.environ['X']\n",
            "import os\nclass A:\n    def a(self):\n        if self:\n            return os.getenv('X')\n\n    b = 1\n",
            "import os\ndef a():\n    return os.environ['X']\ndef b():\n    return a()\n",
            "import environ\nfrom os import environ\n",
        ] {
            assert!(!asks_at_import(text), "{text}");
        }
    }
}
