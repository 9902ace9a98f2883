//! A plan that sets every field of the model at least once: what the tests of templates and views render.

use std::collections::BTreeMap;

use super::Values;
use crate::base::{Evidence, Place};
use crate::plan::overlay::Override;
use crate::plan::secret_files::{SecretEntry, SecretFormat, SecretValue};
use crate::plan::stack::{
    AppServer, BuildArgument, Command, Condition, DependsOn, Entrypoint, HealthCheck, Image, Location, Mount,
    Network, Proxy, PublishedPort, Role, RunPurpose, Secret, Service, ServiceImage, Stage, Step, Text,
    Variable, VariableGroup, VariableValue, Volume, WaitFor,
};
use crate::plan::{DockerIgnore, Environment, Note, Output, OutputKind, Overlay, Plan, SecretFile, Stack};

pub(super) fn values() -> Values {
    let secrets = [("secret-key", "k3y"), ("database-password", "p4ss")];
    let secrets = secrets.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Values { secrets: secrets.collect(), user: 1001, group: 1002 }
}

pub(super) fn plan() -> Plan {
    let (dev, prod) = (dev(), prod());
    Plan {
        outputs: outputs(),
        probes: Vec::new(),
        overlays: vec![overlay()],
        secret_files: vec![secret_file()],
        docker_ignore: DockerIgnore {
            existing: vec!["# mine".into(), "*.log".into()],
            paths: vec!["staticfiles".into(), "media".into()],
            keep: vec!["README.md".into()],
        },
        notes: vec![Note {
            topic: "Database".into(),
            text: "PostgreSQL, because the settings say so.".into(),
            evidence: because(),
        }],
        diagnostics: Vec::new(),
        dev,
        prod,
    }
}

fn words(text: &str) -> Command {
    text.split_whitespace().map(ToOwned::to_owned).collect()
}

fn names(text: &str) -> Vec<String> {
    words(text)
}

fn because() -> Vec<Evidence> {
    vec![Evidence::new(Place::line("config/settings/base.py", 50), "the settings name PostgreSQL")]
}

fn outputs() -> Vec<Output> {
    let output = |path: &str, kind| Output {
        executable: path.ends_with(".sh"),
        path: path.into(),
        kind,
        because: "one of the files".into(),
    };
    vec![
        output(".dockerignore", OutputKind::DockerIgnore),
        output(".env", OutputKind::EnvFile),
        output(".env.example", OutputKind::EnvExample),
        output("DOCKER.md", OutputKind::Document),
        output("Dockerfile", OutputKind::DevDockerfile),
        output("Dockerfile.prod", OutputKind::ProdDockerfile),
        output("compose.prod.yaml", OutputKind::ProdCompose),
        output("compose.yaml", OutputKind::DevCompose),
        output("config/settings/container.py", OutputKind::Overlay),
        output("docker/entrypoint.prod.sh", OutputKind::ProdEntrypoint),
        output("docker/entrypoint.sh", OutputKind::DevEntrypoint),
        output("docker/gunicorn.conf.py", OutputKind::GunicornConfiguration),
        output("docker/nginx/default.conf.template", OutputKind::NginxConfiguration),
        output("secrets.example.json", OutputKind::SecretExample),
        output("secrets.json", OutputKind::SecretFile),
    ]
}

fn overlay() -> Overlay {
    Overlay {
        path: "config/settings/container.py".into(),
        module: "config.settings.container".into(),
        extends: "config.settings.prod".into(),
        text: "from .prod import *\n\nDEBUG = False\n".into(),
        overrides: vec![Override {
            setting: "DEBUG".into(),
            because: "it shows the settings to everyone".into(),
            evidence: because(),
        }],
    }
}

