//! Places outside manifests that say which Python the project runs on.

use camino::{Utf8Path, Utf8PathBuf};

use super::super::existing::{commands, processes};
use super::super::stated_python::{StatedPython, Strength, exact};
use super::dockerfile::dockerfile;
use crate::base::codes::dependencies as codes;
use crate::base::{Diagnostic, Place, Tree, path};
use crate::python::{Specifiers, Version};

/// Every place in or above `project_dir`, in the order of how much it says of production.
pub fn stated(tree: &Tree, project_dir: &Utf8Path) -> Vec<StatedPython> {
    let mut all = dockerfile(tree, project_dir).into_iter().collect::<Vec<_>>();
    let mut folder = project_dir;
    loop {
        all.extend(in_folder(tree, folder));
        if folder == "." {
            break;
        }
        folder = path::parent(folder);
    }
    all.extend(processes(tree, project_dir));
    all.extend(workflows(tree));
    all.extend(compiled_header(tree, project_dir));
    all
}

fn in_folder(tree: &Tree, folder: &Utf8Path) -> Vec<StatedPython> {
    let mut all = Vec::new();
    let file = |name: &str| path::join(folder, name).filter(|file| tree.is_file(file));
    if let Some(file) = file("runtime.txt")
        && let Some((version, line)) = first_line(tree, &file)
    {
        let version = version.trim_start_matches("python").trim_start_matches('-');
        all.extend(exact(version, Place::line(file, line), "names the runtime"));
    }
    if let Some(file) = file(".python-version")
        && let Some((version, line)) = version_file(tree, &file)
    {
        all.extend(exact(&version, Place::line(file, line), "names the version"));
    }
    if let Some(file) = file(".tool-versions")
        && let Some(text) = tree.text(&file)
    {
        for (number, line) in (1_u32..).zip(text.lines()) {
            let mut words = line.split_whitespace();
            if words.next() == Some("python")
                && let Some(version) = words.next()
            {
                all.extend(exact(version, Place::line(file.clone(), number), "names the version"));
            }
        }
    }
    all
}

/// The first line that says something, and its number.
fn first_line<'a>(tree: &'a Tree, file: &Utf8Path) -> Option<(&'a str, u32)> {
    let lines = (1_u32..).zip(tree.text(file)?.lines());
    let mut said = lines.map(|(number, line)| (line.trim(), number));
    said.find(|(line, _)| !line.is_empty() && !line.starts_with('#'))
}

/// The version in a `.python-version`, without pyenv's additions: `3.12.4/envs/app`, `cpython@3.12`.
fn version_file(tree: &Tree, file: &Utf8Path) -> Option<(String, u32)> {
    let (line, number) = first_line(tree, file)?;
    let word = line.split_whitespace().next()?.split('/').next()?;
    let word = ["cpython@", "cpython-", "python-", "python@"]
        .iter()
        .find_map(|start| word.strip_prefix(start))
        .unwrap_or(word);
    // A virtual environment named after its version: `shop-3.12.4`.
    let version = Version::parse(word).map(|_| word.to_owned())?;
    Some((version, number))
}

/// A `.python-version` that holds a name.
pub fn version_file_without_version(tree: &Tree, project_dir: &Utf8Path) -> Option<Diagnostic> {
    let folders = [project_dir, Utf8Path::new(".")];
    let file = folders
        .iter()
        .filter_map(|folder| path::join(folder, ".python-version"))
        .find(|file| tree.is_file(file))?;
    let (line, number) = first_line(tree, &file)?;
    if version_file(tree, &file).is_some() {
        return None;
    }
    Some(
        Diagnostic::warning(
            codes::PYTHON_VERSION_FILE_NAMES_NO_VERSION,
            format!("`{file}` holds `{line}`, which is not a version"),
        )
        .at(&Place::line(file.clone(), number), "a pyenv environment's name says no version")
        .because("it was not used to choose the Python")
        .help(format!("write the version into {file}: `3.13`")),
    )
}

