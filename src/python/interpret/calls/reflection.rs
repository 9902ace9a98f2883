//! Looking at objects from within: `getattr`, `globals`, `isinstance`, `import_module`, `super`.

use std::rc::Rc;

use super::super::object::{Exception, Obj};
use super::super::scope::FrameKind;
use super::super::{Interp, Outcome};
use super::{Call, Row};

/// Functions of `os` that exist on Windows alone.
const WINDOWS_ONLY: &[&str] = &["add_dll_directory", "startfile"];

pub(super) const ROWS: &[Row] = &[
    ("getattr", |interp, call| {
        let (owner, Some(name)) = (call.first(), call.args.get(1).and_then(Obj::as_str).map(str::to_owned))
        else {
            return Ok(Obj::unknown("an attribute", call.pos, &call.args));
        };
        match call.args.get(2) {
            Some(default) => {
                if let Obj::Module(module) = owner {
                    let space = interp.modules[module].space;
                    return Ok(interp
                        .heap
                        .get(space, &name)
                        .map_or_else(|| default.clone(), |binding| binding.value.clone()));
                }
                if let Obj::External(_) | Obj::Unknown(_) | Obj::Made(_) = owner {
                    let from = [owner];
                    return Ok(Obj::unknown_assumed(
                        format!("`.{name}` of a library"),
                        call.pos,
                        &from,
                        default.assumed(),
                    ));
                }
                Ok(match interp.find_attribute(&owner, &name, call.pos)? {
                    Some(Obj::Method(_)) | None => default.clone(),
                    Some(value) => value,
                })
            }
            None => interp.attribute(&owner, &name, call.pos),
        }
    }),
    ("setattr", |interp, call| {
        if let (Some(owner), Some(name), Some(value)) =
            (call.args.first(), call.args.get(1).and_then(Obj::as_str), call.args.get(2))
        {
            interp.set_attribute(owner, name, value.clone(), call.pos)?;
        }
        Ok(Obj::None)
    }),
    ("hasattr", |interp, call| {
        let (owner, Some(name)) = (call.first(), call.args.get(1).and_then(Obj::as_str).map(str::to_owned))
        else {
            return Ok(Obj::unknown("whether there is an attribute", call.pos, &call.args));
        };
        Ok(match owner {
            Obj::Module(module) => {
                let space = interp.modules[module].space;
                Obj::Bool(interp.heap.get(space, &name).is_some())
            }
            Obj::Class(_) | Obj::Instance(_) => {
                let names = interp.attribute_names(&owner);
                Obj::Bool(names.iter().any(|other| **other == *name))
            }
            // What Python has on Windows alone.
            Obj::External(module) if &*module == "os" && WINDOWS_ONLY.contains(&name.as_str()) => {
                Obj::Bool(false)
            }
            other if other.is_known() && !other.is_opaque() => {
                Obj::Bool(super::super::methods::is_method(&name))
            }
            other => Obj::unknown("whether there is an attribute", call.pos, &[other]),
        })
    }),
    ("globals", |interp, _| Ok(interp.globals().map_or(Obj::None, Obj::Names))),
    ("locals", |interp, _| Ok(interp.frame().map_or(Obj::None, |frame| Obj::Names(frame.locals)))),
    ("vars", |interp, call| match call.args.first() {
        None => Ok(interp.frame().map_or(Obj::None, |frame| Obj::Names(frame.locals))),
        Some(Obj::Module(module)) => Ok(Obj::Names(interp.modules[*module].space)),
        Some(Obj::Instance(instance)) => Ok(Obj::Names(interp.instances[*instance].space)),
        Some(Obj::Class(class)) => Ok(Obj::Names(interp.classes[*class].space)),
        Some(other) => Ok(Obj::unknown("the names of an object", call.pos, std::slice::from_ref(other))),
    }),
    ("dir", |interp, call| {
        let owner = match call.args.first() {
            Some(owner) => owner.clone(),
            None => interp.frame().map_or(Obj::None, |frame| Obj::Names(frame.locals)),
        };
        if let Obj::Unknown(_) | Obj::External(_) | Obj::Made(_) = owner {
            return Ok(Obj::unknown("the names of an object", call.pos, &[owner]));
        }
        let names = interp.attribute_names(&owner).into_iter().map(Obj::Str).collect();
        Ok(Obj::List(interp.heap.list(names)))
    }),
    ("inspect.getmembers", |interp, call| {
        let owner = call.first();
        let mut members = Vec::new();
        for name in interp.attribute_names(&owner) {
            let value = interp.attribute(&owner, &name, call.pos)?;
            members.push(Obj::tuple(vec![Obj::Str(name), value]));
        }
        Ok(Obj::List(interp.heap.list(members)))
    }),
    ("isinstance", |interp, call| Ok(is_instance(interp, &call))),
    ("issubclass", |interp, call| {
        let (Obj::Class(class), Some(Obj::Class(base))) = (call.first(), call.args.get(1)) else {
            return Ok(Obj::unknown("a test of a class", call.pos, &call.args));
        };
        let lineage = &interp.classes[class].lineage;
        Ok(Obj::Bool(lineage.iter().any(|one| matches!(one, Obj::Class(one) if one == base))))
    }),
    ("callable", |_, call| {
        Ok(match call.first() {
            Obj::Function(_) | Obj::Bound(_) | Obj::Class(_) | Obj::Method(_) => Obj::Bool(true),
            other if other.is_known() && !other.is_opaque() => Obj::Bool(false),
            other => Obj::unknown("whether it can be called", call.pos, &[other]),
        })
    }),
    ("type", |interp, call| {
        Ok(match call.first() {
            Obj::Instance(instance) => Obj::Class(interp.instances[instance].class),
            Obj::Str(_) => Obj::external("str"),
            Obj::Bool(_) => Obj::external("bool"),
            Obj::Int(_) => Obj::external("int"),
            Obj::Float(_) => Obj::external("float"),
            Obj::Set(_) => Obj::external("set"),
            Obj::List(_) => Obj::external("list"),
            Obj::Dict(_) => Obj::external("dict"),
            Obj::Tuple(_) => Obj::external("tuple"),
            other => Obj::unknown("a type", call.pos, &[other]),
        })
    }),
    ("super", |interp, call| {
        if let (Some(class), Some(receiver)) = (call.args.first(), call.args.get(1)) {
            return Ok(match class {
                Obj::Class(class) => {
                    Obj::wrapped(receiver.clone(), |receiver| Obj::Super(Rc::new((*class, receiver))))
                }
                // After a class of a library: its ancestors are the library's.
                Obj::External(_) => {
                    interp.note_skipped_class(class, receiver, call.pos);
                    Obj::method(receiver.clone(), interp.name("super:"))
                }
                _ => Obj::method(receiver.clone(), interp.name("super:")),
            });
        }
        let function = interp.frames.iter().rev().find(|frame| frame.kind == FrameKind::Function);
        Ok(match function.and_then(|frame| Some((frame.class?, frame.receiver.clone()?))) {
            Some((class, receiver)) => {
                Obj::wrapped(receiver, |receiver| Obj::Super(Rc::new((class, receiver))))
            }
            None => Obj::unknown("super() outside a method", call.pos, &[]),
        })
    }),
    ("importlib.import_module", import_module),
    ("django.utils.importlib.import_module", import_module),
    ("django.utils.module_loading.import_string", |interp, call| {
        let Some(dotted) = call.first().as_str().map(str::to_owned) else {
            interp.note_chosen_module(&call.first(), None);
            return Ok(Obj::unknown("what an import gives", call.pos, &call.args));
        };
        let (module, name) = dotted.rsplit_once('.').unwrap_or((&dotted, ""));
        match interp.import(module, call.pos)? {
            Some(module) => interp.member_of_module(module, name, call.pos),
            None => Ok(Obj::external(&dotted)),
        }
    }),
    ("__import__", |interp, call| {
        let Some(dotted) = call.first().as_str().map(str::to_owned) else {
            interp.note_chosen_module(&call.first(), None);
            return Ok(Obj::unknown("what an import gives", call.pos, &call.args));
        };
        let whole = call.arg(3, "fromlist").is_some();
        let module = interp.import(&dotted, call.pos)?;
        let first = dotted.split('.').next().unwrap_or(&dotted);
        Ok(match (module, interp.by_name.get(first)) {
            (Some(module), _) if whole => Obj::Module(module),
            (Some(_), Some(first)) => Obj::Module(*first),
            _ => Obj::external(&dotted),
        })
    }),
    ("importlib.util.find_spec", |interp, call| {
        let found = match call.first().as_str().map(str::to_owned) {
            Some(dotted) => {
                interp.quietly(|interp| Ok(interp.import(&dotted, call.pos)?.map_or(Obj::None, Obj::Module)))
            }
            None => None,
        };
        Ok(match found {
            Some(Obj::Module(module)) => Obj::Module(module),
            _ => Obj::unknown_assumed("whether a library is installed", call.pos, &[], Some(Obj::Bool(true))),
        })
    }),
    ("exec", execute),
    ("execfile", |interp, call| {
        if let Some(path) = interp.as_path(&call.first())
            && let Some(path) = super::super::paths::in_project_or_working(&path)
            && interp.file_exists(&path)
        {
            interp.execute_file(&path, call.pos)?;
            return Ok(Obj::None);
        }
        let text = interp.read_file(&call.first(), call.pos)?;
        let _ = text;
        Ok(Obj::None)
    }),
    ("compile", |_, call| Ok(Obj::made("compile", call.args, Vec::new(), call.pos))),
];

