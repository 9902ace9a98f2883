//! A small interpreter of Python over partly known values.
//!
//! It evaluates a settings module as an import would: names are bound in order, functions and classes of the
//! project are entered, files of the tree are read. What the environment decides stays symbolic; a test that
//! is not decided is evaluated both ways, and the states are joined ([`heap`]). What a library would do is in
//! the tables of [`calls`]. Fuel and depth are limited: any input ends, and nothing panics.

#![expect(
    clippy::needless_pass_by_value,
    clippy::unnecessary_wraps,
    clippy::unused_self,
    clippy::self_only_used_in_recursion,
    clippy::redundant_closure_for_method_calls,
    reason = "the rows of one table share a signature, whatever each makes of it"
)]

mod arithmetic;
mod attributes;
mod branches;
mod calls;
mod casts;
mod choices;
mod choosing;
mod classes;
mod comprehensions;
mod constants;
mod deciders;
mod dynaconf;
mod environment;
mod exceptions;
mod expressions;
mod files;
mod foreign;
mod format;
mod freeze;
mod functions;
mod heap;
mod imports;
mod instances;
mod joining;
mod lifting;
mod limits;
mod loops;
mod measure;
mod membership;
mod merging;
mod messages;
mod methods;
mod modules;
mod narrowing;
mod object;
mod operators;
mod outside;
mod parsing;
mod paths;
mod patterns;
mod raised;
mod scope;
mod slices;
mod source;
mod standard;
mod statements;
mod subscripts;
mod tries;
mod truths;
mod urls;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use camino::{Utf8Path, Utf8PathBuf};

use self::classes::{Class, Instance};
use self::deciders::Deciders;
use self::environment::ReadRow;
use self::exceptions::{Failed, Handler};
use self::files::FileRow;
use self::functions::Function;
use self::heap::Heap;
pub(super) use self::imports::LARGEST_SOURCE;
use self::imports::Module;
use self::messages::Breakdown;
use self::object::{Exception, Name, Obj};
use self::scope::Frame;
use self::source::{Arena, Pos, Source};
use super::evaluation::{Evaluation, Request};
use super::needed::needed_names;
use super::room::{NoResult, message, with_room};

/// Nesting of expressions, statements and calls.
const DEEPEST: u32 = 400;

/// A value, or the exception that a handler of the project will catch or that ends this branch.
type Outcome = Result<Obj, Box<Exception>>;

struct Interp<'a> {
    request: &'a Request<'a>,
    arena: &'a Arena,
    sources: Vec<&'a Source>,
    heap: Heap,
    modules: Vec<Module<'a>>,
    by_name: BTreeMap<String, usize>,
    functions: Vec<Function<'a>>,
    classes: Vec<Class>,
    instances: Vec<Instance>,
    frames: Vec<Frame<'a>>,
    handlers: Vec<Handler>,
    /// Exceptions that an `except` is dealing with, and the module that it stands in.
    handling: Vec<(Exception, Option<usize>)>,
    /// Undecided tests that enclose what is being evaluated: what each depends on.
    tests: Vec<Vec<Obj>>,
    /// Variables that are known to be set, or not to be, in the branch being evaluated.
    present: Vec<(Name, bool)>,
    /// The variables that the module itself puts in the environment.
    environ: BTreeMap<Name, Obj>,
    reads: Vec<ReadRow>,
    files: Vec<FileRow>,
    failures: Vec<Failed>,
    conditional: Vec<Failed>,
    /// Texts that each variable is compared with.
    compared: BTreeMap<Name, Vec<Name>>,
    /// Variables that undecided tests ask for.
    tested: BTreeSet<Name>,
    /// Code outside the project that may set names that are not seen to be set.
    foreign: Option<foreign::Foreign>,
    /// Variables that name a file which is opened.
    opened: BTreeSet<Name>,
    /// Variables that name a module which is imported.
    imported: BTreeSet<Name>,
    deciders: Deciders,
    /// The values that `DEBUG` was bound to without a decision: the target decides it.
    debugs: Vec<Obj>,
    /// The values of `DJANGO_SETTINGS_MODULE`, each with a mark if it was set over what the environment says.
    named: Vec<(Obj, bool, Pos)>,
    /// The variables that were set in the environment.
    exported: Vec<(Name, Obj, Pos)>,
    /// Calls of libraries that nothing guards.
    outside: Vec<outside::OutsideRow>,
    /// `sys.path` additions made by the settings.
    extra_roots: Vec<Utf8PathBuf>,
    /// The names for which imports of the evaluated module are followed; all where there is none.
    needed: Option<BTreeSet<String>>,
    names: BTreeSet<Name>,
    depth: u32,
    exhausted: bool,
    breakdown: Option<Breakdown>,
}

/// Evaluates on a stack of its own, deep enough for what the limits allow.
pub(super) fn run(request: &Request<'_>) -> Evaluation {
    run_for(request, |_| true)
}

/// Evaluates as above, and hands over these settings alone: values take time to hand over.
pub(super) fn run_for(request: &Request<'_>, is_asked_for: impl Fn(&str) -> bool + Send) -> Evaluation {
    run_with(request, |interp| interp.settings(), is_asked_for)
}

