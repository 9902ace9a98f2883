//! Ctrl-C while something must not stay half done.
//!
//! Outside of [`hold`] a signal ends djdock at once, as it ends any program. While it is held, the signal is only
//! remembered: whoever holds it asks at the next point where stopping is orderly.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::flag;

use crate::base::Diagnostic;

/// Why the machine's part of a command ended early.
#[derive(Debug)]
pub enum Stopped {
    Diagnosed(Box<Diagnostic>),
    /// A person, or whoever runs djdock, stopped it.
    Interrupted,
}

impl From<Diagnostic> for Stopped {
    fn from(diagnostic: Diagnostic) -> Self {
        Self::Diagnosed(Box::new(diagnostic))
    }
}

/// While this lives, signals are remembered and do nothing else.
#[derive(Debug)]
pub struct Held(());

struct Signals {
    /// True if a signal ends djdock: nobody holds it.
    ends: Arc<AtomicBool>,
    arrived: Arc<AtomicUsize>,
    holders: AtomicUsize,
}

static SIGNALS: LazyLock<Signals> = LazyLock::new(|| {
    let signals = Signals {
        ends: Arc::new(AtomicBool::new(true)),
        arrived: Arc::new(AtomicUsize::new(0)),
        holders: AtomicUsize::new(0),
    };
    for signal in [SIGINT, SIGTERM, SIGHUP] {
        // Neither can fail for these three; without them a signal ends djdock as before.
        let _ = flag::register_conditional_default(signal, Arc::clone(&signals.ends));
        let _ = flag::register_usize(signal, Arc::clone(&signals.arrived), 1);
    }
    signals
});

/// Holds signals back until the result is dropped.
#[must_use]
pub fn hold() -> Held {
    if SIGNALS.holders.fetch_add(1, Ordering::SeqCst) == 0 {
        SIGNALS.arrived.store(0, Ordering::SeqCst);
        SIGNALS.ends.store(false, Ordering::SeqCst);
    }
    Held(())
}

/// Tells whether a signal arrived while signals are held.
pub fn arrived() -> bool {
    SIGNALS.holders.load(Ordering::SeqCst) > 0 && SIGNALS.arrived.load(Ordering::SeqCst) > 0
}

/// An error where a signal arrived.
pub fn check() -> Result<(), Stopped> {
    if arrived() { Err(Stopped::Interrupted) } else { Ok(()) }
}

impl Held {
    /// An error where a signal arrived since signals are held.
    pub fn check(&self) -> Result<(), Stopped> {
        check()
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if SIGNALS.holders.fetch_sub(1, Ordering::SeqCst) == 1 {
            SIGNALS.ends.store(true, Ordering::SeqCst);
        }
    }
}
