//! A plan that sets every field of the model at least once: what the tests of templates and views render.

mod images;
mod services;
mod texts;

use super::Values;
use crate::catalog::Pick;
use crate::plan::constraints::ConstraintGroup;
use crate::plan::documented::Documented;
use crate::plan::overlay::Override;
use crate::plan::secret_files::{SecretEntry, SecretFormat, SecretValue};
use crate::plan::{Constraints, DockerIgnore, Note, Output, OutputKind, Overlay, Plan, SecretFile};
use crate::stack::{
    AppServer, BuildArgument, Certificate, Condition, Entrypoint, HealthCheck, Location, Mount, Network,
    Protocol, Proxy, PublishedPort, Restart, Role, Routing, Secret, Service, ServiceImage, TemplateCopy,
    TestDatabases, Text, Variable, VariableGroup, VariableValue, Volume, WaitFor,
};
use crate::stack::{Environment, Stack};
use images::{dev_stage, health_check, image, prod_stages};
use services::{after, built, database, memory, service, web};
use texts::{because, names, words};

pub(super) fn values() -> Values {
    let secrets = [("secret-key", "k3y"), ("database-password", "p4ss")];
    let secrets = secrets.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Values { secrets: secrets.collect(), user: 1001, group: 1002 }
}

pub(super) fn plan() -> Plan {
    let (dev, prod) = (dev(), prod());
    Plan {
        target: Pick::default(),
        outputs: outputs(),
        probes: Vec::new(),
        overlays: vec![overlay()],
        secret_files: vec![secret_file()],
        constraints: vec![Constraints {
            path: "docker/build-constraints.txt".into(),
            target: "/tmp/build-constraints.txt".into(),
            about: "What builds from source.".into(),
            groups: vec![ConstraintGroup {
                because: Some("Its `setup.py` is old.".into()),
                requirements: names("setuptools<70"),
            }],
        }],
        docker_ignore: DockerIgnore {
            existing: vec!["# mine".into(), "*.log".into()],
            paths: vec!["staticfiles".into(), "media".into()],
            keep: vec!["README.md".into()],
        },
        documented: vec![
            Documented { name: "DATABASE_URL".into(), comment: "the server's address".into() },
            Documented { name: "SIGN_IN_URL".into(), comment: "where people sign in".into() },
        ],
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
        output(
            "compose.prod.yaml",
            OutputKind::Stack {
                environment: Environment::Prod,
                template: "compose/compose.yaml.tera".into(),
            },
        ),
        output(
            "compose.yaml",
            OutputKind::Stack { environment: Environment::Dev, template: "compose/compose.yaml.tera".into() },
        ),
        output("config/settings/container.py", OutputKind::Overlay),
        output("docker/build-constraints.txt", OutputKind::Constraints),
        output("docker/entrypoint.prod.sh", OutputKind::ProdEntrypoint),
        output("docker/entrypoint.sh", OutputKind::DevEntrypoint),
        output(
            "docker/gunicorn.conf.py",
            OutputKind::Configuration { template: "server/gunicorn/gunicorn.conf.py.tera".into() },
        ),
        output("docker/mysql/test_databases.sql", OutputKind::TestDatabases),
        output(
            "docker/nginx/default.conf.template",
            OutputKind::Configuration { template: "proxy/nginx/default.conf.template.tera".into() },
        ),
        output("docker/redeploy.sh", OutputKind::Redeploy { template: "compose/redeploy.sh.tera".into() }),
        output("secrets.example.json", OutputKind::SecretExample),
        output("secrets.json", OutputKind::SecretFile),
    ]
}

fn overlay() -> Overlay {
    Overlay {
        path: "config/settings/container.py".into(),
        module: "config.settings.container".into(),
        class: None,
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
                    ending: "",
                }),
            ),
            entry("API_KEY", SecretValue::Variable(VariableValue::Asked { placeholder: "change-me".into() })),
            entry("PORT", SecretValue::Json { value: 5432.into(), fill_in: false }),
        ],
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
        memory: memory("/etc/nginx/conf.d /tmp", Some("101:101")),
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
        restart: Restart::OnFailure(3),
        health_check: None,
        ..service("migrate", Role::Migrate, built("shop-web"))
    };
    Stack {
        environment: Environment::Prod,
        name: "shop-prod".into(),
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
        manage: vec!["python".to_owned(), "manage.py".to_owned()],
        app_server: AppServer {
            application: "config.wsgi:application".into(),
            asgi: false,
            protocol: Protocol::Http,
            port: 8000,
            health_port: 8001,
            timeout: 30,
            graceful_timeout: 28,
            preloads: true,
            logs_requests: true,
            forwarded_allow_ips: "*".into(),
            trusted_variable: None,
        },
        entrypoint: Entrypoint {
            templates: vec![TemplateCopy {
                from: "/app/shop/local.py.example".into(),
                to: "/app/shop/local.py".into(),
            }],
            workers_variable: Some("WEB_CONCURRENCY".into()),
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
                    compressed: true,
                    uploaded: false,
                },
                Location {
                    url: "/media/".into(),
                    folder: "/srv/media/".into(),
                    immutable: false,
                    compressed: false,
                    uploaded: true,
                },
            ],
            body_megabytes: Some(20),
            prefix: Some("/notes".into()),
            health_path: "/-/nginx".into(),
            health_port: 8081,
            tls_port: Some(8443),
            site_variable: Some("SITE_ADDRESS".into()),
            routing: Some(Routing {
                variable: "NGINX_APP_SERVERS".into(),
                usual: "web:8000 resolve".into(),
                behind: ":8000".into(),
                between: "; server ".into(),
                fallback: Some("; server web:8000 resolve backup".into()),
                reload: ["nginx", "-s", "reload"].map(str::to_owned).to_vec(),
                settles: 11,
            }),
            certificate: Some(Certificate {
                chain: "/certificates/live/site/fullchain.pem".into(),
                key: "/certificates/live/site/privkey.pem".into(),
                webroot: "/certificates/webroot".into(),
                profile: "tls".into(),
            }),
        }),
        test_databases: None,
    }
}

fn dev() -> Stack {
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
        images: vec![image("shop-dev", "Dockerfile", None, vec![dev_stage()])],
        services: vec![database(), web],
        networks: vec![
            Network { name: "inner".into(), internal: false },
            Network { name: "outer".into(), internal: false },
        ],
        secrets: Vec::new(),
        proxy: None,
        test_databases: Some(TestDatabases {
            script: "docker/mysql/test_databases.sql".into(),
            template: "database/mysql/test_databases.sql.tera".into(),
            user: "shop".into(),
            patterns: names("test\\_%"),
        }),
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
            VariableValue::Generated { secret: "secret-key".into(), length: 50, ending: "" },
            VariableGroup::Django,
        ),
        variable(
            "POSTGRES_PASSWORD",
            VariableValue::Generated { secret: "database-password".into(), length: 32, ending: "" },
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
