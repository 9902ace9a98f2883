//! The backends of production's mail, sessions and search.

use super::project::{Project, mentions, undecided};
use crate::base::Fact;
use crate::python::Evaluation;

/// `smtp console file locmem dummy`, else the backend's dotted name.
pub(super) fn email(project: &Project<'_>) -> Fact<Option<String>> {
    const PREFIX: &str = "django.core.mail.backends.";
    let short = |path: &str| {
        let kind = path.strip_prefix(PREFIX).and_then(|rest| rest.strip_suffix(".EmailBackend"));
        let kind = if kind == Some("filebased") { Some("file") } else { kind };
        kind.unwrap_or(path).to_owned()
    };
    setting(project, "EMAIL_BACKEND", "smtp", short)
}

/// `db cache cached_db file signed_cookies`, else the engine's dotted name.
pub(super) fn sessions(project: &Project<'_>) -> Fact<Option<String>> {
    let short =
        |path: &str| path.strip_prefix("django.contrib.sessions.backends.").unwrap_or(path).to_owned();
    if !project.has_app(|app| app == "django.contrib.sessions") {
        let settings = &project.prod;
        let evidence = settings.evidence("INSTALLED_APPS", "does not install `django.contrib.sessions`");
        if settings.get("INSTALLED_APPS").is_some_and(|apps| apps.value.is_left_to().is_some()) {
            let why = "what else `INSTALLED_APPS` holds is known where the project runs".to_owned();
            return Fact::unknown(None, evidence, settings.why("INSTALLED_APPS", why));
        }
        return Fact::with(None, evidence);
    }
    setting(project, "SESSION_ENGINE", "db", short)
}

fn setting(
    project: &Project<'_>,
    name: &str,
    default: &str,
    short: impl Fn(&str) -> String,
) -> Fact<Option<String>> {
    let settings = &project.prod;
    let Some(set) = settings.get(name) else {
        let place = settings.place(name);
        return Fact::new(Some(default.to_owned()), place, format!("does not set {name}: Django's default"));
    };
    let evidence = settings.evidence(name, format!("sets `{name}`"));
    match set.value.assumed().as_ref().and_then(|value| value.as_str().map(&short)) {
        Some(kind) => Fact::with(Some(kind), evidence),
        None => {
            let why = settings.why(name, undecided(name, &set.value));
            Fact::unknown(None, evidence, why)
        }
    }
}

/// A search engine and what shows that a project uses it.
struct Engine {
    name: &'static str,
    /// Parts of dotted names in `INSTALLED_APPS`, `HAYSTACK_CONNECTIONS` and `WAGTAILSEARCH_BACKENDS`.
    parts: &'static [&'static str],
    /// Settings that only it reads.
    settings: &'static [&'static str],
}

#[rustfmt::skip]
const ENGINES: &[Engine] = &[
    Engine { name: "algolia", parts: &["algoliasearch"], settings: &["ALGOLIA"] },
    Engine { name: "elasticsearch", parts: &["elasticsearch"], settings: &["ELASTICSEARCH_DSL", "ELASTICSEARCH_URL", "ELASTICSEARCH_HOST"] },
    Engine { name: "meilisearch", parts: &["meilisearch"], settings: &["MEILISEARCH", "MEILISEARCH_URL"] },
    Engine { name: "opensearch", parts: &["opensearch"], settings: &["OPENSEARCH_DSL"] },
    Engine { name: "postgresql", parts: &["wagtail.contrib.postgres_search", "django.contrib.postgres.search", "watson"], settings: &[] },
    Engine { name: "solr", parts: &["solr"], settings: &[] },
    Engine { name: "typesense", parts: &["typesense"], settings: &["TYPESENSE"] },
    Engine { name: "whoosh", parts: &["whoosh"], settings: &[] },
    Engine { name: "xapian", parts: &["xapian"], settings: &[] },
];

