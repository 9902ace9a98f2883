//! Static files that are collected when the stack starts: into a volume, for projects that cannot collect while the image is
//! built, or into the bucket of the project's own storage.

use super::*;
use djdock::plan::Plan;

fn site(settings: &str) -> Site {
    Site::new(&format!("{OPEN}{SQLITE}{settings}"), "django==5.2.1\ndjango-storages[s3]==1.14.6\n")
}

fn with(site: &Site, proxy: &str, answer: &str) -> Plan {
    site.try_plan(|answers| {
        answers.proxy = Pick::named(proxy).unwrap();
        answers.static_files = Pick::named(answer).unwrap();
    })
    .unwrap_or_else(|errors| panic!("{errors:#?}"))
}

/// Tells whether the image is built with collected files.
fn collects_at_build(plan: &Plan) -> bool {
    steps(plan, "app").iter().any(|step| {
        matches!(step, Step::Run { commands, .. } if commands.iter().flatten().any(|word| word == "collectstatic"))
    })
}

/// How a service sees the volume of static files: its folder, and whether it only reads.
fn mount(plan: &Plan, name: &str) -> Option<(String, bool)> {
    service(&plan.prod, name).mounts.iter().find_map(|mount| match mount {
        Mount::Volume { volume, target, read_only } if volume == "static" => {
            Some((target.clone(), *read_only))
        }
        _ => None,
    })
}

fn waits(plan: &Plan, name: &str, other: &str) -> bool {
    let condition = Condition::CompletedSuccessfully;
    service(&plan.prod, name).depends_on.iter().any(|on| on.service == other && on.condition == condition)
}

#[test]
fn one_service_fills_the_volume_and_everybody_else_only_reads_it() {
    for proxy in ["nginx", "caddy"] {
        let plan = with(&site(""), proxy, "volume");
        assert!(!collects_at_build(&plan));
        let collect = service(&plan.prod, "collectstatic");
        assert_eq!(collect.role, Role::Collect);
        assert_eq!(
            collect.command,
            [
                "sh",
                "-c",
                "find /app/collected -type f -not -newermt 1970-01-02 -ctime +30 -delete && find /app/collected -type f -newermt 1970-01-02 -exec touch -d @0 {} + && python manage.py collectstatic --noinput"
            ]
        );
        assert_eq!(mount(&plan, "collectstatic"), Some(("/app/collected".to_owned(), false)));
        assert_eq!(mount(&plan, "web"), Some(("/app/collected".to_owned(), true)));
        assert_eq!(mount(&plan, proxy), Some(("/srv/static".to_owned(), true)));
        assert!(waits(&plan, "collectstatic", "migrate") && waits(&plan, "web", "collectstatic"));
        // Whoever types the commands one by one types them in this order.
        assert_eq!(plan.prod.once(), ["migrate", "collectstatic"]);
        let location = &plan.prod.proxy.as_ref().unwrap().locations[0];
        assert_eq!((location.url.as_str(), location.folder.as_str()), ("/static/", "/srv/static/"));
        assert!(plan.prod.volumes.iter().any(|volume| volume.name == "static"));
        assert!(plan.probes.iter().any(|probe| probe.name == "static-files-collected"));
        // A named volume takes over the owner of the folder that it is mounted on.
        assert!(steps(&plan, "app").iter().any(
            |step| matches!(step, Step::OwnedFolders { paths, .. } if paths.iter().any(|path| path == "/app/collected"))
        ));
    }
}

#[test]
fn a_volume_never_hides_what_the_image_needs() {
    let plan = with(&site("STATIC_ROOT = BASE_DIR / 'pages'\n"), "nginx", "volume");
    assert_eq!(mount(&plan, "web"), Some(("/app/staticfiles".to_owned(), true)));
}

#[test]
fn workers_wait_for_static_files_too() {
    let plan = celery().try_plan(|answers| {
        answers.cache = true;
        answers.static_files = Pick::named("volume").unwrap();
    });
    let plan = plan.unwrap_or_else(|errors| panic!("{errors:#?}"));
    assert!(waits(&plan, "worker", "collectstatic"));
}

