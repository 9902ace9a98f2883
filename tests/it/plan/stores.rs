//! Stores by use: a cache in Memcached, tasks in `RabbitMQ`, two stores side by side.

use djdock::stack::{Role, Text, VariableValue};

use super::site::*;
use super::store_access::seen;

const APP: &str = "from celery import Celery\napp = Celery('site1')\napp.config_from_object('django.conf:settings', namespace='CELERY')\n";
const REQUIREMENTS: &str = "django==5.2.1\npsycopg[binary]==3.2.9\ncelery==5.5.3\npymemcache==4.0.0\n";

fn with_celery(more: &str) -> Site {
    Site::new(&format!("{OPEN}{}{more}", database("postgresql")), REQUIREMENTS)
        .with("site1/celery.py", APP)
        .with("pages/tasks.py", "from celery import shared_task\n@shared_task\ndef x(): pass\n")
}

fn without_celery(more: &str) -> Site {
    Site::new(&format!("{OPEN}{}{more}", database("postgresql")), REQUIREMENTS)
}

fn memcached(location: &str) -> String {
    format!(
        "CACHES = {{'default': {{'BACKEND': 'django.core.cache.backends.memcached.PyMemcacheCache', 'LOCATION': {location}}}}}\n"
    )
}

/// The names of the stores in production.
fn stores(plan: &djdock::plan::Plan) -> Vec<&str> {
    let services = plan.prod.services.iter().filter(|service| service.role == Role::Cache);
    services.map(|service| service.name.as_str()).collect()
}

#[test]
fn a_cache_in_memcached_is_a_service_that_forgets() {
    for (location, variable) in [
        ("os.environ['CACHE_AT']", "CACHE_AT"),
        ("os.getenv('CACHE_AT', '127.0.0.1:11211')", "CACHE_AT"),
        ("os.getenv('MEMCACHED_HOST', 'localhost') + ':11211'", "MEMCACHED_HOST"),
        ("'127.0.0.1:11211'", "CACHE_URL"),
        ("['127.0.0.1:11211']", "CACHES_URL"),
        ("'unix:/tmp/memcached.sock'", "CACHE_URL"),
    ] {
        let plan = without_celery(&memcached(location)).plan();
        assert_eq!(stores(&plan), ["memcached"], "{location}");
        let found = seen(&plan, &plan.prod, variable);
        assert_eq!(found.trim_end_matches(":11211"), "memcached", "{location}");
        let store = service(&plan.prod, "memcached");
        assert!(store.mounts.is_empty() && store.ports.is_empty(), "{location}");
        assert!(store.because[0].reason.contains("Memcached"), "{:?}", store.because);
        assert!(store.because[0].place.to_string().starts_with("site1/settings.py"), "{:?}", store.because);
        assert!(
            plan.diagnostics.iter().all(|one| one.code.to_string() != "service-not-provided"),
            "{location}"
        );
    }
}

#[test]
fn each_backend_of_memcached_is_one() {
    for backend in [
        "django.core.cache.backends.memcached.PyLibMCCache",
        "django.core.cache.backends.memcached.MemcachedCache",
        "django_bmemcached.memcached.BMemcached",
        "django_prometheus.cache.backends.memcached.PyMemcacheCache",
        "shop.caches.PylibmcCache",
    ] {
        let more = format!(
            "CACHES = {{'default': {{'BACKEND': '{backend}', 'LOCATION': os.environ['CACHE_AT']}}}}\n"
        );
        assert_eq!(stores(&without_celery(&more).plan()), ["memcached"], "{backend}");
    }
}

#[test]
fn a_memcached_that_somebody_runs_is_no_service() {
    for location in ["'cache.example.org:11211'", "['one.example.org:11211', 'two.example.org:11211']"] {
        assert!(stores(&without_celery(&memcached(location)).plan()).is_empty(), "{location}");
    }
}

#[test]
fn tasks_go_through_rabbitmq_where_the_broker_is_one() {
    for (broker, variable) in [
        ("'amqp://guest:guest@localhost:5672//'", "CELERY_BROKER_URL"),
        ("'pyamqp://guest@localhost//'", "CELERY_BROKER_URL"),
        ("os.getenv('BROKER', 'amqp://guest:guest@localhost:5672//')", "BROKER"),
        ("os.environ['RABBITMQ_URL']", "RABBITMQ_URL"),
        ("os.environ.get('CLOUDAMQP_URL')", "CLOUDAMQP_URL"),
    ] {
        let plan = with_celery(&format!("CELERY_BROKER_URL = {broker}\n")).plan();
        assert_eq!(stores(&plan), ["rabbitmq"], "{broker}");
        assert_eq!(
            seen(&plan, &plan.prod, variable),
            "amqp://shop:<RABBITMQ_PASSWORD>@rabbitmq:5672//",
            "{broker}"
        );
        let store = service(&plan.prod, "rabbitmq");
        assert_eq!(store.environment["RABBITMQ_DEFAULT_USER"], Text::known("shop"));
        assert_eq!(store.environment["RABBITMQ_DEFAULT_PASS"], Text::variable("RABBITMQ_PASSWORD"));
        assert!(store.because[0].reason.contains("Celery's tasks"), "{:?}", store.because);
        assert!(plan.prod.service("worker").is_some(), "{broker}");
        assert!(matches!(super::site::variable(&plan, "RABBITMQ_PASSWORD"), VariableValue::Generated { .. }));
        assert!(!serde_json::to_string(&plan.prod).unwrap().contains("djdock-sample"), "{broker}");
    }
}

