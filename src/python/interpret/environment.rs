//! Reading the environment: every reader comes here.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::limits;
use super::object::{EnvObj, Exception, Name, Obj};
use super::source::Pos;
use super::{Interp, Outcome};
use crate::python::evaluation::World;
use crate::python::value::Cast;

const SETTINGS_MODULE: &str = "DJANGO_SETTINGS_MODULE";

/// A read of a variable, as it was met.
#[derive(Clone, Debug)]
pub(super) struct ReadRow {
    pub(super) name: Name,
    pub(super) default: Option<Obj>,
    pub(super) cast: Cast,
    pub(super) fails: bool,
    pub(super) pos: Pos,
}

/// How a variable is read.
pub(super) struct Reading {
    /// The value if unset, already cast.
    pub(super) default: Option<Obj>,
    pub(super) cast: Cast,
    /// The exception where it is unset and has no default; `None` gives Python's `None`.
    pub(super) exception: Option<&'static str>,
}

impl Reading {
    /// As text, with a default or `None`.
    pub(super) fn text(default: Option<Obj>) -> Self {
        Self { default, cast: Cast::Str, exception: None }
    }
}

pub(super) fn is_environ(dotted: &str) -> bool {
    matches!(dotted, "os.environ" | "os.environb" | "environ.Env.ENVIRON" | "environ.Env().ENVIRON")
}

/// Readers that can be asked whether they hold a variable.
pub(super) fn is_reader(class: &str) -> bool {
    matches!(class, "environ.Env" | "environ.FileAwareEnv" | "os.environ.copy")
}

/// Variables that tell Django or the machine what to do rather than the project.
fn is_known_variable(name: &str) -> bool {
    matches!(name, SETTINGS_MODULE | "DJANGO_CONFIGURATION")
}

/// Variables that only services which run tests set: no stack is such a place.
fn is_set_by_ci(name: &str) -> bool {
    const NAMES: &[&str] = &[
        "APPVEYOR",
        "BITBUCKET_BUILD_NUMBER",
        "BUILDKITE",
        "CI",
        "CIRCLECI",
        "CODEBUILD_BUILD_ID",
        "CONTINUOUS_INTEGRATION",
        "DRONE",
        "GITHUB_ACTIONS",
        "GITHUB_WORKFLOW",
        "GITLAB_CI",
        "JENKINS_HOME",
        "JENKINS_URL",
        "PYTEST_CURRENT_TEST",
        "SEMAPHORE",
        "TRAVIS",
    ];
    NAMES.contains(&name)
}

impl<'a> Interp<'a> {
    pub(super) fn read(&mut self, name: &Obj, reading: Reading, pos: Pos) -> Outcome {
        match name {
            Obj::Str(name) => self.read_named(&name.clone(), reading, pos),
            Obj::OneOf(names) => {
                let mut values = Vec::new();
                for name in names.iter() {
                    let reading = Reading {
                        default: reading.default.clone(),
                        cast: reading.cast.clone(),
                        exception: reading.exception,
                    };
                    values.push(self.read(name, reading, pos)?);
                }
                Ok(self.heap.one_of(values))
            }
            other => {
                let mut parts = vec![other.clone()];
                parts.extend(reading.default.clone());
                let assumed = reading.default.as_ref().and_then(Obj::assumed);
                Ok(Obj::unknown_assumed("a variable whose name is not known", pos, &parts, assumed))
            }
        }
    }

