//! Why a stylesheet or script does not come: at which of the steps between the project and the browser it is lost.

use camino::{Utf8Path, Utf8PathBuf};

use super::django::{self, Whereabouts};
use super::host::Host;
use super::setting::Setting;
use crate::base::path;
use crate::base::tree::LeftOut;
use crate::plan::layout::SOURCE;
use crate::shell::engine::context;
use crate::shell::interrupt::Stopped;
use crate::stack::Environment;

/// A file that does not come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Missing {
    pub path: String,
    /// "answers 404".
    pub how: String,
}

/// A known cause, and its remedy.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Reason {
    pub note: String,
    pub help: String,
}

fn reason(note: impl Into<String>, help: impl Into<String>) -> Reason {
    Reason { note: note.into(), help: help.into() }
}

/// The file in the project's folder, where one is there.
#[derive(Clone, Debug, PartialEq, Eq)]
enum OnDisk {
    Absent,
    /// In a folder that Django looks through; the second says whether `.dockerignore` keeps it out, the third whether
    /// git ignores it.
    Looked(Utf8PathBuf, bool, bool),
    /// A file whose path ends in the name, in a folder that Django does not look through.
    Aside(Utf8PathBuf),
}

/// Why `path` answers nothing; `None` where Django cannot be asked.
pub(super) fn reason_for(
    setting: &Setting<'_>,
    path: &str,
    host: &dyn Host,
) -> Result<Option<(Whereabouts, Reason)>, Stopped> {
    let Some(found) = django::whereabouts(setting, path, host)? else { return Ok(None) };
    let has_build = !setting.run.tree.files_named("package.json").is_empty();
    let reason = reason_of(&found, &on_disk(setting, &found), setting.run.environment, has_build);
    Ok(Some((found, reason)))
}

/// The reason for which a storage outside of the stack does not give out a file that was copied there; `status` is that of its
/// answer, where there is one.
pub(super) fn of_bucket(status: Option<u16>) -> Reason {
    let note = "`collectstatic` has copied static files to the storage, and pages name this address";
    let help = match status {
        Some(401 | 403) => {
            "let everybody read static files in the bucket (its policy), or let the storage sign their addresses: `AWS_QUERYSTRING_AUTH = True`"
        }
        Some(_) => {
            "compare the address with what is in the bucket: its name, the `location` of the storage, and a domain of its own"
        }
        None => "let the storage name an address that browsers reach, and not one inside the stack alone",
    };
    reason(note, help)
}

/// The file of the project that `found` is about.
fn on_disk(setting: &Setting<'_>, found: &Whereabouts) -> OnDisk {
    let Some(name) = found.name.as_deref().filter(|name| !name.is_empty()) else { return OnDisk::Absent };
    let run = setting.run;
    for (prefix, folder) in &found.folders {
        let inside = Utf8Path::new(folder).strip_prefix(SOURCE);
        let rest = if prefix.is_empty() {
            Some(name)
        } else {
            name.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('/'))
        };
        let (Ok(inside), Some(rest)) = (inside, rest) else { continue };
        let file = inside.join(rest);
        if run.root.join(&file).is_file() {
            let dockerfile = setting.stage.images.first().map(|image| image.dockerfile.clone());
            let rules = context::rules(&run.root, &dockerfile.unwrap_or_default());
            let is_ignored =
                file.ancestors().any(|path| matches!(run.tree.left_out(path), Some(LeftOut::Ignored)));
            let is_kept_out = rules.excludes(&file);
            return OnDisk::Looked(file, is_kept_out, is_ignored);
        }
    }
    let ends = |file: &&Utf8Path| file.ends_with(name);
    run.tree.files().find(ends).map_or(OnDisk::Absent, |file| OnDisk::Aside(file.to_owned()))
}