fn import_module(interp: &mut Interp<'_>, call: Call) -> Outcome {
    let name = call.first();
    let Some(written) = name.as_str() else {
        interp.note_chosen_module(&name, call.arg(1, "package").as_ref().and_then(Obj::as_str));
        let assumed = name.assumed();
        if let Some(dotted) = assumed.as_ref().and_then(Obj::as_str)
            && let Some(module) = interp.import(dotted, call.pos)?
        {
            return Ok(Obj::Module(module));
        }
        return Ok(Obj::unknown("a module whose name is not known", call.pos, &call.args));
    };
    let package = call.arg(1, "package");
    let dotted = match (written.strip_prefix('.'), package.as_ref().and_then(Obj::as_str)) {
        (Some(rest), Some(package)) => format!("{package}.{rest}"),
        _ => written.to_owned(),
    };
    match interp.import(&dotted, call.pos)? {
        Some(module) => Ok(Obj::Module(module)),
        None => {
            interp.may_raise(Exception::new("ModuleNotFoundError", format!("No module named '{dotted}'")));
            Ok(Obj::external(&dotted))
        }
    }
}

/// `exec(open(path).read())`.
fn execute(interp: &mut Interp<'_>, call: Call) -> Outcome {
    let code = match call.first() {
        Obj::Made(made) if &*made.class == "compile" => made.args.first().cloned().unwrap_or(Obj::None),
        other => other,
    };
    if let Obj::Str(text) = &code {
        interp.execute_text(text, call.pos)?;
    }
    Ok(Obj::None)
}

