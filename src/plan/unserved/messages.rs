//! The wording of what no container does.

use crate::base::codes::plan::STATIC_FILES_NOT_COLLECTED;
use crate::base::{Diagnostic, Place};
use crate::catalog::target;

/// A command line that runs `command` once in a container of production.
fn once(command: &str) -> String {
    format!("docker compose --file {} run --rm web {command}", target::DEFAULT.prod_file)
}

/// Static files belong into a bucket, and the stack does not copy them there.
pub(super) fn not_uploaded(command: &str, place: Option<&Place>) -> Diagnostic {
    let diagnostic = Diagnostic::warning(
        STATIC_FILES_NOT_COLLECTED,
        "static files are kept in a bucket, and no service of the stack copies them there",
    );
    let diagnostic = match place {
        Some(place) => diagnostic.at(place, "decided here"),
        None => diagnostic,
    };
    diagnostic
        .because("the images are built without the bucket's password, so they cannot do it")
        .help(format!("copy them at every deploy: `{}`", once(command)))
}

/// No static files are collected, and the storage is a folder.
pub(super) fn in_no_bucket(backend: Option<&str>, place: Option<&Place>) -> Diagnostic {
    let diagnostic = Diagnostic::warning(
        STATIC_FILES_NOT_COLLECTED,
        "no static files are collected, and no bucket holds them either",
    );
    let diagnostic = match (place, backend) {
        (Some(place), Some(backend)) => diagnostic.at(place, format!("`{backend}` writes to a folder")),
        (Some(place), None) => diagnostic.at(place, "no storage is set that uses a bucket"),
        _ => diagnostic,
    };
    diagnostic
        .because("with the variables of the stack, the storage of static files is a folder")
        .help("let the image hold them: `--static image`")
}

/// Static files are collected while the image is built, and the storage is a bucket.
pub(super) fn not_in_the_image(backend: &str, place: Option<&Place>) -> Diagnostic {
    let diagnostic = Diagnostic::warning(
        STATIC_FILES_NOT_COLLECTED,
        "static files are to be in the image, and their storage is a bucket",
    );
    let diagnostic = match place {
        Some(place) => diagnostic.at(place, format!("`{backend}` keeps them with a service")),
        None => diagnostic,
    };
    diagnostic
        .because(
            "`collectstatic` copies to the bucket, and no password for it is there while the image is built",
        )
        .help("let production use a folder for static files, or leave them to the bucket: `--static storage`")
}
