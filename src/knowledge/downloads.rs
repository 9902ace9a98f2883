//! Downloads of libraries after they are installed.

use std::sync::LazyLock;

use serde::Deserialize;

use super::Date;

pub(super) const TEXT: &str = include_str!("downloads.toml");

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Table {
    #[expect(dead_code, reason = "for whoever edits the table")]
    checked: Date,
    row: Vec<Row>,
}

/// The downloads of one library.
#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// The top-level module.
    pub module: String,
    /// Ends of dotted names below the module.
    calls: Vec<String>,
    /// For people: `model`, `browser`.
    pub what: String,
    /// The command that fetches `{name}` while an image is built; empty if nothing does that by itself.
    #[serde(default)]
    command: Vec<String>,
    /// The command starts pip, which virtual environments of images do not hold.
    #[serde(default)]
    pub through_pip: bool,
    /// The variable that names the folder in which it is kept.
    pub folder: Option<String>,
    pub source: String,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| super::table(TEXT));

/// The row of what the dotted name `full` fetches when it is called.
pub fn find(full: &str) -> Option<&'static Row> {
    let (module, rest) = full.split_once('.')?;
    let fits = |row: &&Row| {
        row.module == module
            && row.calls.iter().any(|call| rest == call || rest.ends_with(&format!(".{call}")))
    };
    TABLE.row.iter().find(fits)
}

/// Modules whose calls are looked for.
pub fn modules() -> impl Iterator<Item = &'static str> {
    TABLE.row.iter().map(|row| row.module.as_str())
}

/// The row whose command a shell line starts, and the names that the line fetches: `python -m spacy download NAME`.
pub fn fetched_by(words: &[String]) -> Option<(&'static Row, Vec<String>)> {
    let program = words.first()?.rsplit('/').next()?;
    let is_python = program.starts_with("python");
    TABLE.row.iter().filter(|row| row.command.len() > 2).find_map(|row| {
        // What follows `python -m`, up to the first word that differs.
        let fixed: Vec<&String> =
            row.command[2..].iter().take_while(|word| !word.starts_with(['-', '{'])).collect();
        let rest = if is_python { words.get(1..)?.strip_prefix(&["-m".to_owned()])? } else { words };
        let starts = fixed.iter().zip(rest).all(|(fixed, word)| *fixed == word) && rest.len() > fixed.len();
        let mut named = Vec::new();
        let mut after_option = false;
        for word in starts.then(|| &rest[fixed.len()..])? {
            // `-d FOLDER`
            if !std::mem::replace(&mut after_option, word == "-d") && !word.starts_with('-') {
                named.push(word.clone());
            }
        }
        (!named.is_empty()).then_some((row, named))
    })
}

impl Row {
    /// The command that fetches `name` into the virtual environment at `venv`.
    pub fn command(&self, name: &str, venv: &str) -> Option<Vec<String>> {
        let fill = |(at, word): (usize, &String)| {
            let word = word.replace("{name}", name).replace("{venv}", venv);
            if at == 0 { format!("{venv}/bin/{word}") } else { word }
        };
        (!self.command.is_empty()).then(|| self.command.iter().enumerate().map(fill).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_and_commands_lead_to_their_row() {
        let module = |full: &str| find(full).map(|row| row.module.as_str());
        assert_eq!(module("spacy.load"), Some("spacy"));
        assert_eq!(module("transformers.AutoModel.from_pretrained"), Some("transformers"));
        assert_eq!(module("torch.hub.load"), Some("torch"));
        assert_eq!(module("torch.load"), None);
        assert_eq!(module("json.load"), None);
        let named = |line: &str| {
            let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
            fetched_by(&words).map(|(row, names)| format!("{} {}", row.module, names.join(" ")))
        };
        assert_eq!(
            named("python -m spacy download de_core_news_sm").as_deref(),
            Some("spacy de_core_news_sm")
        );
        assert_eq!(named("spacy download de_core_news_sm").as_deref(), Some("spacy de_core_news_sm"));
        assert_eq!(
            named("python3 -m nltk.downloader -d /x punkt stopwords").as_deref(),
            Some("nltk punkt stopwords")
        );
        assert_eq!(named("python -m pip install spacy"), None);
        let row = find("nltk.download").unwrap();
        assert_eq!(
            row.command("punkt", "/v").unwrap().join(" "),
            "/v/bin/python -m nltk.downloader -d /v/nltk_data punkt"
        );
    }
}
