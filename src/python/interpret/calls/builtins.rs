//! Python's built-in functions.

use super::super::object::{Exception, Obj};
use super::super::{Interp, Outcome};
use super::{Call, Row};
use crate::python::value::Cast;

pub(super) const ROWS: &[Row] = &[
    ("str", text),
    ("unicode", text),
    ("bytes", text),
    ("repr", |interp, call| {
        let value = call.first();
        Ok(match interp.repr(&value, 4) {
            Some(text) => Obj::str(text),
            None => Obj::unknown("text of an object", call.pos, &[value]),
        })
    }),
    ("int", |interp, call| {
        if call.args.is_empty() {
            return Ok(Obj::Int(0));
        }
        interp.cast(&call.first(), &Cast::Int, call.pos)
    }),
    ("float", |interp, call| interp.cast(&call.first(), &Cast::Float, call.pos)),
    ("decimal.Decimal", |_, call| Ok(Obj::made("decimal.Decimal", call.args, Vec::new(), call.pos))),
    ("bool", bool),
    ("len", |interp, call| {
        let value = call.first();
        if matches!(value, Obj::Str(_)) {
            return Ok(interp.lift(&[value], "a length", call.pos, &|_, args| {
                Some(Obj::Int(i64::try_from(args[0].as_str()?.chars().count()).ok()?))
            }));
        }
        if let Obj::Instance(instance) = value
            && let Some(length) = interp.call_special(instance, "__len__", Vec::new(), call.pos)?
        {
            return Ok(length);
        }
        let lists = match interp.sequence(&value) {
            Some(items) => Some(vec![items]),
            None => interp.sequences(&value),
        };
        Ok(match lists {
            Some(lists) => {
                let lengths =
                    lists.iter().map(|items| Obj::Int(i64::try_from(items.len()).unwrap_or(0))).collect();
                interp.heap.one_of(lengths)
            }
            None => {
                let assumed = value.assumed().and_then(|value| match value {
                    Obj::Str(text) => i64::try_from(text.chars().count()).ok().map(Obj::Int),
                    other => i64::try_from(interp.sequence(&other)?.len()).ok().map(Obj::Int),
                });
                Obj::unknown_assumed("a length", call.pos, &[value], assumed)
            }
        })
    }),
    ("list", |interp, call| copied(interp, &call, |interp, items| Obj::List(interp.heap.list(items)))),
    ("tuple", |interp, call| copied(interp, &call, |_, items| Obj::tuple(items))),
    ("set", |interp, call| copied(interp, &call, |interp, items| interp.set_of(items))),
    ("frozenset", |interp, call| copied(interp, &call, |interp, items| interp.set_of(items))),
    ("dict", dict),
    ("collections.OrderedDict", dict),
    ("collections.UserDict", dict),
    ("types.MappingProxyType", |_, call| Ok(call.first())),
    ("collections.defaultdict", |interp, call| {
        let made = Obj::Dict(interp.heap.dict(Vec::new()));
        if let (Obj::Dict(cell), factory) = (&made, call.first()) {
            interp.heap.change_dict(*cell, call.pos, |dict| dict.fallback = Some(factory.clone()));
            interp.heap.fresh(*cell);
        }
        Ok(made)
    }),
    ("sorted", |interp, call| {
        let kwargs = call.kwargs.clone();
        copied(interp, &call, move |interp, items| {
            let sorted = interp.sorted(items, &kwargs, call_pos());
            Obj::List(interp.heap.list(sorted))
        })
    }),
    ("reversed", |interp, call| {
        copied(interp, &call, |interp, mut items| {
            items.reverse();
            Obj::List(interp.heap.list(items))
        })
    }),
    ("iter", |_, call| Ok(call.first())),
    ("next", |interp, call| {
        let value = call.first();
        match interp.sequence(&value) {
            Some(items) => match (items.into_iter().next(), call.args.get(1)) {
                (Some(item), _) => Ok(item),
                (None, Some(default)) => Ok(default.clone()),
                (None, None) => interp.raise(Exception::new("StopIteration", ""), call.pos),
            },
            None => Ok(interp.any_item(&value, call.pos)),
        }
    }),
    ("enumerate", |interp, call| {
        let start = if let Some(Obj::Int(start)) = call.arg(1, "start") { start } else { 0 };
        copied(interp, &call, move |interp, items| {
            let pairs = items
                .into_iter()
                .zip(start..)
                .map(|(item, at)| Obj::tuple(vec![Obj::Int(at), item]))
                .collect();
            Obj::List(interp.heap.list(pairs))
        })
    }),
    ("zip", |interp, call| {
        let mut columns = Vec::new();
        for arg in &call.args {
            match interp.sequence(arg) {
                Some(items) => columns.push(items),
                None => return Ok(Obj::unknown("pairs of what is not known", call.pos, &call.args)),
            }
        }
        let length = columns.iter().map(Vec::len).min().unwrap_or(0);
        let rows = (0..length)
            .map(|at| Obj::tuple(columns.iter().map(|column| column[at].clone()).collect()))
            .collect();
        Ok(Obj::List(interp.heap.list(rows)))
    }),
    ("range", |interp, call| {
        let mut bounds = Vec::new();
        for arg in &call.args {
            match arg {
                Obj::Int(number) => bounds.push(*number),
                _ => return Ok(Obj::unknown("a range", call.pos, &call.args)),
            }
        }
        let (start, end, step) = match bounds.as_slice() {
            [end] => (0, *end, 1),
            [start, end] => (*start, *end, 1),
            [start, end, step] if *step != 0 => (*start, *end, *step),
            _ => return Ok(Obj::unknown("a range", call.pos, &[])),
        };
        let mut items = Vec::new();
        let mut at = start;
        while (if step > 0 { at < end } else { at > end }) && items.len() < 10_000 {
            items.push(Obj::Int(at));
            at = at.saturating_add(step);
        }
        Ok(Obj::List(interp.heap.list(items)))
    }),
    ("map", |interp, call| {
        let Some(function) = call.args.first() else { return Ok(Obj::None) };
        let Some(list) = call.args.get(1) else { return Ok(Obj::None) };
        match interp.sequence(list) {
            Some(items) => {
                let mut results = Vec::new();
                for item in items {
                    results.push(interp.call(function, vec![item], Vec::new(), call.pos)?);
                }
                Ok(Obj::List(interp.heap.list(results)))
            }
            None => {
                // A list that a variable holds stays one when its items are only trimmed or converted.
                if let (Obj::Env(_), Obj::External(_) | Obj::Function(_) | Obj::Method(_)) = (list, function)
                {
                    return Ok(list.clone());
                }
                Ok(Obj::unknown("made from items that are not known", call.pos, &call.args))
            }
        }
    }),
    ("filter", |interp, call| {
        let (Some(function), Some(list)) = (call.args.first(), call.args.get(1)) else {
            return Ok(Obj::None);
        };
        let Some(items) = interp.sequence(list) else {
            return Ok(if matches!(list, Obj::Env(_)) {
                list.clone()
            } else {
                Obj::unknown("some of the items", call.pos, &call.args)
            });
        };
        let mut kept = Vec::new();
        for item in items {
            let test = match function {
                Obj::None => item.clone(),
                function => interp.call(function, vec![item.clone()], Vec::new(), call.pos)?,
            };
            if interp.truth(&test) != Some(false) {
                kept.push(item);
            }
        }
        Ok(Obj::List(interp.heap.list(kept)))
    }),
    ("any", |interp, call| quantified(interp, &call, true)),
    ("all", |interp, call| quantified(interp, &call, false)),
    ("max", |interp, call| extreme(interp, &call, false)),
    ("min", |interp, call| extreme(interp, &call, true)),
    ("sum", |interp, call| {
        let first = call.first();
        let Some(items) = interp.sequence(&first) else {
            return Ok(Obj::unknown("a sum", call.pos, &call.args));
        };
        let mut total = call.arg(1, "start").unwrap_or(Obj::Int(0));
        for item in items {
            total = interp.binary(ruff_python_ast::Operator::Add, &total, &item, call.pos)?;
        }
        Ok(total)
    }),
    ("abs", |interp, call| {
        Ok(interp.lift(&[call.first()], "a number", call.pos, &|_, args| match &args[0] {
            Obj::Int(number) => number.checked_abs().map(Obj::Int),
            Obj::Float(number) => Some(Obj::Float(number.abs())),
            _ => None,
        }))
    }),
    ("round", |interp, call| {
        Ok(interp.lift(&[call.first()], "a number", call.pos, &|_, args| match &args[0] {
            Obj::Int(_) => Some(args[0].clone()),
            #[expect(clippy::cast_possible_truncation, reason = "as Python's round() does")]
            Obj::Float(number) => Some(Obj::Int(number.round() as i64)),
            _ => None,
        }))
    }),
    ("print", |_, _| Ok(Obj::None)),
    ("warnings.warn", |_, _| Ok(Obj::None)),
    ("exit", exit),
    ("quit", exit),
    ("sys.exit", exit),
    ("os._exit", exit),
    ("object", |_, call| Ok(Obj::made("object", Vec::new(), Vec::new(), call.pos))),
    ("id", |_, call| Ok(Obj::unknown("an identity", call.pos, &[]))),
    ("property", |_, call| Ok(Obj::wrapped(call.first(), |inner| Obj::Property(inner.into())))),
    ("classmethod", |_, call| Ok(Obj::wrapped(call.first(), |inner| Obj::ClassMethod(inner.into())))),
    ("staticmethod", |_, call| Ok(Obj::wrapped(call.first(), |inner| Obj::StaticMethod(inner.into())))),
];

