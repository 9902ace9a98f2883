//! Goals: settings with the values that the stack needs.

use super::login::{Login, without_password};
use super::steps::{step, value_at};
use super::url::{host_of, names_one_database};
use crate::catalog::Listed;
use crate::plan::layout;
use crate::python::{Evaluation, Value};

/// A setting and what it must come to.
#[derive(Clone, Debug)]
pub struct Goal {
    /// The name, then keys and indexes: `["DATABASES", "default", "HOST"]`.
    pub path: Vec<String>,
    pub want: Want,
    /// The container's reason, as a phrase: "the database is the service `db`".
    pub because: String,
    /// If true, the goal is met by a missing setting.
    pub only_if_present: bool,
}

/// The value that a setting must have.
#[derive(Clone, Debug)]
pub enum Want {
    Truth(bool),
    /// This text, or what counts as it.
    Text {
        text: String,
        also: Vec<String>,
        absent: bool,
    },
    /// A list with this item, or one that means it; in development an empty list means this machine. The first of
    /// `also` is proposed beside the item, and is not enough by itself.
    Item {
        item: String,
        also: Vec<String>,
        empty: bool,
    },
    /// A list with this entry. Where it is missing, it is put in right after another one; as the first, where that one is
    /// missing too.
    Entry {
        entry: String,
        after: String,
    },
    /// A list in which each entry has a scheme, as Django's check of `CSRF_TRUSTED_ORIGINS` asks; `origin` is what to
    /// propose for one that is made of nothing. A wish: what is written down stays as it is.
    Origins {
        origin: String,
        /// True if a list without any will do.
        empty: bool,
    },
    /// A URL with this host, whatever its path; `url` is what to propose where nothing is known of it.
    Host {
        host: String,
        port: u16,
        schemes: Vec<String>,
        url: String,
        login: Login,
    },
    /// Any path but the source's own folder; `path` is what to propose.
    Folder {
        path: String,
    },
    /// The file with this absolute path in the container, where processes start in `working`.
    File {
        path: String,
        working: String,
    },
    /// The engine of a database that this one's backends talk to.
    Engine {
        word: &'static str,
        usual: String,
    },
    /// Any text that is not empty.
    Something {
        text: String,
    },
    /// A log handler that writes to no file.
    Stream,
    /// Nothing: `None`, or no such key.
    Nothing,
}

/// How a goal stands under some variables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    Met,
    /// It comes to something else: this, as far as it can be printed.
    Missed(String),
    /// It is there, and not known.
    Unknown,
    /// There is no such setting.
    Absent,
}

impl Goal {
    pub fn new(path: &[&str], want: Want, because: impl Into<String>) -> Self {
        Self {
            path: path.iter().map(|part| (*part).to_owned()).collect(),
            want,
            because: because.into(),
            only_if_present: false,
        }
    }

    /// Tells whether the stack goes on without it: no module beside the settings is written for it, and it is no error.
    pub fn is_wish(&self) -> bool {
        matches!(self.want, Want::Origins { .. })
    }

    /// `DATABASES["default"]["HOST"]`.
    pub fn setting(&self) -> String {
        setting(&self.path)
    }

