//! `setup.py` and `setup.cfg`, read statically.

use camino::Utf8Path;
use ini::{Ini, ParseOption};

use super::manifest::Manifest;
use super::stated::Stated;
use super::{StatedPython, Strength};
use crate::base::{Place, Tree, path};
use crate::python::{Requirement, Specifiers, normalised, setup_script};

/// Returns the statements of `setup.py` and `setup.cfg` in `folder` together; `None` if they describe no distribution.
pub(super) fn read(tree: &Tree, folder: &Utf8Path) -> Option<Manifest> {
    let script_path = path::join(folder, "setup.py")?;
    let config_path = path::join(folder, "setup.cfg")?;
    let mut manifest = Manifest { has_build_system: true, ..Manifest::default() };
    let script = tree.text(&script_path).and_then(setup_script::read);
    let config = tree.text(&config_path).and_then(parse);
    let options = config.as_ref().and_then(|config| config.section(Some("options")));
    let named = config.as_ref().and_then(|config| config.section(Some("metadata"))?.get("name"));
    if script.is_none() && (options.is_none() || named.is_none()) {
        return None;
    }
    manifest.path.clone_from(if script.is_some() { &script_path } else { &config_path });
    if let Some(script) = script {
        manifest.name = script.name.as_deref().map(normalised);
        let stated = |all: &[(String, u32)]| -> Vec<Stated> {
            all.iter()
                .filter_map(|(text, line)| one(text, Place::line(&script_path, *line), folder))
                .collect()
        };
        manifest.main = stated(&script.install_requires);
        for (extra, all) in &script.extras_require {
            manifest.extras.insert(normalised(extra), stated(all));
        }
        if let Some((text, line)) = &script.python_requires {
            manifest.python.extend(python(text, Place::line(&script_path, *line)));
        }
        for file in
            script.reads.iter().filter_map(|file| path::join(folder, file)).filter(|file| tree.is_file(file))
        {
            let read = super::requirements_txt::read(tree, &file);
            manifest.main.extend(read.stated);
            manifest.reads.extend(read.files);
        }
    }
    if let (Some(config), Some(text)) = (config.as_ref(), tree.text(&config_path)) {
        manifest.name = manifest.name.or_else(|| named.map(normalised));
        let place = |needle: &str| Place::line(&config_path, line_of(text, needle));
        let list = |lines: &str| -> Vec<Stated> {
            let lines =
                lines.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
            lines.filter_map(|line| one(line, place(line), folder)).collect()
        };
        if let Some(lines) = options.and_then(|options| options.get("install_requires")) {
            manifest.main.extend(list(lines));
        }
        if let Some(required) = options.and_then(|options| options.get("python_requires")) {
            manifest.python.extend(python(required, place("python_requires")));
        }
        let extras = config.section(Some("options.extras_require"));
        for (extra, lines) in extras.into_iter().flat_map(ini::Properties::iter) {
            manifest.extras.insert(normalised(extra), list(lines));
        }
    }
    manifest.describes_project = true;
    Some(manifest)
}

fn one(text: &str, place: Place, folder: &Utf8Path) -> Option<Stated> {
    Requirement::parse(text).ok().map(|requirement| Stated::from_requirement(requirement, place, folder))
}

fn python(text: &str, place: Place) -> Option<StatedPython> {
    let specifiers = Specifiers::parse(text).filter(|all| !all.is_any())?;
    Some(StatedPython {
        specifier: specifiers.to_string(),
        place,
        reason: "`python_requires` of the project".to_owned(),
        strength: Strength::Range,
    })
}

/// As configparser reads it: indented lines continue a value, and a backslash is a backslash.
fn parse(text: &str) -> Option<Ini> {
    let options = ParseOption {
        enabled_escape: false,
        enabled_indented_mutiline_value: true,
        ..ParseOption::default()
    };
    Ini::load_from_str_opt(text, options).ok()
}

fn line_of(text: &str, needle: &str) -> u32 {
    let index = text.lines().position(|line| line.trim_start().starts_with(needle)).unwrap_or(0);
    u32::try_from(index).unwrap_or(0).saturating_add(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn setup_cfg_states_requirements_over_several_lines() {
        let tree = Tree::from_literals([(
            "setup.cfg",
            "[metadata]\nname = shop\n\n[options]\npython_requires = >=3.10\ninstall_requires =\n    django>=5.2,<6\n    \
             # a comment\n    psycopg[binary]\n\n[options.extras_require]\nprod =\n    gunicorn\n\n[flake8]\nmax = 1\n",
        )]);
        let manifest = read(&tree, Utf8Path::new(".")).unwrap();
        let names: Vec<_> =
            manifest.main.iter().map(|stated| (stated.name.as_str(), stated.place.clone())).collect();
        assert_eq!(
            names,
            [("django", Place::line("setup.cfg", 7)), ("psycopg", Place::line("setup.cfg", 9))]
        );
        assert_eq!(manifest.extras["prod"][0].name, "gunicorn");
        assert_eq!(manifest.python[0].specifier, ">=3.10");
    }

    #[test]
    fn a_setup_cfg_that_only_configures_tools_does_not_count() {
        let tree = Tree::from_literals([("setup.cfg", "[flake8]\nmax-line-length = 120\n")]);
        assert!(read(&tree, Utf8Path::new(".")).is_none());
    }
}
