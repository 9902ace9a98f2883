//! Files of secrets that the settings open: data, so made without a template.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::Values;
use super::filters::dotenv;
use super::views::environment;
use crate::base::document;
use crate::plan::SecretFile;
use crate::plan::secret_files::{SecretFormat, SecretValue, put};

/// The file's text: with `values`, the one that runs; without, the example.
pub(super) fn text(file: &SecretFile, values: Option<&Values>) -> String {
    let examples: BTreeMap<String, String> =
        file.secrets_inside().map(|name| (name.to_owned(), environment::PLACEHOLDER.to_owned())).collect();
    let secrets = values.map_or(&examples, |values| &values.secrets);
    let value = |value: &SecretValue| match value {
        SecretValue::Variable(variable) => Value::from(environment::value(variable, values)),
        SecretValue::Text { text } => text.resolve(secrets).into(),
        SecretValue::Json { value, .. } => value.clone(),
    };
    let plain = |value: Value| value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned);
    if let Some(format) = file.format.document() {
        let mut root = Map::new();
        for entry in &file.entries {
            put(&mut root, &entry.keys, value(&entry.value));
        }
        return document::write(format, &root);
    }
    match file.format {
        SecretFormat::Env => {
            let line = |(name, value): (&String, Value)| format!("{name}={}\n", dotenv::value(&plain(value)));
            let entries =
                file.entries.iter().filter_map(|entry| Some((entry.keys.last()?, value(&entry.value))));
            entries.map(line).collect()
        }
        _ => file.entries.first().map(|entry| plain(value(&entry.value))).unwrap_or_default() + "\n",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::secret_files::SecretEntry;
    use crate::stack::VariableValue;

    fn entry(keys: &[&str], value: VariableValue) -> SecretEntry {
        SecretEntry {
            keys: keys.iter().map(|key| (*key).to_owned()).collect(),
            value: SecretValue::Variable(value),
        }
    }

    fn file(format: SecretFormat) -> SecretFile {
        SecretFile {
            path: "secrets.json".into(),
            example: "secrets.example.json".into(),
            target: "/app/secrets.json".into(),
            format,
            entries: vec![
                entry(
                    &["DB", "PASSWORD"],
                    VariableValue::Generated { secret: "db".into(), length: 32, ending: "" },
                ),
                entry(&["DB", "HOST"], VariableValue::Plain { text: "db \"x\"".into() }),
            ],
        }
    }

    #[test]
    fn nested_keys_become_nested_objects() {
        let values = Values { secrets: [("db".to_owned(), "s3".to_owned())].into(), user: 1, group: 1 };
        let read: Value = serde_json::from_str(&text(&file(SecretFormat::Json), Some(&values))).unwrap();
        assert_eq!(read, serde_json::json!({ "DB": { "PASSWORD": "s3", "HOST": "db \"x\"" } }));
    }

    #[test]
    fn an_example_holds_no_secret() {
        let text = text(&file(SecretFormat::Env), None);
        assert_eq!(text, "PASSWORD=change-me\nHOST='db \"x\"'\n");
    }
}
