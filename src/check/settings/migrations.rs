//! Models without migrations: their tables are never made.

use std::collections::BTreeSet;

use camino::{Utf8Path, Utf8PathBuf};

use crate::base::codes::check::settings::MIGRATIONS_ABSENT;
use crate::base::{Diagnostic, LeftOut, Place, path, wording};
use crate::check::{Rule, Subject, at_places};
use crate::inspect::imports;

pub const RULES: &[Rule] = &[Rule { codes: &[MIGRATIONS_ABSENT], find }];

/// An app of the project's own whose models need tables.
struct App {
    label: String,
    folder: Utf8PathBuf,
    model: String,
    place: Place,
}

/// At most one finding, which names every such app.
pub fn find(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let moved = subject.setting("MIGRATION_MODULES").is_some();
    let installed = subject.facts.installed_apps.value.iter();
    let models = models(subject);
    let mut apps: Vec<App> = installed.filter_map(|app| app_of(subject, &models, app)).collect();
    apps.retain(|app| !moved && !has_migrations(subject, &app.folder));
    apps.dedup_by(|a, b| a.folder == b.folder);
    if apps.is_empty() {
        return Vec::new();
    }
    let labels: Vec<&str> = apps.iter().map(|app| app.label.as_str()).collect();
    let verb = if apps.len() == 1 { "has" } else { "have" };
    let title = format!("{} {verb} models and no migrations", wording::and_ticked(&labels));
    let places = apps.iter().map(|app| (&app.place, format!("`{}` needs a table", app.model)));
    let mut diagnostic = at_places(Diagnostic::error(MIGRATIONS_ABSENT, title), places)
        .because("`migrate` makes only the tables that migrations describe, and stops where one needs an app that has none");
    let ignores =
        |app: &App| matches!(subject.tree.left_out(app.folder.join("migrations")), Some(LeftOut::Ignored));
    if apps.iter().any(ignores) {
        diagnostic =
            diagnostic.because("git ignores the folder: what stands there on this machine is on no other");
    }
    vec![diagnostic.help(format!(
        "make and commit them, where the project runs: `python manage.py makemigrations {}`",
        labels.join(" ")
    ))]
}

/// `shop` and `shop.apps.ShopConfig` are the app in the folder `shop`, where it is the project's own and has models.
fn app_of(subject: &Subject<'_>, models: &BTreeSet<String>, name: &str) -> Option<App> {
    let dotted = match name.split_once(".apps.") {
        Some((app, config)) if config.ends_with("Config") || !config.contains('.') && is_class(config) => app,
        _ => name,
    };
    let roots = subject.facts.python_roots.value.iter();
    let folder = roots
        .filter_map(|root| path::join(root, &dotted.replace('.', "/")))
        .find(|folder| subject.tree.is_folder(folder))?;
    let package = folder.join("models");
    let mut files = vec![folder.join("models.py")];
    // Models that only tests make tables for.
    let is_test =
        |file: &Utf8Path| file.file_stem().is_some_and(|stem| stem == "tests" || stem.starts_with("test_"));
    files.extend(
        subject.tree.children(&package).map(|(file, _)| file.to_owned()).filter(|file| !is_test(file)),
    );
    let (model, place) = files.iter().find_map(|file| {
        let (line, model) = first_model(subject.tree.text(file)?, models)?;
        Some((model.to_owned(), Place::line(file, line)))
    })?;
    let label = dotted.rsplit('.').next().unwrap_or(dotted).to_owned();
    Some(App { label, folder, model, place })
}

fn is_class(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_uppercase())
}

/// Tells whether the app has a migration, or one that is in a package elsewhere.
fn has_migrations(subject: &Subject<'_>, folder: &Utf8Path) -> bool {
    let is_migration =
        |file: &Utf8Path| file.extension() == Some("py") && file.file_name() != Some("__init__.py");
    let folder = folder.join("migrations");
    subject.tree.children(&folder).any(|(file, _)| is_migration(file))
}

/// Classes of libraries from which models are derived.
const BASES: &[&str] = &[
    "models.Model",
    "AbstractUser",
    "AbstractBaseUser",
    "MPTTModel",
    "PolymorphicModel",
    "SafeDeleteModel",
    "TimeStampedModel",
    "TranslatableModel",
];

/// Returns the names of the project's classes that are models, abstract ones too, each derived from Django's or from another
/// model of the project.
fn models(subject: &Subject<'_>) -> BTreeSet<String> {
    const MOST_FILES: usize = 1000;
    let is_source = |file: &&Utf8Path| file.extension() == Some("py") && !imports::is_aside(file);
    let sources = subject.tree.files().filter(is_source).filter(|file| {
        // Models lie in modules that are called after them, and abstract ones often in a `base.py`.
        let path = file.as_str();
        ["model", "base", "abstract", "mixin", "core", "common", "util"]
            .iter()
            .any(|word| path.contains(word))
    });
    let texts: Vec<&str> = sources.take(MOST_FILES).filter_map(|file| subject.tree.text(file)).collect();
    let classes: Vec<(&str, &str)> = texts
        .iter()
        .flat_map(|text| text.lines())
        .filter_map(|line| line.strip_prefix("class ")?.split_once('('))
        .collect();
    let mut models = BTreeSet::new();
    loop {
        let before = models.len();
        for (name, bases) in &classes {
            if derives(bases, &models) {
                models.insert(name.trim().to_owned());
            }
        }
        if models.len() == before {
            return models;
        }
    }
}

