//! Variables beside the address of a store, and variables that lead to the file in which an address stands.

use std::collections::BTreeMap;

use djdock::stack::VariableValue;

use super::site::*;

#[test]
fn a_password_of_redis_outside_a_url_is_empty_in_both_stacks() {
    let rows = [
        "CACHES = {'default': {'BACKEND': 'django_redis.cache.RedisCache', 'LOCATION': os.environ['CACHE_AT'], 'OPTIONS': {'PASSWORD': os.environ['CACHE_WORD']}}}\n",
        "CACHES = {'default': {'BACKEND': 'django_redis.cache.RedisCache', 'LOCATION': 'redis://localhost:6379/1', 'OPTIONS': {'CONNECTION_POOL_KWARGS': {'password': os.environ['CACHE_WORD']}}}}\n",
        "INSTALLED_APPS += ['django_rq']\nRQ_QUEUES = {'default': {'HOST': os.environ['QUEUE_HOST'], 'PORT': 6379, 'PASSWORD': os.environ['CACHE_WORD']}}\n",
        "INSTALLED_APPS += ['channels']\nCHANNEL_LAYERS = {'default': {'BACKEND': 'channels_redis.core.RedisChannelLayer', 'CONFIG': {'hosts': [{'host': os.environ['LAYER_HOST'], 'port': 6379, 'password': os.environ['CACHE_WORD']}]}}}\n",
        "INSTALLED_APPS += ['channels']\nCHANNEL_LAYERS = {'default': {'BACKEND': 'channels_redis.core.RedisChannelLayer', 'CONFIG': {'hosts': [{'address': 'redis://localhost:6379', 'password': os.environ['CACHE_WORD']}]}}}\n",
        "REDIS_HOST = os.environ['REDIS_HOST']\nREDIS_PASSWORD = os.environ['CACHE_WORD']\n",
    ];
    let requirements =
        format!("{POSTGRES}django-redis==5.4.0\ndjango-rq==3.0.1\nchannels==4.2.2\nchannels-redis==4.2.1\n");
    for more in rows {
        let plan =
            Site::new(&format!("{OPEN}{}{more}", database("postgresql")), &requirements).plan_with_redis();
        for stack in [&plan.prod, &plan.dev] {
            assert_eq!(value(service(stack, "web"), "CACHE_WORD"), "", "{more}");
        }
        assert!(plan.variables().iter().all(|one| one.name != "CACHE_WORD"), "{more}");
    }
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
