//! Every settings module of the project, found by content: what binds the settings that no project is
//! without, or star-imports a module that does.

use std::collections::{BTreeMap, BTreeSet};

use camino::{Utf8Path, Utf8PathBuf};

use super::includes;
use super::stated::is_template;
use super::words::{Purpose, purpose};
use crate::base::{Kind, path};
use crate::inspect::naming::Named;
use crate::inspect::sources::Sources;
use crate::python::scan::Scan;

/// Settings that make a module one of settings; helpers beside it hold others.
const TELLING: &[&str] = &[
    "INSTALLED_APPS",
    "ROOT_URLCONF",
    "DATABASES",
    "SECRET_KEY",
    "DEBUG",
    "ALLOWED_HOSTS",
    "MIDDLEWARE",
    "MIDDLEWARE_CLASSES",
];
/// Names that a module must have, itself or by import, for Django to start with it.
const NEEDED: &[&str] = &["INSTALLED_APPS", "ROOT_URLCONF"];
/// Folders whose settings are not the project's.
const ASIDE: &[&str] = &[
    "tests",
    "test",
    "migrations",
    "management",
    "node_modules",
    "site-packages",
    "docs",
    "examples",
    "example",
];

#[derive(Debug, Default)]
pub(crate) struct Modules {
    pub(crate) all: BTreeMap<String, Module>,
    /// Files that are settings modules by their place and name, and no text.
    pub(crate) unreadable: Vec<Utf8PathBuf>,
}

/// A settings module.
#[derive(Clone, Debug, Default)]
pub(crate) struct Module {
    pub(crate) path: Utf8PathBuf,
    /// Django could start with it: `INSTALLED_APPS` and the like are there, or come by import.
    pub(crate) is_whole: bool,
    /// Only a package of settings modules, itself empty.
    pub(crate) is_empty: bool,
    /// For django-configurations: the classes that can be chosen.
    pub(crate) classes: Vec<String>,
    pub(crate) purpose: Option<Purpose>,
    /// Modules that it star-imports.
    pub(crate) upon: Vec<String>,
}

/// The content of a file that may be a settings module.
struct Look {
    path: Utf8PathBuf,
    telling: usize,
    needed: bool,
    /// Modules that it star-imports, and whether it always does.
    stars: Vec<(String, bool)>,
    /// Modules from which it imports classes by name.
    imports: Vec<String>,
    /// Its classes, and the full dotted names of what they derive from.
    classes: Vec<(String, Vec<String>)>,
    /// It puts itself together from files: `include()` of split-settings, and what that names as patterns.
    includes: Option<Vec<Utf8PathBuf>>,
}

