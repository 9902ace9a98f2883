//! Values that nobody wrote: where they may be put, and where they may not.

use djdock::plan::Plan;
use djdock::stack::Environment;
use djdock::stack::{Service, VariableValue};

use super::site::*;

/// Settings on PostgreSQL, with `more` after them.
fn with(more: &str) -> Site {
    Site::new(&format!("{OPEN}{}{more}", database("postgresql")), POSTGRES)
}

fn redis(more: &str) -> Plan {
    let requirements = format!("{POSTGRES}celery==5.5.3\nredis==6.2.0\ndjango-environ==0.12.0\n");
    Site::new(&format!("{OPEN}{}{more}", database("postgresql")), &requirements).plan_with_redis()
}

fn webs(plan: &Plan) -> [&Service; 2] {
    [&plan.prod, &plan.dev].map(|stack| service(stack, "web"))
}

/// What the services of either stack are told of a variable.
fn told(plan: &Plan, name: &str) -> Vec<String> {
    webs(plan).into_iter().map(|web| value(web, name)).filter(|text| !text.is_empty()).collect()
}

fn line<'a>(plan: &'a Plan, name: &str) -> &'a VariableValue {
    let variables = plan.variables();
    let found = variables.into_iter().find(|variable| variable.name == name);
    &found.unwrap_or_else(|| panic!("no {name}")).value
}

#[test]
fn a_host_that_is_compared_with_localhost_is_not_called_production() {
    for more in [
        "EMAIL_HOST = os.getenv('RELAY', 'localhost')\nSENDS = EMAIL_HOST != 'localhost'\n",
        "SMTP_SERVER_HOST = os.getenv('SMTP_SERVER_HOST', 'localhost')\nif SMTP_SERVER_HOST == 'localhost':\n    EMAIL_BACKEND = 'django.core.mail.backends.console.EmailBackend'\n",
        "RELAY = os.getenv('RELAY', 'localhost')\nif RELAY not in ('localhost', '127.0.0.1'):\n    EMAIL_USE_TLS = True\n",
        "SEARCH = {'default': {'URL': os.getenv('RELAY', 'local')}}\nif os.getenv('RELAY', 'local') == 'local':\n    SEARCH = {}\n",
    ] {
        let plan = with(more).plan();
        assert_eq!(told(&plan, "RELAY"), Vec::<String>::new(), "{more}");
        assert_eq!(told(&plan, "SMTP_SERVER_HOST"), Vec::<String>::new(), "{more}");
    }
}

#[test]
fn a_name_of_an_environment_gets_its_word_all_the_same() {
    let plan = with("PLACE = os.getenv('PLACE', 'dev')\nif PLACE == 'dev':\n    EMAIL_HOST = 'x'\n").plan();
    assert_eq!(value(service(&plan.prod, "web"), "PLACE"), "production");
    let plan = with("WHERE = os.getenv('HOST_ENV', 'local')\nLIVE = WHERE == 'prod'\n").plan();
    assert_eq!(value(service(&plan.prod, "web"), "HOST_ENV"), "prod");
}

#[test]
fn a_variable_that_must_name_a_host_gets_no_word_that_it_is_compared_with() {
    let plan =
        with("RELAY_HOST = os.environ['RELAY_HOST']\nif RELAY_HOST == 'production':\n    LIVE = True\n")
            .plan();
    assert_eq!(line(&plan, "RELAY_HOST"), &VariableValue::Asked { placeholder: "localhost".to_owned() });
    assert_eq!(told(&plan, "RELAY_HOST"), Vec::<String>::new());
}

#[test]
fn a_key_that_switches_something_on_is_not_made_up() {
    let more = "if os.getenv('STORE_ACCESS_KEY'):\n    DEBUG = False\n    EXTRA_ROOT = '/x'\n";
    let plan = with(more).plan();
    assert_eq!(told(&plan, "STORE_ACCESS_KEY"), Vec::<String>::new());
}

