//! A light look at one Python file: what it imports, binds, calls and defines, without evaluating it.
//!
//! Settings are evaluated ([`crate::python::evaluate`]); everything else (`manage.py`, `wsgi.py`, a Celery
//! module, `urls.py`) is only looked through, and this is all that is asked of such files.

mod expression;
mod follow;
mod walk;

pub use expression::Expression;

use camino::{Utf8Path, Utf8PathBuf};

use crate::base::Place;

/// The content of a file, in the order of the lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scan {
    pub path: Utf8PathBuf,
    pub imports: Vec<Import>,
    pub bindings: Vec<Binding>,
    pub calls: Vec<Call>,
    pub classes: Vec<Class>,
    pub functions: Vec<Function>,
    /// Every text literal and its line.
    pub texts: Vec<(String, u32)>,
}

/// One name that an import brings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// As written, without leading dots: `django.core.wsgi`; empty in `from . import x`.
    pub module: String,
    /// How many dots lead it.
    pub level: u32,
    /// In `from module import name`; `*` for all. `None` for a plain `import module`.
    pub name: Option<String>,
    /// The name that it is bound to.
    pub bound: String,
    pub line: u32,
    pub context: Context,
}

/// `target = value`, also in parts: `target[key] = value`, `target += value`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// Dotted: `application`, `app.conf.beat_schedule`.
    pub target: String,
    /// In `target[key] = value`.
    pub key: Option<Expression>,
    pub value: Expression,
    pub line: u32,
    pub context: Context,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Dotted as far as it is: `os.environ.setdefault`; the rest of a call on a call's result is `().method`.
    /// What a loop or a comprehension goes through stands as the argument of `for`.
    pub callee: String,
    pub arguments: Vec<Expression>,
    pub keywords: Vec<(String, Expression)>,
    pub line: u32,
    pub context: Context,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Class {
    pub name: String,
    /// Dotted.
    pub bases: Vec<String>,
    /// Names bound or defined in its body.
    pub names: Vec<String>,
    pub line: u32,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Function {
    pub name: String,
    /// Dotted, without arguments.
    pub decorators: Vec<String>,
    pub line: u32,
    pub context: Context,
}

/// In what a statement stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Context {
    /// Inside a function.
    pub function: bool,
    /// Inside a class.
    pub class: bool,
    /// Under an `if`, `else`, `except` or in a loop.
    pub conditional: bool,
    /// In the body of a `try`.
    pub tried: bool,
}

impl Context {
    /// Runs whenever the module is imported, as far as can be seen.
    pub fn is_certain(self) -> bool {
        !self.function && !self.class && !self.conditional && !self.tried
    }

    /// Belongs to the module itself, whether it always runs or not.
    pub fn is_module_level(self) -> bool {
        !self.function && !self.class
    }
}

/// Looks through `text`, the contents of the file at `path`. What cannot be parsed is left out.
///
/// Deeply nested code needs a deep stack to be let go of: call it where there is one.
pub fn scan(path: &Utf8Path, text: &str) -> Scan {
    walk::walk(path, text)
}

impl Scan {
    pub fn place(&self, line: u32) -> Place {
        Place::line(self.path.clone(), line)
    }

    /// Returns the expressions that bind `name` as a whole in the module itself, the last first.
    pub fn bound<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Binding> {
        let fits = move |binding: &&Binding| {
            binding.target == name && binding.key.is_none() && !binding.context.class
        };
        self.bindings.iter().rev().filter(fits)
    }

    /// Tells whether the module itself has `name` when it was imported: bound, defined or imported by name.
    pub fn defines(&self, name: &str) -> Option<u32> {
        let module_level = |context: Context| context.is_module_level();
        let bound = self
            .bindings
            .iter()
            .find(|one| one.target == name && one.key.is_none() && module_level(one.context));
        let bound = bound.map(|one| one.line);
        let function = || {
            let found = self.functions.iter().find(|one| one.name == name && module_level(one.context));
            found.map(|one| one.line)
        };
        let class = || self.classes.iter().find(|one| one.name == name).map(|one| one.line);
        let import = || {
            let found = self.imports.iter().find(|one| one.bound == name && module_level(one.context));
            found.map(|one| one.line)
        };
        bound.or_else(function).or_else(class).or_else(import)
    }

    /// The first import of `module` or of anything below it.
    pub fn imports_from(&self, module: &str) -> Option<&Import> {
        self.imports.iter().find(|import| import.level == 0 && is_below(&import.module, module))
    }

    /// Returns the full name of `name` as used in this file: `Celery` of
    /// `from celery import Celery` is `celery.Celery`. A name that was not imported stays as it is.
    pub fn full_name(&self, dotted: &str) -> String {
        let (first, rest) = dotted.split_once('.').map_or((dotted, ""), |(first, rest)| (first, rest));
        let Some(import) = self.imports.iter().find(|import| import.level == 0 && import.bound == first)
        else {
            return dotted.to_owned();
        };
        let mut full = import.module.clone();
        if let Some(name) = &import.name {
            full = format!("{full}.{name}");
        } else if first != import.module && import.module.starts_with(&format!("{first}.")) {
            // `import a.b` binds `a`.
            full = first.to_owned();
        }
        if rest.is_empty() { full } else { format!("{full}.{rest}") }
    }

    /// Every call of what is called `full` where it was made.
    pub fn calls_of<'a>(&'a self, full: &'a str) -> impl Iterator<Item = &'a Call> {
        let last = full.rsplit('.').next().unwrap_or(full);
        // Most calls are ruled out by their last part alone, unless the name was changed on import.
        let renamed =
            self.imports.iter().any(|import| import.bound != last && import.name.as_deref() == Some(last));
        self.calls.iter().filter(move |call| {
            (renamed || call.callee.ends_with(last)) && self.full_name(&call.callee) == full
        })
    }
}

/// Tells whether the dotted `name` is `module` or lies below it.
fn is_below(name: &str, module: &str) -> bool {
    name.strip_prefix(module).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(text: &str) -> Scan {
        scan(Utf8Path::new("x.py"), text)
    }

    #[test]
    fn names_are_followed_to_where_they_were_made() {
        let scan =
            look("from celery import Celery as C\nimport os.path\nimport numpy as np\napp = C('shop')\n");
        assert_eq!(scan.full_name("C"), "celery.Celery");
        assert_eq!(scan.full_name("os.environ.get"), "os.environ.get");
        assert_eq!(scan.full_name("np.array"), "numpy.array");
        assert_eq!(scan.calls_of("celery.Celery").count(), 1);
        assert_eq!(scan.defines("app"), Some(4));
        assert_eq!(scan.imports_from("celery").map(|import| import.line), Some(1));
    }

    #[test]
    fn context_says_what_always_runs() {
        let scan =
            look("try:\n    from .local import *\nexcept ImportError:\n    pass\nif X:\n    A = 1\nB = 2\n");
        assert!(scan.imports[0].context.tried);
        assert!(scan.bindings[0].context.conditional);
        assert!(scan.bindings[1].context.is_certain());
    }

    #[test]
    fn broken_and_nested_code_is_survived() {
        let scan = look("import celery\ndef broken(:\n    x = = 1\nprint 'two'\nA = 1\n");
        assert_eq!(scan.imports.len(), 1);
        let nested = format!("A = {}1{}\n", "(".repeat(5000), ")".repeat(5000));
        look(&nested);
    }
}
