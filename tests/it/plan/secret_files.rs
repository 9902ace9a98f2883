//! Files of secrets that the settings open and the project lacks: what is put into them, and in which form.

use std::collections::BTreeMap;

use djdock::plan::Plan;
use djdock::plan::secret_files::SecretValue;
use djdock::stack::{Step, TextPart, VariableValue};

use super::site::*;

#[test]
fn a_file_of_secrets_is_made_with_what_the_stack_knows() {
    let settings = "import json\nsecrets = json.loads(open(BASE_DIR / 'secrets.json').read())\nSECRET_KEY = secrets['SECRET_KEY']\nDEBUG = False\nALLOWED_HOSTS = ['*']\nSTATIC_ROOT = BASE_DIR / 'collected'\nDATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql', 'NAME': 'shop', 'USER': 'shop', 'PASSWORD': secrets['DB_PASSWORD'], 'HOST': secrets['DB_HOST']}}\n";
    let plan = Site::new(settings, "django==5.2.1\npsycopg==3.2.9\n").plan();
    let file = &plan.secret_files[0];
    assert_eq!((file.path.as_str(), file.target.as_str()), ("secrets.json", "/app/secrets.json"));
    let keys: Vec<&str> = file.entries.iter().map(|entry| entry.keys[0].as_str()).collect();
    assert_eq!(keys, ["DB_HOST", "DB_PASSWORD", "SECRET_KEY"]);
    assert!(plan.prod.provided_files.is_empty());
    // No image holds it, and it is there while static files are collected.
    assert!(plan.docker_ignore.paths.iter().any(|path| path == "secrets.json"));
    let collect = steps(&plan, "app").iter().find_map(|step| match step {
        Step::Run { commands, .. } if commands.iter().flatten().any(|word| word == "collectstatic") => {
            Some(commands)
        }
        _ => None,
    });
    let commands = collect.unwrap();
    assert_eq!(commands.last().unwrap(), &["rm", "/app/secrets.json"]);
}

#[test]
fn files_of_secrets_are_made_in_the_format_in_which_they_are_read() {
    let rest = "SECRET_KEY = secrets['django']['key']\nDEBUG = os.getenv('DEBUG', '') == 'True'\nALLOWED_HOSTS = ['*']\nSTATIC_ROOT = BASE_DIR / 'collected'\n\
        DATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql', 'NAME': 'shop', 'USER': 'shop', 'PASSWORD': secrets['db']['password'], 'HOST': secrets['db']['host']}}\n";
    let readers = [
        (
            "secrets.toml",
            "import tomllib\nwith open(BASE_DIR / 'secrets.toml', 'rb') as file:\n    secrets = tomllib.load(file)\n",
        ),
        (
            "conf/secrets.yml",
            "import yaml\nsecrets = yaml.safe_load(open(BASE_DIR / 'conf' / 'secrets.yml'))\n",
        ),
        (
            "secrets.ini",
            "import configparser\nsecrets = configparser.ConfigParser()\nsecrets.read_file(open(BASE_DIR / 'secrets.ini'))\n",
        ),
    ];
    for (path, reader) in readers {
        let plan = Site::new(&format!("{reader}{rest}"), "django==5.2.1\npsycopg==3.2.9\n").plan();
        let file = &plan.secret_files[0];
        assert_eq!((file.path.as_str(), file.target.as_str()), (path, format!("/app/{path}").as_str()));
        let keys: Vec<String> = file.entries.iter().map(|entry| entry.keys.join(".")).collect();
        assert_eq!(keys, ["db.host", "db.password", "django.key"], "{path}");
        assert!(plan.overlays.is_empty(), "{path}: {:?}", plan.overlays);
    }
}

/// What the first file holds, by key: `<NAME>` is a secret, `?` what only the person knows, `json:` no text.
fn held(plan: &Plan) -> BTreeMap<String, String> {
    let secret = |name: &str| format!("<{name}>");
    let part = |part: &TextPart| match part {
        TextPart::Known { text } => text.clone(),
        TextPart::Variable { name } | TextPart::VariableOr { name, .. } => secret(name),
    };
    let value = |value: &SecretValue| match value {
        SecretValue::Variable(VariableValue::Plain { text }) => text.clone(),
        SecretValue::Variable(VariableValue::Generated { secret: name, .. }) => secret(name),
        SecretValue::Variable(other) => format!("? {other:?}"),
        SecretValue::Text { text } => text.0.iter().map(part).collect(),
        SecretValue::Json { value, fill_in: false } => format!("json:{value}"),
        SecretValue::Json { value, fill_in: true } => format!("?json:{value}"),
    };
    plan.secret_files[0].entries.iter().map(|entry| (entry.keys.join("."), value(&entry.value))).collect()
}

