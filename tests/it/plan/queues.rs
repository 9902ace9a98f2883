//! What works off tasks, why a store is in the stack, and what is said of the rest.

use super::*;
use djdock::base::Diagnostic;
use djdock::plan::Plan;
use djdock::stack::Step;

fn site(settings: &str, requirements: &str) -> Site {
    Site::new(&format!("{OPEN}{SQLITE}{settings}"), &format!("django==5.2.1\n{requirements}"))
}

fn command(plan: &Plan, name: &str) -> String {
    plan.prod.service(name).map(|service| service.command.join(" ")).unwrap_or_default()
}

fn store(plan: &Plan) -> Option<String> {
    let service = plan.prod.service("redis")?;
    service.because.first().map(|evidence| format!("{} {}", evidence.place, evidence.reason))
}

fn said<'a>(plan: &'a Plan, code: &str) -> Vec<&'a Diagnostic> {
    plan.diagnostics.iter().filter(|one| one.code.to_string() == code).collect()
}

#[test]
fn each_queue_of_an_installed_app_gets_its_worker() {
    let apps = |app: &str| format!("INSTALLED_APPS += ['{app}']\n");
    let rows = [
        (
            "RQ_QUEUES = {'high': {'URL': 'redis://localhost:6379/0'}, 'slow': {'URL': 'redis://localhost:6379/0'}}\n",
            apps("django_rq"),
            "django-rq==3.0.1\n",
            ("rqworker", "python manage.py rqworker high slow"),
            true,
        ),
        (
            "HUEY = {'huey_class': 'huey.RedisHuey', 'name': 'x', 'url': 'redis://localhost:6379/0'}\n",
            apps("huey.contrib.djhuey"),
            "huey==2.5.3\nredis==6.2.0\n",
            ("huey", "python manage.py run_huey"),
            true,
        ),
        (
            "DRAMATIQ_BROKER = {'BROKER': 'dramatiq.brokers.redis.RedisBroker', 'OPTIONS': {'url': 'redis://localhost:6379'}}\n",
            apps("django_dramatiq"),
            "django-dramatiq==0.13.0\ndramatiq[redis]==1.18.0\n",
            ("dramatiq", "python manage.py rundramatiq"),
            true,
        ),
        (
            "Q_CLUSTER = {'name': 'x', 'orm': 'default'}\n",
            apps("django_q"),
            "django-q2==1.8.0\n",
            ("qcluster", "python manage.py qcluster"),
            false,
        ),
        (
            "",
            apps("background_task"),
            "django-background-tasks==1.2.8\n",
            ("background-tasks", "python manage.py process_tasks"),
            false,
        ),
        (
            "",
            apps("procrastinate.contrib.django"),
            "procrastinate[django]==3.2.2\n",
            ("procrastinate", "python manage.py procrastinate worker"),
            false,
        ),
        (
            "TASKS = {'default': {'BACKEND': 'django_tasks.backends.database.DatabaseBackend', 'QUEUES': ['default', 'mail']}}\n",
            apps("django_tasks.backends.database"),
            "django-tasks==0.7.0\n",
            ("tasks", "python manage.py db_worker --queue-name default,mail"),
            false,
        ),
        (
            "TASKS = {'default': {'BACKEND': 'django_tasks_db.DatabaseBackend'}}\n",
            apps("django_tasks_db"),
            "django-tasks-db==0.12.0\n",
            ("tasks", "python manage.py db_worker"),
            false,
        ),
    ];
    for (settings, app, requirements, (service, expected), uses_store) in rows {
        let plan = site(&format!("{app}{settings}"), requirements).plan();
        assert_eq!(command(&plan, service), expected);
        assert_eq!(store(&plan).is_some(), uses_store, "{service}");
        assert!(said(&plan, "queue-not-run").is_empty(), "{service}");
        let waits = &plan.prod.service(service).unwrap().depends_on;
        assert!(waits.iter().any(|on| on.service == "migrate"), "{service}");
        let healthy = plan.probes.iter().any(|probe| {
            matches!(&probe.act, Act::Healthy { services, .. } if services.iter().any(|name| name == service))
        });
        assert!(healthy, "a smoke run sees that {service} runs");
    }
}