fn call_pos() -> super::super::source::Pos {
    super::super::source::Pos::default()
}

fn text(interp: &mut Interp<'_>, call: Call) -> Outcome {
    let value = call.first();
    Ok(match &value {
        _ if call.args.is_empty() => Obj::str(""),
        Obj::Path(_) | Obj::Str(_) | Obj::Text(_) | Obj::Secret(_) => value,
        Obj::Env(env) if env.cast == Cast::Str || env.cast == Cast::Path => value,
        Obj::Unknown(unknown) if matches!(unknown.assumed, Some(Obj::Path(_))) => value,
        _ => interp.text_of(vec![value]),
    })
}

fn bool(interp: &mut Interp<'_>, call: Call) -> Outcome {
    let value = call.first();
    Ok(match interp.truth(&value) {
        Some(truth) => Obj::Bool(truth),
        None => {
            if let Obj::Env(env) = &value
                && env.default.is_some()
            {
                // Any text but the empty one is true.
                let default = interp.assumed_truth(&value).map(Obj::Bool);
                let env = super::super::object::EnvObj {
                    cast: Cast::Other("bool".to_owned()),
                    default,
                    ..(**env).clone()
                };
                return Ok(Obj::Env(env.into()));
            }
            match super::super::branches::presence(&value) {
                Some((name, set)) => interp.presence_test(&name, set, call.pos),
                None => {
                    let assumed = interp.assumed_truth(&value).map(Obj::Bool);
                    Obj::unknown_assumed("a test", call.pos, &[value], assumed)
                }
            }
        }
    })
}

