//! Forms, redirects and errors behind what ends TLS, and in a development that has none; prefixes, sizes, and databases
//! beside the default one.

use djdock::plan::Plan;
use djdock::plan::probes::Act;
use djdock::stack::VariableValue;

use super::site::*;

fn open(more: &str) -> Site {
    Site::bare(&format!("{OPEN}{}{more}", database("postgresql")), POSTGRES)
}

/// The settings that the overlays set, with the module of each.
fn sets(plan: &Plan) -> Vec<String> {
    let each = plan.overlays.iter().flat_map(|overlay| {
        overlay.overrides.iter().map(|entry| format!("{} {}", overlay.module, entry.setting))
    });
    each.collect()
}

fn text(plan: &Plan) -> String {
    plan.overlays.iter().map(|overlay| overlay.text.as_str()).collect()
}

#[test]
fn a_default_project_takes_forms_behind_tls_and_logs_its_errors() {
    let plan = open("").plan();
    let added = ["SECURE_PROXY_SSL_HEADER", "CSRF_TRUSTED_ORIGINS", "LOGGING", "DATABASES"];
    assert_eq!(sets(&plan), added.map(|name| format!("site1.settings_container {name}")));
    // Development runs on the project's own.
    assert_eq!(value(service(&plan.dev, "web"), "DJANGO_SETTINGS_MODULE"), "site1.settings");
    assert_eq!(value(service(&plan.prod, "web"), "DJANGO_SETTINGS_MODULE"), "site1.settings_container");
    let text = text(&plan);
    assert!(text.contains("for host in ALLOWED_HOSTS"), "{text}");
    assert!(text.contains("\"disable_existing_loggers\": False"), "{text}");
}

#[test]
fn what_the_project_says_of_tls_and_logs_is_kept() {
    let plan = open(COMPLETE).plan();
    assert_eq!(sets(&plan), Vec::<String>::new());
    // Each by itself.
    for (own, name) in COMPLETE.lines().map(|line| (line, line.split(' ').next().unwrap())) {
        let plan = open(&format!("{own}\n")).plan();
        assert!(!sets(&plan).contains(&format!("site1.settings_container {name}")), "{own}");
        assert_eq!(plan.overlays[0].overrides.len(), 3, "{own}");
    }
    // Errors that go elsewhere.
    for own in [
        "ADMINS = [('A', 'a@example.org')]\n",
        "import logging\nlogging.basicConfig()\n",
        "LOGGING_CONFIG = None\n",
    ] {
        assert!(!text(&open(own).plan()).contains("LOGGING = "), "{own}");
    }
}

#[test]
fn a_variable_for_origins_is_given_one_with_https() {
    for (own, text) in [
        (
            "CSRF_TRUSTED_ORIGINS = [one for one in os.getenv('TRUSTED', '').split(',') if one]\n",
            "https://localhost",
        ),
        ("CSRF_TRUSTED_ORIGINS = os.environ['TRUSTED'].split()\n", "https://localhost"),
    ] {
        let plan = open(own).plan();
        assert_eq!(variable(&plan, "TRUSTED"), &VariableValue::Plain { text: text.to_owned() }, "{own}");
        assert!(!sets(&plan).iter().any(|name| name.ends_with("CSRF_TRUSTED_ORIGINS")), "{own}");
    }
}

#[test]
fn an_old_django_that_compares_hosts_alone_gets_no_origins() {
    let settings = format!("{OPEN}{}", database("postgresql"));
    let plan = Site::bare(&settings, "django==3.2.25\npsycopg2-binary==2.9.10\n").plan();
    assert!(!text(&plan).contains("CSRF_TRUSTED_ORIGINS"));
    assert!(text(&plan).contains("SECURE_PROXY_SSL_HEADER"));
}

#[test]
fn a_header_that_anybody_may_send_is_not_believed_without_the_proxy() {
    let site = open("");
    let plan = site
        .try_plan(|answers| {
            answers.proxy = djdock::catalog::Pick::named("none").unwrap();
            answers.static_files = djdock::catalog::Pick::named("whitenoise").unwrap();
        })
        .unwrap();
    assert!(!text(&plan).contains("SECURE_PROXY_SSL_HEADER"), "{}", text(&plan));
}

#[test]
fn nothing_is_added_where_no_overlay_is_wanted() {
    let plan = open("").try_plan(|answers| answers.overlay = false).unwrap();
    assert!(plan.overlays.is_empty());
}

