//! What templates read: one struct per template. Every field is always serialised, because a template that asks for
//! a missing one is told "no".

pub(super) mod compose;
pub(super) mod dockerfile;
pub(super) mod document;
pub(super) mod entrypoint;
pub(super) mod environment;
pub(super) mod ignore;
pub(super) mod serving;
pub(super) mod test_databases;

use crate::plan::Stack;

/// A `docker compose` command as a person types it for this stack.
fn compose_command(stack: &Stack, words: &[&str]) -> String {
    let mut command = vec!["docker".to_owned(), "compose".to_owned()];
    if stack.compose_file != "compose.yaml" {
        command.extend(["--file".to_owned(), stack.compose_file.to_string()]);
    }
    if stack.env_file != ".env" {
        command.extend(["--env-file".to_owned(), stack.env_file.to_string()]);
    }
    command.extend(words.iter().map(|word| (*word).to_owned()));
    command.join(" ")
}