#[test]
fn a_queue_whose_tasks_nothing_carries_is_named_with_its_command() {
    let rabbit = site(
        "INSTALLED_APPS += ['django_dramatiq']\nDRAMATIQ_BROKER = {'BROKER': 'dramatiq.brokers.rabbitmq.RabbitmqBroker'}\n",
        "django-dramatiq==0.13.0\n",
    )
    .plan();
    let found = said(&rabbit, "queue-not-run");
    assert!(
        found[0].notes[0].contains("RabbitMQ") && found[0].helps[0].contains("rundramatiq"),
        "{found:#?}"
    );
    assert!(rabbit.prod.service("dramatiq").is_none() && store(&rabbit).is_none());
    let file = site(
        "from huey import SqliteHuey\nINSTALLED_APPS += ['huey.contrib.djhuey']\nHUEY = SqliteHuey(filename='x.db')\n",
        "huey==2.5.3\n",
    )
    .plan();
    assert!(said(&file, "queue-not-run")[0].notes[0].contains("SQLite"));
    assert_eq!(store(&file), None);
    let without_app =
        site("RQ_QUEUES = {'mail': {'HOST': 'localhost', 'PORT': 6379}}\n", "django-rq==3.0.1\n").plan();
    let found = said(&without_app, "queue-not-run");
    assert!(found[0].helps[0].contains("rqworker mail"), "{found:#?}");
}

#[test]
fn tasks_that_the_site_does_itself_need_no_worker() {
    for (settings, requirements) in [
        ("INSTALLED_APPS += ['huey.contrib.djhuey']\nHUEY = {'immediate': True}\n", "huey==2.5.3\n"),
        ("INSTALLED_APPS += ['django_q']\nQ_CLUSTER = {'sync': True}\n", "django-q2==1.8.0\n"),
        (
            "INSTALLED_APPS += ['django_tasks_db']\nTASKS = {'default': {'BACKEND': 'django_tasks.backends.immediate.ImmediateBackend'}}\n",
            "django-tasks-db==0.12.0\n",
        ),
    ] {
        let plan = site(settings, requirements).plan();
        assert!(said(&plan, "queue-not-run").is_empty(), "{settings}");
        assert!(plan.prod.services.iter().all(|service| service.role != Role::Worker), "{settings}");
        assert_eq!(store(&plan), None, "{settings}");
    }
}

#[test]
fn schedules_that_need_the_clock_of_a_machine_are_named() {
    for (app, requirement, word) in [
        ("django_crontab", "django-crontab==0.7.1\n", "crontab"),
        ("django_cron", "django-cron==0.6.0\n", "runcrons"),
        ("kronos", "django-kronos==1.0\n", "runtask"),
        ("django_apscheduler", "django-apscheduler==0.7.0\n", "management command"),
    ] {
        let plan = site(&format!("INSTALLED_APPS += ['{app}']\n"), requirement).plan();
        assert!(said(&plan, "queue-not-run")[0].helps[0].contains(word), "{app}");
        assert_eq!(store(&plan), None, "{app}");
    }
}

#[test]
fn a_worker_that_a_person_left_out_is_not_missed() {
    let site = site("INSTALLED_APPS += ['background_task']\n", "django-background-tasks==1.2.8\n");
    let plan = site
        .try_plan(|answers| {
            answers.worker = false;
            answers.origins.insert("worker".to_owned(), djdock::base::Place::Flag("--no-worker".to_owned()));
        })
        .unwrap();
    assert!(said(&plan, "queue-not-run").is_empty() && plan.prod.service("background-tasks").is_none());
}

