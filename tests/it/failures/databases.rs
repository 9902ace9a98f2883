//! Failures 8 to 10: a database that is not there yet, or looked for on the wrong machine.

use serde_json::Value;

use crate::support::pipeline::{SETTINGS, example, project, startproject};

fn health(service: &Value) -> String {
    let test = service["healthcheck"]["test"].as_array().expect("a health check");
    test.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" ")
}

#[test]
fn f08_nothing_starts_before_the_database_answers() {
    for name in ["shop", "board"] {
        let made = example(name);
        for file in ["compose.yaml", "compose.prod.yaml"] {
            let compose = made.compose(file);
            let services = &compose["services"];
            assert!(!health(&services["db"]).is_empty(), "{name}/{file}");
            assert_eq!(
                services["migrate"]["depends_on"]["db"]["condition"], "service_healthy",
                "{name}/{file}"
            );
            let web = &services["web"]["depends_on"];
            assert_eq!(web["migrate"]["condition"], "service_completed_successfully", "{name}/{file}: {web}");
        }
        // A database elsewhere has no health check that compose could wait for.
        let entrypoint = made.file("docker/entrypoint.prod.sh");
        assert!(entrypoint.contains("range("), "{name}: waits for the database, but not for ever");
        assert!(entrypoint.lines().any(|line| line.starts_with("wait_for ")), "{name}: {entrypoint}");
    }
}

#[test]
fn f09_mysql_is_healthy_only_over_tcp_and_with_its_user() {
    let made = example("board");
    for file in ["compose.yaml", "compose.prod.yaml"] {
        let test = health(&made.compose(file)["services"]["db"]);
        assert!(
            test.contains("127.0.0.1"),
            "its first server answers on the socket while it is set up: {test}"
        );
        assert!(test.contains("SELECT 1"), "a ping succeeds although access is denied: {test}");
        assert!(test.contains("--user") || test.contains("-u"), "{test}");
        assert!(!test.contains("mysqladmin"), "{test}");
    }
}

#[test]
fn f10_database_on_localhost_becomes_the_service() {
    let fixed = "DATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql', 'NAME': 'site', \
        'USER': 'site', 'PASSWORD': 'site', 'HOST': 'localhost', 'PORT': '5432'}}\n";
    let settings = format!("{SETTINGS}{fixed}");
    let made = project(&startproject(&settings, "Django==5.2.19\npsycopg[binary]==3.3.9\n"));
    assert!(made.compose("compose.prod.yaml")["services"]["db"].is_object());
    let overlay = made.overlay();
    assert!(overlay.contains("HOST") && !overlay.contains("'localhost'"), "{overlay}");

    // Where the settings read the host from a variable with such a default, the variable is set.
    let read = fixed.replace("'localhost'", "os.environ.get('DB_HOST', 'localhost')");
    let settings = format!("{SETTINGS}{}", read.replace("'site'}", "os.environ['DB_PASSWORD']}"));
    let made = project(&startproject(&settings, "Django==5.2.19\npsycopg[binary]==3.3.9\n"));
    let compose = made.compose("compose.prod.yaml");
    let web = &compose["services"]["web"]["environment"]["DB_HOST"];
    let set = web.as_str().or_else(|| made.env().get("DB_HOST").copied());
    assert_eq!(set, Some("db"), "{compose}");
}
