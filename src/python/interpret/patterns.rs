//! `match`.

use ruff_python_ast::{MatchCase, Pattern, Singleton, Stmt, StmtMatch};

use super::Interp;
use super::object::{Exception, Obj};
use super::source::Pos;
use super::statements::Flow;

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

    /// Whether a pattern matches; binds its names where it may.
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
            _ if subject.is_known() && matches!(subject, Obj::None | Obj::Bool(_) | Obj::Int(_)) => {
                Obj::Bool(false)
            }
            _ => Obj::unknown("a pattern", pos, std::slice::from_ref(subject)),
        })
    }
}
