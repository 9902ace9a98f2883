//! Slices: read, replaced and deleted.

use ruff_python_ast::ExprSlice;

use super::object::{Exception, Obj};
use super::source::Pos;
use super::{Interp, Outcome};

impl<'a> Interp<'a> {
    /// `owner[a:b:c]`.
    pub(super) fn slice(&mut self, owner: &Obj, slice: &'a ExprSlice, pos: Pos) -> Outcome {
        // What follows the program's name is asked the same questions.
        if matches!(owner, Obj::External(dotted) if &**dotted == "sys.argv") {
            return Ok(owner.clone());
        }
        let mut args = vec![owner.clone()];
        args.extend(self.bounds(slice)?);
        Ok(self.lift(&args, "a slice", pos, &|interp, args| interp.slice_known(args)))
    }

    fn slice_known(&mut self, args: &[Obj]) -> Option<Obj> {
        let bound = |obj: &Obj| match obj {
            Obj::None => Some(None),
            Obj::Int(number) => Some(Some(*number)),
            _ => None,
        };
        let (lower, upper, step) = (bound(&args[1])?, bound(&args[2])?, bound(&args[3])?);
        let text = match &args[0] {
            Obj::Str(text) => Some(text.clone()),
            Obj::Path(path) => Some(path.to_string().into()),
            _ => None,
        };
        if let Some(text) = text {
            let letters: Vec<char> = text.chars().collect();
            let picked = pick(&letters, lower, upper, step)?;
            return Some(Obj::str(picked.into_iter().collect::<String>()));
        }
        let owner = args[0].clone();
        let mut results = Vec::new();
        for items in match self.sequence(&owner) {
            Some(items) => vec![items],
            None => self.sequences(&owner)?,
        } {
            let picked = pick(&items, lower, upper, step)?;
            results.push(self.like(&owner, picked));
        }
        Some(self.heap.one_of(results))
    }

    fn bounds(&mut self, slice: &'a ExprSlice) -> Result<Vec<Obj>, Box<Exception>> {
        let mut bounds = Vec::new();
        for bound in [&slice.lower, &slice.upper, &slice.step] {
            bounds.push(match bound {
                Some(bound) => self.eval(bound)?,
                None => Obj::None,
            });
        }
        Ok(bounds)
    }

    /// `owner[a:b] = values`, and `del owner[a:b]` where there are none.
    pub(super) fn set_slice(
        &mut self,
        owner: &Obj,
        slice: &'a ExprSlice,
        values: &Obj,
        pos: Pos,
    ) -> Result<(), Box<Exception>> {
        let bounds = self.bounds(slice)?;
        let Obj::List(cell) = owner else { return Ok(()) };
        let values = self.sequence(values).unwrap_or_else(|| vec![values.clone()]);
        let bound = |at: usize| match bounds.get(at) {
            Some(Obj::Int(number)) => Some(*number),
            _ => None,
        };
        let (lower, upper) = (bound(0), bound(1));
        if bounds.iter().any(|bound| !matches!(bound, Obj::None | Obj::Int(_))) || bound(2).is_some() {
            return Ok(());
        }
        self.heap.change_list(*cell, pos, |items| {
            let place = |bound: i64| {
                let length = i64::try_from(items.len()).unwrap_or(i64::MAX);
                let place = if bound < 0 { bound.saturating_add(length) } else { bound };
                usize::try_from(place.clamp(0, length)).unwrap_or(0)
            };
            let start = lower.map_or(0, place);
            let end = upper.map_or(items.len(), place).max(start);
            items.splice(start..end, values.iter().cloned());
        });
        Ok(())
    }
}

/// Python's slicing.
fn pick<T: Clone>(items: &[T], lower: Option<i64>, upper: Option<i64>, step: Option<i64>) -> Option<Vec<T>> {
    let len = i64::try_from(items.len()).ok()?;
    let step = step.unwrap_or(1);
    if step == 0 {
        return None;
    }
    let place = |bound: i64| if bound < 0 { bound.saturating_add(len) } else { bound };
    let (low, high) = if step > 0 { (0, len) } else { (-1, len - 1) };
    let start = lower.map_or(if step > 0 { 0 } else { len - 1 }, |bound| place(bound).clamp(low, high));
    let end = upper.map_or(if step > 0 { len } else { -1 }, |bound| place(bound).clamp(low, high));
    let mut picked = Vec::new();
    let mut at = start;
    while if step > 0 { at < end } else { at > end } {
        picked.push(items.get(usize::try_from(at).ok()?)?.clone());
        at = at.saturating_add(step);
    }
    Some(picked)
}
