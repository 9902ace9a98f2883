//! One container of the project's own: an image, or a service of a compose file, with all that it runs.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};

use super::image::Image;
use super::paths::{absolute, below, filled_in, inside};
use crate::base::{Place, Tree, path};
use crate::check::command_line::SimpleCommand;
use crate::check::compose::{ComposeFile, Service, named_volume};

/// A container as the project's files describe it.
#[derive(Debug)]
pub struct Container<'a> {
    /// The compose file and the service; `None` for an image that no service is built from.
    pub service: Option<(&'a ComposeFile, &'a Service)>,
    /// `None` where the image is somebody else's.
    pub image: Option<Image<'a>>,
    pub mounts: Vec<Mount>,
    /// The mounts with those that another file of the same folder adds to the service, for each such file.
    pub(super) other_mounts: Vec<Vec<Mount>>,
    /// Everything that it starts, as far as it was followed.
    pub runs: Vec<Run>,
    /// The shell scripts among that.
    pub scripts: Vec<Script>,
}

/// A command that runs in a container.
#[derive(Clone, Debug)]
pub struct Run {
    pub place: Place,
    pub command: SimpleCommand,
    /// The folder in which it is started, as far as that is known.
    pub folder: String,
    /// The program of supervisor's that it is.
    pub program: Option<String>,
}

/// A shell script of the project that a container runs.
#[derive(Clone, Debug)]
pub struct Script {
    pub path: Utf8PathBuf,
    /// It is, or becomes, the container's first process.
    pub is_start: bool,
    /// Started by its path, so that its first line says what reads it.
    pub is_direct: bool,
    /// Its line ends are mended by a line of the Dockerfile.
    pub is_mended: bool,
}

/// A mount of a service: what, and where.
#[derive(Clone, Debug)]
pub struct Mount {
    pub source: Source,
    pub target: String,
}

/// Something that is mounted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    Volume(String),
    Project(Utf8PathBuf),
    /// A folder of the machine, or a volume without a name.
    Elsewhere(String),
}

/// The target of a path in a container: containers that mount one thing see one file there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    Mounted(Source, String),
    /// In the container's own image.
    Inside(String),
}

impl<'a> Container<'a> {
    /// A container of which nothing is followed yet.
    pub(super) fn new(service: Option<(&'a ComposeFile, &'a Service)>, image: Option<Image<'a>>) -> Self {
        let mounts = service.map(|(file, service)| mounts(file, service)).unwrap_or_default();
        Self { service, image, mounts, other_mounts: Vec::new(), runs: Vec::new(), scripts: Vec::new() }
    }

    /// Returns the container's name in messages.
    pub fn name(&self) -> String {
        match (self.service, &self.image) {
            (Some((_, service)), _) => format!("the service `{}`", service.name),
            (None, Some(image)) => format!("the image of `{}`", image.file.path),
            (None, None) => "the container".to_owned(),
        }
    }

    /// The folder in which its process starts.
    pub fn folder(&self) -> String {
        let said = self.service.and_then(|(_, service)| service.working_folder.as_deref());
        let own = self.image.as_ref().map_or("/", |image| image.folder.as_str());
        said.map_or_else(|| own.to_owned(), |said| absolute(own, said))
    }

    /// Returns the commands that the container starts first, with their lines: the entrypoint, then the command.
    pub(super) fn started(&self) -> Vec<(Place, SimpleCommand)> {
        let (mut entrypoint, mut command) = self
            .image
            .as_ref()
            .map(|image| (image.entrypoint.clone(), image.command.clone()))
            .unwrap_or_default();
        if let Some((file, service)) = self.service {
            let placed = |commands: &[SimpleCommand]| -> Vec<(Place, SimpleCommand)> {
                let place = |command: &SimpleCommand| {
                    let word = command.words.iter().find(|word| !word.is_empty() && !word.contains('\n'));
                    file.line_of(service, word.map_or("command", String::as_str))
                };
                commands.iter().map(|command| (place(command), command.clone())).collect()
            };
            let (own, rest) = service.commands.split_at(service.entrypoint.unwrap_or(0));
            if service.entrypoint.is_some() {
                (entrypoint, command) = (placed(own), Vec::new());
            }
            if service.says_command {
                command = placed(rest);
            }
        }
        entrypoint.into_iter().chain(command).collect()
    }

    /// The value of a variable, where the image or the service says it.
    pub fn variable(&self, name: &str) -> Option<String> {
        let said = self.service.and_then(|(_, service)| {
            let (_, value) = service.environment.iter().find(|(own, _)| own == name)?;
            Some(value.clone().unwrap_or_default())
        });
        said.or_else(|| self.image.as_ref()?.variables.get(name).cloned())
    }

    /// The file or folder of the project that the container sees at `target`.
    pub fn in_project(&self, tree: &Tree, target: &str) -> Option<Utf8PathBuf> {
        match self.locate(target) {
            Location::Mounted(Source::Project(folder), rest) => {
                let source = if rest.is_empty() { folder } else { path::join(&folder, &rest)? };
                tree.kind(&source).is_some().then_some(source)
            }
            Location::Mounted(..) => None,
            Location::Inside(target) => self.image.as_ref()?.in_project(tree, &target),
        }
    }

    /// Returns the paths of a file or folder of the project in the container, also those under a mount.
    pub fn folders_of(&self, source: &Utf8Path) -> Vec<String> {
        let in_image = self.image.as_ref().map(|image| image.places_of(source)).unwrap_or_default();
        self.bound(source).chain(in_image).collect()
    }

