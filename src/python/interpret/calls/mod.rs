//! The behaviour of libraries, as far as settings use them: a table with one row per idiom.
//!
//! A row's name is the dotted name of what is called; `X()` stands for what calling `X` gives, so that
//! `environ.Env().bool` is the method `bool` of a django-environ reader. To add an idiom, add a row to the
//! file of its library and a case to `tests/settings/`.

mod builtins;
mod casting;
mod configurations;
mod data;
mod decouple;
mod django;
mod dotenv;
mod dynaconf;
mod environ;
mod environs;
mod functional;
mod heroku;
mod ini;
mod instances;
mod options;
mod os;
mod pydantic;
mod readers;
mod reflection;
mod secrets;

pub(super) use self::environ::PREFIX;
pub(super) use self::pydantic::is_model;
pub(super) use self::secrets::secret_of;

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::LazyLock;

use super::object::{MadeObj, Name, Obj};
use super::source::Pos;
use super::standard::re_exported;
use super::{Interp, Outcome};

/// A call of something that is not of the project.
pub(super) struct Call {
    /// The object on which the method is called.
    pub(super) receiver: Option<Obj>,
    pub(super) args: Vec<Obj>,
    pub(super) kwargs: Vec<(Name, Obj)>,
    pub(super) pos: Pos,
}

/// Why `sys.argv[1]` is not known.
pub(super) const ARGUMENT: &str = "an argument of the process";

impl Call {
    /// The argument at a position or under a name.
    pub(super) fn arg(&self, at: usize, name: &str) -> Option<Obj> {
        self.args.get(at).cloned().or_else(|| self.kwarg(name))
    }

    pub(super) fn kwarg(&self, name: &str) -> Option<Obj> {
        self.kwargs.iter().find(|(other, _)| &**other == name).map(|(_, value)| value.clone())
    }

    pub(super) fn first(&self) -> Obj {
        self.args.first().cloned().unwrap_or(Obj::None)
    }

    /// Returns the call that made the receiver.
    pub(super) fn made(&self) -> Option<Rc<MadeObj>> {
        if let Some(Obj::Made(made)) = &self.receiver { Some(made.clone()) } else { None }
    }

    pub(super) fn parts(&self) -> Vec<Obj> {
        self.args.iter().chain(self.kwargs.iter().map(|(_, value)| value)).cloned().collect()
    }
}

pub(super) type Handler = fn(&mut Interp<'_>, Call) -> Outcome;
pub(super) type Row = (&'static str, Handler);

static TABLE: LazyLock<HashMap<&'static str, Handler>> = LazyLock::new(|| {
    let all = [
        builtins::ROWS,
        configurations::ROWS,
        data::ROWS,
        decouple::ROWS,
        django::ROWS,
        dotenv::ROWS,
        dynaconf::ROWS,
        environ::ROWS,
        environs::ROWS,
        functional::ROWS,
        heroku::ROWS,
        ini::ROWS,
        os::ROWS,
        readers::ROWS,
        reflection::ROWS,
        secrets::ROWS,
    ];
    all.into_iter().flatten().copied().collect()
});

/// The name under which a row is found: where a library offers one thing in several places, one of them.
fn canonical(dotted: &str) -> String {
    const PREFIXES: &[(&str, &str)] = &[
        ("environ.environ.", "environ."),
        ("environs.env.", "environs.Env()."),
        ("environs.FileAwareEnv", "environs.Env"),
        ("envparse.env.", "envparse.Env()."),
        ("envparse.envparse.", "envparse."),
        ("builtins.", ""),
        ("xrange", "range"),
        ("six.moves.", ""),
        ("posixpath.", "os.path."),
        ("path.Path", "pathlib.Path"),
        ("path.path", "pathlib.Path"),
        ("unipath.Path", "pathlib.Path"),
        ("unipath.FSPath", "pathlib.Path"),
        ("pathlib.PurePath", "pathlib.Path"),
        ("pathlib.PosixPath", "pathlib.Path"),
        ("pathlib2.Path", "pathlib.Path"),
        ("tomli.", "tomllib."),
        ("ConfigParser.", "configparser."),
        ("simplejson.", "json."),
        ("django.utils.simplejson.", "json."),
        ("dotenv.main.", "dotenv."),
        ("django.utils.six.moves.", ""),
        ("dynaconf.LazySettings", "dynaconf.Dynaconf"),
        ("dynaconf.base.LazySettings", "dynaconf.Dynaconf"),
        ("dynaconf.contrib.django_dynaconf_v2.DjangoDynaconf", "dynaconf.DjangoDynaconf"),
        ("dynaconf.validator.Validator", "dynaconf.Validator"),
    ];
    for (prefix, instead) in PREFIXES {
        if let Some(rest) = dotted.strip_prefix(prefix) {
            return format!("{instead}{rest}");
        }
    }
    re_exported(dotted).unwrap_or_else(|| dotted.to_owned())
}

