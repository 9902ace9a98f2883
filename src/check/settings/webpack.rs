//! The statistics that a bundler writes and `django-webpack-loader` reads: without them no page with its tags shows.

use camino::{Utf8Path, Utf8PathBuf};

use crate::base::codes::check::settings::WEBPACK_STATS_MISSING;
use crate::base::{Diagnostic, path};
use crate::check::subject::in_project;
use crate::check::{Rule, Subject};
use crate::inspect::facts::Frontend;
use crate::python::Value;

pub const RULES: &[Rule] = &[Rule { codes: &[WEBPACK_STATS_MISSING], find }];

/// The plugin that writes the file: <https://github.com/django-webpack/webpack-bundle-tracker>.
const PLUGIN: &str = "bundle-tracker";

/// Returns an error for each file of statistics that is not in the project and that no build makes.
pub fn find(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let is_app = |app: &String| app.starts_with("webpack_loader");
    let is_installed = subject.facts.installed_apps.value.iter().any(is_app)
        || subject.distribution("django-webpack-loader").is_some();
    let Some((loaders, place)) = subject.setting("WEBPACK_LOADER").filter(|_| is_installed) else {
        return Vec::new();
    };
    let frontend = subject.facts.frontend.value.as_ref();
    let entries = loaders.entries().unwrap_or_default();
    let files = entries.iter().filter(|(_, entry)| !is_for_tests(entry));
    let files = files.filter_map(|(_, entry)| in_project(entry.get("STATS_FILE")?));
    let missing = files.filter(|file| !subject.tree.is_file(file));
    let missing = missing.filter(|file| !frontend.is_some_and(|frontend| makes(subject, frontend, file)));
    missing
        .map(|file| {
            let why = match frontend {
                Some(frontend) => {
                    let folder = if frontend.dir == "." { "this project".to_owned() } else { format!("`{}`", frontend.dir) };
                    format!("the file is not in the project, and the build of {folder} does not name it")
                }
                None => "the file is not in the project, and no `package.json` has a script that builds".to_owned(),
            };
            Diagnostic::error(WEBPACK_STATS_MISSING, format!("nothing makes `{file}`, which `webpack_loader` reads"))
                .at(place, "named here")
                .because(why)
                .because("each page with `render_bundle` fails without it")
                .help(format!("let the build write it, with `webpack-bundle-tracker`: `new BundleTracker({{ path: …, filename: \"{}\" }})`", path::name(file)))
                .help("or build the front end, and commit the file together with what it lists")
        })
        .collect()
}

/// `webpack_loader.loaders.FakeWebpackLoader` reads no file.
fn is_for_tests(entry: &Value) -> bool {
    entry.get("LOADER_CLASS").and_then(Value::as_str).is_some_and(|class| class.contains("Fake"))
}

/// Tells whether the build may write the file: its manifest asks for the plugin, or a file of its configuration names either.
fn makes(subject: &Subject<'_>, frontend: &Frontend, made: &Utf8Path) -> bool {
    let name = path::name(made);
    let configures = |file: &&Utf8Path| {
        let own = path::name(file);
        own == "package.json"
            || matches!(path::extension(file), Some("js" | "cjs" | "mjs" | "ts"))
                && ["webpack", "config", "gulpfile", "build"].iter().any(|word| file.as_str().contains(word))
    };
    let below = subject.tree.below(&frontend.dir).map(|(file, _)| file);
    let files: Vec<Utf8PathBuf> = below.filter(configures).map(Utf8Path::to_owned).collect();
    let speaks = |text: &str| text.contains(PLUGIN) || text.contains(name);
    files.iter().take(MOST_FILES).any(|file| subject.tree.text(file).is_some_and(speaks))
}

/// Files of configuration that are looked through.
const MOST_FILES: usize = 200;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::of_settings as findings;

    const SETTINGS: &str = "from pathlib import Path\nBASE_DIR = Path(__file__).resolve().parent.parent\n\
        WEBPACK_LOADER = {'DEFAULT': {'BUNDLE_DIR_NAME': 'bundles/', 'STATS_FILE': BASE_DIR / 'ui' / 'stats.json'}}\n";
    const TOLD: [&str; 1] = ["webpack-stats-missing:3"];

    fn found(settings: &str, files: &[(&str, &str)]) -> Vec<String> {
        let requirements = [("requirements.txt", "django==5.2.1\ndjango-webpack-loader==3.1.1\n")];
        findings(RULES, settings, &[&requirements[..], files].concat())
    }

    #[test]
    fn a_file_that_no_build_makes_is_told() {
        assert_eq!(found(SETTINGS, &[]), TOLD);
        let build = r#"{"scripts": {"build": "webpack"}, "devDependencies": {"webpack": "5"}}"#;
        assert_eq!(found(SETTINGS, &[("ui/package.json", build)]), TOLD);
    }

    #[test]
    fn a_file_that_is_there_or_that_a_build_makes_is_no_finding() {
        assert!(found(SETTINGS, &[("ui/stats.json", "{}")]).is_empty());
        let build =
            r#"{"scripts": {"build": "webpack"}, "devDependencies": {"webpack-bundle-tracker": "3"}}"#;
        assert!(found(SETTINGS, &[("ui/package.json", build)]).is_empty());
        let plain = r#"{"scripts": {"build": "webpack"}}"#;
        let configuration = "plugins: [new Stats({ filename: 'stats.json' })]";
        let files = [("ui/package.json", plain), ("ui/webpack.prod.js", configuration)];
        assert!(found(SETTINGS, &files).is_empty());
    }

    #[test]
    fn a_loader_for_tests_or_of_an_app_that_is_not_installed_reads_nothing() {
        let class = "'LOADER_CLASS': 'webpack_loader.loaders.FakeWebpackLoader', 'STATS_FILE'";
        assert!(found(&SETTINGS.replace("'STATS_FILE'", class), &[]).is_empty());
        assert!(findings(RULES, SETTINGS, &[]).is_empty());
    }
}