fn planned(settings: &str) -> Plan {
    let read = "import json\nS = json.loads((BASE_DIR / 'secrets.json').read_text())\nSECRET_KEY = S['SECRET_KEY']\nSTATIC_ROOT = BASE_DIR / 'collected'\n";
    let requirements = "django==5.2.1\npsycopg==3.2.9\ndj-database-url==3.0.0\ndjango-redis==6.0.0\n";
    Site::new(&format!("{read}{settings}"), requirements).plan()
}

#[test]
fn a_table_that_is_taken_whole_holds_the_database() {
    let rest = "ALLOWED_HOSTS = S['hosts'].split(',')\nDEBUG = S.get('debug', False)\n";
    for (settings, table) in
        [("DATABASES = {'default': S['database']}\n", "database"), ("DATABASES = S['DBS']\n", "DBS.default")]
    {
        let plan = planned(&format!("{rest}{settings}"));
        let held = held(&plan);
        let at = |key: &str| held[&format!("{table}.{key}")].as_str();
        assert!(at("ENGINE").contains("postgresql"), "{held:?}");
        assert_eq!((at("HOST"), at("PASSWORD")), ("db", "<DB_PASSWORD>"), "{held:?}");
        assert_eq!(held["hosts"], "localhost,127.0.0.1");
        assert_eq!(held["debug"], "json:false");
        // Nothing is there that only connections to elsewhere need, and production needs no module of its own.
        assert!(!held.keys().any(|key| key.contains("OPTIONS")), "{held:?}");
        let web = service(&plan.prod, "web");
        assert_eq!(value(web, "DJANGO_SETTINGS_MODULE"), "site1.settings", "{settings}");
        assert!(plan.prod.provided_files.is_empty());
    }
}

#[test]
fn a_table_that_is_merged_holds_what_is_not_stated_beside_it() {
    let rest = "ALLOWED_HOSTS = ['*']\nDEBUG = False\n";
    let plan = planned(&format!(
        "{rest}DATABASES = {{'default': {{'ENGINE': 'django.db.backends.postgresql', **S['db']}}}}\n"
    ));
    let keys: Vec<String> = held(&plan).into_keys().collect();
    assert_eq!(keys, ["SECRET_KEY", "db.HOST", "db.NAME", "db.PASSWORD", "db.PORT", "db.USER"]);
    // Of which nothing is known but that it is a table.
    let plan = planned(&format!(
        "{rest}DATABASES = {{'default': {{'ENGINE': 'django.db.backends.sqlite3', 'NAME': BASE_DIR / 'db.sqlite3'}}}}\n\
         for name, value in S['more'].items():\n    globals()[name] = value\n"
    ));
    assert_eq!(held(&plan)["more"], "?json:{}");
}

#[test]
fn entries_are_wired_through_what_is_made_of_them() {
    let plan = planned(
        "DEBUG = S['DEBUG'] == 'yes'\nALLOWED_HOSTS = [S['DOMAIN'], 'localhost']\n\
         DATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql', 'NAME': S['db']['name'], 'USER': S['db']['user'], \
         'PASSWORD': S['db']['password'], 'HOST': S['db']['host'], 'PORT': int(S['db']['port'])}}\n\
         CACHES = {'default': {'BACKEND': 'django_redis.cache.RedisCache', 'LOCATION': f\"redis://{S['redis']['host']}:{S['redis']['port']}/1\"}}\n\
         EMAIL_PORT = int(S['email']['port'])\nEMAIL_USE_TLS = S['email']['tls']\n",
    );
    let held = held(&plan);
    assert_eq!((held["db.port"].as_str(), held["db.host"].as_str()), ("5432", "db"));
    assert_eq!((held["redis.host"].as_str(), held["redis.port"].as_str()), ("redis", "6379"));
    // What nobody knows is of the type that the name speaks of: the text "False" is true.
    assert_eq!((held["email.tls"].as_str(), held["email.port"].as_str()), ("?json:false", "?json:587"));
    assert_eq!(plan.secret_files[0].asked(), ["email.port", "email.tls"]);
}