#[test]
fn a_broker_of_parts_gets_each_part() {
    let more = "CELERY_BROKER_URL = 'amqp://%s:%s@%s:%s/%s' % (os.environ['MQ_USER'], os.environ['MQ_PASS'], os.environ['MQ_HOST'], os.getenv('MQ_PORT', '5672'), os.getenv('MQ_VHOST', ''))\n";
    let plan = with_celery(more).plan();
    assert_eq!(stores(&plan), ["rabbitmq"]);
    let part = |name| seen(&plan, &plan.prod, name);
    assert_eq!(
        (part("MQ_USER"), part("MQ_PASS"), part("MQ_HOST")),
        ("shop".into(), "<MQ_PASS>".into(), "rabbitmq".into())
    );
    assert_eq!(
        service(&plan.prod, "rabbitmq").environment["RABBITMQ_DEFAULT_PASS"],
        Text::variable("MQ_PASS")
    );
}

#[test]
fn a_virtual_host_that_addresses_name_is_made() {
    let plan =
        with_celery("CELERY_BROKER_URL = os.getenv('BROKER', 'amqp://guest:guest@localhost:5672/orders')\n")
            .plan();
    let store = service(&plan.prod, "rabbitmq");
    assert_eq!(store.environment["RABBITMQ_DEFAULT_VHOST"], Text::known("orders"));
    assert!(seen(&plan, &plan.prod, "BROKER").ends_with("@rabbitmq:5672/orders"));
}

#[test]
fn two_stores_stand_side_by_side_where_a_project_uses_two() {
    let redis = "CACHES = {'default': {'BACKEND': 'django.core.cache.backends.redis.RedisCache', 'LOCATION': 'redis://localhost:6379/1'}}\n";
    let rabbit = "CELERY_BROKER_URL = os.getenv('BROKER', 'amqp://localhost')\nCELERY_RESULT_BACKEND = os.getenv('RESULTS', 'redis://localhost:6379/2')\n";
    let plan = with_celery(&format!("{redis}{rabbit}")).plan();
    assert_eq!(stores(&plan), ["rabbitmq", "redis"]);
    assert_eq!(seen(&plan, &plan.prod, "RESULTS"), "redis://redis:6379/2");
    assert!(seen(&plan, &plan.prod, "BROKER").contains("@rabbitmq:5672"));
    let both = format!(
        "{}CELERY_BROKER_URL = os.getenv('BROKER', 'redis://localhost:6379/0')\n",
        memcached("os.environ['CACHE_AT']")
    );
    let plan = with_celery(&both).plan();
    assert_eq!(stores(&plan), ["memcached", "redis"]);
    assert_eq!(seen(&plan, &plan.prod, "BROKER"), "redis://redis:6379/0");
    for stack in [&plan.prod, &plan.dev] {
        let worker = service(stack, "worker");
        let waits: Vec<&str> = worker.depends_on.iter().map(|on| on.service.as_str()).collect();
        assert!(["memcached", "redis"].iter().all(|name| waits.contains(name)), "{waits:?}");
    }
}

#[test]
fn a_store_that_nothing_uses_is_not_in_the_stack() {
    assert!(stores(&without_celery("CELERY_BROKER_URL = 'amqp://localhost'\n").plan()).is_empty());
    assert!(stores(&without_celery("").plan()).is_empty());
    let far = with_celery("CELERY_BROKER_URL = 'amqps://x:y@rabbit.example.org/z'\n").plan();
    assert!(stores(&far).is_empty());
}

#[test]
fn a_store_that_no_setting_can_be_led_to_is_told_and_is_no_service() {
    let codes = |site: &Site| {
        let plan = site.plan();
        assert!(stores(&plan).is_empty(), "{:?}", stores(&plan));
        plan.diagnostics.iter().map(|one| one.code.to_string()).collect::<Vec<_>>()
    };
    let by_url = "import environ\nenv = environ.Env()\nCACHES = {'default': env.cache('AT', default='memcache://127.0.0.1:11211')}\n";
    let site = Site::new(
        &format!("{OPEN}{}{by_url}", database("postgresql")),
        &format!("{REQUIREMENTS}django-environ==0.12.0\n"),
    );
    assert!(codes(&site).contains(&"service-not-provided".to_owned()));
    let in_module = with_celery("").with(
        "site1/celery.py",
        "from celery import Celery\napp = Celery('site1', broker='amqp://guest@localhost//')\n",
    );
    assert!(codes(&in_module).contains(&"broker-missing".to_owned()));
}