/// Evaluates by `work`, which gives the scope of the settings.
fn run_with(
    request: &Request<'_>,
    work: impl FnOnce(&mut Interp<'_>) -> Option<usize> + Send,
    is_asked_for: impl Fn(&str) -> bool + Send,
) -> Evaluation {
    let nothing = |diagnostic| Evaluation { diagnostics: vec![diagnostic], ..Evaluation::default() };
    let done = with_room(|| {
        limits::begin();
        let arena = Arena::default();
        let mut interp = Interp::new(request, &arena);
        let space = interp.guarded(work);
        interp.freeze(space, is_asked_for)
    });
    done.unwrap_or_else(|none| match none {
        NoResult::Panic(panic) => nothing(messages::broke_down(request.module, &message(&*panic))),
        NoResult::NoThread(error) => nothing(messages::no_thread(request.module, &error)),
    })
}

impl<'a> Interp<'a> {
    fn new(request: &'a Request<'a>, arena: &'a Arena) -> Self {
        Self {
            request,
            arena,
            sources: Vec::new(),
            heap: Heap::default(),
            modules: Vec::new(),
            by_name: BTreeMap::new(),
            functions: Vec::new(),
            classes: Vec::new(),
            instances: Vec::new(),
            frames: Vec::new(),
            handlers: Vec::new(),
            handling: Vec::new(),
            tests: Vec::new(),
            present: Vec::new(),
            environ: BTreeMap::new(),
            reads: Vec::new(),
            files: Vec::new(),
            failures: Vec::new(),
            conditional: Vec::new(),
            compared: BTreeMap::new(),
            tested: BTreeSet::new(),
            foreign: None,
            opened: BTreeSet::new(),
            imported: BTreeSet::new(),
            deciders: Deciders::default(),
            debugs: Vec::new(),
            named: Vec::new(),
            exported: Vec::new(),
            outside: Vec::new(),
            extra_roots: Vec::new(),
            needed: None,
            names: BTreeSet::new(),
            depth: 0,
            exhausted: false,
            breakdown: None,
        }
    }

    /// A panic in `work` is a defect. What was read before it is kept, the branches of tests that were being
    /// followed aside, and that there was one is told.
    fn guarded(&mut self, work: impl FnOnce(&mut Self) -> Option<usize>) -> Option<usize> {
        let done = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| work(self)));
        done.unwrap_or_else(|panic| {
            self.breakdown = Some(Breakdown::new(self, &*panic));
            self.heap.take_all_back();
            self.by_name.get(self.request.module).map(|module| self.modules[*module].space)
        })
    }

    /// The scope in which the settings are at the end.
    fn settings(&mut self) -> Option<usize> {
        if self.runs_script() {
            let ended = self.execute_script(self.request.module.into());
            if let Err(exception) = &ended {
                self.record_failure(exception, Pos::default());
            }
            return ended.ok().flatten();
        }
        let module = match self.import(self.request.module, Pos::default()) {
            Ok(module) => module,
            Err(exception) => {
                self.record_failure(&exception, Pos::default());
                None
            }
        };
        match (module, self.request.class) {
            (Some(module), Some(class)) => self.class_settings(module, class),
            (Some(module), None) => Some(self.modules[module].space),
            (None, _) => None,
        }
    }

    /// Tells whether a file is run rather than a settings module imported.
    fn runs_script(&self) -> bool {
        self.request.module.ends_with(".py")
    }

    /// Takes a step; false where the evaluation must end.
    fn step(&mut self) -> bool {
        let taken = limits::step();
        self.exhausted |= !taken;
        taken
    }

    /// One level deeper; `None` where that is too deep.
    fn deeper<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.depth >= DEEPEST {
            self.exhausted = true;
            return None;
        }
        self.depth += 1;
        let done = work(self);
        self.depth -= 1;
        Some(done)
    }

    /// One copy of a name, shared.
    fn name(&mut self, text: &str) -> Name {
        if let Some(name) = self.names.get(text) {
            return name.clone();
        }
        let name: Name = Rc::from(text);
        self.names.insert(name.clone());
        name
    }

    fn undecided(&self) -> bool {
        !self.tests.is_empty()
    }
}

/// Evaluates a settings module as Django would import it. Never fails: what cannot be known is
/// [`super::Value::Unknown`] with its place and reason.
pub fn evaluate(request: &Request<'_>) -> Evaluation {
    run(request)
}

/// Evaluates the module of the file at `path` for what it asks the environment: of its imports, those alone are followed on
/// which that depends.
pub fn evaluate_reads(request: &Request<'_>, path: &Utf8Path) -> Evaluation {
    let work = |interp: &mut Interp<'_>| {
        interp.needed = interp.parsed(path).map(|parsed| needed_names(&parsed));
        interp.settings()
    };
    run_with(request, work, |_| true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{Tree, codes};
    use crate::python::evaluation::World;

    fn run_in(source: &str, work: impl FnOnce(&mut Interp<'_>) -> Option<usize> + Send) -> Evaluation {
        let tree = Tree::from_literals([("settings.py", source)]);
        let roots = [Utf8PathBuf::from(".")];
        let request =
            Request { tree: &tree, roots: &roots, module: "settings", class: None, world: World::Open };
        run_with(&request, work, |_| true)
    }

    #[test]
    fn a_panic_is_told_and_what_was_read_before_it_is_kept() {
        let found = run_in("A = 1\n", |interp| {
            interp.settings();
            panic!("out of bounds\nat line 3")
        });
        assert_eq!(found.get("A"), Some(&crate::python::Value::Int(1)));
        let [told] = found.diagnostics.as_slice() else { panic!("{:?}", found.diagnostics) };
        assert_eq!(told.code, codes::settings::SETTINGS_READER_FAILED);
        assert_eq!(told.title, "djdock broke down while it read `settings`: out of bounds");
    }

    #[test]
    fn a_panic_inside_a_branch_leaves_nothing_of_the_branch() {
        let found = run_in("A = 1\n", |interp| {
            let space = interp.settings()?;
            let name = interp.name("A");
            interp.heap.begin();
            interp.heap.bind(space, &name, Obj::Int(2), Pos::default());
            panic!("in a branch")
        });
        assert_eq!(found.get("A"), Some(&crate::python::Value::Int(1)));
        assert_eq!(found.diagnostics.len(), 1);
    }
}
