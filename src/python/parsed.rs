//! A Python file, parsed: once for all evaluations of one command.

use ruff_python_ast::visitor::{Visitor, walk_expr, walk_pattern, walk_stmt};
use ruff_python_ast::{Expr, Mod, Pattern, Stmt};
use ruff_python_parser::{Mode, ParseOptions, parse_unchecked};

/// Nesting beyond this is not kept: letting go of it takes a stack as deep as the one that it was parsed on.
const DEEPEST: u32 = 300;

/// F-strings in f-strings that are still read: the parser takes time with the square of their number.
const MOST_NESTED_TEXTS: usize = 500;

#[derive(Debug)]
pub(super) struct Parsed {
    pub(super) text: String,
    pub(super) body: Vec<Stmt>,
    pub(super) line_starts: Vec<u32>,
    /// The line and the reason, if the file is not Python 3.
    pub(super) problem: Option<(u32, String)>,
}

impl Parsed {
    /// Parses `text`; what cannot be parsed is left out, as far as the parser can recover.
    pub(super) fn new(text: &str) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text).to_owned();
        if opens_too_many_texts(&text) {
            let problem = Some((0, "f-strings are nested too deep".to_owned()));
            return Self { text, body: Vec::new(), line_starts: vec![0], problem };
        }
        let parsed = parse_unchecked(&text, ParseOptions::from(Mode::Module));
        let problem =
            parsed.errors().first().map(|error| (error.location.start().to_u32(), error.error.to_string()));
        let body = match parsed.into_syntax() {
            Mod::Module(module) => module.body.into_iter().collect(),
            Mod::Expression(_) => Vec::new(),
        };
        let line_starts = line_starts(&text);
        Self { text, body, line_starts, problem }
    }

    /// Text that is not Python, for its places.
    pub(super) fn data(text: &str) -> Self {
        Self { text: text.to_owned(), body: Vec::new(), line_starts: line_starts(text), problem: None }
    }

    /// Tells whether it may be kept, and let go of on any stack.
    pub(super) fn is_shallow(&self) -> bool {
        let mut nesting = Nesting::default();
        self.body.iter().for_each(|statement| nesting.visit_stmt(statement));
        nesting.deepest < DEEPEST
    }
}

fn line_starts(text: &str) -> Vec<u32> {
    let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
    let after = breaks.map(|(at, _)| u32::try_from(at + 1).unwrap_or(u32::MAX));
    std::iter::once(0).chain(after).collect()
}

/// Tells whether f-strings open inside of each other without end: `f'{f'{f'{…`.
fn opens_too_many_texts(text: &str) -> bool {
    let opened = |quote: &str| text.matches(quote).count();
    // Only where one directly follows the other: settings hold hundreds of f-strings, one after another.
    opened("{f'{") + opened("{f\"{") > MOST_NESTED_TEXTS
}

#[derive(Default)]
struct Nesting {
    depth: u32,
    deepest: u32,
}

impl Nesting {
    fn within(&mut self, work: impl FnOnce(&mut Self)) {
        self.depth += 1;
        self.deepest = self.deepest.max(self.depth);
        // What is deeper tells nothing more.
        if self.depth < DEEPEST {
            work(self);
        }
        self.depth -= 1;
    }
}

impl<'a> Visitor<'a> for Nesting {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        self.within(|this| walk_stmt(this, statement));
    }

    fn visit_expr(&mut self, expression: &'a Expr) {
        self.within(|this| walk_expr(this, expression));
    }

    fn visit_pattern(&mut self, pattern: &'a Pattern) {
        self.within(|this| walk_pattern(this, pattern));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_in_texts_without_end_are_not_parsed() {
        let nested = |times: usize| format!("A = {}1{}\n", "f'{".repeat(times), "}'".repeat(times));
        assert!(Parsed::new(&nested(100)).problem.is_none());
        assert!(Parsed::new(&nested(20_000)).problem.is_some());
    }

    #[test]
    fn nesting_is_seen_in_every_kind_of_code() {
        let shallow =
            "import os\nA = {'a': [1, (2, f'{os.sep}')]}\nif A:\n    def f(x):\n        return x + 1\n";
        assert!(Parsed::new(shallow).is_shallow());
        for (open, close) in
            [("(", ")"), ("[", "]"), ("not ", ""), ("{1: ", "}"), ("f(", ")"), ("lambda: ", "")]
        {
            let source = format!("A = {}1{}\n", open.repeat(400), close.repeat(400));
            // The parser makes nothing of a parenthesis alone.
            assert_eq!(Parsed::new(&source).is_shallow(), open == "(", "{open}");
        }
        assert!(!Parsed::new(&format!("A = 1{}\n", " + 1".repeat(400))).is_shallow());
        assert!(
            !Parsed::new(&format!(
                "match x:\n    case {}1{}:\n        pass\n",
                "[".repeat(400),
                "]".repeat(400)
            ))
            .is_shallow()
        );
    }
}
