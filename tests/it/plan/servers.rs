//! Servers that settings look for and that no service is; processes that are started elsewhere.

use std::collections::BTreeMap;

use super::*;

fn site(settings: &str) -> Site {
    Site::new(&format!("{OPEN}{SQLITE}{settings}"), "django==5.2.1\n")
}

/// What is said of servers that the stack lacks, each with its help.
fn lacking(settings: &str) -> Vec<String> {
    let plan = site(settings).plan();
    let all = plan.diagnostics.iter().filter(|one| one.code.to_string() == "service-not-provided");
    all.map(|one| format!("{}; {}", one.title, one.helps[0])).collect()
}

#[test]
fn servers_on_this_machine_are_named_whatever_they_are() {
    for (settings, server) in [
        ("ELASTICSEARCH_DSL = {'default': {'hosts': 'localhost:9200'}}\n", "Elasticsearch"),
        (
            "HAYSTACK_CONNECTIONS = {'default': {'ENGINE': 'haystack.backends.solr_backend.SolrEngine', 'URL': 'http://127.0.0.1:8983/solr'}}\n",
            "Solr",
        ),
        ("MONGO = {'client': 'mongodb://user:secret@localhost:27017/x'}\n", "MongoDB"),
        ("EMAIL_HOST = 'localhost'\n", "a mail server"),
        ("MINIO_ENDPOINT = 'localhost:9000'\n", "MinIO"),
        ("OLLAMA_URL = 'http://localhost:11434'\n", "Ollama"),
        ("SELENIUM_HUB = 'http://localhost:4444/wd/hub'\n", "Selenium"),
        ("KAFKA_SERVERS = ['localhost:9092']\n", "Kafka"),
        ("MEILISEARCH_URL = os.getenv('MEILISEARCH_URL', 'http://localhost:7700')\n", "Meilisearch"),
    ] {
        let found = lacking(settings);
        assert_eq!(found.len(), 1, "{settings}: {found:#?}");
        assert!(found[0].contains(server), "{found:#?}");
        assert!(!found[0].contains("secret"), "{found:#?}");
    }
    assert!(
        lacking("MEILI_HOST = os.getenv('SEARCH', 'localhost')\n")[0]
            .ends_with("set `SEARCH` in .env to where it runs")
    );
}

#[test]
fn a_search_that_a_variable_switches_on_is_named_where_the_stack_sets_the_variable() {
    let switched = |test: &str| {
        format!(
            "ENDPOINT = {test}\nif ENDPOINT:\n    WAGTAILSEARCH_BACKENDS = {{'default': {{'BACKEND': \
             'wagtail.search.backends.elasticsearch7', 'URLS': [ENDPOINT]}}}}\n"
        )
    };
    for off in ["os.getenv('ELASTIC_ENDPOINT', '')", "os.environ.get('ELASTIC_ENDPOINT')", "None"] {
        assert!(lacking(&switched(off)).is_empty(), "{off}");
    }
    for on in ["os.environ['ELASTIC_ENDPOINT']", "os.getenv('ELASTIC_ENDPOINT', 'http://localhost:9200')"] {
        assert_eq!(lacking(&switched(on)).len(), 1, "{on}");
    }
}

#[test]
fn addresses_elsewhere_and_those_of_browsers_are_left_alone() {
    for fine in [
        "",
        "SITE_URL = 'http://localhost:8000'\nFRONTEND_URL = 'http://localhost:3000'\n",
        "CORS_ALLOWED_ORIGINS = ['http://localhost:9200']\nINTERNAL_IPS = ['127.0.0.1']\n",
        "ELASTICSEARCH_DSL = {'default': {'hosts': 'https://search.example.org:9200'}}\n",
        "EMAIL_HOST = 'smtp.example.org'\n",
        "EMAIL_BACKEND = 'django.core.mail.backends.console.EmailBackend'\nEMAIL_HOST = 'localhost'\n",
        "DEFAULT_FROM_EMAIL = 'webmaster@localhost'\nSERVER_EMAIL = 'root@localhost'\n",
        "CACHES = {'default': {'BACKEND': 'django.core.cache.backends.memcached.PyMemcacheCache', 'LOCATION': 'cache.example.org:11211'}}\n",
        "LANGUAGES = [('es', 'localhost')]\n",
    ] {
        assert_eq!(lacking(fine), [] as [String; 0], "{fine}");
    }
}

