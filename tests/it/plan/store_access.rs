//! Variables beside the address of a store, and variables that lead to the file in which an address stands.

use std::collections::BTreeMap;

use djdock::plan::Plan;
use djdock::stack::{Role, Stack, Text, VariableValue};

use super::site::*;

const REQUIREMENTS: &str = "django==5.2.1\npsycopg[binary]==3.2.9\ndjango-redis==5.4.0\ndjango-rq==3.0.1\nchannels==4.2.2\nchannels-redis==4.2.1\n";

fn plan_of(more: &str) -> Plan {
    Site::new(&format!("{OPEN}{}{more}", database("postgresql")), REQUIREMENTS).plan_with_redis()
}

/// Returns the variables of the project's containers as the env file fills them, where each secret is its own name in `<>`.
pub(super) fn seen(plan: &Plan, stack: &Stack, name: &str) -> String {
    let lines: BTreeMap<String, String> = plan
        .variables()
        .into_iter()
        .filter_map(|line| match line.value {
            VariableValue::Generated { .. } => Some((line.name.clone(), format!("<{}>", line.name))),
            _ => None,
        })
        .collect();
    let web = service(stack, "web");
    let own = web.environment.get(name).map(|text| text.resolve(&lines));
    own.or_else(|| lines.get(name).cloned()).unwrap_or_default()
}

#[test]
fn a_password_that_the_settings_read_is_that_of_the_store_in_both_stacks() {
    let rows = [
        "CACHES = {'default': {'BACKEND': 'django_redis.cache.RedisCache', 'LOCATION': os.environ['CACHE_AT'], 'OPTIONS': {'PASSWORD': os.environ['CACHE_WORD']}}}\n",
        "CACHES = {'default': {'BACKEND': 'django_redis.cache.RedisCache', 'LOCATION': 'redis://localhost:6379/1', 'OPTIONS': {'CONNECTION_POOL_KWARGS': {'password': os.environ['CACHE_WORD']}}}}\n",
        "INSTALLED_APPS += ['django_rq']\nRQ_QUEUES = {'default': {'HOST': os.environ['QUEUE_HOST'], 'PORT': 6379, 'PASSWORD': os.environ['CACHE_WORD']}}\n",
        "INSTALLED_APPS += ['channels']\nCHANNEL_LAYERS = {'default': {'BACKEND': 'channels_redis.core.RedisChannelLayer', 'CONFIG': {'hosts': [{'host': os.environ['LAYER_HOST'], 'port': 6379, 'password': os.environ['CACHE_WORD']}]}}}\n",
        "INSTALLED_APPS += ['channels']\nCHANNEL_LAYERS = {'default': {'BACKEND': 'channels_redis.core.RedisChannelLayer', 'CONFIG': {'hosts': [{'address': 'redis://localhost:6379', 'password': os.environ['CACHE_WORD']}]}}}\n",
        "REDIS_HOST = os.environ['REDIS_HOST']\nREDIS_PASSWORD = os.environ['CACHE_WORD']\n",
        "CELERY_BROKER_URL = f\"redis://:{os.environ['CACHE_WORD']}@{os.environ['QUEUE_HOST']}:6379/0\"\n",
        "CACHES = {'default': {'BACKEND': 'django_redis.cache.RedisCache', 'LOCATION': 'redis://:%s@localhost:6379/1' % os.environ['CACHE_WORD']}}\n",
        "CELERY_BROKER_URL = f\"redis://:{os.environ['CACHE_WORD']}@localhost:6379/0\"\n",
        "CACHES = {'default': {'BACKEND': 'django.core.cache.backends.redis.RedisCache', 'LOCATION': 'redis://:%s@%s:6379/1' % (os.environ['CACHE_WORD'], os.getenv('CACHE_HOST', 'localhost'))}}\n",
        "WORD = os.environ.get('CACHE_WORD')\nCACHES = {'default': {'BACKEND': 'django_redis.cache.RedisCache', 'LOCATION': os.environ['CACHE_AT'], 'OPTIONS': {**({'PASSWORD': WORD} if WORD else {})}}}\n",
    ];
    for more in rows {
        let plan = plan_of(more);
        assert!(matches!(variable(&plan, "CACHE_WORD"), VariableValue::Generated { .. }), "{more}");
        for stack in [&plan.prod, &plan.dev] {
            assert_eq!(seen(&plan, stack, "CACHE_WORD"), "<CACHE_WORD>", "{more}");
            let store = stack.role(Role::Cache).unwrap();
            assert_eq!(store.environment["REDISCLI_AUTH"], Text::variable("CACHE_WORD"), "{more}");
            let line = store.command.last().unwrap();
            assert!(line.contains("requirepass $REDISCLI_AUTH"), "{line}");
            let check = store.health_check.as_ref().unwrap().test.join(" ");
            assert!(!check.contains("REDISCLI_AUTH"), "{check}");
        }
    }
}

