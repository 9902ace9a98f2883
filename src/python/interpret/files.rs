//! Files that settings open: configuration that lies in the tree is read, what is absent stays symbolic.

use std::rc::Rc;

use camino::{Utf8Path, Utf8PathBuf};

use super::heap::Cell;
use super::limits;
use super::object::{Exception, MadeObj, Missing, Obj, SecretObj};
use super::paths::{absolute_or_relative, in_project_or_working};
use super::source::Pos;
use super::{Interp, Outcome};
use crate::base::path;
use crate::python::evaluation::{FileFormat, World};
use crate::python::value::PathValue;

/// A file that was opened or asked for.
#[derive(Clone, Debug)]
pub(super) struct FileRow {
    pub(super) path: Utf8PathBuf,
    pub(super) exists: bool,
    pub(super) required: bool,
    pub(super) keys: Vec<String>,
    pub(super) tables: Vec<String>,
    pub(super) optional: Vec<String>,
    pub(super) format: FileFormat,
    pub(super) pos: Pos,
}

/// The file of secrets that has what a dict has not.
fn in_place_of(contents: &Cell) -> Option<Rc<SecretObj>> {
    let Cell::Dict(dict) = contents else { return None };
    if let Some(Obj::Secret(secret)) = &dict.fallback { Some(secret.clone()) } else { None }
}