#[test]
fn a_search_whose_address_a_variable_has_is_named_with_the_variable() {
    let found = lacking(
        "INSTALLED_APPS += ['django_elasticsearch_dsl']\nELASTICSEARCH_DSL = {'default': {'hosts': os.environ['ELASTICSEARCH_URL']}}\n",
    );
    assert_eq!(found.len(), 1);
    assert!(found[0].contains("set `ELASTICSEARCH_URL` in .env"), "{found:#?}");
}

/// What is said to run in no service.
fn not_run(files: &[(&str, &str)]) -> Vec<String> {
    let site = files.iter().fold(site(""), |site, (path, text)| site.with(path, text));
    let plan = site.plan();
    let all = plan.diagnostics.iter().filter(|one| one.code.to_string() == "process-not-run");
    all.map(|one| one.title.trim_start_matches("no service of the stack runs ").to_owned()).collect()
}

#[test]
fn every_command_of_a_chain_is_run_or_named() {
    assert_eq!(
        not_run(&[(
            "Procfile",
            "release: python manage.py migrate && python manage.py seed --all; python manage.py check\nweb: gunicorn site1.wsgi\n"
        )]),
        ["`manage.py seed --all`"]
    );
    assert_eq!(
        not_run(&[(
            "Procfile",
            "web: bash -c \"python manage.py migrate && python manage.py warm && gunicorn site1.wsgi\"\n"
        )]),
        ["`manage.py warm`"]
    );
    assert_eq!(
        not_run(&[
            ("Procfile", "release: ./bin/release.sh\n"),
            ("bin/release.sh", "#!/bin/sh\nset -e\npython manage.py migrate\npython manage.py load_prices\n")
        ]),
        ["`manage.py load_prices`"]
    );
}

#[test]
fn processes_of_the_projects_own_code_are_named_whatever_they_are_called() {
    let clock = ("clock.py", "while True: pass\n");
    let bot = ("bot/__main__.py", "print()\n");
    assert_eq!(not_run(&[("Procfile", "clock: python clock.py\n"), clock]), ["`python clock.py`"]);
    assert_eq!(
        not_run(&[("Procfile", "worker: python -m bot --verbose\n"), bot]),
        ["`python -m bot --verbose`"]
    );
    assert_eq!(not_run(&[("Procfile", "worker: python manage.py listen\n")]), ["`manage.py listen`"]);
    assert_eq!(not_run(&[("Procfile", "worker: rq worker mail\n")]), ["`rq worker mail`"]);
    assert_eq!(
        not_run(&[
            ("fly.toml", "[processes]\nweb = 'gunicorn site1.wsgi'\nclock = 'python clock.py'\n"),
            clock
        ]),
        ["`python clock.py`"]
    );
    assert_eq!(
        not_run(&[(
            "render.yaml",
            "services:\n- type: worker\n  name: w\n  startCommand: python manage.py listen\n"
        )]),
        ["`manage.py listen`"]
    );
    assert_eq!(
        not_run(&[(
            "app.json",
            "{\"scripts\": {\"postdeploy\": \"python manage.py migrate && python manage.py demo\"}}"
        )]),
        ["`manage.py demo`"]
    );
    // What the stack does, and what is no part of the project, is not missed.
    assert_eq!(
        not_run(&[(
            "Procfile",
            "web: gunicorn site1.wsgi\nrelease: python manage.py migrate\nwatch: npm run watch\nproxy: bin/start-nginx\n"
        )]),
        [] as [String; 0]
    );
}

#[test]
fn a_variable_that_is_tested_for_its_presence_alone_is_not_set_to_false() {
    let set = |test: &str, name: &str| {
        let settings =
            OPEN.replace("DEBUG = os.getenv('DEBUG', 'False') == 'True'\n", &format!("DEBUG = {test}\n"));
        let plan = Site::new(&format!("{settings}{SQLITE}"), "django==5.2.1\n").plan();
        [plan.prod, plan.dev].map(|stack| {
            stack.service("web").unwrap().environment.get(name).map(|text| text.resolve(&BTreeMap::new()))
        })
    };
    let one = Some("1".to_owned());
    assert_eq!(set("'RENDER' not in os.environ", "RENDER"), [one.clone(), None]);
    assert_eq!(set("'LOCAL_MACHINE' in os.environ", "LOCAL_MACHINE"), [None, one.clone()]);
    assert_eq!(
        set("not os.environ.get('DYNO')", "DYNO").map(|value| value.is_some_and(|text| text == "False")),
        [false; 2]
    );
}
