//! Static files that the app server serves: WhiteNoise is added where the project lacks it, and nothing of the project's own
//! is changed by it.

use super::*;
use djdock::catalog::Listed;
use djdock::plan::Plan;
use djdock::stack::Stack;

const CLASS: &str = "whitenoise.middleware.WhiteNoiseMiddleware";
const SECURITY: &str = "django.middleware.security.SecurityMiddleware";

/// The middleware that `startproject` writes, in short.
fn middleware() -> String {
    format!("MIDDLEWARE = ['{SECURITY}', 'django.middleware.common.CommonMiddleware']\n")
}

fn site(settings: &str, requirements: &str) -> Site {
    Site::new(&format!("{OPEN}{SQLITE}{settings}"), requirements)
}

fn without_proxy(site: &Site) -> Plan {
    site.try_plan(|answers| {
        answers.proxy = Pick::named("none").unwrap();
        answers.static_files = Pick::named("whitenoise").unwrap();
    })
    .unwrap_or_else(|errors| panic!("{errors:#?}"))
}

/// The overlay of production; empty where there is none.
fn overlay(plan: &Plan) -> &str {
    let module = value(service(&plan.prod, "web"), "DJANGO_SETTINGS_MODULE");
    plan.overlays.iter().find(|overlay| overlay.module == module).map_or("", |overlay| &overlay.text)
}

fn install(plan: &Plan) -> String {
    plan.notes.iter().filter(|note| note.topic == "Added").map(|note| note.text.clone()).collect()
}

#[test]
fn whitenoise_comes_right_after_the_security_middleware_and_never_instead_of_anything() {
    let common = "django.middleware.common.CommonMiddleware";
    for (settings, expected) in [
        (middleware(), format!("[*MIDDLEWARE[:1], \"{CLASS}\", *MIDDLEWARE[1:]]")),
        (
            format!("MIDDLEWARE = ('{common}', '{SECURITY}')\n"),
            format!("[*MIDDLEWARE[:2], \"{CLASS}\", *MIDDLEWARE[2:]]"),
        ),
        (format!("MIDDLEWARE = ['{common}']\n"), format!("[\"{CLASS}\", *MIDDLEWARE]")),
        (String::new(), format!("[\"{CLASS}\"]")),
        (
            format!("{}MIDDLEWARE.insert(0, 'pages.middleware.First')\n", middleware()),
            format!("[*MIDDLEWARE[:2], \"{CLASS}\", *MIDDLEWARE[2:]]"),
        ),
        (
            "from somewhere import names\nMIDDLEWARE = names()\n".to_owned(),
            format!("[\"{CLASS}\", *MIDDLEWARE]"),
        ),
    ] {
        let plan = without_proxy(&site(&settings, "django==5.2.1\n"));
        assert!(
            overlay(&plan).contains(&format!("\nMIDDLEWARE = {expected}\n")),
            "{settings}: {}",
            overlay(&plan)
        );
        assert!(install(&plan).contains("whitenoise==6.12.0"), "{settings}: {}", install(&plan));
        assert!(plan.notes.iter().any(|note| note.topic == "Static files" && note.text.contains(CLASS)));
    }
}

#[test]
fn whitenoise_suits_the_django_and_the_python_of_the_project() {
    for (django, python, expected) in [
        ("5.2.1", "3.13", "6.12.0"),
        ("4.2.1", "3.9", "6.11.0"),
        ("4.0.1", "3.10", "6.7.0"),
        ("2.2.28", "3.8", "6.0.0"),
    ] {
        let site = site(&middleware(), &format!("django=={django}\n"));
        let plan = site.try_plan(|answers| {
            answers.proxy = Pick::named("none").unwrap();
            answers.static_files = Pick::named("whitenoise").unwrap();
            answers.python = python.to_owned();
        });
        let plan = plan.unwrap_or_else(|errors| panic!("{django}: {errors:#?}"));
        assert!(install(&plan).contains(&format!("whitenoise=={expected}")), "{django}: {}", install(&plan));
    }
}

