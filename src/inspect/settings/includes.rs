//! The files that `include("components/base.py", "env/*.py")` of split-settings names.

use camino::Utf8PathBuf;

use crate::base::path;
use crate::python::scan::{Expression, Scan};

/// Deeper than this names are not followed.
const DEEPEST: usize = 8;
/// Patterns that one file may name.
const MOST: usize = 64;

/// The patterns of every `include()` of a file, relative to the tree, with `*` for what is not known; `None` where
/// it calls none.
pub(super) fn read(scan: &Scan) -> Option<Vec<Utf8PathBuf>> {
    let folder = path::parent(&scan.path);
    let mut calls = scan.calls_of("split_settings.tools.include").peekable();
    calls.peek()?;
    let texts =
        calls.flat_map(|call| call.arguments.iter().flat_map(|argument| patterns(scan, argument, DEEPEST)));
    // A pattern that says nothing would take in every file.
    let named = texts.filter(|text| text.contains(|letter: char| letter.is_ascii_alphanumeric()));
    Some(named.filter_map(|text| path::join(folder, &text)).take(MOST).collect())
}

fn patterns(scan: &Scan, expression: &Expression, depth: usize) -> Vec<String> {
    let Some(depth) = depth.checked_sub(1) else { return Vec::new() };
    let each = |items: &[Expression]| -> Vec<String> {
        items.iter().flat_map(|item| patterns(scan, item, depth)).take(MOST).collect()
    };
    match expression {
        Expression::List(items) | Expression::Either(items) => each(items),
        Expression::Name(name) => {
            scan.bound(name).flat_map(|one| patterns(scan, &one.value, depth)).take(MOST).collect()
        }
        Expression::Joined(parts) if parts.iter().any(|part| is_list(scan, part)) => each(parts),
        Expression::Joined(parts) => vec![parts.iter().map(|part| part_of(scan, part)).collect()],
        Expression::Call(callee, arguments, _) => match &**callee {
            // `"environments/{0}.py".format(STAGE)`
            Expression::Attribute(text, method) if method == "format" => {
                patterns(scan, text, depth).iter().map(|text| without_fields(text)).collect()
            }
            Expression::Name(name) if scan.full_name(name).ends_with("tools.optional") => each(arguments),
            // What is put together otherwise leads elsewhere: `os.path.join("/etc/shop", "*.py")`.
            _ => Vec::new(),
        },
        other => scan.texts_of(other),
    }
}

/// A part of a name: as it stands, or `*` where it is none that the file itself says.
fn part_of(scan: &Scan, part: &Expression) -> String {
    match part {
        Expression::Str(text) => text.clone(),
        // What a variable gives is its default, and anything else.
        Expression::Name(name) => match scan.bound(name).next().map(|one| &one.value) {
            Some(Expression::Str(text)) => text.clone(),
            _ => "*".to_owned(),
        },
        _ => "*".to_owned(),
    }
}

fn is_list(scan: &Scan, part: &Expression) -> bool {
    match part {
        Expression::List(_) => true,
        Expression::Name(name) => scan.bound(name).any(|one| matches!(one.value, Expression::List(_))),
        _ => false,
    }
}

/// The text with `*` for each field of `str.format`.
fn without_fields(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        out.push('*');
        rest = after.split_once('}').map_or("", |(_, after)| after);
    }
    out + rest
}

/// Tells whether `path` fits a pattern with `*`.
pub(super) fn fits(pattern: &str, path: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = path.strip_prefix(first) else { return false };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else { return rest.is_empty() };
    for part in parts {
        match rest.split_once(part) {
            Some((_, after)) => rest = after,
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::python::scan::scan;
    use camino::Utf8Path;

    fn named(text: &str) -> Option<Vec<String>> {
        let scan = scan(Utf8Path::new("server/settings/__init__.py"), text);
        read(&scan).map(|found| found.into_iter().map(Utf8PathBuf::into_string).collect())
    }

    #[test]
    fn what_is_included_is_followed_through_tuples_and_formats() {
        let text = r#"
from os import environ
from split_settings.tools import include, optional
_ENV = environ["DJANGO_ENV"]
_base_settings = (
    "components/common.py",
    "environments/{0}.py".format(_ENV),
    f"stages/{_ENV}.py",
    optional("environments/local.py"),
)
_more = _base_settings + ("components/late.py",)
include(*_more)
"#;
        let expected = [
            "server/settings/components/common.py",
            "server/settings/environments/*.py",
            "server/settings/stages/*.py",
            "server/settings/environments/local.py",
            "server/settings/components/late.py",
        ];
        assert_eq!(named(text), Some(expected.map(str::to_owned).to_vec()));
        assert_eq!(named("from split_settings.tools import include\ninclude(*parts())\n"), Some(Vec::new()));
        assert_eq!(named("include('a.py')\n"), None);
        let elsewhere = "import os\nfrom split_settings.tools import include, optional\nfolder = os.environ.get('FOLDER', '/etc/shop')\n\
            include(optional(os.path.join(folder, '*.py')))\n";
        assert_eq!(named(elsewhere), Some(Vec::new()));
    }

    #[test]
    fn patterns_take_any_number_of_stars() {
        assert!(fits("a/*.py", "a/b.py") && fits("a/*/c*.py", "a/b/cd.py") && fits("a/b.py", "a/b.py"));
        assert!(!fits("a/*.py", "b/a.py") && !fits("a/b.py", "a/b.pyc") && !fits("a/*x*.py", "a/b.py"));
    }
}