/// The Python in the path of what a process starts where the project runs today: `venv/bin/python3.11 manage.py bot`,
/// `/home/shop/.pyenv/versions/3.11.4/bin/gunicorn`. A leftover must not contradict what a manifest states.
fn processes(tree: &Tree, project_dir: &Utf8Path) -> Option<StatedPython> {
    let processes = processes::read(tree, project_dir).value.into_iter();
    let processes = processes.map(|process| (process.command, process.place));
    let commands = commands::read(tree).into_iter().map(|command| (command.words.join(" "), command.place));
    // What a Dockerfile starts is in its image.
    let commands = commands.filter(|(_, place)| {
        place.path().is_some_and(|file| !path::name(file).to_ascii_lowercase().contains("dockerfile"))
    });
    processes.chain(commands).find_map(|(command, place)| {
        let version = command.split_whitespace().find_map(version_of_path)?;
        let mut found = exact(&version, place, "is started with it")?;
        found.strength = Strength::Weak;
        Some(found)
    })
}

/// The version in the path of a program, or of a folder of packages.
fn version_of_path(word: &str) -> Option<String> {
    let word = word.rsplit('=').next().unwrap_or(word);
    let mut before = "";
    word.split('/').find_map(|part| {
        let version = part.strip_prefix("python").or((before == "versions").then_some(part));
        before = part;
        let version = version.filter(|version| version.starts_with("3.")).and_then(Version::parse)?;
        Some(version.minor()?.to_string())
    })
}

/// The versions that GitHub's workflows set up: only ever tried, so it decides last.
fn workflows(tree: &Tree) -> Option<StatedPython> {
    let mut versions: Vec<String> = Vec::new();
    let mut place = None;
    let folder = Utf8PathBuf::from(".github/workflows");
    for (file, _) in tree.children(&folder) {
        let Some(text) = tree.text(file) else { continue };
        let mut in_list = false;
        for (number, line) in (1_u32..).zip(text.lines()) {
            let line = line.trim();
            // `python-version: ["3.12"]` of a step, `PYTHON_VERSION: "3.12"` of its environment.
            let value = line.trim_start_matches("- ").split_once(':').and_then(|(key, value)| {
                key.replace('-', "_").eq_ignore_ascii_case("python_version").then_some(value)
            });
            let listed = in_list && line.starts_with('-');
            in_list = value.is_some_and(|value| value.trim().is_empty()) || listed;
            let Some(text) = value.or(listed.then_some(line)) else { continue };
            let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '.'));
            let found: Vec<String> = words
                // `3.10.x` is any patch of it.
                .map(|word| word.trim_end_matches(".x"))
                .filter(|word| Version::parse(word).is_some_and(|version| version.minor().is_some()))
                .filter(|word| word.starts_with("3."))
                .map(str::to_owned)
                .collect();
            if !found.is_empty() {
                place.get_or_insert(Place::line(file, number));
            }
            versions.extend(found);
        }
    }
    versions.sort();
    versions.dedup();
    let specifier = Specifiers::parse(&versions.join("||"))?;
    Some(StatedPython {
        specifier: specifier.to_string(),
        place: place?,
        reason: "is tested with it".to_owned(),
        strength: Strength::Weak,
    })
}

