//! Tables of facts that age: releases, images, wheels, system packages. Data in TOML, with sources.
//!
//! `README.md` in this folder says how to add a row. A table that cannot be read is a bug of djdock's, and a
//! test's business; here it would be empty.

pub mod along;
pub mod build_constraints;
pub mod conda;
pub mod distributions;
pub mod django;
pub mod downloads;
pub mod images;
pub mod implied;
pub mod locales;
pub mod modules;
pub mod outside;
pub mod pins;
pub mod programs;
pub mod pythons;
pub mod servers;
pub mod static_builds;
pub mod support;
pub mod system_packages;
pub mod tools;
pub mod version_sources;
pub mod wheels;

use serde::de::DeserializeOwned;

/// A day, as `2026-11-20`; compares as dates do.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, serde::Deserialize, serde::Serialize)]
#[serde(transparent)]
pub struct Date(String);

impl std::fmt::Display for Date {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&self.0)
    }
}

/// A table from its text; empty where the text is not what it should be.
fn table<T: DeserializeOwned + Default>(text: &str) -> T {
    toml::from_str(text).unwrap_or_default()
}

/// Reads the tables that every project needs, largest first: who asks for one later does not wait.
pub fn read_ahead() {
    system_packages::rows();
    wheels::distributions();
    django::releases();
    pythons::releases();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::python::Minor;

    /// Every table, whole: a row that does not parse would silently empty its table.
    #[test]
    fn tables_are_read() {
        fn check<T: DeserializeOwned>(name: &str, text: &str) {
            if let Err(error) = toml::from_str::<T>(text) {
                panic!("{name}: {error}");
            }
        }
        check::<pythons::Table>("python.toml", pythons::TEXT);
        check::<django::Table>("django.toml", django::TEXT);
        check::<along::Table>("along.toml", along::TEXT);
        check::<build_constraints::Table>("build_constraints.toml", build_constraints::TEXT);
        check::<conda::Table>("conda.toml", conda::TEXT);
        check::<implied::Table>("implied.toml", implied::TEXT);
        check::<version_sources::Table>("version_sources.toml", version_sources::TEXT);
        check::<pins::Table>("pins.toml", pins::TEXT);
        check::<images::Table>("images.toml", images::TEXT);
        check::<wheels::Table>("wheels.toml", wheels::TEXT);
        check::<system_packages::Table>("system_packages.toml", system_packages::TEXT);
        check::<distributions::Table>("distributions.toml", distributions::TEXT);
        check::<downloads::Table>("downloads.toml", downloads::TEXT);
        check::<locales::Table>("locales.toml", locales::TEXT);
        check::<static_builds::Table>("static_builds.toml", static_builds::TEXT);
        check::<modules::Table>("modules.toml", modules::TEXT);
        check::<outside::Table>("outside.toml", outside::TEXT);
        check::<programs::Table>("programs.toml", programs::TEXT);
        check::<tools::Table>("tools.toml", tools::TEXT);
        check::<servers::Table>("servers.toml", servers::TEXT);
        check::<support::Table>("support.toml", support::TEXT);
    }

    #[test]
    fn every_python_of_django_is_in_the_python_table_or_older() {
        let oldest = pythons::releases().first().unwrap().version;
        for release in django::releases() {
            for python in release.pythons.iter().chain(&release.runs_until) {
                assert!(
                    *python < oldest || pythons::release(*python).is_some(),
                    "Django {} names Python {python}",
                    release.line
                );
            }
        }
    }

    #[test]
    fn every_suite_of_a_python_has_system_packages() {
        let known = system_packages::suites();
        for release in pythons::releases() {
            assert!(!release.suites.is_empty(), "Python {}", release.version);
            for suite in &release.suites {
                assert!(known.contains(suite), "Python {} names {suite}", release.version);
            }
        }
    }

    #[test]
    fn every_row_of_system_packages_names_known_suites_and_its_source() {
        for row in system_packages::rows() {
            assert!(row.source.starts_with("http"), "{} has no source", row.distribution);
            for suite in row.suites.keys() {
                assert!(
                    suite == "alpine" || system_packages::suites().contains(suite),
                    "{} names {suite}",
                    row.distribution
                );
            }
        }
    }

    #[test]
    fn every_wheel_row_of_source_only_distributions_has_system_packages() {
        for distribution in wheels::distributions() {
            let never = distribution.wheels.iter().all(|row| row.newest == wheels::Newest::None);
            assert!(
                !never || system_packages::rows().iter().any(|row| row.distribution == distribution.name),
                "{} is always compiled, and nothing says with what",
                distribution.name
            );
        }
    }

    #[test]
    fn tables_are_in_order_and_their_dates_follow_each_other() {
        assert!(pythons::releases().is_sorted_by_key(|release| release.version));
        assert!(django::releases().is_sorted_by_key(|release| release.line));
        for release in pythons::releases() {
            assert!(release.first < release.end_of_life, "Python {}", release.version);
        }
        for distribution in wheels::distributions() {
            assert!(distribution.wheels.is_sorted_by(|a, b| a.from < b.from), "{}", distribution.name);
        }
    }

    #[test]
    fn the_preferred_python_is_supported_and_runs_the_newest_django() {
        let preferred = pythons::preferred();
        let release = pythons::release(preferred).unwrap();
        assert!(release.end_of_life > *pythons::checked());
        assert!(django::releases().last().unwrap().pythons.contains(&preferred));
        assert_eq!(preferred, Minor(3, 13));
    }
}