/// `list(x)` and its like: every alternative of the items, made anew.
fn copied(interp: &mut Interp<'_>, call: &Call, make: impl Fn(&mut Interp<'_>, Vec<Obj>) -> Obj) -> Outcome {
    let Some(value) = call.args.first() else { return Ok(make(interp, Vec::new())) };
    let lists = match interp.sequence(value) {
        Some(items) => vec![items],
        None => match interp.sequences(value) {
            Some(lists) => lists,
            None => match value {
                Obj::Env(_) | Obj::List(_) => return Ok(value.clone()),
                other => {
                    let assumed =
                        other.assumed().filter(Obj::is_known).and_then(|assumed| interp.sequence(&assumed));
                    let assumed = assumed.map(|items| make(interp, items));
                    return Ok(Obj::unknown_assumed(
                        "a list of what is not known",
                        call.pos,
                        &call.args,
                        assumed,
                    ));
                }
            },
        },
    };
    let made = lists.into_iter().map(|items| make(interp, items)).collect();
    Ok(interp.heap.one_of(made))
}

fn dict(interp: &mut Interp<'_>, call: Call) -> Outcome {
    let made = Obj::Dict(interp.heap.dict(Vec::new()));
    for other in &call.args {
        interp.update(&made, other, call.pos)?;
    }
    for (key, value) in &call.kwargs {
        interp.set_item(&made, &Obj::Str(key.clone()), value.clone(), call.pos)?;
    }
    if let Obj::Dict(cell) = made {
        interp.heap.fresh(cell);
    }
    Ok(made)
}

fn quantified(interp: &mut Interp<'_>, call: &Call, any: bool) -> Outcome {
    let value = call.first();
    let Some(items) = interp.sequence(&value) else {
        return Ok(Obj::unknown("a test of items that are not known", call.pos, &call.args));
    };
    let mut open = Vec::new();
    for item in items {
        match interp.truth(&item) {
            Some(truth) if truth == any => return Ok(Obj::Bool(any)),
            Some(_) => {}
            None => open.push(item),
        }
    }
    if open.is_empty() {
        return Ok(Obj::Bool(!any));
    }
    let assumed: Option<Vec<bool>> = open.iter().map(|item| interp.assumed_truth(item)).collect();
    let assumed = assumed.map(|all| Obj::Bool(if any { all.contains(&true) } else { !all.contains(&false) }));
    Ok(Obj::unknown_assumed("a test of several values", call.pos, &open, assumed))
}

fn extreme(interp: &mut Interp<'_>, call: &Call, least: bool) -> Outcome {
    let items = match call.args.as_slice() {
        [one] => interp.sequence(one),
        several => Some(several.to_vec()),
    };
    let Some(items) = items else { return Ok(Obj::unknown("one of several", call.pos, &call.args)) };
    Ok(interp.lift(&items, "one of several", call.pos, &|interp, items| {
        let sorted = interp.sorted(items.to_vec(), &[], call_pos());
        if least { sorted.first().cloned() } else { sorted.last().cloned() }
    }))
}

fn exit(interp: &mut Interp<'_>, call: Call) -> Outcome {
    let message = call.first().display().unwrap_or_default();
    interp.raise(Exception::new("SystemExit", message), call.pos)
}
