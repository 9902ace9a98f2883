//! Truth, comparison and arithmetic.

use ruff_python_ast::{CmpOp, UnaryOp};

use super::heap::Cell;
use super::limits;
use super::membership::{assumed_false, is_argument, is_untold, names_test_runner};
use super::object::{Name, Obj};
use super::source::Pos;
use super::{Interp, Outcome};

/// Text longer than this is given up.
pub(super) const LONGEST_TEXT: usize = 1 << 20;
/// A list longer than this is given up.
pub(super) const LONGEST_LIST: usize = 100_000;

impl Interp<'_> {
    /// Tells whether something counts as true, where that is certain.
    pub(super) fn truth(&self, obj: &Obj) -> Option<bool> {
        if !self.debugs.is_empty()
            && let Some(debug) = self.debug_of_target(obj)
        {
            return Some(debug);
        }
        Some(match obj {
            Obj::None => false,
            Obj::Bool(value) => *value,
            Obj::Int(number) => *number != 0,
            Obj::Float(number) => *number != 0.0,
            Obj::Str(text) => !text.is_empty(),
            Obj::Text(parts) => {
                if parts.iter().any(|part| matches!(part, Obj::Str(text) if !text.is_empty())) {
                    true
                } else {
                    return None;
                }
            }
            Obj::Path(_)
            | Obj::Function(_)
            | Obj::Class(_)
            | Obj::Module(_)
            | Obj::Bound(_)
            | Obj::Exception(_) => true,
            Obj::Method(_)
            | Obj::Property(_)
            | Obj::ClassMethod(_)
            | Obj::StaticMethod(_)
            | Obj::Super(_) => true,
            Obj::Names(space) => !self.heap.names(*space).is_empty(),
            Obj::Tuple(tuple) => !tuple.items.is_empty(),
            Obj::List(cell) | Obj::Set(cell) | Obj::Dict(cell) => {
                let contents = self.heap.contents(*cell);
                let mut truths = contents.iter().map(|cell| match cell {
                    Cell::List(items) if items.iter().all(|item| !item.is_known()) && !items.is_empty() => {
                        None
                    }
                    Cell::List(items) => Some(!items.is_empty()),
                    Cell::Dict(dict)
                        if dict.entries.is_empty()
                            && (!dict.others.is_empty() || dict.fallback.is_some()) =>
                    {
                        None
                    }
                    Cell::Dict(dict) => Some(!dict.entries.is_empty()),
                    Cell::OneOf(_) => None,
                });
                let first = truths.next()??;
                if truths.all(|truth| truth == Some(first)) {
                    first
                } else {
                    return None;
                }
            }
            Obj::Instance(instance) => return self.instance_truth(*instance),
            Obj::OneOf(alternatives) => {
                let mut truths = alternatives.iter().map(|alternative| self.truth(alternative));
                let first = truths.next()??;
                if truths.all(|truth| truth == Some(first)) {
                    first
                } else {
                    return None;
                }
            }
            Obj::External(name) if is_builtin_type(name.split('.').next().unwrap_or(name)) => true,
            Obj::Env(_) | Obj::Secret(_) | Obj::Unknown(_) | Obj::External(_) | Obj::Made(_) => return None,
        })
    }

    /// A test that holds exactly where a variable is set (or is not).
    pub(super) fn presence_test(&self, name: &Name, set: bool, pos: Pos) -> Obj {
        limits::work(self.reads.len() / 16);
        let from = self.reads.iter().position(|read| read.name == *name);
        let from = from.map(|read| self.env_obj(read)).into_iter().collect();
        Obj::presence(name, set, from, pos)
    }

    pub(super) fn unary(&self, op: UnaryOp, operand: &Obj, pos: Pos) -> Obj {
        match (op, operand) {
            (UnaryOp::Not, _) => match self.truth(operand) {
                Some(truth) => Obj::Bool(!truth),
                None => match super::branches::presence(operand) {
                    Some((name, set)) => self.presence_test(&name, !set, pos),
                    None => {
                        let assumed = self.assumed_truth(operand).map(|truth| Obj::Bool(!truth));
                        Obj::unknown_assumed("a negation", pos, std::slice::from_ref(operand), assumed)
                    }
                },
            },
            (UnaryOp::USub, Obj::Int(number)) => number.checked_neg().map_or(Obj::Int(i64::MAX), Obj::Int),
            (UnaryOp::USub, Obj::Float(number)) => Obj::Float(-number),
            (UnaryOp::UAdd, Obj::Int(_) | Obj::Float(_)) => operand.clone(),
            (UnaryOp::Invert, Obj::Int(number)) => Obj::Int(!number),
            _ => Obj::unknown("an operation", pos, std::slice::from_ref(operand)),
        }
    }

    pub(super) fn compare_two(&mut self, op: CmpOp, left: &Obj, right: &Obj, pos: Pos) -> Outcome {
        Ok(match op {
            CmpOp::Eq => self.equal(left, right, pos),
            CmpOp::NotEq => {
                let equal = self.equal(left, right, pos);
                self.unary(UnaryOp::Not, &equal, pos)
            }
            CmpOp::Is => self.identical(left, right, pos),
            CmpOp::IsNot => {
                let same = self.identical(left, right, pos);
                self.unary(UnaryOp::Not, &same, pos)
            }
            CmpOp::In => self.contains(right, left, pos)?,
            CmpOp::NotIn => {
                let holds = self.contains(right, left, pos)?;
                self.unary(UnaryOp::Not, &holds, pos)
            }
            CmpOp::Lt | CmpOp::LtE | CmpOp::Gt | CmpOp::GtE => {
                if let (Obj::External(name), Obj::Tuple(wanted)) = (left, right)
                    && &**name == "sys.version_info"
                {
                    let newer = matches!(op, CmpOp::Gt | CmpOp::GtE);
                    return Ok(version_test(&wanted.items, newer, pos));
                }
                self.lift(&[left.clone(), right.clone()], "a comparison", pos, &|_, args| {
                    let order = order(&args[0], &args[1])?;
                    Some(Obj::Bool(match op {
                        CmpOp::Lt => order.is_lt(),
                        CmpOp::LtE => order.is_le(),
                        CmpOp::Gt => order.is_gt(),
                        _ => order.is_ge(),
                    }))
                })
            }
        })
    }

    pub(super) fn equal(&mut self, left: &Obj, right: &Obj, pos: Pos) -> Obj {
        self.note_comparison(left, right);
        self.note_comparison(right, left);
        // `sys.argv[1] == "test"`
        if is_argument(left) && right.as_str().is_some_and(names_test_runner) {
            return Obj::Bool(false);
        }
        // `sys.argv[1:2] == ["test"]`
        if matches!(left, Obj::External(dotted) if &**dotted == "sys.argv") && self.are_test_runners(right) {
            return Obj::Bool(false);
        }
        let equal = self.lift(&[left.clone(), right.clone()], "a comparison", pos, &|interp, args| {
            interp.equal_known(&args[0], &args[1], 12).map(Obj::Bool)
        });
        let told = matches!((left, right), (Obj::Str(_), other) | (other, Obj::Str(_)) if is_untold(other));
        if told { assumed_false(equal) } else { equal }
    }

    pub(super) fn equal_known(&self, a: &Obj, b: &Obj, depth: u8) -> Option<bool> {
        let depth = depth.checked_sub(1).filter(|_| limits::work(1))?;
        if let (Some(a), Some(b)) = (number(a), number(b)) {
            return Some((a - b).abs() < f64::EPSILON);
        }
        let all = |a: &[Obj], b: &[Obj]| -> Option<bool> {
            if a.len() != b.len() {
                return Some(false);
            }
            for (a, b) in a.iter().zip(b) {
                if !self.equal_known(a, b, depth)? {
                    return Some(false);
                }
            }
            Some(true)
        };
        Some(match (a, b) {
            (Obj::Path(a), Obj::Path(b)) => a == b,
            (Obj::Tuple(a), Obj::Tuple(b)) => return all(&a.items, &b.items),
            (Obj::List(a), Obj::List(b)) | (Obj::Set(a), Obj::Set(b)) => {
                return all(&self.heap.items(*a)?, &self.heap.items(*b)?);
            }
            (Obj::Dict(_), Obj::Dict(_)) if self.heap.same(a, b, 14) => true,
            (Obj::Dict(a), Obj::Dict(b)) => {
                let (a, b) = (self.heap.entries(*a)?, self.heap.entries(*b)?);
                if a.entries.len() == b.entries.len() {
                    return None;
                }
                false
            }
            (Obj::Instance(a), Obj::Instance(b)) if a == b => true,
            (Obj::Instance(a), Obj::Instance(b)) => {
                let (a, b) = (&self.instances[*a], &self.instances[*b]);
                if a.class != b.class || !self.is_enum(a.class) {
                    return None;
                }
                let value = |space: usize| self.heap.get(space, "value").map(|binding| &binding.value);
                return self.equal_known(value(a.space)?, value(b.space)?, depth);
            }
            (Obj::Instance(instance), other) | (other, Obj::Instance(instance)) => {
                let data = self.instances[*instance].data.clone()?;
                return self.equal_known(&data, other, depth);
            }
            (Obj::External(a), Obj::External(b)) if a == b => true,
            (Obj::External(a), Obj::External(b)) if is_builtin_type(a) || is_builtin_type(b) => false,
            // `if cast is bool`: a type is neither a value nor a function.
            (Obj::External(name), other) | (other, Obj::External(name))
                if is_builtin_type(name) && is_value_or_function(other) =>
            {
                false
            }
            (Obj::External(_) | Obj::Made(_) | Obj::Path(_), _)
            | (_, Obj::External(_) | Obj::Made(_) | Obj::Path(_)) => {
                if matches!((a, b), (Obj::None, _) | (_, Obj::None))
                    && matches!((a, b), (Obj::Path(_), _) | (_, Obj::Path(_)))
                {
                    false
                } else if self.heap.same(a, b, 4) {
                    true
                } else {
                    return None;
                }
            }
            (a, b) if !a.is_known() || !b.is_known() => return None,
            (a, b) => self.heap.same(a, b, 12),
        })
    }

    pub(super) fn identical(&mut self, left: &Obj, right: &Obj, pos: Pos) -> Obj {
        if matches!(right, Obj::None) {
            match left {
                Obj::Env(env) if env.default.is_none() => {
                    // A variable that is read without a default and is not set stops the import; in the open
                    // that one can ask at all means that it may be missing.
                    return self.presence_test(&env.name.clone(), false, pos);
                }
                Obj::Text(_) => return Obj::Bool(false),
                Obj::Env(env)
                    if env
                        .default
                        .as_ref()
                        .is_some_and(|default| default.is_known() && !matches!(default, Obj::None)) =>
                {
                    return Obj::Bool(false);
                }
                _ => {}
            }
        }
        self.lift(&[left.clone(), right.clone()], "a comparison", pos, &|interp, args| match (
            &args[0], &args[1],
        ) {
            (Obj::Bool(a), Obj::Bool(b)) => Some(Obj::Bool(a == b)),
            (Obj::Bool(_), _) | (_, Obj::Bool(_)) if args[0].is_known() && args[1].is_known() => {
                Some(Obj::Bool(false))
            }
            (a, b) => interp.equal_known(a, b, 12).map(Obj::Bool),
        })
    }
}