/// Tells whether one of the bases, as they are written, is a model.
fn derives(bases: &str, models: &BTreeSet<String>) -> bool {
    let bases = bases.split(')').next().unwrap_or(bases);
    bases.split(',').map(str::trim).any(|base| {
        let last = base.rsplit('.').next().unwrap_or(base);
        BASES.iter().any(|known| base == *known || base.ends_with(&format!(".{known}")))
            || models.contains(last)
    })
}

/// The first class of the file that is a model with a table of its own: not abstract, managed by Django.
fn first_model<'a>(text: &'a str, models: &BTreeSet<String>) -> Option<(u32, &'a str)> {
    let lines: Vec<&str> = text.lines().collect();
    lines.iter().enumerate().find_map(|(at, line)| {
        let (name, bases) = line.strip_prefix("class ")?.split_once('(')?;
        let is_model = derives(bases, models);
        let inside = |line: &&&str| line.is_empty() || line.starts_with([' ', '\t', ')', '#']);
        let body: Vec<&str> = lines[at + 1..]
            .iter()
            .take_while(inside)
            .map(|line| line.split('#').next().unwrap_or_default())
            .collect();
        let says = |what: &str| body.iter().any(|line| line.replace(' ', "").contains(what));
        let has_none = says("abstract=True") || says("managed=False") || says("proxy=True");
        (is_model && !has_none).then(|| (u32::try_from(at).unwrap_or(0) + 1, name.trim()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::of_settings;

    const MODEL: &str =
        "from django.db import models\n\nclass Item(models.Model):\n    name = models.TextField()\n";

    fn check(app: &str, models: &str, more: &[(&str, &str)], expected: &[&str]) {
        let settings = format!("INSTALLED_APPS = ['{app}']\nROOT_URLCONF = 'site.urls'\n");
        let mut files = vec![
            ("site/settings.py", settings.as_str()),
            ("shop/__init__.py", ""),
            ("shop/models.py", models),
        ];
        files.extend_from_slice(more);
        assert_eq!(of_settings(RULES, "", &files), expected, "{models}");
    }

    #[test]
    fn models_without_migrations_are_found() {
        check("shop", MODEL, &[], &["migrations-absent:3"]);
        check(
            "shop.apps.ShopConfig",
            MODEL,
            &[("shop/migrations/__init__.py", "")],
            &["migrations-absent:3"],
        );
        let user =
            "from django.contrib.auth.models import AbstractUser\nclass User(AbstractUser):\n    pass\n";
        check("shop", "", &[("shop/models/user.py", user)], &["migrations-absent:2"]);
    }

    #[test]
    fn models_that_derive_from_the_projects_own_count() {
        let base = "from django.db import models\nclass Dated(models.Model):\n    class Meta:\n        abstract = True\n";
        let item = "from core.models import Dated\n\nclass Item(Dated):\n    pass\n";
        check("shop", item, &[("core/models.py", base)], &["migrations-absent:3"]);
        let named = "from core.models import Named\nclass Item(Named, object):\n    pass\n";
        let derived =
            "from .base import Dated\nclass Named(Dated):\n    class Meta:\n        abstract = True\n";
        check(
            "shop",
            named,
            &[("core/base.py", base), ("core/models.py", derived)],
            &["migrations-absent:2"],
        );
        let here = format!("{base}\nclass Item(Dated):\n    pass\n");
        check("shop", &here, &[], &["migrations-absent:6"]);
        let dotted = "from core import models as core\nclass Item(core.Dated):\n    pass\n";
        check("shop", dotted, &[("core/models.py", base)], &["migrations-absent:2"]);
        let library =
            "from model_utils.models import TimeStampedModel\nclass Item(TimeStampedModel):\n    pass\n";
        check("shop", library, &[], &["migrations-absent:2"]);
    }

    #[test]
    fn classes_that_only_look_like_models_are_none() {
        for models in [
            "class Item(BaseModel):\n    pass\n",
            "from pydantic import BaseModel\nclass Item(BaseModel):\n    pass\n",
            "from core.enums import Kind\nclass Item(Kind):\n    A = 1\n",
        ] {
            check("shop", models, &[("core/enums.py", "class Kind(str):\n    pass\n")], &[]);
        }
    }

    #[test]
    fn what_needs_no_table_of_its_own_is_none() {
        check("shop", MODEL, &[("shop/migrations/0001_initial.py", "")], &[]);
        check("other", MODEL, &[], &[]);
        check("shop", "", &[("shop/models/tests.py", MODEL), ("shop/models/test_items.py", MODEL)], &[]);
        for body in ["abstract = True", "managed = False", "proxy=True"] {
            let models = format!("{MODEL}    class Meta:\n        {body}\n");
            check("shop", &models, &[], &[]);
        }
        check(
            "shop",
            "from django.db import models\n\nclass Choice(models.TextChoices):\n    A = 'a'\n",
            &[],
            &[],
        );
        let moved =
            "INSTALLED_APPS = ['shop']\nROOT_URLCONF = 'site.urls'\nMIGRATION_MODULES = {'shop': 'm.shop'}\n";
        check("shop", MODEL, &[("site/settings.py", moved)], &[]);
    }
}