/// `# This file is autogenerated by pip-compile with Python 3.12`: the set is complete for that version only.
fn compiled_header(tree: &Tree, project_dir: &Utf8Path) -> Option<StatedPython> {
    let near = |file: &&Utf8Path| {
        let folder = path::parent(file);
        path::extension(file) == Some("txt")
            && path::depth(file) <= 3
            && super::super::dependencies::is_production_requirements(file)
            && (folder == project_dir
                || folder == "."
                || path::parent(folder) == project_dir
                || path::parent(folder) == ".")
    };
    tree.files().filter(near).find_map(|file| {
        let lines = (1_u32..).zip(tree.text(file)?.lines().take(8));
        let mut headers = lines.filter(|(_, line)| line.starts_with('#'));
        headers.find_map(|(number, line)| {
            let (_, version) = line
                .split_once("pip-compile with Python ")
                .or_else(|| line.split_once("pip-compile with python "))?;
            let mut found = exact(version, Place::line(file, number), "was compiled for it")?;
            found.strength = Strength::Weak;
            Some(found)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(files: &[(&str, &str)], project_dir: &str) -> Vec<(String, String)> {
        let tree = Tree::from_literals(files.iter().copied());
        let all = stated(&tree, Utf8Path::new(project_dir));
        all.into_iter().map(|one| (one.specifier, one.place.to_string())).collect()
    }

    #[test]
    fn files_of_platforms_and_version_managers_are_read() {
        let files = [
            ("runtime.txt", "python-3.11.9"),
            (".python-version", "# ours\n3.12\n"),
            (".tool-versions", "nodejs 24\npython 3.11.9\n"),
        ];
        let expected = [
            ("==3.11.9", "runtime.txt:1"),
            ("==3.12.*", ".python-version:2"),
            ("==3.11.9", ".tool-versions:2"),
        ];
        assert_eq!(found(&files, "."), expected.map(|(a, b)| (a.to_owned(), b.to_owned())));
    }

    #[test]
    fn the_production_dockerfile_speaks_before_those_for_tools() {
        let files = [
            (
                "compose/local/django/Dockerfile",
                "FROM python:3.11\nRUN pip install -r requirements/local.txt",
            ),
            (
                "compose/production/django/Dockerfile",
                "FROM python:3.10\nRUN pip install -r requirements/production.txt",
            ),
            ("docs/Dockerfile", "FROM python:3.13"),
        ];
        assert_eq!(found(&files, ".").first().map(|(version, _)| version.as_str()), Some("==3.10.*"));
    }

    #[test]
    fn failure_39_a_virtual_environments_name_is_no_version() {
        let tree = Tree::from_literals([(".python-version", "app\n")]);
        assert!(stated(&tree, Utf8Path::new(".")).is_empty());
        let diagnostic = version_file_without_version(&tree, Utf8Path::new(".")).unwrap();
        assert_eq!(diagnostic.title, "`.python-version` holds `app`, which is not a version");
    }

    #[test]
    fn the_paths_of_processes_name_the_python_that_runs_them() {
        let unit = |command: &str| format!("[Service]\nExecStart={command}\n");
        for (file, text, version) in [
            (
                "supervisord.conf",
                "[program:x]\ncommand=venv/bin/python3.11 manage.py process_tasks\n".to_owned(),
                Some("==3.11.*"),
            ),
            (
                "deploy/site.service",
                unit("/home/u/.pyenv/versions/3.10.4/bin/gunicorn shop.wsgi"),
                Some("==3.10.*"),
            ),
            ("Procfile", "web: python3.12 -m gunicorn shop.wsgi\n".to_owned(), Some("==3.12.*")),
            (
                "deploy/start.sh",
                "PYTHONPATH=/srv/venv/lib/python3.11/site-packages gunicorn shop.wsgi\n".to_owned(),
                Some("==3.11.*"),
            ),
            ("deploy/old.service", unit("/usr/bin/python3 manage.py bot"), None),
            ("Procfile", "web: gunicorn shop.wsgi --name 3.11\n".to_owned(), None),
        ] {
            let found = found(&[(file, &text)], ".");
            assert_eq!(found.first().map(|(version, _)| version.as_str()), version, "{text}");
        }
    }

    #[test]
    fn what_a_process_says_comes_after_what_the_project_states() {
        let files =
            [("Procfile", "web: python3.9 -m gunicorn shop.wsgi\n"), ("runtime.txt", "python-3.12.1")];
        let tree = Tree::from_literals(files);
        let all = stated(&tree, Utf8Path::new("."));
        let strengths: Vec<Strength> = all.iter().map(|one| one.strength).collect();
        assert_eq!(strengths, [Strength::Exact, Strength::Weak]);
    }

    #[test]
    fn workflows_may_say_it_for_all_their_steps() {
        let text = "env:\n  PYTHON_VERSION: \"3.11\"\njobs:\n  test:\n    steps:\n      - with:\n          python-version: \"${{ env.PYTHON_VERSION }}\"\n";
        let expected = [("==3.11.*".to_owned(), ".github/workflows/ci.yml:2".to_owned())];
        assert_eq!(found(&[(".github/workflows/ci.yml", text)], "."), expected);
        let matrix = "        python-version: [3.10.x]\n";
        assert_eq!(found(&[(".github/workflows/ci.yml", matrix)], ".")[0].0, "==3.10.*");
    }

    #[test]
    fn workflows_are_weak_evidence() {
        let files = [(
            ".github/workflows/ci.yml",
            "    strategy:\n      matrix:\n        python-version: [\"3.11\", \"3.12\"]\n",
        )];
        assert_eq!(
            found(&files, "."),
            [("==3.11.* || ==3.12.*".to_owned(), ".github/workflows/ci.yml:3".to_owned())]
        );
    }
}
