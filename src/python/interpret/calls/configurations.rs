//! django-configurations: values that name their variable after the attribute they stand at.

use std::rc::Rc;

use super::super::environment::Reading;
use super::super::object::{Exception, MadeObj, Name, Obj};
use super::super::source::Pos;
use super::super::{Interp, Outcome};
use super::{Call, Row};
use crate::python::value::Cast;

pub(super) const ROWS: &[Row] = &[
    ("configurations.importer.install", |_, _| Ok(Obj::None)),
    ("configurations.setup", |_, _| Ok(Obj::None)),
];

/// `values.X(...)`: read at once where it names its variable, else when the class is set up.
pub(super) fn value(interp: &mut Interp<'_>, call: Call, class: &str) -> Outcome {
    if class.contains('.') || class.contains('(') || !class.ends_with("Value") {
        return Ok(Obj::made(&format!("configurations.values.{class}"), call.args, call.kwargs, call.pos));
    }
    let made = MadeValue { class: class.to_owned(), args: call.args, kwargs: call.kwargs, pos: call.pos };
    interp.set_up_early(made)
}

/// A value of django-configurations and what it was made with.
pub(super) struct MadeValue {
    pub(super) class: String,
    pub(super) args: Vec<Obj>,
    pub(super) kwargs: Vec<(Name, Obj)>,
    pub(super) pos: Pos,
}

impl MadeValue {
    fn kwarg(&self, name: &str) -> Option<&Obj> {
        self.kwargs.iter().find(|(other, _)| &**other == name).map(|(_, value)| value)
    }

    fn is_from_environment(&self) -> bool {
        !matches!(self.kwarg("environ"), Some(Obj::Bool(false)))
    }
}

