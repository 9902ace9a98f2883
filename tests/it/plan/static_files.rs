//! Whether static files are collected and by whom they are served: a storage may be declared, hold uploads, be switched
//! off, or hold static files, and only the last sends them elsewhere.

use super::*;
use djdock::catalog::static_files::StaticFiles;

const S3: &str = "storages.backends.s3boto3.S3Boto3Storage";

fn site(settings: &str) -> Site {
    Site::new(&format!("{OPEN}{SQLITE}{settings}"), "django==5.2.1\ndjango-storages==1.14.6\n")
}

fn answered(word: &str) -> Pick<StaticFiles> {
    Pick::named(word).unwrap()
}

/// Whether the image holds static files and the proxy serves them.
fn serves(site: &Site) -> bool {
    let plan = site.plan();
    let collects = steps(&plan, "app").iter().any(|step| {
        matches!(step, Step::Run { commands, .. } if commands.iter().flatten().any(|word| word == "collectstatic"))
    });
    let serves = plan.prod.proxy.as_ref().unwrap().locations.iter().any(|location| !location.uploaded);
    assert_eq!(collects, serves);
    serves
}

fn codes(site: &Site) -> Vec<String> {
    site.plan().diagnostics.iter().map(|one| one.code.to_string()).collect()
}

#[test]
fn a_bucket_that_holds_no_static_files_takes_none_from_the_proxy() {
    for settings in [
        "INSTALLED_APPS += ['storages']\n".to_owned(),
        format!("DEFAULT_FILE_STORAGE = '{S3}'\n"),
        format!(
            "STORAGES = {{'default': {{'BACKEND': '{S3}'}}, \
             'staticfiles': {{'BACKEND': 'django.contrib.staticfiles.storage.StaticFilesStorage'}}}}\n"
        ),
        format!(
            "USE_S3 = os.getenv('USE_S3') == 'yes'\nif USE_S3:\n    STORAGES = {{'default': {{'BACKEND': '{S3}'}}, \
             'staticfiles': {{'BACKEND': '{S3}'}}}}\n"
        ),
        // Django 5.1 and later do not look at it.
        format!("STATICFILES_STORAGE = '{S3}'\n"),
        format!("if DEBUG:\n    STORAGES = {{'staticfiles': {{'BACKEND': '{S3}'}}}}\n"),
    ] {
        let site = site(&settings);
        assert!(serves(&site), "{settings}");
        assert!(!codes(&site).contains(&"static-files-not-collected".to_owned()), "{settings}");
    }
}

#[test]
fn static_files_of_a_bucket_are_left_to_it_and_a_service_copies_them() {
    let own = "from storages.backends.s3 import S3Storage\n\nclass Base(S3Storage):\n    location = 'x'\n";
    for settings in [
        format!("STORAGES = {{'staticfiles': {{'BACKEND': '{S3}'}}}}\n"),
        format!("STORAGES = {{}}\nSTORAGES['staticfiles'] = {{'BACKEND': '{S3}'}}\n"),
        format!("if not DEBUG:\n    STORAGES = {{'staticfiles': {{'BACKEND': '{S3}'}}}}\n"),
        "STORAGES = {'staticfiles': {'BACKEND': 'site1.storages.Assets'}}\n".to_owned(),
        format!(
            "STORAGES = {{'staticfiles': {{'BACKEND': '{S3}', 'OPTIONS': {{'bucket_name': os.getenv('B')}}}}}}\n"
        ),
    ] {
        let site = site(&settings)
            .with("site1/base_storages.py", own)
            .with("site1/storages.py", "from .base_storages import Base\n\nclass Assets(Base):\n    pass\n");
        assert!(!serves(&site), "{settings}");
        let plan = site.plan();
        assert!(plan.prod.role(Role::Upload).is_some(), "{settings}");
        assert!(!codes(&site).contains(&"static-files-not-collected".to_owned()), "{settings}");
        assert!(plan.notes.iter().any(|note| note.topic == "Static files"), "{settings}");
    }
    // Before Django 4.2 another setting decides.
    let old =
        format!("STATICFILES_STORAGE = '{S3}'\nSTORAGES = {{'staticfiles': {{'BACKEND': 'x.Local'}}}}\n");
    let site = Site::new(&format!("{OPEN}{SQLITE}{old}"), "django==4.1.13\ndjango-storages==1.14.6\n");
    assert!(!serves(&site));
}