#[test]
fn a_storage_of_the_projects_own_stays_and_one_is_set_where_there_is_none() {
    const STORAGE: &str = "whitenoise.storage.CompressedStaticFilesStorage";
    let own = "'BACKEND': 'django.contrib.staticfiles.storage.ManifestStaticFilesStorage'";
    let uploads = "'default': {'BACKEND': 'pages.storage.Uploads'}";
    for (settings, django, expected) in [
        (
            String::new(),
            "5.2.1",
            format!(
                "\nSTORAGES = {{\n    \"default\": {{\"BACKEND\": \"django.core.files.storage.FileSystemStorage\"}},\n    \"staticfiles\": {{\"BACKEND\": \"{STORAGE}\"}},\n}}\n"
            ),
        ),
        (String::new(), "4.1.13", format!("\nSTATICFILES_STORAGE = \"{STORAGE}\"\n")),
        // Django 4.2 refuses the two kinds of names beside each other.
        (
            "DEFAULT_FILE_STORAGE = 'pages.storage.Uploads'\n".to_owned(),
            "4.2.1",
            format!("\nSTATICFILES_STORAGE = \"{STORAGE}\"\n"),
        ),
        (
            format!("STORAGES = {{{uploads}}}\n"),
            "4.2.1",
            format!("\nSTORAGES = {{**STORAGES, \"staticfiles\": {{\"BACKEND\": \"{STORAGE}\"}}}}\n"),
        ),
        (
            format!("STORAGES = {{{uploads}}}\n"),
            "6.0.1",
            format!("\nSTORAGES = {{**STORAGES, \"staticfiles\": {{\"BACKEND\": \"{STORAGE}\"}}}}\n"),
        ),
        (format!("STORAGES = {{{uploads}, 'staticfiles': {{{own}}}}}\n"), "5.2.1", String::new()),
        ("STATICFILES_STORAGE = 'pages.storage.Hashed'\n".to_owned(), "4.2.1", String::new()),
        // What it comes to is not known: it may be anything.
        ("from somewhere import storages\nSTORAGES = storages()\n".to_owned(), "5.2.1", String::new()),
        // Django 5.1 looks no more at it.
        (
            "STATICFILES_STORAGE = 'pages.storage.Hashed'\n".to_owned(),
            "5.2.1",
            format!("\"staticfiles\": {{\"BACKEND\": \"{STORAGE}\"}}"),
        ),
    ] {
        let plan =
            without_proxy(&site(&format!("{}{settings}", middleware()), &format!("django=={django}\n")));
        let text = overlay(&plan);
        if expected.is_empty() {
            assert!(!text.contains("STORAGE"), "{django} {settings}: {text}");
        } else {
            assert!(text.contains(&expected), "{django} {settings}: {text}");
        }
    }
}

#[test]
fn a_project_that_has_whitenoise_gets_nothing() {
    let first = format!("MIDDLEWARE = ['{SECURITY}', '{CLASS}']\n");
    let own = "from whitenoise.middleware import WhiteNoiseMiddleware\n\nclass Files(WhiteNoiseMiddleware):\n    pass\n";
    let wrapped = format!("{WSGI}from whitenoise import WhiteNoise\napplication = WhiteNoise(application)\n");
    for site in [
        site(&first, "django==5.2.1\nwhitenoise==6.9.0\n"),
        site("MIDDLEWARE = ['pages.files.Files']\n", "django==5.2.1\nwhitenoise==6.9.0\n")
            .with("pages/files.py", own),
        site(&middleware(), "django==5.2.1\nwhitenoise==6.9.0\n").with("site1/wsgi.py", &wrapped),
    ] {
        let plan = without_proxy(&site);
        assert!(!overlay(&plan).contains("MIDDLEWARE"), "{}", overlay(&plan));
        assert!(!overlay(&plan).contains("STORAGES"), "{}", overlay(&plan));
        assert!(!install(&plan).contains("whitenoise"), "{}", install(&plan));
    }
}

#[test]
fn a_project_that_only_stores_files_with_whitenoise_gets_the_middleware_and_no_second_whitenoise() {
    let storage = "STORAGES = {'staticfiles': {'BACKEND': 'whitenoise.storage.CompressedManifestStaticFilesStorage'}}\n";
    let site = site(&format!("{}{storage}", middleware()), "django==5.2.1\nwhitenoise==6.9.0\n");
    let plan = without_proxy(&site);
    assert!(overlay(&plan).contains(CLASS) && !overlay(&plan).contains("STORAGES"), "{}", overlay(&plan));
    assert!(!install(&plan).contains("whitenoise"), "{}", install(&plan));
}

