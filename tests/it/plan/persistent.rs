//! Connections to the database outlive a request, where the project has not decided about them.

use std::collections::BTreeMap;

use djdock::plan::Plan;

use super::site::*;

const URL: &str = "import environ\nenv = environ.Env()\nDATABASES = {'default': env.db('DATABASE_URL')}\n";
const BY_ENVIRON: &str = "django==5.2.1\npsycopg==3.2.9\ngunicorn==23.0.0\ndjango-environ==0.12.0\n";
const BY_DJ: &str = "django==5.2.1\npsycopg==3.2.9\ngunicorn==23.0.0\ndj-database-url==3.0.1\n";
const PLAIN: &str = "django==5.2.1\npsycopg==3.2.9\ngunicorn==23.0.0\n";
const QUERY: &str = "?conn_max_age=60&conn_health_checks=True";
/// The line of an overlay that both stacks share.
const SET: &str = "DATABASES[\"default\"][\"CONN_MAX_AGE\"] = 0 if DEBUG else 60";
/// A fault for which an overlay is written.
const FAULT: &str = "LOGGING = {'version': 1, 'handlers': {'file': {'class': 'logging.FileHandler', 'filename': BASE_DIR / 'a.log'}}}\n";
const ASGI: &str = "import os\nfrom django.core.asgi import get_asgi_application\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'site1.settings')\napplication = get_asgi_application()\n";

fn address(site: &Site) -> String {
    service(&site.plan().prod, "web").environment["DATABASE_URL"].resolve(&BTreeMap::new())
}

fn url(settings: &str, requirements: &str) -> String {
    address(&Site::new(&format!("{OPEN}{settings}"), requirements))
}

fn overlay(plan: &Plan) -> String {
    plan.overlays.iter().map(|overlay| overlay.text.as_str()).collect()
}

/// Returns a project that needs an overlay for other reasons.
fn faulty(database: &str, requirements: &str) -> Site {
    Site::new(&format!("{OPEN}{database}{FAULT}"), requirements)
}

fn laid_over(database: &str, requirements: &str) -> String {
    let text = overlay(&faulty(database, requirements).plan());
    assert!(text.contains("LOGGING"), "{text}");
    text
}

/// A project whose ASGI application is what runs.
fn by_asgi(database: &str, requirements: &str) -> String {
    let settings = format!("{database}ASGI_APPLICATION = 'site1.asgi.application'\n");
    let mut site = faulty(&settings, requirements).with("site1/asgi.py", ASGI);
    site.files.remove("site1/wsgi.py");
    let text = site.files["site1/settings.py"].replace("WSGI_APPLICATION = 'site1.wsgi.application'\n", "");
    overlay(&site.with("site1/settings.py", &text).plan())
}

#[test]
fn url_that_environ_reads_asks_for_them_in_production_alone() {
    let plan = Site::new(&format!("{OPEN}{URL}"), BY_ENVIRON).plan();
    let of = |stack| service(stack, "web").environment["DATABASE_URL"].resolve(&BTreeMap::new());
    assert!(of(&plan.prod).ends_with(QUERY), "{}", of(&plan.prod));
    assert!(!of(&plan.dev).contains('?'), "{}", of(&plan.dev));
    // Every service has the same URL.
    let migrate = service(&plan.prod, "migrate").environment["DATABASE_URL"].resolve(&BTreeMap::new());
    assert_eq!(migrate, of(&plan.prod));
}

#[test]
fn environ_asks_for_them_where_its_version_is_left_open_and_not_where_it_is_held_back() {
    assert!(url(URL, &BY_ENVIRON.replace("==0.12.0", "")).ends_with(QUERY));
    assert!(url(URL, &BY_ENVIRON.replace("==0.12.0", ">=0.4")).ends_with(QUERY));
    assert!(!url(URL, &BY_ENVIRON.replace("==0.12.0", "<0.10")).contains('?'));
    assert!(!url(URL, &BY_ENVIRON.replace("0.12.0", "0.9.0")).contains('?'));
}

#[test]
fn url_spread_into_a_table_or_changed_beside_asks_for_them_too() {
    let spread = "import environ\nenv = environ.Env()\nDATABASES = {'default': {**env.db('DATABASE_URL'), 'TEST': {'NAME': 'trial'}}}\n";
    assert!(url(spread, BY_ENVIRON).ends_with(QUERY));
    let changed = format!("{URL}DATABASES['default']['ATOMIC_REQUESTS'] = True\n");
    assert!(url(&changed, BY_ENVIRON).ends_with(QUERY));
}

