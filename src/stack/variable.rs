//! The lines of the env file.

use serde::Serialize;

/// A line of the env file. Values hold only what every reader of such files takes literally (no quotes, `$`,
/// `#`, spaces or line ends).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Variable {
    pub name: String,
    pub value: VariableValue,
    /// The purpose, as a phrase: printed as a comment.
    pub because: String,
    pub group: VariableGroup,
}

/// The heading that a variable stands under, in order of printing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum VariableGroup {
    /// Variables about what runs where: ports, the host user.
    Stack,
    Django,
    Database,
    /// Cache, broker.
    Services,
    /// E-mail, object storage, keys of other people's services.
    External,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum VariableValue {
    Plain {
        text: String,
    },
    /// Made at random when the env file is first written, from `[A-Za-z0-9_-]`; `secret` names it, so that two
    /// places can hold the same one (the database's and the project's view of a password).
    Generated {
        secret: String,
        length: usize,
        /// The text behind the secret: `=` if the secret is 32 bytes in Base64, as Fernet wants it.
        ending: &'static str,
    },
    /// Only the person can know it. The placeholder lets the project start without it; `.env.example` and
    /// the documents say that it has to be replaced.
    Asked {
        placeholder: String,
    },
    /// The project runs without it: printed as a comment, `# NAME=example`.
    Optional {
        example: String,
    },
    /// The numeric id of the person who runs djdock (1000 where the system has none).
    HostUser,
    HostGroup,
}
