//! Words that stand for true.

/// Tells whether a reader of variables takes `text` for true, as `strtobool` and django-environ do.
pub(super) fn is_true(text: &str) -> bool {
    matches!(text.trim().to_lowercase().as_str(), "true" | "on" | "ok" | "y" | "yes" | "1" | "t")
}
