//! Instances of the project's classes that inherit from a library's.

use super::super::object::{Exception, Name, Obj};
use super::super::source::Pos;
use super::super::{Interp, Outcome};
use super::configurations::MadeValue;

/// The name of the class that an instance goes round, among its attributes.
const SKIPPED: &str = "<skipped>";

impl Interp<'_> {
    /// Instances that a library's metaclass makes in its own way.
    pub(in crate::python::interpret) fn external_instance(
        &mut self,
        instance: usize,
        _args: &[Obj],
        kwargs: &[(Name, Obj)],
        pos: Pos,
    ) -> Result<Option<Obj>, Box<Exception>> {
        let class = self.instances[instance].class;
        let bases = self.external_bases(class);
        if bases.iter().any(|base| super::pydantic::is_settings(base)) {
            self.fill_settings(instance, kwargs, pos)?;
            return Ok(Some(Obj::Instance(instance)));
        }
        Ok(None)
    }

    /// `super().__init__(...)` of a library's class: its arguments are kept, for those that look.
    pub(in crate::python::interpret) fn external_init(
        &mut self,
        instance: usize,
        args: Vec<Obj>,
        kwargs: Vec<(Name, Obj)>,
        pos: Pos,
    ) -> Result<(), Box<Exception>> {
        let given = Obj::made("arguments", args.clone(), kwargs.clone(), pos);
        let (space, name) = (self.instances[instance].space, self.name("<arguments>"));
        self.heap.bind(space, &name, given, pos);
        if let Some(data @ Obj::Dict(_)) = self.instances[instance].data.clone() {
            for other in &args {
                self.update(&data, other, pos)?;
            }
            for (key, value) in kwargs {
                self.set_item(&data, &Obj::Str(key), value, pos)?;
            }
        } else if let Some(data @ Obj::List(cell)) = self.instances[instance].data.clone() {
            let _ = data;
            for other in &args {
                self.extend_list(cell, other, pos);
            }
        }
        Ok(())
    }

    /// Notes the class whose own `__init__` and `setup` an instance goes round: `super(values.SecretValue, self).__init__()`.
    pub(in crate::python::interpret) fn note_skipped_class(&mut self, class: &Obj, instance: &Obj, pos: Pos) {
        let (Obj::External(class), Obj::Instance(instance)) = (class, instance) else { return };
        if class.starts_with("configurations.values.") {
            let (space, name) = (self.instances[*instance].space, self.name(SKIPPED));
            self.heap.bind(space, &name, Obj::Str(class.clone()), pos);
        }
    }

    /// Finishes the making of an instance: a value of django-configurations is read at once if it can be.
    pub(in crate::python::interpret) fn finish_external_instance(
        &mut self,
        instance: usize,
        made: Obj,
        pos: Pos,
    ) -> Outcome {
        let class = self.instances[instance].class;
        let bases = self.external_bases(class);
        let Some(base) = bases.iter().find(|base| base.starts_with("configurations.values.")) else {
            return Ok(made);
        };
        let name = base.trim_start_matches("configurations.values.").to_owned();
        let space = self.instances[instance].space;
        let is_skipped =
            self.heap.get(space, SKIPPED).is_some_and(|skipped| skipped.value.as_str() == Some(base));
        let name = if is_skipped { "Value".to_owned() } else { name };
        let given = self.heap.get(space, "<arguments>").map(|binding| binding.value.clone());
        let (args, kwargs) = match given {
            Some(Obj::Made(given)) => (given.args.clone(), given.kwargs.clone()),
            _ => (self.instances[instance].args.clone(), Vec::new()),
        };
        self.set_up_early(MadeValue { class: name, args, kwargs, pos })
    }

    /// A method that the class of an instance does not define itself.
    pub(in crate::python::interpret) fn instance_method(
        &mut self,
        instance: usize,
        name: &str,
        args: Vec<Obj>,
        kwargs: Vec<(Name, Obj)>,
        pos: Pos,
    ) -> Outcome {
        let name = name.strip_prefix("super:").unwrap_or(name);
        let receiver = Obj::Instance(instance);
        match name {
            "" => return Ok(receiver),
            "model_dump" | "dict" | "_asdict" => return self.fields_of(instance, pos),
            "__init__" => {
                self.external_init(instance, args, kwargs, pos)?;
                return Ok(Obj::None);
            }
            "__setattr__" => {
                if let (Some(Obj::Str(name)), Some(value)) = (args.first(), args.get(1)) {
                    let space = self.instances[instance].space;
                    self.heap.bind(space, name, value.clone(), pos);
                }
                return Ok(Obj::None);
            }
            "__getattribute__" => {
                if let Some(Obj::Str(name)) = args.first() {
                    let space = self.instances[instance].space;
                    if let Some(binding) = self.heap.get(space, name) {
                        return Ok(binding.value.clone());
                    }
                }
            }
            _ => {}
        }
        if let Some(data) = self.instances[instance].data.clone() {
            return self.call_method(&data, name, args, kwargs, pos);
        }
        for base in self.external_bases(self.instances[instance].class) {
            if &*base != "object" {
                let dotted = format!("{base}().{name}");
                return self.call_external(&dotted, Some(receiver), args, kwargs, pos);
            }
        }
        if name.starts_with("__init") {
            return Ok(Obj::None);
        }
        Ok(Obj::unknown(format!("the result of `.{name}()`"), pos, &args))
    }

    pub(in crate::python::interpret) fn class_method(
        &mut self,
        class: usize,
        name: &str,
        args: Vec<Obj>,
        kwargs: Vec<(Name, Obj)>,
        pos: Pos,
    ) -> Outcome {
        let name = name.strip_prefix("super:").unwrap_or(name);
        if name == "__new__" {
            let class = match args.first() {
                Some(Obj::Class(class)) => *class,
                _ => class,
            };
            return Ok(self.bare_instance(class));
        }
        if name == "mro" {
            return Ok(Obj::tuple(self.classes[class].lineage.clone()));
        }
        for base in self.external_bases(class) {
            if &*base != "object" {
                let dotted = format!("{base}.{name}");
                return self.call_external(&dotted, Some(Obj::Class(class)), args, kwargs, pos);
            }
        }
        Ok(Obj::unknown(format!("the result of `.{name}()`"), pos, &args))
    }

    /// Calls an instance whose class does not define `__call__`: a library's base may.
    pub(in crate::python::interpret) fn call_external_instance(
        &mut self,
        instance: usize,
        args: Vec<Obj>,
        kwargs: Vec<(Name, Obj)>,
        pos: Pos,
    ) -> Outcome {
        let bases = self.external_bases(self.instances[instance].class);
        match bases.iter().find(|base| &***base != "object") {
            Some(base) => {
                let dotted = format!("{base}()");
                let given = self
                    .heap
                    .get(self.instances[instance].space, "<arguments>")
                    .map(|binding| binding.value.clone());
                let receiver = match given {
                    Some(Obj::Made(given)) => Obj::made(base, given.args.clone(), given.kwargs.clone(), pos),
                    _ => Obj::made(base, Vec::new(), Vec::new(), pos),
                };
                self.call_external(&dotted, Some(receiver), args, kwargs, pos)
            }
            None => Ok(Obj::unknown("the result of calling an object", pos, &args)),
        }
    }
}
