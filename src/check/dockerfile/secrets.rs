//! Secrets that stay in the image's history.

use super::{Instruction, dockerfiles};
use crate::base::Diagnostic;
use crate::base::codes::check::dockerfile::DOCKERFILE_SECRET;
use crate::base::wording::is_secret_variable;
use crate::check::{Rule, Subject, is_stand_in, says_none};

pub const RULES: &[Rule] = &[Rule { codes: &[DOCKERFILE_SECRET], find }];

fn find(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for file in dockerfiles(subject) {
        // A stage that the image does not stand on leaves nothing in it.
        let kept = file.last().map(|last| file.chain(last)).unwrap_or_default();
        for (place, instruction) in kept.into_iter().flat_map(|stage| &stage.instructions) {
            let Instruction::Variables { instruction, assignments } = instruction else { continue };
            let secret = assignments.iter().filter(|(name, value)| {
                is_secret_variable(name)
                    && value.as_deref().is_some_and(|value| is_secret(instruction, value))
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

/// A text that stands for itself. A throw-away one is no secret as a build argument; as `ENV` it is what the
/// container starts with when nobody gives another.
fn is_secret(instruction: &str, value: &str) -> bool {
    let is_given = !value.is_empty() && !value.contains('$');
    is_given && !says_none(value) && !(instruction == "ARG" && is_stand_in(value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::of_file as findings;

    #[test]
    fn secrets_do_not_go_into_instructions() {
        let check = |line: &str| findings(RULES, "Dockerfile", &format!("FROM python:3.13\n{line}\n"), &[]);
        assert_eq!(check("ENV SECRET_KEY=abc DEBUG=0"), ["dockerfile-secret:2"]);
        assert_eq!(check("ENV DJANGO_SECRET_KEY abc"), ["dockerfile-secret:2"]);
        assert_eq!(check("ARG DB_PASSWORD=abc"), ["dockerfile-secret:2"]);
        assert!(check("ARG SECRET_KEY\nENV PYTHONUNBUFFERED=1").is_empty());
        assert!(check("ENV GOOGLE_API_KEY=no").is_empty());
        assert!(check("ARG SECRET_KEY=dummy").is_empty());
        assert_eq!(check("ENV SECRET_KEY=dummy"), ["dockerfile-secret:2"]);
        assert!(check("ENV SECRET_KEY=abc\nFROM python:3.13").is_empty());
    }
}
