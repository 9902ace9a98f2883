//! The project's Python files, parsed, for as long as an evaluation lasts.

use std::cell::OnceCell;

use camino::{Utf8Path, Utf8PathBuf};
use ruff_python_ast::Stmt;
use ruff_python_parser::{Mode, ParseOptions, parse_unchecked};
use ruff_text_size::{Ranged, TextSize};

use crate::base::Place;

/// A point in one of the sources.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Pos {
    pub(super) source: u32,
    pub(super) offset: u32,
}

/// A parsed file.
pub(super) struct Source {
    pub(super) path: Utf8PathBuf,
    pub(super) number: u32,
    text: String,
    body: Vec<Stmt>,
    line_starts: Vec<u32>,
    problem: Option<(u32, String)>,
}

impl Source {
    /// Parses `text`; what cannot be parsed is left out, as far as the parser can recover.
    pub(super) fn parse(path: &Utf8Path, number: u32, text: &str) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text).to_owned();
        let parsed = parse_unchecked(&text, ParseOptions::from(Mode::Module));
        let problem =
            parsed.errors().first().map(|error| (error.location.start().to_u32(), error.error.to_string()));
        let body = match parsed.into_syntax() {
            ruff_python_ast::Mod::Module(module) => module.body.into_iter().collect(),
            ruff_python_ast::Mod::Expression(_) => Vec::new(),
        };
        let starts = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let line_starts = std::iter::once(0)
            .chain(starts.map(|(at, _)| u32::try_from(at + 1).unwrap_or(u32::MAX)))
            .collect();
        Self { path: path.to_owned(), number, text, body, line_starts, problem }
    }

    pub(super) fn body(&self) -> &[Stmt] {
        &self.body
    }

    /// Where and why it is not Python 3, if it is not.
    pub(super) fn problem(&self) -> Option<(u32, &str)> {
        self.problem.as_ref().map(|(offset, problem)| (*offset, problem.as_str()))
    }

    pub(super) fn pos(&self, node: &impl Ranged) -> Pos {
        Pos { source: self.number, offset: node.start().to_u32() }
    }

    /// Line and column of an offset, both counted from 1, the column in characters.
    pub(super) fn place(&self, offset: u32) -> Place {
        let line = self.line_starts.partition_point(|start| *start <= offset).max(1);
        let start = self.line_starts.get(line - 1).copied().unwrap_or(0);
        let before = self.text.get(start as usize..offset as usize).unwrap_or("");
        Place::Line {
            path: self.path.clone(),
            line: u32::try_from(line).unwrap_or(u32::MAX),
            column: u32::try_from(before.chars().count() + 1).unwrap_or(u32::MAX),
        }
    }

    /// The source text of a node.
    pub(super) fn text_of(&self, node: &impl Ranged) -> &str {
        let range = node.range();
        let at = |size: TextSize| size.to_usize();
        self.text.get(at(range.start())..at(range.end())).unwrap_or("")
    }
}

/// Sources that live as long as the arena: a list that only grows.
#[derive(Default)]
pub(super) struct Arena {
    first: OnceCell<Box<Link>>,
}

struct Link {
    source: Source,
    next: OnceCell<Box<Link>>,
}

impl Arena {
    pub(super) fn add(&self, source: Source) -> &Source {
        let mut slot = &self.first;
        while let Some(link) = slot.get() {
            slot = &link.next;
        }
        &slot.get_or_init(|| Box::new(Link { source, next: OnceCell::new() })).source
    }
}
