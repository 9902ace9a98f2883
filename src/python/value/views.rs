//! Ways of looking at a value: as it would be by default, as every alternative, as JSON.

use camino::Utf8Path;

use super::{EnvRead, PathBase, PathValue, Value};

/// Values are trees of limited depth; looking deeper than this is not worth it.
const DEEPEST: usize = 64;

impl Value {
    /// Returns the value if every variable is unset: variables take their default, text is joined if all
    /// its parts are known then, and of alternatives the first is taken ([`Value::OneOf`] says which that is).
    ///
    /// `None` where that is not known: a variable without a default, a file of secrets, an unknown.
    /// Items and entries that are not known then are left out of lists and dicts.
    pub fn assumed(&self) -> Option<Value> {
        self.assumed_within(DEEPEST)
    }

    fn assumed_within(&self, depth: usize) -> Option<Value> {
        let depth = depth.checked_sub(1)?;
        Some(match self {
            Self::Env(read) => read.default.as_ref()?.assumed_within(depth)?,
            Self::OneOf(alternatives) => alternatives.first()?.assumed_within(depth)?,
            Self::Unknown { assumed, .. } => assumed.as_ref()?.assumed_within(depth)?,
            Self::SecretFile { .. } => return None,
            Self::Text(parts) => {
                let (first, rest) = parts.split_first()?;
                let first = first.assumed_within(depth)?;
                let mut text = String::new();
                for part in rest {
                    text.push_str(&part.assumed_within(depth)?.as_text()?);
                }
                match &first {
                    Self::Path(path) => Self::Path(path.followed_by(&text)?),
                    _ => Self::Str(first.as_text()? + &text),
                }
            }
            Self::List(items) => {
                let mut known = Vec::with_capacity(items.len());
                for item in items {
                    match (item, item.assumed_within(depth)) {
                        // An unknown item that comes to a list stands for that list's items.
                        (Self::Env(_) | Self::Unknown { .. }, Some(Self::List(several))) => {
                            known.extend(several);
                        }
                        (_, Some(one)) => known.push(one),
                        (_, None) => {}
                    }
                }
                Self::List(known)
            }
            Self::Dict(entries) => Self::Dict(
                entries
                    .iter()
                    .filter_map(|(key, value)| {
                        Some((key.assumed_within(depth)?, value.assumed_within(depth)?))
                    })
                    .collect(),
            ),
            known => known.clone(),
        })
    }

    /// Each value that it may come to: the alternatives of [`Value::OneOf`], the default of a variable before
    /// the variable itself; else only itself.
    pub fn alternatives(&self) -> Vec<&Value> {
        match self {
            Self::OneOf(alternatives) => alternatives.iter().flat_map(Self::alternatives).collect(),
            Self::Env(read) => match &read.default {
                Some(default) => {
                    let mut all = default.alternatives();
                    all.push(self);
                    all
                }
                None => vec![self],
            },
            Self::Unknown { assumed: Some(assumed), .. } => {
                let mut all = assumed.alternatives();
                all.push(self);
                all
            }
            other => vec![other],
        }
    }

    /// Every variable that it depends on, however deep, in the order of appearance.
    pub fn reads(&self) -> Vec<&EnvRead> {
        let mut found = Vec::new();
        self.collect_reads(&mut found, DEEPEST);
        found
    }

