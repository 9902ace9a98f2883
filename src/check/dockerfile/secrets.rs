//! Secrets that stay in the image's history.

use super::{Instruction, dockerfiles};
use crate::base::Diagnostic;
use crate::base::codes::check::dockerfile::DOCKERFILE_SECRET;
use crate::check::{Rule, Subject, is_secret_variable};

pub const RULES: &[Rule] = &[Rule { codes: &[DOCKERFILE_SECRET], find }];

fn find(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for file in dockerfiles(subject.tree) {
        for (place, instruction) in file.instructions() {
            let Instruction::Variables { instruction, assignments } = instruction else { continue };
            let secret = assignments.iter().filter(|(name, value)| {
                is_secret_variable(name)
                    && value.as_deref().is_some_and(|value| !value.is_empty() && !value.starts_with('$'))
            });
            found.extend(secret.map(|(name, _)| {
                Diagnostic::error(DOCKERFILE_SECRET, format!("`{instruction} {name}` writes a secret into the image"))
                    .at(place, "kept in the image's configuration and history")
                    .because("`docker history` and `docker inspect` show it to whoever has the image")
                    .help("give it when the container starts: `env_file: .env` in compose")
                    .help(format!("where only the build wants a value, set a throw-away one for that command: `RUN {name}=unused python manage.py collectstatic --noinput`"))
            }));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::dockerfile::testing::findings;

    #[test]
    fn secrets_do_not_go_into_instructions() {
        let check = |line: &str| findings(RULES, "Dockerfile", &format!("FROM python:3.13\n{line}\n"), &[]);
        assert_eq!(check("ENV SECRET_KEY=abc DEBUG=0"), ["dockerfile-secret:2"]);
        assert_eq!(check("ENV DJANGO_SECRET_KEY abc"), ["dockerfile-secret:2"]);
        assert_eq!(check("ARG DB_PASSWORD=abc"), ["dockerfile-secret:2"]);
        assert!(check("ARG SECRET_KEY\nENV PYTHONUNBUFFERED=1").is_empty());
    }
}
