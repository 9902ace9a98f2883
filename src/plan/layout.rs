//! Names of services and paths inside containers.

use camino::{Utf8Component, Utf8Path};

use crate::python::value::{PathBase, PathValue};

/// The name that the service of the app server is given; everything else asks the stack for the service by its role.
pub const WEB: &str = "web";
/// The name that the service which applies migrations is given.
pub const MIGRATE: &str = "migrate";
/// The name that the service which collects static files is given.
pub const COLLECT: &str = "collectstatic";
/// The variable of the env file that names one address more from which the proxy believes what a request says of its
/// scheme.
pub const TRUSTED_PROXY: &str = "TRUSTED_PROXY";
/// Its value where the env file names none: an address that is believed anyway.
pub const NOBODY_ELSE: &str = "127.0.0.1";
/// The folder that the project's files are copied to, or mounted on.
pub const SOURCE: &str = "/app";
/// The folder of collected static files in the proxy's image.
pub const PROXY_STATIC: &str = "/srv/static";
/// The folder where the proxy sees uploaded files.
pub const PROXY_MEDIA: &str = "/srv/media";
/// The folder of collected static files if the settings name none.
pub const STATIC_ROOT: &str = "/app/staticfiles";
/// The folder of uploads if a variable alone names it.
pub const MEDIA_ROOT: &str = "/app/media";
/// The folder of a SQLite file that had no folder of its own.
pub const DATA: &str = "/app/data";
/// The script that every container of the project starts with.
pub const ENTRYPOINT: &str = "/usr/local/bin/entrypoint.sh";
/// The home folder of the user: the only one that is writable whatever happens.
pub const HOME: &str = "/tmp";
/// The folder of Python's bytecode in development: in memory when the project runs, in a cache mount while the image is built.
pub const BYTECODE: &str = "/tmp/pycache";
/// The folder of Python's bytecode in the production image.
pub const BYTECODE_IN_IMAGE: &str = "/opt/bytecode";
/// The port that the app server listens on.
pub const PORT: u16 = 8000;
/// The user of the production image: numeric, and not one that a Debian package uses.
pub const USER: &str = "10001:10001";
pub const USER_NAME: &str = "app";

/// The folder in the container for `folder` of the project.
pub fn source(folder: &Utf8Path) -> String {
    if folder == "." || folder.as_str().is_empty() { SOURCE.to_owned() } else { format!("{SOURCE}/{folder}") }
}

/// The absolute path in the container, where the process starts in `working`.
pub fn absolute(path: &PathValue, working: &str) -> String {
    let base = match path.base {
        PathBase::Project => SOURCE,
        PathBase::Root => "/",
        PathBase::WorkingFolder => working,
        PathBase::Home => HOME,
    };
    join(base, path.rest.as_str())
}

/// The absolute path of text that names one, as Python would take it.
pub fn absolute_text(text: &str, working: &str) -> String {
    if text.starts_with('/') { join("/", text) } else { join(working, text) }
}

/// `path` below `folder`, without `.` and `..`.
fn join(folder: &str, path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for component in Utf8Path::new(folder).components().chain(Utf8Path::new(path).components()) {
        match component {
            Utf8Component::Normal(part) => parts.push(part),
            Utf8Component::ParentDir => {
                parts.pop();
            }
            Utf8Component::CurDir | Utf8Component::RootDir | Utf8Component::Prefix(_) => {}
        }
    }
    format!("/{}", parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_where_the_container_has_them() {
        let check = |base, rest: &str, expected: &str| {
            assert_eq!(absolute(&PathValue { base, rest: rest.into() }, "/app/site"), expected);
        };
        check(PathBase::Project, "static", "/app/static");
        check(PathBase::Project, "../static", "/static");
        check(PathBase::Project, "", "/app");
        check(PathBase::WorkingFolder, "media", "/app/site/media");
        check(PathBase::Root, "srv/x", "/srv/x");
        check(PathBase::Home, "x", "/tmp/x");
    }
}
