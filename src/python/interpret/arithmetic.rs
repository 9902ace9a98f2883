//! `+`, `-`, `/`, `%`, `|` and their like.

use ruff_python_ast::Operator;

use super::limits;
use super::object::{Exception, Obj};
use super::operators::{LONGEST_LIST, LONGEST_TEXT, number};
use super::source::Pos;
use super::{Interp, Outcome};
use crate::python::value::Cast;

impl Interp<'_> {
    pub(super) fn binary(&mut self, op: Operator, left: &Obj, right: &Obj, pos: Pos) -> Outcome {
        self.needs_something(op, left, right, pos)?;
        match (op, left, right) {
            (Operator::Add, Obj::List(_) | Obj::Tuple(_), _)
            | (Operator::Add, _, Obj::List(_) | Obj::Tuple(_)) => {
                return Ok(self.add_sequences(left, right, pos));
            }
            (Operator::Add, _, _) if is_textual(left) || is_textual(right) => {
                if left.is_known() && right.is_known() {
                    return Ok(self.text_of(vec![left.clone(), right.clone()]));
                }
                if may_be_text(left)
                    && may_be_text(right)
                    && !matches!((left, right), (Obj::OneOf(_), _) | (_, Obj::OneOf(_)))
                {
                    return Ok(self.text_of(vec![left.clone(), right.clone()]));
                }
            }
            (Operator::Div, _, _) if is_path(left) || is_path(right) || is_joined(left, right) => {
                return Ok(self.join_paths(&[left.clone(), right.clone()], pos));
            }
            (Operator::Sub, Obj::Path(path), Obj::Int(levels)) => {
                return Ok(self.ancestor(path, usize::try_from(*levels).unwrap_or(0)));
            }
            (Operator::Add, Obj::Path(_), _) => {
                return Ok(self.text_of(vec![left.clone(), right.clone()]));
            }
            (Operator::Mod, _, _) if is_textual(left) => return self.percent(left, right, pos),
            (Operator::BitOr, Obj::Dict(_), _) => {
                let copy = self.copy_dict(left);
                self.update(&copy, right, pos)?;
                if let Obj::Dict(cell) = copy {
                    self.heap.fresh(cell);
                }
                return Ok(copy);
            }
            (
                Operator::BitOr | Operator::BitAnd | Operator::Sub | Operator::BitXor,
                Obj::Set(_),
                Obj::Set(_),
            ) => {
                return Ok(self.set_operation(op, left, right, pos));
            }
            _ => {}
        }
        if let Obj::Instance(instance) = left
            && let Some(value) = self.call_special(*instance, op.dunder(), vec![right.clone()], pos)?
        {
            return Ok(value);
        }
        Ok(self.lift(&[left.clone(), right.clone()], "an operation", pos, &|interp, args| {
            interp.binary_known(op, &args[0], &args[1], pos)
        }))
    }

    /// Text and paths are put together with no `None`: what an unset variable gives.
    fn needs_something(
        &mut self,
        op: Operator,
        left: &Obj,
        right: &Obj,
        pos: Pos,
    ) -> Result<(), Box<Exception>> {
        let other = match (op, left, right) {
            (Operator::Add, other, text) | (Operator::Add, text, other) if is_textual(text) => other,
            (Operator::Div, Obj::Path(_), other) => other,
            _ => return Ok(()),
        };
        self.needs_text(other, pos)
    }

    /// Raises for `None`, which an unset variable gives, where text is asked for.
    pub(super) fn needs_text(&mut self, value: &Obj, pos: Pos) -> Result<(), Box<Exception>> {
        let error = Exception::new("TypeError", "`None` where text was expected");
        match value {
            Obj::None => self.raise(error, pos).map(|_| ()),
            Obj::Env(env) if env.default.is_none() && env.cast == Cast::Str => {
                self.may_fail_unset(&env.clone(), error, pos);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn binary_known(&mut self, op: Operator, left: &Obj, right: &Obj, pos: Pos) -> Option<Obj> {
        if op == Operator::Add
            && (is_textual(left) && is_textual(right) || matches!(left, Obj::List(_) | Obj::Tuple(_)))
        {
            return self.binary(op, left, right, pos).ok();
        }
        match (op, left, right) {
            (Operator::Mult, Obj::Str(text), Obj::Int(times))
            | (Operator::Mult, Obj::Int(times), Obj::Str(text)) => {
                let times = usize::try_from(*times).unwrap_or(0);
                (text.len().saturating_mul(times) <= LONGEST_TEXT).then(|| {
                    limits::reading(text.len() * times);
                    Obj::str(text.repeat(times))
                })
            }
            (Operator::Mult, Obj::List(_) | Obj::Tuple(_), Obj::Int(times)) => {
                let items = self.sequence(left)?;
                let times = usize::try_from(*times).unwrap_or(0);
                if items.len().saturating_mul(times) > LONGEST_LIST {
                    return None;
                }
                let repeated = items.iter().cycle().take(items.len() * times).cloned().collect();
                Some(self.like(left, repeated))
            }
            _ => arithmetic(op, left, right),
        }
    }

    /// A list or tuple, as `model` is one.
    pub(super) fn like(&mut self, model: &Obj, items: Vec<Obj>) -> Obj {
        if matches!(model, Obj::Tuple(_)) { Obj::tuple(items) } else { Obj::List(self.heap.list(items)) }
    }

    fn add_sequences(&mut self, left: &Obj, right: &Obj, pos: Pos) -> Obj {
        let (lefts, rights) = (self.alternatives_of(left), self.alternatives_of(right));
        if lefts.len() * rights.len() > 64 {
            return Obj::unknown("too many alternatives of a list", pos, &[left.clone(), right.clone()]);
        }
        let model = if matches!(left, Obj::List(_) | Obj::Tuple(_)) { left.clone() } else { right.clone() };
        let mut results = Vec::new();
        for left in &lefts {
            for right in &rights {
                if left.len() + right.len() > LONGEST_LIST || limits::exhausted() {
                    return Obj::unknown("a list of too many items", pos, &[]);
                }
                let items = left.iter().chain(right).cloned().collect();
                results.push(self.like(&model, items));
            }
        }
        self.heap.one_of(results)
    }

    /// The alternatives of something's items; what is not known is one item that stands for them.
    pub(super) fn alternatives_of(&mut self, obj: &Obj) -> Vec<Vec<Obj>> {
        if let Some(items) = self.sequence(obj) {
            return vec![items];
        }
        if let Obj::OneOf(alternatives) = obj {
            let alternatives = alternatives.clone();
            let lists = alternatives.iter().flat_map(|one| match one {
                Obj::None => vec![Vec::new()],
                one => self.alternatives_of(one),
            });
            return lists.take(8).collect();
        }
        self.sequences(obj).unwrap_or_else(|| vec![vec![obj.clone()]])
    }

    fn set_operation(&mut self, op: Operator, left: &Obj, right: &Obj, pos: Pos) -> Obj {
        let (Some(a), Some(b)) = (self.sequence(left), self.sequence(right)) else {
            return Obj::unknown("an operation on sets", pos, &[left.clone(), right.clone()]);
        };
        let holds = |items: &[Obj], item: &Obj| items.iter().any(|other| self.heap.same(other, item, 6));
        let kept: Vec<Obj> = match op {
            Operator::BitAnd => a.iter().filter(|item| holds(&b, item)).cloned().collect(),
            Operator::Sub => a.iter().filter(|item| !holds(&b, item)).cloned().collect(),
            Operator::BitOr => a.iter().chain(b.iter().filter(|item| !holds(&a, item))).cloned().collect(),
            _ => {
                let only_b = b.iter().filter(|item| !holds(&a, item));
                a.iter().filter(|item| !holds(&b, item)).chain(only_b).cloned().collect()
            }
        };
        self.set_of(kept)
    }
}

fn is_textual(obj: &Obj) -> bool {
    matches!(obj, Obj::Str(_) | Obj::Text(_))
}

fn may_be_text(obj: &Obj) -> bool {
    matches!(
        obj,
        Obj::Str(_)
            | Obj::Text(_)
            | Obj::Path(_)
            | Obj::Env(_)
            | Obj::Secret(_)
            | Obj::Unknown(_)
            | Obj::External(_)
            | Obj::Made(_)
    )
}

fn is_path(obj: &Obj) -> bool {
    match obj {
        Obj::Path(_) => true,
        Obj::Env(env) => env.cast == Cast::Path,
        Obj::OneOf(alternatives) => alternatives.iter().any(is_path),
        Obj::Text(parts) => matches!(parts.first(), Some(Obj::Path(_))),
        Obj::Unknown(unknown) => unknown.assumed.as_ref().is_some_and(is_path),
        _ => false,
    }
}

/// Nothing but a path is divided by text.
fn is_joined(left: &Obj, right: &Obj) -> bool {
    is_textual(right)
        && matches!(left, Obj::Env(_) | Obj::Text(_) | Obj::Str(_) | Obj::Secret(_) | Obj::Unknown(_))
}

fn integer(obj: &Obj) -> Option<i64> {
    match obj {
        Obj::Int(number) => Some(*number),
        Obj::Bool(value) => Some(i64::from(*value)),
        _ => None,
    }
}

fn arithmetic(op: Operator, left: &Obj, right: &Obj) -> Option<Obj> {
    if let (Some(a), Some(b)) = (integer(left), integer(right)) {
        return match op {
            Operator::Add => a.checked_add(b).map(Obj::Int),
            Operator::Sub => a.checked_sub(b).map(Obj::Int),
            Operator::Mult => a.checked_mul(b).map(Obj::Int),
            Operator::FloorDiv => a.checked_div_euclid(b).map(Obj::Int),
            Operator::Mod => a.checked_rem_euclid(b).map(Obj::Int),
            Operator::Pow => a.checked_pow(u32::try_from(b).ok()?).map(Obj::Int),
            Operator::BitOr => Some(Obj::Int(a | b)),
            Operator::BitAnd => Some(Obj::Int(a & b)),
            Operator::BitXor => Some(Obj::Int(a ^ b)),
            Operator::LShift => a.checked_shl(u32::try_from(b).ok()?).filter(|_| b < 62).map(Obj::Int),
            Operator::RShift => a.checked_shr(u32::try_from(b).ok()?).map(Obj::Int),
            #[expect(clippy::cast_precision_loss, reason = "Python divides to a float as well")]
            Operator::Div if b != 0 => Some(Obj::Float(a as f64 / b as f64)),
            _ => None,
        };
    }
    let (a, b) = (number(left)?, number(right)?);
    let result = match op {
        Operator::Add => a + b,
        Operator::Sub => a - b,
        Operator::Mult => a * b,
        Operator::Div if b != 0.0 => a / b,
        Operator::FloorDiv if b != 0.0 => (a / b).floor(),
        Operator::Pow => a.powf(b),
        _ => return None,
    };
    Some(Obj::Float(result))
}
