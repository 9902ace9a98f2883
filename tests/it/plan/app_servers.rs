//! App servers and reverse proxies: every entry of their lists is planned and rendered, and what cannot run is refused.

use djdock::base::Place;
use djdock::catalog::proxy::Proxy;
use djdock::catalog::server::Server;
use djdock::catalog::{Listed, Pick};
use djdock::choose::QUESTIONS;
use djdock::choose::answers::Answers;
use djdock::plan::Plan;
use djdock::render::{Values, render};
use djdock::stack::{Protocol, Role, Step};

use super::site::*;

const ASGI: &str = "import os\nfrom django.core.asgi import get_asgi_application\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'site1.settings')\napplication = get_asgi_application()\n";

fn site(requirements: &str) -> Site {
    let requirements = format!("{POSTGRES}{requirements}");
    Site::new(&format!("{OPEN}{}", database("postgresql")), &requirements).with("site1/asgi.py", ASGI)
}

/// A project that Channels serves: it needs an ASGI application.
fn channels(requirements: &str) -> Site {
    let more = "INSTALLED_APPS += ['channels']\nASGI_APPLICATION = 'site1.asgi.application'\n";
    let requirements = format!("{POSTGRES}channels==4.2.2\n{requirements}");
    let asgi = ASGI.replace(
        "application = get_asgi_application()",
        "from channels.routing import ProtocolTypeRouter\napplication = ProtocolTypeRouter({'http': get_asgi_application()})",
    );
    Site::new(&format!("{OPEN}{}{more}", database("postgresql")), &requirements).with("site1/asgi.py", &asgi)
}

fn with(site: &Site, server: &str, proxy: &str) -> Plan {
    let chosen = site.try_plan(|answers| {
        answers.server = Pick::named(server).unwrap();
        answers.proxy = Pick::named(proxy).unwrap();
    });
    chosen.unwrap_or_else(|errors| panic!("{server} behind {proxy}: {errors:#?}"))
}

fn suggested_server(site: &Site) -> &'static str {
    djdock::choose::suggested(&site.inspect().0, "shop").server.offer.word
}

/// Plans with answers that a person gave by flag.
fn refusals(site: &Site, given: &[(&str, &str)]) -> Vec<String> {
    let planned = site.try_plan(|answers| {
        for (key, word) in given {
            let question = QUESTIONS.iter().find(|question| question.key == *key).unwrap();
            assert!((question.put)(answers, word), "{key} {word}");
            answers.origins.insert((*key).to_owned(), Place::Flag(format!("--{key}")));
        }
    });
    planned.err().unwrap_or_default()
}

#[test]
fn every_server_and_proxy_is_offered_planned_and_rendered() {
    let site = site("");
    for (key, words) in [
        ("server", Server::ALL.iter().map(|server| server.word()).collect::<Vec<_>>()),
        ("proxy", Proxy::ALL.iter().map(|proxy| proxy.word()).collect()),
    ] {
        let question = QUESTIONS.iter().find(|question| question.key == key).unwrap();
        assert_eq!(question.words(), words, "flag and key of {key}");
    }
    for server in Server::ALL {
        for proxy in Proxy::ALL.iter().filter(|proxy| proxy.run.is_some()) {
            let plan = with(&site, server.word(), proxy.word());
            let pair = format!("{} behind {}", server.word(), proxy.word());
            let values = Values { secrets: std::collections::BTreeMap::new(), user: 1, group: 1 };
            let files = render(&plan, &Answers::default(), &values).unwrap();
            let run = proxy.run.unwrap();
            for configuration in server.configuration.into_iter().chain([run.configuration]) {
                let written =
                    files.iter().any(|file| file.path.as_str() == format!("docker/{}", configuration.file));
                assert!(written, "{pair}: no {}", configuration.file);
            }
            let web = plan.prod.role(Role::Web).unwrap();
            assert_eq!(plan.prod.front().unwrap().name, run.service, "{pair}");
            let way = server.way(plan.prod.app_server.asgi).unwrap();
            let image = plan.prod.images.iter().find(|image| image.name.ends_with(&web.name)).unwrap();
            let text = serde_json::to_string(&image.stages).unwrap();
            assert!(text.contains(way.command[0]), "{pair}");
            assert!(!text.contains("{application}") && !text.contains("{port}"), "{pair}");
            assert!(
                run.passes.contains(&plan.prod.app_server.protocol),
                "{pair}: {:?}",
                plan.prod.app_server.protocol
            );
        }
    }
}

