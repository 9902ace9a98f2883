//! Which requirements files pip installs for production.

use camino::{Utf8Path, Utf8PathBuf};

use super::super::facts::PackageManager;
use super::needed::Needed;
use super::requirements_txt::{self, Requirements};
use super::roles::{self, Role};
use super::usage::{PRODUCTION_WEIGHT, Usage};
use crate::base::{Evidence, Place, Tree, path, wording};

/// The files for production, and why these.
#[derive(Clone, Debug)]
pub(super) struct PipFiles {
    /// In order; what they include is not listed.
    pub files: Vec<Utf8PathBuf>,
    pub read: Requirements,
    pub evidence: Vec<Evidence>,
    pub states_django: bool,
    /// Made from another manifest: exported, or compiled from `pyproject.toml`.
    pub is_export: bool,
}

struct Candidate {
    file: Utf8PathBuf,
    role: Role,
    read: Requirements,
    score: i64,
    states_django: bool,
    usage: Option<Usage>,
}

/// Chooses among every requirements file of the project; `chain` are the folders from `manage.py`'s up to the
/// root.
pub(super) fn choose(tree: &Tree, chain: &[Utf8PathBuf], usages: &[Usage]) -> Option<PipFiles> {
    let used = |file: &Utf8Path| usages.iter().any(|usage| usage.files.iter().any(|used| used == file));
    let mut candidates: Vec<Candidate> = tree
        .files()
        .filter_map(|file| Some((file, roles::of_file(file).or(used(file).then_some(Role::Other))?)))
        .filter(|(file, _)| path::depth(file) <= 6)
        .map(|(file, role)| candidate(tree, file, role, chain, usages))
        .filter(|candidate| !candidate.read.stated.is_empty() || candidate.read.installs_project)
        .collect();
    if candidates.iter().all(|candidate| candidate.score <= 0) {
        candidates.extend(by_contents(tree, chain, usages));
    }
    candidates.sort_by(|a, b| b.score.cmp(&a.score).then_with(|| a.file.cmp(&b.file)));
    let named = candidates.first().filter(|best| best.score > 0)?;
    let mut evidence = Vec::new();
    let best = match kept(tree, named, &candidates, chain) {
        Some((kept, why)) => {
            evidence.push(why);
            kept
        }
        None => named,
    };
    if let Some(usage) = &best.usage {
        evidence.push(Evidence::new(usage.place.clone(), format!("runs `{}` with it", usage.command)));
    }
    let django = best.read.get("django").map(|django| Evidence::new(django.place.clone(), "states Django"));
    let by_name = match best.role {
        Role::Production => Some("is named for production"),
        _ if django.is_none() => Some("is the nearest requirements file"),
        _ => None,
    };
    evidence.extend(by_name.map(|reason| Evidence::new(Place::Path(best.file.clone()), reason)));
    evidence.extend(django);
    let mut files = unwrapped(tree, &best.file);
    // A production file beside it that does not include it adds to it.
    for other in &candidates {
        let beside = other.role == Role::Production
            && best.role != Role::Production
            && !other.states_django
            && same_family(&best.file, &other.file);
        if beside && !files.contains(&other.file) {
            evidence.push(Evidence::new(Place::Path(other.file.clone()), "adds what production needs"));
            files.push(other.file.clone());
        }
    }
    for (other, usage) in installed_with(best, &candidates, usages, chain) {
        if !files.contains(&other.file) {
            let reason = format!("runs `{}` beside it", usage.command);
            evidence.push(Evidence::new(usage.place.clone(), reason));
            files.push(other.file.clone());
        }
    }
    let mut read = Requirements::default();
    for file in &files {
        read.merge(requirements_txt::read(tree, file));
    }
    let is_export = files.iter().any(|file| tree.text(file).is_some_and(is_export));
    Some(PipFiles { states_django: best.states_django, files, read, evidence, is_export })
}

