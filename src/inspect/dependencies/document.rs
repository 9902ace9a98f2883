//! TOML files with the lines of their values.

use camino::{Utf8Path, Utf8PathBuf};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::base::{Place, Tree};

/// A TOML file as far as it could be parsed.
pub(super) struct Document<'a> {
    pub path: Utf8PathBuf,
    root: DeTable<'a>,
    lines: LineStarts,
    /// The first thing that is wrong with it, and its line.
    pub error: Option<(String, u32)>,
}

/// A value and where it stands.
pub(super) type Value<'a> = Spanned<DeValue<'a>>;

impl<'a> Document<'a> {
    /// The file at `path`; `None` where there is none or it is not text.
    pub fn read(tree: &'a Tree, path: &Utf8Path) -> Option<Self> {
        Some(Self::parse(path, tree.text(path)?))
    }

    pub fn parse(path: &Utf8Path, text: &'a str) -> Self {
        let (root, errors) = DeTable::parse_recoverable(text);
        let lines = LineStarts::of(text);
        let error = errors.first().map(|error| {
            let offset = error.span().map_or(0, |span| span.start);
            (error.message().to_owned(), lines.line(offset))
        });
        Self { path: path.to_owned(), root: root.into_inner(), lines, error }
    }

    /// The value under these keys, one table in another.
    pub fn get(&self, keys: &[&str]) -> Option<&Value<'a>> {
        let (first, rest) = keys.split_first()?;
        rest.iter().try_fold(self.root.get(*first)?, |value, key| value.get_ref().get(*key))
    }

    pub fn has(&self, keys: &[&str]) -> bool {
        self.get(keys).is_some()
    }

    pub fn text(&self, keys: &[&str]) -> Option<&str> {
        self.get(keys)?.get_ref().as_str()
    }

    pub fn flag(&self, keys: &[&str]) -> Option<bool> {
        self.get(keys)?.get_ref().as_bool()
    }

    /// The entries of the table under these keys, in the order of their names.
    pub fn entries(&self, keys: &[&str]) -> Vec<(&str, &Value<'a>)> {
        let table = self.get(keys).and_then(|value| value.get_ref().as_table());
        table.map(entries).unwrap_or_default()
    }

    /// The texts of the list under these keys, each with its place.
    pub fn texts(&self, keys: &[&str]) -> Vec<(&str, Place)> {
        self.get(keys).map(|value| self.texts_of(value)).unwrap_or_default()
    }

    /// The texts of a list, each with its place; a text alone is a list of one.
    pub fn texts_of<'v>(&self, value: &'v Value<'a>) -> Vec<(&'v str, Place)> {
        let one = |value: &'v Value<'a>| Some((value.get_ref().as_str()?, self.place(value)));
        match value.get_ref().as_array() {
            Some(items) => items.iter().filter_map(one).collect(),
            None => one(value).into_iter().collect(),
        }
    }

    pub fn place(&self, value: &Value<'a>) -> Place {
        Place::line(self.path.clone(), self.lines.line(value.span().start))
    }

    /// The place of the value under these keys; the file as a whole where there is none.
    pub fn place_of(&self, keys: &[&str]) -> Place {
        self.get(keys).map_or_else(|| Place::Path(self.path.clone()), |value| self.place(value))
    }
}

/// The entries of a table, in the order of their names.
pub(super) fn entries<'t, 'a>(table: &'t DeTable<'a>) -> Vec<(&'t str, &'t Value<'a>)> {
    table.iter().map(|(name, value)| (name.get_ref().as_ref(), value)).collect()
}

/// A text under `key` of an inline table.
pub(super) fn field<'v>(value: &'v Value<'_>, key: &str) -> Option<&'v str> {
    value.get_ref().get(key)?.get_ref().as_str()
}

/// The texts under `key` of an inline table; a text alone is a list of one.
pub(super) fn fields<'v>(value: &'v Value<'_>, key: &str) -> Vec<&'v str> {
    let Some(found) = value.get_ref().get(key) else { return Vec::new() };
    match found.get_ref().as_array() {
        Some(items) => items.iter().filter_map(|item| item.get_ref().as_str()).collect(),
        None => found.get_ref().as_str().into_iter().collect(),
    }
}

/// The offsets at which the lines of a text begin, so that many offsets can be looked up.
struct LineStarts(Vec<usize>);

impl LineStarts {
    fn of(text: &str) -> Self {
        Self(text.match_indices('\n').map(|(index, _)| index + 1).collect())
    }

    /// The line, counted from 1, of the byte at `offset`.
    fn line(&self, offset: usize) -> u32 {
        let before = self.0.partition_point(|start| *start <= offset);
        u32::try_from(before).unwrap_or(u32::MAX).saturating_add(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_know_their_lines() {
        let text = "[project]\nname = 'a'\ndependencies = [\n  'django',\n  'redis',\n]\n";
        let document = Document::parse(Utf8Path::new("pyproject.toml"), text);
        let places: Vec<_> =
            document.texts(&["project", "dependencies"]).into_iter().map(|(_, place)| place).collect();
        assert_eq!(places, [Place::line("pyproject.toml", 4), Place::line("pyproject.toml", 5)]);
        assert_eq!(document.text(&["project", "name"]), Some("a"));
    }

    #[test]
    fn a_broken_file_gives_what_can_be_read_and_the_line() {
        let text = "[project]\nrequires-python = '>=3.12'\nname = \n[tool.uv]\npackage = false\n";
        let document = Document::parse(Utf8Path::new("pyproject.toml"), text);
        assert_eq!(document.text(&["project", "requires-python"]), Some(">=3.12"));
        assert_eq!(document.error.as_ref().map(|(_, line)| *line), Some(3));
    }
}