/// Full-text search beside the database, sorted.
pub(super) fn search(project: &Project<'_>) -> Fact<Vec<String>> {
    let settings = &project.prod;
    let (mut found, mut evidence) = (Vec::new(), Vec::new());
    for (engine, name) in search_engines(settings.decided.as_ref().unwrap_or(&settings.evaluation)) {
        found.push(engine.to_owned());
        evidence.extend(settings.evidence(name, format!("{name} names {engine}")));
    }
    if evidence.is_empty() {
        evidence = settings.evidence("INSTALLED_APPS", "installs no search engine");
    }
    Fact::with(found, evidence)
}

/// Returns the search engines that settings use, sorted, each with the setting that shows it.
pub(crate) fn search_engines(evaluation: &Evaluation) -> Vec<(&'static str, &'static str)> {
    let used = ENGINES.iter().filter_map(|engine| {
        let is_it = |text: &str| engine.parts.iter().any(|part| text.to_ascii_lowercase().contains(part));
        let names_it = |name: &&str| evaluation.get(name).is_some_and(|value| mentions(value, &is_it, 0));
        let named =
            ["INSTALLED_APPS", "HAYSTACK_CONNECTIONS", "WAGTAILSEARCH_BACKENDS"].into_iter().find(names_it);
        let set = || engine.settings.iter().copied().find(|name| evaluation.get(name).is_some());
        Some((engine.name, named.or_else(set)?))
    });
    used.collect()
}

#[cfg(test)]
mod tests {
    use crate::base::Tree;
    use crate::inspect::{Facts, inspect};

    fn facts(settings: &str) -> Facts {
        let manage = "import os\nos.environ['DJANGO_SETTINGS_MODULE'] = 'shop.settings'\n";
        inspect(&Tree::from_literals([("manage.py", manage), ("shop/settings.py", settings)])).0
    }

    #[test]
    fn what_is_not_set_is_djangos_default() {
        let facts = facts("INSTALLED_APPS = ['django.contrib.sessions']\n");
        assert_eq!(facts.email_backend.value.as_deref(), Some("smtp"));
        assert_eq!(facts.session_engine.value.as_deref(), Some("db"));
        assert!(facts.search_engines.value.is_empty());
        let none = super::tests::facts("INSTALLED_APPS = []\n");
        assert_eq!(none.session_engine.value, None);
    }

    #[test]
    fn what_is_set_is_named_shortly() {
        let facts = facts(
            "import os\nINSTALLED_APPS = ['django.contrib.sessions', 'haystack', 'anymail']\n\
             EMAIL_BACKEND = 'anymail.backends.mailgun.EmailBackend'\n\
             SESSION_ENGINE = 'django.contrib.sessions.backends.cached_db'\n\
             HAYSTACK_CONNECTIONS = {'default': {'ENGINE': 'haystack.backends.elasticsearch7_backend.Elasticsearch7SearchEngine'}}\n",
        );
        assert_eq!(facts.email_backend.value.as_deref(), Some("anymail.backends.mailgun.EmailBackend"));
        assert_eq!(facts.session_engine.value.as_deref(), Some("cached_db"));
        assert_eq!(facts.search_engines.value, ["elasticsearch"]);
        assert_eq!(facts.search_engines.evidence[0].place.to_string(), "shop/settings.py:5");
    }

    #[test]
    fn apps_that_another_distribution_lists_may_hold_sessions() {
        let facts = facts("from rdmo.core.settings import *\n");
        assert_eq!(facts.session_engine.value, None);
        assert!(facts.session_engine.unknown.is_some(), "{:?}", facts.session_engine);
    }

    #[test]
    fn what_a_variable_names_alone_is_unknown() {
        let facts = facts("import os\nEMAIL_BACKEND = os.environ['MAIL']\n");
        assert_eq!(facts.email_backend.value, None);
        assert_eq!(facts.email_backend.unknown.as_deref(), Some("EMAIL_BACKEND is decided by `MAIL`"));
    }
}
