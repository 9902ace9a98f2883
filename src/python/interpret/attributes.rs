//! Attributes: of modules, classes, instances, libraries and built-in objects.

use super::limits;
use super::object::{Exception, Obj};
use super::source::Pos;
use super::{Interp, Outcome};

impl Interp<'_> {
    /// `owner.name`.
    pub(super) fn attribute(&mut self, owner: &Obj, name: &str, pos: Pos) -> Outcome {
        if let Some(value) = self.find_attribute(owner, name, pos)? {
            return Ok(value);
        }
        match owner {
            Obj::Instance(_) | Obj::Class(_) | Obj::Super(_) => {
                if self.catches("AttributeError") && !self.has_unknown_base(owner) {
                    return self
                        .raise(Exception::new("AttributeError", format!("no attribute '{name}'")), pos);
                }
                Ok(Obj::unknown(
                    format!("`{name}` is not defined in what was read"),
                    pos,
                    std::slice::from_ref(owner),
                ))
            }
            _ => Ok(Obj::method(owner.clone(), self.name(name))),
        }
    }

    /// `owner.name` where it is known to be there.
    pub(super) fn find_attribute(
        &mut self,
        owner: &Obj,
        name: &str,
        pos: Pos,
    ) -> Result<Option<Obj>, Box<Exception>> {
        Ok(match owner {
            Obj::Module(module) => Some(self.member_of_module(*module, name, pos)?),
            Obj::External(dotted) => {
                let dotted = dotted.clone();
                Some(self.external_attribute(&dotted, name))
            }
            Obj::Instance(instance) => self.instance_attribute(*instance, name, pos)?,
            Obj::Class(class) => match name {
                "__name__" | "__qualname__" => Some(Obj::Str(self.classes[*class].name.clone())),
                "__dict__" => Some(Obj::Names(self.classes[*class].space)),
                _ => self.class_attribute(*class, name).map(|found| self.bound_to_class(found, *class)),
            },
            // `super(Library, self).__init__`: a method of an ancestor of the library's class.
            Obj::Method(of) if &*of.1 == "super:" => {
                let method = self.name(&format!("super:{name}"));
                Some(Obj::method(of.0.clone(), method))
            }
            Obj::Super(of) => {
                let (class, receiver) = (of.0, of.1.clone());
                self.super_attribute(class, &receiver, name, pos)?
            }
            Obj::OneOf(alternatives) => {
                let mut values = Vec::new();
                for alternative in alternatives.iter() {
                    match alternative {
                        Obj::None => {}
                        Obj::Module(_)
                        | Obj::Class(_)
                        | Obj::Instance(_)
                        | Obj::External(_)
                        | Obj::Path(_) => {
                            values.push(self.attribute(alternative, name, pos)?);
                        }
                        _ => return Ok(None),
                    }
                }
                if values.is_empty() { None } else { Some(self.heap.one_of(values)) }
            }
            Obj::Path(path) => self.path_attribute(&path.clone(), name, pos),
            Obj::Function(function) => match name {
                "__name__" => Some(Obj::str(self.functions[*function].label())),
                _ => None,
            },
            Obj::Exception(exception) => match name {
                "args" => Some(Obj::tuple(vec![Obj::str(&exception.message)])),
                "name" => exception.missing.as_ref().and_then(|missing| match missing {
                    super::object::Missing::Module(dotted) => Some(Obj::str(dotted)),
                    super::object::Missing::File(_) => None,
                }),
                _ => None,
            },
            Obj::Made(made) => self.made_attribute(&made.clone(), name, pos)?,
            // A dict of a library that gives its entries as attributes: no other has any.
            Obj::Dict(cell) if !super::methods::is_method(name) => self.entry_by_attribute(*cell, name),
            // A member of an enum that mixes in `str` or `int` is its value.
            Obj::Str(_) | Obj::Int(_) if name == "value" => Some(owner.clone()),
            Obj::Unknown(_) | Obj::Secret(_) if !super::methods::is_method(name) => Some(Obj::unknown(
                format!("`.{name}` of something that is not known"),
                pos,
                std::slice::from_ref(owner),
            )),
            _ => None,
        })
    }

    fn entry_by_attribute(&self, cell: usize, name: &str) -> Option<Obj> {
        let dict = self.heap.entries(cell)?;
        let entry = |same: &dyn Fn(&str) -> bool| {
            let found = dict.entries.iter().find(|(key, _)| key.as_str().is_some_and(same));
            found.map(|(_, value)| value.clone())
        };
        entry(&|key| key == name).or_else(|| entry(&|key| key.eq_ignore_ascii_case(name)))
    }

    pub(super) fn set_attribute(
        &mut self,
        owner: &Obj,
        name: &str,
        value: Obj,
        pos: Pos,
    ) -> Result<(), Box<Exception>> {
        let space = match owner {
            Obj::Instance(instance) => {
                if self.has_special(*instance, "__setattr__") {
                    let key = Obj::str(name);
                    self.call_special(*instance, "__setattr__", vec![key, value], pos)?;
                    return Ok(());
                }
                self.instances[*instance].space
            }
            Obj::Class(class) => self.classes[*class].space,
            Obj::Module(module) => self.modules[*module].space,
            Obj::Made(made) if name == "prefix" && made.class.starts_with("environ.") => {
                let key = self.name(super::calls::PREFIX);
                self.environ.insert(key, value);
                return Ok(());
            }
            Obj::Made(made) if &*made.class == super::dynaconf::SETTINGS => {
                return self.set_in_dynaconf(&made.clone(), name, value, pos);
            }
            Obj::OneOf(alternatives) => {
                for alternative in alternatives.iter() {
                    self.set_attribute(alternative, name, value.clone(), pos)?;
                }
                return Ok(());
            }
            _ => return Ok(()),
        };
        let name = self.name(name);
        self.heap.bind(space, &name, value, pos);
        Ok(())
    }

    /// Every attribute that `dir()` would list and the project defines.
    pub(super) fn attribute_names(&self, owner: &Obj) -> Vec<super::object::Name> {
        let mut names: Vec<super::object::Name> = Vec::new();
        let mut add = |space: usize| names.extend(self.heap.names(space).keys().cloned());
        match owner {
            Obj::Module(module) => add(self.modules[*module].space),
            Obj::Names(space) => add(*space),
            Obj::Instance(instance) => {
                add(self.instances[*instance].space);
                let class = self.instances[*instance].class;
                self.class_spaces(class).into_iter().for_each(add);
            }
            Obj::Class(class) => self.class_spaces(*class).into_iter().for_each(add),
            _ => {}
        }
        limits::work(names.len());
        names.sort_unstable();
        names.dedup();
        names
    }
}
