//! Truth, comparison and arithmetic.

use std::rc::Rc;

use ruff_python_ast::{CmpOp, Operator, UnaryOp};

use super::heap::Cell;
use super::object::{Name, Obj, UnknownObj};
use super::source::Pos;
use super::{Interp, Outcome};

/// Text longer than this is given up.
pub(super) const LONGEST_TEXT: usize = 1 << 20;
/// A list longer than this is given up.
const LONGEST_LIST: usize = 100_000;

impl Interp<'_> {
    /// Whether something counts as true, where that is certain.
    pub(super) fn truth(&self, obj: &Obj) -> Option<bool> {
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
            Obj::Env(_) | Obj::Secret(_) | Obj::Unknown(_) | Obj::External(_) | Obj::Made(_) => return None,
        })
    }

    /// A test that holds exactly where a variable is set (or is not).
    pub(super) fn presence_test(&self, name: &Name, set: bool, pos: Pos) -> Obj {
        let from = self.reads.iter().position(|read| read.name == *name);
        let from = from.map(|read| self.env_obj(read)).into_iter().collect();
        Obj::Unknown(Rc::new(UnknownObj {
            why: format!("whether `{name}` is set"),
            pos,
            from,
            assumed: Some(Obj::Bool(!set)),
            presence: Some((name.clone(), set)),
        }))
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
        self.lift(&[left.clone(), right.clone()], "a comparison", pos, &|interp, args| {
            interp.equal_known(&args[0], &args[1], 12).map(Obj::Bool)
        })
    }

    fn equal_known(&self, a: &Obj, b: &Obj, depth: u8) -> Option<bool> {
        let depth = depth.checked_sub(1)?;
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
            (Obj::Instance(instance), other) | (other, Obj::Instance(instance)) => {
                let data = self.instances[*instance].data.clone()?;
                return self.equal_known(&data, other, depth);
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

    /// `item in container`.
    pub(super) fn contains(&mut self, container: &Obj, item: &Obj, pos: Pos) -> Outcome {
        match container {
            Obj::External(dotted) if super::environment::is_environ(dotted) => {
                return Ok(self.is_set(item, pos));
            }
            Obj::Made(made) if super::environment::is_reader(&made.class) => {
                return Ok(self.is_set(item, pos));
            }
            Obj::Instance(instance) => {
                if let Some(found) = self.call_special(*instance, "__contains__", vec![item.clone()], pos)? {
                    return Ok(found);
                }
                if let Some(data) = self.instances[*instance].data.clone() {
                    return self.contains(&data, item, pos);
                }
            }
            _ => {}
        }
        Ok(self.lift(&[container.clone(), item.clone()], "a test of membership", pos, &|interp, args| {
            interp.contains_known(&args[0], &args[1]).map(Obj::Bool)
        }))
    }

    fn contains_known(&mut self, container: &Obj, item: &Obj) -> Option<bool> {
        match container {
            Obj::Str(text) => Some(text.contains(item.as_str()?)),
            Obj::Path(path) => Some(path.to_string().contains(item.as_str()?)),
            Obj::Names(space) => Some(self.heap.get(*space, item.as_str()?).is_some()),
            Obj::Dict(cell) => {
                let mut found = Vec::new();
                for contents in self.heap.contents(*cell) {
                    let Cell::Dict(dict) = contents else { return None };
                    let there =
                        dict.entries.iter().any(|(key, _)| self.equal_known(key, item, 6) == Some(true));
                    if !there && (!dict.others.is_empty() || dict.fallback.is_some()) {
                        return None;
                    }
                    found.push(there);
                }
                all_alike(&found)
            }
            Obj::Tuple(_) | Obj::List(_) | Obj::Set(_) => {
                let alternatives = match self.sequence(container) {
                    Some(items) => vec![items],
                    None => self.sequences(container)?,
                };
                let mut found = Vec::new();
                for items in alternatives {
                    let mut open = false;
                    let mut there = false;
                    for other in &items {
                        match self.equal_known(other, item, 6) {
                            Some(true) => there = true,
                            Some(false) => {}
                            None => open = true,
                        }
                    }
                    if !there && open {
                        return None;
                    }
                    found.push(there);
                }
                all_alike(&found)
            }
            _ => None,
        }
    }

    /// Applies `work` to known arguments; where some are not known, to every alternative of theirs, or to what
    /// they come to by default.
    pub(super) fn lift(
        &mut self,
        args: &[Obj],
        why: &str,
        pos: Pos,
        work: &dyn Fn(&mut Self, &[Obj]) -> Option<Obj>,
    ) -> Obj {
        self.lift_within(args, why, pos, work, 32)
    }

    fn lift_within(
        &mut self,
        args: &[Obj],
        why: &str,
        pos: Pos,
        work: &dyn Fn(&mut Self, &[Obj]) -> Option<Obj>,
        budget: usize,
    ) -> Obj {
        let open = args.iter().position(|arg| matches!(arg, Obj::OneOf(_)));
        if let Some(at) = open
            && let Obj::OneOf(alternatives) = &args[at]
            && alternatives.len() <= budget
        {
            let mut results = Vec::new();
            for alternative in alternatives.iter() {
                let mut args = args.to_vec();
                args[at] = alternative.clone();
                results.push(self.lift_within(&args, why, pos, work, budget / alternatives.len()));
            }
            // Tests that are open in one alternative are open as a whole.
            if results.iter().any(|one| matches!(one, Obj::Unknown(_)))
                && results.iter().all(|one| matches!(one, Obj::Bool(_) | Obj::Unknown(_)))
            {
                let assumed = results[0].assumed();
                return Obj::unknown_assumed(why, pos, args, assumed);
            }
            return self.heap.one_of(results);
        }
        if args.iter().all(Obj::is_known) {
            return match work(self, args) {
                Some(done) => done,
                None => Obj::unknown(why, pos, args),
            };
        }
        // Text with a known part may decide by itself (`"x" in text`); nothing here can tell, so assume.
        let assumed: Option<Vec<Obj>> = args.iter().map(Obj::assumed).collect();
        let assumed =
            assumed.filter(|args| args.iter().all(Obj::is_known)).and_then(|args| work(self, &args));
        let assumed = assumed.filter(Obj::is_known);
        Obj::unknown_assumed(why, pos, args, assumed)
    }

    pub(super) fn binary(&mut self, op: Operator, left: &Obj, right: &Obj, pos: Pos) -> Outcome {
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
            (Operator::Div, _, _) if is_path(left) || is_path(right) => {
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
                    self.heap.spent += text.len() * times / 16;
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
                if left.len() + right.len() > LONGEST_LIST {
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

fn all_alike(found: &[bool]) -> Option<bool> {
    let first = *found.first()?;
    found.iter().all(|one| *one == first).then_some(first)
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
        Obj::Env(env) => env.cast == crate::python::value::Cast::Path,
        Obj::OneOf(alternatives) => alternatives.iter().any(is_path),
        Obj::Text(parts) => matches!(parts.first(), Some(Obj::Path(_))),
        _ => false,
    }
}

fn number(obj: &Obj) -> Option<f64> {
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