/// Why the address that `found` is about answers nothing, in a project with a build of JavaScript or without.
fn reason_of(found: &Whereabouts, on_disk: &OnDisk, environment: Environment, has_build: bool) -> Reason {
    if found.is_upload {
        return reason(
            "its address is below `MEDIA_URL`: an upload",
            "a new stack has no uploads: keep files that pages need with the static files",
        );
    }
    let Some(name) = &found.name else {
        return reason(
            format!("its address is not below `STATIC_URL`, which is `{}`", found.static_url),
            "files of the project are served below `STATIC_URL` alone: write `{% static '…' %}` in the template, or see why the project's own URL does not answer",
        );
    };
    if found.is_collected {
        return reason(
            "`collectstatic` has put it into `STATIC_ROOT`, and the server does not give it out",
            "see that the server looks for `STATIC_URL` in the folder with these files, and write its configuration anew: `djdock update`",
        );
    }
    let is_hidden = Utf8Path::new(name).components().any(|part| part.as_str().starts_with('.'));
    match (&found.place, on_disk) {
        (Some(place), _) if is_hidden && environment == Environment::Prod => reason(
            format!("it is `{place}`, and `collectstatic` leaves out names that begin with a dot"),
            "give the folder a name without a dot, or let the image collect such names too: `collectstatic --no-default-ignore`",
        ),
        (Some(place), _) if environment == Environment::Prod => reason(
            format!("Django finds it at `{place}`, and it is not among the collected files"),
            "collect static files when the image is built, and after everything that makes them: `RUN python manage.py collectstatic --noinput`",
        ),
        (Some(place), _) => reason(
            format!("Django finds it at `{place}`, and does not serve it"),
            "`runserver` serves static files only with `DEBUG = True` and `django.contrib.staticfiles` among the apps",
        ),
        (None, OnDisk::Looked(file, true, is_ignored)) => {
            let git = if *is_ignored { ", as git does" } else { "" };
            reason(
                format!(
                    "`{file}` is in the project's folder, and `.dockerignore` keeps it out of the image{git}"
                ),
                format!(
                    "let it in, `!{file}` as the last line of .dockerignore, or let the Dockerfile make it"
                ),
            )
        }
        (None, OnDisk::Looked(file, false, _)) => reason(
            format!("`{file}` is in the project's folder, and not in the container"),
            "see what the Dockerfile copies, and what a volume hides",
        ),
        (None, OnDisk::Aside(file)) => reason(
            format!("`{file}` is in no folder that Django looks for static files in"),
            format!("name its folder in `STATICFILES_DIRS`: `BASE_DIR / \"{}\"`", folder_for(file, name)),
        ),
        (None, OnDisk::Absent) if has_build => reason(
            "no file of the project has this name",
            "where the build of the front end makes it, let the image run that build; else correct the name in the template",
        ),
        (None, OnDisk::Absent) => reason(
            "no file of the project has this name",
            "correct the name in the template, or add the file; one that a command makes must be made in the image before static files are collected",
        ),
    }
}

/// The folder below which `file` has `name`.
fn folder_for(file: &Utf8Path, name: &str) -> String {
    let folder = file.as_str().strip_suffix(name).unwrap_or_default().trim_end_matches('/');
    if folder.is_empty() { path::parent(file).to_string() } else { folder.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(name: &str) -> Whereabouts {
        Whereabouts {
            static_url: "/static/".to_owned(),
            name: Some(name.to_owned()),
            ..Whereabouts::default()
        }
    }

    fn said(found: &Whereabouts, on_disk: &OnDisk) -> String {
        let Reason { note, help } = reason_of(found, on_disk, Environment::Prod, false);
        format!("{note} → {help}")
    }

    #[test]
    fn each_place_at_which_a_file_is_lost_has_its_own_reason() {
        let place = Some("/app/static/site.css".to_owned());
        let collected = Whereabouts { is_collected: true, ..found("site.css") };
        assert!(said(&collected, &OnDisk::Absent).contains("the server does not give it out"));
        let uncollected = Whereabouts { place: place.clone(), ..found("site.css") };
        assert!(said(&uncollected, &OnDisk::Absent).contains("RUN python manage.py collectstatic"));
        let hidden = Whereabouts { place, ..found(".vite/main.js") };
        assert!(said(&hidden, &OnDisk::Absent).contains("--no-default-ignore"));
        let kept_out = OnDisk::Looked("static/dist/main.js".into(), true, true);
        let kept_out = said(&found("dist/main.js"), &kept_out);
        assert!(kept_out.contains("keeps it out of the image, as git does"), "{kept_out}");
        assert!(kept_out.contains("`!static/dist/main.js`"), "{kept_out}");
        let aside = said(&found("main.js"), &OnDisk::Aside("frontend/dist/main.js".into()));
        assert!(aside.contains("`BASE_DIR / \"frontend/dist\"`"), "{aside}");
        assert!(said(&found("gone.css"), &OnDisk::Absent).contains("correct the name in the template"));
        let upload = Whereabouts { is_upload: true, ..Whereabouts::default() };
        assert!(said(&upload, &OnDisk::Absent).contains("no uploads"));
        let own = Whereabouts { static_url: "/static/".to_owned(), ..Whereabouts::default() };
        assert!(said(&own, &OnDisk::Absent).contains("not below `STATIC_URL`, which is `/static/`"));
    }

    #[test]
    fn a_build_that_was_not_run_is_named_where_the_project_has_one() {
        let Reason { help, .. } = reason_of(&found("dist/app.js"), &OnDisk::Absent, Environment::Prod, true);
        assert!(help.contains("let the image run that build"), "{help}");
        let served = Whereabouts { place: Some("/app/static/a.css".to_owned()), ..found("a.css") };
        let Reason { help, .. } = reason_of(&served, &OnDisk::Absent, Environment::Dev, true);
        assert!(help.contains("`DEBUG = True`"), "{help}");
    }
}
