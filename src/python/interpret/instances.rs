//! Instances of the project's classes: making them, their attributes, their special methods.

use super::classes::Instance;
use super::limits;
use super::object::{Exception, Name, Obj};
use super::source::Pos;
use super::{Interp, Outcome};

impl Interp<'_> {
    pub(super) fn instantiate(
        &mut self,
        class: usize,
        args: Vec<Obj>,
        kwargs: Vec<(Name, Obj)>,
        pos: Pos,
    ) -> Outcome {
        if self.is_enum(class) {
            let wanted = args.first().cloned().unwrap_or(Obj::None);
            return Ok(if wanted.is_known() {
                self.enum_member(class, wanted)
            } else {
                Obj::unknown("a member of an enum", pos, &args)
            });
        }
        if let Some(new @ Obj::Function(_)) = self.class_attribute(class, "__new__") {
            let maker = Obj::bound(new, Obj::Class(class));
            let made = self.call(&maker, args.clone(), kwargs.clone(), pos)?;
            if let (Obj::Instance(_), Some(init)) = (&made, self.class_attribute(class, "__init__")) {
                self.call(&Obj::bound(init, made.clone()), args, kwargs, pos)?;
            }
            return Ok(made);
        }
        let space = self.heap.space();
        let bases = self.external_bases(class);
        let data = if bases.iter().any(|base| {
            matches!(
                &**base,
                "dict" | "collections.UserDict" | "collections.OrderedDict" | "collections.defaultdict"
            )
        }) {
            Some(Obj::Dict(self.heap.dict(Vec::new())))
        } else if bases.iter().any(|base| matches!(&**base, "list" | "collections.UserList")) {
            Some(Obj::List(self.heap.list(Vec::new())))
        } else if bases.iter().any(|base| matches!(&**base, "str" | "int" | "float")) {
            // Of an object of such a class that is what it holds: objects in one another would make a chain.
            match args.first() {
                Some(Obj::Instance(inner)) => self.instances[*inner].data.clone(),
                other => other.cloned(),
            }
        } else {
            None
        };
        limits::values(args.len() + 4);
        self.instances.push(Instance { class, space, data, args: args.clone() });
        let number = self.instances.len() - 1;
        let instance = Obj::Instance(number);
        if let Some(early) = self.external_instance(number, &args, &kwargs, pos)? {
            return Ok(early);
        }
        if let Some(init) = self.class_attribute(class, "__init__") {
            let init = Obj::bound(init, instance.clone());
            self.call(&init, args, kwargs, pos)?;
        } else if self.classes[class].dataclass || super::calls::is_model(&bases) {
            self.fill_fields(class, space, args, kwargs, pos)?;
        } else if !bases.is_empty() {
            self.external_init(number, args, kwargs, pos)?;
        }
        self.finish_external_instance(number, instance, pos)
    }

    /// `__init__` of a dataclass.
    fn fill_fields(
        &mut self,
        class: usize,
        space: usize,
        args: Vec<Obj>,
        mut kwargs: Vec<(Name, Obj)>,
        pos: Pos,
    ) -> Result<(), Box<Exception>> {
        let mut fields: Vec<Name> = Vec::new();
        for base in self.classes[class].lineage.iter().rev() {
            if let Obj::Class(base) = base {
                for (name, _) in &self.classes[*base].fields {
                    if !fields.contains(name) {
                        fields.push(name.clone());
                    }
                }
            }
        }
        let mut args = args.into_iter();
        for field in fields {
            let given = args.next().or_else(|| super::functions::take(&mut kwargs, &field));
            let value = match given {
                Some(value) => value,
                None => match self.class_attribute(class, &field) {
                    Some(Obj::Made(made)) if made.class.ends_with("field") => {
                        self.field_default(&made.kwargs.clone(), pos)?
                    }
                    Some(Obj::Made(made)) if made.class.ends_with("Field") => match made.args.first() {
                        Some(default) => default.clone(),
                        None => self.field_default(&made.kwargs.clone(), pos)?,
                    },
                    Some(value) => value,
                    None => Obj::unknown(format!("`{field}` is not given"), pos, &[]),
                },
            };
            self.heap.bind(space, &field, value, pos);
        }
        let instance = self.instances.iter().rposition(|instance| instance.space == space);
        if let (Some(after), Some(instance)) = (self.class_attribute(class, "__post_init__"), instance) {
            self.call(&Obj::bound(after, Obj::Instance(instance)), Vec::new(), Vec::new(), pos)?;
        }
        Ok(())
    }

    /// The fields of a dataclass or model, and what they hold.
    pub(super) fn fields_of(&mut self, instance: usize, pos: Pos) -> Outcome {
        let mut fields: Vec<Name> = Vec::new();
        for base in self.classes[self.instances[instance].class].lineage.iter().rev() {
            if let Obj::Class(base) = base {
                for (name, _) in &self.classes[*base].fields {
                    if !fields.contains(name) && &**name != "model_config" {
                        fields.push(name.clone());
                    }
                }
            }
        }
        let mut entries = Vec::new();
        for field in fields {
            let value = self.attribute(&Obj::Instance(instance), &field, pos)?;
            entries.push((Obj::Str(field), value));
        }
        Ok(Obj::Dict(self.heap.dict(entries)))
    }

    /// An instance that nothing was done to yet.
    pub(super) fn bare_instance(&mut self, class: usize) -> Obj {
        let space = self.heap.space();
        self.instances.push(Instance { class, space, data: None, args: Vec::new() });
        Obj::Instance(self.instances.len() - 1)
    }

    pub(super) fn field_default(&mut self, kwargs: &[(Name, Obj)], pos: Pos) -> Outcome {
        let find =
            |name: &str| kwargs.iter().find(|(other, _)| &**other == name).map(|(_, value)| value.clone());
        if let Some(factory) = find("default_factory") {
            return self.call(&factory, Vec::new(), Vec::new(), pos);
        }
        Ok(find("default").unwrap_or_else(|| Obj::unknown("a field that is not given", pos, &[])))
    }

    pub(super) fn instance_attribute(
        &mut self,
        instance: usize,
        name: &str,
        pos: Pos,
    ) -> Result<Option<Obj>, Box<Exception>> {
        let (class, space) = (self.instances[instance].class, self.instances[instance].space);
        let own = self.heap.get(space, name).map(|binding| binding.value.clone());
        let found = match own {
            Some(value) => return Ok(Some(value)),
            None => self.class_attribute(class, name),
        };
        match found {
            Some(found) => self.bound_to_instance(found, instance, pos).map(Some),
            None => match name {
                "__class__" => Ok(Some(Obj::Class(class))),
                "__dict__" => Ok(Some(Obj::Names(space))),
                _ => {
                    let receiver = Obj::Instance(instance);
                    if self.instances[instance].data.is_some() && super::methods::is_method(name) {
                        return Ok(Some(Obj::method(receiver, self.name(name))));
                    }
                    if let Some(getter) =
                        self.class_attribute(class, "__getattr__").filter(|_| !name.starts_with("__"))
                    {
                        let getter = Obj::bound(getter, receiver);
                        return self.call(&getter, vec![Obj::str(name)], Vec::new(), pos).map(Some);
                    }
                    let own =
                        self.instances[instance].data.is_some() || !self.external_bases(class).is_empty();
                    Ok(own.then(|| Obj::method(receiver, self.name(name))))
                }
            },
        }
    }

    fn bound_to_instance(&mut self, found: Obj, instance: usize, pos: Pos) -> Outcome {
        let receiver = Obj::Instance(instance);
        Ok(match found {
            Obj::Function(_) => Obj::bound(found, receiver),
            Obj::Property(getter) => {
                let getter = Obj::bound((*getter).clone(), receiver);
                return self.call(&getter, Vec::new(), Vec::new(), pos);
            }
            Obj::ClassMethod(function) => {
                let class = Obj::Class(self.instances[instance].class);
                Obj::bound((*function).clone(), class)
            }
            Obj::StaticMethod(function) => (*function).clone(),
            Obj::Instance(descriptor) => match self.find_special(descriptor, "__get__") {
                Some(getter) => {
                    let owner = Obj::Class(self.instances[instance].class);
                    let getter = Obj::bound(getter, Obj::Instance(descriptor));
                    return self.call(&getter, vec![receiver, owner], Vec::new(), pos);
                }
                None => Obj::Instance(descriptor),
            },
            other => other,
        })
    }

    /// `super().name`.
    pub(super) fn super_attribute(
        &mut self,
        after: usize,
        receiver: &Obj,
        name: &str,
        pos: Pos,
    ) -> Result<Option<Obj>, Box<Exception>> {
        let class = match receiver {
            Obj::Instance(instance) => self.instances[*instance].class,
            Obj::Class(class) => *class,
            _ => after,
        };
        let lineage = self.classes[class].lineage.clone();
        let start = lineage
            .iter()
            .position(|base| matches!(base, Obj::Class(base) if *base == after))
            .map_or(1, |at| at + 1);
        for base in lineage.iter().skip(start) {
            match base {
                Obj::Class(base) => {
                    let space = self.classes[*base].space;
                    if let Some(found) = self.heap.get(space, name).map(|binding| binding.value.clone()) {
                        return match receiver {
                            Obj::Instance(instance) => {
                                self.bound_to_instance(found, *instance, pos).map(Some)
                            }
                            _ => Ok(Some(match found {
                                Obj::ClassMethod(function) => {
                                    Obj::bound((*function).clone(), receiver.clone())
                                }
                                Obj::StaticMethod(function) => (*function).clone(),
                                other => other,
                            })),
                        };
                    }
                }
                // A method of a library's class (or of `object`, which does nothing).
                Obj::External(dotted) if &**dotted != "object" => {
                    return Ok(Some(Obj::method(receiver.clone(), self.name(&format!("super:{name}")))));
                }
                _ => {}
            }
        }
        Ok(Some(Obj::method(receiver.clone(), self.name(&format!("super:{name}")))))
    }

    pub(super) fn find_special(&self, instance: usize, name: &str) -> Option<Obj> {
        self.class_attribute(self.instances[instance].class, name)
            .filter(|found| matches!(found, Obj::Function(_)))
    }

    pub(super) fn has_special(&self, instance: usize, name: &str) -> bool {
        self.find_special(instance, name).is_some()
    }

    /// Calls a method that the class of an instance defines, if it does.
    pub(super) fn call_special(
        &mut self,
        instance: usize,
        name: &str,
        args: Vec<Obj>,
        pos: Pos,
    ) -> Result<Option<Obj>, Box<Exception>> {
        match self.find_special(instance, name) {
            Some(method) => {
                let method = Obj::bound(method, Obj::Instance(instance));
                self.call(&method, args, Vec::new(), pos).map(Some)
            }
            None => Ok(None),
        }
    }

    pub(super) fn instance_truth(&self, instance: usize) -> Option<bool> {
        if self.has_special(instance, "__bool__") || self.has_special(instance, "__len__") {
            return None;
        }
        self.instances[instance].data.as_ref().map_or(Some(true), |data| self.truth(data))
    }

    pub(super) fn instance_items(&mut self, instance: usize) -> Option<Vec<Obj>> {
        if let Some(Ok(Some(items))) = self
            .has_special(instance, "__iter__")
            .then(|| self.call_special(instance, "__iter__", Vec::new(), Pos::default()))
        {
            return self.sequence(&items);
        }
        if self.classes[self.instances[instance].class].dataclass
            && self
                .external_bases(self.instances[instance].class)
                .iter()
                .any(|base| &**base == "typing.NamedTuple")
        {
            let fields = self.classes[self.instances[instance].class].fields.clone();
            let space = self.instances[instance].space;
            return fields
                .iter()
                .map(|(name, _)| self.heap.get(space, name).map(|binding| binding.value.clone()))
                .collect();
        }
        let data = self.instances[instance].data.clone()?;
        self.sequence(&data)
    }
}