impl Interp<'_> {
    pub(super) fn note_file(&mut self, path: &PathValue, exists: bool, required: bool, pos: Pos) -> usize {
        let shown = in_project_or_working(path).unwrap_or_else(|| absolute_or_relative(path));
        let shown = if path.base == crate::python::value::PathBase::Home {
            format!("~/{}", path.rest).into()
        } else {
            shown
        };
        if let Some(row) = self.files.iter().position(|file| file.path == shown) {
            self.files[row].required |= required;
            return row;
        }
        let format = format_of(&shown);
        if self.files.len() < 1000 {
            self.files.push(FileRow {
                path: shown,
                exists,
                required,
                keys: Vec::new(),
                tables: Vec::new(),
                optional: Vec::new(),
                format,
                pos,
            });
        }
        self.files.len() - 1
    }

    pub(super) fn set_format(&mut self, row: usize, format: FileFormat) {
        if let Some(row) = self.files.get_mut(row)
            && row.format == FileFormat::Text
        {
            row.format = format;
        }
    }

    /// The text of a file at a path, as `open(path).read()` gives.
    pub(super) fn read_file(&mut self, path: &Obj, pos: Pos) -> Outcome {
        if let Obj::OneOf(alternatives) = path {
            let mut values = Vec::new();
            for alternative in alternatives.iter() {
                values.push(self.read_file(alternative, pos)?);
            }
            return Ok(self.heap.one_of(values));
        }
        let assumed = if path.is_known() { None } else { path.assumed() };
        let Some(place) = self.as_path(assumed.as_ref().unwrap_or(path)) else {
            let why = "the text of a file whose path is not known";
            if let Obj::Env(env) = path {
                self.opened.insert(env.name.clone());
                return Ok(Obj::unknown(why, pos, std::slice::from_ref(path)));
            }
            // A variable that decides only which file is opened is no part of what the file holds.
            return Ok(Obj::unknown(why, pos, &[]));
        };
        let inside = in_project_or_working(&place).and_then(|path| self.in_tree(&path));
        let added = if let World::Closed { files, .. } = self.request.world {
            files.get(&absolute_or_relative(&place)).cloned()
        } else {
            None
        };
        let is_env = is_env_file(&place);
        let text = match (&added, is_env) {
            (Some(_), _) => added,
            // A project's own variables are never read.
            (None, true) => None,
            (None, false) => inside.as_ref().and_then(|path| self.own_text(path)),
        };
        let exists = text.is_some() || inside.as_ref().is_some_and(|path| self.request.tree.is_file(path));
        let row = self.note_file(&place, exists, false, pos);
        if let Some(text) = text {
            limits::reading(text.len());
            return Ok(Obj::str(text));
        }
        let shown = self.files[row].path.clone();
        let secret = Obj::Secret(Rc::new(SecretObj { file: row, path: shown.clone(), key: None, pos }));
        if !exists && assumed.is_none() {
            let exception = Exception {
                missing: Some(Missing::File(shown.clone())),
                from: vec![secret.clone()],
                ..Exception::new("FileNotFoundError", format!("No such file or directory: '{shown}'"))
            };
            match self.request.world {
                World::Closed { .. } => {
                    self.files[row].required = true;
                    let caught = self.handler_for(&exception.lineage).is_some();
                    if caught || !self.undecided() {
                        self.raise(exception, pos)?;
                    }
                }
                World::Open | World::Target { .. } => {
                    if !self.may_raise(exception) && !self.undecided() {
                        self.files[row].required = true;
                    }
                }
            }
        }
        Ok(secret)
    }

    /// The text of a file that is there: in the tree, or added by the world. A project's own variables are never
    /// read.
    pub(super) fn known_text(&self, place: &PathValue) -> Option<String> {
        if let World::Closed { files, .. } = self.request.world
            && let Some(text) = files.get(&absolute_or_relative(place))
        {
            return Some(text.clone());
        }
        if is_env_file(place) {
            return None;
        }
        self.own_text(&self.in_tree(&in_project_or_working(place)?)?)
    }

    /// The text of a file of the project, unless it holds a project's own variables.
    fn own_text(&self, path: &Utf8Path) -> Option<String> {
        let text = self.request.tree.text(path).filter(|_| !is_env_name(path));
        text.map(str::to_owned)
    }

    /// Notes that everything below a key of a file of secrets is taken whole.
    pub(super) fn note_table(&mut self, secret: &SecretObj) {
        if let (Some(row), Some(key)) = (self.files.get_mut(secret.file), &secret.key)
            && !row.tables.contains(key)
            && row.tables.len() < 200
        {
            row.tables.push(key.clone());
        }
    }

    /// `key` of a file of secrets, or of a dict that holds what is in one, is asked for and may be missing.
    pub(super) fn note_optional(&mut self, container: &Obj, key: &Obj) {
        let secrets = match container {
            Obj::Secret(secret) => vec![secret.clone()],
            Obj::Dict(cell) => self.heap.contents(*cell).iter().filter_map(in_place_of).collect(),
            _ => return,
        };
        let Some(key) = key.display() else { return };
        for secret in secrets {
            let key = secret.key.as_ref().map_or_else(|| key.clone(), |outer| format!("{outer}.{key}"));
            if let Some(row) = self.files.get_mut(secret.file)
                && !row.keys.contains(&key)
                && !row.optional.contains(&key)
                && row.optional.len() < 2000
            {
                row.optional.push(key);
            }
        }
    }

    /// A key of a file of secrets.
    pub(super) fn secret_item(&mut self, secret: &Rc<SecretObj>, key: &Obj, pos: Pos) -> Obj {
        let Some(key) = key.display() else {
            return Obj::unknown("a key of a file", pos, &[Obj::Secret(secret.clone())]);
        };
        let key = match &secret.key {
            Some(outer) => format!("{outer}.{key}"),
            None => key,
        };
        if let Some(row) = self.files.get_mut(secret.file)
            && !row.keys.contains(&key)
            && row.keys.len() < 2000
        {
            // The outer key alone was only on the way.
            if let Some(outer) = &secret.key {
                row.keys.retain(|other| other != outer);
            }
            row.keys.push(key.clone());
        }
        let pos = self.call_naming(key.rsplit('.').next().unwrap_or(&key), pos);
        Obj::Secret(Rc::new(SecretObj { file: secret.file, path: secret.path.clone(), key: Some(key), pos }))
    }

    /// Reads lines of `NAME=value` into the environment, as `load_dotenv` and `read_env` do.
    pub(super) fn load_variables(
        &mut self,
        path: &Obj,
        overriding: bool,
        pos: Pos,
    ) -> Vec<(String, Option<String>)> {
        let known = if path.is_known() { Some(path.clone()) } else { path.assumed() };
        let Some(mut place) = known.as_ref().and_then(|path| self.as_path(path)) else { return Vec::new() };
        if in_project_or_working(&place).is_some_and(|path| self.request.tree.is_folder(&path)) {
            place = super::paths::join(&place, ".env");
        }
        let added = if let World::Closed { files, .. } = self.request.world {
            files.get(&absolute_or_relative(&place)).cloned()
        } else {
            None
        };
        let own = in_project_or_working(&place).and_then(|path| self.request.tree.text(self.in_tree(&path)?));
        let exists = added.is_some() || own.is_some();
        let names: Vec<(String, Option<String>)> = match (&added, own) {
            (Some(text), _) => variables(text).into_iter().map(|(name, value)| (name, Some(value))).collect(),
            (None, Some(text)) => variables(text).into_iter().map(|(name, _)| (name, None)).collect(),
            (None, None) => Vec::new(),
        };
        let row = self.note_file(&place, exists, false, pos);
        if let Some(row) = self.files.get_mut(row) {
            row.format = FileFormat::Env;
            row.keys = names.iter().map(|(name, _)| name.clone()).collect();
        }
        for (name, value) in &names {
            if let Some(value) = value {
                let name = self.name(name);
                if overriding {
                    self.environ.insert(name, Obj::str(value));
                } else {
                    self.provide(&name, Obj::str(value));
                }
            }
        }
        names
    }

    /// Items of what libraries made: parsers and readers.
    pub(super) fn made_item(
        &mut self,
        made: &Rc<MadeObj>,
        key: &Obj,
        pos: Pos,
    ) -> Result<Option<Obj>, Box<Exception>> {
        match &*made.class {
            super::object::PARSER => {
                let found = self.ini_section(made, key, pos)?;
                Ok(Some(match found {
                    Obj::Dict(_) => Obj::made(super::object::SECTION, vec![found], Vec::new(), pos),
                    other => other,
                }))
            }
            super::object::SECTION => {
                let key = key.as_str().map_or_else(|| key.clone(), |key| Obj::str(key.to_lowercase()));
                let entries = made.args.first().cloned().unwrap_or(Obj::None);
                self.item(&entries, &key, pos).map(Some)
            }
            super::object::SETTINGS => self.dynaconf_item(made, key, pos).map(Some),
            "environ.Env" | "os.environ.copy" | "environ.FileAwareEnv" => {
                self.read_required(key, super::raised::IMPROPERLY_CONFIGURED, pos).map(Some)
            }
            _ => Ok(None),
        }
    }
}

