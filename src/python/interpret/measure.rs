//! How large a value is, and what it depends on, without going through it again and again.

use std::rc::Rc;

use super::limits::{self, HEAVIEST};
use super::object::Obj;

/// Nesting beyond this is given up as unknown: it never occurs in settings, and dropping it would recurse.
pub(super) const DEEPEST: u16 = 60;

/// Parts of text, or alternatives.
#[derive(Debug)]
pub(super) struct Parts {
    objs: Vec<Obj>,
    measure: Measure,
}

impl Parts {
    /// Makes the list, or gives the objects back if they are too many.
    pub(super) fn new(objs: Vec<Obj>) -> Result<Rc<Self>, Vec<Obj>> {
        let measure = Measure::of(&objs).around();
        if !limits::values(objs.len()) || !measure.fits() {
            return Err(objs);
        }
        Ok(Rc::new(Self { objs, measure }))
    }
}

impl std::ops::Deref for Parts {
    type Target = Vec<Obj>;

    fn deref(&self) -> &Vec<Obj> {
        &self.objs
    }
}

/// How deep a value is nested and how many parts it has, contents of lists and dicts aside. Kept with every
/// value that holds several, so that asking never goes through them again.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Measure {
    depth: u16,
    weight: u32,
}

impl Measure {
    pub(super) fn of(objs: &[Obj]) -> Self {
        objs.iter().map(measure).fold(Self::default(), Self::beside)
    }

    pub(super) fn beside(self, other: Self) -> Self {
        Self { depth: self.depth.max(other.depth), weight: self.weight.saturating_add(other.weight) }
    }

    /// Of what holds this.
    pub(super) fn around(self) -> Self {
        Self { depth: self.depth.saturating_add(1), weight: self.weight.saturating_add(1) }
    }

    /// Small enough to be gone through.
    pub(super) fn fits(self) -> bool {
        self.depth <= DEEPEST && self.weight <= HEAVIEST
    }
}

pub(super) fn depth(obj: &Obj) -> u16 {
    measure(obj).depth
}

pub(super) fn measure(obj: &Obj) -> Measure {
    match obj {
        Obj::Str(text) => {
            Measure { depth: 0, weight: u32::try_from(text.len() / 16 + 1).unwrap_or(u32::MAX) }
        }
        Obj::Tuple(tuple) => tuple.measure,
        Obj::Made(made) => made.measure,
        Obj::Text(parts) | Obj::OneOf(parts) => parts.measure,
        Obj::Unknown(unknown) => unknown.measure,
        Obj::Env(env) => env.default.as_ref().map(measure).unwrap_or_default().around(),
        Obj::Method(pair) => measure(&pair.0).around(),
        Obj::Bound(pair) => measure(&pair.0).beside(measure(&pair.1)).around(),
        Obj::Super(pair) => measure(&pair.1).around(),
        Obj::Property(inner) | Obj::ClassMethod(inner) | Obj::StaticMethod(inner) => measure(inner).around(),
        Obj::Exception(exception) => exception
            .from
            .iter()
            .chain(&exception.instance)
            .map(measure)
            .fold(Measure::default(), Measure::beside)
            .around(),
        _ => Measure { depth: 0, weight: 1 },
    }
}

/// Adds the variables and secrets that `obj` depends on, without looking into lists and dicts.
pub(super) fn leaves(obj: &Obj, found: &mut Vec<Obj>, depth_left: u8) {
    if depth_left == 0 || found.len() >= 64 || !limits::work(1) {
        return;
    }
    let below = depth_left - 1;
    match obj {
        Obj::Env(env)
            if depth(obj) < DEEPEST
                && !found.iter().any(|other| matches!(other, Obj::Env(other) if other.read == env.read)) =>
        {
            found.push(obj.clone());
        }
        Obj::Secret(secret) => {
            let same = |other: &Obj| matches!(other, Obj::Secret(other) if other.path == secret.path && other.key == secret.key);
            if !found.iter().any(same) {
                found.push(obj.clone());
            }
        }
        Obj::Text(parts) | Obj::OneOf(parts) => parts.iter().for_each(|part| leaves(part, found, below)),
        Obj::Unknown(unknown) => unknown.from.iter().for_each(|part| leaves(part, found, below)),
        Obj::Tuple(tuple) => tuple.items.iter().for_each(|part| leaves(part, found, below)),
        Obj::Made(made) => {
            made.args.iter().for_each(|part| leaves(part, found, below));
            made.kwargs.iter().for_each(|(_, part)| leaves(part, found, below));
        }
        Obj::Method(pair) => leaves(&pair.0, found, below),
        _ => {}
    }
}