#[test]
fn a_server_that_nothing_requires_is_added_and_one_that_is_required_is_not() {
    let installs = |site: &Site, server: &str| {
        serde_json::to_string(&with(site, server, "nginx").prod.images[0].stages).unwrap()
    };
    let added = installs(&site(""), "uwsgi");
    assert!(added.contains("pyuwsgi=="), "the wheel needs no compiler: {added}");
    let own = installs(&site("uwsgi==2.0.31\n"), "uwsgi");
    assert!(!own.contains("pyuwsgi"), "{own}");
    let light = installs(&site(""), "uvicorn");
    assert!(light.contains("uvicorn==") && light.contains("websockets=="), "{light}");
    let own = installs(&site("uvicorn==0.34.0\nwsproto==1.2.0\n"), "uvicorn");
    assert!(!own.contains("uvicorn==0.5") && !own.contains("websockets=="), "{own}");
}

#[test]
fn uwsgi_speaks_its_own_protocol_behind_the_proxy_that_passes_it_on() {
    let site = site("");
    assert_eq!(with(&site, "uwsgi", "nginx").prod.app_server.protocol, Protocol::Uwsgi);
    assert_eq!(with(&site, "uwsgi", "caddy").prod.app_server.protocol, Protocol::Http);
    assert_eq!(with(&site, "gunicorn", "nginx").prod.app_server.protocol, Protocol::Http);
    // Its health check speaks HTTP on another port, and development runs Django's own server.
    let plan = with(&site, "uwsgi", "nginx");
    let check = |role: &djdock::stack::Stack| {
        role.role(Role::Web).unwrap().health_check.as_ref().unwrap().test.join(" ")
    };
    assert!(check(&plan.prod).contains("8001"));
    assert!(check(&plan.dev).contains("8000"));
}

#[test]
fn servers_that_do_not_count_are_told_how_many_workers_fit() {
    let site = site("");
    let variable = |server: &str| with(&site, server, "nginx").prod.entrypoint.workers_variable;
    assert_eq!(variable("uwsgi").as_deref(), Some("WEB_CONCURRENCY"));
    assert_eq!(variable("granian").as_deref(), Some("GRANIAN_WORKERS"));
    assert_eq!(variable("gunicorn"), None);
    assert_eq!(with(&site, "uwsgi", "nginx").dev.entrypoint.workers_variable, None);
}

#[test]
fn what_the_project_requires_is_suggested() {
    for (requirements, expected) in [
        ("", "gunicorn"),
        ("gunicorn==23.0.0\n", "gunicorn"),
        ("uWSGI==2.0.31\n", "uwsgi"),
        ("pyuwsgi==2.0.30\n", "uwsgi"),
        ("gunicorn==23.0.0\nuwsgi==2.0.31\n", "gunicorn"),
        ("granian==2.5.0\n", "granian"),
        // It runs ASGI applications alone, which this project does not need.
        ("uvicorn==0.34.0\n", "gunicorn"),
    ] {
        assert_eq!(suggested_server(&site(requirements)), expected, "{requirements}");
    }
    for (requirements, expected) in [
        ("", "gunicorn"),
        ("daphne==4.1.2\n", "daphne"),
        ("gunicorn==23.0.0\ndaphne==4.1.2\n", "daphne"),
        ("gunicorn==23.0.0\nuvicorn==0.34.0\n", "gunicorn"),
        ("uvicorn==0.34.0\n", "uvicorn"),
        ("hypercorn==0.17.3\n", "hypercorn"),
        // It answers no WebSocket.
        ("uwsgi==2.0.31\n", "gunicorn"),
    ] {
        assert_eq!(suggested_server(&channels(requirements)), expected, "{requirements}");
    }
}

#[test]
fn an_application_that_a_call_returns_is_named_as_each_server_takes_it() {
    // Without a module of its own, Django's function makes the application.
    let bare = || {
        let mut site = site("");
        site.files.remove("site1/asgi.py");
        site.files.remove("site1/wsgi.py");
        site.files.insert(
            "site1/settings.py".to_owned(),
            site.files["site1/settings.py"].replace("WSGI_APPLICATION = 'site1.wsgi.application'\n", ""),
        );
        site
    };
    let command = |server: &str| {
        let plan = with(&bare(), server, "nginx");
        serde_json::to_string(&plan.prod.images[0].stages).unwrap()
    };
    assert!(command("gunicorn").contains("django.core.wsgi:get_wsgi_application()"));
    let uvicorn = command("uvicorn");
    assert!(uvicorn.contains("\"django.core.asgi:get_asgi_application\",\"--factory\""), "{uvicorn}");
    let refused = refusals(&bare(), &[("server", "daphne")]);
    assert!(refused.iter().any(|said| said.contains("answer-does-nothing")), "{refused:?}");
    assert!(refusals(&site(""), &[("server", "daphne")]).is_empty());
}

