//! Words of situations that only an Engine or a broken machine can bring about, kept in `tests/messages/constructed`.

use annotate_snippets::Renderer;

use super::diagnostics::render;
use crate::base::Diagnostic;

/// Compares what is said with what is kept under the code's name; `UPDATE_EXPECT=1` keeps what is said now.
pub(crate) fn assert_said(diagnostic: &Diagnostic) {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/messages/constructed");
    let path = format!("{folder}/{}.txt", diagnostic.code);
    let now = format!("{}\n", render(None, diagnostic, &Renderer::plain()));
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::create_dir_all(folder).unwrap();
        std::fs::write(&path, &now).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(now, kept, "{path}: UPDATE_EXPECT=1 keeps what is said now");
}
