//! Checks that nobody who has an image can read a secret in it.

use std::sync::Mutex;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use super::findings;
use super::host::Host;
use super::setting::{Outcome, Setting};
use crate::base::wording::count;
use crate::shell::interrupt::Stopped;

/// Looks through every image that the run built: variables and history for the names in `variables` and the values
/// of secrets, files below `folder` for `globs` and the same values.
pub(super) fn images(
    setting: &Setting<'_>,
    variables: &[String],
    globs: &[String],
    folder: &str,
    host: &dyn Host,
) -> Result<Outcome, Stopped> {
    let globs = matcher(globs);
    let mut files = 0;
    for image in &setting.stage.images {
        let evidence = host.evidence(&image.tag)?;
        for line in &evidence.environment {
            if let Some(name) = set_in(line, variables) {
                return Ok(findings::secret_in_image(
                    &image.name,
                    &format!("`{name}` is set in its environment"),
                )
                .into());
            }
        }
        for line in evidence.environment.iter().chain(&evidence.history) {
            if let Some(name) = setting.secrets.within(line.as_bytes()) {
                return Ok(findings::secret_in_image(
                    &image.name,
                    &format!("the value of `{name}` is in its history or environment"),
                )
                .into());
            }
        }
        let found: Mutex<(usize, Option<String>)> = Mutex::default();
        let looked = host.files(&image.tag, folder, &mut |path, contents| {
            let Ok(mut found) = found.lock() else { return };
            found.0 += 1;
            let inside = path.strip_prefix(folder).unwrap_or(path).trim_matches('/');
            if found.1.is_some() || inside.is_empty() {
                return;
            }
            found.1 = if globs.is_match(inside) {
                Some(format!("`{path}` is in it"))
            } else {
                setting.secrets.within(contents).map(|name| format!("the value of `{name}` is in `{path}`"))
            };
        });
        // An image without the folder, as a proxy's is, has nothing of the project in it.
        match looked {
            Err(Stopped::Diagnosed(diagnostic)) if diagnostic.title.contains("Could not find the file") => {}
            other => other?,
        }
        let (seen, found) = found.into_inner().unwrap_or_default();
        if let Some(found) = found {
            return Ok(findings::secret_in_image(&image.name, &found).into());
        }
        files += seen;
    }
    Ok(Outcome::Shown(format!(
        "{} and {} below {folder}",
        count(setting.stage.images.len(), "image"),
        count(files, "file")
    )))
}

/// The name that a line `NAME=value` sets, where it is one of `variables` and the value is not empty.
fn set_in<'a>(line: &'a str, variables: &[String]) -> Option<&'a str> {
    let (name, value) = line.split_once('=')?;
    (!value.is_empty() && variables.iter().any(|known| known == name)).then_some(name)
}

fn matcher(globs: &[String]) -> GlobSet {
    let mut set = GlobSetBuilder::new();
    for glob in globs {
        if let Ok(glob) = GlobBuilder::new(glob).literal_separator(true).build() {
            set.add(glob);
        }
    }
    set.build().unwrap_or_default()
}
