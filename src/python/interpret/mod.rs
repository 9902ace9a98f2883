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
mod classes;
mod comprehensions;
mod environment;
mod exceptions;
mod expressions;
mod files;
mod format;
mod freeze;
mod functions;
mod heap;
mod imports;
mod instances;
mod joining;
mod lifting;
mod loops;
mod merging;
mod methods;
mod modules;
mod object;
mod operators;
mod paths;
mod patterns;
mod scope;
mod source;
mod statements;
mod subscripts;
mod tries;
mod urls;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use camino::Utf8PathBuf;

use self::classes::{Class, Instance};
use self::environment::ReadRow;
use self::exceptions::{Failed, Handler};
use self::files::FileRow;
use self::functions::Function;
use self::heap::Heap;
use self::imports::Module;
use self::object::{Exception, Name, Obj};
use self::scope::Frame;
use self::source::{Arena, Pos, Source};
use super::evaluation::{Evaluation, Request};

/// Steps after which an evaluation is given up: the largest settings known take a twentieth of it.
const FUEL: u64 = 1_500_000;
/// Nesting of expressions, statements and calls.
const DEEPEST: u32 = 400;
/// Items that lists and dicts may hold in all.
const MOST_ITEMS: usize = 4_000_000;
/// The stack on which an evaluation runs: room for [`DEEPEST`], and for dropping what the parser nested.
const STACK: usize = 256 * 1024 * 1024;

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
    /// Exceptions that an `except` is dealing with.
    handling: Vec<Exception>,
    /// Undecided tests that enclose what is being evaluated: what each depends on.
    tests: Vec<Vec<Obj>>,
    /// Variables that are known to be set, or not to be, in the branch being evaluated.
    present: Vec<(Name, bool)>,
    /// What the module itself puts in the environment.
    environ: BTreeMap<Name, Obj>,
    reads: Vec<ReadRow>,
    files: Vec<FileRow>,
    failures: Vec<Failed>,
    conditional: Vec<Failed>,
    /// Texts that each variable is compared with.
    compared: BTreeMap<Name, Vec<Name>>,
    /// Variables that undecided tests ask for.
    tested: BTreeSet<Name>,
    /// `sys.path` additions made by the settings.
    extra_roots: Vec<Utf8PathBuf>,
    names: BTreeSet<Name>,
    fuel: u64,
    depth: u32,
    exhausted: bool,
}

/// Evaluates on a stack of its own, deep enough for what the limits allow.
pub(super) fn run(request: &Request<'_>) -> Evaluation {
    std::thread::scope(|scope| {
        let spawned = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, || {
            let arena = Arena::default();
            Interp::new(request, &arena).evaluate()
        });
        match spawned.map(std::thread::ScopedJoinHandle::join) {
            Ok(Ok(done)) => done,
            // A panic is a defect, and a machine without memory for a stack cannot evaluate: nothing is known.
            Ok(Err(_)) | Err(_) => Evaluation::default(),
        }
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
            extra_roots: Vec::new(),
            names: BTreeSet::new(),
            fuel: FUEL,
            depth: 0,
            exhausted: false,
        }
    }

    fn evaluate(mut self) -> Evaluation {
        let module = match self.import(self.request.module, Pos::default()) {
            Ok(module) => module,
            Err(exception) => {
                self.record_failure(&exception, Pos::default());
                None
            }
        };
        let space = match (module, self.request.class) {
            (Some(module), Some(class)) => self.class_settings(module, class),
            (Some(module), None) => Some(self.modules[module].space),
            (None, _) => None,
        };
        self.freeze(space)
    }

    /// Takes a step; false where the evaluation must end.
    fn step(&mut self) -> bool {
        if self.fuel == 0 || self.heap.spent > MOST_ITEMS {
            self.exhausted = true;
            return false;
        }
        self.fuel -= 1;
        true
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
