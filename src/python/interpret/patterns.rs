//! `match`.

use ruff_python_ast::{MatchCase, Pattern, Singleton, Stmt, StmtMatch};

use super::object::{Exception, Obj};
use super::source::Pos;
use super::statements::Flow;
use super::{Interp, Outcome};

impl<'a> Interp<'a> {
    pub(super) fn match_statement(
        &mut self,
        chosen: &'a StmtMatch,
        rest: &'a [Stmt],
    ) -> Result<(Flow, bool), Box<Exception>> {
        let subject = self.eval(&chosen.subject)?;
        self.match_cases(&subject, &chosen.cases, rest)
    }

    fn match_cases(
        &mut self,
        subject: &Obj,
        cases: &'a [MatchCase],
        rest: &'a [Stmt],
    ) -> Result<(Flow, bool), Box<Exception>> {
        let Some((case, others)) = cases.split_first() else { return Ok((Flow::Next, false)) };
        let pos = self.pos(case);
        let mut test = self.matches(subject, &case.pattern, pos)?;
        if let Some(guard) = &case.guard
            && self.truth(&test) != Some(false)
        {
            let guard = self.eval(guard)?;
            test = match (self.truth(&test), self.truth(&guard)) {
                (Some(true), _) => guard,
                (_, Some(false)) => Obj::Bool(false),
                _ => Obj::unknown("a guarded case", pos, &[test, guard]),
            };
        }
        match self.truth(&test) {
            Some(true) => self.execute(&case.body).map(|flow| (flow, false)),
            Some(false) => self
                .deeper(|interp| interp.match_cases(subject, others, rest))
                .unwrap_or(Ok((Flow::Next, false))),
            None => {
                let yes =
                    self.branch(&test, true, |interp| interp.execute(&case.body).map(|flow| (flow, false)));
                let no = self.branch(&test, false, |interp| {
                    interp
                        .deeper(|interp| interp.match_cases(subject, others, rest))
                        .unwrap_or(Ok((Flow::Next, false)))
                });
                self.after_branches(&test, yes, no, rest)
            }
        }
    }

    /// Tells whether a pattern matches; binds its names where it may.
    fn matches(&mut self, subject: &Obj, pattern: &'a Pattern, pos: Pos) -> Result<Obj, Box<Exception>> {
        Ok(match pattern {
            Pattern::MatchValue(value) => {
                let value = self.eval(&value.value)?;
                self.equal(subject, &value, pos)
            }
            Pattern::MatchSingleton(single) => {
                let value = match single.value {
                    Singleton::None => Obj::None,
                    Singleton::True => Obj::Bool(true),
                    Singleton::False => Obj::Bool(false),
                };
                self.identical(subject, &value, pos)
            }
            Pattern::MatchAs(bound) => {
                let test = match &bound.pattern {
                    Some(inner) => self
                        .deeper(|interp| interp.matches(subject, inner, pos))
                        .unwrap_or(Ok(Obj::Bool(false)))?,
                    None => Obj::Bool(true),
                };
                if let Some(name) = &bound.name {
                    self.bind_name(name.as_str(), subject.clone(), pos);
                }
                test
            }
            Pattern::MatchOr(any) => {
                let mut open = Vec::new();
                for inner in &any.patterns {
                    let test = self
                        .deeper(|interp| interp.matches(subject, inner, pos))
                        .unwrap_or(Ok(Obj::Bool(false)))?;
                    match self.truth(&test) {
                        Some(true) => return Ok(Obj::Bool(true)),
                        Some(false) => {}
                        None => open.push(test),
                    }
                }
                if open.is_empty() {
                    Obj::Bool(false)
                } else {
                    let assumed: Option<Vec<bool>> =
                        open.iter().map(|test| self.truth(&test.assumed()?)).collect();
                    let assumed = assumed.map(|all| Obj::Bool(all.contains(&true)));
                    Obj::unknown_assumed("one of several patterns", pos, &open, assumed)
                }
            }
            Pattern::MatchSequence(sequence) => self.matches_items(subject, &sequence.patterns, pos)?,
            Pattern::MatchMapping(mapping) => {
                let Obj::Dict(cell) = subject else { return Ok(self.no_match(subject, pos)) };
                let cell = *cell;
                let mut tests = Vec::new();
                for (key, pattern) in mapping.keys.iter().zip(&mapping.patterns) {
                    let key = self.eval(key)?;
                    let Some(value) = self.dict_get(cell, &key, pos) else { return Ok(Obj::Bool(false)) };
                    tests.push(
                        self.deeper(|interp| interp.matches(&value, pattern, pos))
                            .unwrap_or(Ok(Obj::Bool(false)))?,
                    );
                }
                self.all_of(tests, pos)
            }
            // `str(name)`: a type, and a name for the whole.
            Pattern::MatchClass(class) => {
                let kind = self.eval(&class.cls)?;
                let is =
                    self.call_external("isinstance", None, vec![subject.clone(), kind], Vec::new(), pos)?;
                match (class.arguments.patterns.as_slice(), class.arguments.keywords.is_empty()) {
                    ([], true) => is,
                    ([inner], true) if self.truth(&is) != Some(false) => {
                        let inner = self
                            .deeper(|interp| interp.matches(subject, inner, pos))
                            .unwrap_or(Ok(Obj::Bool(false)))?;
                        self.all_of(vec![is, inner], pos)
                    }
                    _ if self.truth(&is) == Some(false) => Obj::Bool(false),
                    _ => Obj::unknown("a pattern", pos, std::slice::from_ref(subject)),
                }
            }
            _ if subject.is_known() && matches!(subject, Obj::None | Obj::Bool(_) | Obj::Int(_)) => {
                Obj::Bool(false)
            }
            Pattern::MatchStar(_) => Obj::unknown("a pattern", pos, std::slice::from_ref(subject)),
        })
    }