/// Finds the settings modules. `named` are those that files of the project name.
pub(crate) fn find(sources: &Sources<'_>, named: &[Named]) -> Modules {
    let mut looks: BTreeMap<String, Look> = BTreeMap::new();
    let mut queue: Vec<Utf8PathBuf> = candidates(sources, named);
    let mut seen: BTreeSet<Utf8PathBuf> = queue.iter().cloned().collect();
    // Found by nothing but a star import: values that are kept apart (`config.py`) are no settings of their own.
    let mut brought: BTreeSet<Utf8PathBuf> = BTreeSet::new();
    let unreadable = queue
        .iter()
        .filter(|file| sources.text(file).is_none() && purpose(path::stem(file)) != Purpose::Test)
        .cloned()
        .collect();
    while let Some(file) = queue.pop() {
        let (Some(scan), Some(dotted)) = (sources.scan(&file), sources.dotted(&file)) else { continue };
        let look = look(sources, &scan);
        // A whole settings module may star-import its base from anywhere in the project.
        for (module, _) in &look.stars {
            if let Some(found) = sources.file_of(module)
                && (look.telling > 0 || is_settings_name(found.as_str()))
                && seen.insert(found.clone())
            {
                brought.insert(found.clone());
                queue.push(found);
            }
        }
        looks.insert(dotted, look);
    }
    let fragments = fragments(&looks);
    let configurations = configurations(&looks);
    let whole = whole(&looks, &configurations);
    let starred: BTreeSet<&String> =
        looks.values().flat_map(|look| look.stars.iter().map(|(module, _)| module)).collect();
    let mut all = BTreeMap::new();
    for (dotted, look) in &looks {
        let is_named = named.iter().any(|one| &one.module == dotted);
        let is_base =
            |module: &String| whole.contains(module) || named.iter().any(|one| one.module == *module);
        let inherits = look.stars.iter().any(|(module, _)| is_base(module));
        let classes = configurations.get(dotted).cloned().unwrap_or_default();
        let is_package = look.path.file_name() == Some("__init__.py");
        let by_name = is_settings_name(look.path.as_str().trim_end_matches(".py"));
        let is_kept_apart = !look.needed && look.telling < 3 && brought.contains(&look.path) && !by_name
            // A handful of values that settings share is none either: nothing starts with it, unless it has the name of
            // an environment.
            || !look.needed
                && look.telling == 1
                && look.stars.is_empty()
                && starred.contains(dotted)
                && matches!(purpose(dotted), Purpose::Plain | Purpose::Base);
        let is_real = look.telling > 0 && !is_kept_apart
            || inherits
            || !classes.is_empty()
            || look.includes.is_some()
            || (is_named && !is_package);
        if is_real && (is_named || !fragments.contains(dotted)) {
            all.insert(
                dotted.clone(),
                Module {
                    path: look.path.clone(),
                    is_whole: whole.contains(dotted) || is_named,
                    is_empty: false,
                    classes,
                    purpose: Some(purpose(dotted)),
                    upon: look.stars.iter().map(|(module, _)| module.clone()).collect(),
                },
            );
        }
    }
    add_packages(sources, &looks, &mut all);
    Modules { all, unreadable }
}

/// An empty package of settings modules is one too: `DJANGO_SETTINGS_MODULE` may name it.
fn add_packages(sources: &Sources<'_>, looks: &BTreeMap<String, Look>, all: &mut BTreeMap<String, Module>) {
    let with_classes = all.values().any(|module| !module.classes.is_empty());
    let packages: BTreeSet<String> = all
        .keys()
        .filter_map(|dotted| dotted.rsplit_once('.').map(|(package, _)| package.to_owned()))
        .filter(|package| package.rsplit('.').next().is_some_and(|last| last.contains("settings")))
        .collect();
    for package in packages {
        if all.contains_key(&package) || with_classes {
            continue;
        }
        if let Some(path) = sources.file_of(&package)
            && path.file_name() == Some("__init__.py")
        {
            let is_empty = looks
                .get(&package)
                .is_none_or(|look| look.telling == 0 && look.stars.is_empty() && look.includes.is_none());
            all.insert(
                package,
                Module { path, is_empty, purpose: Some(Purpose::Plain), ..Module::default() },
            );
        }
    }
}