#[test]
fn a_url_of_a_cache_that_a_reader_takes_apart_leads_to_the_store() {
    for read in [
        "env.cache('AT', default='redis://127.0.0.1:6379/1')",
        "env.cache_url('AT', 'rediscache://127.0.0.1:6379/1')",
        "env.cache('AT', default='redis://:word@localhost:6379/1')",
    ] {
        let settings = format!("import environ\nenv = environ.Env()\nCACHES = {{'default': {read}}}\n");
        let requirements = format!("{REQUIREMENTS}django-environ==0.12.0\n");
        let site = Site::new(&format!("{OPEN}{}{settings}", database("postgresql")), &requirements);
        let plan = site.plan();
        for stack in [&plan.dev, &plan.prod] {
            assert_eq!(seen(&plan, stack, "AT"), "redis://redis:6379/0", "{read}");
        }
    }
}

#[test]
fn a_store_that_nobody_has_a_password_for_asks_for_none() {
    let rows = [
        "CACHES = {'default': {'BACKEND': 'django_redis.cache.RedisCache', 'LOCATION': os.environ['CACHE_AT']}}\n",
        "CACHES = {'default': {'BACKEND': 'django_redis.cache.RedisCache', 'LOCATION': 'redis://localhost:6379/1', 'OPTIONS': {'PASSWORD': None}}}\n",
        "EMAIL_HOST_PASSWORD = os.environ['MAIL_WORD']\nREDIS_HOST = os.environ['REDIS_HOST']\n",
    ];
    for more in rows {
        let plan = plan_of(more);
        for stack in [&plan.prod, &plan.dev] {
            let store = stack.role(Role::Cache).unwrap();
            assert!(store.environment.is_empty(), "{more}");
            assert_eq!(store.command[0], "redis-server", "{more}");
        }
    }
}

#[test]
fn every_address_carries_the_password_that_one_of_them_asks_for() {
    let more = "CACHES = {'default': {'BACKEND': 'django_redis.cache.RedisCache', 'LOCATION': os.environ['CACHE_AT'], 'OPTIONS': {'PASSWORD': os.environ['CACHE_WORD']}}}\n\
        CELERY_BROKER_URL = os.getenv('BROKER_AT', 'redis://localhost:6379/2')\n\
        CELERY_RESULT_BACKEND = os.environ['RESULTS_AT']\n";
    let plan = plan_of(more);
    for stack in [&plan.prod, &plan.dev] {
        assert_eq!(seen(&plan, stack, "CACHE_AT"), "redis://redis:6379/0");
        assert_eq!(seen(&plan, stack, "BROKER_AT"), "redis://:<CACHE_WORD>@redis:6379/2");
        assert_eq!(seen(&plan, stack, "RESULTS_AT"), "redis://:<CACHE_WORD>@redis:6379/1");
    }
}

