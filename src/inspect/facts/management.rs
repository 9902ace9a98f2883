//! Management commands, as facts.

use serde::Serialize;

/// A command, as `manage.py NAME`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ManagementCommand {
    pub name: String,
    pub kind: CommandKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum CommandKind {
    /// Never ends: a bot, a consumer, a scheduler.
    Daemon,
    /// Something starts it again and again: a crontab.
    Scheduled,
    /// Makes an account for the admin.
    Superuser,
}