#[test]
fn a_volume_is_suggested_where_the_start_of_django_asks_the_database() {
    let ready = |body: &str| {
        format!(
            "from django.apps import AppConfig\n\n\nclass PagesConfig(AppConfig):\n    name = 'pages'\n\n    def ready(self):\n        from .models import Page\n{body}"
        )
    };
    let query = "Page.objects.get_or_create(slug='home')\n";
    for (file, text, is_late) in [
        ("pages/apps.py", ready(&format!("        {query}")), true),
        ("pages/models.py", format!("class Page:\n    pass\n\n\nHOME = {query}"), true),
        ("pages/models.py", "class Page:\n    first = list(Page.objects.all())\n".to_owned(), true),
        // Somebody has thought of a start without a database.
        (
            "pages/apps.py",
            ready(&format!("        try:\n            {query}        except Exception:\n            pass\n")),
            false,
        ),
        ("pages/apps.py", ready(&format!("        if DEBUG:\n            {query}")), false),
        // What a signal runs later.
        (
            "pages/apps.py",
            format!(
                "def fill(sender, **kwargs):\n    {query}\n\n{}",
                ready("        post_migrate.connect(fill)\n")
            ),
            false,
        ),
        ("pages/apps.py", ready("        PAGES = Page.objects.all()\n"), false),
        ("pages/views.py", format!("HOME = {query}"), false),
    ] {
        let plan = site("").with(file, &text).plan();
        assert_eq!(plan.prod.role(Role::Collect).is_some(), is_late, "{file}: {text}");
        assert_eq!(collects_at_build(&plan), !is_late, "{file}: {text}");
    }
    // Without a proxy the app server serves from the volume.
    let late = site("").with("pages/models.py", &format!("HOME = {query}"));
    let plan = with(&late, "none", "whitenoise");
    assert_eq!(mount(&plan, "web"), Some(("/app/collected".to_owned(), true)));
    assert!(!collects_at_build(&plan) && waits(&plan, "web", "collectstatic"));
}

#[test]
fn a_bucket_is_filled_by_a_service_after_the_migrations_and_before_the_site() {
    for backend in [
        "storages.backends.s3.S3Storage",
        "storages.backends.gcloud.GoogleCloudStorage",
        "storages.backends.azure_storage.AzureStorage",
    ] {
        let site = site(&format!("STORAGES = {{'staticfiles': {{'BACKEND': '{backend}'}}}}\n"));
        let plan = site.plan();
        let upload = service(&plan.prod, "collectstatic");
        assert_eq!((upload.role, upload.env_file), (Role::Upload, true), "{backend}");
        assert_eq!(upload.command, ["python", "manage.py", "collectstatic", "--noinput"]);
        assert!(upload.networks.iter().any(|network| network == "front"), "the bucket is outside");
        assert!(waits(&plan, "collectstatic", "migrate") && waits(&plan, "web", "collectstatic"));
        assert!(!collects_at_build(&plan) && mount(&plan, "web").is_none());
        assert!(plan.prod.proxy.as_ref().unwrap().locations.iter().all(|location| location.uploaded));
        assert!(plan.diagnostics.iter().all(|one| one.code.to_string() != "static-files-not-collected"));
        assert!(with(&site, "none", "storage").prod.role(Role::Upload).is_some());
    }
}

#[test]
fn a_bucket_that_the_settings_never_name_for_static_files_is_refused_with_what_works() {
    let refusal = |settings: &str, proxy: &str| {
        let refused = site(settings).planned(|answers| {
            answers.proxy = Pick::named(proxy).unwrap();
            answers.static_files = Pick::named("storage").unwrap();
            answers.origins.insert("static".to_owned(), djdock::base::Place::Flag("--static".to_owned()));
        });
        refused.err().map(|errors| format!("{:?} {:?}", errors[0].notes, errors[0].helps))
    };
    let s3 = "storages.backends.s3.S3Storage";
    let usual = "django.contrib.staticfiles.storage.StaticFilesStorage";
    for settings in [
        String::new(),
        format!("STORAGES = {{'default': {{'BACKEND': '{s3}'}}}}\n"),
        format!("STORAGES = {{'default': {{'BACKEND': '{s3}'}}, 'staticfiles': {{'BACKEND': '{usual}'}}}}\n"),
        "STORAGES = {'staticfiles': {'BACKEND': 'whitenoise.storage.CompressedStaticFilesStorage'}}\n"
            .to_owned(),
        // Django 5.1 and newer look at this no more.
        format!("STATICFILES_STORAGE = '{s3}'\n"),
    ] {
        let said = refusal(&settings, "nginx").unwrap_or_default();
        assert!(
            said.contains("writes to a folder") && said.contains("`--static image`"),
            "{settings}: {said}"
        );
        let said = refusal(&settings, "none").unwrap_or_default();
        assert!(said.contains("`--static whitenoise`"), "{settings}: {said}");
    }
    for settings in [
        format!("STORAGES = {{'staticfiles': {{'BACKEND': '{s3}'}}}}\n"),
        "STORAGES = {'staticfiles': {'BACKEND': 'rackspace.Files'}}\n".to_owned(),
        format!(
            "if os.environ.get('LOCAL'):\n    STORAGES = {{'staticfiles': {{'BACKEND': '{usual}'}}}}\nelse:\n    STORAGES = {{'staticfiles': {{'BACKEND': '{s3}'}}}}\n"
        ),
    ] {
        assert_eq!(refusal(&settings, "nginx"), None, "{settings}");
    }
}

