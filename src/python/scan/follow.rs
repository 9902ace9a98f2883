//! The values of an expression, as far as the file itself tells: its texts, the folder that it names.

use camino::{Utf8Path, Utf8PathBuf};

use super::{Expression, Scan};
use crate::base::path;

const DEEPEST: usize = 12;
const MOST_TEXTS: usize = 16;

impl Scan {
    /// Each text that `expression` may come to, the one where nothing is set first: literals, names bound in
    /// the file, defaults of variables, f-strings of these. Empty where none is known.
    pub fn texts_of(&self, expression: &Expression) -> Vec<String> {
        let mut texts = self.texts_within(expression, DEEPEST);
        let mut seen = std::collections::BTreeSet::new();
        texts.retain(|text| seen.insert(text.clone()));
        texts
    }

    fn texts_within(&self, expression: &Expression, depth: usize) -> Vec<String> {
        let Some(depth) = depth.checked_sub(1) else { return Vec::new() };
        let each = |items: &[Expression]| -> Vec<String> {
            items.iter().flat_map(|item| self.texts_within(item, depth)).take(MOST_TEXTS).collect()
        };
        match expression {
            Expression::Str(text) => vec![text.clone()],
            Expression::Either(items) => each(items),
            Expression::Joined(parts) => {
                let mut all = vec![String::new()];
                for part in parts {
                    let ends = self.texts_within(part, depth);
                    all = all
                        .iter()
                        .flat_map(|start| ends.iter().map(move |end| format!("{start}{end}")))
                        .take(MOST_TEXTS)
                        .collect();
                }
                all
            }
            Expression::Name(name) => {
                // What always runs is what it is where no test holds; the last such binding wins.
                let (certain, other): (Vec<_>, Vec<_>) =
                    self.bound(name).partition(|one| !one.context.conditional);
                let certain = certain.into_iter().take(1);
                // Of several tests the first is asked first: a `try` before its `except`.
                let values = certain.chain(other.into_iter().rev()).map(|one| &one.value);
                values.flat_map(|value| self.texts_within(value, depth)).take(MOST_TEXTS).collect()
            }
            // The second argument of every reader of the environment is the default.
            Expression::Call(callee, arguments, keywords) => {
                let reads = callee.as_name().is_some_and(reads_environment);
                let method =
                    matches!(&**callee, Expression::Attribute(_, name) if name == "lower" || name == "strip");
                let by_name = keywords.iter().find(|(name, _)| name == "default").map(|(_, value)| value);
                match (reads, method, by_name.or(arguments.get(1))) {
                    (true, _, Some(default)) => self.texts_within(default, depth),
                    (_, true, _) => match &**callee {
                        Expression::Attribute(inner, _) => self.texts_within(inner, depth),
                        _ => Vec::new(),
                    },
                    _ => Vec::new(),
                }
            }
            _ => Vec::new(),
        }
    }

    /// The folder or file in the tree that `expression` names, seen from the file itself: `__file__` and
    /// what `os.path` and `pathlib` make of it. Text alone is seen from `working`.
    pub fn path_of(&self, expression: &Expression, working: &Utf8Path) -> Option<Utf8PathBuf> {
        self.path_within(expression, working, DEEPEST * 2)
    }

