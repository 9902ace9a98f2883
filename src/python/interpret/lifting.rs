//! Applying what is known of known values to values that are not known.

use super::Interp;
use super::limits;
use super::object::Obj;
use super::source::Pos;

impl Interp<'_> {
    /// Applies `work` to known arguments; where some are not known, to every alternative of theirs, or to what
    /// they come to by default.
    pub(super) fn lift(
        &mut self,
        args: &[Obj],
        why: &str,
        pos: Pos,
        work: &dyn Fn(&mut Self, &[Obj]) -> Option<Obj>,
    ) -> Obj {
        // Whatever is done, it may go through every text.
        if !limits::reading(args.iter().filter_map(Obj::as_str).map(str::len).sum()) {
            return Obj::unknown("too much to evaluate", pos, &[]);
        }
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
}