#[test]
fn development_is_not_sent_to_https() {
    let plan = open("SECURE_SSL_REDIRECT = True\nSESSION_COOKIE_SECURE = True\n").plan();
    let names = sets(&plan);
    for name in ["SECURE_SSL_REDIRECT", "SESSION_COOKIE_SECURE"] {
        assert!(names.contains(&format!("site1.settings_container_dev {name}")), "{names:?}");
        assert!(!names.contains(&format!("site1.settings_container {name}")), "{names:?}");
    }
    assert_eq!(value(service(&plan.dev, "web"), "DJANGO_SETTINGS_MODULE"), "site1.settings_container_dev");
    // The project's own variable and its own test come first.
    let plan =
        open("SECURE_SSL_REDIRECT = os.getenv('TO_HTTPS', '1') == '1'\nCSRF_COOKIE_SECURE = not DEBUG\n")
            .plan();
    assert!(!text(&plan).contains("SECURE_SSL_REDIRECT = "), "{}", text(&plan));
    assert_ne!(value(service(&plan.dev, "web"), "TO_HTTPS"), "");
    assert_eq!(value(service(&plan.prod, "web"), "TO_HTTPS"), "");
}

#[test]
fn the_debug_toolbar_shows_in_a_container() {
    let installed = "if DEBUG:\n    INSTALLED_APPS += ['debug_toolbar']\n    INTERNAL_IPS = ['127.0.0.1']\n";
    let with_addresses = |own: &str| {
        open(own)
            .with("pages/tools.py", "urlpatterns = [path('__debug__/', include('debug_toolbar.urls'))]\n")
    };
    // Without its addresses, a page with the toolbar on it fails.
    assert!(!text(&open(installed).plan()).contains("TOOLBAR"));
    let plan = with_addresses(installed).plan();
    let dev = plan.overlays.iter().find(|overlay| overlay.module.ends_with("_dev")).unwrap();
    assert!(
        dev.text.contains("DEBUG_TOOLBAR_CONFIG = {\"SHOW_TOOLBAR_CALLBACK\": lambda request: DEBUG}"),
        "{}",
        dev.text
    );
    let own = format!("{installed}DEBUG_TOOLBAR_CONFIG = {{'RENDER_PANELS': True}}\n");
    assert!(text(&with_addresses(&own).plan()).contains("{**DEBUG_TOOLBAR_CONFIG, \"SHOW"));
    // Who has thought of containers is left alone.
    for own in [
        "DEBUG_TOOLBAR_CONFIG = {'SHOW_TOOLBAR_CALLBACK': 'site1.urls.shows'}\n",
        "import socket\nINTERNAL_IPS = [ip[:-1] + '1' for ip in socket.gethostbyname_ex(socket.gethostname())[2]]\n",
    ] {
        let plan = with_addresses(&format!("{installed}{own}")).plan();
        assert!(!text(&plan).contains("SHOW_TOOLBAR"), "{own}");
    }
    assert!(!text(&with_addresses("").plan()).contains("TOOLBAR"));
}

#[test]
fn a_site_below_a_prefix_is_served_there() {
    for (own, url) in [
        ("FORCE_SCRIPT_NAME = '/notes'\nSTATIC_URL = '/notes/static/'\n", "/notes/static/"),
        ("FORCE_SCRIPT_NAME = '/notes/'\nSTATIC_URL = 'static/'\n", "/notes/static/"),
        ("FORCE_SCRIPT_NAME = os.getenv('PREFIX', '/notes')\nSTATIC_URL = '/static/'\n", "/static/"),
    ] {
        let plan = open(own).plan();
        let proxy = plan.prod.proxy.as_ref().unwrap();
        assert_eq!(proxy.prefix.as_deref(), Some("/notes"), "{own}");
        assert_eq!(
            proxy.locations[0].url, "/static/",
            "the prefix is off before files are looked for: {own}"
        );
        let asked: Vec<&str> = plan
            .probes
            .iter()
            .filter(|probe| probe.environment == djdock::stack::Environment::Prod)
            .filter_map(|probe| if let Act::Get(get) = &probe.act { Some(get.path.as_str()) } else { None })
            .collect();
        assert_eq!(asked[..2], ["/notes/", &format!("{url}admin/css/base.css")], "{own}");
        // Nothing takes it off in development.
        assert!(text(&plan).contains("FORCE_SCRIPT_NAME = None"), "{own}");
    }
    assert_eq!(open("FORCE_SCRIPT_NAME = None\n").plan().prod.proxy.unwrap().prefix, None);
}

#[test]
fn a_prefix_that_nothing_takes_off_is_named() {
    let site = open("FORCE_SCRIPT_NAME = '/notes'\n");
    let plan =
        site.try_plan(|answers| answers.proxy = djdock::catalog::Pick::named("none").unwrap()).unwrap();
    assert!(
        plan.diagnostics.iter().any(|one| one.title.contains("FORCE_SCRIPT_NAME")),
        "{:?}",
        plan.diagnostics
    );
}