#[test]
fn an_address_in_a_file_holds_the_password_of_the_env_file() {
    let plan = planned(
        "import dj_database_url\nDEBUG = bool(S['DEBUG'])\nALLOWED_HOSTS = ['localhost']\n\
         DATABASES = {'default': dj_database_url.parse(S['DATABASE_URL'])}\n",
    );
    let held = held(&plan);
    assert_eq!(held["DATABASE_URL"], "postgres://shop:<DB_PASSWORD>@db:5432/shop");
    assert_eq!(held["DEBUG"], "json:false");
    assert!(matches!(variable(&plan, "DB_PASSWORD"), VariableValue::Generated { .. }));
}

#[test]
fn where_settings_work_on_text_stand_ins_are_text() {
    let plan = planned(
        "DEBUG = False\nALLOWED_HOSTS = ['*']\nEMAIL_USE_TLS = S['TLS'].lower() == 'true'\n\
         DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': BASE_DIR / 'db.sqlite3'}}\n",
    );
    assert!(held(&plan)["TLS"].starts_with("? Asked"), "{:?}", held(&plan));
}

#[test]
fn one_file_serves_both_stacks_as_production_needs_it() {
    let plan = planned(
        "DEBUG = S['DEBUG']\nALLOWED_HOSTS = S['HOSTS']\n\
         DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': BASE_DIR / 'db.sqlite3'}}\n",
    );
    let held = held(&plan);
    assert_eq!(
        (held["DEBUG"].as_str(), held["HOSTS"].as_str()),
        ("json:false", "json:[\"localhost\",\"127.0.0.1\"]")
    );
    // What development needs otherwise comes from the module beside the settings.
    let web = service(&plan.dev, "web");
    assert_eq!(value(web, "DJANGO_SETTINGS_MODULE"), "site1.settings_container_dev");
    let overlay = plan.overlays.iter().find(|overlay| overlay.module.ends_with("_dev")).unwrap();
    assert!(
        overlay.text.contains("DEBUG = True") && !overlay.text.contains("SQLITE_PATH"),
        "{:?}",
        plan.overlays
    );
}

#[test]
fn a_file_that_may_be_missing_is_made_where_the_settings_fail_without() {
    let rest = "import tomllib\ntry:\n    with open(BASE_DIR / 'config.toml', 'rb') as file:\n        config = tomllib.load(file)\nexcept OSError:\n    config = {}\n\
        DEBUG = False\nALLOWED_HOSTS = ['*']\nSTATIC_ROOT = BASE_DIR / 'collected'\nMODULE = config['module'] if 'module' in config else ''\n";
    let needed = "SECRET_KEY = config.get('secret_key', 'n0t')\nDATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql', \
        'NAME': config['db'].get('name', 'shop'), 'USER': 'shop', 'PASSWORD': config['db']['password'], 'HOST': config['db']['host']}}\n\
        TOKEN = config['mail']['token']\nSEARCH = config['search'].get('key', 'xyz')\n";
    let plan = Site::new(&format!("{rest}{needed}"), "django==5.2.1\npsycopg==3.2.9\n").plan();
    let held = held(&plan);
    let keys: Vec<&str> = held.keys().map(String::as_str).collect();
    // What may be missing is there where a goal asks for it, else its table alone.
    assert_eq!(keys, ["db.host", "db.name", "db.password", "mail.token", "search", "secret_key"]);
    assert_eq!((held["db.password"].as_str(), held["search"].as_str()), ("<DB_PASSWORD>", "json:{}"));
    assert_eq!(plan.secret_files[0].asked(), ["mail.token"]);
    // Where they do without, nothing is made.
    let enough = "SECRET_KEY = config.get('secret_key', 'n0t')\nDATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': BASE_DIR / 'db.sqlite3'}}\n";
    let plan = Site::new(&format!("{rest}{enough}"), "django==5.2.1\n").plan();
    assert!(plan.secret_files.is_empty(), "{:?}", plan.secret_files);
}
