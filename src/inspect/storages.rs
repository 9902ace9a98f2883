//! Storages that keep files with a service: whether any is declared, and whether static files go to one. They are two
//! facts: most projects with a bucket keep only uploads in it.

use super::project::{Project, mentions};
use crate::base::{Evidence, Fact};
use crate::python::{Evaluation, Minor, Value};

/// Parts of the dotted names of backends that keep files with a service rather than on a disk.
const SERVICES: &[&str] = &[
    "storages.backends",
    "s3boto",
    "s3.s3storage",
    "gcloud",
    "azure_storage",
    "cloudinary",
    "minio_storage",
    "django_s3_storage",
    "dropbox",
    "aliyun",
    "oss2",
    "django_oss",
    "qiniu",
    "b2_storage",
    "s3_file_field",
    "objectstorage",
    "imagekitio",
    "supabase",
];
/// Apps that bring such backends and nothing else.
const APPS: &[&str] = &["storages", "minio_storage", "cloudinary_storage"];
/// How many classes of the project's own may stand between a backend and the service's.
const DEEPEST: usize = 4;
/// The line that brought `STORAGES`: <https://docs.djangoproject.com/en/stable/releases/4.2/#custom-file-storages>.
const STORAGES_SINCE: Minor = Minor(4, 2);
/// The line that looks at nothing else: <https://docs.djangoproject.com/en/stable/releases/5.1/>.
const STORAGES_ONLY_SINCE: Minor = Minor(5, 1);

/// Tells whether the dotted name is that of a backend that keeps files with a service.
pub(crate) fn is_service(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    SERVICES.iter().any(|service| lower.contains(service)) && !lower.contains("filesystem")
}

/// Tells whether the dotted name is that of a backend that is known to write to a folder.
pub(crate) fn is_folder(name: &str) -> bool {
    name.starts_with("django.") || name.starts_with("whitenoise.")
}

/// Returns the backends that the settings may come to for static files; `None` where one cannot be read. `django` is the
/// installed line.
pub(crate) fn backends_of_static_files(
    evaluation: &Evaluation,
    django: Option<Minor>,
) -> Option<Vec<String>> {
    const USUAL: &str = "django.contrib.staticfiles.storage.StaticFilesStorage";
    for (name, keys) in names_of_static_backend(django) {
        let Some(value) = evaluation.get(name) else { continue };
        let set = backends(value, keys)?;
        if !set.is_empty() {
            return Some(set);
        }
    }
    Some(vec![USUAL.to_owned()])
}

/// Returns the texts that `value` may come to below `keys`; `None` where one cannot be read.
fn backends(value: &Value, keys: &[&str]) -> Option<Vec<String>> {
    if let Value::OneOf(alternatives) = value {
        let all: Option<Vec<Vec<String>>> = alternatives.iter().map(|one| backends(one, keys)).collect();
        return Some(all?.concat());
    }
    match keys.split_first() {
        None => Some(vec![value.as_str()?.to_owned()]),
        Some((key, rest)) => match value.get(key) {
            Some(inner) => backends(inner, rest),
            // A table without the entry leaves it to Django.
            None => value.entries().map(|_| Vec::new()),
        },
    }
}

/// Tells whether any storage of production keeps files with a service: as the default one, for static files, or under a
/// name of its own; an app that brings such storages counts too.
pub(super) fn declared(project: &Project<'_>) -> Fact<bool> {
    let settings = &project.prod;
    let names =
        ["STORAGES", "DEFAULT_FILE_STORAGE", "STATICFILES_STORAGE", "PRIVATE_FILE_STORAGE", "MEDIA_STORAGE"];
    for name in names {
        if settings.mentions(name, is_service) {
            return Fact::with(true, settings.evidence(name, "names an object storage"));
        }
        let Some(setting) = settings.get(name) else { continue };
        let derives = |text: &str| derives_from_service(project, text);
        if mentions(&setting.value, &derives, 0) {
            return Fact::with(
                true,
                settings.evidence(name, "names a class that derives from an object storage"),
            );
        }
    }
    if project.apps().iter().any(|app| APPS.contains(&app.split('.').next().unwrap_or(app))) {
        return Fact::with(true, settings.evidence("INSTALLED_APPS", "installs an app for object storage"));
    }
    Fact::with(false, settings.evidence("STORAGES", "names no object storage"))
}

