//! Texts that dynaconf formats once everything is loaded: `@format {this.HOST}`, `@jinja {{ env.HOST }}`.

use super::super::Interp;
use super::super::environment::Reading;
use super::super::object::Obj;
use super::super::source::Pos;
use super::merge::Store;
use super::options::Options;
use super::tree::{How, Lazy};
use crate::python::value::Cast;

/// Texts that are made of other such texts are followed this far.
const DEEPEST: u8 = 8;

/// Formats texts by what was loaded.
pub(super) struct Formatter<'a> {
    pub(super) store: &'a Store,
    pub(super) options: &'a Options,
    pub(super) pos: Pos,
    pub(super) depth: u8,
}

impl Formatter<'_> {
    pub(super) fn begin<'a>(store: &'a Store, options: &'a Options, pos: Pos) -> Formatter<'a> {
        Formatter { store, options, pos, depth: DEEPEST }
    }

    pub(super) fn format(&self, interp: &mut Interp<'_>, lazy: &Lazy) -> Obj {
        let value = match lazy.how {
            How::Format => self.fields(interp, &lazy.text, '{', '}'),
            How::Jinja => self.expressions(interp, &lazy.text),
            How::Get => self.setting(interp, &lazy.text),
            How::ReadFile => Obj::unknown("the text of a file that dynaconf reads", self.pos, &[]),
        };
        match &lazy.cast {
            None | Some(Cast::Str) => value,
            Some(Cast::Other(name)) => {
                let assumed = value.assumed();
                Obj::unknown_assumed(format!("what `@{name}` makes of it"), self.pos, &[value], assumed)
            }
            Some(cast) => interp
                .quietly(|interp| interp.cast(&value, cast, self.pos))
                .unwrap_or_else(|| Obj::unknown("a value that is converted", self.pos, &[value])),
        }
    }

    /// `postgres://{this.HOST}/{env[NAME]}`.
    fn fields(&self, interp: &mut Interp<'_>, text: &str, open: char, close: char) -> Obj {
        let mut parts = Vec::new();
        let mut known = String::new();
        let mut rest = text;
        while let Some(at) = rest.find([open, close]) {
            known.push_str(&rest[..at]);
            let after = &rest[at + 1..];
            // A doubled brace is a brace.
            if let Some(doubled) = after.strip_prefix(if rest[at..].starts_with(open) { open } else { close })
            {
                known.push_str(&rest[at..=at]);
                rest = doubled;
                continue;
            }
            let Some((field, following)) = after.split_once(close) else { break };
            parts.push(Obj::str(std::mem::take(&mut known)));
            let name = field.split([':', '!']).next().unwrap_or(field);
            parts.push(self.field(interp, name, true));
            rest = following;
        }
        known.push_str(rest);
        parts.push(Obj::str(known));
        interp.text_of(parts)
    }

    /// `postgres://{{ env.HOST }}/`: the expressions of Jinja that are a name with at most a default.
    fn expressions(&self, interp: &mut Interp<'_>, text: &str) -> Obj {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("{{") {
            let Some((expression, following)) = after.split_once("}}") else { break };
            parts.push(Obj::str(before));
            parts.push(self.expression(interp, expression.trim()));
            rest = following;
        }
        parts.push(Obj::str(rest));
        if text.contains("{%") {
            return Obj::unknown("a template of dynaconf", self.pos, &parts);
        }
        interp.text_of(parts)
    }

    fn expression(&self, interp: &mut Interp<'_>, expression: &str) -> Obj {
        let (name, filter) = match expression.split_once('|') {
            Some((name, filter)) => (name.trim(), Some(filter.trim())),
            None => (expression, None),
        };
        let quoted = |text: &str| {
            let inner = text.trim().trim_end_matches(')').trim();
            let quote = inner.chars().next().filter(|letter| matches!(letter, '"' | '\''))?;
            Some(inner.strip_prefix(quote)?.strip_suffix(quote)?.to_owned())
        };
        // `env.get('HOST', 'localhost')`
        if let Some(arguments) = name.strip_prefix("env.get(") {
            let (name, default) = arguments.split_once(',').unwrap_or((arguments, ""));
            let Some(variable) = quoted(name) else { return self.not_understood(expression) };
            let default = quoted(default).map(Obj::str);
            return self.variable(interp, &variable, default, false);
        }
        match filter {
            None => self.field(interp, name, false),
            Some(filter) if filter.starts_with("default(") || filter.starts_with("d(") => {
                let default = filter.split_once('(').and_then(|(_, argument)| quoted(argument));
                match (default, variable_of(name)) {
                    (Some(default), Some(variable)) => {
                        self.variable(interp, variable, Some(Obj::str(default)), false)
                    }
                    (Some(default), None)
                        if self.this(name).is_some_and(|path| self.store.get(path).is_none()) =>
                    {
                        Obj::str(default)
                    }
                    _ => self.field(interp, name, false),
                }
            }
            Some("abspath" | "realpath") => self.field(interp, name, false),
            Some(_) => {
                let value = self.field(interp, name, false);
                Obj::unknown("a filter of a template", self.pos, &[value])
            }
        }
    }

    fn not_understood(&self, expression: &str) -> Obj {
        Obj::unknown(format!("`{expression}` of a template"), self.pos, &[])
    }

    /// `KEY`, `KEY default`, `KEY @int "default"`.
    fn setting(&self, interp: &mut Interp<'_>, text: &str) -> Obj {
        let mut words = text.split_whitespace();
        let key = words.next().unwrap_or_default().replace("__", ".");
        let default = words.find(|word| !word.starts_with('@'));
        match (self.store.get(&key), default) {
            (Some(_), _) => self.of_store(interp, &key),
            (None, Some(default)) => Obj::str(default.trim_matches(['"', '\''])),
            (None, None) => {
                let variable = self.options.variable(&key);
                self.variable(interp, &variable, None, true)
            }
        }
    }

    fn this<'t>(&self, name: &'t str) -> Option<&'t str> {
        let rest = name.trim().strip_prefix("this")?;
        let path = rest.strip_prefix('.').or_else(|| rest.strip_prefix('[')?.strip_suffix(']'))?;
        Some(path.trim_matches(['"', '\'']))
    }

    fn field(&self, interp: &mut Interp<'_>, name: &str, fails: bool) -> Obj {
        if let Some(variable) = variable_of(name) {
            let default = if fails { None } else { Some(Obj::str("")) };
            return self.variable(interp, variable, default, fails);
        }
        match self.this(name) {
            Some(path) => self.of_store(interp, &path.replace("__", ".")),
            None => self.not_understood(name.trim()),
        }
    }

    fn of_store(&self, interp: &mut Interp<'_>, path: &str) -> Obj {
        let variable = self.options.variable(path);
        let Some(depth) = self.depth.checked_sub(1).filter(|_| interp.step()) else {
            return Obj::unknown("texts that are made of each other", self.pos, &[]);
        };
        let Some(node) = self.store.get(path) else { return self.variable(interp, &variable, None, true) };
        let inner = Formatter { depth, ..*self };
        let value = node.value(interp, &mut |interp, lazy| inner.format(interp, lazy));
        self.options.leaf(interp, &variable, &value, self.pos)
    }

    fn variable(&self, interp: &mut Interp<'_>, name: &str, default: Option<Obj>, fails: bool) -> Obj {
        let exception = fails.then_some("dynaconf.DynaconfFormatError");
        let reading = Reading { default, cast: Cast::Str, exception };
        interp
            .read(&Obj::str(name), reading, self.pos)
            .unwrap_or_else(|_| Obj::unknown(format!("`{name}` of the environment"), self.pos, &[]))
    }
}

/// `env.HOST`, `env['HOST']`, `env[HOST]`.
fn variable_of(name: &str) -> Option<&str> {
    let rest = name.trim().strip_prefix("env")?;
    let inner = rest.strip_prefix('.').or_else(|| rest.strip_prefix('[')?.strip_suffix(']'))?;
    let variable = inner.trim_matches(['"', '\'']);
    let plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    (!variable.is_empty() && variable.chars().all(plain)).then_some(variable)
}
