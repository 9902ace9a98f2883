//! The path below which the whole site lies: `FORCE_SCRIPT_NAME`.
//!
//! Django puts it before every link that it makes and expects requests without it, so the proxy takes it off:
//! <https://docs.djangoproject.com/en/stable/ref/settings/#force-script-name>.

use crate::plan::settle::Settled;

/// The prefix, with a slash before it and none after it: `/notes`.
pub(in crate::plan) fn of(settled: &Settled) -> Option<String> {
    let inner = settled.evaluation.get("FORCE_SCRIPT_NAME")?.as_str()?.trim_matches('/');
    (!inner.is_empty()).then(|| format!("/{inner}"))
}

/// Tells whether the proxy's configuration can hold the prefix as it is.
pub(in crate::plan) fn is_plain(prefix: &str) -> bool {
    prefix.chars().all(|c| c.is_ascii_alphanumeric() || "/_-".contains(c))
}

/// A path as it is when the prefix is off: it may lie beside the prefix, too.
pub(super) fn without(prefix: Option<&str>, path: &str) -> String {
    let inside = prefix.and_then(|prefix| path.strip_prefix(prefix));
    inside.filter(|rest| rest.starts_with('/') && rest.len() > 1).unwrap_or(path).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_is_taken_off_paths_that_lie_below_it() {
        let cases = [
            ("/notes/static/", "/static/"),
            ("/static/", "/static/"),
            ("/notes/", "/notes/"),
            ("/notesx/a/", "/notesx/a/"),
        ];
        for (path, expected) in cases {
            assert_eq!(without(Some("/notes"), path), expected);
        }
        assert_eq!(without(None, "/static/"), "/static/");
    }
}