fn format_of(path: &Utf8PathBuf) -> FileFormat {
    let name = path.file_name().unwrap_or("");
    match path.extension() {
        _ if name.starts_with(".env") || name.ends_with(".env") => FileFormat::Env,
        Some("json") => FileFormat::Json,
        Some("toml") => FileFormat::Toml,
        Some("yml" | "yaml") => FileFormat::Yaml,
        Some("ini" | "cfg" | "conf" | "cnf") => FileFormat::Ini,
        _ => FileFormat::Text,
    }
}

fn is_env_file(path: &PathValue) -> bool {
    is_env_name(&path.rest)
}

fn is_env_name(path: &Utf8Path) -> bool {
    let name = path::name(path);
    (name.starts_with(".env") || name.ends_with(".env"))
        && !["example", "sample", "template", "dist"].iter().any(|word| name.contains(word))
}

/// Lines of `NAME=value`, with `export`, comments and quotes as python-dotenv reads them.
pub(super) fn variables(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for line in text.lines() {
        let line = line.trim();
        let line = line.strip_prefix("export ").unwrap_or(line);
        let Some((name, value)) = line.split_once('=') else { continue };
        let name = name.trim();
        let plain = |letter: char| letter.is_alphanumeric() || "_.-".contains(letter);
        if name.starts_with('#') || name.is_empty() || !name.chars().all(plain) {
            continue;
        }
        let value = value.trim();
        let quoted = ['"', '\''].into_iter().find_map(|quote| value.strip_prefix(quote)?.split_once(quote));
        let value = match quoted {
            Some((inside, _)) => inside,
            None => value.split(" #").next().unwrap_or(value).trim(),
        };
        found.push((name.to_owned(), value.to_owned()));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_of_a_file_are_read_as_dotenv_reads_them() {
        let text =
            "# comment\nexport A=1\nB = \"two words\" # why\nC='x=y'\nnot a variable\nD=plain # note\nE=";
        let expected = [("A", "1"), ("B", "two words"), ("C", "x=y"), ("D", "plain"), ("E", "")];
        let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(variables(text), expected);
    }
}