#[test]
fn what_development_alone_requires_is_in_the_env_file_and_compose_does_not_fix_it() {
    let base = format!("{COMMON}{OPEN}{}", database("postgresql"));
    let site = Site::new("", POSTGRES)
        .with("site1/settings.py", "")
        .with("site1/conf/__init__.py", "")
        .with("site1/conf/base.py", &base.replace("parent.parent", "parent.parent.parent"))
        .with("site1/conf/prod.py", "from .base import *\n")
        .with(
            "site1/conf/dev.py",
            "from .base import *\nimport os\nLETTER_FROM = os.environ['LETTER_FROM']\nTUNNEL_KEY_ID = os.environ['TUNNEL_KEY_ID']\nJWT_SIGNING_KEY = os.environ['JWT_SIGNING_KEY']\n",
        );
    let plan = site
        .try_plan(|answers| {
            answers.settings_dev = "site1.conf.dev".to_owned();
            answers.settings_prod = "site1.conf.prod".to_owned();
        })
        .unwrap();
    for name in ["LETTER_FROM", "TUNNEL_KEY_ID"] {
        assert!(matches!(line(&plan, name), VariableValue::Asked { .. }), "{name}");
        assert_eq!(told(&plan, name), Vec::<String>::new());
    }
    assert!(matches!(line(&plan, "JWT_SIGNING_KEY"), VariableValue::Generated { .. }));
    let note = plan.notes.iter().find(|note| note.topic == "Variables").unwrap();
    assert!(note.text.contains("`LETTER_FROM`"), "{}", note.text);
    assert_eq!(plan.stack(Environment::Dev).env_file, ".env");
}

#[test]
fn the_one_name_of_the_site_is_for_the_person_to_change() {
    for hosts in [
        "ALLOWED_HOSTS = [os.environ.get('DOMAIN')]\n",
        "ALLOWED_HOSTS = [os.environ['DOMAIN'], 'www.' + os.environ['DOMAIN']]\n",
        "ALLOWED_HOSTS = os.environ.get('DOMAIN', '').split()\n",
    ] {
        let settings = OPEN.replace("ALLOWED_HOSTS = os.getenv('HOSTS', '').split(',')\n", hosts);
        let plan = Site::new(&format!("{settings}{}", database("postgresql")), POSTGRES).plan();
        assert!(matches!(line(&plan, "DOMAIN"), VariableValue::Plain { .. }), "{hosts}");
        assert_eq!(value(service(&plan.prod, "web"), "DOMAIN"), "", "{hosts}");
    }
}

#[test]
fn a_url_is_given_whole_where_the_settings_would_else_put_it_together() {
    let parts = "def made(scheme, host, port, path):\n    return scheme + '://' + host + (':' + str(port) if port else '') + path\n";
    for more in [
        "import environ\nenv = environ.Env(QUEUE_URL=(str, ''), QUEUE_SCHEME=(str, 'sqla'), QUEUE_HOST=(str, ''), QUEUE_PORT=(int, 0), QUEUE_PATH=(str, '/q.sqlite'))\n\
         CELERY_BROKER_URL = env('QUEUE_URL') or made(env('QUEUE_SCHEME'), env('QUEUE_HOST'), env('QUEUE_PORT'), env('QUEUE_PATH'))\n",
        "import environ\nenv = environ.FileAwareEnv(QUEUE_URL=(str, ''), QUEUE_SCHEME=(str, 'sqla'), QUEUE_HOST=(str, ''), QUEUE_PORT=(int, 0), QUEUE_PATH=(str, '/q.sqlite'))\n\
         CELERY_BROKER_URL = env('QUEUE_URL') if len(env('QUEUE_URL')) > 0 else made(env('QUEUE_SCHEME'), env('QUEUE_HOST'), env('QUEUE_PORT'), env('QUEUE_PATH'))\n",
        "CELERY_BROKER_URL = os.getenv('QUEUE_URL') or made(os.getenv('QUEUE_SCHEME', 'sqla'), os.getenv('QUEUE_HOST', ''), os.getenv('QUEUE_PORT', ''), os.getenv('QUEUE_PATH', '/q.sqlite'))\n",
    ] {
        let plan = redis(&format!("{parts}{more}"));
        assert!(plan.overlays.is_empty(), "{more}");
        assert_eq!(told(&plan, "QUEUE_URL"), ["redis://redis:6379/0", "redis://redis:6379/0"], "{more}");
        let env_file = plan.variables();
        for part in ["QUEUE_SCHEME", "QUEUE_HOST", "QUEUE_PATH"] {
            assert_eq!(told(&plan, part), Vec::<String>::new(), "{part}: {more}");
            // As a comment, its default would look like something to fill in.
            assert!(env_file.iter().all(|variable| !variable.name.starts_with(part)), "{part}: {more}");
        }
    }
}