/// `sys.version_info >= (3, 8)`: certain for what every supported Python is, or none.
fn version_test(wanted: &[Obj], newer: bool, pos: Pos) -> Obj {
    match wanted {
        [Obj::Int(major), ..] if *major < 3 => Obj::Bool(newer),
        [Obj::Int(3)] => Obj::Bool(newer),
        [Obj::Int(3), Obj::Int(minor), ..] if *minor < 8 => Obj::Bool(newer),
        [Obj::Int(3), ..] => Obj::unknown_assumed("the version of Python", pos, &[], Some(Obj::Bool(newer))),
        _ => Obj::Bool(!newer),
    }
}

pub(super) fn number(obj: &Obj) -> Option<f64> {
    match obj {
        Obj::Bool(value) => Some(f64::from(u8::from(*value))),
        #[expect(
            clippy::cast_precision_loss,
            reason = "settings hold no numbers beyond 2^52 that are compared"
        )]
        Obj::Int(number) => Some(*number as f64),
        Obj::Float(number) => Some(*number),
        _ => None,
    }
}

fn order(a: &Obj, b: &Obj) -> Option<std::cmp::Ordering> {
    if let (Some(a), Some(b)) = (number(a), number(b)) {
        return a.partial_cmp(&b);
    }
    match (a, b) {
        (Obj::Str(a), Obj::Str(b)) => Some(a.cmp(b)),
        (Obj::Tuple(a), Obj::Tuple(b)) => {
            for (a, b) in a.items.iter().zip(&b.items) {
                let order = order(a, b)?;
                if order.is_ne() {
                    return Some(order);
                }
            }
            Some(a.items.len().cmp(&b.items.len()))
        }
        _ => None,
    }
}

/// Types that `type()` gives, of which each is one only.
fn is_builtin_type(name: &str) -> bool {
    matches!(name, "str" | "bool" | "int" | "float" | "list" | "dict" | "tuple" | "set" | "bytes")
}

fn is_value_or_function(obj: &Obj) -> bool {
    matches!(
        obj,
        Obj::None
            | Obj::Bool(_)
            | Obj::Int(_)
            | Obj::Float(_)
            | Obj::Str(_)
            | Obj::Tuple(_)
            | Obj::List(_)
            | Obj::Dict(_)
            | Obj::Set(_)
            | Obj::Path(_)
            | Obj::Function(_)
            | Obj::Class(_)
    )
}
