//! Plans of small projects: each test that prevents an entry of the list of failures carries its number.

use djdock::catalog::Pick;
use djdock::plan::probes::Act;
use djdock::stack::Environment;
use djdock::stack::{Condition, Mount, Restart, Role, Step, VariableValue, WaitFor};

mod app_servers;
mod assets;
mod behind_tls;
mod bytecode;
mod collected_at_start;
mod development;
mod early;
mod health;
mod in_the_wild;
mod installed;
mod machine;
mod outside;
mod own_services;
mod persistent;
mod preload;
mod probes;
mod queues;
mod requirements;
mod secret_files;
mod servers;
mod site;
mod static_files;
mod store_access;
mod stores;
mod test_databases;
mod traefik;
mod translations;
mod uploads;
mod values;
mod variables;
mod whitenoise;
mod wiring;

use site::*;

#[test]
fn f01_one_static_root_drives_collecting_serving_and_probing() {
    let plan = postgres().plan();
    let copied = steps(&plan, "nginx").iter().find_map(|step| match step {
        Step::CopyFrom { from, to, .. } => Some((from.as_str(), to.as_str())),
        _ => None,
    });
    assert_eq!(copied, Some(("/app/collected", "/srv/static")));
    let location = &plan.prod.proxy.as_ref().unwrap().locations[0];
    assert_eq!((location.url.as_str(), location.folder.as_str()), ("/static/", "/srv/static/"));
    let probe = plan
        .probes
        .iter()
        .find(|probe| probe.name == "project-static" && probe.environment == Environment::Prod);
    assert!(matches!(&probe.unwrap().act, Act::Get(get) if get.path == "/static/pages/style.css"));
}

#[test]
fn f02_static_files_are_in_no_volume_that_could_be_old() {
    let plan = postgres().plan();
    for service in &plan.prod.services {
        for mount in &service.mounts {
            let (Mount::Volume { target, .. } | Mount::Bind { target, .. } | Mount::Anonymous { target }) =
                mount;
            assert!(
                !target.starts_with("/app/collected") && !target.starts_with("/srv/static"),
                "{}",
                service.name
            );
        }
    }
}

#[test]
fn f03_collecting_static_files_has_long_throw_away_values_for_its_command_alone() {
    let plan = postgres().plan();
    let variables = steps(&plan, "app").iter().find_map(|step| match step {
        Step::Run { commands, variables, .. }
            if commands.iter().flatten().any(|word| word == "collectstatic") =>
        {
            Some(variables)
        }
        _ => None,
    });
    assert!(variables.unwrap()["SECRET_KEY"].len() >= 50);
}

#[test]
fn f05_c_drivers_are_imported_in_the_stage_that_runs() {
    let plan = mysql().plan();
    let imports = steps(&plan, "app").iter().any(|step| {
        matches!(step, Step::Run { commands, .. } if commands[0].last().is_some_and(|word| word == "import MySQLdb"))
    });
    assert!(imports);
}

#[test]
fn f08_the_database_is_healthy_first_and_waited_for_after_a_restart() {
    let plan = postgres().plan();
    let migrate = service(&plan.prod, "migrate");
    assert!(migrate.depends_on.iter().any(|on| on.service == "db" && on.condition == Condition::Healthy));
    assert_eq!(plan.prod.entrypoint.wait_for, [WaitFor::Address { host: "db".to_owned(), port: 5432 }]);
}

#[test]
fn f09_mysql_health_check_uses_tcp_and_a_query() {
    let plan = mysql().plan();
    let check = service(&plan.prod, "db").health_check.as_ref().unwrap();
    let line = &check.test[0];
    assert!(check.shell && line.contains("--protocol=tcp") && line.contains("SELECT 1"), "{line}");
    assert!(line.contains("$MYSQL_USER") && !line.contains("mysqladmin"), "{line}");
}

#[test]
fn f10_localhost_that_is_written_down_is_set_anew() {
    let fixed = database("postgresql").replace("os.getenv('RDS_HOSTNAME', 'localhost')", "'localhost'");
    let plan = Site::new(&format!("{OPEN}{fixed}"), "django==5.2.1\npsycopg==3.2.9\n").plan();
    let overlay = &plan.overlays[0];
    assert!(
        overlay.text.contains("DATABASES[\"default\"][\"HOST\"] = os.environ[\"DB_HOST\"]"),
        "{}",
        overlay.text
    );
    assert_eq!(value(service(&plan.prod, "web"), "DB_HOST"), "db");
}

