use camino::Utf8Path;

use super::{Act, File, Target};
use crate::base::language::Text;
use crate::catalog::offer::Offer;
use crate::stack::{Command, Environment};

pub(super) const COMPOSE: Target = Target {
    offer: Offer {
        word: "compose",
        label: Text::name("Docker Compose"),
        about: Text::new("one machine with Docker", "Docker가 있는 컴퓨터 한 대"),
    },
    files: &[
        File {
            environment: Environment::Dev,
            path: USUAL,
            template: "compose/compose.yaml.tera",
            because: "the development stack",
        },
        File {
            environment: Environment::Prod,
            path: "compose.prod.yaml",
            template: "compose/compose.yaml.tera",
            because: "the production stack",
        },
    ],
    redeploy: File {
        environment: Environment::Prod,
        path: "redeploy.sh",
        template: "compose/redeploy.sh.tera",
        because: "replaces running containers without losing a request",
    },
    command,
    replace_beside,
};

/// The file that Compose reads where no other is named:
/// <https://docs.docker.com/compose/intro/compose-application-model/#the-compose-file>.
const USUAL: &str = "compose.yaml";

/// The env file that Compose reads where no other is named.
const USUAL_ENV: &str = ".env";

fn command(environment: Environment, env_file: &Utf8Path, act: Act<'_>) -> Command {
    let mut command = vec!["docker", "compose"];
    let file = COMPOSE.file(environment);
    if file != USUAL {
        command.extend(["--file", file.as_str()]);
    }
    if env_file != USUAL_ENV {
        command.extend(["--env-file", env_file.as_str()]);
    }
    let words: &[&str] = match act {
        Act::Run => &["up", "--build"],
        Act::Deploy => &["up", "--build", "--detach", "--wait"],
        Act::Build => &["build"],
        Act::Replace { .. } => &["up", "--detach", "--no-deps", "--wait"],
        Act::Containers { service } => &["ps", "--quiet", service],
        Act::Beside { service, scale } => {
            &["up", "--detach", "--no-deps", "--no-recreate", "--wait", "--scale", scale, service]
        }
        Act::BuildWithKeys => &["build", "--ssh", "default"],
        Act::Status => &["ps"],
        Act::FollowLogs => &["logs", "--follow"],
        Act::Explain => &["config"],
        Act::Exec { service, .. } => &["exec", service],
        Act::ExecUnattended { service, .. } => &["exec", "-T", service],
        Act::Once { service, .. } => &["run", "--rm", service],
        Act::Remove => &["down"],
        Act::RemoveWithData => &["down", "--volumes"],
    };
    command.extend(words);
    if let Act::Exec { words, .. }
    | Act::ExecUnattended { words, .. }
    | Act::Once { words, .. }
    | Act::Replace { services: words } = act
    {
        command.extend(words);
    }
    command.into_iter().map(str::to_owned).collect()
}

/// The old container is ended by name: told to run fewer of them, Compose ends the newest.
fn replace_beside(environment: Environment, env_file: &Utf8Path, service: &str) -> Vec<String> {
    let typed = |act| COMPOSE.command_with(environment, env_file, act);
    let scale = format!("{service}=2");
    vec![
        format!("old=$({})", typed(Act::Containers { service })),
        typed(Act::Beside { service, scale: &scale }),
        "docker stop $old && docker rm $old".to_owned(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(environment: Environment, env_file: &str, act: Act<'_>) -> String {
        COMPOSE.command_with(environment, Utf8Path::new(env_file), act)
    }

    #[test]
    fn usual_files_are_not_named() {
        assert_eq!(typed(Environment::Dev, ".env", Act::Run), "docker compose up --build");
        assert_eq!(
            typed(Environment::Prod, ".env.docker", Act::Status),
            "docker compose --file compose.prod.yaml --env-file .env.docker ps"
        );
    }

    #[test]
    fn old_container_is_named_before_the_new_one_starts() {
        let lines = (COMPOSE.replace_beside)(Environment::Prod, Utf8Path::new(".env"), "site");
        let compose = "docker compose --file compose.prod.yaml";
        assert_eq!(
            lines,
            [
                format!("old=$({compose} ps --quiet site)"),
                format!("{compose} up --detach --no-deps --no-recreate --wait --scale site=2 site"),
                "docker stop $old && docker rm $old".to_owned(),
            ]
        );
    }

    #[test]
    fn words_stand_behind_the_service() {
        let words = ["python", "manage.py", "shell"];
        let act = Act::Exec { service: "site", words: &words };
        assert_eq!(typed(Environment::Dev, ".env", act), "docker compose exec site python manage.py shell");
        let act = Act::ExecUnattended { service: "site", words: &words[..1] };
        assert_eq!(typed(Environment::Dev, ".env", act), "docker compose exec -T site python");
        let words = ["echo", "--name=x", "two words"];
        let act = Act::Once { service: "site", words: &words };
        assert_eq!(
            typed(Environment::Dev, ".env", act),
            "docker compose run --rm site echo --name=x 'two words'"
        );
        let act = Act::Once { service: "assets", words: &[] };
        assert_eq!(typed(Environment::Dev, ".env", act), "docker compose run --rm assets");
    }
}
