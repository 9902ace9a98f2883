//! Every test that crosses stages and needs neither Docker nor a network, in one binary.

// A test that cannot go on says so by panicking, and it reads and runs what it checks.
#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "what the program must not do, its tests do to check it"
)]

mod architecture;
mod circles;
mod cli;
mod dependencies;
mod dependency_groups;
mod dependency_groups_of_the_site;
mod disk;
mod documents;
mod entry_points;
mod failures;
mod init;
mod inspect;
mod keeping;
mod killed;
mod last_screen;
mod manners;
mod matrix;
mod memory;
mod messages;
mod plan;
mod python_installs;
mod redeploy;
mod render;
mod sarif;
mod settings;
mod settings_elsewhere;
mod settings_found;
mod support;
mod unreadable;
mod update;