#[test]
fn an_address_that_is_written_down_gets_the_password_beside_the_settings() {
    let more = "CACHES = {'default': {'BACKEND': 'django_redis.cache.RedisCache', 'LOCATION': os.environ['CACHE_AT'], 'OPTIONS': {'PASSWORD': os.environ['CACHE_WORD']}}}\n\
        CELERY_BROKER_URL = 'redis://localhost:6379/2'\n";
    let plan = plan_of(more);
    assert_eq!(seen(&plan, &plan.prod, "CELERY_BROKER_URL"), "redis://:<CACHE_WORD>@redis:6379/2");
    assert!(plan.overlays[0].text.contains("CELERY_BROKER_URL = os.environ[\"CELERY_BROKER_URL\"]"));
}

#[test]
fn a_written_password_in_a_url_is_no_password_of_the_stack() {
    let plan = plan_of("CELERY_BROKER_URL = 'redis://:written@redis:6379/2'\n");
    assert_eq!(seen(&plan, &plan.prod, "CELERY_BROKER_URL"), "redis://redis:6379/2");
    let text = &plan.overlays[0].text;
    assert!(!text.contains("written@"), "{text}");
}

#[test]
fn a_user_that_the_settings_name_is_made_and_the_servers_own_is_not() {
    let cache = |user: &str| {
        format!(
            "CACHES = {{'default': {{'BACKEND': 'django_redis.cache.RedisCache', 'LOCATION': f\"redis://{user}:{{os.environ['CACHE_WORD']}}@{{os.environ['CACHE_HOST']}}:6379/0\"}}}}\n"
        )
    };
    let plan = plan_of(&cache("shop"));
    let store = plan.prod.role(Role::Cache).unwrap();
    let line = store.command.last().unwrap();
    assert!(line.contains("user shop on >$REDISCLI_AUTH"), "{line}");
    for (user, expected) in [("default", ""), ("{os.environ['CACHE_USER']}", "default")] {
        let plan = plan_of(&cache(user));
        let line = plan.prod.role(Role::Cache).unwrap().command.last().unwrap();
        assert!(!line.contains("user "), "{line}");
        assert_eq!(seen(&plan, &plan.prod, "CACHE_USER"), expected);
    }
}

#[test]
fn the_password_of_a_store_stands_in_the_env_file_alone() {
    let plan = plan_of(
        "CELERY_BROKER_URL = f\"redis://:{os.environ['CACHE_WORD']}@{os.environ['QUEUE_HOST']}:6379/0\"\n",
    );
    let json = serde_json::to_string(&plan.prod).unwrap();
    assert!(!json.contains("djdock-sample"), "{json}");
}

#[test]
fn a_secret_value_of_configurations_is_never_empty() {
    let settings = format!(
        "{COMMON}from configurations import Configuration, values\nclass Live(Configuration):\n    SECRET_KEY = values.SecretValue()\n    \
        DEBUG = values.BooleanValue(False)\n    ALLOWED_HOSTS = values.ListValue([])\n    STATIC_ROOT = BASE_DIR / 'collected'\n    \
        INSTALLED_APPS = INSTALLED_APPS\n    ROOT_URLCONF = ROOT_URLCONF\n    STATIC_URL = STATIC_URL\n    \
        DATABASES = values.DatabaseURLValue('postgres://localhost/shop')\n    \
        REDIS_PASSWORD = values.SecretValue(environ_name='REDIS_PASSWORD')\n    REDIS_HOST = values.SecretValue(environ_name='REDIS_HOST')\n    \
        ERRORS_DSN = values.SecretValue(environ_name='ERRORS_DSN')\n    \
        RQ_QUEUES = {{'default': {{'HOST': REDIS_HOST, 'PORT': 6379, 'PASSWORD': REDIS_PASSWORD}}}}\n"
    );
    let site =
        Site::new("", &format!("{REQUIREMENTS}django-configurations==2.5.1\ndj-database-url==2.3.0\n"))
            .with("site1/settings.py", &settings)
            .with(
                "manage.py",
                &MANAGE.replace(
                    "    from django.core",
                    "    os.environ.setdefault('DJANGO_CONFIGURATION', 'Live')\n    from configurations",
                ),
            );
    let plan = site.plan_with_redis();
    assert_eq!(seen(&plan, &plan.prod, "DJANGO_REDIS_PASSWORD"), "<DJANGO_REDIS_PASSWORD>");
    assert_eq!(seen(&plan, &plan.prod, "DJANGO_REDIS_HOST"), "redis");
    let placeholder = VariableValue::Asked { placeholder: "http://change-me@localhost/1".to_owned() };
    assert_eq!(variable(&plan, "DJANGO_ERRORS_DSN"), &placeholder);
}

