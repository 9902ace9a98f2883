//! How services are told to the project: through variables, or in a module beside its settings.

use std::collections::BTreeMap;

use djdock::catalog::Pick;
use djdock::stack::{Step, TemplateCopy, TextPart, VariableValue};

use super::site::*;

#[test]
fn services_are_told_to_the_project_through_the_variables_that_it_reads() {
    let plan = postgres().plan();
    let web = service(&plan.prod, "web");
    assert_eq!((value(web, "RDS_HOSTNAME"), value(web, "RDS_DB_NAME")), ("db".to_owned(), "shop".to_owned()));
    assert_eq!(value(web, "DEBUG"), "False");
    assert_eq!(value(service(&plan.dev, "web"), "DEBUG"), "True");
    assert_eq!(variable(&plan, "HOSTS"), &VariableValue::Plain { text: "localhost,127.0.0.1".to_owned() });
    assert!(matches!(variable(&plan, "RDS_PASSWORD"), VariableValue::Generated { .. }));
    assert!(plan.overlays.is_empty(), "{:?}", plan.overlays);
}

#[test]
fn what_is_written_down_is_set_in_a_module_beside_it() {
    let plan = sqlite().plan();
    let overlay = &plan.overlays[0];
    assert_eq!(overlay.path, "site1/settings_container.py");
    let names: Vec<&str> = overlay.overrides.iter().map(|entry| entry.setting.as_str()).collect();
    assert_eq!(names, ["DEBUG", "SECRET_KEY", "ALLOWED_HOSTS", "DATABASES", "STATIC_ROOT"]);
    assert_eq!(value(service(&plan.prod, "web"), "DJANGO_SETTINGS_MODULE"), "site1.settings_container");
    // Development needs none of it.
    assert_eq!(value(service(&plan.dev, "web"), "DJANGO_SETTINGS_MODULE"), "site1.settings");
}

#[test]
fn a_secret_key_that_stands_in_the_source_is_replaced_in_production() {
    let plan = sqlite().plan();
    let text = &plan.overlays[0].text;
    assert!(text.contains("SECRET_KEY = os.environ[\"SECRET_KEY\"]"), "{text}");
    assert!(matches!(variable(&plan, "SECRET_KEY"), VariableValue::Generated { .. }));
    // One that is read from a variable is wired, and needs no overlay.
    let wired = postgres().plan();
    assert!(matches!(variable(&wired, "SECRET_KEY"), VariableValue::Generated { .. }));
    assert!(wired.overlays.is_empty());
}

#[test]
fn without_an_overlay_each_setting_that_is_in_the_way_is_an_error() {
    let errors = sqlite().try_plan(|answers| answers.overlay = false).unwrap_err();
    assert!(errors.contains(&"overlay-needed: `DEBUG` cannot be set from outside".to_owned()), "{errors:?}");
    assert_eq!(errors.len(), 4, "{errors:?}");
}

#[test]
fn an_inverted_test_gets_the_word_that_it_asks_for() {
    let settings = OPEN.replace("os.getenv('DEBUG', 'False') == 'True'", "os.getenv('LIVE', 'no') != 'yes'");
    let site = Site::new(&format!("{settings}{}", database("postgresql")), "django==5.2.1\npsycopg==3.2.9\n");
    assert_eq!(value(service(&site.plan().prod, "web"), "LIVE"), "yes");
}

#[test]
fn a_check_gets_the_word_that_it_asks_for_in_each_stack() {
    let check = "TARGET = os.environ.get('TARGET', '').strip()\nif TARGET not in ('dev', 'prod', 'docker_local'):\n    raise ValueError('TARGET')\n";
    let site = Site::new(&format!("{OPEN}{}{check}", database("postgresql")), POSTGRES);
    let plan = site.plan();
    assert_eq!(value(service(&plan.prod, "web"), "TARGET"), "prod");
    assert_eq!(value(service(&plan.dev, "web"), "TARGET"), "dev");
}

#[test]
fn a_check_that_refuses_nothing_gets_something() {
    let check = "CLIENTS = os.environ.get('CLIENTS')\nif not CLIENTS:\n    if DEBUG:\n        CLIENTS = 'localhost'\n    else:\n        raise ValueError('CLIENTS')\nCLIENTS = [one.strip() for one in CLIENTS.split(',')]\n";
    let site = Site::new(&format!("{OPEN}{}{check}", database("postgresql")), POSTGRES);
    assert_eq!(
        variable(&site.plan(), "CLIENTS"),
        &VariableValue::Asked { placeholder: "change-me".to_owned() }
    );
}