    /// Returns the text of a variable in this world.
    pub(super) fn given(&self, name: &str) -> Option<&'a str> {
        match self.request.world {
            World::Open => None,
            World::Target { variables, .. } | World::Closed { variables, .. } => {
                variables.get(name).map(String::as_str)
            }
        }
    }

    pub(super) fn read_required(&mut self, name: &Obj, exception: &'static str, pos: Pos) -> Outcome {
        self.read(name, Reading { default: None, cast: Cast::Str, exception: Some(exception) }, pos)
    }

    fn read_named(&mut self, name: &Name, reading: Reading, pos: Pos) -> Outcome {
        if let Some(value) = self.environ.get(name).cloned() {
            if let Obj::Env(env) = &value {
                let env = env.clone();
                self.note_read(name, env.default.clone(), Cast::Str, false, pos);
            } else if self.given(name).is_some() {
                // `setdefault` left what is set outside as it was.
                self.note_read(name, None, Cast::Str, false, pos);
            }
            return self.cast(&value, &reading.cast, pos);
        }
        if let Some(text) = self.given(name) {
            self.note_read(name, reading.default, reading.cast.clone(), false, pos);
            return self.cast(&Obj::str(text), &reading.cast, pos);
        }
        if &**name == "PATH" {
            // Every container has one, and none that a stack should replace.
            return Ok(Obj::unknown("the folders of programs", pos, &[]));
        }
        if is_known_variable(name) && self.runs_script() {
            return Ok(reading.default.unwrap_or(Obj::None));
        }
        if is_known_variable(name) {
            return Ok(match (&**name, self.request.class) {
                ("DJANGO_SETTINGS_MODULE", _) => Obj::str(self.request.module),
                (_, Some(class)) => Obj::str(class),
                _ => reading.default.unwrap_or(Obj::None),
            });
        }
        let guarded = self.present.iter().any(|(other, set)| *set && other == name);
        let fails = reading.exception.is_some() && reading.default.is_none() && !guarded;
        let Some(read) = self.note_read(name, reading.default.clone(), reading.cast.clone(), fails, pos)
        else {
            return Ok(Obj::unknown("a variable beyond the limits", pos, &[]));
        };
        if !fails && is_set_by_ci(name) {
            return Ok(reading.default.unwrap_or(Obj::None));
        }
        if let World::Closed { .. } = self.request.world {
            if let Some(default) = reading.default {
                return Ok(default);
            }
            let Some(exception) = reading.exception else { return Ok(Obj::None) };
            let exception = Exception::unset(exception, name);
            if self.handler_for(&exception.lineage).is_some() {
                return Err(Box::new(exception));
            }
            if !self.undecided() {
                self.record_failure(&exception, pos);
            }
            return Ok(self.env_obj(read));
        }
        if let (true, Some(exception)) = (fails, reading.exception) {
            self.may_raise(Exception { from: vec![self.env_obj(read)], ..Exception::unset(exception, name) });
        }
        Ok(self.env_obj(read))
    }

    /// Notes a read, once per name and place, and returns its row; none where the limits are reached.
    pub(super) fn note_read(
        &mut self,
        name: &Name,
        default: Option<Obj>,
        cast: Cast,
        fails: bool,
        pos: Pos,
    ) -> Option<usize> {
        let pos = self.call_naming(name, pos);
        let default = default.filter(|default| super::measure::depth(default) + 1 < super::measure::DEEPEST);
        limits::work(self.reads.len() / 16);
        if let Some(row) = self.reads.iter().position(|read| read.pos == pos && read.name == *name) {
            let read = &mut self.reads[row];
            if read.default.is_none() {
                read.default = default;
            }
            if read.cast == Cast::Str {
                read.cast = cast;
            }
            read.fails |= fails;
            return Some(row);
        }
        if self.reads.len() >= 20_000 || !limits::values(8) {
            self.exhausted = true;
            return None;
        }
        self.reads.push(ReadRow { name: name.clone(), default, cast, fails, pos });
        Some(self.reads.len() - 1)
    }

    pub(super) fn env_obj(&self, read: usize) -> Obj {
        let row = &self.reads[read];
        Obj::Env(Rc::new(EnvObj {
            read,
            name: row.name.clone(),
            default: row.default.clone().filter(|default| !matches!(default, Obj::None)),
            cast: row.cast.clone(),
        }))
    }

    /// `"X" in os.environ`.
    pub(super) fn is_set(&mut self, name: &Obj, pos: Pos) -> Obj {
        let Obj::Str(name) = name else {
            return Obj::unknown("whether a variable is set", pos, std::slice::from_ref(name));
        };
        if let Some(value) = self.environ.get(name) {
            return match value {
                Obj::Env(env) if env.default.is_none() => self.presence_test(&name.clone(), true, pos),
                _ => Obj::Bool(true),
            };
        }
        let name = name.clone();
        if is_known_variable(&name) {
            if self.runs_script() {
                return Obj::Bool(self.given(&name).is_some());
            }
            return Obj::Bool(&*name == "DJANGO_SETTINGS_MODULE" || self.request.class.is_some());
        }
        self.note_read(&name, None, Cast::Str, false, pos);
        match self.request.world {
            World::Closed { .. } => Obj::Bool(self.given(&name).is_some()),
            _ if self.given(&name).is_some() => Obj::Bool(true),
            _ if is_set_by_ci(&name) => Obj::Bool(false),
            _ => self.presence_test(&name, true, pos),
        }
    }

    /// Every variable that is set, by name, where all are known.
    pub(super) fn whole_environment(&self) -> Option<Vec<(Obj, Obj)>> {
        let World::Closed { variables, .. } = self.request.world else { return None };
        let mut all: BTreeMap<&str, Obj> =
            variables.iter().map(|(name, value)| (name.as_str(), Obj::str(value))).collect();
        let own = self.environ.iter().filter(|(name, _)| !name.contains(' '));
        all.extend(own.map(|(name, value)| (&**name, value.clone())));
        Some(all.into_iter().map(|(name, value)| (Obj::str(name), value)).collect())
    }

    pub(super) fn note_exported(&mut self, name: &Name, value: &Obj, pos: Pos) {
        const MOST: usize = 200;
        if self.exported.len() < MOST {
            self.exported.push((name.clone(), value.clone(), pos));
        }
    }

    /// `os.environ.setdefault("DJANGO_SETTINGS_MODULE", value)`, and the assignment that `overrules` the environment.
    pub(super) fn note_named(&mut self, name: &str, value: &Obj, overrules: bool, pos: Pos) {
        const MOST: usize = 64;
        if name == SETTINGS_MODULE && self.named.len() < MOST {
            self.note_chosen_module(value, None);
            self.named.push((value.clone(), overrules, pos));
        }
    }

    /// `os.environ.setdefault(name, value)`, and what a file of variables provides.
    pub(super) fn provide(&mut self, name: &Name, value: Obj) -> Obj {
        if let Some(value) = self.environ.get(name) {
            return value.clone();
        }
        if let (Some(_), _) | (None, World::Closed { .. }) = (self.given(name), self.request.world) {
            let value = self.given(name).map_or(value, Obj::str);
            self.environ.insert(name.clone(), value.clone());
            return value;
        }
        let fitting = super::measure::depth(&value) + 1 < super::measure::DEEPEST;
        if is_known_variable(name) || !fitting {
            return value;
        }
        let read = self.reads.len().max(1) - 1;
        let env = EnvObj { read, name: name.clone(), default: Some(value), cast: Cast::Str };
        let value = Obj::Env(Rc::new(env));
        self.environ.insert(name.clone(), value.clone());
        value
    }
}
