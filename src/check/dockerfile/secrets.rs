//! Secrets that stay in the image's history.

use super::{Dockerfile, Instruction, dockerfiles};
use crate::base::codes::check::dockerfile::{DOCKERFILE_SECRET, SECRET_ARGUMENT};
use crate::base::wording::is_secret_variable;
use crate::base::{Diagnostic, Place, wording};
use crate::check::{Rule, Subject, at_places, is_stand_in, says_none};

pub const RULES: &[Rule] =
    &[Rule { codes: &[DOCKERFILE_SECRET], find }, Rule { codes: &[SECRET_ARGUMENT], find: arguments }];

fn find(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for file in dockerfiles(subject) {
        // A stage that the image does not stand on leaves nothing in it.
        for (place, instruction) in file.kept() {
            let Instruction::Variables { instruction, assignments, .. } = instruction else { continue };
            let secret = assignments.iter().filter(|(name, value)| {
                is_secret_variable(name)
                    && value.as_deref().is_some_and(|value| is_secret(instruction, value))
            });
            found.extend(secret.map(|(name, _)| {
                Diagnostic::error(DOCKERFILE_SECRET, format!("`{instruction} {name}` writes a secret into the image"))
                    .at_secret(place, "kept in the image's configuration and history")
                    .because("`docker history` and `docker inspect` show it to whoever has the image")
                    .help("give it when the container starts: `env_file: .env` in compose")
                    .help(format!("where only the build wants a value, set a throw-away one for that command: `RUN {name}=unused python manage.py collectstatic --noinput`"))
            }));
        }
    }
    found
}

fn arguments(subject: &Subject<'_>) -> Vec<Diagnostic> {
    dockerfiles(subject).iter().filter_map(secret_arguments).collect()
}

/// Secrets that the build is given as arguments, without a default, and keeps.
fn secret_arguments(file: &Dockerfile) -> Option<Diagnostic> {
    let mut names: Vec<&str> = Vec::new();
    let mut places: Vec<(&Place, String)> = Vec::new();
    for (place, instruction) in file.kept() {
        let Instruction::Variables { instruction, assignments, .. } = instruction else { continue };
        for (name, value) in assignments.iter().filter(|(name, _)| is_secret_variable(name)) {
            let value = value.as_deref().unwrap_or_default();
            let label = match *instruction {
                "ARG" if value.is_empty() => "kept with every `RUN` that follows",
                "ENV" if is_argument(file, value) => "written into the image's configuration",
                _ => continue,
            };
            names.push(name);
            places.push((place, label.to_owned()));
        }
    }
    names.sort_unstable();
    names.dedup();
    let (verb, noun) = if names.len() == 1 { ("is", "a build argument") } else { ("are", "build arguments") };
    (!names.is_empty()).then(|| {
        let diagnostic = Diagnostic::warning(
            SECRET_ARGUMENT,
            format!("{} {verb} given to the build as {noun}", wording::and_ticked(&names)),
        );
        at_places(diagnostic, places)
            .because("`docker history` shows the values of build arguments to whoever has the image")
            .help("what only the container needs: give it when it starts, with `env_file: .env`")
            .help("what the build needs: mount it for that command, `RUN --mount=type=secret,id=token,env=TOKEN …`")
    })
}

/// Tells whether a value is that of a build argument of the file: `$SECRET_KEY`.
fn is_argument(file: &Dockerfile, value: &str) -> bool {
    let name = value.strip_prefix('$').map(|name| name.trim_matches(['{', '}']));
    name.is_some_and(|name| {
        file.instructions().any(|(_, instruction)| {
            matches!(instruction, Instruction::Variables { instruction: "ARG", assignments, .. } if assignments.iter().any(|(own, _)| own == name))
        })
    })
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
        assert_eq!(check("ARG SECRET_KEY\nENV PYTHONUNBUFFERED=1"), ["secret-argument:2"]);
        assert_eq!(check("ARG SECRET_KEY\nENV SECRET_KEY=$SECRET_KEY"), ["secret-argument:2"]);
        assert!(check("ENV SECRET_KEY=$OTHER").is_empty());
        assert!(check("ARG SECRET_KEY\nFROM python:3.13").is_empty());
        assert!(check("ENV GOOGLE_API_KEY=no").is_empty());
        assert!(check("ARG SECRET_KEY=dummy").is_empty());
        assert_eq!(check("ENV SECRET_KEY=dummy"), ["dockerfile-secret:2"]);
        assert!(check("ENV SECRET_KEY=abc\nFROM python:3.13").is_empty());
    }
}
