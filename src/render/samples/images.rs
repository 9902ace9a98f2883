//! Images of the sample.

use std::collections::BTreeMap;

use super::texts::{because, names, words};
use crate::stack::{HealthCheck, Image, RunPurpose, Stage, Step};

pub(super) fn python_environment() -> Step {
    let variables = [
        ("PATH", "/opt/venv/bin:/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin"),
        ("PYTHONDONTWRITEBYTECODE", "1"),
        ("PYTHONUNBUFFERED", "1"),
        ("VIRTUAL_ENV", "/opt/venv"),
    ];
    let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Step::Environment { variables: variables.collect() }
}

pub(super) fn run(purpose: RunPurpose, commands: &[&str], caches: &[&str]) -> Step {
    Step::Run {
        commands: commands.iter().map(|command| words(command)).collect(),
        variables: BTreeMap::new(),
        caches: caches.iter().map(|cache| (*cache).to_owned()).collect(),
        purpose,
    }
}

pub(super) fn install(command: &str) -> Step {
    Step::Install {
        commands: vec![words(command)],
        caches: names("/root/.cache/pip /root/.cache/pypoetry"),
        variables: BTreeMap::new(),
        secrets: Vec::new(),
        ssh: false,
    }
}

pub(super) fn health_check() -> HealthCheck {
    HealthCheck {
        test: vec![
            "python".into(),
            "-c".into(),
            "import socket; socket.create_connection((\"127.0.0.1\", 8000), 3)".into(),
        ],
        shell: false,
        interval: 15,
        timeout: 5,
        retries: 3,
        start_period: 30,
        start_interval: 2,
    }
}

pub(super) fn prod_stages() -> Vec<Stage> {
    let builder = Stage {
        name: "builder".into(),
        from: "python:3.13-slim-trixie".into(),
        steps: vec![
            Step::SystemPackages { packages: names("gcc libpq-dev") },
            python_environment(),
            run(RunPurpose::VirtualEnvironment, &["python -m venv --without-pip /opt/venv"], &[]),
            run(RunPurpose::PackageManager, &["pip install poetry==2.5.1"], &["/root/.cache/pip"]),
            Step::WorkFolder { path: "/app".into() },
            Step::CopyManifests {
                files: vec!["poetry.lock".into(), "pyproject.toml".into()],
                to: "/app".into(),
            },
            install("poetry install --no-interaction --no-root --only main"),
            run(RunPurpose::ImportCheck, &["python -c \"import-psycopg\""], &[]),
        ],
    };
    let collect = Step::Run {
        commands: vec![words("python manage.py collectstatic --noinput")],
        variables: BTreeMap::from([
            ("DJANGO_SECRET_KEY".to_owned(), "x".repeat(50)),
            ("A".to_owned(), "b c".to_owned()),
        ]),
        caches: Vec::new(),
        purpose: RunPurpose::CollectStatic { compiles: true },
    };
    let app = Stage {
        name: "app".into(),
        from: "python:3.13-slim-trixie".into(),
        steps: vec![
            Step::MakeUser { uid: "10001".into(), gid: "10001".into(), name: "app".into() },
            python_environment(),
            Step::WorkFolder { path: "/app".into() },
            Step::OwnedFolders {
                paths: names("/app/media"),
                filled: names("/app/media"),
                owner: "10001:10001".into(),
            },
            Step::CopyScript {
                from: "docker/entrypoint.prod.sh".into(),
                to: "/usr/local/bin/entrypoint".into(),
            },
            Step::CopyFrom {
                stage: "builder".into(),
                from: "/opt/venv".into(),
                to: "/opt/venv".into(),
                owner: None,
            },
            Step::CopySource { from: ".".into(), to: "/app".into() },
            Step::CopyTemplate { from: "shop/local.py.example".into(), to: "/app/shop/local.py".into() },
            run(RunPurpose::CompileMessages, &["python manage.py compilemessages"], &[]),
            collect,
            Step::User { user: "10001:10001".into() },
            Step::Expose { port: 8000 },
            Step::HealthCheck(health_check()),
            Step::Entrypoint { argv: names("entrypoint"), ends_in_time: true },
            Step::Cmd { argv: words("gunicorn --config docker/gunicorn.conf.py config.wsgi:application") },
        ],
    };
    let nginx = Stage {
        name: "nginx".into(),
        from: "nginxinc/nginx-unprivileged:stable".into(),
        steps: vec![
            Step::CopySource {
                from: "docker/nginx/default.conf.template".into(),
                to: "/etc/nginx/templates/default.conf.template".into(),
            },
            Step::CopyFrom {
                stage: "app".into(),
                from: "/app/staticfiles".into(),
                to: "/srv/static".into(),
                owner: Some("101:101".into()),
            },
            Step::StopSignal { signal: "SIGQUIT".into() },
            Step::HealthCheck(HealthCheck { test: names("exit_0"), shell: true, ..health_check() }),
            Step::User { user: "101:101".into() },
        ],
    };
    vec![builder, app, nginx]
}

pub(super) fn image(name: &str, dockerfile: &str, target: Option<&str>, stages: Vec<Stage>) -> Image {
    Image {
        name: name.into(),
        dockerfile: dockerfile.into(),
        target: target.map(ToOwned::to_owned),
        stages,
        because: because(),
    }
}

pub(super) fn dev_stage() -> Stage {
    Stage {
        name: "dev".into(),
        from: "python:3.13-slim-trixie".into(),
        steps: vec![
            Step::Argument { name: "UID".into(), default: "1000".into() },
            Step::Argument { name: "GID".into(), default: "1000".into() },
            Step::MakeUser { uid: "${UID}".into(), gid: "${GID}".into(), name: "app".into() },
            Step::WorkFolder { path: "/app".into() },
            Step::CopyManifests { files: vec!["requirements/dev.txt".into()], to: "/app".into() },
            Step::Install {
                commands: vec![words("pip install -r requirements/dev.txt"), words("pip check")],
                caches: names("/root/.cache/pip"),
                variables: BTreeMap::from([(
                    "PIP_BUILD_CONSTRAINT".into(),
                    "/tmp/build-constraints.txt".into(),
                )]),
                secrets: names("INDEX_TOKEN"),
                ssh: true,
            },
            run(RunPurpose::Frontend, &["npm ci", "npm run build"], &["/root/.npm"]),
            Step::User { user: "${UID}:${GID}".into() },
            Step::HealthCheck(health_check()),
            Step::Cmd { argv: words("python manage.py runserver 0.0.0.0:8000") },
        ],
    }
}
