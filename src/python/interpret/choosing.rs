//! Joins of values after a test that was not decided: of two values, one, or a value that says both.

use std::rc::Rc;

use super::Interp;
use super::branches::presence;
use super::heap::Heap;
use super::object::{EnvObj, Name, Obj, UnknownObj};

/// The test that decides between two values.
pub(super) struct Chosen<'t> {
    test: &'t Obj,
    /// The variable whose presence the test asks for, and which of the two is there where it is set.
    presence: Option<(Name, usize)>,
    /// The first of the two is what happens by default, rather than perhaps.
    certain: bool,
    /// The first of the two is there where the test holds.
    yes_first: bool,
}

impl<'t> Chosen<'t> {
    pub(super) fn by(test: &'t Obj, yes_first: bool, interp: &Interp<'_>) -> Self {
        let presence = presence(test).map(|(name, set)| (name, usize::from(set != yes_first)));
        Self { test, presence, certain: interp.assumed_truth(test) == Some(yes_first), yes_first }
    }

    fn shares_variable(&self, made: &UnknownObj) -> bool {
        let mut asked = Vec::new();
        super::measure::leaves(self.test, &mut asked, 6);
        asked.iter().any(|part| matches!(part, Obj::Env(env) if of_variable(made, &env.name)))
    }
}

fn of_variable(made: &UnknownObj, name: &Name) -> bool {
    made.from.iter().any(|part| matches!(part, Obj::Env(env) if env.name == *name))
}

/// Joins values of branches. Where the test asks for a variable and one value is that variable, the other
/// is its default. Where they are `True` and `False`, the value is the test itself.
pub(super) fn join_values(heap: &Heap, chosen: &Chosen<'_>, values: Vec<Obj>) -> Obj {
    let [a, b] = values.as_slice() else { return heap.one_of(values) };
    if let Some((name, set)) = &chosen.presence {
        let (set, unset) = if *set == 0 { (a, b) } else { (b, a) };
        let is_it =
            |value: &Obj| matches!(value, Obj::Env(env) if env.name == *name && env.default.is_none());
        // Where it is unset, reading it without a default gave `None`.
        let unset = if is_it(unset) { &Obj::None } else { unset };
        if let Obj::Env(env) = set
            && is_it(set)
            && super::measure::depth(unset) + 1 < super::measure::DEEPEST
        {
            if matches!(unset, Obj::None) {
                return set.clone();
            }
            return Obj::Env(Rc::new(EnvObj { default: Some(unset.clone()), ..(**env).clone() }));
        }
    }
    // Something that is made of the variables that the test asks about, and what is there without them.
    let default = match (&chosen.presence, a, b) {
        (Some((name, 0)), Obj::Unknown(made), unset) if of_variable(made, name) => Some((made, unset)),
        (Some((name, 1)), unset, Obj::Unknown(made)) if of_variable(made, name) => Some((made, unset)),
        (None, first, Obj::Unknown(made)) if chosen.certain && chosen.shares_variable(made) => {
            Some((made, first))
        }
        _ => None,
    };
    if let Some((made, default)) = default
        && made.assumed.as_ref().is_none_or(|assumed| same_plain(assumed, default))
        && default.is_known()
        && super::measure::depth(default).max(super::measure::depth(a)) + 1 < super::measure::DEEPEST
    {
        return made.assuming(Some(default.clone()));
    }
    if let (Obj::Bool(first), Obj::Bool(second)) = (a, b)
        && first != second
        && super::measure::depth(chosen.test) + 1 < super::measure::DEEPEST
    {
        let (test, assumed) =
            (std::slice::from_ref(chosen.test), chosen.certain.then_some(Obj::Bool(*first)));
        let mut unknown = Obj::unknown_assumed("a test", super::source::Pos::default(), test, assumed);
        if let (Obj::Unknown(tested), Obj::Unknown(made)) = (chosen.test, &mut unknown)
            && let Some(made) = Rc::get_mut(made)
        {
            made.pos = tested.pos;
            made.why.clone_from(&tested.why);
            // The value holds where the test does, or where it does not.
            let same = chosen.yes_first == *first;
            made.presence = tested.presence.clone().map(|(name, set)| (name, set == same));
        }
        return unknown;
    }
    heap.one_of(values)
}

fn same_plain(a: &Obj, b: &Obj) -> bool {
    match (a, b) {
        (Obj::Bool(a), Obj::Bool(b)) => a == b,
        (Obj::Int(a), Obj::Int(b)) => a == b,
        (Obj::Str(a), Obj::Str(b)) => a == b,
        _ => false,
    }
}
