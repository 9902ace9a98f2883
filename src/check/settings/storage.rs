//! Files of values that lie in the project.

use camino::Utf8Path;

use crate::base::codes::check::settings::ENV_FILE_IN_PROJECT;
use crate::base::wording::{self, is_secret_variable};
use crate::base::{Diagnostic, Severity, Tree};
use crate::check::{Rule, Subject, is_stand_in, says_none};

pub const RULES: &[Rule] = &[Rule { codes: &[ENV_FILE_IN_PROJECT], find: env_files }];

fn env_files(subject: &Subject<'_>) -> Vec<Diagnostic> {
    const TEMPLATES: [&str; 8] = ["example", "sample", "dist", "template", "test", "fuzz", "e2e", "j2"];
    let holds_values = |name: &str| {
        (name == ".env" || name.starts_with(".env.") || name.ends_with(".env"))
            && !TEMPLATES.iter().any(|word| name.contains(word))
    };
    let files = subject.tree.files().filter(|path| path.file_name().is_some_and(holds_values));
    // In a repository what git ignores is no part of the tree, so what is there is tracked or will be.
    let in_repository = subject.tree.left_out(".git").is_some();
    let own = files.filter(|path| in_repository || !is_ignored(subject.tree, path));
    let held: Vec<(&Utf8Path, Vec<&str>)> = own
        .filter_map(|path| Some((path, secrets_in(subject.tree.text(path)?))))
        .filter(|(_, names)| !names.is_empty())
        .collect();
    let (own, others): (Vec<_>, Vec<_>) = held.into_iter().partition(|(path, _)| is_for_development(path));
    // On a developer's own machine they guard nothing.
    [held_secrets(Severity::Warning, &others), held_secrets(Severity::Note, &own)]
        .into_iter()
        .flatten()
        .collect()
}

fn is_for_development(path: &Utf8Path) -> bool {
    const WORDS: [&str; 6] = ["dev", "devcontainer", "development", "local", "ci", "test"];
    path.as_str().split(['/', '.', '-', '_']).any(|part| WORDS.contains(&part))
}

fn held_secrets(severity: Severity, held: &[(&Utf8Path, Vec<&str>)]) -> Option<Diagnostic> {
    let paths: Vec<&Utf8Path> = held.iter().map(|(path, _)| *path).collect();
    let (title, object) = match paths.as_slice() {
        [] => return None,
        [path] => (format!("`{path}` holds secrets, and git does not ignore it"), "it"),
        paths => {
            (format!("{} hold secrets, and git does not ignore them", wording::and_ticked(paths)), "them")
        }
    };
    let mut diagnostic = Diagnostic::new(ENV_FILE_IN_PROJECT, severity, title);
    for (path, names) in held {
        diagnostic = diagnostic.because(format!("`{path}` sets {}", named(names)));
    }
    let arguments: Vec<&str> = paths.iter().map(|path| path.as_str()).collect();
    let arguments = arguments.join(" ");
    Some(
        diagnostic
            .because("what is in git is in every clone, and in the image unless .dockerignore names it")
            .help(format!("add {object} to .gitignore"))
            .help(format!("if git holds {object} already, take {object} out with `git rm --cached {arguments}`, and make new secrets"))
            .help("keep a template with empty values instead: `.env.example`"),
    )
}

/// The first few of the names.
fn named(names: &[&str]) -> String {
    const FEW: usize = 4;
    match names.len().checked_sub(FEW) {
        None | Some(0) => wording::and_ticked(names),
        Some(more) => {
            let few: Vec<String> = names.iter().take(FEW).map(|name| format!("`{name}`")).collect();
            format!("{} and {more} more", few.join(", "))
        }
    }
}

/// Tells whether the .gitignore at the root names the file, as far as a plain reading shows.
fn is_ignored(tree: &Tree, path: &Utf8Path) -> bool {
    let name = path.file_name().unwrap_or_default();
    tree.text(".gitignore").is_some_and(|text| {
        text.lines().map(str::trim).any(|line| match line.strip_prefix('/') {
            Some(rooted) => rooted == path.as_str(),
            None => line == name || matches!(line, ".env*" | "*.env" | ".env.*") || line == path.as_str(),
        })
    })
}

/// The names of the variables that hold a secret: their values are nobody's business.
fn secrets_in(text: &str) -> Vec<&str> {
    let lines = text.lines().map(|line| line.trim().trim_start_matches("export "));
    let assignments = lines.filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('='));
    let mut names: Vec<&str> = assignments
        .map(|(name, value)| (name.trim(), value.trim().trim_matches(['"', '\''])))
        // What a template or another variable fills in is none.
        .filter(|(_, value)| !value.contains("{{") && !value.starts_with('$'))
        .filter(|(name, value)| {
            let is_said = !value.is_empty() && !says_none(value) && !is_stand_in(value);
            is_secret_variable(name) && is_said || has_password(value)
        })
        .map(|(name, _)| name)
        .collect();
    names.dedup();
    names
}

/// Tells whether a URL holds a password: `postgres://user:word@host`.
fn has_password(value: &str) -> bool {
    let account =
        value.split_once("://").and_then(|(_, rest)| rest.split_once('@')).map(|(account, _)| account);
    account.and_then(|account| account.split_once(':')).is_some_and(|(_, word)| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::of_settings as findings;

    #[test]
    fn env_files_with_secrets_are_ignored_by_git() {
        let secret = "SECRET_KEY=abc123\n";
        let of = |files: &[(&str, &str)]| findings(RULES, "", files);
        assert_eq!(of(&[(".env", secret)]), ["env-file-in-project"]);
        assert_eq!(of(&[("docker/.env", secret), (".gitignore", "/.env\n")]), ["env-file-in-project"]);
        assert_eq!(of(&[("prod.env", "DATABASE_URL=postgres://u:p@db/x\n")]), ["env-file-in-project"]);
        for fine in [
            "DEBUG=1\nCOMPOSE_FILE=a.yml\n",
            "SECRET_KEY=\n",
            "SECRET_KEY=changeme\n",
            "# SECRET_KEY=abc\n",
            "SECRET_KEY={{ key }}\n",
        ] {
            assert!(of(&[(".env", fine)]).is_empty(), "{fine}");
        }
        assert!(of(&[(".env", secret), (".gitignore", "*.pyc\n.env\n")]).is_empty());
        assert!(of(&[(".env.example", secret)]).is_empty());
    }

    #[test]
    fn in_a_repository_what_is_there_is_tracked() {
        let tree = Tree::from_literals([(".env", "SECRET_KEY=abc123\n"), (".gitignore", ".env\n")])
            .with_left_out([(".git".into(), crate::base::tree::LeftOut::Made)].into());
        assert_eq!(env_files(&Subject::new(&tree, &crate::inspect::Facts::default())).len(), 1);
    }
}
