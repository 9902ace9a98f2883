//! Text in JSON, YAML or TOML that settings parse: what it stands for, and what its parser raises.

use std::rc::Rc;

use super::heap::{Cell, Dict};
use super::limits;
use super::object::{EnvObj, Exception, Name, Obj};
use super::source::Pos;
use super::{Interp, Outcome};
use crate::python::evaluation::FileFormat;
use crate::python::value::Cast;

/// A function that parses text: the format, and the class of the exception where the text is not in it.
#[derive(Clone, Copy)]
pub(super) struct Parser {
    pub(super) format: FileFormat,
    pub(super) raises: &'static str,
}

impl Parser {
    pub(super) const JSON: Self = Self { format: FileFormat::Json, raises: "json.JSONDecodeError" };
    pub(super) const YAML: Self = Self { format: FileFormat::Yaml, raises: "yaml.ParserError" };
    pub(super) const TOML: Self = Self { format: FileFormat::Toml, raises: "tomllib.TOMLDecodeError" };
    /// The library `toml`.
    pub(super) const TOML_LIBRARY: Self = Self { format: FileFormat::Toml, raises: "toml.TomlDecodeError" };
    pub(super) const TOMLKIT: Self = Self { format: FileFormat::Toml, raises: "tomlkit.ParseError" };

    /// The exception for text that is not in the format.
    fn error(self) -> Exception {
        let mut error = Exception::new(self.raises, "not in the format expected");
        if self.format == FileFormat::Yaml {
            // Which part of PyYAML stumbles is not looked into.
            error.lineage.splice(1..1, [Name::from("yaml.ScannerError")]);
        }
        error
    }

    /// The exception for what is no text.
    fn error_of_type(self) -> Exception {
        let class = if self.format == FileFormat::Yaml { "AttributeError" } else { "TypeError" };
        Exception::new(class, "text was expected")
    }
}

impl Interp<'_> {
    /// Parses `text` as `parser` does.
    pub(super) fn parse_data(&mut self, text: &Obj, parser: Parser, pos: Pos) -> Outcome {
        match text {
            Obj::Str(known) => match self.parse_text(known, parser.format) {
                Some(parsed) => Ok(parsed),
                None => self.raise(parser.error(), pos),
            },
            Obj::Secret(secret) if secret.key.is_none() => {
                self.set_format(secret.file, parser.format);
                let dict = Dict { fallback: Some(text.clone()), ..Dict::default() };
                Ok(Obj::Dict(self.heap.cell(Cell::Dict(Rc::new(dict)))))
            }
            Obj::OneOf(alternatives) => {
                let mut values = Vec::new();
                for alternative in alternatives.iter() {
                    values.push(self.parse_data(alternative, parser, pos)?);
                }
                Ok(self.heap.one_of(values))
            }
            Obj::Env(env) => {
                let error = match env.default.as_ref().and_then(Obj::assumed) {
                    Some(Obj::Str(text)) => {
                        self.parse_text(&text, parser.format).is_none().then(|| parser.error())
                    }
                    Some(_) => None,
                    None => Some(parser.error_of_type()),
                };
                if let Some(error) = error {
                    self.may_fail_unset(env, error, pos);
                }
                if parser.format == FileFormat::Json {
                    return self.cast(text, &Cast::Json, pos);
                }
                let default = env.default.as_ref().and_then(Obj::assumed);
                let assumed = default.and_then(|default| self.parse_text(default.as_str()?, parser.format));
                Ok(Obj::unknown_assumed(NOT_KNOWN, pos, std::slice::from_ref(text), assumed))
            }
            Obj::None | Obj::Int(_) | Obj::Bool(_) | Obj::Float(_) => self.raise(parser.error_of_type(), pos),
            other => {
                // What is known and yet no text has nothing else to come to.
                let assumed = if other.is_known() { None } else { other.assumed().filter(Obj::is_known) };
                let parsed = assumed
                    .as_ref()
                    .and_then(|text| self.quietly(|interp| interp.parse_data(text, parser, pos)));
                if let (Some(Obj::Str(_)), None) = (&assumed, &parsed) {
                    self.may_raise(Exception { from: vec![other.clone()], ..parser.error() });
                }
                Ok(Obj::unknown_assumed(NOT_KNOWN, pos, std::slice::from_ref(other), parsed))
            }
        }
    }

    fn parse_text(&mut self, text: &str, format: FileFormat) -> Option<Obj> {
        if !limits::reading(text.len()) {
            return None;
        }
        let json: serde_json::Value = match format {
            FileFormat::Json => serde_json::from_str(text).ok()?,
            FileFormat::Yaml if text.lines().all(|line| line.trim().is_empty() || line.starts_with('#')) => {
                serde_json::Value::Null
            }
            FileFormat::Yaml => serde_saphyr::from_str(text).ok()?,
            FileFormat::Toml => {
                toml::from_str::<toml::Table>(text).ok().and_then(|table| serde_json::to_value(table).ok())?
            }
            _ => return None,
        };
        Some(self.object_of_json(&json))
    }

    /// Something that is done with a variable fails while the variable is unset.
    pub(super) fn may_fail_unset(&mut self, env: &EnvObj, error: Exception, pos: Pos) {
        let is_set = self.present.iter().any(|(name, set)| *set && *name == env.name);
        let raises_before = self.reads.get(env.read).is_some_and(|read| read.name == env.name && read.fails);
        if is_set || raises_before {
            return;
        }
        let from = vec![Obj::Env(Rc::new(env.clone()))];
        let error = Exception { variable: Some(env.name.clone()), from, ..error };
        if !self.may_raise(error.clone()) {
            self.record_possible(&error, pos);
        }
    }
}

const NOT_KNOWN: &str = "parsed from what is not known";