#[test]
fn a_check_that_nobody_understands_gets_what_is_read_next_to_it() {
    let check = "FAR = os.environ.get('FAR')\n\n\n\n\nimport licence\nif not licence.accepted(os.environ.get('LICENCE')):\n    raise ValueError('LICENCE')\n";
    let licence = "def accepted(text):\n    return bool(text) and len(text) > 3\n";
    let site =
        Site::new(&format!("{OPEN}{}{check}", database("postgresql")), POSTGRES).with("licence.py", licence);
    let plan = site.plan();
    assert_eq!(variable(&plan, "LICENCE"), &VariableValue::Asked { placeholder: "change-me".to_owned() });
    assert!(matches!(variable(&plan, "FAR"), VariableValue::Optional { .. }));
}

#[test]
fn a_branch_that_a_variable_opens_is_opened_for_the_database() {
    let switch = format!("{SQLITE}if os.environ.get('STORE') == 'server':\n    {}", database("postgresql"));
    let plan = Site::new(&format!("{OPEN}{switch}"), POSTGRES)
        .try_plan(|answers| answers.database = Pick::named("postgres").unwrap())
        .unwrap();
    assert_eq!(value(service(&plan.prod, "web"), "STORE"), "server");
    assert!(plan.overlays.is_empty(), "{:?}", plan.overlays);
}

#[test]
fn a_host_that_a_check_wants_a_dot_before_gets_one() {
    let hosts = "DOMAIN = os.environ.get('COOKIE_DOMAIN', '.shop.localhost')\nif not DOMAIN.startswith('.'):\n    raise ValueError(DOMAIN)\nALLOWED_HOSTS = [DOMAIN]\n";
    let site = Site::new(&format!("{OPEN}{}{hosts}", database("postgresql")), POSTGRES);
    let dotted = VariableValue::Plain { text: ".localhost".to_owned() };
    assert_eq!(variable(&site.plan(), "COOKIE_DOMAIN"), &dotted);
}

#[test]
fn a_host_that_a_check_refuses_is_not_set() {
    let hosts = "DOMAIN = os.environ.get('SHOP_DOMAIN', 'www.shop.example')\nif not DOMAIN.startswith('www.'):\n    raise ValueError(DOMAIN)\nALLOWED_HOSTS = [DOMAIN]\n";
    let site = Site::new(&format!("{OPEN}{}{hosts}", database("postgresql")), POSTGRES);
    let plan = site.plan();
    assert!(matches!(variable(&plan, "SHOP_DOMAIN"), VariableValue::Optional { .. }));
    assert_eq!(plan.overlays[0].overrides[0].setting, "ALLOWED_HOSTS");
}

#[test]
fn a_file_that_nobody_has_is_gone_round_where_a_variable_can() {
    let login = "if not os.environ.get('NO_LOGIN'):\n    KEY = open('/run/keys/login.pem', 'rb').read()\n    CERT = open('/run/keys/cert.pem', 'rb').read()\n";
    let site = Site::new(&format!("{OPEN}{}{login}", database("postgresql")), POSTGRES);
    let plan = site.plan();
    let made = plan.secret_files.iter().any(|file| file.target.ends_with("login.pem"));
    assert!(
        made || matches!(variable(&plan, "NO_LOGIN"), VariableValue::Asked { .. }),
        "{:?}",
        plan.secret_files
    );
}

#[test]
fn what_is_a_comment_for_production_is_set_where_development_needs_it() {
    let settings = format!(
        "import dj_database_url\nif DEBUG:\n    {}else:\n    DATABASES = {{'default': dj_database_url.config(conn_max_age=60)}}\n",
        database("postgresql").replace("RDS_PASSWORD", "DEV_PASSWORD")
    );
    let site = Site::new(&format!("{OPEN}{settings}"), &format!("{POSTGRES}dj-database-url==3.0.1\n"));
    let plan = site.plan();
    let db = service(&plan.dev, "db");
    let set = plan.variables().into_iter().filter(|one| !matches!(one.value, VariableValue::Optional { .. }));
    let names: Vec<&str> = set.map(|one| one.name.as_str()).collect();
    for part in &db.environment["POSTGRES_PASSWORD"].0 {
        let TextPart::Variable { name } = part else { panic!("{part:?}") };
        assert!(names.contains(&name.as_str()), "{name} is not among {names:?}");
    }
}