    /// Returns the paths at which mounts of project folders have a file or folder.
    fn bound<'b>(&'b self, source: &'b Utf8Path) -> impl Iterator<Item = String> + 'b {
        self.mounts.iter().filter_map(move |mount| match &mount.source {
            Source::Project(folder) => {
                let rest = path::relative_to(source, folder)?;
                Some(below(&mount.target, if rest == "." { "" } else { rest.as_str() }))
            }
            _ => None,
        })
    }

    /// Returns the paths at which the container sees a file or folder of the project.
    pub fn places_of(&self, source: &Utf8Path) -> Vec<String> {
        let in_image = self.image.as_ref().map(|image| image.places_of(source)).unwrap_or_default();
        // What is mounted over a folder hides the image's.
        let seen = in_image.into_iter().filter(|place| matches!(self.locate(place), Location::Inside(_)));
        self.bound(source).chain(seen).collect()
    }

    /// Follows a path of the container through what is mounted.
    pub fn locate(&self, target: &str) -> Location {
        locate_in(&self.mounts, target)
    }

    /// Returns the targets of a path, with the mounts that other files of the folder add to the service.
    pub fn locations(&self, target: &str) -> Vec<Location> {
        let others = self.other_mounts.iter().map(|mounts| locate_in(mounts, target));
        std::iter::once(self.locate(target)).chain(others).collect()
    }

    /// Every variable that the image or the service gives a value.
    pub fn variables(&self) -> BTreeMap<String, String> {
        let mut all = self.image.as_ref().map(|image| image.variables.clone()).unwrap_or_default();
        let said = self.service.into_iter().flat_map(|(_, service)| &service.environment);
        let known = said.filter_map(|(name, value)| Some((name.clone(), value.clone()?)));
        all.extend(known.map(|(name, value)| (name, filled_in(&value, &BTreeMap::new()))));
        all.retain(|_, value| !value.contains('$'));
        all
    }

    /// Tells whether it mounts the volume of this name.
    pub fn mounts(&self, volume: &str) -> bool {
        self.mounts.iter().any(|mount| mount.source == Source::Volume(volume.to_owned()))
    }

    /// The path at which it has what lies at `location` of another container.
    pub fn sees(&self, location: &Location) -> Option<String> {
        let Location::Mounted(source, rest) = location else { return None };
        self.mounts.iter().find_map(|mount| match (&mount.source, source) {
            (Source::Volume(own), Source::Volume(other)) if own == other => Some(below(&mount.target, rest)),
            (Source::Project(own), Source::Project(other)) => {
                let whole = path::join(other, rest)?;
                let rest = path::relative_to(&whole, own)?;
                Some(below(&mount.target, if rest == "." { "" } else { rest.as_str() }))
            }
            _ => None,
        })
    }

    /// Tells whether a command of it copies static files itself, to a folder that no setting names.
    pub fn copies_files(&self) -> bool {
        self.runs.iter().any(|run| {
            let is_copy = matches!(run.command.program(), "cp" | "rsync" | "ln" | "mv");
            is_copy && run.command.words.iter().any(|word| word.contains("static") || word.contains("media"))
        })
    }

    /// Tells whether a folder is in it; `None` where that is not known.
    pub fn has_folder(&self, tree: &Tree, folder: &str) -> Option<bool> {
        let is_mounted = self
            .mounts
            .iter()
            .any(|mount| inside(folder, &mount.target).is_some() || inside(&mount.target, folder).is_some());
        match self.locate(folder) {
            Location::Mounted(Source::Project(_), _) => {
                // A folder that git ignores, or that the program makes, may be there.
                self.in_project(tree, folder).map(|_| true)
            }
            _ if is_mounted => None,
            _ => self.image.as_ref()?.has_folder(tree, folder),
        }
    }
}

fn locate_in(mounts: &[Mount], target: &str) -> Location {
    let covering = mounts.iter().filter_map(|mount| Some((mount, inside(target, &mount.target)?)));
    match covering.max_by_key(|(mount, _)| mount.target.len()) {
        Some((Mount { source: Source::Project(folder), .. }, rest)) => {
            let whole = path::join(folder, rest).unwrap_or_else(|| folder.clone());
            Location::Mounted(Source::Project(whole), String::new())
        }
        Some((mount, rest)) => Location::Mounted(mount.source.clone(), rest.to_owned()),
        None => Location::Inside(target.to_owned()),
    }
}

pub(super) fn mounts(file: &ComposeFile, service: &Service) -> Vec<Mount> {
    let read = |mount: &String| {
        let Some((source, rest)) = mount.split_once(':') else {
            return Some(Mount { source: Source::Elsewhere(String::new()), target: absolute("/", mount) });
        };
        let target = rest.split(':').next().filter(|target| target.starts_with('/'))?;
        let in_project = || path::join(path::parent(&file.path), source).filter(|_| source.starts_with('.'));
        let source = match named_volume(mount) {
            Some(name) => Source::Volume(name.to_owned()),
            None => match in_project() {
                Some(folder) => Source::Project(folder),
                // `static:/x` without `./` is a volume; what else is written without is not known.
                None => Source::Elsewhere(source.to_owned()),
            },
        };
        Some(Mount { source, target: absolute("/", target) })
    };
    service.mounts.iter().filter_map(read).collect()
}