#[test]
fn a_bucket_for_static_files_wins_over_a_whitenoise_that_has_nothing_to_serve() {
    let both = format!(
        "MIDDLEWARE = ['whitenoise.middleware.WhiteNoiseMiddleware']\n\
         STORAGES = {{'staticfiles': {{'BACKEND': '{S3}'}}}}\n"
    );
    let (facts, _) = site(&both).inspect();
    assert!(facts.whitenoise.value && facts.object_storage.value && facts.static_on_service.value);
    assert!(!serves(&site(&both)));
}

#[test]
fn an_answer_that_leaves_static_files_nowhere_is_contradicted() {
    let said = |settings: &str, answer: &str| {
        let plan = site(settings).try_plan(|answers| answers.static_files = answered(answer)).unwrap();
        let found = plan.diagnostics.iter().find(|one| one.code.to_string() == "static-files-not-collected");
        found.map(|one| one.title.clone()).unwrap_or_default()
    };
    assert!(said("", "storage").contains("no bucket holds them"));
    let bucket = format!("STORAGES = {{'staticfiles': {{'BACKEND': '{S3}'}}}}\n");
    assert!(said(&bucket, "image").contains("storage is a bucket"));
    assert_eq!(said("", "image"), "");
}

#[test]
fn the_folder_of_static_files_is_made_where_nothing_may_be_in_it() {
    let makes = |site: &Site| {
        steps(&site.plan(), "app").iter().any(|step| {
            matches!(step, Step::Run { commands, .. } if commands.iter().any(|words| {
                words.first().is_some_and(|word| word == "mkdir") && words.last().is_some_and(|word| word == "/app/collected")
            }))
        })
    };
    let api = "INSTALLED_APPS = ['django.contrib.staticfiles', 'pages']\n";
    let mut without = site(api);
    without.files.remove("pages/static/pages/style.css");
    assert!(makes(&without), "an API has no static file at all");
    assert!(!makes(&site(api)), "the project has one");
    assert!(!makes(&site("")), "the admin has some");
    let finders = "STATICFILES_FINDERS = ['django.contrib.staticfiles.finders.FileSystemFinder']\n";
    assert!(makes(&site(finders)), "nobody looks into apps");
    let none = site("INSTALLED_APPS = ['pages']\n");
    assert!(!makes(&none) && !serves(&none), "nothing is collected without the app");
}

#[test]
fn files_that_a_network_fetches_from_here_are_served_under_their_path() {
    let plan = site("STATIC_URL = 'https://cdn.example.org/assets/'\n").plan();
    assert_eq!(plan.prod.proxy.unwrap().locations[0].url, "/assets/");
}

#[test]
fn names_with_a_hash_are_asked_for_where_no_others_are_kept() {
    let manifest = |settings: &str| {
        let storage = "STORAGES = {'staticfiles': {'BACKEND': 'whitenoise.storage.CompressedManifestStaticFilesStorage'}}\n";
        let site =
            Site::new(&format!("{OPEN}{SQLITE}{storage}{settings}"), "django==5.2.1\nwhitenoise==6.9.0\n");
        let plan = site.plan();
        let probe =
            plan.probes.iter().find(|one| one.name == "admin-css" && one.environment == Environment::Prod);
        match &probe.unwrap().act {
            Act::Get(get) => get.hashed.as_ref().map(|list| (list.file.clone(), list.name.clone())),
            _ => None,
        }
    };
    let list = ("/app/collected/staticfiles.json".to_owned(), "admin/css/base.css".to_owned());
    assert_eq!(manifest("WHITENOISE_KEEP_ONLY_HASHED_FILES = True\n"), Some(list));
    assert_eq!(manifest(""), None);
}

#[test]
fn settings_without_a_url_of_static_files_and_without_a_database_get_both() {
    let plan = Site::new(&format!("{OPEN}STATIC_URL = None\n"), "django==5.2.1\n").plan();
    let text = |environment: Environment| {
        let stack = if environment == Environment::Prod { &plan.prod } else { &plan.dev };
        let module = value(service(stack, "web"), "DJANGO_SETTINGS_MODULE");
        let overlay = plan.overlays.iter().find(|overlay| overlay.module == module);
        overlay.map(|overlay| overlay.text.clone()).unwrap_or_default()
    };
    assert!(text(Environment::Prod).contains("\nSTATIC_URL = "), "{}", text(Environment::Prod));
    for environment in [Environment::Dev, Environment::Prod] {
        assert!(text(environment).contains("\"NAME\": "), "{}", text(environment));
    }
}