#[test]
fn a_broker_that_a_variable_alone_names_is_redis_where_its_client_is_installed() {
    let celery = "CELERY_BROKER_URL = os.environ.get('BROKER_URL')\n";
    let app = "import os\nfrom celery import Celery\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'site1.settings')\napp = Celery('site1')\napp.config_from_object('django.conf:settings', namespace='CELERY')\n";
    let site = Site::new(
        &format!("{OPEN}{}{celery}", database("postgresql")),
        &format!("{POSTGRES}celery==5.4.0\nredis==5.2.1\n"),
    )
    .with("site1/celery.py", app)
    .with("site1/__init__.py", "from .celery import app\n");
    assert_eq!(value(service(&site.plan().prod, "worker"), "BROKER_URL"), "redis://redis:6379/0");
}

#[test]
fn a_module_that_git_ignores_is_copied_from_its_template() {
    let settings = format!("{OPEN}{}from .local import *\n", database("postgresql"));
    let site = Site::new(&settings, POSTGRES).with("site1/local.py.example", "EXTRA = 1\n");
    let plan = site.plan();
    // Production has it in the image, where a module of the checkout takes its place; development has a bind mount.
    let steps = &plan.prod.images[0].stages.iter().find(|stage| stage.name == "app").unwrap().steps;
    let copy = Step::CopyTemplate { from: "site1/local.py.example".into(), to: "/app/site1/local.py".into() };
    let at = steps.iter().position(|step| *step == copy).unwrap();
    assert!(steps[at..].iter().any(|step| matches!(step, Step::CopySource { from, .. } if from == ".")));
    let copy = TemplateCopy { from: "/app/site1/local.py.example".into(), to: "/app/site1/local.py".into() };
    assert_eq!((&plan.prod.entrypoint.templates, &plan.dev.entrypoint.templates), (&vec![], &vec![copy]));
}

#[test]
fn a_url_holds_the_generated_password_by_name() {
    let url = "import environ\nenv = environ.Env()\nDATABASES = {'default': env.db('DATABASE_URL')}\n";
    let site = Site::new(&format!("{OPEN}{url}"), "django==5.2.1\npsycopg==3.2.9\ndjango-environ==0.12.0\n");
    let plan = site.plan();
    let text = &service(&plan.prod, "web").environment["DATABASE_URL"];
    let secrets = BTreeMap::from([("DB_PASSWORD".to_owned(), "pw".to_owned())]);
    let text = text.resolve(&secrets);
    assert_eq!(text.split('?').next(), Some("postgres://shop:pw@db:5432/shop"));
    assert_eq!(service(&plan.prod, "db").environment["POSTGRES_PASSWORD"].resolve(&secrets), "pw");
}

#[test]
fn an_environment_gets_the_word_as_the_settings_spell_it() {
    let check = "STAGE = os.getenv('STAGE', 'Development')\nif STAGE not in ('Production', 'Staging', 'Development'):\n    raise ValueError(STAGE)\nDEBUG = STAGE == 'Development'\n";
    let site = Site::new(&format!("{OPEN}{}{check}", database("postgresql")), POSTGRES);
    let plan = site.plan();
    assert_eq!(value(service(&plan.prod, "web"), "STAGE"), "Production");
    assert_eq!(value(service(&plan.dev, "web"), "STAGE"), "Development");
}

#[test]
fn files_of_split_settings_are_chosen_for_each_stack() {
    let init = "from os import environ\nfrom split_settings.tools import include, optional\nenviron.setdefault('STAGE', 'development')\n\
        _files = ('base.py', 'stages/{0}.py'.format(environ['STAGE']), optional('local.py'))\ninclude(*_files)\n";
    let site = postgres();
    let base = site.files["site1/settings.py"].clone();
    let mut site = site
        .with("site1/settings/__init__.py", init)
        .with("site1/settings/base.py", &base)
        .with("site1/settings/stages/development.py", "DEBUG = True\n")
        .with("site1/settings/stages/production.py", "DEBUG = False\nSTATIC_ROOT = '/srv/static'\n");
    site.files.remove("site1/settings.py");
    let (facts, _) = site.inspect();
    assert_eq!(facts.settings_modules.value, ["site1.settings"]);
    assert_eq!(facts.static_root.value.as_deref(), Some("/srv/static"));
    let plan = site.plan();
    assert_eq!(value(service(&plan.prod, "web"), "STAGE"), "production");
}

#[test]
fn settings_that_know_development_alone_are_told_of_production() {
    let more = "STAGE = os.getenv('STAGE', 'dev')\nif STAGE == 'dev':\n    from site1.dev import *\nelse:\n    from site1.live import *\n";
    let site = Site::new(&format!("{OPEN}{more}"), "django==5.2.1\nmysqlclient==2.2.7\n")
        .with("site1/dev.py", &format!("import os\nDEBUG = True\n{}", database("sqlite3")))
        .with("site1/live.py", &format!("import os\nDEBUG = False\n{}", database("mysql")));
    let (facts, _) = site.inspect();
    assert_eq!(facts.databases.value["default"].prod, djdock::inspect::facts::DatabaseEngine::Mysql);
    assert_eq!(value(service(&site.plan().prod, "web"), "STAGE"), "production");
}

