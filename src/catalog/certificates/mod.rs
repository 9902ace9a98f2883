//! Programs that get certificates for a proxy that gets none by itself.

mod certbot;
mod none;

use super::offer::{Listed, Offer};

impl Listed for Certificates {
    const ALL: &'static [&'static Self] = &[&none::NONE, &certbot::CERTBOT];

    fn offer(&self) -> &Offer {
        &self.offer
    }
}

/// An answer to the question of who gets the certificate with which the proxy answers HTTPS.
#[derive(Clone, Copy, Debug)]
pub struct Certificates {
    /// The program's texts in questions and documents.
    pub offer: Offer,
    /// The way in which the program is run; `None` where nobody in the stack gets certificates.
    pub run: Option<Run>,
}

/// A program that gets certificates and renews them, beside a proxy that shows the answers to the authority's questions.
///
/// It runs as the proxy's user, so that the proxy can read the keys, and only under its profile: until the site's name leads to
/// the machine, there is nothing to get.
#[derive(Clone, Copy, Debug)]
pub struct Run {
    /// The name of the service.
    pub service: &'static str,
    /// The key of the image in `knowledge/images.toml`.
    pub image: &'static str,
    /// The Compose profile under which the service runs.
    pub profile: &'static str,
    /// The variable of the env file that names the site, and that the script reads.
    pub site_variable: &'static str,
    /// The script for `sh` that gets the certificate and renews it for ever. `{certificates}` stands for the folder of
    /// certificates, below which `{chain}` and `{key}` must appear, and files of `{webroot}` are shown to the authority.
    pub script: &'static str,
    /// The certificate with those between it and the authority, below the folder of certificates.
    pub chain: &'static str,
    /// The certificate's key, below the folder of certificates.
    pub key: &'static str,
    /// The folder below that of certificates whose files the proxy shows under `/.well-known/acme-challenge/`.
    pub webroot: &'static str,
    /// Folders that the program writes at run time: kept in memory.
    pub writable: &'static [&'static str],
}
