//! Classes of the project: attributes by method resolution order, instances, enums, dataclasses.

use std::rc::Rc;

use ruff_python_ast::{Expr, StmtClassDef};

use super::object::{Exception, Name, Obj};
use super::scope::{Frame, FrameKind};
use super::source::Pos;
use super::{Interp, Outcome};

pub(super) struct Class {
    pub(super) name: Name,
    pub(super) space: usize,
    /// Itself, then its ancestors: classes of the project and of libraries.
    pub(super) lineage: Vec<Obj>,
    /// Annotated names, in order, with the text of their annotation.
    pub(super) fields: Vec<(Name, String)>,
    pub(super) dataclass: bool,
    pub(super) module: usize,
    pub(super) pos: Pos,
}

pub(super) struct Instance {
    pub(super) class: usize,
    pub(super) space: usize,
    /// What it holds where it is a kind of `dict`, `list`, `str` or `int`.
    pub(super) data: Option<Obj>,
    pub(super) args: Vec<Obj>,
}

impl<'a> Interp<'a> {
    pub(super) fn define_class(&mut self, def: &'a StmtClassDef) -> Result<(), Box<Exception>> {
        let pos = self.pos(def);
        let mut bases = Vec::new();
        if let Some(arguments) = &def.arguments {
            for base in &arguments.args {
                bases.push(self.eval(base)?);
            }
            for keyword in &arguments.keywords {
                self.eval(&keyword.value)?;
            }
        }
        let mut dataclass = false;
        for decorator in &def.decorator_list {
            let wrap = self.eval(&decorator.expression)?;
            let name = match &wrap {
                Obj::External(dotted) => dotted.clone(),
                Obj::Made(made) => made.class.clone(),
                _ => continue,
            };
            dataclass |=
                matches!(&*name, "dataclasses.dataclass" | "attr.s" | "attrs.define" | "attr.define");
        }
        let Some(frame) = self.frames.last() else { return Ok(()) };
        let (source, module) = (frame.source, frame.module);
        let mut enclosing = frame.enclosing.clone();
        if frame.kind == FrameKind::Function {
            enclosing.insert(0, frame.locals);
        }
        let name = self.name(def.name.as_str());
        let space = self.heap.space();
        let number = self.classes.len();
        let mut lineage = vec![Obj::Class(number)];
        lineage.extend(self.merge_lineages(&bases));
        dataclass |= lineage.iter().any(|base| match base {
            Obj::Class(base) => *base < number && self.classes[*base].dataclass,
            Obj::External(dotted) => matches!(&**dotted, "typing.NamedTuple"),
            _ => false,
        });
        self.classes.push(Class {
            name: name.clone(),
            space,
            lineage,
            fields: Vec::new(),
            dataclass,
            module,
            pos,
        });
        if self.frames.len() < 100 {
            self.frames.push(Frame {
                source,
                module,
                locals: space,
                enclosing,
                kind: FrameKind::Class,
                elsewhere: Vec::new(),
                class: Some(number),
                receiver: None,
                call: pos,
                texts: Vec::new(),
                returned: Vec::new(),
                yielded: None,
            });
            let ended = self.execute(&def.body);
            self.frames.pop();
            ended?;
        }
        self.bind_name(&name, Obj::Class(number), pos);
        Ok(())
    }

    /// The order in which ancestors are searched: each class before its bases, as Python's C3 gives for what
    /// is not ambiguous.
    fn merge_lineages(&self, bases: &[Obj]) -> Vec<Obj> {
        let mut sequences: Vec<Vec<Obj>> = bases
            .iter()
            .filter_map(|base| match base {
                Obj::Class(class) => Some(self.classes[*class].lineage.clone()),
                Obj::External(_) => Some(external_lineage(base)),
                _ => None,
            })
            .collect();
        sequences.push(
            bases.iter().filter(|base| matches!(base, Obj::Class(_) | Obj::External(_))).cloned().collect(),
        );
        let same = |a: &Obj, b: &Obj| self.heap.same(a, b, 2);
        let mut merged = Vec::new();
        while let Some(first) = sequences.iter().position(|sequence| !sequence.is_empty()) {
            if merged.len() > 500 {
                break;
            }
            let in_tail = |candidate: &Obj| {
                sequences.iter().any(|sequence| sequence.iter().skip(1).any(|other| same(other, candidate)))
            };
            let candidate = sequences
                .iter()
                .filter_map(|sequence| sequence.first())
                .find(|candidate| !in_tail(candidate))
                .unwrap_or(&sequences[first][0])
                .clone();
            for sequence in &mut sequences {
                sequence.retain(|other| !same(other, &candidate));
            }
            merged.push(candidate);
        }
        merged
    }

