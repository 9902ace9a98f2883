//! Failures 4 to 7, and 21 to 23: system packages, base images.

use crate::support::pipeline::{Made, SETTINGS, example, project, startproject};

const POSTGRES: &str = "DATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql', 'NAME': 'site', \
    'USER': 'site', 'PASSWORD': os.environ['DB_PASSWORD'], 'HOST': os.environ['DB_HOST']}}\n";

/// The packages of the stages that only build, and of those that run.
fn packages(made: &Made) -> (Vec<String>, Vec<String>) {
    let dockerfile = made.dockerfile("Dockerfile.prod");
    let running: Vec<&str> =
        dockerfile.lineage(&made.web_stage()).iter().map(|stage| stage.name.as_str()).collect();
    let (mut build, mut run) = (Vec::new(), Vec::new());
    for stage in &dockerfile.stages {
        let list = if running.contains(&stage.name.as_str()) { &mut run } else { &mut build };
        list.extend(stage.packages().into_iter().map(str::to_owned));
    }
    (build, run)
}

fn with_driver(requirement: &str) -> Made {
    let settings = format!("{SETTINGS}{POSTGRES}");
    let requirements = format!("Django==5.2.19\ngunicorn==27.0.1\n{requirement}\n");
    project(&startproject(&settings, &requirements))
}

fn has(packages: &[String], name: &str) -> bool {
    packages.iter().any(|package| package == name)
}

#[test]
fn f04_mysqlclient_is_built_with_pkg_config_and_headers() {
    let (build, _) = packages(&example("board"));
    for package in ["gcc", "pkg-config", "default-libmysqlclient-dev"] {
        assert!(has(&build, package), "mysqlclient is compiled with {package}: {build:?}");
    }
}

#[test]
fn f05_final_stage_has_the_library_but_no_compiler() {
    let made = example("board");
    let (_, run) = packages(&made);
    assert!(has(&run, "libmariadb3"), "mysqlclient opens libmariadb.so.3: {run:?}");
    assert!(!run.iter().any(|package| package == "gcc" || package.ends_with("-dev")), "{run:?}");
    let dockerfile = made.dockerfile("Dockerfile.prod");
    let imports = |run: &&str| run.contains("import MySQLdb");
    assert!(
        dockerfile.stages.iter().any(|stage| stage.all("RUN").iter().any(imports)),
        "a missing library fails the build, not the boot"
    );
}

#[test]
fn f06_psycopg2_is_built_and_its_binary_is_not() {
    let (build, run) = packages(&with_driver("psycopg2==2.9.11"));
    assert!(has(&build, "gcc") && has(&build, "libpq-dev"), "{build:?}");
    assert!(has(&run, "libpq5"), "{run:?}");
    let (build, run) = packages(&with_driver("psycopg2-binary==2.9.11"));
    assert!(!has(&build, "gcc") && !has(&build, "libpq-dev") && !has(&run, "libpq5"), "{build:?} {run:?}");
}

#[test]
fn f07_psycopg_without_a_wheel_of_its_own_has_libpq() {
    let (_, run) = packages(&with_driver("psycopg==3.3.9"));
    assert!(has(&run, "libpq5"), "{run:?}");
    let (build, run) = packages(&with_driver("psycopg[binary]==3.3.9"));
    assert!(!has(&build, "libpq-dev") && !has(&run, "libpq5"), "{build:?} {run:?}");
    let (build, run) = packages(&with_driver("psycopg[c]==3.3.9"));
    assert!(has(&build, "libpq-dev") && has(&build, "gcc") && has(&run, "libpq5"), "{build:?} {run:?}");
}

#[test]
fn f21_python_image_names_its_debian_release() {
    for name in ["polls", "shop", "board"] {
        let made = example(name);
        for file in ["Dockerfile", "Dockerfile.prod"] {
            let dockerfile = made.dockerfile(file);
            let pythons: Vec<&str> =
                dockerfile.pulled().into_iter().filter(|image| image.starts_with("python:")).collect();
            assert!(!pythons.is_empty(), "{name}/{file}: {:?}", dockerfile.pulled());
            for image in pythons {
                assert!(image.ends_with("-bookworm") || image.ends_with("-trixie"), "{name}/{file}: {image}");
            }
        }
    }
}

/// The same library is another package in another release: names and release go together.
#[test]
fn f21_packages_are_those_of_the_release() {
    let settings = format!("{SETTINGS}{POSTGRES}");
    let geo = "INSTALLED_APPS += ['django.contrib.gis']\n";
    let settings =
        settings.replace("django.db.backends.postgresql", "django.contrib.gis.db.backends.postgis") + geo;
    let made = project(&startproject(&settings, "Django==5.2.19\npsycopg[binary]==3.3.9\n"));
    let (_, run) = packages(&made);
    let dockerfile = made.dockerfile("Dockerfile.prod");
    let trixie =
        dockerfile.pulled().iter().any(|image| image.starts_with("python:") && image.ends_with("-trixie"));
    let gdal = if trixie { "libgdal36" } else { "libgdal32" };
    assert!(has(&run, gdal), "{run:?}");
}

#[test]
fn f22_user_is_made_by_what_slim_images_have() {
    for name in ["polls", "board"] {
        let made = example(name);
        for file in ["Dockerfile", "Dockerfile.prod"] {
            let text = made.file(file);
            assert!(text.contains("groupadd") && text.contains("useradd"), "{name}/{file}");
            assert!(!text.contains("adduser") && !text.contains("addgroup"), "{name}/{file}");
        }
    }
}

#[test]
fn f23_uwsgi_is_compiled_in_the_builder() {
    let (build, run) = packages(&project(&startproject(SETTINGS, "Django==5.2.19\nuWSGI==2.0.31\n")));
    assert!(has(&build, "gcc") && has(&build, "libc6-dev"), "uWSGI has no wheel: {build:?}");
    assert!(!has(&run, "gcc"), "{run:?}");
}