/// Files that may be settings modules, by name or because they stand beside one.
fn candidates(sources: &Sources<'_>, named: &[Named]) -> Vec<Utf8PathBuf> {
    let mut found: BTreeSet<Utf8PathBuf> = BTreeSet::new();
    let mut own: BTreeSet<&str> = BTreeSet::new();
    for one in named {
        own.insert(one.module.split('.').next().unwrap_or(&one.module));
        let Some((package, last)) = one.module.rsplit_once('.') else {
            found.extend(sources.file_of(&one.module));
            continue;
        };
        found.extend(sources.file_of(&one.module));
        let beside =
            [package, one.module.as_str()].into_iter().filter_map(|package| sources.folder_of(package));
        for folder in beside {
            for (path, kind) in sources.tree.children(&folder) {
                let is_module = kind == Kind::File && path::extension(path) == Some("py");
                let stem = path::stem(path);
                let said = purpose(stem) != Purpose::Plain || is_settings_name(stem);
                let in_settings = is_settings_name(path::name(&folder)) || !is_settings_name(last);
                if is_module && (said || in_settings) {
                    found.insert(path.to_owned());
                }
            }
        }
    }
    let by_name = sources.tree.files().filter(|path| path::extension(path) == Some("py")).filter(|path| {
        let folder = path::parent(path);
        let mut near = [folder, path::parent(folder)].into_iter();
        is_settings_name(path::stem(path))
            || near.any(|folder| is_settings_name(path::name(folder)) && !is_app(sources, folder))
    });
    for path in by_name {
        let parts: Vec<&str> = path::parts(path::parent(path)).filter(|part| *part != ".").collect();
        let is_aside = parts.iter().any(|part| ASIDE.contains(part));
        let Some(dotted) = sources.dotted(path) else { continue };
        let first = dotted.split('.').next().unwrap_or(&dotted);
        let is_own = own.contains(first) || parts.len() <= 1 || is_package(sources, path);
        if !is_aside && parts.len() <= 6 && is_own {
            found.insert(path.to_owned());
        }
    }
    // A dot in a file's name cannot be imported: `production.example.py` is a template.
    found.retain(|path| !path::stem(path).contains('.') && !is_template(path::stem(path)));
    found.into_iter().collect()
}

fn is_package(sources: &Sources<'_>, path: &Utf8Path) -> bool {
    sources.tree.is_file(path::parent(path).join("__init__.py"))
}

/// Tells whether a folder is an app, whatever its name.
fn is_app(sources: &Sources<'_>, folder: &Utf8Path) -> bool {
    ["apps.py", "models.py", "models", "views.py", "migrations", "management", "admin.py"]
        .iter()
        .any(|name| sources.tree.kind(folder.join(name)).is_some())
}

fn is_settings_name(name: &str) -> bool {
    let name = name.rsplit('/').next().unwrap_or(name);
    name == "conf" || name.split(['_', '-', '.']).any(|word| word == "settings" || word == "setting")
}

fn look(sources: &Sources<'_>, scan: &Scan) -> Look {
    let bound: BTreeSet<&str> = scan
        .bindings
        .iter()
        .filter(|one| !one.context.function && !one.context.class && one.key.is_none())
        .map(|one| one.target.as_str())
        .collect();
    // One name may be an attribute of anything; two in one class are settings.
    let count = |class: &&crate::python::scan::Class| {
        class.names.iter().filter(|name| TELLING.contains(&name.as_str())).count()
    };
    let settings_classes: Vec<_> = scan.classes.iter().filter(|class| count(class) >= 2).collect();
    let in_classes =
        |name: &str| settings_classes.iter().any(|class| class.names.iter().any(|own| own == name));
    let has = |name: &&&str| bound.contains(**name) || in_classes(name);
    let absolute = |level: u32, module: &str| sources.absolute(&scan.path, level, module);
    let stars = scan.imports.iter().filter(|import| import.name.as_deref() == Some("*"));
    let certain = |import: &crate::python::scan::Import| import.context.is_certain();
    // An app's own settings read those of the project.
    let reads_settings = scan.imports_from("django.conf").is_some();
    let telling = TELLING.iter().filter(has).count();
    Look {
        path: scan.path.clone(),
        telling: if reads_settings && telling < 3 { 0 } else { telling },
        needed: NEEDED.iter().filter(has).count() > 0,
        stars: stars
            .filter_map(|import| Some((absolute(import.level, &import.module)?, certain(import))))
            .collect(),
        imports: scan
            .imports
            .iter()
            .filter(|import| import.name.as_deref() != Some("*"))
            .filter_map(|import| absolute(import.level, &import.module))
            .collect(),
        classes: classes(sources, scan),
        includes: includes::read(scan),
    }
}