fn secret_file() -> SecretFile {
    let entry = |key: &str, value| SecretEntry { keys: vec![key.to_owned()], value };
    SecretFile {
        path: "secrets.json".into(),
        example: "secrets.example.json".into(),
        target: "/app/secrets.json".into(),
        format: SecretFormat::Json,
        entries: vec![
            entry(
                "DB_PASSWORD",
                SecretValue::Variable(VariableValue::Generated {
                    secret: "database-password".into(),
                    length: 32,
                }),
            ),
            entry("API_KEY", SecretValue::Variable(VariableValue::Asked { placeholder: "change-me".into() })),
            entry("PORT", SecretValue::Json { value: 5432.into() }),
        ],
    }
}

fn python_environment() -> Step {
    let variables = [
        ("PATH", "/opt/venv/bin:/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin"),
        ("PYTHONDONTWRITEBYTECODE", "1"),
        ("PYTHONUNBUFFERED", "1"),
        ("VIRTUAL_ENV", "/opt/venv"),
    ];
    let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Step::Environment { variables: variables.collect() }
}

fn run(purpose: RunPurpose, commands: &[&str], caches: &[&str]) -> Step {
    Step::Run {
        commands: commands.iter().map(|command| words(command)).collect(),
        variables: BTreeMap::new(),
        caches: caches.iter().map(|cache| (*cache).to_owned()).collect(),
        purpose,
    }
}

fn install(command: &str) -> Step {
    Step::Install {
        commands: vec![words(command)],
        caches: names("/root/.cache/pip /root/.cache/pypoetry"),
        secrets: Vec::new(),
        ssh: false,
    }
}

fn health_check() -> HealthCheck {
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
    }
}

