//! The stage of a run: a folder of its own with the project seen through it, the run's own secrets, and the
//! compose file that is started.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};

use super::isolate::{Bind, Isolation, Taken, ToBuild, isolate};
use super::staging::{Staging, Trouble};
use super::{Run, leftovers, remains};
use crate::base::codes::smoke::{BUILD_BEYOND, STAGE_UNUSABLE};
use crate::base::{Diagnostic, Tree};
use crate::shell::disk::{self, ThrowAway, write_closed};
use crate::shell::engine::Address;
use crate::shell::engine::compose::Compose;

/// The content of a run's folder; removed with the folder.
#[derive(Debug)]
pub(super) struct Stage {
    /// The run's name: `djdock-smoke-x3f9…`.
    pub id: String,
    /// Carried by everything that the run makes.
    pub labels: BTreeMap<String, String>,
    /// The compose file that is started.
    pub compose_file: Utf8PathBuf,
    pub images: Vec<ToBuild>,
    pub binds: Vec<Bind>,
    folder: Staging,
}

impl Stage {
    /// One that nothing runs on.
    #[cfg(test)]
    pub(super) fn empty() -> Self {
        Self {
            id: String::new(),
            labels: BTreeMap::new(),
            compose_file: Utf8PathBuf::new(),
            images: Vec::new(),
            binds: Vec::new(),
            folder: Staging::new(&leftovers::temporary().unwrap()).unwrap(),
        }
    }

    pub(super) fn new(run: &Run<'_>, address: &Address) -> Result<Self, Diagnostic> {
        let parent = leftovers::temporary()
            .ok_or_else(|| unusable(&std::io::Error::other("its path is not UTF-8")))?;
        let folder = Staging::new(&parent).map_err(|trouble| match trouble {
            Trouble::System(error) => unusable(&error),
            Trouble::Diagnosed(diagnostic) => diagnostic,
        })?;
        let (id, path) = (folder.id.clone(), folder.path.clone());
        let labels = leftovers::labels(&folder, run.keep);
        let seen = path.join("seen");
        disk::mirror(&run.root, &seen, &run.throw_away).map_err(|error| unusable(&error))?;
        let compose = Compose { project: id.clone() };
        let env_file =
            run.throw_away.iter().any(|file| file.path == run.env_file).then_some(run.env_file.as_path());
        let mut model = compose.model(&seen, &run.compose_file, env_file)?;
        let mounted = mounted(run, &model, &seen, &path)?;
        let isolation = Isolation {
            id: &id,
            labels: &labels,
            name: &run.name,
            staged: &seen,
            mounted: &mounted,
            built: &run.root,
            outside: if run.may_write_outside { &[] } else { &run.outside },
            everywhere: !address.is_local(),
        };
        let Taken { images, mut binds, beyond } = isolate(&mut model, &isolation);
        // What is seen through a link is mounted from where it is: an Engine in a machine of its own sees no link.
        for bind in &mut binds {
            bind.source = bind.source.canonicalize_utf8().unwrap_or_else(|_missing| bind.source.clone());
        }
        follow_links(&mut model);
        if !beyond.is_empty() {
            return Err(beyond_the_project(&beyond));
        }
        let compose_file = path.join("compose.json");
        let text = serde_json::to_vec(&model).map_err(|error| unusable(&error.into()))?;
        // The variables of the env file stand in it.
        write_closed(&compose_file, &text, 0o600).map_err(|error| unusable(&error))?;
        Ok(Self { id, labels, compose_file, images, binds, folder })
    }
}

impl Stage {
    /// Lets the folder stay: what runs on still mounts from it.
    pub(super) fn keep(mut self) -> Result<String, Diagnostic> {
        self.folder.keep().map_err(|error| unusable(&error))?;
        Ok(self.id)
    }

    /// Removes the folder.
    pub(super) fn remove(self) -> Result<(), Diagnostic> {
        let path = self.folder.path.clone();
        self.folder.remove().map_err(|error| remains::folder_left(&path, &error))
    }
}

fn follow_links(model: &mut serde_json::Value) {
    let services = model.get_mut("services").and_then(serde_json::Value::as_object_mut).into_iter().flatten();
    for (_, service) in services {
        for volume in
            service.get_mut("volumes").and_then(serde_json::Value::as_array_mut).into_iter().flatten()
        {
            let real = volume
                .get("source")
                .and_then(serde_json::Value::as_str)
                .filter(|source| source.starts_with('/'));
            if let Some(real) = real.and_then(|source| Utf8Path::new(source).canonicalize_utf8().ok()) {
                volume["source"] = serde_json::Value::String(real.into_string());
            }
        }
    }
}

/// The folder that stands for the project's in bind mounts: the one that is seen, or a copy where containers may
/// write to it, because a run changes nothing of the project.
fn mounted(
    run: &Run<'_>,
    model: &serde_json::Value,
    seen: &Utf8Path,
    path: &Utf8Path,
) -> Result<Utf8PathBuf, Diagnostic> {
    let services = model.get("services").and_then(serde_json::Value::as_object).into_iter().flatten();
    let volumes = services.filter_map(|(_, service)| service.get("volumes")?.as_array()).flatten();
    let writes = volumes.into_iter().any(|volume| {
        let text = |key: &str| volume.get(key).and_then(serde_json::Value::as_str);
        let source = text("source").map(Utf8Path::new);
        let read_only = volume.get("read_only").and_then(serde_json::Value::as_bool).unwrap_or_default();
        text("type") == Some("bind")
            && !read_only
            && source.is_some_and(|source| source.starts_with(seen) && source.is_dir())
    });
    if !writes {
        return Ok(seen.to_owned());
    }
    let copy = path.join("copy");
    copied(run.tree, &run.root, &copy, &run.throw_away).map_err(|error| unusable(&error))?;
    Ok(copy)
}

fn copied(tree: &Tree, root: &Utf8Path, copy: &Utf8Path, throw_away: &[ThrowAway]) -> std::io::Result<()> {
    disk::copy(tree, root, copy)?;
    for file in throw_away {
        let place = copy.join(&file.path);
        std::fs::create_dir_all(place.parent().unwrap_or(copy))?;
        write_closed(&place, file.text.as_bytes(), file.mode)?;
    }
    Ok(())
}

fn beyond_the_project(beyond: &[String]) -> Diagnostic {
    Diagnostic::error(BUILD_BEYOND, format!("the build needs {}", beyond.join(", ")))
        .because("a smoke run has only what is in the project")
        .help("build and start it by hand: `docker compose up --build`")
}

fn unusable(error: &std::io::Error) -> Diagnostic {
    Diagnostic::error(STAGE_UNUSABLE, format!("cannot make a folder for the run: {error}"))
        .help("free some space in the folder for temporary files, or name another one: `TMPDIR=…`")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell::terminal::testing::assert_said;

    #[test]
    fn what_a_run_cannot_have_is_said() {
        assert_said(&beyond_the_project(&["the additional context `docs` at `../docs`".to_owned()]));
        assert_said(&unusable(&std::io::Error::from_raw_os_error(28)));
    }
}
