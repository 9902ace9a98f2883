//! Inspecting any tree of small files never panics: names and contents come from the input.
#![no_main]

use djdock::base::Tree;
use libfuzzer_sys::fuzz_target;

const NAMES: [&str; 12] = [
    "manage.py",
    "site/settings.py",
    "site/settings/__init__.py",
    "site/settings/production.py",
    "site/wsgi.py",
    "site/asgi.py",
    "site/celery.py",
    "site/urls.py",
    "Dockerfile",
    "compose.yaml",
    "Procfile",
    "package.json",
];

fuzz_target!(|files: Vec<(u8, &[u8])>| {
    let named = files.into_iter().map(|(name, contents)| (NAMES[usize::from(name) % NAMES.len()], contents));
    djdock::inspect::inspect(&Tree::from_literals(named));
});
