//! The checks of the project's own `smoke.toml`.

use serde::Deserialize;

use crate::base::Diagnostic;
use crate::base::codes::smoke::CHECKS_SYNTAX;

/// The file that is looked for in the project's folder.
pub const PATH: &str = "smoke.toml";

/// One page, or one WebSocket.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Check {
    pub path: String,
    /// The right status, where it is not the usual one: 200 of a page, 101 of a WebSocket.
    pub status: Option<u16>,
    /// Text that must be on the page, or in a message that comes back.
    pub text: Option<String>,
    /// The text to send through a WebSocket at `path`; a page is asked for without it.
    pub websocket: Option<String>,
}

impl Check {
    /// Returns the status that is right.
    pub fn status(&self) -> u16 {
        self.status.unwrap_or(if self.websocket.is_some() { 101 } else { 200 })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    check: Vec<Check>,
}

/// The checks in `text`, which is the file `path`.
pub fn parse(path: &str, text: &str) -> Result<Vec<Check>, Diagnostic> {
    let malformed = |cause: &str| {
        Diagnostic::error(CHECKS_SYNTAX, format!("`{path}` holds no checks: {cause}"))
            .help(
                "write each check as `[[check]]` with `path = \"/\"`, and `status = 200` or `text = \"…\"` where they matter; for \
                 a WebSocket, `websocket = \"…\"` is the text to send",
            )
    };
    let file: File = toml::from_str(text).map_err(|error| malformed(error.message()))?;
    match file.check.iter().find(|check| !check.path.starts_with('/')) {
        Some(check) => Err(malformed(&format!("the path `{}` does not begin with `/`", check.path))),
        None => Ok(file.check),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checks_are_read_and_misspelt_keys_refused() {
        let checks = parse(
            PATH,
            "[[check]]\npath = \"/\"\ntext = \"Hello\"\n[[check]]\npath = \"/x\"\nstatus = 404\n",
        )
        .unwrap();
        assert_eq!((checks[0].status(), checks[0].text.as_deref()), (200, Some("Hello")));
        assert_eq!((checks[1].status(), &checks[1].text), (404, &None));
        let sockets = "[[check]]\npath = \"/ws/\"\nwebsocket = \"hi\"\n[[check]]\npath = \"/ws/\"\nwebsocket = \"\"\nstatus = 403\n";
        let sockets = parse(PATH, sockets).unwrap();
        assert_eq!((sockets[0].status(), sockets[0].websocket.as_deref()), (101, Some("hi")));
        assert_eq!(sockets[1].status(), 403);
        for wrong in [
            "[[check]]\npath = \"/\"\nstate = 200\n",
            "[[check]]\nstatus = 200\n",
            "[[check]]\npath = \"x\"\n",
        ] {
            assert_eq!(parse(PATH, wrong).unwrap_err().code, CHECKS_SYNTAX, "{wrong}");
        }
    }
}