impl Interp<'_> {
    pub(super) fn set_up_early(&mut self, made: MadeValue) -> Outcome {
        let named = made.kwarg("environ_name").and_then(Obj::as_str).map(str::to_owned);
        let late = matches!(made.kwarg("late_binding"), Some(Obj::Bool(true)));
        match named {
            _ if !made.is_from_environment() => Ok(self.value_default(&made).unwrap_or(Obj::None)),
            Some(name) if !late => self.set_up(&made, &name),
            _ => Ok(Obj::made(
                &format!("configurations.values.{}", made.class),
                made.args,
                made.kwargs,
                made.pos,
            )),
        }
    }

    /// `SecretValue.setup` takes nothing for a secret: <https://django-configurations.readthedocs.io/en/stable/values/#configurations.values.SecretValue>.
    fn refuse_empty_secret(&mut self, variable: &str, pos: Pos) -> Outcome {
        let message = format!("Secret value '{variable}' is not set");
        let from =
            self.note_read(&variable.into(), None, Cast::Str, true, pos).map(|read| self.env_obj(read));
        let exception =
            Exception { from: from.into_iter().collect(), ..Exception::new("ValueError", message) };
        self.raise(exception, pos)
    }

    /// The value of a class attribute once its class is set up.
    fn set_up_late(&mut self, made: &Rc<MadeObj>, attribute: &str) -> Outcome {
        let class = made.class.trim_start_matches("configurations.values.").to_owned();
        let value = MadeValue { class, args: made.args.clone(), kwargs: made.kwargs.clone(), pos: made.pos };
        let name = value.kwarg("environ_name").and_then(Obj::as_str).unwrap_or(attribute).to_owned();
        self.set_up(&value, &name)
    }

    fn value_default(&self, made: &MadeValue) -> Option<Obj> {
        made.kwarg("default").or(made.args.first()).cloned().filter(|default| !matches!(default, Obj::None))
    }

    fn set_up(&mut self, made: &MadeValue, name: &str) -> Outcome {
        let prefix = match made.kwarg("environ_prefix") {
            Some(Obj::Str(prefix)) => prefix.to_string(),
            Some(Obj::None) => String::new(),
            // Values that take a URL have no prefix of their own.
            None if matches!(
                made.class.as_str(),
                "DatabaseURLValue" | "CacheURLValue" | "EmailURLValue" | "SearchURLValue"
            ) =>
            {
                String::new()
            }
            _ => "DJANGO".to_owned(),
        };
        let (cast, name) = match made.class.as_str() {
            "BooleanValue" => (Cast::Bool, name),
            "IntegerValue" | "PositiveIntegerValue" => (Cast::Int, name),
            "FloatValue" => (Cast::Float, name),
            "DecimalValue" => (Cast::Other("Decimal".to_owned()), name),
            "ListValue"
            | "TupleValue"
            | "SetValue"
            | "SingleNestedListValue"
            | "SingleNestedTupleValue"
            | "BackendsValue" => {
                let separator = made.kwarg("separator").and_then(Obj::as_str).unwrap_or(",");
                (Cast::List(separator.to_owned()), name)
            }
            "PathValue" => (Cast::Path, name),
            "DictValue" => (Cast::Other("dict".to_owned()), name),
            "DatabaseURLValue" => {
                (Cast::DatabaseUrl, if made.kwarg("environ_name").is_some() { name } else { "DATABASE_URL" })
            }
            "CacheURLValue" => {
                (Cast::CacheUrl, if made.kwarg("environ_name").is_some() { name } else { "CACHE_URL" })
            }
            "EmailURLValue" => {
                (Cast::EmailUrl, if made.kwarg("environ_name").is_some() { name } else { "EMAIL_URL" })
            }
            "SearchURLValue" => {
                (Cast::SearchUrl, if made.kwarg("environ_name").is_some() { name } else { "SEARCH_URL" })
            }
            _ => (Cast::Str, name),
        };
        let variable =
            if prefix.is_empty() { name.to_uppercase() } else { format!("{prefix}_{}", name.to_uppercase()) };
        let default = match self.value_default(made) {
            Some(default) if super::super::urls::is_url(&cast) || cast == Cast::Path => {
                Some(self.cast(&default, &cast, made.pos)?)
            }
            Some(default) => Some(default),
            None if matches!(cast, Cast::List(_)) => Some(Obj::List(self.heap.list(Vec::new()))),
            None if super::super::urls::is_url(&cast) => Some(Obj::Dict(self.heap.dict(Vec::new()))),
            None => None,
        };
        let stated = made.kwarg("environ_required").map(|stated| self.truth(stated));
        // A secret is required, whatever is said of it.
        let required = made.class == "SecretValue" || stated == Some(Some(true));
        let url = super::super::urls::is_url(&cast);
        let reading = Reading {
            default: default.filter(|_| !required),
            cast,
            exception: required.then_some("ValueError"),
        };
        let value = self.read(&Obj::str(&variable), reading, made.pos)?;
        if made.class == "SecretValue" && self.truth(&value) == Some(false) {
            return self.refuse_empty_secret(&variable, made.pos);
        }
        let items = made.kwarg("converter").cloned();
        let value = super::environ::cast_items(
            self,
            &value,
            items.filter(|_| self.given(&variable).is_some()),
            made.pos,
        )?;
        match made.class.as_str() {
            // These stand for the whole of DATABASES and CACHES.
            "DatabaseURLValue" | "CacheURLValue" if url => {
                let alias = made.kwarg("alias").cloned().unwrap_or_else(|| Obj::str("default"));
                Ok(Obj::Dict(self.heap.dict(vec![(alias, value)])))
            }
            _ => Ok(value),
        }
    }

    /// The settings of a class: every upper-case attribute along its lineage, its values set up.
    pub(in crate::python::interpret) fn class_settings(
        &mut self,
        module: usize,
        class: &str,
    ) -> Option<usize> {
        let space = self.modules[module].space;
        let Some(Obj::Class(class)) = self.heap.get(space, class).map(|binding| binding.value.clone()) else {
            return Some(space);
        };
        let settings = self.heap.space();
        let source = self.modules[self.classes[class].module].source?;
        let frame = super::super::scope::Frame {
            source,
            module: self.classes[class].module,
            locals: settings,
            enclosing: Vec::new(),
            kind: super::super::scope::FrameKind::Module,
            elsewhere: Vec::new(),
            class: None,
            receiver: None,
            call: self.classes[class].pos,
            texts: Vec::new(),
            returned: Vec::new(),
            yielded: None,
        };
        self.frames.push(frame);
        // Values are set up before properties are read: these see the final values.
        let instance_space = self.heap.space();
        self.instances.push(super::super::classes::Instance {
            class,
            space: instance_space,
            data: None,
            args: Vec::new(),
        });
        let instance = Obj::Instance(self.instances.len() - 1);
        let names = self.attribute_names(&Obj::Class(class));
        let upper: Vec<Name> = names
            .into_iter()
            .filter(|name| !name.starts_with('_') && !name.chars().any(char::is_lowercase))
            .collect();
        // A class may name a file of variables.
        if let Some(binding) = self.class_binding(class, "DOTENV") {
            let path = match &binding.value {
                Obj::Made(made) => made.args.first().cloned().unwrap_or(Obj::None),
                other => other.clone(),
            };
            self.load_variables(&path, false, binding.pos);
        }
        for name in &upper {
            if let Some(binding) = self.class_binding(class, name)
                && let Obj::Made(made) = &binding.value
                && made.class.starts_with("configurations.values.")
            {
                let value = self.set_up_late(made, name).unwrap_or(Obj::None);
                if &**name == "DEBUG" {
                    self.note_debug(&value);
                }
                let binding = super::super::heap::Binding { value, ..binding.clone() };
                self.heap.bind_as(instance_space, name, binding.clone());
                self.heap.bind_as(self.classes[class].space, name, binding);
            }
        }
        for hook in ["pre_setup", "setup"] {
            self.call_hook(class, hook);
        }
        // Setting up may have bound more.
        let names = self.attribute_names(&Obj::Class(class));
        let upper =
            names.into_iter().filter(|name| !name.starts_with('_') && !name.chars().any(char::is_lowercase));
        for name in upper.collect::<Vec<Name>>() {
            let name = &name;
            let Some(binding) = self.class_binding(class, name) else { continue };
            let pos = binding.pos;
            if let Ok(value) = self.attribute(&instance, name, pos) {
                self.heap.bind_as(settings, name, super::super::heap::Binding { value, ..binding });
            }
        }
        self.call_hook(class, "post_setup");
        self.frames.pop();
        Some(settings)
    }

    /// Calls a class method that the setting up of the class calls, where it has one.
    fn call_hook(&mut self, class: usize, hook: &str) {
        let Some(Obj::ClassMethod(function)) = self.class_attribute(class, hook) else { return };
        let bound = Obj::bound((*function).clone(), Obj::Class(class));
        let pos = self.classes[class].pos;
        if let Err(exception) = self.call(&bound, Vec::new(), Vec::new(), pos) {
            self.record_failure(&exception, pos);
        }
    }

    fn class_binding(&self, class: usize, name: &str) -> Option<super::super::heap::Binding> {
        self.class_spaces(class).into_iter().find_map(|space| self.heap.get(space, name)).cloned()
    }
}
