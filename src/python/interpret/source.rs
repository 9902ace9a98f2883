//! The project's Python files, parsed, for as long as an evaluation lasts.

use std::cell::OnceCell;
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use ruff_python_ast::Stmt;
use ruff_text_size::{Ranged, TextSize};

use crate::base::Place;
use crate::python::parsed::Parsed;

/// A point in one of the sources.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Pos {
    pub(super) source: u32,
    pub(super) offset: u32,
}

/// A parsed file, in one evaluation.
pub(super) struct Source {
    pub(super) path: Utf8PathBuf,
    pub(super) number: u32,
    parsed: Arc<Parsed>,
}

impl Source {
    pub(super) fn new(path: &Utf8Path, number: u32, parsed: Arc<Parsed>) -> Self {
        Self { path: path.to_owned(), number, parsed }
    }

    pub(super) fn body(&self) -> &[Stmt] {
        &self.parsed.body
    }

    /// Returns the line and the reason, if the file is not Python 3.
    pub(super) fn problem(&self) -> Option<(u32, &str)> {
        self.parsed.problem.as_ref().map(|(offset, problem)| (*offset, problem.as_str()))
    }

    pub(super) fn pos(&self, node: &impl Ranged) -> Pos {
        Pos { source: self.number, offset: node.start().to_u32() }
    }

    /// Line and column of an offset, both counted from 1, the column in characters.
    pub(super) fn place(&self, offset: u32) -> Place {
        let line = self.parsed.line_starts.partition_point(|start| *start <= offset).max(1);
        let start = self.parsed.line_starts.get(line - 1).copied().unwrap_or(0);
        let before = self.parsed.text.get(start as usize..offset as usize).unwrap_or("");
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
        self.parsed.text.get(at(range.start())..at(range.end())).unwrap_or("")
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
