//! The project's own files that name a settings module: wsgi.py, Dockerfiles, compose files, Procfile, CI.

use camino::Utf8Path;

use super::words::{Purpose, purpose_of_path};
use crate::base::{Place, path};
use crate::inspect::naming::{Named, named_by};
use crate::inspect::sources::Sources;

/// A place that names a settings module, and what the place is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stated {
    pub(crate) named: Named,
    pub(crate) purpose: Purpose,
    /// A server that is run from this file uses the module: wsgi.py, a Dockerfile, a Procfile.
    pub(crate) serves: bool,
}

impl Stated {
    pub(crate) fn is_for_tests(&self) -> bool {
        self.purpose == Purpose::Test
    }
}

/// Every place that names a settings module, in the order of paths.
pub(crate) fn stated(sources: &Sources<'_>) -> Vec<Stated> {
    let mut found = Vec::new();
    for file in sources.tree.files() {
        if let Some(serves) = python_that_names(sources, file) {
            let Some(scan) = sources.scan(file) else { continue };
            let purpose = Purpose::Plain;
            found.extend(named_by(&scan).into_iter().map(|named| Stated { named, purpose, serves }));
        } else if let Some(serves) = file_that_names(file) {
            let Some(text) = sources.tree.text(file).filter(|text| text.contains("DJANGO_SETTINGS_MODULE"))
            else {
                continue;
            };
            let purpose = match purpose_of_path(file.as_str()) {
                Purpose::Plain if is_deployment(file) => Purpose::Production,
                purpose => purpose,
            };
            let serves = serves || purpose == Purpose::Production;
            let named = in_text(file, text);
            found.extend(named.into_iter().map(|named| Stated { named, purpose, serves }));
        }
    }
    found
}

fn python_that_names(sources: &Sources<'_>, file: &Utf8Path) -> Option<bool> {
    let name = path::name(file);
    let serves = matches!(name, "wsgi.py" | "asgi.py");
    let serves_in_package =
        name == "__init__.py" && matches!(path::name(path::parent(file)), "asgi" | "wsgi");
    let starts =
        matches!(name, "celery.py" | "celeryapp.py" | "celery_app.py" | "celeryconf.py" | "worker.py");
    if !(serves || serves_in_package || starts) || path::depth(file) > 5 {
        return None;
    }
    sources.text(file)?.contains("DJANGO_SETTINGS_MODULE").then_some(serves || serves_in_package)
}

/// Tells whether a file of this name may set variables, and whether a server is run by it.
fn file_that_names(file: &Utf8Path) -> Option<bool> {
    if path::depth(file) > 4 {
        return None;
    }
    let lower = path::name(file).to_ascii_lowercase();
    let extension = path::extension(file).unwrap_or_default();
    let serves = lower.contains("dockerfile")
        || lower.starts_with("procfile")
        || lower.contains("compose")
        || lower.contains("entrypoint")
        || lower.contains("gunicorn")
        || lower.contains("uwsgi")
        || lower.contains("supervisor")
        || matches!(
            lower.as_str(),
            "fly.toml"
                | "render.yaml"
                | "render.yml"
                | "app.json"
                | "app.yaml"
                | "railway.toml"
                | "nixpacks.toml"
                | "zappa_settings.json"
        );
    let other =
        matches!(extension, "yml" | "yaml" | "sh" | "ini" | "conf" | "service" | "toml" | "cfg" | "tf")
            || matches!(
                lower.as_str(),
                "makefile" | "justfile" | "start" | "run" | "vagrantfile" | "pytest.ini" | "tox.ini"
            );
    if serves { Some(true) } else { other.then_some(false) }
}

/// Tells whether a file describes what is deployed, by the folder that it lies in: what it sets is what runs.
fn is_deployment(file: &Utf8Path) -> bool {
    const FOLDERS: &[&str] = &[
        "cloudformation",
        "k8s",
        "kube",
        "kubernetes",
        "helm",
        "manifests",
        "terraform",
        ".ebextensions",
        "ecs",
    ];
    let described = matches!(path::extension(file), Some("yaml" | "yml" | "json" | "tf" | "config"));
    described
        && path::parts(path::parent(file)).any(|part| FOLDERS.contains(&part.to_ascii_lowercase().as_str()))
}

