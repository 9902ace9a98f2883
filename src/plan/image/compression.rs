//! Compressed copies of static files, made once: the proxy sends them as they are.

use std::collections::BTreeMap;

use super::{APP, command, system};
use crate::catalog::proxy::Compressor;
use crate::plan::ground::Ground;
use crate::stack::{RunPurpose, Stage, Step};

/// Extensions of text: pictures, fonts of the web and archives are compressed as they are.
const TEXT: &[&str] = &[
    "css",
    "csv",
    "eot",
    "htm",
    "html",
    "ico",
    "js",
    "json",
    "map",
    "md",
    "mjs",
    "otf",
    "svg",
    "ttf",
    "txt",
    "wasm",
    "webmanifest",
    "xml",
];

/// The stage that puts compressed copies beside the static files of `static_root`, a folder of the project's image. `None` for a
/// proxy that would not send them.
pub(super) fn stage(ground: &Ground<'_>, static_root: &str) -> Option<Stage> {
    let compressors = ground.answers.proxy.run.as_ref()?.compressors;
    if compressors.is_empty() {
        return None;
    }
    let rows = compressors.iter().filter_map(|compressor| compressor.package);
    let mut packages: Vec<String> = rows.flat_map(|row| system::build_tools(ground, row)).collect();
    packages.sort();
    packages.dedup();
    let mut steps = Vec::new();
    if !packages.is_empty() {
        steps.push(Step::SystemPackages { packages });
    }
    steps.push(Step::CopyFrom {
        stage: APP.to_owned(),
        from: static_root.to_owned(),
        to: static_root.to_owned(),
        owner: None,
    });
    steps.push(Step::Run {
        commands: vec![compress(compressors, static_root)],
        variables: BTreeMap::new(),
        caches: Vec::new(),
        purpose: RunPurpose::Compress,
    });
    Some(Stage { name: "static".to_owned(), from: ground.base.clone(), steps })
}

/// The command that hands every text of more than a kilobyte in `folder` to each program.
fn compress(compressors: &[Compressor], folder: &str) -> Vec<String> {
    let mut words = command(&["find", folder, "-type", "f", "-size", "+1k", "("]);
    for (index, extension) in TEXT.iter().enumerate() {
        if index > 0 {
            words.push("-o".to_owned());
        }
        words.extend(["-name".to_owned(), format!("*.{extension}")]);
    }
    words.push(")".to_owned());
    for compressor in compressors {
        words.push("-exec".to_owned());
        words.extend(command(compressor.command));
        words.extend(command(&["{}", "+"]));
    }
    words
}
