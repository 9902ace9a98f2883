//! Values that only this machine knows and the files need: secrets made at random, and who runs djdock.

use std::collections::BTreeMap;

use camino::Utf8Path;

use crate::base::Tree;
use crate::base::document;
use crate::plan::secret_files::{SecretFormat, SecretValue, length_of};
use crate::plan::{Plan, SecretFile};
use crate::stack::VariableValue;

/// Values for [`VariableValue::Generated`], [`VariableValue::HostUser`] and [`VariableValue::HostGroup`].
#[derive(Clone, PartialEq, Eq)]
pub struct Values {
    /// By the name that the plan gives each secret.
    pub secrets: BTreeMap<String, String>,
    /// The numeric id of the person who runs djdock.
    pub user: u32,
    pub group: u32,
}

impl std::fmt::Debug for Values {
    /// Without the secrets.
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{} secrets for {}:{}", self.secrets.len(), self.user, self.group)
    }
}

impl Values {
    /// Secrets for everything that `plan` generates: those that the env file or a secret file in `tree` holds
    /// already, because a database keeps the password that it was made with; new ones from `random` (given a
    /// length) where there is none.
    pub fn new(
        tree: &Tree,
        plan: &Plan,
        user: u32,
        group: u32,
        random: &mut dyn FnMut(usize) -> String,
    ) -> Self {
        let mut secrets = BTreeMap::new();
        let mut wanted = Vec::new();
        for stack in plan.stacks() {
            let text = text_on_disk(tree, &stack.env_file);
            for variable in &stack.variables {
                if let VariableValue::Generated { secret, length, ending } = &variable.value {
                    wanted.push((secret.as_str(), *length, *ending));
                    keep(&mut secrets, secret, env_value(&text, &variable.name));
                }
            }
        }
        for file in &plan.secret_files {
            let text = text_on_disk(tree, &file.path);
            for entry in &file.entries {
                if let SecretValue::Variable(VariableValue::Generated { secret, length, ending }) =
                    &entry.value
                {
                    wanted.push((secret.as_str(), *length, *ending));
                    keep(&mut secrets, secret, file_value(&text, file, &entry.keys));
                }
            }
            // Such a secret is the database's: the env file holds it too.
            wanted.extend(file.secrets_inside().map(|secret| (secret, length_of(secret), "")));
        }
        for (secret, length, ending) in wanted {
            secrets.entry(secret.to_owned()).or_insert_with(|| random(length) + ending);
        }
        Self { secrets, user, group }
    }
}

fn keep(secrets: &mut BTreeMap<String, String>, name: &str, found: Option<String>) {
    if let Some(value) = found.filter(|value| !value.is_empty()) {
        secrets.entry(name.to_owned()).or_insert(value);
    }
}

/// Such files are ignored by git, and so no entries of the tree.
fn text_on_disk(tree: &Tree, path: &Utf8Path) -> String {
    tree.bytes_on_disk(path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
}

/// Returns the value that an env file gives to `name`; djdock writes such files without quotes.
fn env_value(text: &str, name: &str) -> Option<String> {
    let lines = text.lines().filter_map(|line| line.split_once('='));
    lines.filter(|(found, _)| *found == name).map(|(_, value)| value.trim().to_owned()).next_back()
}

fn file_value(text: &str, file: &SecretFile, keys: &[String]) -> Option<String> {
    if let Some(format) = file.format.document() {
        let document = document::read(format, text)?;
        let value = keys.iter().try_fold(&document, |value, key| value.get(key))?;
        return value.as_str().map(ToOwned::to_owned);
    }
    match file.format {
        SecretFormat::Env => env_value(text, keys.last()?),
        _ => Some(text.trim().to_owned()),
    }
}