#[test]
fn a_password_of_redis_elsewhere_is_the_persons() {
    let more = "CACHES = {'default': {'BACKEND': 'django_redis.cache.RedisCache', 'LOCATION': 'redis://localhost:6379/1'}, \
        'far': {'BACKEND': 'django_redis.cache.RedisCache', 'LOCATION': 'redis://cache.example.org/1', 'OPTIONS': {'PASSWORD': os.environ['FAR_WORD']}}}\n\
        EMAIL_HOST_PASSWORD = os.environ['MAIL_WORD']\n";
    let requirements = format!("{POSTGRES}django-redis==5.4.0\n");
    let plan = Site::new(&format!("{OPEN}{}{more}", database("postgresql")), &requirements).plan_with_redis();
    assert!(matches!(variable(&plan, "FAR_WORD"), VariableValue::Asked { .. }));
    assert!(matches!(variable(&plan, "MAIL_WORD"), VariableValue::Asked { .. }));
}

#[test]
fn a_variable_that_decides_which_file_is_opened_gets_no_host() {
    let ways = [
        "with (DATA_DIR / 'conf' / 'keys.json').open() as handle:\n        KEYS = json.load(handle)\n",
        "with open(DATA_DIR / 'conf' / 'keys.json') as handle:\n        KEYS = json.load(handle)\n",
        "KEYS = json.load(DATA_DIR.joinpath('keys.json').open('rb'))\n",
        "KEYS = json.loads((DATA_DIR / 'keys.json').read_text())\n",
        "KEYS = json.loads((DATA_DIR / 'keys.json').read_bytes())\n",
        "KEYS = json.load(open(os.path.join(str(DATA_DIR), 'keys.json')))\n",
    ];
    let folders = [
        "Path(os.environ['DATA_DIR']) if 'DATA_DIR' in os.environ else Path(__file__).parent.parent.parent",
        "Path(os.environ['DATA_DIR'])",
    ];
    let requirements = format!("{POSTGRES}django-redis==5.4.0\n");
    for (way, folder) in ways.iter().flat_map(|way| folders.map(|folder| (way, folder))) {
        let more = format!(
            "import json\nfrom pathlib import Path\nDATA_DIR = {folder}\n\
            try:\n    {way}except OSError:\n    KEYS = {{'name': 'x'}}\n\
            MEDIA_ROOT = DATA_DIR / 'media'\n\
            CACHES = {{'default': {{'BACKEND': 'django_redis.cache.RedisCache', 'LOCATION': KEYS.get('cache', 'redis://localhost:6379')}}}}\n"
        );
        let site = Site::new(&format!("{OPEN}{}{more}", database("postgresql")), &requirements);
        let plan = site.plan_with_redis();
        for stack in [&plan.prod, &plan.dev] {
            let set = service(stack, "web").environment.get("DATA_DIR");
            let text = set.map(|text| text.resolve(&BTreeMap::new())).unwrap_or_default();
            assert!(text.is_empty() || text.starts_with('/'), "{text} where {way}");
        }
    }
}

#[test]
fn a_written_password_of_redis_is_taken_back_beside_the_settings() {
    let more = "CACHES = {'default': {'BACKEND': 'django_redis.cache.RedisCache', 'LOCATION': 'redis://localhost:6379/1', \
        'OPTIONS': {'PASSWORD': 'written'}}}\n";
    let requirements = format!("{POSTGRES}django-redis==5.4.0\n");
    let plan = Site::new(&format!("{OPEN}{}{more}", database("postgresql")), &requirements).plan_with_redis();
    for stack in [&plan.prod, &plan.dev] {
        assert_eq!(value(service(stack, "web"), "CACHE_PASSWORD"), "");
    }
}