    pub(super) fn note_annotation(&mut self, name: &str, annotation: &'a Expr) {
        let Some(frame) = self.frames.last() else { return };
        if let (FrameKind::Class, Some(class)) = (frame.kind, frame.class) {
            let text = frame.source.text_of(annotation).to_owned();
            let name = self.name(name);
            self.classes[class].fields.retain(|(other, _)| *other != name);
            self.classes[class].fields.push((name, text));
        }
    }

    pub(super) fn class_spaces(&self, class: usize) -> Vec<usize> {
        let spaces = self.classes[class].lineage.iter();
        spaces
            .filter_map(
                |base| if let Obj::Class(base) = base { Some(self.classes[*base].space) } else { None },
            )
            .collect()
    }

    /// The first attribute of the name along the lineage.
    pub(super) fn class_attribute(&self, class: usize, name: &str) -> Option<Obj> {
        self.class_spaces(class)
            .into_iter()
            .find_map(|space| self.heap.get(space, name))
            .map(|binding| binding.value.clone())
    }

    /// The library classes that it inherits from.
    pub(super) fn external_bases(&self, class: usize) -> Vec<Name> {
        let lineage = self.classes[class].lineage.iter();
        lineage
            .filter_map(|base| if let Obj::External(name) = base { Some(name.clone()) } else { None })
            .collect()
    }

    pub(super) fn has_unknown_base(&self, owner: &Obj) -> bool {
        let class = match owner {
            Obj::Class(class) => *class,
            Obj::Instance(instance) => self.instances[*instance].class,
            _ => return true,
        };
        self.external_bases(class).iter().any(|base| &**base != "object")
    }

    pub(super) fn bound_to_class(&mut self, found: Obj, class: usize) -> Obj {
        match found {
            Obj::ClassMethod(function) => Obj::Bound(Rc::new(((*function).clone(), Obj::Class(class)))),
            Obj::StaticMethod(function) => (*function).clone(),
            other if self.is_enum(class) => self.enum_member(class, other),
            other => other,
        }
    }

    fn is_enum(&self, class: usize) -> bool {
        self.external_bases(class).iter().any(|base| {
            matches!(
                &**base,
                "enum.Enum"
                    | "enum.IntEnum"
                    | "enum.StrEnum"
                    | "django.db.models.TextChoices"
                    | "django.db.models.IntegerChoices"
            )
        })
    }

    fn enum_member(&mut self, class: usize, value: Obj) -> Obj {
        if matches!(value, Obj::Function(_) | Obj::Property(_)) {
            return value;
        }
        let mixed = self.external_bases(class).iter().any(|base| {
            matches!(
                &**base,
                "str"
                    | "int"
                    | "enum.IntEnum"
                    | "enum.StrEnum"
                    | "django.db.models.TextChoices"
                    | "django.db.models.IntegerChoices"
            )
        });
        if mixed {
            return value;
        }
        let space = self.heap.space();
        let (value_name, name) = (self.name("value"), self.name("name"));
        let spaces = self.class_spaces(class);
        let member = spaces.iter().find_map(|space| {
            self.heap
                .names(*space)
                .iter()
                .find(|(_, binding)| self.heap.same(&binding.value, &value, 4))
                .map(|(name, _)| name.clone())
        });
        self.heap.bind(space, &value_name, value, Pos::default());
        if let Some(member) = member {
            self.heap.bind(space, &name, Obj::Str(member), Pos::default());
        }
        self.instances.push(Instance { class, space, data: None, args: Vec::new() });
        Obj::Instance(self.instances.len() - 1)
    }

