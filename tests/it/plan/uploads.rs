//! Files that people upload: served by the proxy, by the project, by a bucket, or said to be served by nobody.

use djdock::stack::{Mount, Role};

use crate::support::pipeline::{Made, SETTINGS, project_with, startproject};

const KEPT: &str = "MEDIA_URL = '/uploads/'\nMEDIA_ROOT = BASE_DIR / 'uploads'\n";
const CODE: &str = "uploads-not-served";

fn made(proxy: &str, settings: &str, more: &[(&'static str, &'static str)]) -> Made {
    let settings = format!("{SETTINGS}{settings}");
    let mut files =
        startproject(&settings, "django==5.2.1\nwhitenoise==6.9.0\ndjango-storages[s3]==1.14.6\n");
    files.extend(more);
    project_with(&files, &[("proxy", proxy)])
}

fn is_told(made: &Made) -> bool {
    made.plan.diagnostics.iter().any(|one| one.code.0 == CODE)
}

#[test]
fn uploads_that_no_part_of_the_stack_serves_are_told_once() {
    for proxy in ["traefik", "none"] {
        let made = made(proxy, KEPT, &[]);
        let told: Vec<_> = made.plan.diagnostics.iter().filter(|one| one.code.0 == CODE).collect();
        let [told] = told.as_slice() else { panic!("{proxy}: {told:?}") };
        assert!(told.title.contains("`/uploads/`"), "{}", told.title);
        assert!(told.helps.iter().any(|help| help.contains("--proxy nginx")), "{:?}", told.helps);
        let of_proxy =
            made.plan.prod.role(Role::Proxy).map(|service| service.mounts.clone()).unwrap_or_default();
        let sees = |mount: &Mount| matches!(mount, Mount::Volume { volume, .. } if volume == "media");
        assert!(!of_proxy.iter().any(sees), "{proxy} has no use for the files");
    }
}

#[test]
fn nothing_is_told_of_uploads_that_somebody_serves_or_that_there_are_not() {
    let by_project = "from django.urls import re_path\nfrom django.views.static import serve\nurlpatterns = [re_path('^uploads/(?P<path>.*)$', serve)]\n";
    let bucket = "STORAGES = {'default': {'BACKEND': 'storages.backends.s3.S3Storage'}, 'staticfiles': {'BACKEND': 'django.contrib.staticfiles.storage.StaticFilesStorage'}}\n";
    let own = "STORAGES = {'default': {'BACKEND': 'mysite.files.Archive'}, 'staticfiles': {'BACKEND': 'django.contrib.staticfiles.storage.StaticFilesStorage'}}\n";
    let elsewhere = "MEDIA_URL = 'https://files.example.org/uploads/'\nMEDIA_ROOT = BASE_DIR / 'uploads'\n";
    for (name, proxy, settings, more) in [
        ("nginx serves them", "nginx", KEPT.to_owned(), None),
        ("Caddy serves them", "caddy", KEPT.to_owned(), None),
        ("no uploads", "traefik", String::new(), None),
        ("the project serves them", "none", KEPT.to_owned(), Some(("mysite/urls.py", by_project))),
        ("a bucket", "traefik", format!("{KEPT}{bucket}"), None),
        ("a storage of its own", "traefik", format!("{KEPT}{own}"), None),
        ("another host", "none", elsewhere.to_owned(), None),
    ] {
        let made = made(proxy, &settings, more.as_slice());
        assert!(!is_told(&made), "{name}");
    }
}

#[test]
fn the_old_name_of_the_storage_counts_where_django_reads_it() {
    let old = format!("{KEPT}DEFAULT_FILE_STORAGE = 'storages.backends.s3boto3.S3Boto3Storage'\n");
    let settings = format!("{SETTINGS}{old}");
    let told = |django: &str| {
        let requirements = format!("django=={django}\nwhitenoise==6.5.0\ndjango-storages[s3]==1.14.2\n");
        is_told(&project_with(&startproject(&settings, &requirements), &[("proxy", "none")]))
    };
    assert!(!told("4.2.20"));
    assert!(told("5.2.1"), "nothing reads the old name any more: uploads are in the folder");
}
