//! Conda's `environment.yml`.

use camino::Utf8Path;
use serde::Deserialize;

use super::manifest::Manifest;
use super::stated::Stated;
use super::{StatedPython, Strength};
use crate::base::{Place, Tree, path};
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
                } else if Requirement::named(&name).is_some() {
                    let constraint = if constraint.is_empty() { "*" } else { &constraint };
                    let mut stated = Stated::named(&name, constraint, place);
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
                ("pip", None, Place::line("environment.yml", 7)),
                ("django-environ", Some("==0.11.2".to_owned()), Place::line("environment.yml", 9)),
            ]
        );
        assert_eq!(manifest.python[0].specifier, "==3.11.*");
    }
}
