//! Lines that start servers, workers and management commands, wherever the project keeps them.

use camino::Utf8Path;

use super::processes::servers;
use crate::base::{Place, Tree, path};

/// A line that starts something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// The words of the line, without quotes, brackets and commas: `["celery", "-A", "shop", "worker"]`.
    pub words: Vec<String>,
    pub place: Place,
}

/// Programs beside servers whose lines are kept.
const PROGRAMS: &[&str] = &["celery", "manage.py", "rqworker", "dramatiq", "huey_consumer"];

impl Command {
    pub fn has(&self, word: &str) -> bool {
        self.words.iter().any(|own| own == word || own.rsplit('/').next() == Some(word))
    }

    /// The value of an option in either form: `-A shop`, `--app=shop`.
    pub fn option(&self, names: &[&str]) -> Option<&str> {
        self.words.iter().enumerate().find_map(|(at, word)| {
            names.iter().find_map(|name| {
                if word == name {
                    return self.words.get(at + 1).map(String::as_str);
                }
                let rest = word.strip_prefix(name)?;
                rest.strip_prefix('=').or((!name.starts_with("--") && !rest.is_empty()).then_some(rest))
            })
        })
    }
}

/// Every such line, in the order of paths.
pub(in crate::inspect) fn read(tree: &Tree) -> Vec<Command> {
    let mut found = Vec::new();
    for file in tree.files().filter(|file| may_run(file)) {
        let Some(text) = tree.text(file) else { continue };
        if path::extension(file) == Some("py") && file.as_str().contains("gunicorn") {
            found.extend(gunicorn_settings(file, text));
            continue;
        }
        for (number, line) in text.lines().enumerate() {
            let trimmed = line.trim_start();
            if trimmed.starts_with(['#', ';'])
                || !servers().chain(PROGRAMS.iter().copied()).any(|program| line.contains(program))
            {
                continue;
            }
            let cleaned: String = line
                .chars()
                .map(|letter| if matches!(letter, '"' | '\'' | '[' | ']' | ',') { ' ' } else { letter })
                .collect();
            let place = Place::line(file.to_owned(), u32::try_from(number + 1).unwrap_or(u32::MAX));
            found.push(Command { words: cleaned.split_whitespace().map(str::to_owned).collect(), place });
        }
    }
    found
}

/// Returns the command that gunicorn's own settings start: `wsgi_app = "shop.asgi:application"`.
fn gunicorn_settings(file: &Utf8Path, text: &str) -> Option<Command> {
    let value = |name: &str| {
        let numbered = (1_u32..).zip(text.lines());
        numbered
            .filter_map(|(number, line)| {
                let rest = line.strip_prefix(name)?.trim_start().strip_prefix('=')?.trim_start();
                let quote = rest.chars().next().filter(|letter| matches!(letter, '"' | '\''))?;
                let (text, _) = rest.get(1..)?.split_once(quote)?;
                Some((text.to_owned(), number))
            })
            .last()
    };
    let application = value("wsgi_app")?;
    let mut words = vec!["gunicorn".to_owned()];
    if let Some((worker, _)) = value("worker_class") {
        words.extend(["--worker-class".to_owned(), worker]);
    }
    words.push(application.0);
    Some(Command { words, place: Place::line(file.to_owned(), application.1) })
}

fn may_run(file: &Utf8Path) -> bool {
    let name = path::name(file);
    let lower = name.to_ascii_lowercase();
    let by_name = lower.contains("dockerfile")
        || lower.starts_with("procfile")
        || lower.contains("compose")
        || lower.contains("entrypoint")
        || lower.contains("supervisor")
        || lower.contains("gunicorn")
        || matches!(
            lower.as_str(),
            "start"
                | "run"
                | "run_web"
                | "fly.toml"
                | "render.yaml"
                | "local.yml"
                | "production.yml"
                | "app.json"
                | "railway.json"
                | "railway.toml"
        );
    let by_extension = matches!(path::extension(file), Some("sh" | "service"))
        || (lower.ends_with(".conf") && !lower.contains("nginx"));
    let hidden_ci = file.as_str().starts_with(".github/") || file.as_str().starts_with(".circleci/");
    path::depth(file) <= 4 && (by_name || by_extension) && !hidden_ci
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_found_in_every_form_of_file() {
        let tree = Tree::from_literals([
            ("Procfile", "web: gunicorn shop.wsgi\nworker: celery --app=shop worker\n"),
            ("Dockerfile", "FROM python\nCMD [\"uvicorn\", \"shop.asgi:application\"]\n"),
            ("docker/start.sh", "# celery -A no\nexec celery -A shop beat\n"),
            ("notes.txt", "celery -A no worker\n"),
            ("gunicorn.conf.py", "# gunicorn\nwsgi_app = 'board.asgi'\nworker_class = \"uvicorn.X\"\n"),
        ]);
        let found = read(&tree);
        let by_settings = found.iter().find(|command| command.has("board.asgi")).unwrap();
        assert_eq!(by_settings.words, ["gunicorn", "--worker-class", "uvicorn.X", "board.asgi"]);
        assert_eq!(by_settings.place, Place::line("gunicorn.conf.py", 2));
        let apps: Vec<_> = found.iter().filter_map(|command| command.option(&["-A", "--app"])).collect();
        assert_eq!(apps, ["shop", "shop"]);
        assert!(found.iter().any(|command| command.has("uvicorn") && command.has("shop.asgi:application")));
        assert_eq!(found.len(), 5);
    }
}