fn is_instance(interp: &mut Interp<'_>, call: &Call) -> Obj {
    let (value, Some(class)) = (call.first(), call.args.get(1).cloned()) else { return Obj::Bool(false) };
    if let (Obj::Env(env), Obj::External(name)) = (&value, &class)
        && matches!(&**name, "str" | "basestring" | "unicode")
        && env.cast == crate::python::value::Cast::Str
    {
        // What the environment holds is text; what is not set is not.
        return match &env.default {
            None if !interp.present.iter().any(|(name, set)| *set && *name == env.name) => {
                interp.presence_test(&env.name.clone(), true, call.pos)
            }
            None | Some(Obj::Str(_) | Obj::Text(_)) => Obj::Bool(true),
            Some(_) => Obj::unknown_assumed("a test of a type", call.pos, &[value], Some(Obj::Bool(false))),
        };
    }
    let classes: Vec<Obj> = if let Obj::Tuple(tuple) = &class { tuple.items.clone() } else { vec![class] };
    interp.lift(&[value], "a test of a type", call.pos, &|interp, args| {
        let mut open = false;
        for class in &classes {
            match instance_of(interp, &args[0], class) {
                Some(true) => return Some(Obj::Bool(true)),
                Some(false) => {}
                None => open = true,
            }
        }
        (!open).then_some(Obj::Bool(false))
    })
}

fn instance_of(interp: &Interp<'_>, value: &Obj, class: &Obj) -> Option<bool> {
    if let (Obj::Instance(instance), Obj::Class(class)) = (value, class) {
        let lineage = &interp.classes[interp.instances[*instance].class].lineage;
        return Some(lineage.iter().any(|one| matches!(one, Obj::Class(one) if one == class)));
    }
    let Obj::External(name) = class else {
        return (value.is_known() && !value.is_opaque()).then_some(false);
    };
    let names: &[&str] = match value {
        Obj::Str(_) => &["str", "basestring", "unicode", "bytes", "collections.abc.Iterable"],
        Obj::Bool(_) => &["bool", "int"],
        Obj::Int(_) => &["int"],
        Obj::Float(_) => &["float"],
        Obj::List(_) => &["list", "collections.abc.Sequence", "collections.abc.Iterable"],
        Obj::Tuple(_) => &["tuple", "collections.abc.Sequence", "collections.abc.Iterable"],
        Obj::Set(_) => &["set", "frozenset", "collections.abc.Iterable"],
        Obj::Dict(_) => &["dict", "collections.abc.Mapping", "collections.abc.MutableMapping"],
        Obj::Path(_) => &["pathlib.Path", "str", "os.PathLike"],
        Obj::None => &["types.NoneType"],
        Obj::Property(_) => &["property"],
        Obj::Function(_) => &["types.FunctionType"],
        Obj::Module(_) => &["types.ModuleType"],
        Obj::Exception(exception) => {
            let name = super::super::raised::class_name(name);
            return Some(exception.lineage.iter().any(|other| **other == *name));
        }
        Obj::Instance(instance) => {
            let class = interp.instances[*instance].class;
            return Some(interp.external_bases(class).iter().any(|base| **base == **name));
        }
        Obj::Made(made) => return (made.class == *name).then_some(true),
        _ => return None,
    };
    Some(names.contains(&&**name))
}
