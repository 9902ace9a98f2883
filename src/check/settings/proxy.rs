//! Rules about settings that a reverse proxy in front needs.

use crate::base::Diagnostic;
use crate::base::codes::check::settings::{CSRF_ORIGIN_WITHOUT_SCHEME, SSL_REDIRECT_WITHOUT_PROXY_HEADER};
use crate::check::{Rule, Subject};

pub const RULES: &[Rule] = &[
    Rule { codes: &[SSL_REDIRECT_WITHOUT_PROXY_HEADER], find: redirect },
    Rule { codes: &[CSRF_ORIGIN_WITHOUT_SCHEME], find: origins },
];

fn redirect(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let Some((value, place)) = subject.setting("SECURE_SSL_REDIRECT") else { return Vec::new() };
    if value.assumed().and_then(|assumed| assumed.as_bool()) != Some(true) {
        return Vec::new();
    }
    if subject.setting("SECURE_PROXY_SSL_HEADER").is_some() {
        return Vec::new();
    }
    vec![
        Diagnostic::error(SSL_REDIRECT_WITHOUT_PROXY_HEADER, "`SECURE_SSL_REDIRECT` is on and `SECURE_PROXY_SSL_HEADER` is not set")
            .at(place, "redirects every request that does not look like https")
            .because("the reverse proxy speaks http to Django, so each answer is a redirect to the same address, without end")
            .help("add `SECURE_PROXY_SSL_HEADER = (\"HTTP_X_FORWARDED_PROTO\", \"https\")`; djdock's nginx sends that header"),
    ]
}

fn origins(subject: &Subject<'_>) -> Vec<Diagnostic> {
    // Django 4.0 is the first to want the scheme; before it, names alone were right.
    if subject.django().is_none_or(|version| version < (4, 0)) {
        return Vec::new();
    }
    let Some((value, place)) = subject.setting("CSRF_TRUSTED_ORIGINS") else { return Vec::new() };
    let bare = value.items().unwrap_or_default().iter().filter_map(|item| item.as_str());
    bare.filter(|origin| !origin.is_empty() && !origin.contains("://"))
        .map(|origin| {
            Diagnostic::error(
                CSRF_ORIGIN_WITHOUT_SCHEME,
                format!("`CSRF_TRUSTED_ORIGINS` holds `{origin}`, which has no scheme"),
            )
            .at(place, "decided here")
            .because("since Django 4.0 no management command runs with it (`4_0.E001`)")
            .help(format!("write `https://{}`", origin.trim_start_matches('.')))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::of_settings as findings;

    #[test]
    fn a_redirect_to_https_needs_the_proxys_word() {
        assert_eq!(
            findings(RULES, "SECURE_SSL_REDIRECT = True", &[]),
            ["ssl-redirect-without-proxy-header:1"]
        );
        let both =
            "SECURE_SSL_REDIRECT = True\nSECURE_PROXY_SSL_HEADER = ('HTTP_X_FORWARDED_PROTO', 'https')";
        assert!(findings(RULES, both, &[]).is_empty());
    }

    #[test]
    fn an_origin_has_a_scheme() {
        let settings = "CSRF_TRUSTED_ORIGINS = ['example.org', 'https://example.com']";
        assert_eq!(
            findings(RULES, settings, &[("requirements.txt", "django==5.2\n")]),
            ["csrf-origin-without-scheme:1"]
        );
        assert!(findings(RULES, settings, &[("requirements.txt", "django==3.2\n")]).is_empty());
    }
}