fn prod_stages() -> Vec<Stage> {
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
        purpose: RunPurpose::CollectStatic,
    };
    let app = Stage {
        name: "app".into(),
        from: "python:3.13-slim-trixie".into(),
        steps: vec![
            Step::MakeUser { uid: "10001".into(), gid: "10001".into(), name: "app".into() },
            python_environment(),
            Step::WorkFolder { path: "/app".into() },
            Step::OwnedFolders { paths: names("/app/media"), owner: "10001:10001".into() },
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
            run(RunPurpose::CompileMessages, &["python manage.py compilemessages"], &[]),
            collect,
            Step::User { user: "10001:10001".into() },
            Step::Expose { port: 8000 },
            Step::HealthCheck(health_check()),
            Step::Entrypoint { argv: names("entrypoint") },
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

fn image(name: &str, dockerfile: &str, target: Option<&str>, stages: Vec<Stage>) -> Image {
    Image {
        name: name.into(),
        dockerfile: dockerfile.into(),
        target: target.map(ToOwned::to_owned),
        stages,
        because: because(),
    }
}

fn service(name: &str, role: Role, image: ServiceImage) -> Service {
    Service {
        name: name.into(),
        role,
        image,
        command: Vec::new(),
        environment: BTreeMap::new(),
        env_file: false,
        depends_on: Vec::new(),
        health_check: None,
        mounts: Vec::new(),
        tmpfs: names("/tmp"),
        ports: Vec::new(),
        networks: names("inner"),
        secrets: Vec::new(),
        user: None,
        restart: Some("unless-stopped".into()),
        init: true,
        read_only: true,
        cap_drop_all: true,
        cap_add: Vec::new(),
        no_new_privileges: true,
        log_rotation: true,
        stop_grace_period: None,
        stop_signal: None,
        shm_size: None,
        profiles: Vec::new(),
        because: because(),
    }
}

fn built(image: &str) -> ServiceImage {
    ServiceImage::Built { image: image.into(), arguments: Vec::new() }
}

fn after(service: &str, condition: Condition) -> DependsOn {
    DependsOn { service: service.into(), condition }
}

fn database() -> Service {
    Service {
        environment: BTreeMap::from([
            ("POSTGRES_DB".to_owned(), Text::known("shop")),
            ("POSTGRES_PASSWORD".to_owned(), Text::variable("POSTGRES_PASSWORD")),
            ("POSTGRES_USER".to_owned(), Text::known("shop")),
        ]),
        health_check: Some(HealthCheck {
            test: vec![
                "pg_isready --host=127.0.0.1 --username=\"$POSTGRES_USER\" --dbname=\"$POSTGRES_DB\"".into(),
            ],
            shell: true,
            ..health_check()
        }),
        mounts: vec![Mount::Volume {
            volume: "database".into(),
            target: "/var/lib/postgresql/data".into(),
            read_only: false,
        }],
        tmpfs: names("/tmp /var/run/postgresql"),
        cap_add: names("CHOWN DAC_OVERRIDE FOWNER SETGID SETUID"),
        shm_size: Some("128m".into()),
        stop_grace_period: Some(30),
        ..service("db", Role::Database, ServiceImage::Named { tag: "postgres:17-trixie".into() })
    }
}

fn web(image: &str) -> Service {
    let url =
        Text::known("postgres://shop:").then(Text::variable("POSTGRES_PASSWORD")).then_known("@db:5432/shop");
    Service {
        environment: BTreeMap::from([
            ("DATABASE_URL".to_owned(), url),
            ("DJANGO_SETTINGS_MODULE".to_owned(), Text::known("config.settings.prod")),
        ]),
        env_file: true,
        depends_on: vec![after("db", Condition::Healthy), after("migrate", Condition::CompletedSuccessfully)],
        health_check: Some(health_check()),
        mounts: vec![Mount::Volume { volume: "media".into(), target: "/app/media".into(), read_only: false }],
        secrets: names("settings"),
        networks: names("inner outer"),
        stop_grace_period: Some(20),
        ..service("web", Role::Web, built(image))
    }
}

fn prod() -> Stack {
    let nginx = Service {
        depends_on: vec![after("web", Condition::Healthy)],
        health_check: Some(HealthCheck {
            test: words("curl --fail --silent --output /dev/null http://127.0.0.1:8080/-/nginx"),
            ..health_check()
        }),
        mounts: vec![Mount::Volume { volume: "media".into(), target: "/srv/media".into(), read_only: true }],
        tmpfs: names("/etc/nginx/conf.d:uid=101,gid=101 /tmp"),
        ports: vec![PublishedPort {
            interface: None,
            variable: "WEB_PORT".into(),
            published: 8080,
            container: 8080,
        }],
        networks: names("inner outer"),
        stop_signal: Some("SIGQUIT".into()),
        ..service("nginx", Role::Proxy, built("shop-nginx"))
    };
    let migrate = Service {
        command: words("python manage.py migrate --noinput"),
        depends_on: vec![after("db", Condition::Healthy)],
        restart: None,
        health_check: None,
        ..service("migrate", Role::Migrate, built("shop-web"))
    };
    Stack {
        environment: Environment::Prod,
        name: "shop-prod".into(),
        compose_file: "compose.prod.yaml".into(),
        env_file: ".env".into(),
        images: vec![
            image("shop-nginx", "Dockerfile.prod", Some("nginx"), prod_stages()),
            image("shop-web", "Dockerfile.prod", Some("app"), prod_stages()),
        ],
        services: vec![database(), migrate, nginx, web("shop-web")],
        volumes: vec![
            Volume { name: "database".into(), because: because() },
            Volume { name: "media".into(), because: because() },
        ],
        networks: vec![
            Network { name: "inner".into(), internal: true },
            Network { name: "outer".into(), internal: false },
        ],
        secrets: vec![Secret {
            name: "settings".into(),
            file: "secrets.json".into(),
            target: "/app/secrets.json".into(),
        }],
        variables: variables(),
        provided_files: vec!["secrets.json".into()],
        app_server: AppServer {
            application: "config.wsgi:application".into(),
            asgi: false,
            worker_class: "gthread".into(),
            port: 8000,
            timeout: 30,
            forwarded_allow_ips: "*".into(),
        },
        entrypoint: Entrypoint {
            wait_for: vec![
                WaitFor::Address { host: "db".into(), port: 5432 },
                WaitFor::Variables {
                    host: "DB_HOST".into(),
                    port: Some("DB_PORT".into()),
                    default_port: 5432,
                },
                WaitFor::Variables { host: "DB_HOST".into(), port: None, default_port: 5432 },
                WaitFor::Url { variable: "DATABASE_URL".into(), default_port: 5432 },
            ],
        },
        proxy: Some(Proxy {
            listen: 8080,
            upstream_service: "web".into(),
            upstream_port: 8000,
            locations: vec![
                Location {
                    url: "/static/".into(),
                    folder: "/srv/static/".into(),
                    immutable: true,
                    uploaded: false,
                },
                Location {
                    url: "/media/".into(),
                    folder: "/srv/media/".into(),
                    immutable: false,
                    uploaded: true,
                },
            ],
            body_size: "20m".into(),
            health_path: "/-/nginx".into(),
        }),
    }
}

fn dev() -> Stack {
    let stage = Stage {
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
                secrets: names("INDEX_TOKEN"),
                ssh: true,
            },
            run(RunPurpose::Frontend, &["npm ci", "npm run build"], &["/root/.npm"]),
            Step::User { user: "${UID}:${GID}".into() },
            Step::HealthCheck(health_check()),
            Step::Cmd { argv: words("python manage.py runserver 0.0.0.0:8000") },
        ],
    };
    let argument = |name: &str| BuildArgument { name: name.into(), value: Text::variable_or(name, "1000") };
    let web = Service {
        image: ServiceImage::Built {
            image: "shop-dev".into(),
            arguments: vec![argument("UID"), argument("GID")],
        },
        mounts: vec![
            Mount::Bind { source: ".".into(), target: "/app".into(), read_only: false },
            Mount::Anonymous { target: "/app/node_modules".into() },
        ],
        ports: vec![PublishedPort {
            interface: Some("127.0.0.1".into()),
            variable: "WEB_PORT".into(),
            published: 8000,
            container: 8000,
        }],
        user: Some("1000:1000".into()),
        profiles: names("debug"),
        secrets: Vec::new(),
        depends_on: vec![after("db", Condition::Started)],
        ..web("shop-dev")
    };
    Stack {
        environment: Environment::Dev,
        name: "shop".into(),
        compose_file: "compose.yaml".into(),
        images: vec![image("shop-dev", "Dockerfile", None, vec![stage])],
        services: vec![database(), web],
        networks: vec![
            Network { name: "inner".into(), internal: false },
            Network { name: "outer".into(), internal: false },
        ],
        secrets: Vec::new(),
        proxy: None,
        app_server: AppServer { asgi: true, ..prod().app_server },
        ..prod()
    }
}