#[test]
fn url_that_something_else_reads_too_stays_plain() {
    // psycopg refuses words that it does not know.
    let raw = format!("{URL}JOBS = {{'dsn': os.environ['DATABASE_URL']}}\n");
    assert!(!url(&raw, BY_ENVIRON).contains('?'));
    let site = Site::new(&format!("{OPEN}{URL}"), BY_ENVIRON);
    let site = site.with(
        "pages/export.py",
        "import os, psycopg\n\ndef run():\n    return psycopg.connect(os.environ['DATABASE_URL'])\n",
    );
    assert!(!address(&site).contains('?'));
    for (file, text) in [
        ("scripts/backup.sh", "psql \"$DATABASE_URL\" -c 'select 1'\n"),
        ("Makefile", "shell:\n\tpsql $$DATABASE_URL\n"),
    ] {
        let site = Site::new(&format!("{OPEN}{URL}"), BY_ENVIRON).with(file, text);
        assert!(!address(&site).contains('?'), "{file}");
    }
}

#[test]
fn own_url_that_says_it_says_it_again_in_the_stack() {
    let own = |query: &str| {
        format!(
            "import environ\nenv = environ.Env()\nDATABASES = {{'default': env.db('DATABASE_URL', default='postgres://me@localhost/shop{query}')}}\n"
        )
    };
    let said = url(&own("?conn_max_age=600"), BY_ENVIRON);
    assert!(said.ends_with("?conn_max_age=600"), "{said}");
    let said = url(&own("?conn_max_age=0"), BY_ENVIRON);
    assert!(said.ends_with("?conn_max_age=0"), "{said}");
    let said = url(&own("?CONN_MAX_AGE=90&CONN_HEALTH_CHECKS=True"), BY_ENVIRON);
    assert!(said.ends_with("?conn_max_age=90&conn_health_checks=True"), "{said}");
    assert!(url(&own(""), BY_ENVIRON).ends_with(QUERY));
}

#[test]
fn other_reader_of_urls_would_hand_the_words_to_the_driver() {
    let reader = "import dj_database_url\nDATABASES = {'default': dj_database_url.config()}\n";
    assert!(!url(reader, BY_DJ).contains('?'));
    // An overlay can say it.
    assert!(laid_over(reader, BY_DJ).contains(SET));
}

#[test]
fn django_that_cannot_check_a_connection_keeps_none_open() {
    assert!(!url(URL, &BY_ENVIRON.replace("5.2.1", "4.0.10")).contains('?'));
    let text =
        laid_over(&database("postgresql"), "django==4.0.10\npsycopg2-binary==2.9.9\ngunicorn==23.0.0\n");
    assert!(!text.contains("CONN_"), "{text}");
}

#[test]
fn project_that_decides_by_a_url_keeps_its_word() {
    for own in [
        "DATABASES['default']['CONN_MAX_AGE'] = 0\n",
        "DATABASES['default']['CONN_MAX_AGE'] = env.int('CONN_MAX_AGE', default=0)\n",
        "DATABASES['default'].update({'CONN_MAX_AGE': 15})\n",
        "DATABASES['default'] |= {'CONN_MAX_AGE': None}\n",
        "DATABASES['default'].setdefault('CONN_MAX_AGE', 15)\n",
        "DATABASES['default']['OPTIONS'] = {'pool': {'max_size': 3}}\n",
        "DATABASES['default']['CONN_HEALTH_CHECKS'] = False\n",
        "if not DEBUG:\n    DATABASES['default']['CONN_MAX_AGE'] = 20\n",
        // Nobody sets the variables yet.
        "if os.getenv('AGE'):\n    DATABASES['default']['CONN_MAX_AGE'] = int(os.environ['AGE'])\n",
        "if env.bool('PERSIST', default=False):\n    DATABASES['default'].update(CONN_MAX_AGE=600)\n",
        "if os.getenv('DB_POOL'):\n    DATABASES['default']['OPTIONS'] = {'pool': True}\n",
    ] {
        let said = url(&format!("{URL}{own}"), BY_ENVIRON);
        assert!(!said.contains('?'), "{own}: {said}");
        let text = laid_over(&format!("{URL}{own}"), BY_ENVIRON);
        assert!(!text.contains("CONN_"), "{own}: {text}");
    }
    let spread = "import environ\nenv = environ.Env()\nDATABASES = {'default': {**env.db('DATABASE_URL'), 'CONN_MAX_AGE': 30}}\n";
    assert!(!url(spread, BY_ENVIRON).contains('?'));
}

