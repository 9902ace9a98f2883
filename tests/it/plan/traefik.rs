//! Traefik: it passes requests on without Docker's socket, and what it cannot do is done by others or refused.

use djdock::stack::{Mount, Protocol, Role};

use crate::support::pipeline::{Made, SETTINGS, project_with, startproject, try_project_with};

const BEHIND: &[(&str, &str)] = &[("proxy", "traefik")];

fn behind(answers: &[(&'static str, &str)], more: &str, requirements: &str) -> Made {
    let settings = format!("{SETTINGS}{more}");
    let answers: Vec<(&'static str, &str)> = BEHIND.iter().chain(answers).copied().collect();
    project_with(&startproject(&settings, requirements), &answers)
}

fn refusal(answers: &[(&'static str, &str)]) -> String {
    let answers: Vec<(&'static str, &str)> = BEHIND.iter().chain(answers).copied().collect();
    let errors = try_project_with(&startproject(SETTINGS, "django==5.2.1\n"), &answers).unwrap_err();
    errors
        .iter()
        .map(|one| format!("{} | {} | {}\n", one.title, one.notes.join(" | "), one.helps.join(" | ")))
        .collect()
}

#[test]
fn traefik_runs_without_root_without_dockers_socket_and_writes_only_what_is_kept_in_memory_or_on_its_volume()
{
    let made = behind(&[], "", "django==5.2.1\n");
    let traefik = made.plan.prod.role(Role::Proxy).unwrap();
    assert!(traefik.read_only && traefik.cap_drop_all && traefik.cap_add.is_empty());
    assert!(traefik.mounts.iter().all(|mount| matches!(mount, Mount::Volume { .. })), "{:?}", traefik.mounts);
    let ports: Vec<(u16, u16)> = traefik.ports.iter().map(|port| (port.published, port.container)).collect();
    assert_eq!(ports, [(80, 8080), (443, 8443)]);
    let image = made.dockerfile("Dockerfile.prod");
    let stage = image.stage("traefik");
    let text = format!("{stage:?}");
    for part in ["10101:10101", "/data", "/etc/traefik/routes/routes.yaml", "TRAEFIK_ACCESSLOG=true"] {
        assert!(text.contains(part), "no {part} in {text}");
    }
    assert!(!made.files.values().any(|text| text.contains("docker.sock")));
}

#[test]
fn static_files_come_from_the_app_server_where_traefik_stands_in_front() {
    let made = behind(&[], "", "django==5.2.1\n");
    assert!(made.overlay().contains("whitenoise.middleware.WhiteNoiseMiddleware"));
    assert!(made.plan.prod.proxy.as_ref().unwrap().locations.is_empty());
    let refused = refusal(&[("static", "image")]);
    assert!(refused.contains("`--static image` does not fit"), "{refused}");
    assert!(
        refused.contains("Traefik serves no files") && refused.contains("`--static whitenoise`"),
        "{refused}"
    );
}

#[test]
fn what_traefik_does_not_do_is_refused_with_what_does() {
    let size = refusal(&[("body_size", "50m")]);
    assert!(
        size.contains("Traefik lets requests of any size through") && size.contains("--proxy nginx"),
        "{size}"
    );
    let tls = refusal(&[("tls", "certbot")]);
    assert!(
        tls.contains("Traefik gets its certificates by itself") && tls.contains("SITE_ADDRESS=example.org"),
        "{tls}"
    );
    for fits in [("body_size", "none"), ("body_size", "settings"), ("tls", "none"), ("static", "whitenoise")]
    {
        behind(&[fits], "", "django==5.2.1\n");
    }
}

#[test]
fn servers_answer_traefik_in_http() {
    const ASGI: &str = "import os\nfrom django.core.asgi import get_asgi_application\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'mysite.settings')\napplication = get_asgi_application()\n";
    let mut files = startproject(SETTINGS, "django==5.2.1\n");
    files.push(("mysite/asgi.py", ASGI));
    for server in ["gunicorn", "uwsgi", "granian", "hypercorn", "uvicorn", "daphne"] {
        let made = project_with(&files, &[BEHIND[0], ("server", server)]);
        assert_eq!(made.plan.prod.app_server.protocol, Protocol::Http, "{server}");
        assert!(!made.plan.prod.app_server.logs_requests, "{server}: Traefik writes each request down");
    }
}

#[test]
fn the_private_networks_and_one_address_more_may_say_how_the_browser_came() {
    let made = behind(&[], "", "django==5.2.1\n");
    let said = &made.compose("compose.prod.yaml")["services"]["traefik"]["environment"]["TRAEFIK_ENTRYPOINTS_WEB_FORWARDEDHEADERS_TRUSTEDIPS"];
    let said = said.as_str().unwrap();
    assert!(said.starts_with("127.0.0.0/8,") && said.ends_with(",${TRUSTED_PROXY:-127.0.0.1}"), "{said}");
}

#[test]
fn a_site_below_a_prefix_is_told_of_it_in_the_routes_and_others_are_not() {
    let file = "docker/traefik/routes.yaml.tmpl";
    let plain = behind(&[], "", "django==5.2.1\n");
    assert!(!plain.file(file).contains("stripPrefix"));
    let below = behind(&[], "FORCE_SCRIPT_NAME = '/notes'\n", "django==5.2.1\n");
    for line in
        ["- '/notes/'", "regex: '^(https?://[^/]+/notes)$'", "[compress, to-folder, below-prefix, retry]"]
    {
        assert!(below.file(file).contains(line), "no {line} in {}", below.file(file));
    }
}

#[test]
fn the_script_names_the_app_servers_to_traefik_and_lets_it_read_them() {
    let script = behind(&[], "", "django==5.2.1\n");
    let script = script.file("docker/redeploy.sh");
    assert!(script.contains("APP_SERVERS=$servers") && script.contains("kill -HUP 1"), "{script}");
    // A container that starts again knows the usual servers alone: the file is kept in memory.
    let made = behind(&[], "", "django==5.2.1\n");
    let memory = &made.compose("compose.prod.yaml")["services"]["traefik"]["tmpfs"];
    assert!(memory.to_string().contains("/etc/traefik/routes/now:uid=10101"), "{memory}");
}
