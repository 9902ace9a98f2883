//! Expressions.

use ruff_python_ast::{
    BoolOp, Expr, ExprBoolOp, ExprCall, ExprCompare, ExprFString, FStringPart, InterpolatedStringElement,
    Number,
};

use super::limits;
use super::object::{Name, Obj};
use super::{Interp, Outcome};

/// Items that stars may add to one display or call: a function that passes its arguments on twice doubles them.
const MOST_STARRED: usize = 10_000;

impl<'a> Interp<'a> {
    pub(super) fn eval(&mut self, expr: &'a Expr) -> Outcome {
        if !self.step() {
            return Ok(Obj::unknown("too much to evaluate", self.pos(expr), &[]));
        }
        match self.deeper(|interp| interp.eval_inner(expr)) {
            Some(outcome) => outcome,
            None => Ok(Obj::unknown("nested too deeply", self.pos(expr), &[])),
        }
    }

    fn eval_inner(&mut self, expr: &'a Expr) -> Outcome {
        let pos = self.pos(expr);
        Ok(match expr {
            Expr::NoneLiteral(_) | Expr::EllipsisLiteral(_) => Obj::None,
            Expr::BooleanLiteral(literal) => Obj::Bool(literal.value),
            Expr::NumberLiteral(literal) => match &literal.value {
                Number::Int(number) => {
                    number.as_i64().map_or_else(|| Obj::unknown("a large number", pos, &[]), Obj::Int)
                }
                Number::Float(number) => Obj::Float(*number),
                Number::Complex { .. } => Obj::unknown("a complex number", pos, &[]),
            },
            Expr::StringLiteral(literal) => Obj::str(literal.value.to_str()),
            Expr::BytesLiteral(literal) => {
                let bytes: Vec<u8> = literal.value.bytes().collect();
                Obj::str(String::from_utf8_lossy(&bytes))
            }
            Expr::FString(literal) => return self.f_string(literal),
            Expr::TString(_) => Obj::unknown("a template string", pos, &[]),
            Expr::Name(name) => return self.look_up(&name.id, pos),
            Expr::Attribute(attribute) => {
                let owner = self.eval(&attribute.value)?;
                return self.attribute(&owner, &attribute.attr, pos);
            }
            Expr::Subscript(subscript) => {
                let owner = self.eval(&subscript.value)?;
                if let Expr::Slice(slice) = subscript.slice.as_ref() {
                    return self.slice(&owner, slice, pos);
                }
                let key = self.eval(&subscript.slice)?;
                return self.item(&owner, &key, pos);
            }
            Expr::Call(call) => return self.call_expression(call),
            Expr::BoolOp(operation) => return self.bool_op(operation),
            Expr::BinOp(_) => return self.bin_op(expr),
            Expr::UnaryOp(operation) => {
                let operand = self.eval(&operation.operand)?;
                return Ok(self.unary(operation.op, &operand, pos));
            }
            Expr::Compare(compare) => return self.compare(compare),
            Expr::If(choice) => {
                let test = self.eval(&choice.test)?;
                return self.choose_expression((&choice.test, &test), &choice.body, &choice.orelse);
            }
            Expr::Named(named) => {
                let value = self.eval(&named.value)?;
                self.assign(&named.target, value.clone(), pos)?;
                value
            }
            Expr::Lambda(lambda) => self.lambda(lambda)?,
            Expr::Tuple(tuple) => Obj::tuple(self.eval_items(&tuple.elts)?),
            Expr::List(list) => {
                let items = self.eval_items(&list.elts)?;
                Obj::List(self.heap.list(items))
            }
            Expr::Set(set) => {
                let items = self.eval_items(&set.elts)?;
                self.set_of(items)
            }
            Expr::Dict(dict) => {
                let made = Obj::Dict(self.heap.dict(Vec::new()));
                for item in &dict.items {
                    match &item.key {
                        Some(key) => {
                            let key = self.eval(key)?;
                            let value = self.eval(&item.value)?;
                            self.set_item(&made, &key, value, pos)?;
                        }
                        None => {
                            let other = self.eval(&item.value)?;
                            self.update(&made, &other, pos)?;
                        }
                    }
                }
                if let Obj::Dict(cell) = made {
                    self.heap.fresh(cell);
                }
                made
            }
            Expr::ListComp(comp) => {
                let items = self.comprehend(&comp.generators, &comp.elt)?;
                self.list_of(items)
            }
            Expr::SetComp(comp) => {
                let items = self.comprehend(&comp.generators, &comp.elt)?;
                match items {
                    Ok(items) => self.set_of(items),
                    Err(unknown) => unknown,
                }
            }
            Expr::Generator(comp) => {
                let items = self.comprehend(&comp.generators, &comp.elt)?;
                self.list_of(items)
            }
            Expr::DictComp(comp) => return self.comprehend_dict(comp),
            Expr::Starred(starred) => return self.eval(&starred.value),
            Expr::Await(wait) => return self.eval(&wait.value),
            Expr::Yield(given) => {
                let value = given.value.as_ref().map_or(Ok(Obj::None), |value| self.eval(value))?;
                if let Some(yielded) = self.frames.last_mut().and_then(|frame| frame.yielded.as_mut()) {
                    yielded.push(value);
                }
                Obj::None
            }
            Expr::YieldFrom(given) => {
                let value = self.eval(&given.value)?;
                let items = self.sequence(&value).unwrap_or_else(|| vec![value]);
                if let Some(yielded) = self.frames.last_mut().and_then(|frame| frame.yielded.as_mut()) {
                    yielded.extend(items);
                }
                Obj::None
            }
            Expr::Slice(_) | Expr::IpyEscapeCommand(_) => {
                Obj::unknown("not an expression of Python", pos, &[])
            }
        })
    }

