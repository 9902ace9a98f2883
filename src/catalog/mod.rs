//! The parts that a stack can be made of: a const struct per file, one list per kind.
//!
//! To add a part, write one file here that fills its kind's struct, one folder of templates where the part has files, and
//! one line in the list `ALL` of its kind. The first entry of a list is offered first. The fields of each struct say what a
//! part must give; nothing outside this module may name a part.

pub mod base_image;
pub mod certificates;
pub mod configuration;
pub mod container;
pub mod database;
pub mod offer;
pub mod package_manager;
pub mod proxy;
pub mod server;
pub mod static_files;
pub mod store;
pub mod target;
pub mod topology;
pub mod worker;

pub use offer::{Listed, Offer, Pick};