#[test]
fn what_is_added_to_a_url_is_left_out_of_it() {
    let cache = |location: &str| {
        format!(
            "CACHES = {{'default': {{'BACKEND': 'django.core.cache.backends.redis.RedisCache', 'LOCATION': {location}}}}}\n"
        )
    };
    let url = "U = os.environ['STORE_URL']\nN = os.environ['STORE_NUMBER']\n";
    for location in ["f'{U}?db={N}'", "f'{U}/{N}'", "U + '/' + N", "U + '/1'", "'%s/%s' % (U, N)"] {
        let plan = redis(&format!("{url}{}", cache(location)));
        let expected = ["redis://redis:6379", "redis://redis:6379"];
        assert_eq!(told(&plan, "STORE_URL"), expected, "{location}");
        assert!(plan.overlays.is_empty(), "{location}: {:?}", plan.overlays);
        if location.contains('N') {
            assert_eq!(told(&plan, "STORE_NUMBER"), ["0", "0"], "{location}");
        }
    }
    // One variable that is a broker by itself, and a cache with a suffix.
    let plan = redis(&format!("{url}CELERY_BROKER_URL = U\n{}", cache("U + '/1'")));
    assert_eq!(told(&plan, "STORE_URL"), ["redis://redis:6379", "redis://redis:6379"]);
}

#[test]
fn the_projects_own_switch_comes_before_an_overlay_also_with_a_helper_for_files() {
    let helper = "def secret(name, default=None):\n    path = os.getenv(f'{name}_FILE')\n    if path:\n        return Path(path).read_text().strip()\n    return os.getenv(name, default)\n";
    let opened = "def secret(name, default=None):\n    if f'{name}_FILE' in os.environ:\n        with open(os.environ[f'{name}_FILE']) as file:\n            return file.read().strip()\n    return os.environ.get(name, default)\n";
    for (test, variable, word) in [
        ("os.getenv('DB') == 'postgres'", "DB", "postgres"),
        ("os.getenv('DB_KIND', 'sqlite') in ('postgres', 'pg')", "DB_KIND", "postgres"),
        ("os.getenv('USE_POSTGRES')", "USE_POSTGRES", "True"),
    ] {
        for helper in [helper, opened] {
            let settings = format!(
                "{OPEN}{helper}{SQLITE}if {test}:\n    DATABASES = {{'default': {{'ENGINE': 'django.db.backends.postgresql', 'NAME': os.getenv('DB_NAME', 'app'), \
                 'USER': os.getenv('DB_USER', 'postgres'), 'PASSWORD': secret('DB_PASSWORD', ''), 'HOST': os.getenv('DB_HOST', ''), 'PORT': os.getenv('DB_PORT', ''), 'CONN_MAX_AGE': 60}}}}\n"
            );
            let plan = Site::new(&settings, POSTGRES).plan();
            assert_eq!(value(service(&plan.prod, "web"), variable), word, "{test}");
            assert!(plan.overlays.is_empty(), "{test}: {}", plan.overlays[0].text);
            assert_eq!(value(service(&plan.prod, "web"), "DB_PASSWORD_FILE"), "");
        }
    }
}