/// The file that states what the settings need, where the one of the better name does not and no build file installs it:
/// a template's `requirements/production.txt` stays behind when somebody freezes `requirements.txt`.
fn kept<'a>(
    tree: &Tree,
    named: &Candidate,
    candidates: &'a [Candidate],
    chain: &[Utf8PathBuf],
) -> Option<(&'a Candidate, Evidence)> {
    if named.usage.as_ref().is_some_and(|usage| usage.weight > 1) {
        return None;
    }
    let apart = |other: &&Candidate| {
        other.file != named.file
            && other.states_django
            && other.role != Role::Development
            && nearness(&other.file, chain) > 0
            && !other.read.files.contains(&named.file)
            && !named.read.files.contains(&other.file)
    };
    let mut rivals = candidates.iter().filter(apart).peekable();
    rivals.peek()?;
    let needed = Needed::read(tree);
    rivals.find_map(|rival| {
        let only = needed.only_in(&rival.read, &named.read);
        let [first, .., last] = only.as_slice() else { return None };
        let more = if only.len() > 2 { " and more" } else { "" };
        let reason = format!(
            "states what the settings need and `{}` does not: {}{more}",
            named.file,
            wording::and_ticked(&[first, last])
        );
        Some((rival, Evidence::new(Place::Path(rival.file.clone()), reason)))
    })
}

/// Files that the build file which installs the best one installs beside it, and that it does not include: drivers,
/// what only servers need.
fn installed_with<'a>(
    best: &Candidate,
    candidates: &'a [Candidate],
    usages: &'a [Usage],
    chain: &[Utf8PathBuf],
) -> Vec<(&'a Candidate, &'a Usage)> {
    let Some(build) = best.usage.as_ref().filter(|usage| usage.weight >= PRODUCTION_WEIGHT) else {
        return Vec::new();
    };
    let in_it = |usage: &&Usage| {
        usage.place.path() == build.place.path()
            && usage.manager == PackageManager::Pip
            && usage.extras.is_empty()
    };
    let adds = |other: &&Candidate| {
        other.file != best.file
            && other.role != Role::Development
            && !other.states_django
            && nearness(&other.file, chain) > 0
            && !best.read.files.contains(&other.file)
    };
    let named =
        usages.iter().filter(in_it).flat_map(|usage| usage.files.iter().map(move |file| (file, usage)));
    named
        .filter_map(|(file, usage)| {
            candidates.iter().filter(adds).find(|other| other.file == *file).map(|other| (other, usage))
        })
        .collect()
}

/// Files whose names say nothing (`packages.txt`) and whose every line is a requirement, Django's among them.
fn by_contents(tree: &Tree, chain: &[Utf8PathBuf], usages: &[Usage]) -> Vec<Candidate> {
    let beside = chain.iter().flat_map(|folder| tree.children(folder)).map(|(file, _)| file);
    beside
        .filter(|file| {
            path::extension(file) == Some("txt") && tree.is_file(file) && roles::of_file(file).is_none()
        })
        .map(|file| candidate(tree, file, Role::Other, chain, usages))
        .filter(|candidate| candidate.states_django && candidate.read.malformed.is_empty())
        .collect()
}

fn candidate(tree: &Tree, file: &Utf8Path, role: Role, chain: &[Utf8PathBuf], usages: &[Usage]) -> Candidate {
    let read = requirements_txt::read(tree, file);
    let states_django = read.get("django").is_some();
    let usage = usages
        .iter()
        .filter(|usage| usage.files.iter().any(|used| used == file))
        .max_by_key(|usage| usage.weight)
        .cloned();
    let mut score: i64 = 0;
    if states_django {
        score += 100;
    } else if read.stated.iter().any(|stated| brings_django(&stated.name)) {
        score += 60;
    }
    score += match role {
        Role::Production => 30,
        Role::Plain => 20,
        Role::Base => 10,
        Role::Other => 0,
        Role::Development => -60,
    };
    score += usage.as_ref().map_or(0, |usage| i64::from(usage.weight) * 4);
    score += nearness(file, chain);
    // What is compiled from a `.in` file is installed, not the `.in` file.
    if file.extension() == Some("in") && tree.is_file(file.with_extension("txt")) {
        score -= 30;
    }
    Candidate { file: file.to_owned(), role, read, score, states_django, usage }
}