fn variables() -> Vec<Variable> {
    let variable = |name: &str, value, group| Variable {
        name: name.into(),
        value,
        because: "what it is for".into(),
        group,
    };
    vec![
        variable("WEB_PORT", VariableValue::Plain { text: "8080".into() }, VariableGroup::Stack),
        variable("UID", VariableValue::HostUser, VariableGroup::Stack),
        variable("GID", VariableValue::HostGroup, VariableGroup::Stack),
        variable(
            "DJANGO_SECRET_KEY",
            VariableValue::Generated { secret: "secret-key".into(), length: 50 },
            VariableGroup::Django,
        ),
        variable(
            "POSTGRES_PASSWORD",
            VariableValue::Generated { secret: "database-password".into(), length: 32 },
            VariableGroup::Database,
        ),
        variable(
            "STRIPE_KEY",
            VariableValue::Asked { placeholder: "change-me".into() },
            VariableGroup::External,
        ),
        variable(
            "EMAIL_URL",
            VariableValue::Optional { example: "consolemail://".into() },
            VariableGroup::External,
        ),
    ]
}

#[cfg(test)]
#[test]
fn dump() {
    let Ok(dir) = std::env::var("DUMP") else { return };
    for file in super::render(
        &plan(),
        &crate::choose::Answers { comments: crate::choose::answers::Comments::Brief, ..Default::default() },
        &values(),
    )
    .unwrap()
    {
        let path = std::path::Path::new(&dir).join(file.path.as_str());
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, file.contents).unwrap();
    }
}
