//! Knowledge of a branch about the names that its test asks about: `if value is None:` leaves no `None` in the other.

use ruff_python_ast::{BoolOp, CmpOp, Expr, UnaryOp};

use super::Interp;
use super::heap::Binding;
use super::object::Obj;

/// The question that a test asks of a value.
#[derive(Clone, Copy)]
enum Asked {
    IsNone,
    IsTrue,
}

impl Interp<'_> {
    /// Leaves to the names in a test only the values that they can have where the test holds, or does not.
    /// To be called within the branch, so that it is joined like what the branch does.
    pub(super) fn narrow(&mut self, test: &Expr, holds: bool) {
        match test {
            Expr::UnaryOp(not) if not.op == UnaryOp::Not => self.narrow(&not.operand, !holds),
            Expr::BoolOp(several) if (several.op == BoolOp::And) == holds => {
                for test in several.values.iter().take(20) {
                    self.narrow(test, holds);
                }
            }
            Expr::Name(name) => self.narrow_name(&name.id, Asked::IsTrue, holds),
            Expr::Named(named) => {
                if let Expr::Name(name) = &*named.target {
                    self.narrow_name(&name.id, Asked::IsTrue, holds);
                }
            }
            Expr::Compare(compare) => {
                let ([op], [Expr::NoneLiteral(_)]) = (&*compare.ops, &*compare.comparators) else { return };
                let name = match &*compare.left {
                    Expr::Name(name) => &name.id,
                    Expr::Named(named) => match &*named.target {
                        Expr::Name(name) => &name.id,
                        _ => return,
                    },
                    _ => return,
                };
                match op {
                    CmpOp::Is | CmpOp::Eq => self.narrow_name(name, Asked::IsNone, holds),
                    CmpOp::IsNot | CmpOp::NotEq => self.narrow_name(name, Asked::IsNone, !holds),
                    _ => {}
                }
            }
            _ => {}
        }
    }

    /// Returns the values that stop `or` (`and`): nothing that is false (true).
    pub(super) fn with_truth(&self, value: &Obj, holds: bool) -> Obj {
        let Obj::OneOf(alternatives) = value else { return value.clone() };
        let fitting: Vec<Obj> =
            alternatives.iter().filter(|one| self.truth(one) != Some(!holds)).cloned().collect();
        if fitting.is_empty() { value.clone() } else { self.heap.one_of(fitting) }
    }

    fn narrow_name(&mut self, name: &str, asked: Asked, holds: bool) {
        let Some((space, binding)) = self.binding_and_space(name) else { return };
        let value = match &binding.value {
            Obj::OneOf(alternatives) => {
                let fitting = alternatives.iter().filter(|one| match asked {
                    Asked::IsNone if matches!(one, Obj::None) => holds,
                    Asked::IsNone => !holds || !one.is_known(),
                    Asked::IsTrue => self.truth(one) != Some(!holds),
                });
                let fitting: Vec<Obj> = fitting.cloned().collect();
                if fitting.is_empty() || fitting.len() == alternatives.len() {
                    return;
                }
                self.heap.one_of(fitting)
            }
            // What it is by default is not what it is here.
            Obj::Unknown(unknown)
                if matches!((asked, holds, &unknown.assumed), (Asked::IsNone, false, Some(Obj::None))) =>
            {
                unknown.assuming(None)
            }
            // Where the variable is not set, reading it without a default gave `None`.
            Obj::Env(env) if env.default.is_none() => {
                let known = self.present.iter().rev().find(|(other, _)| *other == env.name);
                if known.is_none_or(|(_, set)| *set) {
                    return;
                }
                Obj::None
            }
            _ => return,
        };
        let name = self.name(name);
        self.heap.bind_as(space, &name, Binding { value, ..binding });
    }

    /// Returns the binding of a name in the scope that is being executed.
    fn binding_and_space(&self, name: &str) -> Option<(usize, Binding)> {
        let frame = self.frames.last()?;
        let space = frame
            .elsewhere
            .iter()
            .find(|(other, _)| &**other == name)
            .map_or(frame.locals, |(_, space)| *space);
        self.heap.get(space, name).map(|binding| (space, binding.clone()))
    }
}