#[test]
fn the_store_is_there_for_what_uses_it_and_says_which_line() {
    let line = |settings: &str, requirements: &str| {
        let plan = site(&format!("\n{settings}"), requirements).plan();
        assert_eq!(store(&plan).is_some(), plan.prod.service("redis").is_some());
        store(&plan).map(|because| because.split_once(' ').unwrap().1.to_owned()).unwrap_or_default()
    };
    let client = "redis==6.2.0\n";
    assert!(line("SESSION_ENGINE = 'redis_sessions.session'\n", client).contains("sessions"));
    assert!(line("REDIS_URL = os.environ['REDIS_URL']\n", client).contains("address"));
    assert!(line("CONSTANCE_REDIS_CONNECTION = 'redis://localhost:6379/0'\n", client).contains("address"));
    let layer = "CHANNEL_LAYERS = {'default': {'BACKEND': 'channels_redis.core.RedisChannelLayer', 'CONFIG': {'hosts': [('localhost', 6379)]}}}\n";
    assert!(
        line(&format!("INSTALLED_APPS += ['channels']\n{layer}"), "channels-redis==4.2.1\n")
            .contains("channels")
    );
    let cache = |address: &str| {
        format!(
            "CACHES = {{'default': {{'BACKEND': 'django.core.cache.backends.redis.RedisCache', 'LOCATION': '{address}'}}}}\n"
        )
    };
    assert!(line(&cache("redis://localhost:6379"), client).contains("cache"));
    assert!(line(&cache("valkey://localhost:6379"), client).contains("cache"));
    // Somebody else runs it, nothing is installed that talks to it, or it is switched off.
    assert_eq!(line(&cache("redis://cache.example.org:6379"), client), "");
    assert_eq!(line("REDIS_URL = os.environ['REDIS_URL']\n", "requests==2.32.0\n"), "");
    assert_eq!(line("REDIS_URL = None\n", client), "");
    assert_eq!(line("", client), "");
    let memory = "CHANNEL_LAYERS = {'default': {'BACKEND': 'channels.layers.InMemoryChannelLayer'}}\n";
    assert_eq!(line(&format!("INSTALLED_APPS += ['channels']\n{memory}"), "channels==4.2.2\n"), "");
}

#[test]
fn a_layer_in_memory_is_said_when_the_stack_is_made() {
    let memory = "INSTALLED_APPS += ['channels']\nCHANNEL_LAYERS = {'default': {'BACKEND': 'channels.layers.InMemoryChannelLayer'}}\n";
    assert_eq!(said(&site(memory, "channels==4.2.2\n").plan(), "channel-layer-in-memory").len(), 1);
    // What uses no channels has no messages to lose.
    let unused = memory.replace("INSTALLED_APPS += ['channels']\n", "");
    assert!(said(&site(&unused, "").plan(), "channel-layer-in-memory").is_empty());
}

#[test]
fn a_broker_that_a_variable_alone_knows_is_what_names_and_clients_say() {
    let app = "from celery import Celery\napp = Celery('site1')\n";
    let plan = |setting: &str, requirements: &str| {
        site(setting, requirements)
            .with("site1/celery.py", app)
            .with("pages/tasks.py", "from celery import shared_task\n@shared_task\ndef x(): pass\n")
            .plan()
    };
    let open = "CELERY_BROKER_URL = os.environ['BROKER']\n";
    for requirements in [
        "celery[redis]==5.5.3\n",
        "celery==5.5.3\ndjango-redis==6.0.0\n",
        "celery==5.5.3\nchannels-redis==4.2.1\n",
        "celery==5.5.3\nkombu[redis]==5.5.0\n",
    ] {
        let plan = plan(open, requirements);
        assert!(store(&plan).unwrap().contains("names the broker"), "{requirements}");
        assert!(command(&plan, "worker").starts_with("celery"), "{requirements}");
    }
    let by_name = plan("CELERY_BROKER_URL = os.environ.get('REDIS_URL')\n", "celery==5.5.3\n");
    assert!(store(&by_name).unwrap().contains("Celery's tasks"));
    let rabbit = plan("CELERY_BROKER_URL = os.environ.get('CLOUDAMQP_URL')\n", "celery==5.5.3\n");
    assert!(store(&rabbit).is_none() && said(&rabbit, "broker-missing").is_empty());
    assert!(rabbit.prod.service("rabbitmq").unwrap().because[0].reason.contains("Celery's tasks"));
    let nobody = plan("CELERY_BROKER_URL = os.environ['BROKER']\n", "celery==5.5.3\n");
    assert!(store(&nobody).is_none() && said(&nobody, "broker-missing").len() == 1);
    // A broker that somebody runs needs no service, and a worker all the same.
    let elsewhere = plan("CELERY_BROKER_URL = 'amqps://x@rabbit.example.org/y'\n", "celery==5.5.3\n");
    assert!(store(&elsewhere).is_none() && said(&elsewhere, "broker-missing").is_empty());
    assert!(command(&elsewhere, "worker").starts_with("celery"));
}