#[test]
fn classes_of_settings_take_the_list_of_their_base() {
    let settings = format!(
        "import os\nfrom pathlib import Path\nfrom configurations import Configuration\nBASE_DIR = Path(__file__).resolve().parent.parent\n\n\
         class Live(Configuration):\n    SECRET_KEY = os.environ['SECRET_KEY']\n    DEBUG = False\n    ALLOWED_HOSTS = ['localhost']\n    \
         ROOT_URLCONF = 'site1.urls'\n    INSTALLED_APPS = ['django.contrib.staticfiles', 'pages']\n    STATIC_URL = '/static/'\n    \
         STATIC_ROOT = '/srv/collected'\n    MIDDLEWARE = ['{SECURITY}', 'pages.middleware.Own']\n    {SQLITE}"
    );
    let manage = MANAGE.replace(
        "    from django",
        "    os.environ.setdefault('DJANGO_CONFIGURATION', 'Live')\n    from configurations",
    );
    let site = site("", "django==5.2.1\ndjango-configurations==2.5.1\n")
        .with("site1/settings.py", &settings)
        .with("manage.py", &manage);
    let plan = without_proxy(&site);
    assert!(
        overlay(&plan)
            .contains(&format!("MIDDLEWARE = [*Live.MIDDLEWARE[:1], \"{CLASS}\", *Live.MIDDLEWARE[1:]]")),
        "{}",
        overlay(&plan)
    );
}

#[test]
fn the_development_stack_has_neither_the_middleware_nor_the_distribution() {
    let closed = format!("{CLOSED}{SQLITE}{}", middleware());
    let plan = without_proxy(&Site::new(&closed, "django==5.2.1\n"));
    let module = value(service(&plan.dev, "web"), "DJANGO_SETTINGS_MODULE");
    let of_dev = plan.overlays.iter().find(|overlay| overlay.module == module);
    assert!(of_dev.is_none_or(|overlay| !overlay.text.contains("whitenoise")), "{of_dev:?}");
    assert!(overlay(&plan).contains(CLASS));
    let requirements = |stack: &Stack| format!("{:?}", stack.images[0].stages).contains("whitenoise==");
    assert!(requirements(&plan.prod) && !requirements(&plan.dev));
}

#[test]
fn no_proxy_alone_lets_the_app_server_serve_and_a_project_without_static_files_gets_nothing() {
    let suggested = |site: &Site| {
        let tree = djdock::base::Tree::from_literals(
            site.files.iter().map(|(path, text)| (path.as_str(), text.as_str())),
        );
        let (facts, _) = djdock::inspect::inspect(&tree);
        let mut draft = djdock::choose::Draft::default();
        draft.give("proxy", "none".to_owned(), djdock::base::Place::Flag("--proxy".to_owned()));
        let chosen = djdock::choose::choose(&facts, "shop", &draft, None).unwrap();
        let plan =
            djdock::plan::plan(&tree, &facts, &chosen.answers).unwrap_or_else(|errors| panic!("{errors:#?}"));
        (chosen.answers.static_files.word(), plan)
    };
    let (word, plan) = suggested(&site(&middleware(), "django==5.2.1\n"));
    assert_eq!(word, "whitenoise");
    assert!(overlay(&plan).contains(CLASS) && plan.prod.proxy.is_none());
    let api = format!("{}INSTALLED_APPS = ['pages']\n", middleware());
    let (_, plan) = suggested(&site(&api, "django==5.2.1\n"));
    assert!(!overlay(&plan).contains("whitenoise") && !install(&plan).contains("whitenoise"));
}

#[test]
fn behind_a_proxy_the_app_server_serves_alone() {
    let site = site(&middleware(), "django==5.2.1\n");
    let plan = site.try_plan(|answers| answers.static_files = Pick::named("whitenoise").unwrap()).unwrap();
    assert!(plan.prod.proxy.as_ref().unwrap().locations.iter().all(|location| location.uploaded));
    assert!(!steps(&plan, "nginx").iter().any(|step| matches!(step, Step::CopyFrom { .. })));
    assert!(overlay(&plan).contains(CLASS));
    let probe =
        plan.probes.iter().find(|one| one.name == "admin-css" && one.environment == Environment::Prod);
    assert!(matches!(&probe.unwrap().act, Act::Get(get) if get.server.is_none()));
}

#[test]
fn an_older_list_of_middleware_is_refused_and_not_replaced() {
    let old = format!("MIDDLEWARE_CLASSES = ['{SECURITY}']\n");
    let errors = site(&old, "django==1.11.29\n").try_plan(|answers| {
        answers.static_files = Pick::named("whitenoise").unwrap();
        answers.origins.insert("static".to_owned(), djdock::base::Place::Flag("--static".to_owned()));
        answers.python = "3.6".to_owned();
    });
    let said = errors.err().unwrap_or_default().join("\n");
    assert!(said.contains("--static whitenoise"), "{said}");
}
