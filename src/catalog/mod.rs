//! What a stack can be made of: a const struct per file, one list per kind.
//!
//! Adding one is one file here, one folder of templates, and one line in the list of its kind.

pub mod base_image;
pub mod cache;
pub mod container;
pub mod database;
pub mod package_manager;
pub mod proxy;
pub mod server;
pub mod target;
pub mod worker;
