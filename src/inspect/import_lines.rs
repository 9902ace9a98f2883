//! Imports of a Python file by its lines: to parse a file takes many times as long.

/// A module that a file imports, or a name of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ImportLine {
    /// As written, without leading dots; empty in `from . import x`.
    pub(super) module: String,
    /// How many dots lead it.
    pub(super) level: u32,
    /// In `from module import name`; `None` for a plain `import module`.
    pub(super) name: Option<String>,
    /// Runs only when a function is called.
    pub(super) in_function: bool,
    /// How far the line is indented: what is indented outside of functions may stand under a condition.
    pub(super) indent: usize,
}

/// Returns the imports of `text` in the order of its lines.
pub(super) fn import_lines(text: &str) -> Vec<ImportLine> {
    let mut found = Vec::new();
    let mut lines = text.lines();
    let mut quotes = vec!["\"\"\"", "'''"];
    quotes.retain(|quotes| text.contains(quotes));
    // How far the head of the function is indented that the lines are in.
    let mut function: Option<usize> = None;
    // The quotes that end the text over several lines that the lines are in.
    let mut open: Option<&str> = None;
    while let Some(line) = lines.next() {
        let code = line.trim_start();
        if let Some(quotes) = open {
            if opens_or_closes(code, quotes) {
                open = None;
            }
            continue;
        }
        if code.is_empty() || code.starts_with(['#', ')', ']', '}']) {
            continue;
        }
        let indent = line.len() - code.len();
        if function.is_some_and(|head| indent <= head) {
            function = None;
        }
        if code.starts_with("import ") || code.starts_with("from ") {
            let statement = whole(code, &mut lines);
            for one in statement.split(';') {
                add(one.trim(), function.is_some(), indent, &mut found);
            }
            continue;
        }
        open = quotes.iter().copied().find(|quotes| opens_or_closes(code, quotes));
        let head = code.strip_prefix("async ").unwrap_or(code);
        if function.is_none() && head.starts_with("def ") {
            function = Some(indent);
        }
    }
    found
}

/// Tells whether a line holds an odd number of `quotes`.
fn opens_or_closes(line: &str, quotes: &str) -> bool {
    // Most lines hold none, and to look for one character is many times as fast.
    let first = quotes.as_bytes().first();
    first.is_some_and(|first| line.as_bytes().contains(first)) && line.matches(quotes).count() % 2 == 1
}

/// The statement that begins with `first`, without comments and parentheses, in one line.
fn whole<'a>(first: &'a str, lines: &mut impl Iterator<Item = &'a str>) -> String {
    let without_comment = |line: &'a str| line.split('#').next().unwrap_or(line).trim_end();
    let mut statement = without_comment(first).to_owned();
    loop {
        let goes_on = statement.ends_with('\\');
        if goes_on {
            statement.pop();
        }
        if !goes_on && (!statement.contains('(') || statement.contains(')')) {
            return statement.replace(['(', ')'], " ");
        }
        let Some(next) = lines.next() else { return statement.replace(['(', ')'], " ") };
        statement.push(' ');
        statement.push_str(without_comment(next).trim_start());
    }
}

fn add(statement: &str, in_function: bool, indent: usize, found: &mut Vec<ImportLine>) {
    let names = |list: &str| -> Vec<String> {
        let names = list.split(',').filter_map(|one| one.split_whitespace().next());
        names.map(str::to_owned).collect()
    };
    if let Some(modules) = statement.strip_prefix("import ") {
        let plain = |module| ImportLine { module, level: 0, name: None, in_function, indent };
        found.extend(names(modules).into_iter().map(plain));
        return;
    }
    let Some(rest) = statement.strip_prefix("from ") else { return };
    let rest = rest.trim_start();
    let named = rest.trim_start_matches(['.', ' ']);
    let level = rest[..rest.len() - named.len()].matches('.').count();
    let end = named.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.')).unwrap_or(named.len());
    let (module, list) = match named.split_at(end) {
        ("import", list) => ("", Some(list)),
        (module, list) => (module, list.trim_start().strip_prefix("import")),
    };
    let Some(list) = list else { return };
    let level = u32::try_from(level).unwrap_or(u32::MAX);
    let named = |name| ImportLine { module: module.to_owned(), level, name: Some(name), in_function, indent };
    found.extend(names(list).into_iter().map(named));
}

#[cfg(test)]
mod tests {
    use camino::Utf8Path;

    use super::import_lines;
    use crate::python::scan::scan;

    #[test]
    fn lines_say_what_the_parser_says() {
        for text in [
            "import os, sys as system\nimport a.b.c\n",
            "from a import b as c, d\nfrom .x import y\nfrom . import z\nfrom ..p.q import *\nfrom .import w\n",
            "from a import (  # why\n    b,\n    c as d,  # because\n)\nfrom e import f, \\\n    g\n",
            "\"\"\"Text.\n\nfrom here import nothing\nimport nothing\n\"\"\"\nimport real\n",
            "X = '''\nimport nothing\n'''; Y = 1\nimport real; import other\n",
            "def f(\n    a,\n):\n    import b\n\n    if a:\n        from c import d\nimport e\n",
            "class A:\n    import b\n    async def f(self):\n        from c import d\n    from e import f\n",
            "if TYPE_CHECKING:\n    from a import b\ntry:\n    import c\nexcept ImportError:\n    c = None\n",
            "def f():\n    text = \"\"\"\nimport nothing\n\"\"\"\n    import a\nimport b\n",
            "important = 1\nfrom_ = 2\n# import nothing\n",
        ] {
            let lines: Vec<_> = import_lines(text)
                .into_iter()
                .map(|one| (one.module, one.level, one.name, one.in_function))
                .collect();
            let parsed: Vec<_> = scan(Utf8Path::new("a.py"), text)
                .imports
                .into_iter()
                .map(|one| (one.module, one.level, one.name, one.context.function))
                .collect();
            assert_eq!(lines, parsed, "{text}");
        }
    }

    #[test]
    fn broken_statements_are_passed_over() {
        for text in [
            "from ",
            "import ",
            "from a",
            "from a import (",
            "import a.",
            "from . import \\",
            "from é",
            "'''",
        ] {
            let _ = import_lines(text);
            let _ = import_lines(&format!("{text}\n"));
        }
    }
}
