//! The system packages that the distributions need, to build and to run.

use std::collections::BTreeSet;

use super::existing::Installed;
use super::facts::{Distribution, DistributionSource, Facts, SystemPackages};
use super::messages;
use crate::base::{Diagnostic, Evidence, Fact, Place};
use crate::knowledge::programs::{self, Program, Start};
use crate::knowledge::system_packages::{self as table, Row, When};
use crate::knowledge::{implied, pythons, wheels};
use crate::python::{Minor, Requirement, Specifiers, Version};

/// Needs of system packages beside those of distributions.
#[derive(Clone, Debug, Default)]
pub struct Needs {
    /// `django.contrib.gis` is installed or a spatial engine is used.
    pub geodjango: bool,
    /// A file of SQLite holds spatial tables.
    pub spatialite: bool,
    /// Catalogues of translations are compiled (`*.po` without `*.mo`).
    pub gettext: bool,
    /// A requirement is fetched with git.
    pub git: bool,
    /// A requirement is fetched over ssh.
    pub ssh: bool,
    /// Packages that files of the project install already: the programs among them stay.
    pub installed: Vec<Installed>,
    /// Distributions that are compiled although they have wheels: `Install::no_binary`.
    pub no_binary: Vec<String>,
}

/// Returns the packages that the image of Python `python` (`3.13`) on `suite` (`trixie`, `alpine`) must hold for `distributions`.
pub fn needed(
    distributions: &[Distribution],
    needs: &Needs,
    python: &str,
    suite: &str,
) -> Fact<SystemPackages> {
    let mut collected =
        Collected { suite, build: BTreeSet::new(), run: BTreeSet::new(), evidence: Vec::new() };
    let python = Minor::parse(python);
    for distribution in &with_brought(distributions) {
        let compiled = is_compiled(distribution, needs, python);
        let mut explained = false;
        for row in table::rows().iter().filter(|row| row.distribution == distribution.name) {
            if applies(row, distribution, distributions, compiled) {
                explained |= row.when == When::Source || !row.build(suite).is_empty();
                collected.add(row, &distribution.place, &distribution.name);
            }
        }
        if compiled && !explained {
            collected.build.extend(table::compiler(suite).map(str::to_owned));
            let reason = format!("`{}` is compiled", distribution.name);
            collected.evidence.push(Evidence::new(distribution.place.clone(), reason));
        }
    }
    let beside = [
        (needs.geodjango, "django.contrib.gis"),
        (needs.spatialite, "spatialite"),
        (needs.gettext, "gettext"),
        (needs.git, "git"),
        (needs.ssh, "ssh"),
    ];
    for (_, name) in beside.into_iter().filter(|(wanted, _)| *wanted) {
        for row in table::rows().iter().filter(|row| row.distribution == name) {
            collected.add(row, &Place::Row(format!("system_packages: {name}")), name);
        }
    }
    for installed in &needs.installed {
        if let Some(Program::Named(name)) = programs::find(&installed.name, suite)
            && collected.run.insert(name)
        {
            let reason = format!("installs `{}`, which the code may call", installed.name);
            collected.evidence.push(Evidence::new(installed.place.clone(), reason));
        }
    }
    if collected.evidence.is_empty() {
        collected.evidence.push(Evidence::new(Place::Default, "no distribution needs a system package"));
    }
    let packages = SystemPackages {
        build: collected.build.into_iter().collect(),
        run: collected.run.into_iter().collect(),
    };
    Fact::with(packages, collected.evidence)
}

/// The distributions, and those that they bring along and no lockfile lists: an unknown version of each.
fn with_brought(distributions: &[Distribution]) -> Vec<Distribution> {
    let mut all = distributions.to_vec();
    for bringing in distributions {
        let version = bringing.version.as_deref().and_then(Version::parse);
        for brought in implied::brought_by(&bringing.name, &bringing.extras, version.as_ref()) {
            let Ok(requirement) = Requirement::parse(brought) else { continue };
            if all.iter().any(|one| one.name == requirement.name) {
                continue;
            }
            all.push(Distribution {
                name: requirement.name,
                version: None,
                specifier: None,
                extras: requirement.extras,
                source: DistributionSource::Index,
                direct: false,
                place: bringing.place.clone(),
            });
        }
    }
    all
}

/// Adds the packages of programs that the code starts, and reports those that no image has.
pub(super) fn add_started(facts: &mut Facts, suite: &str, diagnostics: &mut Vec<Diagnostic>) {
    let mut said: BTreeSet<&str> = BTreeSet::new();
    for started in &facts.machine.programs {
        match programs::started(&started.name, suite) {
            Start::Package(Program::Named(name)) => {
                let packages = &mut facts.system_packages.value.run;
                if let Err(at) = packages.binary_search(&name) {
                    packages.insert(at, name);
                    let reason = format!("starts `{}`", started.name);
                    let evidence = &mut facts.system_packages.evidence;
                    evidence.retain(|one| one.place != Place::Default);
                    evidence.push(Evidence::new(started.place.clone(), reason));
                }
            }
            Start::Package(Program::Gone) if said.insert(&started.name) => {
                let python = newest_python(|suite| {
                    !matches!(programs::started(&started.name, suite), Start::Package(Program::Gone))
                });
                diagnostics.push(messages::started_program_gone(started, suite, python));
            }
            Start::Unknown
                if !started.is_optional
                    && !is_of_distribution(&facts.distributions, &started.name)
                    && said.insert(&started.name) =>
            {
                diagnostics.push(messages::program_not_in_image(started));
            }
            _ => {}
        }
    }
}

