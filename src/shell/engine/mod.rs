//! The Docker Engine: connects as the docker command line does, builds through BuildKit, looks at what runs, and
//! removes by label. Stacks are run by `docker compose` itself ([`compose`]), so that what is proven is what people
//! run.
//!
//! Everything here is called from ordinary code: the asynchronous runtime does not leave this module. While signals
//! are held ([`interrupt`]), a call ends early when one arrives; what removes things does not.

pub mod address;
pub mod build;
pub mod clean;
pub mod compose;
pub mod containers;
pub mod context;
pub mod dockerignore;
mod failures;
pub mod image;

use std::collections::HashMap;
use std::future::Future;
use std::time::Duration;

use bollard::{API_DEFAULT_VERSION, Docker};

pub use address::Address;

use super::interrupt::{self, Stopped};
use crate::base::Diagnostic;

/// The first API with everything that is used here: Engine 20.10.
const OLDEST_API: (usize, usize) = (1, 41);
/// Seconds until an answer begins. Stopping a container may take its grace period.
const PATIENCE: u64 = 600;
/// How long one step of a removal may take.
const LONGEST: Duration = Duration::from_mins(1);
/// How soon a signal is noticed.
const TICK: Duration = Duration::from_millis(50);

/// A connection to an Engine.
#[derive(Debug)]
pub struct Engine {
    docker: Docker,
    runtime: tokio::runtime::Runtime,
    address: Address,
    version: String,
}

impl Engine {
    /// Connects to the Engine that the docker command line would use.
    pub fn connect() -> Result<Self, Diagnostic> {
        Self::at(address::find(|name| std::env::var(name).ok()))
    }

    pub fn at(address: Address) -> Result<Self, Diagnostic> {
        failures::knock(&address)?;
        let unreachable = |error: &dyn std::error::Error| failures::unreachable(&address, error);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| unreachable(&error))?;
        let docker = open(&address).map_err(|error| unreachable(&error))?;
        let (docker, version) = runtime
            .block_on(async {
                let docker = docker.negotiate_version().await?;
                let version = docker.version().await?;
                Ok((docker, version))
            })
            .map_err(|error: bollard::errors::Error| unreachable(&error))?;
        let spoken = docker.client_version();
        let version = version.version.unwrap_or_default();
        if (spoken.major_version, spoken.minor_version) < OLDEST_API {
            return Err(failures::too_old(&address, &version));
        }
        Ok(Self { docker, runtime, address, version })
    }

    pub fn address(&self) -> &Address {
        &self.address
    }

    /// `26.1.5`.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Waits for `work`, or for a signal.
    fn wait<T>(
        &self,
        doing: &str,
        work: impl Future<Output = Result<T, bollard::errors::Error>>,
    ) -> Result<T, Stopped> {
        self.runtime.block_on(async {
            tokio::pin!(work);
            let mut tick = tokio::time::interval(TICK);
            loop {
                tokio::select! {
                    biased;
                    done = &mut work => return done.map_err(|error| failures::refused(doing, &error).into()),
                    _ = tick.tick() => interrupt::check()?,
                }
            }
        })
    }

    /// Waits for `work` whatever signal arrives: what was begun must be taken away. An Engine that does not answer
    /// is waited for [`LONGEST`] and no longer.
    fn insist<T>(
        &self,
        doing: &str,
        work: impl Future<Output = Result<T, bollard::errors::Error>>,
    ) -> Result<T, Diagnostic> {
        let ended = self.runtime.block_on(async { tokio::time::timeout(LONGEST, work).await });
        match ended {
            Ok(result) => result.map_err(|error| failures::refused(doing, &error)),
            Err(_elapsed) => Err(failures::silent(doing, LONGEST)),
        }
    }
}

fn open(address: &Address) -> Result<Docker, bollard::errors::Error> {
    if let Some(folder) = &address.certificates {
        let [key, certificate, authority] = ["key.pem", "cert.pem", "ca.pem"].map(|name| folder.join(name));
        return Docker::connect_with_ssl(
            &address.host,
            &key,
            &certificate,
            &authority,
            PATIENCE,
            API_DEFAULT_VERSION,
        );
    }
    let docker = Docker::connect_with_host(&address.host)?;
    Ok(docker.with_timeout(Duration::from_secs(PATIENCE)))
}

/// Filters as the Engine's API wants them.
fn filters(filters: &[(&str, String)]) -> HashMap<String, Vec<String>> {
    let mut map: HashMap<String, Vec<String>> = HashMap::new();
    for (name, value) in filters {
        map.entry((*name).to_owned()).or_default().push(value.clone());
    }
    map
}
