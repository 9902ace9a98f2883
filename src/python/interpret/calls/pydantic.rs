//! Classes whose fields are read from the environment when they are made: pydantic-settings, goodconf.

use super::super::Interp;
use super::super::environment::Reading;
use super::super::object::{Exception, Name, Obj};
use super::super::source::Pos;
use crate::python::evaluation::World;
use crate::python::value::Cast;

pub(super) fn is_settings(base: &str) -> bool {
    matches!(
        base,
        "pydantic_settings.BaseSettings"
            | "pydantic.BaseSettings"
            | "pydantic.v1.BaseSettings"
            | "goodconf.GoodConf"
    )
}

/// A model of pydantic that reads nothing by itself.
pub(in crate::python::interpret) fn is_model(bases: &[Name]) -> bool {
    bases.iter().any(|base| matches!(&**base, "pydantic.BaseModel" | "pydantic.v1.BaseModel"))
}

/// The names under which a field may be set.
fn names_of(alias: &Obj) -> Vec<String> {
    match alias {
        Obj::Str(name) => vec![name.to_string()],
        Obj::Made(choices) => choices.args.iter().filter_map(Obj::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

/// Why a field is not known whose class reads something else than variables.
const OWN_SOURCE: &str = "a value from a source of the project's own";

/// From where the fields of a class come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sources {
    /// The environment, and files of variables.
    Usual,
    /// The environment among others.
    More,
    Other,
}

/// How the fields of one class are read.
#[derive(Clone, Copy)]
struct FieldReading<'a> {
    prefix: &'a str,
    /// Names are as they are written; else their case does not matter.
    exact: bool,
    sources: Sources,
    pos: Pos,
}

impl Interp<'_> {
    /// Returns the sources of the class, if the class orders them itself.
    fn sources_of(&mut self, class: usize, pos: Pos) -> Sources {
        let Some(Obj::ClassMethod(function)) = self.class_attribute(class, "settings_customise_sources")
        else {
            return Sources::Usual;
        };
        let known = ["init_settings", "env_settings", "dotenv_settings", "file_secret_settings"];
        let mut args = vec![Obj::Class(class)];
        args.extend(known.map(Obj::external));
        let bound = Obj::bound((*function).clone(), Obj::Class(class));
        let given = self.quietly(|interp| interp.call(&bound, args, Vec::new(), pos));
        let names: Vec<Option<Obj>> =
            given.and_then(|given| self.sequence(&given)).unwrap_or_default().into_iter().map(Some).collect();
        let is =
            |one: &Option<Obj>, name: &str| matches!(one, Some(Obj::External(other)) if **other == *name);
        let by_variables = names.iter().any(|one| is(one, "env_settings"));
        let only_known = names.iter().all(|one| known.iter().any(|name| is(one, name)));
        match (by_variables, only_known) {
            (true, true) => Sources::Usual,
            (true, false) => Sources::More,
            (false, _) => Sources::Other,
        }
    }

    /// A variable in upper case, unless it is set in another one.
    fn as_it_is_set(&self, name: &str) -> String {
        let upper = name.to_uppercase();
        if let World::Target { variables, .. } | World::Closed { variables, .. } = self.request.world
            && !variables.contains_key(&upper)
            && let Some(set) = variables.keys().find(|set| set.eq_ignore_ascii_case(&upper))
        {
            return set.clone();
        }
        upper
    }

    /// Reads the fields of a settings class, its own and those of its ancestors.
    pub(super) fn fill_settings(
        &mut self,
        instance: usize,
        kwargs: &[(Name, Obj)],
        pos: Pos,
    ) -> Result<(), Box<Exception>> {
        let class = self.instances[instance].class;
        let space = self.instances[instance].space;
        let prefix = self
            .settings_option(class, "env_prefix")
            .and_then(|prefix| prefix.as_str().map(str::to_owned))
            .unwrap_or_default();
        let exact = matches!(self.settings_option(class, "case_sensitive"), Some(Obj::Bool(true)));
        if let Some(file) = self.settings_option(class, "env_file") {
            for file in
                self.sequence(&file).filter(|_| !matches!(file, Obj::Str(_))).unwrap_or_else(|| vec![file])
            {
                if !matches!(file, Obj::None) {
                    self.load_variables(&file, false, pos);
                }
            }
        }
        if let Some(files) = self.settings_option(class, "default_files") {
            for file in self.sequence(&files).unwrap_or_default() {
                if let Some(place) = self.as_path(&file) {
                    let exists = self.known_text(&place).is_some();
                    self.note_file(&place, exists, false, pos);
                }
            }
        }
        let sources = self.sources_of(class, pos);
        let mut fields: Vec<(Name, String)> = Vec::new();
        for base in self.classes[class].lineage.clone().iter().rev() {
            if let Obj::Class(base) = base {
                for (name, annotation) in self.classes[*base].fields.clone() {
                    fields.retain(|(other, _)| *other != name);
                    fields.push((name, annotation));
                }
            }
        }
        for (field, annotation) in fields {
            if &*field == "model_config" || annotation.starts_with("ClassVar") {
                continue;
            }
            if let Some((_, value)) = kwargs.iter().find(|(name, _)| *name == field) {
                self.heap.bind(space, &field, value.clone(), pos);
                continue;
            }
            let stated = self.class_binding_pos(class, &field);
            let (stated, at) =
                stated.map_or((None, self.classes[class].pos), |(value, pos)| (Some(value), pos));
            let reading = FieldReading { prefix: &prefix, exact, sources, pos: at };
            let value = match self.nested_field(class, &field, &annotation, stated.as_ref(), reading)? {
                Some(nested) => nested,
                None => self.read_field(&field, &annotation, stated, reading)?,
            };
            self.heap.bind(space, &field, value, at);
        }
        Ok(())
    }

    fn class_binding_pos(&self, class: usize, name: &str) -> Option<(Obj, Pos)> {
        self.class_spaces(class)
            .into_iter()
            .find_map(|space| self.heap.get(space, name))
            .map(|binding| (binding.value.clone(), binding.pos))
    }

    fn read_field(
        &mut self,
        field: &Name,
        annotation: &str,
        stated: Option<Obj>,
        reading: FieldReading<'_>,
    ) -> super::super::Outcome {
        let FieldReading { prefix, exact, sources, pos } = reading;
        let mut variables = vec![format!("{prefix}{field}")];
        let mut default = stated.clone();
        if let Some(Obj::Made(made)) = &stated
            && made.class.ends_with("Field")
        {
            let find = |name: &str| {
                made.kwargs.iter().find(|(other, _)| &**other == name).map(|(_, value)| value.clone())
            };
            let dots = |value: &Obj| {
                matches!(value, Obj::None) && !made.args.is_empty() && find("default").is_none()
            };
            default = find("default").or_else(|| made.args.first().cloned()).filter(|value| !dots(value));
            // goodconf's `initial` is for a file that it writes, not for what is unset.
            if let Some(factory) = find("default_factory") {
                default = Some(self.call(&factory, Vec::new(), Vec::new(), pos)?);
            }
            for alias in ["validation_alias", "alias", "env"] {
                let Some(stated) = find(alias) else { continue };
                let names = match self.sequence(&stated) {
                    Some(several) if !matches!(stated, Obj::Str(_)) => {
                        several.iter().flat_map(names_of).collect()
                    }
                    _ => names_of(&stated),
                };
                if !names.is_empty() {
                    variables = names;
                    break;
                }
            }
        }
        let optional = annotation.starts_with("Optional")
            || annotation.contains("| None")
            || annotation.contains("None |");
        let has_default = default.is_some();
        let default = default.filter(|default| !matches!(default, Obj::None));
        let inner = annotation.trim_start_matches("Annotated[").trim_start_matches("Optional[");
        let inner = inner.trim_end_matches(']');
        let cast = match inner.split(['[', ' ', '|', ',']).next().unwrap_or(inner) {
            "bool" => Cast::Bool,
            "int" | "PositiveInt" => Cast::Int,
            "float" => Cast::Float,
            "list" | "List" | "set" | "Set" | "tuple" | "dict" | "Dict" => Cast::Json,
            "Path" | "FilePath" | "DirectoryPath" => Cast::Path,
            _ => Cast::Str,
        };
        let _ = optional;
        let exception =
            if has_default || sources != Sources::Usual { None } else { Some("pydantic.ValidationError") };
        if sources == Sources::Other {
            let assumed = default.as_ref().and_then(Obj::assumed);
            return Ok(Obj::unknown_assumed(OWN_SOURCE, pos, &[], assumed));
        }
        if !exact {
            variables = variables.iter().map(|name| self.as_it_is_set(name)).collect();
        }
        let Some((last, others)) = variables.split_last() else { return Ok(Obj::None) };
        // Of several names the first that is set counts.
        for name in others {
            if self.given(name).is_some() {
                return self.read(&Obj::str(name), Reading { default, cast, exception }, pos);
            }
            self.read(&Obj::str(name), Reading { default: None, cast: cast.clone(), exception: None }, pos)?;
        }
        self.read(&Obj::str(last), Reading { default, cast, exception }, pos)
    }

    /// A field that holds a model: its fields are variables of their own where there is a delimiter. One that
    /// holds settings has read them already.
    fn nested_field(
        &mut self,
        class: usize,
        field: &Name,
        annotation: &str,
        stated: Option<&Obj>,
        reading: FieldReading<'_>,
    ) -> Result<Option<Obj>, Box<Exception>> {
        let FieldReading { prefix, pos, .. } = reading;
        let default = match stated {
            Some(Obj::Made(made)) if made.class.ends_with("Field") => {
                let factory = made.kwargs.iter().find(|(name, _)| &**name == "default_factory");
                match factory.map(|(_, factory)| factory.clone()) {
                    Some(Obj::Class(factory)) => {
                        Some(self.call(&Obj::Class(factory), Vec::new(), Vec::new(), pos)?)
                    }
                    _ => made.args.first().cloned(),
                }
            }
            other => other.cloned(),
        };
        let inner = match &default {
            Some(Obj::Instance(instance)) => self.instances[*instance].class,
            None => match self.find_binding(annotation).map(|binding| binding.value.clone()) {
                Some(Obj::Class(inner)) => inner,
                _ => return Ok(None),
            },
            _ => return Ok(None),
        };
        let bases = self.external_bases(inner);
        if bases.iter().any(|base| is_settings(base)) {
            return Ok(default);
        }
        if !is_model(&bases) {
            return Ok(None);
        }
        let delimiter = self.settings_option(class, "env_nested_delimiter");
        let Some(delimiter) = delimiter.as_ref().and_then(Obj::as_str).map(str::to_owned) else {
            return Ok(default);
        };
        let made = self.bare_instance(inner);
        let Obj::Instance(number) = made else { return Ok(None) };
        let space = self.instances[number].space;
        let below = format!("{prefix}{field}{delimiter}");
        for (name, annotation) in self.classes[inner].fields.clone() {
            let held = match &default {
                Some(instance) => Some(self.attribute(instance, &name, pos)?),
                None => self.class_binding_pos(inner, &name).map(|(value, _)| value),
            };
            let value =
                self.read_field(&name, &annotation, held, FieldReading { prefix: &below, ..reading })?;
            self.heap.bind(space, &name, value, pos);
        }
        Ok(Some(made))
    }

    /// An option of `model_config` or of the inner class `Config`.
    fn settings_option(&mut self, class: usize, name: &str) -> Option<Obj> {
        if let Some(config) = self.class_attribute(class, "model_config") {
            return match config {
                Obj::Made(made) => {
                    made.kwargs.iter().find(|(other, _)| &**other == name).map(|(_, value)| value.clone())
                }
                Obj::Dict(cell) => self.dict_get(cell, &Obj::str(name), Pos::default()),
                _ => None,
            };
        }
        match self.class_attribute(class, "Config")? {
            Obj::Class(config) => self.class_attribute(config, name),
            _ => None,
        }
    }
}