    fn list_of(&mut self, items: Result<Vec<Obj>, Obj>) -> Obj {
        match items {
            Ok(items) => Obj::List(self.heap.list(items)),
            Err(unknown) => unknown,
        }
    }

    /// Items of a display, stars laid open. What is starred and not known stands for its items.
    fn eval_items(&mut self, exprs: &'a [Expr]) -> Result<Vec<Obj>, Box<super::object::Exception>> {
        let mut items = Vec::with_capacity(exprs.len());
        for expr in exprs {
            let value = self.eval(expr)?;
            if expr.is_starred_expr() {
                match self.sequence(&value) {
                    Some(several) if items.len() + several.len() <= MOST_STARRED => {
                        limits::values(several.len());
                        items.extend(several);
                    }
                    _ => items.push(value),
                }
            } else {
                items.push(value);
            }
        }
        Ok(items)
    }

    pub(super) fn set_of(&mut self, items: Vec<Obj>) -> Obj {
        let mut distinct: Vec<Obj> = Vec::new();
        for item in items {
            if distinct.len() > 2000 || !distinct.iter().any(|other| self.heap.same(other, &item, 6)) {
                distinct.push(item);
            }
        }
        Obj::Set(self.heap.list(distinct))
    }

    /// `a + b + c`, without recursing on the left: long sums are common in settings.
    fn bin_op(&mut self, expr: &'a Expr) -> Outcome {
        let mut chain = Vec::new();
        let mut left = expr;
        while let Expr::BinOp(operation) = left {
            chain.push(operation);
            left = &operation.left;
        }
        let mut value = self.eval(left)?;
        for operation in chain.into_iter().rev() {
            let right = self.eval(&operation.right)?;
            value = self.binary(operation.op, &value, &right, self.pos(operation))?;
        }
        Ok(value)
    }

    fn bool_op(&mut self, operation: &'a ExprBoolOp) -> Outcome {
        self.bool_values(operation.op, &operation.values)
    }

    fn bool_values(&mut self, op: BoolOp, values: &'a [Expr]) -> Outcome {
        let Some((first, others)) = values.split_first() else { return Ok(Obj::None) };
        let value = self.eval(first)?;
        if others.is_empty() {
            return Ok(value);
        }
        let stop = matches!(op, BoolOp::Or);
        match self.truth(&value) {
            Some(truth) if truth == stop => Ok(value),
            Some(_) => self.bool_values(op, others),
            None => {
                // Both outcomes: this value, or what follows. A variable with nothing to fall back on takes
                // what follows as its default.
                let kept = self.with_truth(&value, stop);
                let follows = |interp: &mut Self| interp.bool_values(op, others);
                let mut joined = match op {
                    BoolOp::Or => self.both(&value, move |_| Ok(kept), follows)?,
                    BoolOp::And => self.both(&value, follows, move |_| Ok(kept))?,
                };
                if let (BoolOp::Or, Obj::OneOf(alternatives)) = (op, &joined) {
                    // `get("X", "d") or "e"`: the default is never empty.
                    if let [first, _] = alternatives.as_slice()
                        && let Obj::Env(_) = first
                        && self.assumed_truth(first) == Some(true)
                    {
                        joined = first.clone();
                    }
                }
                if op == BoolOp::And {
                    joined = self.test_of_both(&value, joined, self.pos(first));
                }
                Ok(joined)
            }
        }
    }