/// The settings that name the backend for static files, the one that wins first, each with the keys that lead to the name.
/// `django` is the installed line.
pub(crate) fn names_of_static_backend(
    django: Option<Minor>,
) -> &'static [(&'static str, &'static [&'static str])] {
    const NAMES: &[(&str, &[&str])] =
        &[("STORAGES", &["staticfiles", "BACKEND"]), ("STATICFILES_STORAGE", &[])];
    match django {
        Some(django) if django < STORAGES_SINCE => &NAMES[1..],
        Some(django) if django >= STORAGES_ONLY_SINCE => &NAMES[..1],
        _ => NAMES,
    }
}

/// Tells whether the storage for static files puts a hash of the contents into each file's name, and therefore knows collected
/// files alone. `django` is the installed line.
pub(crate) fn hashes_static_names(evaluation: &Evaluation, django: Option<Minor>) -> bool {
    let backend = |(name, keys): &(&str, &[&str])| {
        keys.iter().try_fold(evaluation.get(name)?, |value, key| value.get(key))
    };
    let storage = names_of_static_backend(django).iter().find_map(backend);
    storage.and_then(Value::as_str).is_some_and(|backend| backend.contains("Manifest"))
}

/// Tells whether production's `collectstatic` copies to a service. `django` is the installed line: it decides which setting
/// is looked at.
pub(super) fn for_static_files(project: &Project<'_>, django: Option<Minor>) -> Fact<bool> {
    let settings = &project.prod;
    for &(name, keys) in names_of_static_backend(django) {
        let Some((setting, value)) = settings.get(name).zip(settings.assumed(name)) else { continue };
        let backend = keys.iter().try_fold(&value, |value, key| value.get(key));
        let Some(backend) = backend.and_then(Value::assumed) else { continue };
        let Some(backend) = backend.as_str() else { continue };
        let on_service = is_service(backend) || derives_from_service(project, backend);
        let reason = if on_service { "keeps static files with" } else { "collects static files with" };
        let evidence = vec![Evidence::new(setting.place.clone(), format!("{reason} `{backend}`"))];
        return Fact::with(on_service, evidence);
    }
    let evidence = vec![Evidence::new(settings.place("STORAGES"), "keeps static files in a folder")];
    Fact::with(false, evidence)
}

/// Tells whether the class is the project's own and one of its bases, or of theirs, keeps files with a service.
fn derives_from_service(project: &Project<'_>, dotted: &str) -> bool {
    let mut names = vec![dotted.to_owned()];
    for _ in 0..DEEPEST {
        let mut bases = Vec::new();
        for (module, class) in names.iter().filter_map(|name| name.rsplit_once('.')) {
            let Some(file) = project.sources.file_of(module) else { continue };
            let Some(scan) = project.sources.scan(&file) else { continue };
            let Some(own) = scan.classes.iter().find(|own| own.name == class) else { continue };
            bases.extend(own.bases.iter().map(|base| {
                let is_here = scan.classes.iter().any(|own| own.name == *base);
                let relative = scan.imports.iter().find(|import| import.level > 0 && import.bound == *base);
                let package =
                    relative.and_then(|import| project.sources.absolute(&file, import.level, &import.module));
                match (relative.and_then(|import| import.name.as_ref()), package) {
                    (Some(name), Some(package)) => format!("{package}.{name}"),
                    _ if is_here => format!("{module}.{base}"),
                    _ => scan.full_name(base),
                }
            }));
        }
        if bases.iter().any(|base| is_service(base)) {
            return true;
        }
        names = bases;
    }
    false
}
