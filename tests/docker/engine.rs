//! The Engine that the tests use.

use std::sync::{Mutex, MutexGuard, PoisonError};

use djdock::shell::engine::Engine;

/// Held for a run and for the look at what it left: the look sees the things of every run on this machine.
pub fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The Engine, or nothing where there is none.
pub fn engine() -> Option<Engine> {
    match Engine::connect() {
        Ok(engine) => Some(engine),
        Err(diagnostic) if std::env::var_os("CI").is_some_and(|value| value == "true") => {
            panic!("{diagnostic:?}")
        }
        Err(diagnostic) => {
            eprintln!("SKIPPED: {}", diagnostic.title);
            None
        }
    }
}

/// What the Engine holds of runs, in words that can be compared: what an earlier, killed run left is not this one's.
pub fn held(engine: &Engine) -> String {
    format!("{:?}", engine.labelled("djdock.smoke").unwrap())
}
