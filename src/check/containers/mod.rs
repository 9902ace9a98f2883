//! The containers that the project's own files describe, across files: what each runs, with which files and folders,
//! and what lies in it where.

mod container;
mod image;
pub mod ini;
pub mod listens;
pub mod nginx;
mod paths;
mod reading;
mod runs;
mod steps;
mod supervisor;

use container::mounts;
pub use container::{Container, Location, Mount, Run, Script, Source};
pub use image::Image;
pub use paths::{absolute, below, filled_in, inside};
pub use supervisor::sections as supervisor_sections;

use camino::Utf8PathBuf;

use crate::base::path;
use crate::check::Subject;
use crate::check::compose::{ComposeFile, Service, compose_files};
use crate::check::dockerfile::{Dockerfile, Stage, all_dockerfiles};

/// The files of the project that describe containers.
#[derive(Debug)]
pub struct Files {
    pub dockerfiles: Vec<Dockerfile>,
    pub compose: Vec<ComposeFile>,
}

impl Files {
    pub fn read(subject: &Subject<'_>) -> Self {
        Self { dockerfiles: all_dockerfiles(subject), compose: compose_files(subject.tree) }
    }

    /// A container for each image, and one for each service that says what it is made of.
    pub fn containers<'a>(&'a self, subject: &Subject<'_>) -> Vec<Container<'a>> {
        let followed = |service, image| {
            let mut container = Container::new(service, image);
            container.other_mounts = self.other_mounts(&container);
            runs::follow(subject.tree, &mut container);
            container
        };
        let images = self.dockerfiles.iter().filter_map(|file| {
            let image = self.image(subject, file, file.last()?);
            Some(followed(None, Some(image)))
        });
        let of_service = |compose: &'a ComposeFile, service: &'a Service| {
            let image = self.built(service).map(|(file, stage)| self.image(subject, file, stage));
            (image.is_some() || service.image.is_some() || service.builds)
                .then(|| followed(Some((compose, service)), image))
        };
        let services = self.compose.iter().flat_map(|compose| {
            compose.services.iter().filter_map(move |service| of_service(compose, service))
        });
        images.chain(services).collect()
    }

    /// Returns the mounts of a service together with those that other files of its folder add.
    fn other_mounts(&self, container: &Container<'_>) -> Vec<Vec<Mount>> {
        let Some((own, service)) = container.service else { return Vec::new() };
        let beside = self
            .compose
            .iter()
            .filter(|other| other.path != own.path && path::parent(&other.path) == path::parent(&own.path));
        let added = beside.flat_map(|other| {
            let same = other.services.iter().filter(|one| one.name == service.name);
            same.map(move |one| mounts(other, one))
        });
        added
            .filter(|added| !added.is_empty())
            .map(|added| {
                let kept =
                    container.mounts.iter().filter(|own| added.iter().all(|one| one.target != own.target));
                kept.cloned().chain(added.iter().cloned()).collect()
            })
            .collect()
    }

    /// The Dockerfile and the stage that a service's image is: its own, or that of a service that gives the image the
    /// same name.
    fn built(&self, service: &Service) -> Option<(&Dockerfile, &Stage)> {
        let builder = if service.builds {
            Some(service)
        } else {
            let services = self.compose.iter().flat_map(|compose| &compose.services);
            services
                .into_iter()
                .find(|other| other.builds && other.image.is_some() && other.image == service.image)
        }?;
        let path = builder.dockerfile.as_ref()?;
        let file = self.dockerfiles.iter().find(|file| file.path == *path)?;
        let stage = match &builder.target {
            Some(target) => file.stages.iter().find(|stage| stage.name.eq_ignore_ascii_case(target)),
            None => file.last(),
        }?;
        Some((file, stage))
    }

    fn image<'a>(&'a self, subject: &Subject<'_>, file: &'a Dockerfile, stage: &'a Stage) -> Image<'a> {
        let services = self.compose.iter().flat_map(|compose| &compose.services);
        let built = services.filter(|service| service.dockerfile.as_ref() == Some(&file.path));
        let mut contexts: Vec<Utf8PathBuf> = built.filter_map(|service| service.context.clone()).collect();
        contexts.push(Utf8PathBuf::from("."));
        contexts.push(path::parent(&file.path).to_owned());
        reading::read(subject.tree, file, stage, &contexts)
    }
}
