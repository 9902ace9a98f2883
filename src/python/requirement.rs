//! Requirements (PEP 508) and their markers, evaluated for the target: `CPython` on Linux.

use std::convert::Infallible;
use std::path::Path;
use std::str::FromStr;

use pep508_rs::{ExtraName, MarkerEnvironment, MarkerEnvironmentBuilder, MarkerTree, VersionOrUrl};

use super::version::{Minor, Specifiers};

/// One requirement.
#[derive(Clone, Debug, PartialEq)]
pub struct Requirement {
    /// Normalised (PEP 503): `psycopg2-binary`.
    pub name: String,
    /// Normalised, sorted.
    pub extras: Vec<String>,
    /// Which versions; `None` where any will do, or an address says it.
    pub specifiers: Option<Specifiers>,
    /// The address after `@`, as written.
    pub address: Option<String>,
    pub marker: Marker,
}

impl Requirement {
    /// From `django[argon2]>=5.2,<6 ; python_version >= "3.10"`; the error says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let parsed = parse(text).or_else(|error| {
            // Older releases of the standard allowed what the parser no longer does: `>=1.8.*`, `a>=1,`.
            parse(&modernised(text)).map_err(|_| error)
        })?;
        let mut extras: Vec<String> = parsed.extras.iter().map(ToString::to_string).collect();
        extras.sort();
        let (specifiers, address) = match parsed.version_or_url {
            Some(VersionOrUrl::VersionSpecifier(specifiers)) if !specifiers.is_empty() => {
                (Specifiers::parse(&specifiers.to_string()), None)
            }
            Some(VersionOrUrl::Url(address)) => (None, Some(address.0)),
            _ => (None, None),
        };
        Ok(Self { name: parsed.name.to_string(), extras, specifiers, address, marker: Marker(parsed.marker) })
    }

    /// A requirement of `name` without anything else.
    pub fn named(name: &str) -> Option<Self> {
        Self::parse(name).ok().filter(|requirement| requirement.address.is_none())
    }
}

/// When a requirement applies.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Marker(MarkerTree);

impl Marker {
    /// From `sys_platform == "win32"`; `None` for what is not a marker.
    pub fn parse(text: &str) -> Option<Self> {
        MarkerTree::from_str(text).ok().map(Self)
    }

    /// Tells whether it holds on the target, with these extras asked for.
    pub fn holds(&self, target: &Target, extras: &[String]) -> bool {
        if self.0.is_true() {
            return true;
        }
        let extras: Vec<ExtraName> =
            extras.iter().filter_map(|extra| ExtraName::new(extra.clone()).ok()).collect();
        self.0.evaluate(&target.0, &extras)
    }
}

/// The target of requirements: `CPython` of one version on 64-bit Linux.
#[derive(Clone, Debug)]
pub struct Target(MarkerEnvironment);

impl Target {
    pub fn linux(python: Minor) -> Option<Self> {
        let line = python.to_string();
        // The last patch release is not known; any that is higher than markers ask for will do.
        let full = format!("{python}.20");
        let built = MarkerEnvironment::try_from(MarkerEnvironmentBuilder {
            implementation_name: "cpython",
            implementation_version: &full,
            os_name: "posix",
            platform_machine: "x86_64",
            platform_python_implementation: "CPython",
            platform_release: "",
            platform_system: "Linux",
            platform_version: "",
            python_full_version: &full,
            python_version: &line,
            sys_platform: "linux",
        });
        built.ok().map(Self)
    }
}

/// The normalised form of a distribution's name (PEP 503): `Django_Redis` is `django-redis`.
pub fn normalised(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.trim().chars() {
        let c = if matches!(c, '_' | '.' | '-') { '-' } else { c.to_ascii_lowercase() };
        if c != '-' || !out.ends_with('-') {
            out.push(c);
        }
    }
    out
}

/// An address as written: relative paths and variables stay what they are.
#[derive(Clone, Debug)]
struct Address(String);

impl std::fmt::Display for Address {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&self.0)
    }
}

impl pep508_rs::Pep508Url for Address {
    type Err = Infallible;

    fn parse_url(url: &str, _: Option<&Path>) -> Result<Self, Infallible> {
        Ok(Self(url.to_owned()))
    }
}

