//! What is read of a project's dependencies, Python and Django, end to end.

use djdock::base::Tree;
use djdock::inspect::{dependencies, python_version};

/// The facts in a few lines, as a project's folder gives them.
fn facts(files: &[(&str, &str)], project_dir: &str) -> String {
    let tree = Tree::from_literals(files.iter().copied());
    let (read, mut diagnostics) = dependencies::read(&tree, project_dir.into());
    let (python, more) = python_version::read(&tree, project_dir.into(), &read);
    diagnostics.extend(more);
    let mut lines = vec![format!(
        "{:?} {:?} lock {:?}",
        read.package_manager.value, read.requirements_files.value, read.lock_file.value
    )];
    lines.push(format!(
        "python {} for {} django {} of {}",
        python.version.value.unwrap_or_default(),
        python.requirement.value.as_deref().unwrap_or("nothing"),
        python.django_version.value.as_deref().unwrap_or("unknown"),
        read.django_requirement.value.as_deref().unwrap_or("nothing"),
    ));
    lines.extend(diagnostics.iter().map(|one| format!("{}: {}", one.code, one.title)));
    lines.join("\n")
}

/// Reads the work trees that DJDOCK_TREES names: for looking, not for judging.
#[test]
fn look_at_trees() {
    let Ok(folder) = std::env::var("DJDOCK_TREES") else { return };
    let mut names: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.sort();
    for name in names {
        let folder = camino::Utf8PathBuf::from_path_buf(name).unwrap();
        let loaded = djdock::shell::disk::load(&folder).unwrap();
        let tree = loaded.tree;
        let manage = tree.files_named("manage.py").first().map(|path| path.parent().unwrap().to_string()).unwrap_or_default();
        let dir = if manage.is_empty() { ".".to_owned() } else { manage };
        let started = std::time::Instant::now();
        let (read, mut diagnostics) = dependencies::read(&tree, dir.as_str().into());
        let (python, more) = python_version::read(&tree, dir.as_str().into(), &read);
        let took = started.elapsed();
        diagnostics.extend(more);
        println!("## {} ({took:?})", folder.file_name().unwrap());
        println!("   {:?} {:?} lock {:?} {:?}", read.package_manager.value, read.requirements_files.value, read.lock_file.value.as_ref().map(|l| l.to_string()), read.package_manager.evidence.iter().map(|e| format!("{} {}", e.place, e.reason)).collect::<Vec<_>>());
        println!("   python {:?} req {:?} {:?}", python.version.value, python.requirement.value, python.version.evidence.iter().map(|e| format!("{} {}", e.place, e.reason)).collect::<Vec<_>>());
        println!("   django {:?} req {:?}; {} distributions ({} direct)", python.django_version.value, read.django_requirement.value, read.distributions.len(), read.distributions.iter().filter(|d| d.direct).count());
        println!("   {:?}", read.install.as_ref().map(|i| (&i.groups, &i.unneeded_groups, &i.extras, &i.manifests, i.needs_git)));
        let py = python.version.value.clone().unwrap_or_default();
        let suite = djdock::python::Minor::parse(&py).and_then(djdock::knowledge::pythons::suite).unwrap_or("trixie");
        let packages = djdock::inspect::system_packages::needed(&read.distributions, &Default::default(), &py, suite);
        println!("   {:?}", packages.value);
        for one in diagnostics { println!("   ! {} {} {:?}", one.code, one.title, one.labels.iter().map(|l| format!("{}:{} {}", l.path, l.line, l.text)).collect::<Vec<_>>()); }
    }
}

#[test]
fn a_bare_project_says_that_nothing_is_stated() {
    assert!(facts(&[("manage.py", "")], ".").contains("requirements-not-found"));
}