/// Files beside `manage.py` before those of the folders above it, before those elsewhere.
fn nearness(file: &Utf8Path, chain: &[Utf8PathBuf]) -> i64 {
    let folder = path::parent(file);
    let steps = |folder: &Utf8Path| {
        chain.iter().position(|above| above == folder).and_then(|index| i64::try_from(index).ok())
    };
    if let Some(steps) = steps(folder) {
        return 15 - 3 * steps;
    }
    // `requirements/base.txt`, `deploy/requirements.txt`.
    match steps(path::parent(folder)) {
        Some(steps) => 12 - 3 * steps,
        None => -40,
    }
}

/// Tells whether requiring it brings Django along.
pub(super) fn brings_django(name: &str) -> bool {
    name.starts_with("django-")
        || matches!(name, "djangorestframework" | "wagtail" | "mezzanine" | "channels")
}

/// The file itself, or the files that it includes where it states nothing of its own. One that is named for production
/// stays: it is where its owner will add something.
fn unwrapped(tree: &Tree, file: &Utf8Path) -> Vec<Utf8PathBuf> {
    let mut current = vec![file.to_owned()];
    for _ in 0..4 {
        let next: Vec<Utf8PathBuf> = current
            .iter()
            .flat_map(|file| {
                let read = requirements_txt::read(tree, file);
                let only_includes = read.own == 0
                    && !read.includes.is_empty()
                    && !read.installs_project
                    && roles::of_file(file) != Some(Role::Production);
                if only_includes { read.includes } else { vec![file.clone()] }
            })
            .collect();
        if next == current {
            break;
        }
        current = next;
    }
    current
}

/// Files of one folder, or of one folder `requirements` and the folder above it.
fn same_family(one: &Utf8Path, other: &Utf8Path) -> bool {
    let (one, other) = (path::parent(one), path::parent(other));
    one == other || path::parent(other) == one && other != "." || path::parent(one) == other && one != "."
}

