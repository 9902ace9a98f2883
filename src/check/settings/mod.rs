//! Rules about settings, as evaluated for production.

pub mod code_addresses;
pub mod database;
pub mod debug;
pub mod foreign_paths;
pub mod hidden_branch;
pub mod hosts;
pub mod logging;
pub mod migrations;
pub mod proxy;
pub mod secrets;
pub mod services;
pub mod static_files;
pub mod storage;
pub mod uncollected;
pub mod webpack;
