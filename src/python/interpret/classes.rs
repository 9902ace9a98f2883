//! Classes of the project: attributes by method resolution order, instances, enums, dataclasses.

use ruff_python_ast::{Expr, StmtClassDef};

use super::Interp;
use super::heap::Binding;
use super::limits;
use super::object::{Exception, Name, Obj};
use super::scope::{Frame, FrameKind};
use super::source::Pos;

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
    /// The data of an instance that is a kind of `dict`, `list`, `str` or `int`.
    pub(super) data: Option<Obj>,
    pub(super) args: Vec<Obj>,
}

/// Bases that one class may name.
const MOST_BASES: usize = 50;

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
        limits::values(lineage.len() + 8);
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
        if self.is_enum(number) {
            self.number_members(number);
        }
        self.bind_name(&name, Obj::Class(number), pos);
        Ok(())
    }

    /// The order in which ancestors are searched: each class before its bases, as Python's C3 gives for what
    /// is not ambiguous.
    fn merge_lineages(&self, bases: &[Obj]) -> Vec<Obj> {
        let bases = &bases[..bases.len().min(MOST_BASES)];
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
            if merged.len() > 100 || limits::exhausted() {
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
        limits::work(self.classes[class].lineage.len());
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
            Obj::ClassMethod(function) => Obj::bound((*function).clone(), Obj::Class(class)),
            Obj::StaticMethod(function) => (*function).clone(),
            other if self.is_enum(class) => self.enum_member(class, other),
            other => other,
        }
    }

    pub(super) fn is_enum(&self, class: usize) -> bool {
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

    pub(super) fn enum_member(&mut self, class: usize, value: Obj) -> Obj {
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
        limits::values(4);
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

    /// Gives the members that are `auto()` their values.
    fn number_members(&mut self, class: usize) {
        let space = self.classes[class].space;
        let lower = self.external_bases(class).iter().any(|base| &**base == "enum.StrEnum");
        let mut members: Vec<(Name, Binding)> =
            self.heap.names(space).iter().map(|(name, binding)| (name.clone(), binding.clone())).collect();
        members.sort_by_key(|(_, binding)| binding.at);
        let mut last = 0;
        for (name, binding) in members {
            match &binding.value {
                Obj::Int(number) => last = *number,
                Obj::Made(made) if &*made.class == "enum.auto" => {
                    last = last.saturating_add(1);
                    let value = if lower { Obj::str(name.to_lowercase()) } else { Obj::Int(last) };
                    self.heap.bind_as(space, &name, Binding { value, ..binding });
                }
                _ => {}
            }
        }
    }

    /// How a class of the project is called where exceptions are caught.
    pub(super) fn own_exception(&mut self, class: usize) -> Name {
        let name = super::raised::own_class_name(&self.classes[class].name, class);
        self.name(&name)
    }

    /// An exception class of the project and its ancestors, the nearest first.
    pub(super) fn exception_lineage(&mut self, class: usize) -> Vec<Name> {
        let lineage = self.classes[class].lineage.clone();
        let mut names = Vec::new();
        for base in lineage {
            match base {
                Obj::Class(base) => names.push(self.own_exception(base)),
                Obj::External(dotted) => names.extend(super::raised::lineage(&dotted)),
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
