//! The contents of an image: its variables, its history, its files.

use std::io::{self, Read};

use bollard::models::ContainerCreateBody;
use bollard::query_parameters::{
    CreateContainerOptions, DownloadFromContainerOptionsBuilder, RemoveContainerOptionsBuilder,
};
use futures_util::StreamExt;
use tokio::sync::mpsc;

use super::Engine;
use crate::shell::interrupt::Stopped;

/// Everything that anyone who has an image can read without starting it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    /// `NAME=value`.
    pub environment: Vec<String>,
    /// The commands of its layers, build arguments among them.
    pub history: Vec<String>,
}

/// Files larger than this are listed and not looked into.
const LARGEST: u64 = 1024 * 1024;

impl Engine {
    pub fn evidence(&self, image: &str) -> Result<Evidence, Stopped> {
        self.wait("inspect an image", async {
            let inspected = self.docker.inspect_image(image).await?;
            let history = self.docker.image_history(image).await?;
            Ok(Evidence {
                environment: inspected.config.and_then(|config| config.env).unwrap_or_default(),
                history: history.into_iter().map(|layer| layer.created_by).collect(),
            })
        })
    }

    /// Shows every file of `image` below `folder` to `look`, with its path in the image and the beginning of its
    /// contents. The container that is made for it never runs.
    pub fn files(
        &self,
        image: &str,
        folder: &str,
        labels: impl IntoIterator<Item = (String, String)>,
        mut look: impl FnMut(&str, &[u8]) + Send,
    ) -> Result<(), Stopped> {
        let body = ContainerCreateBody {
            image: Some(image.to_owned()),
            // An image may have none of its own.
            cmd: Some(vec!["true".to_owned()]),
            labels: Some(labels.into_iter().collect()),
            ..ContainerCreateBody::default()
        };
        let created = self
            .wait("make a container", self.docker.create_container(None::<CreateContainerOptions>, body))?;
        let (sender, receiver) = mpsc::channel::<io::Result<Vec<u8>>>(8);
        let above = std::path::Path::new(folder).parent().unwrap_or_else(|| "/".as_ref()).to_owned();
        let options = DownloadFromContainerOptionsBuilder::default().path(folder).build();
        let read = std::thread::scope(|scope| {
            let reader =
                scope.spawn(move || read(Pieces { receiver, rest: Vec::new(), at: 0 }, &above, &mut look));
            let sent = self.wait("read an image's files", async {
                let mut stream = Box::pin(self.docker.download_from_container(&created.id, Some(options)));
                while let Some(piece) = stream.next().await {
                    if sender.send(Ok(piece?.to_vec())).await.is_err() {
                        break;
                    }
                }
                drop(sender);
                Ok(())
            });
            // A broken archive shows as what is missing from it.
            let _ = reader.join();
            sent
        });
        let force = RemoveContainerOptionsBuilder::default().force(true).v(true).build();
        let removed =
            self.insist("remove a container", self.docker.remove_container(&created.id, Some(force)));
        read?;
        removed?;
        Ok(())
    }
}

fn read(pieces: Pieces, above: &std::path::Path, look: &mut impl FnMut(&str, &[u8])) -> io::Result<()> {
    let mut archive = tar::Archive::new(pieces);
    for entry in archive.entries()? {
        let mut entry = entry?;
        let path = above.join(entry.path()?);
        let mut contents = Vec::new();
        if entry.header().entry_type().is_file() && entry.size() <= LARGEST {
            entry.read_to_end(&mut contents)?;
        }
        look(&path.to_string_lossy(), &contents);
    }
    Ok(())
}

/// Reads what arrives in pieces.
struct Pieces {
    receiver: mpsc::Receiver<io::Result<Vec<u8>>>,
    rest: Vec<u8>,
    at: usize,
}

impl Read for Pieces {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.at == self.rest.len() {
            match self.receiver.blocking_recv() {
                Some(piece) => (self.rest, self.at) = (piece?, 0),
                None => return Ok(0),
            }
        }
        let rest = &self.rest[self.at..];
        let length = rest.len().min(into.len());
        into[..length].copy_from_slice(&rest[..length]);
        self.at += length;
        Ok(length)
    }
}