/// The classes of a file with the full names of their bases.
fn classes(sources: &Sources<'_>, scan: &Scan) -> Vec<(String, Vec<String>)> {
    let full = |base: &String| {
        let first = base.split('.').next().unwrap_or(base);
        match scan.imports.iter().find(|import| import.level > 0 && import.bound == first) {
            Some(import) => {
                let module = sources.absolute(&scan.path, import.level, &import.module);
                format!("{}.{}", module.unwrap_or_default(), import.name.as_deref().unwrap_or(first))
            }
            None if scan.classes.iter().any(|class| &class.name == base) => {
                format!("{}.{base}", sources.dotted(&scan.path).unwrap_or_default())
            }
            None => scan.full_name(base),
        }
    };
    scan.classes.iter().map(|class| (class.name.clone(), class.bases.iter().map(full).collect())).collect()
}

/// The classes that django-configurations could take, by module: those that derive from its own, in however
/// many steps. A class of the same file or another that is only derived from is left out where there are others.
fn configurations(looks: &BTreeMap<String, Look>) -> BTreeMap<String, Vec<String>> {
    let mut derived: BTreeSet<String> = BTreeSet::new();
    loop {
        let before = derived.len();
        for (dotted, look) in looks {
            for (name, bases) in &look.classes {
                let from_library = |base: &String| {
                    matches!(
                        base.as_str(),
                        "configurations.Configuration"
                            | "configurations.base.Configuration"
                            | "configurations.Settings"
                    )
                };
                // A star import brings a class without naming it.
                let by_star = |base: &String| {
                    look.stars.iter().any(|(module, _)| derived.contains(&format!("{module}.{base}")))
                };
                if bases.iter().any(|base| from_library(base) || derived.contains(base) || by_star(base)) {
                    derived.insert(format!("{dotted}.{name}"));
                }
            }
        }
        if derived.len() == before {
            break;
        }
    }
    let of = |dotted: &String, look: &Look| {
        let own = look.classes.iter().map(|(name, _)| name);
        own.filter(|name| derived.contains(&format!("{dotted}.{name}"))).cloned().collect::<Vec<_>>()
    };
    looks
        .iter()
        .map(|(dotted, look)| (dotted.clone(), of(dotted, look)))
        .filter(|(_, own)| !own.is_empty())
        .collect()
}

/// Modules that are only parts of another: what split-settings includes, and the siblings of which a package
/// star-imports several.
fn fragments(looks: &BTreeMap<String, Look>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for look in looks.values() {
        for pattern in look.includes.iter().flatten() {
            let parts = looks.iter().filter(|(_, part)| includes::fits(pattern.as_str(), part.path.as_str()));
            found.extend(parts.map(|(dotted, _)| dotted.clone()));
        }
        if look.path.file_name() == Some("__init__.py") {
            let always: Vec<&String> =
                look.stars.iter().filter(|(_, certain)| *certain).map(|(module, _)| module).collect();
            if always.len() >= 3 {
                found.extend(always.into_iter().cloned());
            }
        }
    }
    found
}

/// The modules with which Django could start: they have what is needed, or import it.
fn whole(looks: &BTreeMap<String, Look>, configurations: &BTreeMap<String, Vec<String>>) -> BTreeSet<String> {
    let mut whole: BTreeSet<String> = looks
        .iter()
        .filter(|(_, look)| look.needed || look.includes.is_some())
        .map(|(name, _)| name.clone())
        .collect();
    // What imports a whole one is whole; chains are short.
    for _ in 0..6 {
        let more: Vec<String> = looks
            .iter()
            .filter(|(name, look)| {
                let by_class =
                    configurations.contains_key(*name) || look.telling > 0 || !look.classes.is_empty();
                !whole.contains(*name)
                    && (look.stars.iter().any(|(module, _)| whole.contains(module))
                        || (by_class && look.imports.iter().any(|module| whole.contains(module))))
            })
            .map(|(name, _)| name.clone())
            .collect();
        if more.is_empty() {
            break;
        }
        whole.extend(more);
    }
    whole
}