    /// `a and b` where both are tests: a test that depends on both.
    fn test_of_both(&self, first: &Obj, joined: Obj, pos: super::source::Pos) -> Obj {
        match &joined {
            // Whatever the first says, the second does not hold.
            Obj::OneOf(alternatives)
                if alternatives.len() == 2
                    && matches!(first, Obj::Unknown(_))
                    && alternatives.iter().any(|one| matches!(one, Obj::Bool(false))) =>
            {
                Obj::Bool(false)
            }
            Obj::OneOf(alternatives)
                if alternatives
                    .iter()
                    .all(|one| matches!(one, Obj::Bool(_) | Obj::Unknown(_) | Obj::Env(_))) =>
            {
                let mut parts = vec![first.clone()];
                parts.extend(alternatives.iter().cloned());
                Obj::unknown_assumed("both of several tests", pos, &parts, joined.assumed())
            }
            _ => joined,
        }
    }

    fn compare(&mut self, compare: &'a ExprCompare) -> Outcome {
        let pos = self.pos(compare);
        let mut left = self.eval(&compare.left)?;
        let mut open = Vec::new();
        for (op, right) in compare.ops.iter().zip(&compare.comparators) {
            let right = self.eval(right)?;
            let test = self.compare_two(*op, &left, &right, pos)?;
            match self.truth(&test) {
                Some(false) => return Ok(test),
                Some(true) => {}
                None => open.push(test),
            }
            left = right;
        }
        match open.len() {
            0 => Ok(Obj::Bool(true)),
            1 => Ok(open.remove(0)),
            _ => {
                let assumed: Option<Vec<bool>> =
                    open.iter().map(|test| self.truth(&test.assumed()?)).collect();
                let assumed = assumed.map(|all| Obj::Bool(all.iter().all(|one| *one)));
                Ok(Obj::unknown_assumed("several comparisons", pos, &open, assumed))
            }
        }
    }

    fn f_string(&mut self, literal: &'a ExprFString) -> Outcome {
        let mut parts = Vec::new();
        for part in &literal.value {
            match part {
                FStringPart::Literal(text) => parts.push(Obj::str(&*text.value)),
                FStringPart::FString(string) => {
                    for element in &string.elements {
                        self.f_string_element(element, &mut parts)?;
                    }
                }
            }
        }
        Ok(self.text_of(parts))
    }

    fn f_string_element(
        &mut self,
        element: &'a InterpolatedStringElement,
        parts: &mut Vec<Obj>,
    ) -> Result<(), Box<super::object::Exception>> {
        match element {
            InterpolatedStringElement::Literal(text) => parts.push(Obj::str(&*text.value)),
            InterpolatedStringElement::Interpolation(inner) => {
                let value = self.eval(&inner.expression)?;
                let mut spec = Vec::new();
                if let Some(format) = &inner.format_spec {
                    for element in &format.elements {
                        if let Some(done) = self.deeper(|interp| interp.f_string_element(element, &mut spec))
                        {
                            done?;
                        }
                    }
                }
                let spec = self.text_of(spec);
                let repr = matches!(inner.conversion, ruff_python_ast::ConversionFlag::Repr);
                let pos = self.pos(&*inner.expression);
                parts.push(self.formatted(&value, &spec, repr, pos)?);
            }
        }
        Ok(())
    }

    fn call_expression(&mut self, call: &'a ExprCall) -> Outcome {
        let pos = self.pos(call);
        // `super()` needs the frame it stands in, not a value.
        let callee = self.eval(&call.func)?;
        let mut args = Vec::with_capacity(call.arguments.args.len());
        for arg in &call.arguments.args {
            let value = self.eval(arg)?;
            if arg.is_starred_expr() {
                match self.sequence(&value) {
                    Some(several) if args.len() + several.len() <= MOST_STARRED => {
                        limits::values(several.len());
                        args.extend(several);
                    }
                    _ => args.push(value),
                }
            } else {
                args.push(value);
            }
        }
        let mut kwargs: Vec<(Name, Obj)> = Vec::with_capacity(call.arguments.keywords.len());
        for keyword in &call.arguments.keywords {
            let value = self.eval(&keyword.value)?;
            match &keyword.arg {
                Some(name) => kwargs.push((self.name(name.as_str()), value)),
                None => self.spread_keywords(&value, &mut kwargs),
            }
        }
        self.call(&callee, args, kwargs, pos)
    }

    fn spread_keywords(&mut self, value: &Obj, kwargs: &mut Vec<(Name, Obj)>) {
        if let Obj::Dict(cell) = value
            && let Some(dict) = self.heap.entries(*cell)
        {
            limits::values(dict.entries.len() * 2);
            for (key, value) in &dict.entries {
                if let Obj::Str(key) = key {
                    kwargs.push((self.name(key), value.clone()));
                }
            }
        }
    }
}