#[test]
fn an_overlay_keeps_how_the_project_uses_its_database() {
    let settings = format!(
        "{OPEN}DATABASES = {{'default': {{'ENGINE': 'django.db.backends.sqlite3', 'NAME': BASE_DIR / 'db.sqlite3', 'ATOMIC_REQUESTS': True, 'CONN_MAX_AGE': 60, 'OPTIONS': {{'timeout': 20}}}}, \
         'old': {{'ENGINE': 'django.db.backends.mysql', 'HOST': 'old.example.org', 'NAME': 'x'}}}}\n"
    );
    let site = Site::new(&settings, POSTGRES);
    let plan = site
        .try_plan(|answers| answers.database = djdock::catalog::Pick::named("postgres").unwrap())
        .unwrap();
    let text = plan.overlays.iter().map(|overlay| overlay.text.as_str()).collect::<String>();
    for line in [
        "    **DATABASES,",
        "        \"ATOMIC_REQUESTS\": DATABASES[\"default\"][\"ATOMIC_REQUESTS\"],",
        "        \"CONN_MAX_AGE\": DATABASES[\"default\"][\"CONN_MAX_AGE\"],",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    assert!(!text.contains("OPTIONS"), "options are those of SQLite\n{text}");
}

#[test]
fn an_overlay_replaces_the_whole_of_a_tuple() {
    let layers = "from pages.vault import read\nHIDDEN = read()\nINSTALLED_APPS += ['channels']\n\
        CHANNEL_LAYERS = {'default': {'BACKEND': 'channels_redis.core.RedisChannelLayer', 'CONFIG': {'hosts': HOSTS_OF}}}\n";
    let vault = "import subprocess\ndef read():\n    return subprocess.check_output(['vault'])\n";
    for hosts in [
        "[(HIDDEN['A'], HIDDEN['B'])]",
        "((HIDDEN['A'], 6379),)",
        "[('localhost', 6379)]",
        "[['localhost', 6379]]",
    ] {
        let requirements = format!("{POSTGRES}channels-redis==4.2.0\n");
        let settings = format!("{OPEN}{}{}", database("postgresql"), layers.replace("HOSTS_OF", hosts));
        let plan = Site::new(&settings, &requirements).with("pages/vault.py", vault).plan_with_redis();
        let text = plan.overlays.iter().map(|overlay| overlay.text.as_str()).collect::<String>();
        assert!(text.contains("[\"hosts\"] = [os.environ[\"CHANNEL_LAYERS_URL\"]]"), "{hosts}\n{text}");
    }
}

#[test]
fn a_remark_never_quotes_what_stands_nowhere_in_the_project() {
    let more = "CACHES = {'default': {'BACKEND': 'django.core.cache.backends.redis.RedisCache', 'LOCATION': 'unix://' + os.environ['SOCKET_NAME'] + '.sock'}}\n";
    let plan = redis(more);
    for overlay in &plan.overlays {
        assert!(!overlay.text.contains("change-me"), "{}", overlay.text);
    }
}

#[test]
fn a_cache_leads_where_its_backend_says_whatever_it_is_called() {
    let more = "CACHES = {'redis': {'BACKEND': 'django.core.cache.backends.filebased.FileBasedCache', 'LOCATION': '/tmp/cache'}, \
        'default': {'BACKEND': 'django.core.cache.backends.memcached.PyMemcacheCache', 'LOCATION': os.environ['NOT_REDIS_HOST']}}\n";
    let plan = redis(more);
    assert_eq!(told(&plan, "NOT_REDIS_HOST"), ["memcached:11211", "memcached:11211"]);
    assert!(plan.overlays.is_empty(), "{:?}", plan.overlays);
}

#[test]
fn a_placeholder_of_a_url_has_a_scheme_that_its_client_takes() {
    let more = "DOCUMENTS = os.environ['MONGO_URL']\nBUS = os.environ['RABBIT_URL']\n";
    let plan = with(more).plan();
    assert_eq!(
        line(&plan, "MONGO_URL"),
        &VariableValue::Asked { placeholder: "mongodb://localhost:27017".to_owned() }
    );
    assert_eq!(
        line(&plan, "RABBIT_URL"),
        &VariableValue::Asked { placeholder: "amqp://localhost:5672//".to_owned() }
    );
}

#[test]
fn a_url_of_parts_alone_gets_all_of_them() {
    let more = "def made(scheme, host, port, path):\n    return scheme + '://' + host + (':' + str(port) if port else '') + path\n\
        CELERY_BROKER_URL = made(os.getenv('Q_SCHEME', 'sqla'), os.getenv('Q_HOST', ''), os.getenv('Q_PORT', ''), os.getenv('Q_PATH', '/q.sqlite'))\n";
    let plan = redis(more);
    let web = service(&plan.prod, "web");
    let given = ["Q_SCHEME", "Q_HOST", "Q_PORT", "Q_PATH"].map(|name| value(web, name));
    assert_eq!(given, ["redis", "redis", "6379", "/0"]);
    assert!(plan.overlays.is_empty());
}