    fn path_within(&self, expression: &Expression, working: &Utf8Path, depth: usize) -> Option<Utf8PathBuf> {
        let depth = depth.checked_sub(1)?;
        let inner = |expression: &Expression| self.path_within(expression, working, depth);
        match expression {
            Expression::Str(text) => path::join(working, text),
            Expression::Name(name) if name == "__file__" => Some(self.path.clone()),
            Expression::Name(name) => {
                if let Some(binding) = self.bound(name).next() {
                    return self.path_within(&binding.value, working, depth);
                }
                let (of, attribute) = name.rsplit_once('.')?;
                (attribute == "parent")
                    .then(|| inner(&Expression::Name(of.to_owned())))?
                    .and_then(|at| above(&at))
            }
            Expression::Attribute(of, name) if name == "parent" => above(&inner(of)?),
            Expression::Item(of, index) => {
                let Expression::Int(levels) = **index else { return None };
                let of = match &**of {
                    Expression::Attribute(of, name) if name == "parents" => inner(of)?,
                    Expression::Name(name) => {
                        inner(&Expression::Name(name.strip_suffix(".parents")?.to_owned()))?
                    }
                    _ => return None,
                };
                (0..=levels.clamp(0, 20)).try_fold(of, |at, _| above(&at))
            }
            Expression::Joined(parts) => {
                let (first, rest) = parts.split_first()?;
                rest.iter().try_fold(inner(first)?, |at, part| path::join(&at, part.as_str()?))
            }
            Expression::Call(callee, arguments, _) => {
                let join = |at: Utf8PathBuf, parts: &[Expression]| {
                    parts.iter().try_fold(at, |at, part| path::join(&at, part.as_str()?))
                };
                match &**callee {
                    Expression::Attribute(of, name)
                        if matches!(name.as_str(), "resolve" | "absolute" | "as_posix") =>
                    {
                        inner(of)
                    }
                    Expression::Attribute(of, name) if name == "joinpath" => join(inner(of)?, arguments),
                    Expression::Name(name) => {
                        let (of, last) = name.rsplit_once('.').unwrap_or(("", name));
                        match last {
                            "dirname" => above(&inner(arguments.first()?)?),
                            "join" => join(inner(arguments.first()?)?, arguments.get(1..)?),
                            "abspath" | "realpath" | "normpath" | "str" | "Path" | "fspath" | "PurePath" => {
                                inner(arguments.first()?)
                            }
                            "getcwd" | "cwd" => Some(working.to_owned()),
                            "resolve" | "absolute" => inner(&Expression::Name(of.to_owned())),
                            "joinpath" => join(inner(&Expression::Name(of.to_owned()))?, arguments),
                            _ => None,
                        }
                    }
                    _ => None,
                }
            }
            _ => None,
        }
    }
}

/// The folder above; `None` above the tree's own.
fn above(at: &Utf8Path) -> Option<Utf8PathBuf> {
    (at != ".").then(|| path::parent(at).to_owned())
}

/// Tells whether a call of this name reads a variable and takes its default second: `os.environ.get`, `os.getenv`,
/// `config`, `env`, `env.str`.
fn reads_environment(name: &str) -> bool {
    let last = name.rsplit('.').next().unwrap_or(name);
    matches!(last, "get" | "getenv" | "config" | "env" | "str" | "get_env" | "getenv_default")
}

#[cfg(test)]
mod tests {
    use super::super::scan;
    use super::*;

    fn look(path: &str, text: &str) -> Scan {
        scan(Utf8Path::new(path), text)
    }

    #[test]
    fn a_text_is_followed_through_names_tests_and_defaults() {
        let check = |text: &str, expected: &[&str]| {
            let scan = look("manage.py", text);
            let call = scan.calls.iter().find(|call| call.callee == "os.environ.setdefault").unwrap();
            assert_eq!(scan.texts_of(&call.arguments[1]), expected, "{text}");
        };
        check("os.environ.setdefault('X', 'a.settings')", &["a.settings"]);
        check(
            "s = 'a.prod' if 'HOST' in os.environ else 'a.dev'\nos.environ.setdefault('X', s)",
            &["a.dev", "a.prod"],
        );
        check(
            "e = 'production'\nif os.environ.get('D') == '1':\n    e = 'development'\n\
             os.environ.setdefault('X', f'a.{e}')",
            &["a.production", "a.development"],
        );
        check("os.environ.setdefault('X', os.environ.get('Y', default='b'))", &["b"]);
        check("os.environ.setdefault('X', unknown())", &[]);
    }

    #[test]
    fn paths_are_followed_from_the_file() {
        let check = |text: &str, expected: Option<&str>| {
            let scan = look("back/app/manage.py", text);
            let call = scan.calls.iter().find(|call| call.callee == "sys.path.insert").unwrap();
            let found = scan.path_of(&call.arguments[1], Utf8Path::new("back/app"));
            assert_eq!(found.as_deref(), expected.map(Utf8Path::new), "{text}");
        };
        check(
            "sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'src'))",
            Some("back/src"),
        );
        check(
            "HERE = Path(__file__).resolve().parent\nsys.path.insert(0, str(HERE / 'src'))",
            Some("back/app/src"),
        );
        check("HERE = Path(__file__).resolve().parents[1]\nsys.path.insert(0, str(HERE.parent))", Some("."));
        check("sys.path.insert(0, 'apps')", Some("back/app/apps"));
        check("sys.path.insert(0, '/usr/lib')", None);
        check("sys.path.insert(0, str(Path(__file__).resolve().parents[9]))", None);
    }
}
