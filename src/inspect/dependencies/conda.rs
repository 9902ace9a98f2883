//! Conda's `environment.yml`.

use camino::Utf8Path;
use serde::Deserialize;

use super::manifest::Manifest;
use super::stated::Stated;
use super::{StatedPython, Strength};
use crate::base::{Place, Tree, path};
use crate::knowledge::conda;
use crate::python::{Requirement, Specifiers};

#[derive(Debug, Default, Deserialize)]
struct Environment {
    #[serde(default)]
    dependencies: Vec<Entry>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Entry {
    Package(String),
    Pip { pip: Vec<String> },
    Other(serde::de::IgnoredAny),
}

/// Reads the environment at `file`.
pub(super) fn read(tree: &Tree, file: &Utf8Path) -> Option<Manifest> {
    let text = tree.text(file)?;
    let environment: Environment = serde_saphyr::from_str(text).ok()?;
    let mut manifest = Manifest { path: file.to_owned(), ..Manifest::default() };
    for entry in &environment.dependencies {
        match entry {
            Entry::Package(written) => {
                let place = place_of(file, text, written);
                let Some((name, constraint)) = conda_match(written) else { continue };
                if name == "python" {
                    if let Some(specifiers) = Specifiers::parse(&constraint).filter(|all| !all.is_any()) {
                        manifest.python.push(StatedPython {
                            specifier: specifiers.to_string(),
                            place,
                            reason: "`python` of the conda environment".to_owned(),
                            strength: Strength::Exact,
                        });
                    }
                    continue;
                }
                if let conda::Package::Distribution(name) = conda::find(&name)
                    && Requirement::named(name).is_some()
                {
                    let constraint = if constraint.is_empty() { "*" } else { &constraint };
                    let mut stated = Stated::named(name, constraint, place);
                    // In conda `=4.2` means any 4.2; exactly one version is `==4.2`.
                    stated.specifiers = Specifiers::parse(constraint).filter(|all| !all.is_any());
                    manifest.main.push(stated);
                }
            }
            Entry::Pip { pip } => {
                for written in pip {
                    if let Some(included) = written.strip_prefix("-r ").map(str::trim)
                        && let Some(included) = path::join(path::parent(file), included)
                    {
                        let read = super::requirements_txt::read(tree, &included);
                        manifest.main.extend(read.stated);
                        manifest.reads.extend(read.files);
                    } else if let Ok(requirement) = Requirement::parse(written) {
                        let place = place_of(file, text, written);
                        manifest.main.push(Stated::from_requirement(requirement, place, path::parent(file)));
                    }
                }
            }
            Entry::Other(_) => {}
        }
    }
    Some(manifest)
}

/// Returns the programs and servers that the environment at `file` asks for, in order.
pub(super) fn programs(tree: &Tree, file: &Utf8Path) -> Vec<String> {
    let environment = tree.text(file).and_then(|text| serde_saphyr::from_str::<Environment>(text).ok());
    let named = |entry: Entry| match entry {
        Entry::Package(written) => conda_match(&written).map(|(name, _)| name),
        Entry::Pip { .. } | Entry::Other(_) => None,
    };
    let names = environment.unwrap_or_default().dependencies.into_iter().filter_map(named);
    names.filter(|name| conda::find(name) == conda::Package::Program).collect()
}

/// `conda-forge::django=4.2=py311_0` as name and constraint.
fn conda_match(written: &str) -> Option<(String, String)> {
    let plain = written.rsplit("::").next()?.split('#').next()?.trim();
    let end = plain.find(['=', '<', '>', '!', '~', ' ']).unwrap_or(plain.len());
    let (name, rest) = plain.split_at(end);
    let rest = rest.trim();
    let constraint = if rest.starts_with("==") || !rest.starts_with('=') {
        rest.to_owned()
    } else {
        // `=4.2` or `=4.2=build`: any patch release of 4.2.
        let version = rest.trim_start_matches('=').split('=').next()?.trim_end_matches(".*");
        format!("=={version}.*")
    };
    Some((name.to_lowercase(), constraint))
}

fn place_of(file: &Utf8Path, text: &str, written: &str) -> Place {
    let index = text.lines().position(|line| {
        let item = line.trim_start().trim_start_matches('-').trim().trim_matches(['"', '\'']);
        item == written || item.starts_with(&format!("{written} "))
    });
    match index.and_then(|index| u32::try_from(index).ok()) {
        Some(index) => Place::line(file, index.saturating_add(1)),
        None => Place::Path(file.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conda_environments_are_read_with_their_pip_part() {
        let tree = Tree::from_literals([(
            "environment.yml",
            "name: shop\nchannels: [conda-forge]\ndependencies:\n  - python=3.11\n  - conda-forge::django=4.2=py311_0\n  \
             - pillow\n  - pip\n  - pip:\n      - django-environ==0.11.2\n",
        )]);
        let manifest = read(&tree, Utf8Path::new("environment.yml")).unwrap();
        let stated: Vec<_> = manifest
            .main
            .iter()
            .map(|one| {
                (one.name.as_str(), one.specifiers.as_ref().map(ToString::to_string), one.place.clone())
            })
            .collect();
        assert_eq!(
            stated,
            [
                ("django", Some("==4.2.*".to_owned()), Place::line("environment.yml", 5)),
                ("pillow", None, Place::line("environment.yml", 6)),
                ("django-environ", Some("==0.11.2".to_owned()), Place::line("environment.yml", 9)),
            ]
        );
        assert_eq!(manifest.python[0].specifier, "==3.11.*");
    }

    #[test]
    fn packages_of_conda_are_read_under_the_names_that_pip_knows() {
        let tree = Tree::from_literals([(
            "environment.yml",
            "dependencies:\n  - opencv=4.9\n  - pytorch>=2\n  - redis-py\n  - python-graphviz\n  - graphviz\n  - nodejs=20\n  \
             - libpq\n  - pip:\n      - graphviz\n",
        )]);
        let file = Utf8Path::new("environment.yml");
        let manifest = read(&tree, file).unwrap();
        let stated: Vec<&str> = manifest.main.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(stated, ["opencv-python-headless", "torch", "redis", "graphviz", "graphviz"]);
        assert_eq!(manifest.main[0].specifiers.as_ref().map(ToString::to_string).as_deref(), Some("==4.9.*"));
        assert_eq!(programs(&tree, file), ["graphviz", "nodejs"]);
    }
}