/// Tells whether a distribution of that name brings the program: `celery`, `yt-dlp`.
fn is_of_distribution(distributions: &[Distribution], program: &str) -> bool {
    let name = crate::python::normalised(program);
    distributions.is_empty() || distributions.iter().any(|one| one.name == name)
}

/// Reports programs that `suite` has no more: those that distributions need, and those that files of the
/// project install.
pub(super) fn gone(distributions: &[Distribution], installed: &[Installed], suite: &str) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut said: BTreeSet<&str> = BTreeSet::new();
    for distribution in distributions {
        let rows = table::rows().iter().filter(|row| row.distribution == distribution.name);
        for row in rows.filter(|row| !row.gone(suite).is_empty()) {
            let python = newest_python(|suite| !row.run(suite).is_empty());
            said.extend(row.gone(suite).iter().map(String::as_str));
            found.push(messages::system_package_gone(distribution, row.gone(suite), suite, python));
        }
    }
    for one in installed {
        if programs::find(&one.name, suite) == Some(Program::Gone) && !said.contains(one.name.as_str()) {
            let python = newest_python(|suite| programs::find(&one.name, suite) != Some(Program::Gone));
            found.push(messages::program_gone(one, suite, python));
        }
    }
    found
}

/// The newest Python with fixes whose images stand on a Debian of which `has` holds.
fn newest_python(has: impl Fn(&str) -> bool) -> Option<&'static pythons::Release> {
    pythons::releases().iter().rev().find(|release| {
        !pythons::is_over(release.version) && release.suites.first().is_some_and(|suite| has(suite))
    })
}

struct Collected<'a> {
    suite: &'a str,
    build: BTreeSet<String>,
    run: BTreeSet<String>,
    evidence: Vec<Evidence>,
}

impl Collected<'_> {
    fn add(&mut self, row: &Row, place: &Place, name: &str) {
        let (build, run) = (row.build(self.suite), row.run(self.suite));
        self.build.extend(build.iter().cloned());
        self.run.extend(run.iter().cloned());
        if !build.is_empty() || !run.is_empty() {
            let reason = match (build.is_empty(), run.is_empty()) {
                (false, true) => format!("`{name}` needs {} to build", build.join(", ")),
                (true, _) => format!("`{name}` needs {} to run", run.join(", ")),
                (false, false) => {
                    format!("`{name}` needs {} to build, {} to run", build.join(", "), run.join(", "))
                }
            };
            self.evidence.push(Evidence::new(place.clone(), reason));
        }
    }
}

/// Tells whether installing it runs a compiler, as far as that is known.
fn is_compiled(distribution: &Distribution, needs: &Needs, python: Option<Minor>) -> bool {
    let asked = needs.no_binary.iter().any(|name| *name == distribution.name || name == "-all-");
    let version = distribution.version.as_deref().and_then(Version::parse);
    let known = wheels::distribution(&distribution.name).is_some();
    let from_source = match &distribution.source {
        DistributionSource::Vcs(_) => known,
        _ => false,
    };
    let without_wheel =
        python.and_then(|python| wheels::is_compiled(&distribution.name, version.as_ref(), python));
    (asked && known) || from_source || without_wheel.unwrap_or(false)
}

fn applies(row: &Row, distribution: &Distribution, all: &[Distribution], compiled: bool) -> bool {
    if row.when == When::Source && !compiled {
        return false;
    }
    if let Some(extra) = &row.extra
        && !distribution.extras.contains(extra)
    {
        return false;
    }
    if let (Some(versions), Some(version)) = (&row.versions, &distribution.version)
        && let (Some(versions), Some(version)) = (Specifiers::parse(versions), Version::parse(version))
        && !versions.contains(&version)
    {
        return false;
    }
    // An unknown version is the newest: rows for old ones do not count.
    if distribution.version.is_none()
        && row.versions.as_deref().is_some_and(|versions| versions.starts_with('<'))
    {
        return false;
    }
    !row.unless.iter().any(|other| is_there(other, all))
}