#[test]
fn addresses_in_redis_keep_what_they_keep_apart() {
    let more = "CACHES = {'default': {'BACKEND': 'django_redis.cache.RedisCache', 'LOCATION': 'redis://127.0.0.1:6379/0'}, \
        'own-keys': {'BACKEND': 'django_redis.cache.RedisCache', 'LOCATION': 'redis://127.0.0.1:6379/1'}, \
        'more': {'BACKEND': 'django_redis.cache.RedisCache', 'LOCATION': ['redis://127.0.0.1:6379/2']}}\nCELERY_BROKER_URL = 'redis://127.0.0.1:6379/3'\n";
    let requirements = format!("{POSTGRES}django-redis==5.4.0\n");
    let plan = Site::new(&format!("{OPEN}{}{more}", database("postgresql")), &requirements).plan_with_redis();
    let web = service(&plan.prod, "web");
    assert_eq!(value(web, "CACHE_URL"), "redis://redis:6379/0");
    assert_eq!(value(web, "CACHE_OWN_KEYS_URL"), "redis://redis:6379/1");
    assert_eq!(value(web, "CACHE_MORE_URL"), "redis://redis:6379/2");
    assert_eq!(value(web, "CELERY_BROKER_URL"), "redis://redis:6379/3");
}

#[test]
fn the_stack_says_which_environment_it_is_also_where_every_goal_is_met_without() {
    let stage = "STAGE = os.environ.get('STAGE', 'local')\nLOUD = STAGE != 'production'\nif STAGE == 'production':\n    CONN = 60\n";
    let plan = Site::new(&format!("{OPEN}{}{stage}", database("postgresql")), POSTGRES).plan();
    assert_eq!(value(service(&plan.prod, "web"), "STAGE"), "production");
    assert!(!service(&plan.dev, "web").environment.contains_key("STAGE"));
}

#[test]
fn dynaconf_is_told_through_variables_of_its_own() {
    let files = "[default]\nALLOWED_HOSTS = []\n[default.DATABASES.default]\nENGINE = 'django.db.backends.postgresql'\nNAME = 'shop'\n\
                 [development]\nDEBUG = true\n[production]\nDEBUG = false\n";
    let settings = "STATIC_ROOT = BASE_DIR / 'collected'\nimport dynaconf\nsettings = dynaconf.DjangoDynaconf(__name__)\n";
    let plan =
        Site::new(settings, &format!("{POSTGRES}dynaconf==3.2.6\n")).with("settings.toml", files).plan();
    let web = service(&plan.prod, "web");
    assert_eq!((value(web, "DJANGO_ENV"), value(web, "DJANGO_DEBUG")), ("production".into(), "False".into()));
    assert_eq!(value(web, "DJANGO_DATABASES__default__HOST"), "db");
    assert!(matches!(
        variable(&plan, "DJANGO_DATABASES__default__PASSWORD"),
        VariableValue::Generated { .. }
    ));
    assert!(matches!(variable(&plan, "DJANGO_SECRET_KEY"), VariableValue::Generated { .. }));
    assert!(plan.overlays.is_empty(), "{:?}", plan.overlays);
}

#[test]
fn variables_that_must_name_files_get_files_of_docker_secrets() {
    let read =
        |name: &str| format!("with open(os.environ['{name}']) as file:\n    {name} = file.read().strip()\n");
    let settings = ["SECRET_KEY_FILE", "DB_PASSWORD_FILE", "MAIL_KEY_FILE"].map(read).concat()
        + "SECRET_KEY = SECRET_KEY_FILE\nDEBUG = False\nALLOWED_HOSTS = ['*']\nSTATIC_ROOT = BASE_DIR / 'collected'\n\
        DATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql', 'NAME': 'shop', 'USER': 'shop', 'PASSWORD': DB_PASSWORD_FILE, 'HOST': os.environ['DB_HOST']}}\n";
    let plan = Site::new(&settings, "django==5.2.1\npsycopg==3.2.9\n").plan();
    let files: Vec<(&str, &str)> =
        plan.secret_files.iter().map(|file| (file.path.as_str(), file.target.as_str())).collect();
    assert_eq!(
        files,
        [
            ("docker/secrets/db_password", "/run/secrets/db_password"),
            ("docker/secrets/mail_key", "/run/secrets/mail_key"),
            ("docker/secrets/secret_key", "/run/secrets/secret_key"),
        ]
    );
    assert_eq!(value(service(&plan.prod, "web"), "DB_PASSWORD_FILE"), "/run/secrets/db_password");
    let asked: Vec<String> = plan.secret_files.iter().flat_map(djdock::plan::SecretFile::asked).collect();
    assert_eq!(asked, ["mail_key"], "the others are the stack's to know");
}

