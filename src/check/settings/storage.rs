//! Files that the project writes while it runs: logs and uploads.

use crate::base::Diagnostic;
use crate::base::Place;
use crate::base::codes::check::settings::{ENV_FILE_IN_PROJECT, LOG_FILE_IN_SOURCE};
use crate::check::subject::in_project;
use crate::check::{Rule, Subject};
use crate::python::Value;

pub const RULES: &[Rule] = &[
    Rule { codes: &[LOG_FILE_IN_SOURCE], find: log_files },
    Rule { codes: &[ENV_FILE_IN_PROJECT], find: env_files },
];

fn log_files(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let Some((logging, place)) = subject.setting("LOGGING") else { return Vec::new() };
    let handlers = logging.get("handlers").and_then(Value::entries).unwrap_or_default();
    handlers
        .iter()
        .filter_map(|(name, handler)| Some((name.as_str()?, in_project(handler.get("filename")?)?)))
        .map(|(name, path)| {
            Diagnostic::warning(LOG_FILE_IN_SOURCE, format!("the logging handler `{name}` writes to `{path}` beside the code"))
                .at(place, "decided here")
                .because("the image's files are read-only for the process, and a log inside a container is lost with it")
                .help("log to the console in production (`logging.StreamHandler`): the Engine keeps and rotates it")
        })
        .collect()
}

fn env_files(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let holds_values = |name: &str| {
        name == ".env"
            || (name.starts_with(".env.")
                && !["example", "sample", "dist", "template", "test"].iter().any(|word| name.contains(word)))
    };
    let files = subject.tree.files().filter(|path| path.file_name().is_some_and(holds_values));
    let ignored = subject
        .tree
        .text(".gitignore")
        .is_some_and(|text| text.lines().any(|line| line.trim().trim_matches('/').starts_with(".env")));
    if ignored {
        return Vec::new();
    }
    files
        .map(|path| {
            Diagnostic::warning(ENV_FILE_IN_PROJECT, format!("`{path}` is in the project and git does not ignore it"))
                .at(&Place::Path(path.to_owned()), "an env file")
                .because("its values are in every clone, and in the image unless .dockerignore names it")
                .help("add `.env` to .gitignore, take the file out of git (`git rm --cached`), and change the secrets in it")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::of_settings as findings;

    #[test]
    fn logs_do_not_go_to_files_beside_the_code() {
        let settings = "import os\nBASE_DIR = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))\n\
            LOGGING = {'handlers': {'file': {'class': 'logging.FileHandler', 'filename': os.path.join(BASE_DIR, 'logs', 'a.log')}}}";
        assert_eq!(findings(RULES, settings, &[]), ["log-file-in-source:3"]);
    }

    #[test]
    fn env_files_are_ignored_by_git() {
        assert_eq!(findings(RULES, "", &[(".env", "A=1")]), ["env-file-in-project"]);
        assert!(findings(RULES, "", &[(".env", "A=1"), (".gitignore", "*.pyc\n.env\n")]).is_empty());
        assert!(findings(RULES, "", &[(".env.example", "A=1")]).is_empty());
    }
}
