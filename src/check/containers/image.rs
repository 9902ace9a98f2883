//! The content of an image by the lines of its Dockerfile: files of the project, folders, accounts, variables.

use std::collections::{BTreeMap, BTreeSet};

use camino::{Utf8Path, Utf8PathBuf};

use super::paths::{below, filled_in, inside};
use crate::base::{Place, Tree, path};
use crate::check::command_line::SimpleCommand;
use crate::check::dockerfile::packages::installed;
use crate::check::dockerfile::{Dockerfile, Stage};

/// An image of the project's own.
#[derive(Debug)]
pub struct Image<'a> {
    pub file: &'a Dockerfile,
    pub stage: &'a Stage,
    pub(super) copied: Vec<Copied>,
    /// Links by where they lie, with what they name.
    pub(super) links: Vec<(String, String)>,
    /// Folders that a line makes.
    pub(super) folders: BTreeSet<String>,
    /// Folders of which no line says what is in them: copied out of another image, unpacked, cloned.
    pub(super) filled: BTreeSet<String>,
    /// Users and groups that a line makes.
    pub accounts: BTreeSet<String>,
    /// A line runs something that may make anything.
    pub is_open: bool,
    /// Files whose line ends a line mends.
    pub(super) mended: BTreeSet<String>,
    pub variables: BTreeMap<String, String>,
    /// The folder in which its process starts.
    pub folder: String,
    /// The last `USER`, and its place.
    pub user: Option<(Place, String)>,
    pub(super) entrypoint: Vec<(Place, SimpleCommand)>,
    pub(super) command: Vec<(Place, SimpleCommand)>,
}

/// A file or folder of the project, and where it lies in the image.
#[derive(Debug)]
pub(super) struct Copied {
    pub(super) source: Utf8PathBuf,
    pub(super) target: String,
}

impl<'a> Image<'a> {
    /// An image of which no line was read yet.
    pub(super) fn empty(file: &'a Dockerfile, stage: &'a Stage) -> Self {
        Self {
            file,
            stage,
            copied: Vec::new(),
            links: Vec::new(),
            folders: BTreeSet::new(),
            filled: BTreeSet::new(),
            accounts: BTreeSet::new(),
            is_open: false,
            mended: BTreeSet::new(),
            variables: BTreeMap::new(),
            folder: "/".to_owned(),
            user: None,
            entrypoint: Vec::new(),
            command: Vec::new(),
        }
    }

    /// Puts in the variables that the lines read so far set.
    pub(super) fn fill(&self, text: &str) -> String {
        filled_in(text, &self.variables)
    }

    /// The file or folder of the project that lies at `target` in the image.
    pub(super) fn in_project(&self, tree: &Tree, target: &str) -> Option<Utf8PathBuf> {
        let direct = |target: &str| {
            self.copied.iter().rev().find_map(|copied| {
                let rest = inside(target, &copied.target)?;
                let source =
                    if rest.is_empty() { copied.source.clone() } else { path::join(&copied.source, rest)? };
                tree.kind(&source).is_some().then_some(source)
            })
        };
        direct(target).or_else(|| {
            self.links.iter().rev().find_map(|(link, named)| {
                let rest = inside(target, link)?;
                direct(&below(named, rest))
            })
        })
    }

    /// Returns the paths of a file or folder of the project in the image.
    pub(super) fn places_of(&self, source: &Utf8Path) -> Vec<String> {
        let copies = self.copied.iter().filter_map(|copied| {
            let rest = path::relative_to(source, &copied.source)?;
            Some(below(&copied.target, if rest == "." { "" } else { rest.as_str() }))
        });
        let mut places: Vec<String> = copies.collect();
        let linked = self.links.iter().filter_map(|(link, named)| {
            places.iter().find_map(|place| Some(below(link, inside(place, named)?)))
        });
        places.extend(linked.collect::<Vec<_>>());
        places
    }

    /// Tells whether a folder is in the image, as far as its lines say; `None` where they do not say.
    pub(super) fn has_folder(&self, tree: &Tree, folder: &str) -> Option<bool> {
        if self.is_open || !self.is_known() || folder.contains('$') {
            return None;
        }
        let made = |name: &String| inside(name, folder).is_some();
        let copied = |copied: &Copied| inside(&copied.target, folder).is_some();
        if is_of_system(folder) || self.folders.iter().any(made) || self.copied.iter().any(copied) {
            return Some(true);
        }
        if self.filled.iter().any(|name| inside(folder, name).is_some() || inside(name, folder).is_some()) {
            return None;
        }
        if self.links.iter().any(|(link, _)| inside(folder, link).is_some()) {
            return None;
        }
        // Below a copied folder lies what lies there in the project, and what git ignores on this machine.
        let source =
            self.copied.iter().find_map(|copied| path::join(&copied.source, inside(folder, &copied.target)?));
        Some(source.is_some_and(|source| tree.kind_on_disk(&source).is_some()))
    }

    /// Tells whether a link lies on the way to `path`.
    pub fn has_link(&self, path: &str) -> bool {
        self.links.iter().any(|(link, _)| inside(path, link).is_some())
    }

    /// Tells whether something may lie at `folder`, as far as its lines say.
    pub fn may_hold(&self, folder: &str) -> bool {
        let touches = |name: &str| inside(folder, name).is_some() || inside(name, folder).is_some();
        let is_filled = self.filled.iter().any(|name| touches(name));
        is_filled || self.has_link(folder) || self.copied.iter().any(|copied| touches(&copied.target))
    }

    /// The system packages that its lines install.
    pub fn packages(&self) -> Vec<&str> {
        let commands = self.file.chain(self.stage).into_iter().flat_map(Stage::commands);
        commands.flat_map(|(_, command)| installed(command)).collect()
    }

    /// Tells whether the base image is one of which everything is known.
    pub fn is_known(&self) -> bool {
        crate::check::dockerfile::is_official(self.file.image_of(self.stage))
    }
}

/// Tells whether a folder is one that every Linux has.
fn is_of_system(folder: &str) -> bool {
    const WHOLE: [&str; 4] = ["/usr", "/proc", "/sys", "/dev"];
    const OWN: [&str; 22] = [
        "/",
        "/tmp",
        "/etc",
        "/var",
        "/var/log",
        "/var/run",
        "/var/lib",
        "/var/cache",
        "/var/tmp",
        "/run",
        "/home",
        "/root",
        "/opt",
        "/srv",
        "/mnt",
        "/media",
        "/bin",
        "/sbin",
        "/lib",
        "/etc/nginx",
        "/etc/supervisor",
        "/var/spool",
    ];
    OWN.contains(&folder) || WHOLE.iter().any(|whole| inside(folder, whole).is_some())
}