    /// The value that the goal is about.
    pub fn value<'a>(&self, evaluation: &'a Evaluation) -> Option<&'a Value> {
        value_at(&self.path, evaluation)
    }

    /// Tells whether the path leads somewhere in every case, so that a line of Python can assign to it.
    pub fn is_certainly_there(&self, evaluation: &Evaluation) -> bool {
        let Some((last, above)) = self.path.split_last() else { return false };
        let Some((name, keys)) = above.split_first() else { return evaluation.get(last).is_some() };
        let Some(setting) = evaluation.get(name) else { return false };
        let owner = keys.iter().try_fold(setting, |value, key| step(value, key));
        matches!(owner, Some(Value::Dict(_) | Value::List(_)))
    }

    /// How it stands where the settings come to `evaluation`, in a closed world.
    pub fn standing(&self, evaluation: &Evaluation) -> Standing {
        let value = self.value(evaluation);
        if let (None, Want::Text { absent: true, .. }) = (value, &self.want) {
            // The part may be missing because the whole is not known.
            let whole = self.path.split_last().and_then(|(_, above)| {
                Self {
                    path: above.to_vec(),
                    want: self.want.clone(),
                    because: String::new(),
                    only_if_present: false,
                }
                .value(evaluation)
            });
            let not_there = self.only_if_present && !self.whole_is_unknown(evaluation);
            return if not_there || whole.is_some_and(|whole| whole.entries().is_some()) {
                Standing::Met
            } else {
                Standing::Unknown
            };
        }
        let Some(value) = value else {
            return if self.whole_is_unknown(evaluation) {
                Standing::Unknown
            } else if self.only_if_present {
                Standing::Met
            } else {
                Standing::Absent
            };
        };
        match self.meets(value, evaluation) {
            Some(true) => Standing::Met,
            Some(false) => Standing::Missed(shown(value)),
            None => Standing::Unknown,
        }
    }

    fn whole_is_unknown(&self, evaluation: &Evaluation) -> bool {
        (1..self.path.len()).any(|length| {
            let part = Self {
                path: self.path[..length].to_vec(),
                want: self.want.clone(),
                because: String::new(),
                only_if_present: false,
            };
            part.value(evaluation).is_some_and(|value| {
                !matches!(
                    value,
                    Value::Dict(_) | Value::List(_) | Value::None | Value::Str(_) | Value::Bool(_)
                )
            })
        })
    }

    /// Tells whether a value is what is wanted; `None` where that is not known.
    fn meets(&self, value: &Value, evaluation: &Evaluation) -> Option<bool> {
        if let Value::OneOf(alternatives) = value {
            let all: Vec<_> =
                alternatives.iter().map(|alternative| self.meets(alternative, evaluation)).collect();
            return if all.iter().all(|met| *met == Some(true)) { Some(true) } else { None };
        }
        match &self.want {
            Want::Truth(wanted) => truth(value).map(|truth| truth == *wanted),
            Want::Text { text, also, absent } => match value {
                Value::None => Some(*absent),
                _ => {
                    let found = value.as_text()?;
                    Some(found == *text || also.contains(&found) || (*absent && found.is_empty()))
                }
            },
            Want::Origins { empty, .. } => {
                if value.items()?.is_empty() {
                    return Some(*empty);
                }
                let items = value.items()?.iter();
                let has_scheme = |item: &Value| match item {
                    Value::None => Some(false),
                    item => item.as_text().map(|text| text.contains("://") || text == "null"),
                };
                let all: Vec<Option<bool>> = items.map(has_scheme).collect();
                if all.contains(&Some(false)) {
                    Some(false)
                } else {
                    all.iter().all(Option::is_some).then_some(true)
                }
            }
            Want::Item { item, also, empty } => {
                let items = value.items()?;
                if items.is_empty() {
                    return Some(*empty);
                }
                let known = items
                    .iter()
                    .filter_map(Value::as_text)
                    .any(|found| found == *item || also.iter().skip(1).any(|other| *other == found));
                if known {
                    Some(true)
                } else if items.iter().all(|item| item.as_text().is_some()) {
                    Some(false)
                } else {
                    None
                }
            }
            Want::Entry { entry, .. } => {
                let items = value.items()?;
                let is_there = items.iter().any(|item| item.as_str() == Some(entry));
                let is_known = items.iter().all(|item| item.as_str().is_some());
                (is_there || is_known).then_some(is_there)
            }
            Want::Host { host, port, schemes, login, url } => {
                let is_there = host_of(value, schemes).map(|(found, found_port)| {
                    found == *host
                        && found_port.is_none_or(|found| found == *port)
                        && (!names_one_database(url) || value.as_str().is_none_or(names_one_database))
                })?;
                if is_there { login.fits(self.path.len() == 1, value, evaluation) } else { Some(false) }
            }
            Want::Folder { .. } => match value {
                Value::Path(path) => Some(layout::absolute(path, layout::SOURCE) != layout::SOURCE),
                Value::Str(text) => Some(!text.is_empty()),
                Value::None => Some(false),
                _ => None,
            },
            Want::File { path, working } => match value {
                Value::Path(found) => Some(layout::absolute(found, working) == *path),
                Value::Str(found) => Some(layout::absolute_text(found, working) == *path),
                Value::None => Some(false),
                _ => None,
            },
            Want::Engine { word, .. } => {
                let database = crate::catalog::database::Database::named(word)?;
                value.as_str().map(|engine| database.speaks(engine))
            }
            Want::Nothing => match value {
                Value::None => Some(true),
                Value::Env(_) | Value::Unknown { .. } | Value::SecretFile { .. } => None,
                _ => Some(false),
            },
            Want::Stream => value.entries().map(|_| value.get("filename").is_none()),
            Want::Something { .. } => match value {
                Value::None => Some(false),
                _ => value.as_text().map(|text| !text.is_empty()),
            },
        }
    }
}