/// Tells whether a header says that the file was made from something else than a `.in` file.
fn is_export(text: &str) -> bool {
    let header: Vec<&str> = text.lines().take(12).filter(|line| line.starts_with('#')).collect();
    let made = ["uv export", "pip-compile", "uv pip compile", "poetry export", "pdm export"];
    header.iter().any(|line| made.iter().any(|tool| line.contains(tool)))
        && header.iter().any(|line| !line.contains(".in") || line.contains("pyproject.toml"))
        && header.iter().any(|line| line.contains("pyproject.toml") || line.contains("export"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(files: &[(&str, &str)], project_dir: &str) -> Vec<Utf8PathBuf> {
        let tree = Tree::from_literals(files.iter().copied());
        let chain = super::super::chain(Utf8Path::new(project_dir));
        let usages = super::super::usage::read(&tree, &chain);
        choose(&tree, &chain, &usages).map(|pip| pip.files).unwrap_or_default()
    }

    #[test]
    fn a_file_under_any_name_is_taken_for_what_it_holds() {
        let files = [
            ("packages.txt", "django==5.2\npillow\n"),
            ("notes.txt", "django is nice\n"),
            ("words.txt", "a\nb"),
        ];
        assert_eq!(chosen(&files, "."), ["packages.txt"]);
    }

    #[test]
    fn a_root_file_that_only_includes_stands_for_what_it_includes() {
        let files = [
            ("requirements.txt", "-r requirements/production.txt"),
            ("requirements/production.txt", "-r base.txt\ngunicorn"),
            ("requirements/base.txt", "django"),
            ("requirements/local.txt", "-r base.txt\nblack"),
        ];
        assert_eq!(chosen(&files, "."), ["requirements/production.txt"]);
    }

    #[test]
    fn a_production_file_that_only_includes_is_what_is_installed() {
        let files = [("requirements/base.txt", "django"), ("requirements/production.txt", "-r base.txt")];
        assert_eq!(chosen(&files, "."), ["requirements/production.txt"]);
    }

    #[test]
    fn the_production_file_wins_over_the_base() {
        let files = [
            ("requirements/base.txt", "django"),
            ("requirements/dev.txt", "-r base.txt"),
            ("requirements/deploy.txt", "-r base.txt\ngunicorn"),
        ];
        assert_eq!(chosen(&files, "."), ["requirements/deploy.txt"]);
    }

    #[test]
    fn a_production_file_that_includes_nothing_adds_to_the_plain_one() {
        let files = [
            ("requirements.txt", "django"),
            ("requirements-prod.txt", "gunicorn"),
            ("requirements-dev.txt", "black"),
        ];
        assert_eq!(chosen(&files, "."), ["requirements.txt", "requirements-prod.txt"]);
    }

    #[test]
    fn the_file_of_the_project_wins_over_that_of_another_one() {
        let files = [
            ("backend/requirements.txt", "django"),
            ("service/requirements.txt", "django"),
            ("backend/manage.py", ""),
        ];
        assert_eq!(chosen(&files, "backend"), ["backend/requirements.txt"]);
        let above = [("requirements.txt", "django"), ("app/manage.py", "")];
        assert_eq!(chosen(&above, "app"), ["requirements.txt"]);
    }

    #[test]
    fn a_file_that_was_left_behind_is_not_what_is_installed() {
        let frozen = "django==5.0.7\npython-decouple==3.8\ndjango-cors-headers==4.4.0\n";
        let settings = "from decouple import config\nINSTALLED_APPS = [\n    'corsheaders',\n]\n";
        let files = [
            ("requirements.txt", frozen),
            ("requirements/base.txt", "django==4.0.6"),
            ("requirements/production.txt", "-r base.txt\ngunicorn"),
            ("site1/settings/base.py", settings),
        ];
        assert_eq!(chosen(&files, "."), ["requirements.txt"]);
        let installed = [
            files[0],
            files[1],
            files[2],
            files[3],
            ("Dockerfile", "RUN pip install -r requirements/production.txt"),
        ];
        assert_eq!(chosen(&installed, "."), ["requirements/production.txt"]);
        let complete = [files[0], ("requirements/base.txt", frozen), files[2], files[3]];
        assert_eq!(chosen(&complete, "."), ["requirements/production.txt"]);
    }

    #[test]
    fn hidden_and_odd_folders_are_looked_into() {
        assert_eq!(
            chosen(&[(".requirements/deploy.txt", "django"), (".requirements/dev.txt", "django")], "."),
            [".requirements/deploy.txt"]
        );
        assert_eq!(chosen(&[("deploy/requirements.txt", "django==3.2")], "."), ["deploy/requirements.txt"]);
        assert_eq!(chosen(&[("requeriments.txt", "django")], "."), ["requeriments.txt"]);
        assert_eq!(chosen(&[("req.txt", "django")], "."), ["req.txt"]);
    }

    #[test]
    fn what_the_dockerfile_installs_beside_the_best_adds_to_it() {
        let files = [
            ("requirements.txt", "django"),
            ("requirements-mysql.txt", "mysqlclient"),
            ("requirements-dev.txt", "black"),
            ("requirements-docs.txt", "sphinx"),
            (
                "Dockerfile",
                "RUN pip install -r requirements.txt\nRUN pip install -r requirements-mysql.txt\nRUN pip install -r requirements-dev.txt",
            ),
        ];
        assert_eq!(chosen(&files, "."), ["requirements.txt", "requirements-mysql.txt"]);
    }

    #[test]
    fn what_the_dockerfile_installs_is_evidence() {
        let files = [
            ("requirements/a.txt", "django\nredis"),
            ("requirements/b.txt", "django"),
            ("Dockerfile", "RUN pip install -r requirements/b.txt"),
        ];
        assert_eq!(chosen(&files, "."), ["requirements/b.txt"]);
    }
}