#[test]
fn a_database_by_url_without_a_driver_is_a_file_in_both_stacks() {
    let settings = "import environ\nenv = environ.Env()\nDEBUG = env.bool('DEBUG')\nSECRET_KEY = env.str('SECRET_KEY')\n\
        ALLOWED_HOSTS = env.list('ALLOWED_HOSTS')\nSTATIC_ROOT = BASE_DIR / 'collected'\nDATABASES = {'default': env.db_url()}\n";
    let plan = Site::new(settings, "django==5.2.1\ndjango-environ==0.12.0\n").plan();
    assert!(plan.overlays.is_empty(), "{:?}", plan.overlays);
    assert_eq!(value(service(&plan.prod, "web"), "DATABASE_URL"), "sqlite:////app/data/db.sqlite3");
    assert_eq!(value(service(&plan.dev, "web"), "DATABASE_URL"), "sqlite:////app/db.sqlite3");
}

#[test]
fn a_worker_takes_from_every_queue_that_tasks_are_sent_to() {
    let command = |site: Site| service(&site.plan_with_redis().prod, "worker").command.join(" ");
    assert!(command(celery()).ends_with("--loglevel INFO"));
    let routed = |more: &str| {
        let site = celery();
        let settings = format!("{}{more}", site.files["site1/settings.py"]);
        site.with("site1/settings.py", &settings)
    };
    let routes = "CELERY_TASK_ROUTES = {'pages.mail': {'queue': 'mail'}, 'pages.*': {'queue': 'celery'}}\n";
    assert!(command(routed(routes)).ends_with("--queues celery,mail"));
    let named = format!("{routes}CELERY_TASK_DEFAULT_QUEUE = 'main'\n");
    assert!(command(routed(&named)).ends_with("--queues main,celery,mail"));
    // Where the queues are defined, a worker takes from each of itself.
    let defined = format!("{routes}CELERY_TASK_QUEUES = [make('mail')]\n");
    assert!(command(routed(&defined)).ends_with("--loglevel INFO"));
    let started = celery().with("Procfile", "slow: celery -A site1 worker -Q slow,mail -l info\n");
    assert!(command(started).ends_with("--queues celery,mail,slow"));
    let app = format!(
        "{}app.conf.task_routes = ([('x', {{'queue': 'far'}})],)\n",
        celery().files["site1/celery.py"]
    );
    assert!(command(celery().with("site1/celery.py", &app)).ends_with("--queues celery,far"));
}

#[test]
fn an_overlay_of_both_stacks_reads_only_variables_that_both_set() {
    let page =
        "{% load compress %}{% compress css %}<style type=\"text/x-scss\">a {}</style>{% endcompress %}";
    let precompiled = "COMPRESS_PRECOMPILERS = (('text/x-scss', 'sassc {infile} {outfile}'),)\n";
    let on_this_machine = "DATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql', 'NAME': 'shop', 'USER': 'shop', 'PASSWORD': 'shop', 'HOST': 'localhost', 'PORT': '5432'}}\n";
    let compressor = "INSTALLED_APPS.append('compressor')\n";
    for more in [String::new(), format!("{compressor}{precompiled}"), compressor.to_owned()] {
        for settings in [OPEN, CLOSED] {
            let site = Site::new(&format!("{settings}{on_this_machine}{more}"), POSTGRES)
                .with("pages/templates/pages/base.html", page);
            let plan = site.plan();
            for stack in [&plan.dev, &plan.prod] {
                let web = service(stack, "web");
                let module = value(web, "DJANGO_SETTINGS_MODULE");
                let overlay = plan.overlays.iter().find(|overlay| overlay.module == module).unwrap();
                for read in overlay.text.split("os.environ[\"").skip(1) {
                    let name = read.split('"').next().unwrap();
                    let is_set = web.environment.contains_key(name)
                        || plan.variables().iter().any(|variable| variable.name == name);
                    assert!(is_set, "{module} reads {name}: {}\n{:?}", overlay.text, web.environment);
                }
            }
        }
    }
}