    /// `case [first, *rest]`.
    fn matches_items(&mut self, subject: &Obj, patterns: &'a [Pattern], pos: Pos) -> Outcome {
        let Some(items) = self.sequence(subject).filter(|_| matches!(subject, Obj::List(_) | Obj::Tuple(_)))
        else {
            return Ok(self.no_match(subject, pos));
        };
        let star = patterns.iter().position(Pattern::is_match_star);
        let fits = match star {
            Some(_) => items.len() >= patterns.len() - 1,
            None => items.len() == patterns.len(),
        };
        if !fits {
            return Ok(Obj::Bool(false));
        }
        let more = items.len() + 1 - patterns.len().min(items.len() + 1);
        let mut tests = Vec::new();
        let mut next = 0;
        for pattern in patterns {
            if let Pattern::MatchStar(star) = pattern {
                let rest = Obj::List(self.heap.list(items[next..next + more].to_vec()));
                next += more;
                if let Some(name) = &star.name {
                    self.bind_name(name.as_str(), rest, pos);
                }
                continue;
            }
            let item = items[next].clone();
            next += 1;
            tests.push(
                self.deeper(|interp| interp.matches(&item, pattern, pos)).unwrap_or(Ok(Obj::Bool(false)))?,
            );
        }
        Ok(self.all_of(tests, pos))
    }

    fn all_of(&self, tests: Vec<Obj>, pos: Pos) -> Obj {
        if tests.iter().any(|test| self.truth(test) == Some(false)) {
            return Obj::Bool(false);
        }
        let open: Vec<Obj> = tests.into_iter().filter(|test| self.truth(test).is_none()).collect();
        if open.is_empty() {
            return Obj::Bool(true);
        }
        let assumed: Option<Vec<bool>> = open.iter().map(|test| self.assumed_truth(test)).collect();
        let assumed = assumed.map(|all| Obj::Bool(!all.contains(&false)));
        Obj::unknown_assumed("a pattern", pos, &open, assumed)
    }

    /// Of another kind than the pattern asks for, where the kind is known.
    fn no_match(&self, subject: &Obj, pos: Pos) -> Obj {
        if subject.is_known() && !subject.is_opaque() {
            Obj::Bool(false)
        } else {
            Obj::unknown("a pattern", pos, std::slice::from_ref(subject))
        }
    }
}