/// The prefixes below which the proxy serves collected files.
fn addresses(site: &Site) -> Vec<String> {
    let proxy = site.plan().prod.proxy.unwrap();
    proxy.locations.into_iter().filter(|location| !location.uploaded).map(|location| location.url).collect()
}

#[test]
fn an_address_of_static_files_that_cannot_be_read_is_guessed_and_said() {
    for stated in [
        "from somewhere.addresses import static_address\nSTATIC_URL = static_address('assets')\n",
        "import importlib.metadata\nSTATIC_URL = '/v' + importlib.metadata.version('shop') + '/'\n",
    ] {
        let site = site(stated);
        assert_eq!(addresses(&site), ["/static/"], "{stated}");
        let plan = site.plan();
        let said = plan.diagnostics.iter().find(|one| one.code.to_string() == "setting-assumed");
        let said = said.unwrap_or_else(|| panic!("{stated}: {:?}", plan.diagnostics));
        assert!(said.title.contains("`STATIC_URL` cannot be read"), "{}", said.title);
        assert!(said.helps.iter().any(|help| help.contains("STATIC_URL = \"static/\"")), "{:?}", said.helps);
    }
}

#[test]
fn an_address_of_static_files_that_is_put_together_is_followed_without_a_word() {
    for (stated, address) in [
        (
            "from django.http.request import urljoin\nSTATIC_URL = urljoin('/shop/', 'static/')\n",
            "/shop/static/",
        ),
        (
            "from urllib.parse import urljoin\nSTATIC_URL = urljoin('https://cdn.example.org', '/assets/')\n",
            "/assets/",
        ),
        ("STATIC_URL = 'files/'\n", "/files/"),
    ] {
        let site = site(stated);
        assert_eq!(addresses(&site), [address], "{stated}");
        assert!(!codes(&site).contains(&"setting-assumed".to_owned()), "{stated}");
    }
}

/// A site whose storage puts hashes into names, and whose page names a style sheet below `static`.
fn hashed(settings: &str) -> Site {
    let storage = "STORAGES = {'staticfiles': {'BACKEND': 'whitenoise.storage.CompressedManifestStaticFilesStorage'}}\n";
    Site::new(&format!("{OPEN}{SQLITE}{storage}{settings}"), "django==5.2.1\nwhitenoise==6.9.0\n")
        .with("templates/base.html", "{% load static %}\n<link href=\"{% static 'css/site.css' %}\">\n")
        .with("static/css/site.css", "body { margin: 0 }\n")
}

/// The command that collects static files.
fn collects(site: &Site) -> Vec<String> {
    let plan = site.plan();
    let commands = steps(&plan, "app").iter().filter_map(|step| match step {
        Step::Run { commands, .. } => Some(commands),
        _ => None,
    });
    commands.flatten().find(|words| words.iter().any(|word| word == "collectstatic")).unwrap().clone()
}

#[test]
fn files_that_lie_in_static_root_are_collected_from_there_into_another_folder() {
    for (own, written) in [
        ("", "STATICFILES_DIRS = [\"/app/static\"]"),
        (
            "STATICFILES_DIRS = [BASE_DIR / 'assets']\n",
            "STATICFILES_DIRS = [*STATICFILES_DIRS, \"/app/static\"]",
        ),
        ("STATICFILES_DIRS = []\n", "STATICFILES_DIRS = [\"/app/static\"]"),
    ] {
        let site = hashed(&format!("STATIC_ROOT = BASE_DIR / 'static'\n{own}"));
        let plan = site.plan();
        let prod = plan.overlays.iter().find(|overlay| overlay.text.contains("STATIC_ROOT"));
        let text = prod.map(|overlay| overlay.text.clone()).unwrap_or_default();
        assert!(
            text.contains(written) && text.contains("STATIC_ROOT = \"/app/staticfiles\""),
            "{own}: {text}"
        );
        let copies = steps(&plan, "nginx")
            .iter()
            .any(|step| matches!(step, Step::CopyFrom { from, .. } if from == "/app/staticfiles"));
        assert!(copies, "{own}");
    }
}