    /// The members of an enum, in the order of their definition.
    pub(super) fn enum_members(&mut self, class: usize) -> Option<Vec<Obj>> {
        if !self.is_enum(class) {
            return None;
        }
        let space = self.classes[class].space;
        let mut members: Vec<_> = self
            .heap
            .names(space)
            .iter()
            .filter(|(name, binding)| {
                !name.starts_with('_') && !matches!(binding.value, Obj::Function(_) | Obj::Property(_))
            })
            .map(|(_, binding)| (binding.at, binding.value.clone()))
            .collect();
        members.sort_by_key(|(at, _)| *at);
        Some(members.into_iter().map(|(_, value)| self.enum_member(class, value)).collect())
    }

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
            args.first().cloned()
        } else {
            None
        };
        self.instances.push(Instance { class, space, data, args: args.clone() });
        let number = self.instances.len() - 1;
        let instance = Obj::Instance(number);
        if let Some(early) = self.external_instance(number, &args, &kwargs, pos)? {
            return Ok(early);
        }
        if let Some(init) = self.class_attribute(class, "__init__") {
            let init = Obj::Bound(Rc::new((init, instance.clone())));
            self.call(&init, args, kwargs, pos)?;
        } else if self.classes[class].dataclass {
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
                    Some(value) => value,
                    None => Obj::unknown(format!("`{field}` is not given"), pos, &[]),
                },
            };
            self.heap.bind(space, &field, value, pos);
        }
        let instance = self.instances.iter().rposition(|instance| instance.space == space);
        if let (Some(after), Some(instance)) = (self.class_attribute(class, "__post_init__"), instance) {
            self.call(&Obj::Bound(Rc::new((after, Obj::Instance(instance)))), Vec::new(), Vec::new(), pos)?;
        }
        Ok(())
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
                    if let Some(getter) =
                        self.class_attribute(class, "__getattr__").filter(|_| !name.starts_with("__"))
                    {
                        let getter = Obj::Bound(Rc::new((getter, receiver)));
                        return self.call(&getter, vec![Obj::str(name)], Vec::new(), pos).map(Some);
                    }
                    let own =
                        self.instances[instance].data.is_some() || !self.external_bases(class).is_empty();
                    Ok(own.then(|| Obj::Method(Rc::new((receiver, self.name(name))))))
                }
            },
        }
    }

    fn bound_to_instance(&mut self, found: Obj, instance: usize, pos: Pos) -> Outcome {
        let receiver = Obj::Instance(instance);
        Ok(match found {
            Obj::Function(_) => Obj::Bound(Rc::new((found, receiver))),
            Obj::Property(getter) => {
                let getter = Obj::Bound(Rc::new(((*getter).clone(), receiver)));
                return self.call(&getter, Vec::new(), Vec::new(), pos);
            }
            Obj::ClassMethod(function) => {
                let class = Obj::Class(self.instances[instance].class);
                Obj::Bound(Rc::new(((*function).clone(), class)))
            }
            Obj::StaticMethod(function) => (*function).clone(),
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
                                    Obj::Bound(Rc::new(((*function).clone(), receiver.clone())))
                                }
                                Obj::StaticMethod(function) => (*function).clone(),
                                other => other,
                            })),
                        };
                    }
                }
                Obj::External(dotted) => {
                    // A method of a library's class (or of `object`, which does nothing).
                    if &**dotted != "object" {
                        return Ok(Some(Obj::Method(Rc::new((
                            receiver.clone(),
                            self.name(&format!("super:{name}")),
                        )))));
                    }
                }
                _ => {}
            }
        }
        Ok(Some(Obj::Method(Rc::new((receiver.clone(), self.name(&format!("super:{name}")))))))
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
                let method = Obj::Bound(Rc::new((method, Obj::Instance(instance))));
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

    pub(super) fn exception_lineage(&mut self, class: usize) -> Vec<Name> {
        let lineage = self.classes[class].lineage.clone();
        let mut names = Vec::new();
        for base in lineage {
            match base {
                Obj::Class(base) => names.push(self.classes[base].name.clone()),
                Obj::External(dotted) => names.extend(super::object::lineage(&dotted)),
                _ => {}
            }
        }
        for name in ["Exception", "BaseException"] {
            names.push(self.name(name));
        }
        names
    }
}

/// A library's class and those of its ancestors that matter here.
fn external_lineage(base: &Obj) -> Vec<Obj> {
    let Obj::External(dotted) = base else { return Vec::new() };
    let mut lineage = vec![base.clone()];
    if dotted.starts_with("configurations.values.") && &**dotted != "configurations.values.Value" {
        lineage.push(Obj::external("configurations.values.Value"));
    }
    lineage
}
