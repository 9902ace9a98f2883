#![allow(warnings, clippy::all)]
use djdock::base::Tree;
use djdock::inspect::{dependencies, python_version};
fn main() {
    let folder = std::env::args().nth(1).unwrap();
    let mut names: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.retain(|path| path.is_dir());
    names.sort();
    for name in names {
        let folder = camino::Utf8PathBuf::from_path_buf(name).unwrap();
        let tree = djdock::shell::disk::load(&folder).unwrap();
        let manage = tree
            .files_named("manage.py")
            .first()
            .map(|path| path.parent().unwrap().to_string())
            .unwrap_or_default();
        let dir = if manage.is_empty() { ".".to_owned() } else { manage };
        let started = std::time::Instant::now();
        let (read, mut diagnostics) = dependencies::read(&tree, dir.as_str().into());
        let (python, more) = python_version::read(&tree, dir.as_str().into(), &read);
        let took = started.elapsed();
        diagnostics.extend(more);
        println!("## {} ({took:?})", folder.file_name().unwrap());
        println!(
            "   {:?} {:?} lock {:?} {:?}",
            read.package_manager.value,
            read.requirements_files.value,
            read.lock_file.value.as_ref().map(|l| l.to_string()),
            read.package_manager
                .evidence
                .iter()
                .map(|e| format!("{} {}", e.place, e.reason))
                .collect::<Vec<_>>()
        );
        println!(
            "   python {:?} req {:?} {:?}",
            python.version.value,
            python.requirement.value,
            python.version.evidence.iter().map(|e| format!("{} {}", e.place, e.reason)).collect::<Vec<_>>()
        );
        println!(
            "   django {:?} req {:?}; {} distributions ({} direct)",
            python.django_version.value,
            read.django_requirement.value,
            read.distributions.len(),
            read.distributions.iter().filter(|d| d.direct).count()
        );
        println!(
            "   {:?}",
            read.install.as_ref().map(|i| (
                &i.groups,
                &i.unneeded_groups,
                &i.extras,
                &i.manifests,
                i.needs_git
            ))
        );
        let py = python.version.value.clone().unwrap_or_default();
        let suite =
            djdock::python::Minor::parse(&py).and_then(djdock::knowledge::pythons::suite).unwrap_or("trixie");
        let packages =
            djdock::inspect::system_packages::needed(&read.distributions, &Default::default(), &py, suite);
        println!("   {:?}", packages.value);
        for one in diagnostics {
            println!(
                "   ! {} {} {:?}",
                one.code,
                one.title,
                one.labels.iter().map(|l| format!("{}:{} {}", l.path, l.line, l.text)).collect::<Vec<_>>()
            );
        }
    }
}
