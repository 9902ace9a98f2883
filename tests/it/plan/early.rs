//! What runs before there are tables.

use djdock::base::Place;

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
