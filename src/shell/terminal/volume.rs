//! How much djdock says to the person, as `--quiet` and `--verbose` wish.

use std::sync::atomic::{AtomicU8, Ordering};

/// How much is said. The result of a command, which goes to stdout, is the same in each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Volume {
    /// Warnings and errors only.
    Quiet,
    #[default]
    Usual,
    /// Also the reason of every decision.
    Verbose,
}

/// The process has one terminal, and its commands one volume: [`crate::cli`] sets it before the command begins.
static VOLUME: AtomicU8 = AtomicU8::new(Volume::Usual as u8);

impl Volume {
    /// Makes this the volume from now on.
    pub fn set(self) {
        VOLUME.store(self as u8, Ordering::Relaxed);
    }

    pub(super) fn now() -> Self {
        let now = VOLUME.load(Ordering::Relaxed);
        [Self::Quiet, Self::Verbose].into_iter().find(|volume| *volume as u8 == now).unwrap_or_default()
    }
}
