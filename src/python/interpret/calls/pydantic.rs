//! Classes whose fields are read from the environment when they are made: pydantic-settings, goodconf.

use super::super::Interp;
use super::super::environment::Reading;
use super::super::object::{Exception, Name, Obj};
use super::super::source::Pos;
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

impl Interp<'_> {
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
        if let Some(file) = self.settings_option(class, "env_file") {
            for file in
                self.sequence(&file).filter(|_| !matches!(file, Obj::Str(_))).unwrap_or_else(|| vec![file])
            {
                if !matches!(file, Obj::None) {
                    self.load_variables(&file, false, pos);
                }
            }
        }
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
            let value = self.read_field(&field, &annotation, stated, &prefix, at)?;
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
        prefix: &str,
        pos: Pos,
    ) -> super::super::Outcome {
        let mut variable = format!("{prefix}{field}").to_uppercase();
        let mut default = stated.clone();
        if let Some(Obj::Made(made)) = &stated
            && made.class.ends_with("Field")
        {
            let find = |name: &str| {
                made.kwargs.iter().find(|(other, _)| &**other == name).map(|(_, value)| value.clone())
            };
            let initial = find("initial").filter(|_| find("default").is_none());
            default = find("default").or_else(|| made.args.first().cloned());
            for factory in [find("default_factory"), initial].into_iter().flatten() {
                default = Some(self.call(&factory, Vec::new(), Vec::new(), pos)?);
            }
            for alias in ["validation_alias", "alias", "env"] {
                match find(alias) {
                    Some(Obj::Str(name)) => variable = name.to_uppercase(),
                    Some(Obj::Made(choices)) => {
                        if let Some(Obj::Str(name)) = choices.args.first() {
                            variable = name.to_uppercase();
                        }
                    }
                    _ => continue,
                }
                break;
            }
        }
        let optional = annotation.starts_with("Optional")
            || annotation.contains("| None")
            || annotation.contains("None |");
        let has_default = default.is_some();
        let default = default.filter(|default| !matches!(default, Obj::None));
        let inner = annotation.trim_start_matches("Optional[").trim_end_matches(']');
        let cast = match inner.split(['[', ' ', '|']).next().unwrap_or(inner) {
            "bool" => Cast::Bool,
            "int" | "PositiveInt" => Cast::Int,
            "float" => Cast::Float,
            "list" | "List" | "set" | "Set" | "tuple" | "dict" | "Dict" => Cast::Json,
            "Path" | "FilePath" | "DirectoryPath" => Cast::Path,
            _ => Cast::Str,
        };
        let _ = optional;
        let exception = if has_default { None } else { Some("ValidationError") };
        self.read(&Obj::str(variable), Reading { default, cast, exception }, pos)
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