/// The modules that the lines of a file give to `DJANGO_SETTINGS_MODULE`, in whatever notation:
/// `NAME=value`, `NAME: value`, `"NAME": "value"`, `- key: NAME` with the value on a line below.
fn in_text(file: &Utf8Path, text: &str) -> Vec<Named> {
    let lines: Vec<&str> = text.lines().collect();
    let class = lines
        .iter()
        .find_map(|line| value_of(line, "DJANGO_CONFIGURATION"))
        .filter(|class| !class.contains('.'));
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        if line.trim_start().starts_with('#') || !line.contains("DJANGO_SETTINGS_MODULE") {
            continue;
        }
        let below = || {
            let mut next = lines.iter().skip(at + 1).take(4);
            next.find_map(|line| value_of(line, "value").or_else(|| value_of(line, "Value")))
                .filter(|_| value_of(line, "DJANGO_SETTINGS_MODULE").is_none())
        };
        let Some(module) = value_of(line, "DJANGO_SETTINGS_MODULE").or_else(below) else { continue };
        let number = u32::try_from(at + 1).unwrap_or(u32::MAX);
        if is_dotted(&module) {
            found.push(Named { module, class: class.clone(), place: Place::line(file.to_owned(), number) });
        }
    }
    found
}

fn is_dotted(module: &str) -> bool {
    !module.is_empty()
        && module.split('.').all(|part| {
            !part.is_empty()
                && part.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '-'))
        })
}

/// The value that `line` gives to `name`. `${NAME:-value}` is its default.
fn value_of(line: &str, name: &str) -> Option<String> {
    let (_, after) = line.split_once(name)?;
    let after = after.trim_start_matches(['"', '\'', ' ', '\t']);
    let after = after.strip_prefix([':', '=', ',']).or_else(|| after.strip_prefix("=")).unwrap_or(after);
    let after = after.trim_start_matches(['"', '\'', ' ', '\t', '=']);
    let after = after
        .split_once(":-")
        .filter(|(start, _)| start.starts_with("${"))
        .map_or(after, |(_, default)| default);
    let end = after.find(|letter: char| {
        letter.is_whitespace() || matches!(letter, '"' | '\'' | ',' | '}' | '\\' | ';' | ')')
    });
    let value = &after[..end.unwrap_or(after.len())];
    (!value.is_empty() && !value.starts_with(['$', '{'])).then(|| value.to_owned())
}

/// Tells whether a module's name says that it is to be copied rather than used.
pub(crate) fn is_template(stem: &str) -> bool {
    stem.split(['.', '-', '_']).any(|word| matches!(word, "template" | "example" | "sample" | "dist"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_notation_of_a_variable_is_read() {
        let check = |line: &str, expected: Option<&str>| {
            assert_eq!(value_of(line, "DJANGO_SETTINGS_MODULE").as_deref(), expected, "{line}");
        };
        check("ENV DJANGO_SETTINGS_MODULE=a.prod DEBUG=off", Some("a.prod"));
        check("ENV DJANGO_SETTINGS_MODULE a.prod", Some("a.prod"));
        check("      - \"DJANGO_SETTINGS_MODULE=a.dev\"", Some("a.dev"));
        check("      DJANGO_SETTINGS_MODULE: 'a.dev'", Some("a.dev"));
        check("export DJANGO_SETTINGS_MODULE=${DJANGO_SETTINGS_MODULE:-a.settings}", Some("a.settings"));
        check("DJANGO_SETTINGS_MODULE=$X", None);
        check("web: DJANGO_SETTINGS_MODULE=a.prod gunicorn a.wsgi", Some("a.prod"));
        check("DJANGO_SETTINGS_MODULE = 'a.test'", Some("a.test"));
    }

    #[test]
    fn what_is_deployed_lies_in_folders_of_its_kind() {
        for file in [
            "k8s/web.yaml",
            "deploy/Kubernetes/web.yml",
            "infra/cloudformation/ecs.json",
            "terraform/main.tf",
        ] {
            assert!(is_deployment(Utf8Path::new(file)), "{file}");
        }
        for file in ["docker-compose.yml", "k8s/README.md", "shop/manifests.py"] {
            assert!(!is_deployment(Utf8Path::new(file)), "{file}");
        }
        let ecs = "Environment:\n  - Name: DJANGO_SETTINGS_MODULE\n    Value: shop.settings_ecs\n";
        assert_eq!(in_text(Utf8Path::new("x.yaml"), ecs)[0].module, "shop.settings_ecs");
    }

    #[test]
    fn a_value_may_stand_below_its_name() {
        let found = in_text(
            Utf8Path::new("x.yaml"),
            "- key: DJANGO_SETTINGS_MODULE\n  scope: ALL\n  value: \"a.base\"\n",
        );
        assert_eq!(found[0].module, "a.base");
    }
}
