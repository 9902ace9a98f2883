//! Files: reads a folder into a [`Tree`](crate::base::Tree), and writes what was made.

mod git;
mod index;
mod load;
mod made;
mod troubles;

pub use load::load;
pub use troubles::troubles;