#[test]
fn what_a_platform_brings_is_evidence() {
    let app = "from celery import Celery\napp = Celery('site1')\n";
    let heroku = "{\"addons\": [\"heroku-redis:mini\", {\"plan\": \"heroku-postgresql:essential-0\"}]}";
    let render = "databases:\n- name: db\nservices:\n- type: keyvalue\n  name: kv\n";
    for (file, text) in [("app.json", heroku), ("render.yaml", render)] {
        let settings = format!(
            "{OPEN}CELERY_BROKER_URL = os.environ['BROKER']\nDATABASES = {{'default': dj(os.environ['DB'])}}\n"
        );
        let site = Site::new(&settings, "django==5.2.1\ncelery==5.5.3\n")
            .with("site1/celery.py", app)
            .with("pages/tasks.py", "from celery import shared_task\n@shared_task\ndef x(): pass\n")
            .with(file, text);
        let (facts, _) = site.inspect();
        let answers = djdock::choose::suggested(&facts, "shop");
        assert!(answers.cache, "{file}");
        assert_eq!(answers.database.offer.word, "postgres", "{file}");
        assert!(facts.store.evidence.iter().any(|one| one.place.to_string().starts_with(file)), "{file}");
    }
}

#[test]
fn a_worker_whose_broker_is_redis_has_the_client() {
    let more = "CELERY_BROKER_URL = 'redis://localhost:6379/0'\n";
    let installs = |requirements: &str, wanted: &str| {
        let site = Site::new(&format!("{OPEN}{}{more}", database("postgresql")), requirements)
            .with("site1/celery.py", "from celery import Celery\napp = Celery('site1')\napp.config_from_object('django.conf:settings', namespace='CELERY')\n");
        let plan = site.plan_with_redis();
        assert_eq!(value(service(&plan.prod, "worker"), "CELERY_BROKER_URL"), "redis://redis:6379/0");
        let install = steps(&plan, "builder").iter().find_map(|step| match step {
            Step::Install { commands, .. } => Some(commands.iter().flatten().cloned().collect::<Vec<_>>()),
            _ => None,
        });
        install.unwrap().iter().any(|word| word == wanted)
    };
    let extra = "celery[redis]";
    assert!(installs("django==5.2.1\npsycopg==3.2.9\ncelery==5.5.0\n", extra));
    assert!(!installs("django==5.2.1\npsycopg==3.2.9\ncelery[redis]==5.5.0\n", extra));
    assert!(!installs("django==5.2.1\npsycopg==3.2.9\ncelery==5.5.0\ndjango-redis==5.4.0\n", extra));
    // An older Celery takes the newest kombu, which refuses the client that the project pins.
    let transport = "kombu[redis]";
    for (requirements, is_needed) in [
        ("celery==5.4.0\nredis==5.0.8\n", true),
        ("celery[redis]==5.2.7\n", true),
        ("celery==5.4.0\nkombu==5.4.2\nredis==5.0.8\n", false),
        ("celery==5.5.3\nredis==6.4.0\n", false),
        ("celery==4.4.7\nredis==3.5.3\n", false),
        ("celery\nredis\n", false),
        ("celery[redis]>5.3,<5.4\n", true),
        ("celery>=5.2\nredis==5.2.1\n", true),
        ("celery==5.6.3\nredis==5.2.1\n", true),
        ("celery==5.6.3\nredis==6.4.0\n", false),
        ("celery==5.7.0\nredis==5.2.1\n", false),
        ("celery>=5.5\nredis>=6.1\n", false),
    ] {
        let all = format!("django==5.2.1\npsycopg==3.2.9\n{requirements}");
        assert_eq!(installs(&all, transport), is_needed, "{requirements}");
    }
}

