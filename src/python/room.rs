//! Stacks deep enough for what a parser nests and a reader then follows.

use std::any::Any;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Room for the deepest nesting that the limits allow, and for letting go of it; taken from the system only
/// where it is used.
const STACK: usize = 256 * 1024 * 1024;

thread_local! {
    static ROOMY: Cell<bool> = const { Cell::new(false) };
}

/// Why there is no result.
pub enum NoResult {
    /// A defect: what the panic carries.
    Panic(Box<dyn Any + Send>),
    /// The system gave no thread.
    NoThread(std::io::Error),
}

impl std::fmt::Debug for NoResult {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Panic(panic) => write!(out, "Panic({:?})", message(&**panic)),
            Self::NoThread(error) => write!(out, "NoThread({error})"),
        }
    }
}

/// Does `work` on a deep stack: this one where it is deep already, else that of a thread of its own.
pub fn with_room<T: Send>(work: impl FnOnce() -> T + Send) -> Result<T, NoResult> {
    if ROOMY.get() {
        return catch_unwind(AssertUnwindSafe(work)).map_err(NoResult::Panic);
    }
    std::thread::scope(|scope| {
        let spawned = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, || {
            ROOMY.set(true);
            work()
        });
        spawned.map_err(NoResult::NoThread)?.join().map_err(NoResult::Panic)
    })
}

/// Returns the message of a panic, on one line.
pub fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no message");
    text.lines().next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_deep_stack_serves_what_is_done_inside() {
        let outer = with_room(|| {
            let here = std::thread::current().id();
            (here, with_room(|| std::thread::current().id()).unwrap())
        });
        let (outer, inner) = outer.unwrap();
        assert_eq!(outer, inner);
        assert_ne!(outer, std::thread::current().id());
    }

    #[test]
    fn a_panic_is_a_value() {
        let failed = with_room(|| with_room(|| -> u8 { panic!("one\ntwo") }));
        let Ok(Err(NoResult::Panic(panic))) = failed else { panic!("{failed:?}") };
        assert_eq!(message(&*panic), "one");
    }
}
