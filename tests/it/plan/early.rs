//! What runs before there are tables.

use djdock::base::Place;
use djdock::stack::Step;

use super::site::*;

/// The command that applies migrations, where `pages/forms.py` holds `code`.
fn migrate(code: &str, requirements: &str) -> (String, Vec<Place>) {
    let site = Site::new(&format!("{OPEN}{}", database("postgresql")), requirements);
    let site =
        site.with("pages/forms.py", &format!("from django import forms\nfrom .models import Page\n{code}"));
    let plan = site.plan();
    let service = service(&plan.prod, "migrate");
    (service.command.join(" "), service.because.iter().map(|one| one.place.clone()).collect())
}

#[test]
fn a_cache_in_the_database_gets_its_table_with_the_migrations() {
    let cache = "CACHES = {'default': {'BACKEND': 'django.core.cache.backends.db.DatabaseCache', 'LOCATION': 'cache_table'}}\n";
    let plan = Site::new(&format!("{OPEN}{}{cache}", database("postgresql")), POSTGRES).plan();
    for stack in [&plan.dev, &plan.prod] {
        let command = &service(stack, "migrate").command;
        assert_eq!(
            command[..],
            ["sh", "-c", "python manage.py migrate --noinput && python manage.py createcachetable"]
        );
    }
}

#[test]
fn migrations_are_applied_unchecked_where_an_import_asks_the_database() {
    const PLAIN: &str = "python manage.py migrate --noinput";
    for early in [
        "SITE = Page.objects.get(pk=1)\n",
        "class PageForm(forms.Form):\n    kind = forms.ChoiceField(choices=[(page.pk, page.name) for page in Page.objects.all()])\n",
        "class Client:\n    URL = f'http://{Page.objects.first().name}/'\n",
        "NAMES = list(Page.objects.values_list('name', flat=True).order_by('name'))\n",
        "for page in Page.objects.filter(live=True):\n    print(page)\n",
    ] {
        let (command, places) = migrate(early, POSTGRES);
        assert_eq!(command, format!("{PLAIN} --skip-checks"), "{early}");
        assert!(
            places.iter().any(|place| place.path().is_some_and(|path| path == "pages/forms.py")),
            "{places:?}"
        );
    }
    for late in [
        "PAGES = Page.objects.all()\n",
        "def first():\n    return Page.objects.first()\n",
        "class PageForm(forms.Form):\n    queryset = Page.objects.filter(live=True)\n    first = lambda self: Page.objects.first()\n",
        "try:\n    SITE = Page.objects.get(pk=1)\nexcept Exception:\n    SITE = None\n",
    ] {
        assert_eq!(migrate(late, POSTGRES).0, PLAIN, "{late}");
    }
    // Older ones know no such option.
    let old = POSTGRES.replace("django==5.2.1", "django==2.2.28");
    assert_eq!(migrate("SITE = Page.objects.get(pk=1)\n", &old).0, PLAIN);
}

/// The commands and the settings module of the step that collects static files.
fn collecting(site: &Site) -> (Vec<String>, Option<String>) {
    let plan = site.plan();
    let step = steps(&plan, "app").iter().find_map(|step| match step {
        Step::Run { commands, variables, .. }
            if commands.iter().flatten().any(|word| word == "collectstatic") =>
        {
            Some((
                commands.iter().map(|words| words.join(" ")).collect(),
                variables.get("DJANGO_SETTINGS_MODULE").cloned(),
            ))
        }
        _ => None,
    });
    step.unwrap()
}

fn monitored(settings: &str, version: &str) -> (Vec<String>, Option<String>) {
    let settings =
        format!("{OPEN}{}INSTALLED_APPS += ['django_prometheus']\n{settings}", database("postgresql"));
    collecting(&Site::new(&settings, &format!("{POSTGRES}django-prometheus{version}\n")))
}

#[test]
fn static_files_are_collected_without_a_database_where_an_app_asks_it_while_it_is_loaded() {
    let (commands, module) = monitored("", "==2.2.0");
    assert_eq!(module.as_deref(), Some("djdock_build_settings"));
    let made = commands.iter().find(|command| command.contains("/djdock_build_settings.py")).unwrap();
    assert!(made.contains("from site1.settings"), "{made}");
    assert!(made.ends_with("PROMETHEUS_EXPORT_MIGRATIONS = False"), "{made}");
    // Nothing of it is left in the image.
    assert!(
        commands.last().unwrap().starts_with("rm ")
            && commands.last().unwrap().ends_with("/djdock_build_settings.py")
    );
}

#[test]
fn settings_that_keep_an_app_from_asking_are_left_alone() {
    for (settings, version) in [
        ("PROMETHEUS_EXPORT_MIGRATIONS = False\n", "==2.2.0"),
        ("PROMETHEUS_EXPORT_MIGRATIONS = os.getenv('EXPORT') == '1'\n", "==2.2.0"),
        ("", "==2.3.1"),
        ("", ""),
    ] {
        let (commands, module) = monitored(settings, version);
        assert_ne!(module.as_deref(), Some("djdock_build_settings"), "{settings}{version}");
        assert!(commands.iter().all(|command| !command.contains("djdock_build_settings")), "{commands:?}");
    }
    // An app that is required and not installed is not loaded.
    let site = Site::new(
        &format!("{OPEN}{}", database("postgresql")),
        &format!("{POSTGRES}django-prometheus==2.2.0\n"),
    );
    assert!(collecting(&site).0.iter().all(|command| !command.contains("djdock_build_settings")));
}