#[test]
fn combinations_that_cannot_run_are_refused_before_anything_is_written() {
    let wsgi_only = refusals(&channels(""), &[("server", "uwsgi")]);
    assert!(wsgi_only.iter().any(|said| said.contains("`--server uwsgi` does not fit")), "{wsgi_only:?}");
    let old =
        Site::new(&format!("{OPEN}{}", database("postgresql")), "django==2.2.28\npsycopg2-binary==2.8.6\n");
    let too_old = refusals(&old, &[("server", "uvicorn")]);
    assert!(too_old.iter().any(|said| said.contains("`--server uvicorn` does not fit")), "{too_old:?}");
    for (server, proxy) in [("uwsgi", "nginx"), ("uwsgi", "caddy"), ("granian", "caddy"), ("daphne", "nginx")]
    {
        let said = refusals(&site(""), &[("server", server), ("proxy", proxy)]);
        assert!(said.is_empty(), "{server} behind {proxy}: {said:?}");
    }
}

#[test]
fn caddy_keeps_its_certificates_and_only_the_capability_that_its_program_asks_for() {
    let plan = with(&site(""), "gunicorn", "caddy");
    let caddy = plan.prod.role(Role::Proxy).unwrap();
    assert_eq!(caddy.cap_add, ["NET_BIND_SERVICE"]);
    assert!(caddy.read_only && caddy.cap_drop_all);
    assert!(plan.prod.volumes.iter().any(|volume| volume.name == "certificates"));
    let ports: Vec<(u16, u16)> = caddy.ports.iter().map(|port| (port.published, port.container)).collect();
    assert_eq!(ports, [(80, 8080), (443, 8443)]);
    assert!(
        caddy.environment.contains_key("SITE_ADDRESS") && caddy.environment.contains_key("TRUSTED_PROXY")
    );
}

#[test]
fn the_size_of_requests_is_an_answer_that_stands_before_the_settings() {
    let limit = |settings: &str, word: &str, proxy: &str| {
        let site = Site::new(&format!("{OPEN}{}{settings}", database("postgresql")), POSTGRES);
        let put = QUESTIONS.iter().find(|question| question.key == "body_size").unwrap().put;
        let plan = site.try_plan(|answers| {
            answers.proxy = Pick::named(proxy).unwrap();
            assert!(put(answers, word), "{word}");
        });
        plan.unwrap_or_else(|errors| panic!("{errors:?}")).prod.proxy.unwrap().body_megabytes
    };
    let large = "MAX_UPLOAD_SIZE = 50 * 1024 * 1024\n";
    for proxy in ["nginx", "caddy"] {
        for (settings, word, expected) in [
            ("", "settings", Some(20)),
            (large, "settings", Some(51)),
            (large, "10m", Some(10)),
            ("", "200", Some(200)),
            ("", "2G", Some(2048)),
            (large, "none", None),
            ("DATA_UPLOAD_MAX_MEMORY_SIZE = None\n", "settings", None),
            ("DATA_UPLOAD_MAX_MEMORY_SIZE = None\n", "5mb", Some(5)),
        ] {
            assert_eq!(limit(settings, word, proxy), expected, "{settings}{word} with {proxy}");
        }
    }
    let question = QUESTIONS.iter().find(|question| question.key == "body_size").unwrap();
    for wrong in ["", "0", "-1", "many", "10k", "1.5g", "10 m", "99999999999999999999g"] {
        assert!(!question.accepts(wrong), "{wrong}");
    }
    // Without a proxy nobody looks at the size.
    let whitenoise = "MIDDLEWARE = ['whitenoise.middleware.WhiteNoiseMiddleware']\n";
    let bare = Site::new(
        &format!("{OPEN}{}{whitenoise}", database("postgresql")),
        &format!("{POSTGRES}whitenoise==6.9.0\n"),
    );
    let said = refusals(&bare, &[("proxy", "none"), ("body_size", "10m")]);
    assert!(said.iter().any(|said| said.contains("`--body_size 10m` does not fit")), "{said:?}");
    let fits = [("proxy", "none"), ("static", "whitenoise"), ("body_size", "none")];
    assert!(refusals(&bare, &fits).is_empty());
}

fn certified(site: &Site) -> Plan {
    let plan = site.try_plan(|answers| answers.tls = Pick::named("certbot").unwrap());
    plan.unwrap_or_else(|errors| panic!("{errors:?}"))
}