#[test]
fn f14_folders_of_volumes_belong_to_the_user_before_it_is_taken_on() {
    let plan = sqlite().plan();
    let app = steps(&plan, "app");
    let owned = app
        .iter()
        .position(|step| matches!(step, Step::OwnedFolders { paths, .. } if paths == &["/app/data"]));
    let user = app.iter().position(|step| matches!(step, Step::User { user } if user == "10001:10001"));
    assert!(owned.is_some() && owned < user);
}

#[test]
fn f19_and_f20_the_health_check_survives_hosts_and_redirects_and_needs_no_curl() {
    let plan = postgres().plan();
    let test = service(&plan.prod, "web").health_check.as_ref().unwrap().test.join(" ");
    assert!(test.starts_with("python -I -S "), "{test}");
    assert!(test.contains("Host: localhost") && test.contains("X-Forwarded-Proto: https"), "{test}");
}

#[test]
fn f21_every_python_image_names_its_suite() {
    let plan = postgres().plan();
    for stage in plan.prod.images.iter().chain(&plan.dev.images).flat_map(|image| &image.stages) {
        if stage.from.starts_with("python:") {
            assert!(stage.from.matches('-').count() == 2, "{}", stage.from);
        }
    }
}

#[test]
fn f24_commands_run_in_the_folder_of_manage_py() {
    let mut site = postgres();
    site.files = site
        .files
        .into_iter()
        .map(
            |(path, text)| {
                if path == "requirements.txt" { (path, text) } else { (format!("backend/{path}"), text) }
            },
        )
        .collect();
    let plan = site.plan();
    assert!(
        steps(&plan, "app")
            .iter()
            .any(|step| matches!(step, Step::WorkFolder { path } if path == "/app/backend"))
    );
    assert_eq!(plan.prod.app_server.application, "site1.wsgi:application");
}

#[test]
fn f24_a_wsgi_module_that_sets_the_settings_itself_is_not_used() {
    let hard = WSGI.replace(
        "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'site1.settings')",
        "os.environ['DJANGO_SETTINGS_MODULE'] = 'site1.settings'",
    );
    let plan = postgres().with("site1/wsgi.py", &hard).plan();
    assert_eq!(plan.prod.app_server.application, "django.core.wsgi:get_wsgi_application()");
}

#[test]
fn f29_mysql_is_not_started_with_options_that_it_no_longer_knows() {
    let plan = mysql().plan();
    assert!(!service(&plan.prod, "db").command.join(" ").contains("authentication"));
}

#[test]
fn f31_sqlite_lies_on_a_volume_of_its_folder() {
    let plan = sqlite().plan();
    let web = service(&plan.prod, "web");
    assert_eq!(value(web, "SQLITE_PATH"), "/app/data/db.sqlite3");
    assert!(
        web.mounts.iter().any(|mount| matches!(mount, Mount::Volume { target, .. } if target == "/app/data"))
    );
}

#[test]
fn f31_a_sqlite_file_with_a_folder_of_its_own_stays_there() {
    let own = SQLITE.replace("BASE_DIR / 'db.sqlite3'", "BASE_DIR / 'storage' / 'db.sqlite3'");
    let plan = Site::new(&format!("{OPEN}{own}"), "django==5.2.1\n").plan();
    assert!(plan.overlays.is_empty());
    let web = service(&plan.prod, "web");
    assert!(
        web.mounts
            .iter()
            .any(|mount| matches!(mount, Mount::Volume { target, .. } if target == "/app/storage"))
    );
}

#[test]
fn f32_and_f33_migrations_run_once_before_the_rest_and_never_in_a_build() {
    let plan = celery().plan_with_redis();
    for name in ["web", "worker", "beat"] {
        let after = &service(&plan.prod, name).depends_on;
        assert!(
            after
                .iter()
                .any(|on| on.service == "migrate" && on.condition == Condition::CompletedSuccessfully),
            "{name}"
        );
    }
    let migrate = service(&plan.prod, "migrate");
    assert_eq!((migrate.restart, migrate.command.last().unwrap().as_str()), (Restart::No, "--noinput"));
    for image in plan.prod.images.iter().chain(&plan.dev.images) {
        for step in image.stages.iter().flat_map(|stage| &stage.steps) {
            let runs = matches!(step, Step::Run { commands, .. } if commands.iter().flatten().any(|word| word == "migrate"));
            assert!(!runs);
        }
    }
}