#[test]
fn a_cache_that_a_library_makes_of_a_url_is_not_replaced_by_the_url() {
    let settings = "import django_cache_url\nREDIS_URL = os.environ['REDIS_URL']\nCACHES = {'default': django_cache_url.parse(REDIS_URL)}\n";
    let plan = site(settings, "redis==6.2.0\ndjango-redis==6.0.0\n").plan_with_redis();
    assert_eq!(value(service(&plan.prod, "web"), "REDIS_URL"), "redis://redis:6379/0");
    for overlay in &plan.overlays {
        assert!(!overlay.text.contains("CACHES"), "{}", overlay.text);
    }
}

/// The words that start the keeper of the schedule, and the reasons for the service.
fn beat(settings: &str, requirements: &str, file: (&str, &str)) -> (Vec<String>, Vec<String>) {
    let settings = format!(
        "CELERY_BROKER_URL = 'redis://localhost:6379/0'\nCELERY_BEAT_SCHEDULE = {{'a': {{'task': 't', 'schedule': 5}}}}\n{settings}"
    );
    let site = Site::new(
        &format!("{OPEN}{}{settings}", database("postgresql")),
        &format!("django==5.2.1\npsycopg==3.2.9\ncelery[redis]==5.5.0\n{requirements}"),
    )
    .with("site1/celery.py", "from celery import Celery\napp = Celery('site1')\napp.config_from_object('django.conf:settings', namespace='CELERY')\n")
    .with(file.0, file.1);
    let plan = site.plan_with_redis();
    let beat = service(&plan.prod, "beat");
    (beat.command.clone(), beat.because.iter().map(|one| one.place.to_string()).collect())
}

#[test]
fn the_keeper_of_the_schedule_that_a_command_names_is_kept() {
    let in_database = "django_celery_beat.schedulers:DatabaseScheduler";
    let app = "INSTALLED_APPS += ['django_celery_beat']\n";
    let compose = format!(
        "services:\n  beat:\n    command: sh -c \"rm -f /app/x.pid && celery -A site1 beat -l info --scheduler {in_database}\"\n"
    );
    for (file, text, scheduler) in [
        ("Procfile", format!("clock: celery -A site1 beat -S {in_database}\n"), in_database),
        ("Procfile", "clock: celery -A site1 worker --beat --scheduler django\n".to_owned(), "django"),
        ("docker-compose.yml", compose, in_database),
        ("deploy/site.conf", "[program:beat]\ncommand=/srv/venv/bin/celery -A site1 beat --scheduler=redbeat.RedBeatScheduler\n".to_owned(), "redbeat.RedBeatScheduler"),
        ("start-beat.sh", format!("exec celery -A site1 beat \\\n  -l info\ncelery -A site1 beat -S {in_database};\n"), in_database),
    ] {
        let (words, because) = beat(app, "django-celery-beat==2.8.1\ncelery-redbeat\n", (file, &text));
        let at = words.iter().position(|word| word == "--scheduler").unwrap_or_else(|| panic!("{text}: {words:?}"));
        assert_eq!(words[at + 1], scheduler, "{text}");
        assert!(because.iter().any(|place| place.starts_with(file)), "{because:?}");
    }
}

#[test]
fn a_keeper_that_the_settings_name_or_that_production_lacks_is_not_named_again() {
    for (settings, text) in [
        (
            "CELERY_BEAT_SCHEDULER = 'django_celery_beat.schedulers:DatabaseScheduler'\nINSTALLED_APPS += ['django_celery_beat']\n",
            "clock: celery -A site1 beat -S redbeat.RedBeatScheduler\n",
        ),
        ("", "clock: celery -A site1 beat --scheduler django_celery_beat.schedulers:DatabaseScheduler\n"),
        (
            "INSTALLED_APPS += ['django_celery_beat']\n",
            "worker: celery -A site1 worker -S /var/run/state.db -B\n",
        ),
        (
            "INSTALLED_APPS += ['django_celery_beat']\n",
            "clock: celery -A site1 beat --scheduler $SCHEDULER\n",
        ),
    ] {
        let (words, _) = beat(settings, "django-celery-beat==2.8.1\n", ("Procfile", text));
        assert!(!words.iter().any(|word| word == "--scheduler"), "{text}: {words:?}");
        assert!(words.iter().any(|word| word == "/tmp/celerybeat-schedule"), "{words:?}");
    }
}