fn parse(text: &str) -> Result<pep508_rs::Requirement<Address>, String> {
    // The parser panics on a name that does not end with a letter or digit (`M.`).
    let name: String =
        text.trim_start().chars().take_while(|c| c.is_ascii_alphanumeric() || "-_.".contains(*c)).collect();
    if !name.ends_with(|last: char| last.is_ascii_alphanumeric()) {
        return Err(format!("`{name}` is not the name of a distribution"));
    }
    // So it does on an extra of which that is true (`django[argon2-]`).
    let after_name = text.trim_start().get(name.len()..).unwrap_or_default().trim_start();
    let extras = after_name.strip_prefix('[').and_then(|rest| rest.split(']').next()).unwrap_or_default();
    if let Some(extra) =
        extras.split(|c: char| c == ',' || c.is_whitespace()).find(|extra| extra.ends_with(['-', '_', '.']))
    {
        return Err(format!("`{extra}` is not the name of an extra"));
    }
    pep508_rs::Requirement::<Address>::from_str(text).map_err(|error| {
        // Not the error itself: it draws a pointer below the text, and panics where that is not ASCII.
        error.message.to_string().lines().next().unwrap_or_default().to_owned()
    })
}

/// Old forms rewritten: wildcards behind `>=` and its kin, a comma at the end, a single `=`.
fn modernised(text: &str) -> String {
    let (requirement, marker) = text.split_once(';').map_or((text, ""), |(before, after)| (before, after));
    let name_end = requirement.find(['<', '>', '=', '!', '~', '(']).unwrap_or(requirement.len());
    let (name, specifiers) = requirement.split_at(name_end);
    let specifiers = specifiers.trim().trim_start_matches('(').trim_end_matches([')', ',', ' ']);
    let modern = Specifiers::parse(specifiers).map_or_else(|| specifiers.to_owned(), |all| all.to_string());
    if marker.is_empty() { format!("{name}{modern}") } else { format!("{name}{modern} ;{marker}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_ends_with_punctuation_is_refused() {
        for text in ["M.", "M-", "a_ >= 1", "-", ""] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn an_extra_that_ends_with_punctuation_is_refused() {
        for text in ["django[argon2-]", "django [ a, b_ ] >= 1", "django[a.]", "django[-]", "a[b-", "a[b. c]"]
        {
            assert!(parse(text).is_err(), "{text}");
        }
        assert!(parse("django[a-b, c.d]>=1").is_ok());
    }

    #[test]
    fn what_is_wrong_is_said_of_any_text() {
        for text in ["p[groupsY\u{fffd}\u{fffd}(>=13.0,<14.0)", "django ; \u{1f600}\u{1f600}", "ä @"] {
            assert!(!parse(text).unwrap_err().is_empty(), "{text}");
        }
    }

    #[test]
    fn requirements_are_parsed_not_grepped() {
        let django =
            Requirement::parse("Django[argon2, bcrypt] >=5.2,<6 ; python_version >= '3.10'").unwrap();
        assert_eq!(
            (django.name.as_str(), django.extras.as_slice()),
            ("django", &["argon2".to_owned(), "bcrypt".to_owned()][..])
        );
        assert_eq!(django.specifiers.unwrap().to_string(), ">=5.2,<6");
        let push =
            Requirement::parse("django-push @ git+https://example.org/django-push.git@22fda9").unwrap();
        assert_eq!(push.address.as_deref(), Some("git+https://example.org/django-push.git@22fda9"));
        assert!(Requirement::parse("django 5.2").is_err());
        assert_eq!(
            Requirement::parse("local @ file:../lib").unwrap().address.as_deref(),
            Some("file:../lib")
        );
    }

    #[test]
    fn outdated_forms_are_still_read() {
        for (given, expected) in [
            ("django>=1.8.*", ">=1.8"),
            ("django>=1.8,", ">=1.8"),
            ("django (>=1.8)", ">=1.8"),
            ("django=4.2.1", "==4.2.1"),
        ] {
            let requirement = Requirement::parse(given).unwrap();
            assert_eq!(requirement.specifiers.unwrap().to_string(), expected, "{given}");
        }
    }

    #[test]
    fn markers_are_evaluated_for_linux() {
        let target = Target::linux(Minor(3, 13)).unwrap();
        let holds = |marker: &str| Marker::parse(marker).unwrap().holds(&target, &[]);
        assert!(!holds("sys_platform == 'win32'"));
        assert!(holds("platform_system != 'Windows'"));
        assert!(holds("python_version >= '3.10' and implementation_name == 'cpython'"));
        assert!(!holds("extra == 'dev'"));
        assert!(Marker::parse("extra == 'dev'").unwrap().holds(&target, &["dev".to_owned()]));
    }

    #[test]
    fn names_are_normalised() {
        assert_eq!(normalised("Django__Redis.Cache-"), "django-redis-cache-");
    }
}