#[test]
fn what_the_settings_allow_gets_through_the_proxy() {
    for (own, size) in [
        ("", Some(20)),
        ("DATA_UPLOAD_MAX_MEMORY_SIZE = 200 * 1024 * 1024\n", Some(200)),
        ("DATA_UPLOAD_MAX_MEMORY_SIZE = 5242880\n", Some(20)),
        ("DATA_UPLOAD_MAX_MEMORY_SIZE = None\n", None),
        ("DATA_UPLOAD_MAX_MEMORY_SIZE = int(os.getenv('MOST', 50 * 2**20))\n", Some(50)),
        ("FILE_UPLOAD_MAX_MEMORY_SIZE = 200 * 1024 * 1024\n", Some(20)),
        ("MAX_UPLOAD_SIZE = 104857600\n", Some(101)),
        ("PHOTO_UPLOAD_LIMIT_MB = 64\n", Some(65)),
    ] {
        assert_eq!(open(own).plan().prod.proxy.unwrap().body_megabytes, size, "{own}");
    }
}

#[test]
fn a_second_database_is_named_with_what_it_needs() {
    let second = "DATABASES['stats'] = {'ENGINE': 'django.db.backends.postgresql', 'NAME': 'stats', 'HOST': os.getenv('STATS_HOST', 'localhost'), \
        'USER': os.getenv('STATS_USER', 'x'), 'PASSWORD': ''}\n";
    let said = |more: &str| {
        let plan = open(more).plan();
        let made = plan.diagnostics.iter().filter(|one| one.code.to_string() == "database-not-made");
        made.map(|one| format!("{one:?}")).collect::<Vec<_>>()
    };
    let found = said(second);
    assert_eq!(found.len(), 1);
    for part in ["`stats`", "STATS_HOST", "STATS_USER", "migrate --database=stats"] {
        assert!(found[0].contains(part), "{part}: {}", found[0]);
    }
    // Another engine, and a file.
    assert_eq!(said("DATABASES['old'] = {'ENGINE': 'django.db.backends.oracle', 'NAME': 'x'}\n").len(), 1);
    assert_eq!(
        said(
            "DATABASES['cache'] = {'ENGINE': 'django.db.backends.sqlite3', 'NAME': BASE_DIR / 'c.sqlite3'}\n"
        )
        .len(),
        1
    );
    // The same server under another name, and one that somebody else runs.
    assert!(said("DATABASES['replica'] = DATABASES['default']\n").is_empty());
    assert!(said(&second.replace("os.getenv('STATS_HOST', 'localhost')", "'db.example.org'")).is_empty());
}

#[test]
fn without_an_overlay_the_lines_for_tls_and_logs_are_said() {
    let said = |site: &Site, class: &str| {
        let plan = site
            .try_plan(|answers| answers.overlay = false)
            .unwrap_or_else(|errors| panic!("{class}: {errors:#?}"));
        assert!(plan.overlays.is_empty());
        let codes = ["proxy-settings-missing", "errors-unseen"];
        let told = plan.diagnostics.into_iter().filter(|one| codes.contains(&one.code.0));
        told.map(|one| (one.code.0, one.helps.join("\n"))).collect::<Vec<_>>()
    };
    let wired = open("");
    let told = said(&wired, "open");
    assert_eq!(
        told.iter().map(|(code, _)| *code).collect::<Vec<_>>(),
        ["proxy-settings-missing", "errors-unseen"]
    );
    for line in [
        "add `SECURE_PROXY_SSL_HEADER = (\"HTTP_X_FORWARDED_PROTO\", \"https\")`",
        "add `CSRF_TRUSTED_ORIGINS = [ f\"https://",
    ] {
        assert!(told[0].1.contains(line), "{}", told[0].1);
    }
    assert_eq!(said(&open(COMPLETE), "complete"), []);
    // Only what is missing.
    let half = said(
        &open(
            "SECURE_PROXY_SSL_HEADER = ('HTTP_X_FORWARDED_PROTO', 'https')\nADMINS = [('A', 'a@example.org')]\n",
        ),
        "half",
    );
    assert_eq!(half.len(), 1);
    assert!(!half[0].1.contains("SECURE_PROXY_SSL_HEADER"), "{}", half[0].1);
}

#[test]
fn the_proxy_believes_the_scheme_only_from_private_networks_and_from_one_that_is_named() {
    let plan = open("").plan();
    let proxy = service(&plan.prod, "nginx");
    assert_eq!(value(proxy, "NGINX_TRUSTED_PROXY"), "127.0.0.1");
    let named = std::collections::BTreeMap::from([("TRUSTED_PROXY".to_owned(), "203.0.113.7".to_owned())]);
    assert_eq!(proxy.environment["NGINX_TRUSTED_PROXY"].resolve(&named), "203.0.113.7");
    // The image has a value of its own: its configuration would not be read without one.
    let sets = |step: &djdock::stack::Step| matches!(step, djdock::stack::Step::Environment { variables } if variables.contains_key("NGINX_TRUSTED_PROXY"));
    assert!(steps(&plan, "nginx").iter().any(sets));
}
