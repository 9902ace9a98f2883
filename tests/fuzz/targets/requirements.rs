//! Reading any bytes as a manifest of dependencies never panics.
#![no_main]

use djdock::base::Tree;
use libfuzzer_sys::fuzz_target;

const NAMES: [&str; 8] = [
    "requirements.txt",
    "pyproject.toml",
    "Pipfile",
    "setup.py",
    "setup.cfg",
    "uv.lock",
    "poetry.lock",
    "environment.yml",
];

fuzz_target!(|input: (u8, &[u8])| {
    let name = NAMES[usize::from(input.0) % NAMES.len()];
    let tree = Tree::from_literals([("manage.py", b"".as_slice()), (name, input.1)]);
    djdock::inspect::inspect(&tree);
});