/// Tells whether `name` or `name[extra]` is installed.
fn is_there(wanted: &str, all: &[Distribution]) -> bool {
    let (name, extra) = match wanted.split_once('[') {
        Some((name, extra)) => (name, Some(extra.trim_end_matches(']'))),
        None => (wanted, None),
    };
    all.iter()
        .any(|one| one.name == name && extra.is_none_or(|extra| one.extras.iter().any(|has| has == extra)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn distribution(text: &str) -> Distribution {
        let requirement = Requirement::parse(text).unwrap();
        Distribution {
            name: requirement.name,
            version: requirement.specifiers.and_then(|all| all.exact()).map(|version| version.to_string()),
            specifier: Some(String::new()),
            extras: requirement.extras,
            source: DistributionSource::Index,
            direct: true,
            place: Place::line("requirements.txt", 1),
        }
    }

    fn packages(texts: &[&str], python: &str, suite: &str) -> (String, String) {
        let distributions: Vec<Distribution> = texts.iter().map(|text| distribution(text)).collect();
        let found = needed(&distributions, &Needs::default(), python, suite).value;
        (found.build.join(" "), found.run.join(" "))
    }

    fn check(texts: &[&str], python: &str, suite: &str, build: &str, run: &str) {
        assert_eq!(
            packages(texts, python, suite),
            (build.to_owned(), run.to_owned()),
            "{texts:?} on {python} {suite}"
        );
    }

    #[test]
    fn failure_4_mysqlclient_needs_pkg_config() {
        check(
            &["mysqlclient"],
            "3.13",
            "trixie",
            "default-libmysqlclient-dev gcc libc6-dev pkg-config",
            "libmariadb3",
        );
        check(&["mysqlclient"], "3.13", "alpine", "gcc mariadb-dev musl-dev pkgconf", "mariadb-connector-c");
    }

    #[test]
    fn what_is_brought_along_needs_its_libraries_too() {
        check(
            &["django-auth-ldap==5.2.0"],
            "3.13",
            "trixie",
            "gcc libc6-dev libldap-dev libsasl2-dev",
            "libldap2 libsasl2-2",
        );
        check(&["djangosaml2", "gitpython"], "3.13", "trixie", "", "git xmlsec1");
    }

    #[test]
    fn failure_6_drivers_of_postgresql_are_told_apart() {
        check(&["psycopg2"], "3.13", "trixie", "gcc libc6-dev libpq-dev", "libpq5");
        check(&["psycopg2-binary==2.9.11"], "3.13", "trixie", "", "");
        check(&["psycopg2-binary==2.9.5"], "3.13", "trixie", "gcc libc6-dev libpq-dev", "libpq5");
        check(&["psycopg[c]"], "3.13", "trixie", "gcc libc6-dev libpq-dev", "libpq5");
        check(&["psycopg[binary]"], "3.13", "trixie", "", "");
    }

    #[test]
    fn failure_7_bare_psycopg_needs_libpq_to_run() {
        check(&["psycopg"], "3.13", "trixie", "", "libpq5");
        check(&["psycopg", "psycopg-binary==3.2.10"], "3.13", "trixie", "", "");
    }

    #[test]
    fn failure_41_weasyprint_is_keyed_by_suite() {
        check(
            &["weasyprint==62.3"],
            "3.12",
            "bookworm",
            "",
            "fonts-dejavu-core libharfbuzz-subset0 libpango-1.0-0 libpangoft2-1.0-0",
        );
        check(
            &["weasyprint==62.3"],
            "3.9",
            "bullseye",
            "",
            "fonts-dejavu-core libharfbuzz0b libpango-1.0-0 libpangoft2-1.0-0",
        );
    }

    #[test]
    fn failure_42_geodjango_brings_its_libraries() {
        let needs = Needs { geodjango: true, ..Needs::default() };
        let run = needed(&[], &needs, "3.13", "trixie").value.run;
        assert_eq!(run, ["gdal-bin", "libgdal36", "libgeos-c1t64", "libproj25"]);
    }

    #[test]
    fn failure_43_old_pins_are_compiled_and_current_ones_are_not() {
        assert_eq!(
            packages(&["pillow==11.3.0", "lxml==6.0.2"], "3.13", "trixie"),
            (String::new(), String::new())
        );
        let (build, run) = packages(&["pillow==8.4.0"], "3.11", "bookworm");
        assert!(build.contains("libjpeg62-turbo-dev") && run.contains("libtiff6"), "{build} / {run}");
        check(&["regex==2022.1.18"], "3.12", "bookworm", "gcc libc6-dev", "");
    }

    #[test]
    fn failure_44_catalogues_need_gettext_to_build() {
        let needs = Needs { gettext: true, ..Needs::default() };
        let found = needed(&[], &needs, "3.13", "trixie").value;
        assert_eq!((found.build, found.run), (vec!["gettext".to_owned()], Vec::new()));
    }

    #[test]
    fn what_must_not_be_a_wheel_is_compiled() {
        let needs = Needs { no_binary: vec!["lxml".to_owned()], ..Needs::default() };
        let found = needed(&[distribution("lxml==6.0.2")], &needs, "3.13", "trixie").value;
        assert_eq!(found.run, ["libxml2", "libxslt1.1"]);
    }
}