#[test]
fn project_that_decides_in_a_call_or_in_the_table_keeps_its_word() {
    let table = database("postgresql");
    let with = |entry: &str| table.replace("'PORT':", &format!("{entry}, 'PORT':"));
    for (own, requirements) in [
        ("import dj_database_url\nDATABASES = {'default': dj_database_url.config(conn_max_age=600)}\n".to_owned(), BY_DJ),
        ("import dj_database_url\nDATABASES = {'default': dj_database_url.parse(os.environ['DATABASE_URL'], conn_max_age=0)}\n".to_owned(), BY_DJ),
        ("from environs import Env\nenv = Env()\nDATABASES = {'default': env.dj_db_url('DATABASE_URL', conn_max_age=40)}\n".to_owned(), "django==5.2.1\npsycopg==3.2.9\ngunicorn==23.0.0\nenvirons[django]==14.3.0\n"),
        (with("**({'CONN_MAX_AGE': 5} if os.getenv('PERSISTENT') else {})"), PLAIN),
        (with("'CONN_MAX_AGE': 0"), PLAIN),
        (with("'CONN_MAX_AGE': int(os.getenv('DB_AGE', '0'))"), PLAIN),
        (with("'CONN_HEALTH_CHECKS': True"), PLAIN),
        (with("'OPTIONS': {'pool': True}"), PLAIN),
        (format!("{table}DATABASES['default']['CONN_MAX_AGE'] = 5\n"), PLAIN),
        (format!("{table}for one in DATABASES.values():\n    one['CONN_MAX_AGE'] = 5\n"), PLAIN),
    ] {
        let text = laid_over(&own, requirements);
        assert!(!text.contains(SET) && !text.contains("[\"CONN_MAX_AGE\"] = 60"), "{own}: {text}");
    }
}

#[test]
fn backend_that_is_not_djangos_may_pool_by_itself() {
    for engine in ["django_db_geventpool.backends.postgresql_psycopg3", "dj_db_conn_pool.backends.postgresql"]
    {
        let own = database("postgresql").replace("django.db.backends.postgresql", engine);
        assert!(!laid_over(&own, PLAIN).contains("CONN_MAX_AGE"), "{engine}");
    }
}

#[test]
fn overlay_that_is_written_anyway_sets_them_with_the_reason() {
    let text = laid_over(&database("postgresql"), PLAIN);
    assert!(text.contains(SET), "{text}");
    assert!(text.contains("DATABASES[\"default\"][\"CONN_HEALTH_CHECKS\"] = True"), "{text}");
    assert!(text.contains("serves many requests"), "{text}");
    assert_eq!(text.matches("import LOGGING, DATABASES").count(), 1, "{text}");
}

#[test]
fn overlay_is_not_written_for_them_alone() {
    let plan = Site::new(&format!("{OPEN}{}", database("postgresql")), PLAIN).plan();
    assert!(plan.overlays.is_empty(), "{}", overlay(&plan));
}

#[test]
fn overlay_of_production_alone_sets_them_without_a_condition() {
    let debug = "from .settings import *\nDEBUG = False\n";
    let site = faulty(&database("postgresql"), PLAIN).with("site1/production.py", debug);
    let plan = site.try_plan(|answers| answers.settings_prod = "site1.production".to_owned()).unwrap();
    let text = overlay(&plan);
    assert!(text.contains("DATABASES[\"default\"][\"CONN_MAX_AGE\"] = 60"), "{text}");
    assert_eq!(text.matches("CONN_MAX_AGE").count(), 1, "{text}");
}

