//! Takes away everything that carries a label. A signal does not stop it.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use bollard::query_parameters::{
    ListContainersOptionsBuilder, ListImagesOptionsBuilder, ListNetworksOptionsBuilder,
    ListVolumesOptionsBuilder, RemoveContainerOptionsBuilder, RemoveImageOptionsBuilder,
    RemoveVolumeOptionsBuilder,
};

use super::{Engine, filters};
use crate::base::Diagnostic;

/// How often a removal is tried, and the time between.
const ATTEMPTS: usize = 4;
const BETWEEN: Duration = Duration::from_millis(500);

/// Things of the Engine that carry a label, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Things {
    pub containers: Vec<String>,
    pub networks: Vec<String>,
    pub volumes: Vec<String>,
    pub images: Vec<String>,
}

impl Things {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// "2 containers, 1 volume".
    pub fn counted(&self) -> String {
        use crate::base::wording::count;
        let kinds = [
            (&self.containers, "container"),
            (&self.networks, "network"),
            (&self.volumes, "volume"),
            (&self.images, "image"),
        ];
        let counted: Vec<String> = kinds
            .iter()
            .filter(|(names, _)| !names.is_empty())
            .map(|(names, noun)| count(names.len(), noun))
            .collect();
        if counted.is_empty() { "nothing".to_owned() } else { counted.join(", ") }
    }
}

impl Engine {
    /// The values of the label `name` that something carries, each with the other labels beside it.
    pub fn values_of(&self, name: &str) -> Result<BTreeMap<String, BTreeMap<String, String>>, Diagnostic> {
        let by_label = filters(&[("label", name.to_owned())]);
        let containers = ListContainersOptionsBuilder::default().all(true).filters(&by_label).build();
        let networks = ListNetworksOptionsBuilder::default().filters(&by_label).build();
        let volumes = ListVolumesOptionsBuilder::default().filters(&by_label).build();
        let images = ListImagesOptionsBuilder::default().filters(&by_label).build();
        let labels: Vec<HashMap<String, String>> = self.insist("list what is labelled", async {
            let containers = self.docker.list_containers(Some(containers)).await?;
            let networks = self.docker.list_networks(Some(networks)).await?;
            let volumes = self.docker.list_volumes(Some(volumes)).await?;
            let images = self.docker.list_images(Some(images)).await?;
            let mut labels: Vec<_> =
                containers.into_iter().filter_map(|container| container.labels).collect();
            labels.extend(networks.into_iter().filter_map(|network| network.labels));
            labels.extend(volumes.volumes.unwrap_or_default().into_iter().map(|volume| volume.labels));
            labels.extend(images.into_iter().map(|image| image.labels));
            Ok(labels)
        })?;
        let mut values: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
        for labels in labels {
            if let Some(value) = labels.get(name) {
                values.entry(value.clone()).or_default().extend(labels);
            }
        }
        Ok(values)
    }

    /// Returns everything that carries `label` (`name=value`).
    pub fn labelled(&self, label: &str) -> Result<Things, Diagnostic> {
        let by_label = filters(&[("label", label.to_owned())]);
        let containers = ListContainersOptionsBuilder::default().all(true).filters(&by_label).build();
        let networks = ListNetworksOptionsBuilder::default().filters(&by_label).build();
        let volumes = ListVolumesOptionsBuilder::default().filters(&by_label).build();
        let images = ListImagesOptionsBuilder::default().filters(&by_label).build();
        self.insist("list what is labelled", async {
            let containers = self.docker.list_containers(Some(containers)).await?;
            let networks = self.docker.list_networks(Some(networks)).await?;
            let volumes = self.docker.list_volumes(Some(volumes)).await?;
            let images = self.docker.list_images(Some(images)).await?;
            let mut things = Things {
                containers: containers.into_iter().filter_map(|container| container.id).collect(),
                networks: networks.into_iter().filter_map(|network| network.name).collect(),
                volumes: volumes.volumes.unwrap_or_default().into_iter().map(|volume| volume.name).collect(),
                images: images
                    .into_iter()
                    .map(|image| image.repo_tags.into_iter().next().unwrap_or(image.id))
                    .collect(),
            };
            for names in
                [&mut things.containers, &mut things.networks, &mut things.volumes, &mut things.images]
            {
                names.sort();
            }
            Ok(things)
        })
    }

    /// Removes everything that carries `label`, running or not, and returns what is left all the same. What cannot
    /// be removed at once, because something else that goes away still holds it, is tried again.
    pub fn remove(&self, label: &str) -> Result<Things, Diagnostic> {
        let mut left = self.labelled(label)?;
        for attempt in 0..ATTEMPTS {
            if left.is_empty() {
                break;
            }
            if attempt > 0 {
                std::thread::sleep(BETWEEN);
            }
            self.remove_all(&left)?;
            left = self.labelled(label)?;
        }
        Ok(left)
    }

    fn remove_all(&self, things: &Things) -> Result<(), Diagnostic> {
        self.insist("remove what was made", async {
            // What cannot be removed is found again below. Containers hold on to everything else.
            let containers = things.containers.iter().map(|id| {
                let force = RemoveContainerOptionsBuilder::default().force(true).v(true).build();
                self.docker.remove_container(id, Some(force))
            });
            futures_util::future::join_all(containers).await;
            for network in &things.networks {
                let _ = self.docker.remove_network(network).await;
            }
            for volume in &things.volumes {
                let force = RemoveVolumeOptionsBuilder::default().force(true).build();
                let _ = self.docker.remove_volume(volume, Some(force)).await;
            }
            for image in &things.images {
                let force = RemoveImageOptionsBuilder::default().force(true).build();
                let _ = self.docker.remove_image(image, Some(force), None).await;
            }
            Ok(())
        })
    }
}
