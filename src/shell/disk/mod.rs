//! Files: reads a folder into a [`Tree`](crate::base::Tree), and writes what was made.

mod committed;
mod git;
mod index;
mod journal;
mod load;
mod made;
mod staging;
mod stand_in;
#[cfg(test)]
pub(crate) mod testing;
mod troubles;
mod walk;
mod write;

pub use committed::not_committed;
pub use git::{InGit, in_git};
pub use journal::Recovered;
pub(in crate::shell) use load::cause;
pub use load::load;
pub use stand_in::{ThrowAway, copy, mirror, write_closed};
pub use troubles::troubles;
pub(in crate::shell) use walk::walk;
pub use write::{recover, write};
