//! Evaluating any bytes as a settings module neither panics nor runs past its limits.
#![no_main]

use std::collections::BTreeMap;

use camino::Utf8PathBuf;
use djdock::base::Tree;
use djdock::base::codes::settings::SETTINGS_READER_FAILED;
use djdock::python::{Evaluation, Request, World, evaluate};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|source: &[u8]| {
    let tree = Tree::from_literals([("manage.py", b"".as_slice()), ("settings.py", source)]);
    let roots = [Utf8PathBuf::from(".")];
    let open = Request { tree: &tree, roots: &roots, module: "settings", class: None, world: World::Open };
    told(&evaluate(&open));
    let (variables, files) = (BTreeMap::new(), BTreeMap::new());
    told(&evaluate(&Request { world: World::Closed { variables: &variables, files: &files }, ..open }));
});

/// A panic is caught where settings are evaluated, and told; here it is what is looked for.
fn told(evaluation: &Evaluation) {
    assert!(!evaluation.diagnostics.iter().any(|one| one.code == SETTINGS_READER_FAILED));
}