    fn collect_reads<'a>(&'a self, found: &mut Vec<&'a EnvRead>, depth: usize) {
        let Some(depth) = depth.checked_sub(1) else { return };
        match self {
            Self::Env(read) => {
                if !found.contains(&read.as_ref()) {
                    found.push(read);
                }
                if let Some(default) = &read.default {
                    default.collect_reads(found, depth);
                }
            }
            Self::Text(parts) | Self::List(parts) | Self::OneOf(parts) => {
                for part in parts {
                    part.collect_reads(found, depth);
                }
            }
            Self::Unknown { from, .. } => {
                for part in from {
                    part.collect_reads(found, depth);
                }
            }
            Self::Dict(entries) => {
                for (key, value) in entries {
                    key.collect_reads(found, depth);
                    value.collect_reads(found, depth);
                }
            }
            _ => {}
        }
    }

    /// Tells whether the variable `name` has a part in it.
    pub fn depends_on(&self, name: &str) -> bool {
        self.reads().iter().any(|read| read.name == name)
    }

    /// Its text, where it is known whatever the environment says.
    pub fn known_str(&self) -> Option<&str> {
        self.as_str()
    }

    /// Returns the text of `str()`, if it is known.
    pub fn as_text(&self) -> Option<String> {
        Some(match self {
            Self::Str(text) => text.clone(),
            Self::Int(number) => number.to_string(),
            Self::Float(number) => number.to_string(),
            Self::Bool(true) => "True".to_owned(),
            Self::Bool(false) => "False".to_owned(),
            Self::None => "None".to_owned(),
            Self::Path(path) => path.to_string(),
            _ => return None,
        })
    }

    /// JSON, where it is known throughout; what is not becomes `null`. Keys that are not text are written as
    /// Python's `str` would.
    pub fn to_json(&self) -> serde_json::Value {
        use serde_json::Value as Json;
        match self {
            Self::Bool(value) => Json::Bool(*value),
            Self::Int(number) => Json::from(*number),
            Self::Float(number) => Json::from(*number),
            Self::Str(text) => Json::from(text.as_str()),
            Self::Path(path) => Json::from(path.to_string()),
            Self::List(items) => Json::Array(items.iter().map(Self::to_json).collect()),
            Self::Dict(entries) => Json::Object(
                entries.iter().filter_map(|(key, value)| Some((key.as_text()?, value.to_json()))).collect(),
            ),
            _ => Json::Null,
        }
    }
}

impl PathValue {
    /// The path inside the project, where it lies there; `"."` for the project's own folder.
    pub fn in_project(&self) -> Option<&Utf8Path> {
        let inside = self.base == PathBase::Project && !self.rest.starts_with("..");
        inside.then(|| if self.rest.as_str().is_empty() { Utf8Path::new(".") } else { self.rest.as_path() })
    }
}

impl std::fmt::Display for PathValue {
    /// Relative for what is in the project, else as Python would print it.
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let rest = self.rest.as_str();
        match self.base {
            PathBase::Root => write!(out, "/{rest}"),
            PathBase::Home if rest.is_empty() => out.write_str("~"),
            PathBase::Home => write!(out, "~/{rest}"),
            PathBase::Project | PathBase::WorkingFolder => {
                out.write_str(if rest.is_empty() { "." } else { rest })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Cast;
    use super::*;
    use crate::base::Place;

    fn env(name: &str, default: Option<Value>) -> Value {
        Value::Env(Box::new(EnvRead {
            name: name.to_owned(),
            default,
            cast: Cast::Str,
            fails_when_unset: false,
            place: Place::line("settings.py", 1),
        }))
    }

    fn text(value: &str) -> Value {
        Value::Str(value.to_owned())
    }

    #[test]
    fn text_is_assumed_only_where_every_part_is() {
        let known = Value::Text(vec![text("redis://"), env("HOST", Some(text("redis"))), text(":6379")]);
        assert_eq!(known.assumed(), Some(text("redis://redis:6379")));
        let open = Value::Text(vec![text("redis://"), env("HOST", None)]);
        assert_eq!(open.assumed(), None);
    }

    #[test]
    fn reads_are_found_however_deep() {
        let value = Value::Dict(vec![(text("default"), Value::List(vec![env("A", Some(env("B", None)))]))]);
        let names: Vec<_> = value.reads().into_iter().map(|read| read.name.as_str()).collect();
        assert_eq!(names, ["A", "B"]);
    }

    #[test]
    fn a_variable_is_its_default_first_then_itself() {
        let value = env("A", Some(text("x")));
        assert_eq!(value.alternatives(), [&text("x"), &value]);
    }

    #[test]
    fn json_of_a_path_is_relative_inside_the_project() {
        let path = |base, rest: &str| Value::Path(PathValue { base, rest: rest.into() });
        assert_eq!(path(PathBase::Project, "static").to_json(), "static");
        assert_eq!(path(PathBase::Project, "").to_json(), ".");
        assert_eq!(path(PathBase::Root, "srv/static").to_json(), "/srv/static");
    }
}