#[test]
fn overlay_of_both_stacks_lets_connections_end_with_the_request_in_development() {
    let fixed = "DATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql', 'NAME': 'shop', 'USER': 'me', 'PASSWORD': 'x', 'HOST': 'localhost', 'PORT': '5432'}}\n";
    let plan = faulty(fixed, PLAIN).plan();
    let text = overlay(&plan);
    assert_eq!(plan.overlays.iter().filter(|one| one.text != plan.overlays[0].text).count(), 0, "{text}");
    assert!(text.contains(SET) && text.contains("not in development"), "{text}");
    // Each stack has an overlay of its own.
    let plan = Site::new(&format!("{CLOSED}{fixed}{FAULT}"), PLAIN).plan();
    let has = |overlay: &&djdock::plan::overlay::Overlay| overlay.text.contains("CONN_MAX_AGE");
    let names: Vec<&str> = plan.overlays.iter().filter(has).map(|one| one.module.as_str()).collect();
    assert_eq!(names, ["site1.settings_container"]);
    // Settings without a `DEBUG` have no name to ask for.
    let silent = OPEN.replace("DEBUG = os.getenv('DEBUG', 'False') == 'True'\n", "");
    let plan = Site::new(&format!("{silent}{}{FAULT}", database("postgresql")), PLAIN).try_plan(|_| ());
    let text = plan.map(|plan| overlay(&plan)).unwrap_or_default();
    assert!(!text.contains("if DEBUG") || text.contains("\nDEBUG = "), "{text}");
}

#[test]
fn async_code_gets_the_drivers_pool_where_it_is_installed() {
    let pooled =
        PLAIN.replace("psycopg==3.2.9", "psycopg[binary,pool]==3.2.9").replace("gunicorn", "uvicorn");
    let pooled = pooled.replace("23.0.0", "0.35.0");
    let text = by_asgi(&database("postgresql"), &pooled);
    assert!(text.contains("[\"OPTIONS\"] = {\"pool\": {\"min_size\": 1, \"max_size\": 10}}"), "{text}");
    assert!(!text.contains("CONN_MAX_AGE"), "{text}");
    // Options that are there stay.
    let own = database("postgresql").replace("'PORT':", "'OPTIONS': {'connect_timeout': 3}, 'PORT':");
    let text = by_asgi(&own, &pooled);
    assert!(text.contains("{**DATABASES[\"default\"][\"OPTIONS\"], \"pool\": {"), "{text}");
}

#[test]
fn async_code_gets_nothing_where_django_or_the_driver_has_no_pool() {
    let uvicorn = "uvicorn==0.35.0\n";
    for requirements in [
        format!("django==5.2.1\npsycopg==3.2.9\n{uvicorn}"),
        format!("django==5.0.9\npsycopg[pool]==3.2.9\n{uvicorn}"),
        format!("django==5.2.1\npsycopg2-binary==2.9.9\n{uvicorn}"),
        format!("django==5.2.1\npsycopg2-binary==2.9.9\npsycopg-pool==3.2.6\n{uvicorn}"),
    ] {
        let text = by_asgi(&database("postgresql"), &requirements);
        assert!(text.contains("LOGGING"), "{text}");
        assert!(!text.contains("pool") && !text.contains("CONN_MAX_AGE"), "{requirements}: {text}");
    }
    let decided = database("postgresql").replace("'PORT':", "'CONN_MAX_AGE': 9, 'PORT':");
    let text = by_asgi(&decided, &format!("django==5.2.1\npsycopg[pool]==3.2.9\n{uvicorn}"));
    assert!(!text.contains("pool"), "{text}");
}

#[test]
fn url_of_async_code_stays_plain() {
    let settings = format!("{OPEN}{URL}ASGI_APPLICATION = 'site1.asgi.application'\n");
    let mut site = Site::new(&settings, &BY_ENVIRON.replace("gunicorn==23.0.0", "uvicorn==0.35.0"));
    site.files.remove("site1/wsgi.py");
    assert!(!address(&site.with("site1/asgi.py", ASGI)).contains('?'));
}

#[test]
fn file_of_sqlite_has_no_connections_to_keep() {
    assert!(!laid_over(SQLITE, "django==5.2.1\ngunicorn==23.0.0\n").contains("CONN_MAX_AGE"));
}

#[test]
fn database_elsewhere_is_left_as_it_is() {
    // A pooler may stand before it, and nobody here knows how many connections it takes.
    let plan = faulty(&database("postgresql"), PLAIN)
        .try_plan(|answers| answers.database = djdock::catalog::Pick::named("external").unwrap())
        .unwrap_or_else(|errors| panic!("{errors:?}"));
    assert!(!overlay(&plan).contains("CONN_MAX_AGE"));
}

#[test]
fn mysql_keeps_connections_as_well() {
    let text = laid_over(&database("mysql"), "django==5.2.1\nmysqlclient==2.2.7\ngunicorn==23.0.0\n");
    assert!(text.contains(SET), "{text}");
}