#[test]
fn a_project_without_static_files_gets_no_service_for_them() {
    for answer in ["volume", "storage", "image"] {
        let plan = with(&site("INSTALLED_APPS = ['pages']\n"), "nginx", answer);
        assert!(plan.prod.service("collectstatic").is_none(), "{answer}");
    }
}

#[test]
fn the_word_of_whoever_reaches_the_port_is_believed_only_behind_the_proxy() {
    let trusted = |requirements: &str, server: &str, proxy: &str| {
        let asgi = "ASGI_APPLICATION = 'site1.asgi.application'\nINSTALLED_APPS += ['channels']\n";
        let more = if requirements.is_empty() { "" } else { asgi };
        let site = Site::new(
            &format!("{OPEN}{SQLITE}MIDDLEWARE = ['whitenoise.middleware.WhiteNoiseMiddleware']\n{more}"),
            &format!("django==5.2.1\nwhitenoise==6.9.0\n{requirements}"),
        )
        .with(
            "site1/asgi.py",
            "from django.core.asgi import get_asgi_application\napplication = get_asgi_application()\n",
        );
        let plan = site.try_plan(|answers| {
            answers.server = Pick::named(server).unwrap();
            answers.proxy = Pick::named(proxy).unwrap();
            let files = if proxy == "none" { "whitenoise" } else { "image" };
            answers.static_files = Pick::named(files).unwrap();
        });
        let plan = plan.unwrap_or_else(|errors| panic!("{errors:#?}"));
        let command = steps(&plan, "app").iter().find_map(|step| match step {
            Step::Cmd { argv } => Some(argv.join(" ")),
            _ => None,
        });
        let variable = value(service(&plan.prod, "web"), "FORWARDED_ALLOW_IPS");
        (command.unwrap_or_default(), variable, plan.prod.app_server.forwarded_allow_ips)
    };
    let channels = "channels==4.2.2\ndaphne==4.2.0\n";
    for (requirements, server) in [("", "gunicorn"), (channels, "uvicorn")] {
        let (command, variable, file) = trusted(requirements, server, "none");
        assert!(!command.contains('*') && !command.contains("--proxy-headers"), "{command}");
        assert_eq!((variable.as_str(), file.as_str()), ("127.0.0.1", "127.0.0.1"));
    }
    for (requirements, looks) in [("", true), ("uwsgi==2.0.30\n", false)] {
        let site = Site::new(&format!("{OPEN}{SQLITE}"), &format!("django==5.2.1\n{requirements}"));
        let plan = site.try_plan(|answers| {
            answers.server = Pick::named("uwsgi").unwrap();
            answers.proxy = Pick::named("none").unwrap();
            answers.static_files = Pick::named("whitenoise").unwrap();
        });
        let plan = plan.unwrap_or_else(|errors| panic!("{errors:#?}"));
        assert_eq!(plan.prod.app_server.trusted_variable.is_some(), looks, "{requirements}");
        let said = plan.notes.iter().find(|note| note.topic == "Proxy").map(|note| note.text.clone());
        assert_eq!(said.unwrap_or_default().contains("believes whoever reaches"), !looks, "{requirements}");
    }
    let (command, variable, _) = trusted(channels, "daphne", "none");
    assert!(!command.contains("--proxy-headers") && variable.is_empty(), "{command}");
    assert!(trusted(channels, "daphne", "nginx").0.contains("--proxy-headers site1.asgi:application"));
    assert!(trusted(channels, "uvicorn", "nginx").0.contains("--proxy-headers --forwarded-allow-ips *"));
    let (_, variable, file) = trusted("", "gunicorn", "nginx");
    assert_eq!((variable.as_str(), file.as_str()), ("", "*"));
}
