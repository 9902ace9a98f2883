//! Each stack has the services that its own settings use, and no other.

use djdock::plan::Plan;
use djdock::stack::{Role, Stack};

use super::site::*;

const REDIS: &str = "CACHES = {'default': {'BACKEND': 'django_redis.cache.RedisCache', 'LOCATION': os.environ['REDIS_URL']}}\n";
const MEMORY: &str = "CACHES = {'default': {'BACKEND': 'django.core.cache.backends.locmem.LocMemCache'}}\n";
const NEEDS: &str = "django==5.2.1\npsycopg[binary]==3.2.9\ndjango-redis==6.0.0\n";

/// Settings for both stacks, with `dev` and `prod` beside what both have.
fn plan_of(both: &str, dev: &str, prod: &str, requirements: &str) -> Plan {
    let from_base = "import os\nfrom site1.base import *\n";
    Site::new("", requirements)
        .with("site1/base.py", &format!("{COMMON}{COMPLETE}{OPEN}{}{both}", database("postgresql")))
        .with("site1/settings.py", &format!("{from_base}DEBUG = True\n{dev}"))
        .with("site1/production.py", &format!("{from_base}DEBUG = False\n{prod}"))
        .plan()
}

fn has_store(stack: &Stack) -> bool {
    let is_there = stack.role(Role::Cache).is_some();
    let waits = service(stack, "web").depends_on.iter().any(|one| one.service == "redis");
    assert_eq!(is_there, waits, "the site waits for the store that its stack has");
    is_there
}

fn stores(plan: &Plan) -> (bool, bool) {
    (has_store(&plan.dev), has_store(&plan.prod))
}

#[test]
fn a_cache_of_production_alone_is_no_service_of_development() {
    assert_eq!(stores(&plan_of("", "", REDIS, NEEDS)), (false, true));
    assert_eq!(stores(&plan_of("", MEMORY, REDIS, NEEDS)), (false, true));
}

#[test]
fn a_cache_of_development_alone_is_no_service_of_production() {
    assert_eq!(stores(&plan_of("", REDIS, MEMORY, NEEDS)), (true, false));
}

#[test]
fn what_both_settings_use_both_stacks_have() {
    assert_eq!(stores(&plan_of(REDIS, "", "", NEEDS)), (true, true));
    let layers = "CHANNEL_LAYERS = {'default': {'BACKEND': 'channels_redis.core.RedisChannelLayer', 'CONFIG': {'hosts': [('redis', 6379)]}}}\n";
    let needs = "django==5.2.1\npsycopg[binary]==3.2.9\nchannels-redis==4.2.1\n";
    assert_eq!(stores(&plan_of(layers, "", "", needs)), (true, true));
}

#[test]
fn a_variable_that_development_reads_too_keeps_the_service() {
    let base = "REDIS_HOST = os.environ['REDIS_HOST']\n";
    let prod = "CACHES = {'default': {'BACKEND': 'django_redis.cache.RedisCache', 'LOCATION': f'redis://{REDIS_HOST}:6379/0'}}\n";
    assert_eq!(stores(&plan_of(base, "", prod, NEEDS)), (true, true));
}

#[test]
fn tasks_that_development_runs_at_once_need_no_store() {
    let celery = |dev: &str| {
        let needs = "django==5.2.1\npsycopg[binary]==3.2.9\ncelery==5.5.3\nredis==6.2.0\n";
        let app = "import os\nfrom celery import Celery\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'site1.settings')\napp = Celery('site1')\napp.config_from_object('django.conf:settings', namespace='CELERY')\n";
        let from_base = "import os\nfrom site1.base import *\n";
        Site::new("", needs)
            .with("site1/base.py", &format!("{COMMON}{COMPLETE}{OPEN}{}", database("postgresql")))
            .with("site1/settings.py", &format!("{from_base}DEBUG = True\n{dev}"))
            .with(
                "site1/production.py",
                &format!("{from_base}DEBUG = False\nCELERY_BROKER_URL = 'redis://localhost:6379/0'\n"),
            )
            .with("site1/celery.py", app)
            .with("site1/__init__.py", "from .celery import app as celery_app\n")
            .with("pages/tasks.py", "from celery import shared_task\n@shared_task\ndef x(): pass\n")
            .plan()
    };
    assert_eq!(stores(&celery("CELERY_TASK_ALWAYS_EAGER = True\n")), (false, true));
    assert_eq!(stores(&celery("CELERY_BROKER_URL = 'memory://'\n")), (false, true));
    assert_eq!(stores(&celery("CELERY_BROKER_URL = 'redis://localhost:6379/1'\n")), (true, true));
}

#[test]
fn one_module_that_asks_debug_gives_each_stack_its_own() {
    let settings = format!("{OPEN}{}if not DEBUG:\n    {REDIS}", database("postgresql"));
    assert_eq!(stores(&Site::new(&settings, NEEDS).plan()), (false, true));
}