#[test]
fn a_static_root_of_its_own_stays() {
    for settings in [
        "STATIC_ROOT = BASE_DIR / 'collected'\nSTATICFILES_DIRS = [BASE_DIR / 'static']\n",
        "STATIC_ROOT = BASE_DIR / 'static'\nSTORAGES = {}\n",
    ] {
        let plan = hashed(settings).plan();
        assert!(plan.overlays.iter().all(|overlay| !overlay.text.contains("STATIC_ROOT")), "{settings}");
    }
}

#[test]
fn the_source_of_a_build_is_not_collected_where_the_storage_would_stop_at_it() {
    let sources = "STATIC_ROOT = BASE_DIR / 'out'\nSTATICFILES_DIRS = [BASE_DIR / 'static']\n";
    let site = hashed(sources).with("static/src/in.css", "@import \"tailwindcss\";\n@plugin \"daisyui\";\n");
    let words = collects(&site);
    assert_eq!(words[words.len() - 2..], ["--ignore", "src/in.css"]);
    let plan = site.plan();
    assert!(
        plan.notes
            .iter()
            .any(|note| note.topic == "Static files" && note.text.contains("`static/src/in.css`"))
    );
    // A file of that name lies beside it; and without hashes nothing looks for the file.
    let own = hashed(sources)
        .with("static/src/in.css", "@import 'tailwindcss';\n")
        .with("static/src/tailwindcss", "");
    assert_eq!(collects(&own).last().unwrap(), "--noinput");
    let plain =
        hashed(&format!("{sources}STORAGES = {{}}\n")).with("static/src/in.css", "@import 'tailwindcss';\n");
    assert_eq!(collects(&plain).last().unwrap(), "--noinput");
    // Of the folder that `STATIC_ROOT` was.
    let root =
        hashed("STATIC_ROOT = BASE_DIR / 'static'\n").with("static/in.css", "@import 'tailwindcss';\n");
    let words = collects(&root);
    assert_eq!(words[words.len() - 2..], ["--ignore", "in.css"]);
}

#[test]
fn names_of_a_committed_list_that_nothing_collects_keep_their_files() {
    let root = "STATIC_ROOT = BASE_DIR / 'public'\n";
    let site = hashed(root).with("public/staticfiles.json", "{\"paths\": {}}");
    let plan = site.plan();
    let commands = steps(&plan, "app").iter().find_map(|step| match step {
        Step::Run { commands, .. } if commands.iter().flatten().any(|word| word == "collectstatic") => {
            Some(commands)
        }
        _ => None,
    });
    let commands = commands.unwrap();
    let at = commands.iter().position(|words| words.iter().any(|word| word == "collectstatic")).unwrap();
    assert_eq!(commands[at - 1], ["cp", "/app/public/staticfiles.json", "/tmp/staticfiles.json"]);
    assert!(commands[at + 1][2].contains("{**old['paths'], **new['paths']}"), "{commands:?}");
    assert_eq!(commands[at + 2], ["rm", "/tmp/staticfiles.json"]);
    assert!(plan.notes.iter().any(|note| note.text.contains("`public/staticfiles.json`")));
    // Without such a list, or without hashes, there is nothing to keep.
    for other in [
        hashed(root),
        hashed(&format!("{root}STORAGES = {{}}\n")).with("public/staticfiles.json", "{}"),
        hashed("STATIC_ROOT = BASE_DIR / 'out'\n").with("public/staticfiles.json", "{}"),
    ] {
        let plan = other.plan();
        let copies = steps(&plan, "app").iter().any(
            |step| matches!(step, Step::Run { commands, .. } if commands.iter().any(|words| words[0] == "cp")),
        );
        assert!(!copies);
    }
}

#[test]
fn the_probe_asks_for_no_file_that_is_left_out() {
    let sources = "STATIC_ROOT = BASE_DIR / 'out'\nSTATICFILES_DIRS = [BASE_DIR / 'static']\n";
    let site = hashed(sources).with("static/a.css", "@import \"tailwindcss\";\n");
    let plan = site.plan();
    let asks = |path: &str| {
        plan.probes.iter().any(|probe| matches!(&probe.act, Act::Get(get) if get.path.ends_with(path)))
    };
    assert!(asks("css/site.css") && !asks("/a.css"));
}