#[test]
fn certificates_are_got_by_a_service_that_runs_as_the_proxys_user_and_only_when_asked_for() {
    let plan = certified(&site(""));
    let proxy = plan.prod.role(Role::Proxy).unwrap();
    let certbot = plan.prod.role(Role::Certificates).unwrap();
    assert_eq!(certbot.profiles, ["tls"]);
    assert_eq!(certbot.user.as_deref(), Some("101:101"), "the proxy reads the key");
    assert!(certbot.read_only && certbot.cap_drop_all && certbot.ports.is_empty());
    let target = |service: &djdock::stack::Service| {
        let found = service.mounts.iter().find_map(|mount| match mount {
            djdock::stack::Mount::Volume { volume, target, read_only } if volume == "certificates" => {
                Some((target.clone(), *read_only))
            }
            _ => None,
        });
        found.unwrap()
    };
    assert_eq!(target(proxy), ("/certificates".to_owned(), true));
    assert_eq!(target(certbot), ("/certificates".to_owned(), false));
    let ports: Vec<(u16, u16)> = proxy.ports.iter().map(|port| (port.published, port.container)).collect();
    assert_eq!(ports, [(80, 8080), (443, 8443)]);
    // The volume takes over the owner of the folder in the image.
    let image = serde_json::to_string(&plan.prod.images.last().unwrap().stages).unwrap();
    assert!(image.contains("/certificates"), "{image}");
    let bare = with(&site(""), "gunicorn", "nginx");
    assert!(
        bare.prod.role(Role::Certificates).is_none() && bare.prod.role(Role::Proxy).unwrap().ports.len() == 1
    );
    assert!(plan.dev.role(Role::Certificates).is_none());
}

#[test]
fn nginx_starts_without_a_certificate_and_leads_to_https_with_one() {
    let text = |plan: &Plan| {
        let values = Values { secrets: std::collections::BTreeMap::new(), user: 1, group: 1 };
        let files = render(plan, &Answers::default(), &values).unwrap();
        let file = files.iter().find(|file| file.path.as_str().ends_with("default.conf.template")).unwrap();
        file.contents.clone()
    };
    let with_tls = text(&certified(&site("")));
    for line in [
        "listen 8443 ssl default_server;",
        // A variable in the name: the file is looked for when a browser comes, and not when nginx starts.
        "ssl_certificate $certificate;",
        "if (!-f /certificates/live/site/fullchain.pem) {",
        "return 301 https://$host$request_uri;",
        "root /certificates/webroot;",
    ] {
        assert!(with_tls.contains(line), "no `{line}` in\n{with_tls}");
    }
    let without = text(&with(&site(""), "gunicorn", "nginx"));
    assert!(!without.contains("ssl") && !without.contains("acme"), "{without}");
}

#[test]
fn certificates_for_a_proxy_that_has_its_own_are_refused() {
    let own = refusals(&site(""), &[("proxy", "caddy"), ("tls", "certbot")]);
    assert!(own.iter().any(|said| said.contains("`--tls certbot` does not fit")), "{own:?}");
    let none = refusals(&site("whitenoise==6.9.0\n"), &[("proxy", "none"), ("tls", "certbot")]);
    assert!(none.iter().any(|said| said.contains("`--tls certbot` does not fit")), "{none:?}");
    assert!(refusals(&site(""), &[("proxy", "nginx"), ("tls", "certbot")]).is_empty());
    assert!(refusals(&site(""), &[("proxy", "caddy"), ("tls", "none")]).is_empty());
}

#[test]
fn nginx_ends_in_time_where_websockets_may_stay_open_and_is_started_as_usual_elsewhere() {
    let start = |plan: &Plan| {
        let proxy = plan.prod.role(Role::Proxy).unwrap().name.clone();
        let stages = &plan.prod.images.last().unwrap().stages;
        let stage = stages.iter().find(|stage| stage.name == proxy).unwrap();
        let lines = stage.steps.iter().filter_map(|step| match step {
            Step::Entrypoint { argv, .. } | Step::Cmd { argv } => Some(argv.join(" ")),
            _ => None,
        });
        lines.collect::<Vec<_>>()
    };
    let [entrypoint, command] = &start(&with(&channels(""), "uvicorn", "nginx"))[..] else {
        panic!("both: the entrypoint takes the image's own command away")
    };
    assert!(
        entrypoint.contains("sleep 8; kill -TERM") && entrypoint.ends_with("nginx /docker-entrypoint.sh")
    );
    assert_eq!(command, "nginx -g daemon off;");
    for (site, server, proxy) in [
        (site(""), "gunicorn", "nginx"),
        (site(""), "uwsgi", "nginx"),
        (channels(""), "daphne", "caddy"),
        (channels(""), "uvicorn", "traefik"),
    ] {
        assert!(start(&with(&site, server, proxy)).is_empty(), "{server} behind {proxy}");
    }
}