#[test]
fn f34_the_virtual_environment_is_outside_the_bind_mount() {
    let plan = postgres().plan();
    let web = service(&plan.dev, "web");
    assert!(web.mounts.iter().any(|mount| matches!(mount, Mount::Bind { target, .. } if target == "/app")));
    let path = plan.dev.images[0].stages[0].steps.iter().find_map(|step| match step {
        Step::Environment { variables } => variables.get("PATH"),
        _ => None,
    });
    assert!(path.unwrap().starts_with("/opt/venv/bin:"));
}

#[test]
fn f45_and_f46_every_value_of_the_env_file_is_taken_literally() {
    for plan in [postgres().plan(), celery().plan_with_redis(), sqlite().plan()] {
        for variable in plan.variables() {
            let (VariableValue::Plain { text } | VariableValue::Asked { placeholder: text }) =
                &variable.value
            else {
                continue;
            };
            assert!(!text.contains(['$', '"', '\'', '#', ' ', '\n']), "{}", variable.name);
        }
    }
}

#[test]
fn f48_and_f49_workers_have_checks_and_files_of_their_own() {
    let plan = celery().plan_with_redis();
    let check = service(&plan.prod, "worker").health_check.as_ref().unwrap();
    assert!(check.test[0].contains("inspect ping"), "{:?}", check.test);
    let beat = service(&plan.prod, "beat");
    assert!(beat.health_check.is_none() && beat.role == Role::Scheduler);
    assert!(beat.command.join(" ").contains("--schedule /tmp/"));
    assert_eq!(value(service(&plan.prod, "worker"), "BROKER"), "redis://redis:6379/0");
}

#[test]
fn f62_no_secret_is_in_an_instruction_that_stays_in_the_image() {
    let plan = celery().plan_with_redis();
    let secrets: Vec<&str> = plan
        .prod
        .variables
        .iter()
        .filter(|variable| matches!(variable.value, VariableValue::Generated { .. }))
        .map(|variable| variable.name.as_str())
        .collect();
    assert!(secrets.contains(&"SECRET_KEY") && secrets.contains(&"RDS_PASSWORD"), "{secrets:?}");
    for step in plan.prod.images.iter().flat_map(|image| &image.stages).flat_map(|stage| &stage.steps) {
        match step {
            Step::Environment { variables } => {
                assert!(secrets.iter().all(|name| !variables.contains_key(*name)));
            }
            Step::Argument { name, .. } => assert!(!secrets.contains(&name.as_str())),
            _ => {}
        }
    }
}

#[test]
fn production_publishes_the_proxy_alone_and_development_only_to_this_machine() {
    let plan = celery().plan_with_redis();
    let published: Vec<&str> = plan
        .prod
        .services
        .iter()
        .filter(|service| !service.ports.is_empty())
        .map(|service| service.name.as_str())
        .collect();
    assert_eq!(published, ["nginx"]);
    for port in plan.dev.services.iter().flat_map(|service| &service.ports) {
        assert_eq!(port.interface.as_deref(), Some("127.0.0.1"));
    }
    for name in ["db", "redis"] {
        assert_eq!(service(&plan.prod, name).networks, ["back"]);
    }
    assert!(plan.prod.networks.iter().any(|network| network.name == "back" && network.internal));
}

#[test]
fn a_driver_and_an_app_server_that_nothing_requires_are_added() {
    let site = Site::new(&format!("{OPEN}{}", database("postgresql")), "django==5.2.1\n");
    let plan = site.try_plan(|answers| answers.database = Pick::named("postgres").unwrap()).unwrap();
    let commands: Vec<String> = steps(&plan, "builder")
        .iter()
        .filter_map(|step| match step {
            Step::Install { commands, .. } => Some(commands.concat().join(" ")),
            _ => None,
        })
        .collect();
    assert!(commands[0].contains("gunicorn==") && commands[0].contains("psycopg[binary]=="), "{commands:?}");
}