/// How Python writes a path of a name, keys and indexes: `DATABASES["default"]["HOST"]`.
pub fn setting(path: &[String]) -> String {
    let mut parts = path.iter();
    let mut text = parts.next().cloned().unwrap_or_default();
    for part in parts {
        if part.parse::<usize>().is_ok() {
            text.push_str(&format!("[{part}]"));
        } else {
            text.push_str(&format!("[\"{part}\"]"));
        }
    }
    text
}

/// Python's truth of a value.
pub fn truth(value: &Value) -> Option<bool> {
    Some(match value {
        Value::None => false,
        Value::Bool(truth) => *truth,
        Value::Int(number) => *number != 0,
        Value::Float(number) => *number != 0.0,
        Value::Str(text) => !text.is_empty(),
        Value::List(items) => !items.is_empty(),
        Value::Dict(entries) => !entries.is_empty(),
        Value::Path(_) => true,
        _ => return None,
    })
}

/// A value for messages: never longer than a line.
pub fn shown(value: &Value) -> String {
    let text = match value {
        Value::Str(text) => format!("\"{}\"", without_password(text)),
        other => other.as_text().unwrap_or_else(|| other.to_json().to_string()),
    };
    if text.chars().count() > 80 { format!("{}…", text.chars().take(79).collect::<String>()) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Place;
    use crate::python::Setting;

    pub(crate) fn settings(entries: Vec<(&str, Value)>) -> Evaluation {
        let settings = entries
            .into_iter()
            .map(|(name, value)| {
                let setting = Setting {
                    value,
                    place: Place::line("settings.py", 1),
                    presence: crate::python::evaluation::Presence::Always,
                };
                (name.to_owned(), setting)
            })
            .collect();
        Evaluation { settings, ..Evaluation::default() }
    }

    fn text(text: &str) -> Value {
        Value::Str(text.to_owned())
    }

    fn dict(entries: Vec<(&str, Value)>) -> Value {
        Value::Dict(entries.into_iter().map(|(key, value)| (text(key), value)).collect())
    }

    #[test]
    fn a_port_may_be_a_number_text_or_missing() {
        let goal = Goal::new(
            &["DATABASES", "default", "PORT"],
            Want::Text { text: "5432".into(), also: Vec::new(), absent: true },
            "",
        );
        let standing = |value: Vec<(&str, Value)>| {
            goal.standing(&settings(vec![("DATABASES", dict(vec![("default", dict(value))]))]))
        };
        assert_eq!(standing(vec![("PORT", Value::Int(5432))]), Standing::Met);
        assert_eq!(standing(vec![("PORT", text("5432"))]), Standing::Met);
        assert_eq!(standing(vec![("PORT", text(""))]), Standing::Met);
        assert_eq!(standing(vec![]), Standing::Met);
        assert_eq!(standing(vec![("PORT", text("5433"))]), Standing::Missed("\"5433\"".into()));
        assert_eq!(goal.standing(&settings(vec![])), Standing::Unknown);
        assert_eq!(goal.setting(), "DATABASES[\"default\"][\"PORT\"]");
    }
}