impl Interp<'_> {
    /// Calls something by its dotted name. What no row knows gives an opaque object that remembers its parts.
    pub(super) fn call_external(
        &mut self,
        dotted: &str,
        receiver: Option<Obj>,
        args: Vec<Obj>,
        kwargs: Vec<(Name, Obj)>,
        pos: Pos,
    ) -> Outcome {
        let name = match dotted {
            "environs.env" | "environs.Env.env" => "environs.Env()".to_owned(),
            "envparse.env" => "envparse.Env()".to_owned(),
            _ => canonical(dotted),
        };
        let handler = TABLE.get(name.as_str());
        if handler.is_none() || data::is_command(&name) || django::asks(&name) {
            self.note_outside(&name, &args, &kwargs, pos);
        }
        let call = Call { receiver, args, kwargs, pos };
        if let Some(handler) = handler {
            return handler(self, call);
        }
        if let Some((reader, method)) = name.rsplit_once('.') {
            // Readers have a method per type.
            match reader {
                "environ.Env()" | "environ.FileAwareEnv()" | "envparse.Env()" => {
                    return environ::typed(self, call, method);
                }
                "environs.Env()" => return environs::typed(self, call, method),
                _ => {}
            }
        }
        if let Some(class) = name.strip_prefix("configurations.values.") {
            return configurations::value(self, call, class);
        }
        if let Some(secret) = call.receiver.as_ref().and_then(secret_of) {
            return Ok(Obj::unknown(secret, pos, &call.parts()));
        }
        if call.receiver.is_some() {
            let mut parts = call.parts();
            parts.extend(call.receiver.clone());
            return Ok(Obj::unknown(format!("the result of `{name}()`"), pos, &parts));
        }
        // `str.strip(text)`, `Path.joinpath(folder, "media")`
        if let Some(("str" | "bytes" | "list" | "dict" | "pathlib.Path", method)) = name.rsplit_once('.')
            && let Some((receiver, rest)) = call.args.split_first()
        {
            return self.call_method(&receiver.clone(), method, rest.to_vec(), call.kwargs, pos);
        }
        if readers::is_conventional(&name, &call) {
            return readers::conventional(self, &call);
        }
        self.note_foreign_call(&name, &call.args, pos);
        Ok(Obj::made(&name, call.args, call.kwargs, pos))
    }

    /// A name in a library: a constant where its value is known.
    pub(super) fn external_attribute(&mut self, owner: &str, name: &str) -> Obj {
        let dotted = canonical(&format!("{owner}.{name}"));
        if dotted == "dynaconf.settings" {
            return self.shared_dynaconf();
        }
        if let Some(constant) = super::constants::constant(&dotted) {
            return constant;
        }
        Obj::External(self.name(&dotted))
    }

    pub(super) fn external_item(&mut self, dotted: &str, key: &Obj, pos: Pos) -> Outcome {
        match dotted {
            "sys.modules" => {
                let module = key.as_str().and_then(|name| self.by_name.get(name)).copied();
                Ok(module.map_or_else(|| Obj::unknown("a module", pos, &[]), Obj::Module))
            }
            "sys.argv" => Ok(match key {
                Obj::Int(0) => Obj::str("manage.py"),
                _ => Obj::unknown_assumed(ARGUMENT, pos, &[], Some(Obj::str("runserver"))),
            }),
            "sys.version_info" => Ok(match key {
                Obj::Int(0) => Obj::Int(3),
                _ => Obj::unknown("the version of Python", pos, &[]),
            }),
            "environs.env" => self.read_required(key, "environs.EnvError", pos),
            _ => Ok(Obj::External(self.name(dotted))),
        }
    }

    /// An attribute of what a library made.
    pub(super) fn made_attribute(
        &mut self,
        made: &Rc<MadeObj>,
        name: &str,
        pos: Pos,
    ) -> Result<Option<Obj>, Box<super::object::Exception>> {
        match (&*made.class, name) {
            ("urllib.parse.urlparse" | "urlparse.urlparse" | "urllib.parse.urlsplit", _) => {
                Ok(Some(data::url_part(self, made, name, pos)))
            }
            ("types.SimpleNamespace" | "argparse.Namespace", _) => {
                Ok(made.kwargs.iter().find(|(other, _)| &**other == name).map(|(_, value)| value.clone()))
            }
            ("environ.Env", "ENVIRON") => Ok(Some(Obj::external("os.environ"))),
            (super::dynaconf::SETTINGS, _) => self.dynaconf_attribute(made, name, pos),
            _ => Ok(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_idiom_has_one_row() {
        let all = [
            builtins::ROWS,
            configurations::ROWS,
            data::ROWS,
            decouple::ROWS,
            django::ROWS,
            dotenv::ROWS,
            dynaconf::ROWS,
            environ::ROWS,
            environs::ROWS,
            functional::ROWS,
            ini::ROWS,
            os::ROWS,
            readers::ROWS,
            reflection::ROWS,
            secrets::ROWS,
        ];
        let mut seen = std::collections::BTreeSet::new();
        for (name, _) in all.into_iter().flatten() {
            assert!(seen.insert(name), "{name} stands twice");
            assert_eq!(canonical(name), *name, "a row under a name that is never looked up");
        }
    }
}
