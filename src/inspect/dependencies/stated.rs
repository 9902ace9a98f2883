//! One requirement as a manifest states it.

use camino::{Utf8Path, Utf8PathBuf};

use super::super::facts::{Distribution, DistributionSource};
use crate::base::{Place, path};
use crate::python::{Marker, Requirement, Specifiers, normalised};

/// A requirement, its place, and where it is fetched from.
#[derive(Clone, Debug)]
pub(super) struct Stated {
    /// Normalised.
    pub name: String,
    pub extras: Vec<String>,
    pub specifiers: Option<Specifiers>,
    /// As written in the manifest, without name and marker.
    pub written: String,
    pub source: DistributionSource,
    pub marker: Marker,
    pub place: Place,
}

impl Stated {
    /// From a PEP 508 requirement in a file of `folder`.
    pub fn from_requirement(requirement: Requirement, place: Place, folder: &Utf8Path) -> Self {
        let written = requirement.specifiers.as_ref().map(ToString::to_string).unwrap_or_default();
        let source = requirement
            .address
            .as_deref()
            .map_or(DistributionSource::Index, |address| source_of(address, folder));
        Self {
            name: requirement.name,
            extras: requirement.extras,
            specifiers: requirement.specifiers,
            written,
            source,
            marker: requirement.marker,
            place,
        }
    }

    /// From a name and a constraint as Poetry and Pipenv write them.
    pub fn named(name: &str, constraint: &str, place: Place) -> Self {
        Self {
            name: normalised(name),
            extras: Vec::new(),
            specifiers: Specifiers::parse_exact(constraint).filter(|all| !all.is_any()),
            written: if constraint == "*" { String::new() } else { constraint.to_owned() },
            source: DistributionSource::Index,
            marker: Marker::default(),
            place,
        }
    }

    pub fn into_distribution(self) -> Distribution {
        let version = self.specifiers.as_ref().and_then(Specifiers::exact).map(|version| version.to_string());
        Distribution {
            name: self.name,
            version,
            specifier: Some(self.written),
            extras: self.extras,
            source: self.source,
            direct: true,
            place: self.place,
        }
    }
}

/// A package index beside the public one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Index {
    /// Without credentials.
    pub url: String,
    pub place: Place,
    /// The manifest has a user, a password or a variable for it.
    pub has_credentials: bool,
}

impl Index {
    /// From the address as written; `None` for the public index.
    pub fn of(written: &str, place: Place) -> Option<Self> {
        let public = [concat!("://pypi", ".org/"), "://pypi.python.org/"];
        if public.iter().any(|known| written.contains(known)) {
            return None;
        }
        let url = without_credentials(written);
        Some(Self { has_credentials: url != written || !variables(written).is_empty(), url, place })
    }
}

/// Returns the source that an address after `@`, `-e` or alone on a line means, seen from `folder`.
pub(super) fn source_of(address: &str, folder: &Utf8Path) -> DistributionSource {
    let clean = without_credentials(address);
    let is_vcs = ["git+", "hg+", "svn+", "bzr+"].iter().any(|vcs| clean.starts_with(vcs));
    if is_vcs || clean.starts_with("git@") || clean.starts_with("git://") {
        return DistributionSource::Vcs(clean);
    }
    if clean.starts_with("http://") || clean.starts_with("https://") {
        return DistributionSource::Url(clean);
    }
    match local_path(&clean, folder) {
        Some(path) => DistributionSource::Local(path),
        None => DistributionSource::Url(clean),
    }
}

/// The path that an address names inside the tree: `./lib`, `file:lib`, `file:///${PROJECT_ROOT}/lib`.
pub(super) fn local_path(address: &str, folder: &Utf8Path) -> Option<Utf8PathBuf> {
    let address = address.split('#').next().unwrap_or_default().trim();
    let plain = address
        .strip_prefix("file:///${PROJECT_ROOT}/")
        .or_else(|| address.strip_prefix("file://${PROJECT_ROOT}/"))
        .or_else(|| address.strip_prefix("file://./"))
        .or_else(|| address.strip_prefix("file:").filter(|rest| !rest.starts_with("//")))
        .unwrap_or(address);
    if plain.contains("://") { None } else { path::join(folder, plain) }
}

/// The address without user and password; a variable that stands for them goes too.
pub(super) fn without_credentials(address: &str) -> String {
    let Some((scheme, rest)) = address.split_once("://") else { return address.to_owned() };
    let host_end = rest.find('/').unwrap_or(rest.len());
    let (host, path) = rest.split_at(host_end);
    // `git` and `hg` are not persons: `ssh://git@example.org` needs it.
    match host.rsplit_once('@') {
        Some((user, host)) if user == "git" || user == "hg" => format!("{scheme}://{user}@{host}{path}"),
        Some((_, host)) => format!("{scheme}://{host}{path}"),
        None => address.to_owned(),
    }
}

/// The names of `${VARIABLES}` in an address.
pub(super) fn variables(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once("${") {
        let Some((name, tail)) = after.split_once('}') else { break };
        let is_name = name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
        if !name.is_empty() && is_name && name != "PROJECT_ROOT" {
            names.push(name.to_owned());
        }
        rest = tail;
    }
    names
}

/// The name of a distribution that only an address stands for: `#egg=name`, else the last part of the path.
pub(super) fn name_from_address(address: &str) -> Option<String> {
    if let Some((_, egg)) = address.split_once("egg=") {
        let egg = egg.split(['&', '[']).next().unwrap_or_default();
        return Some(normalised(egg)).filter(|name| !name.is_empty());
    }
    let path = address.split(['#', '?']).next()?.trim_end_matches('/');
    let last = path.rsplit(['/', ':']).next()?;
    // A wheel or archive says its name before the version.
    let archive = [".whl", ".tar.gz", ".zip", ".tar.bz2"].iter().any(|end| last.ends_with(end));
    let name =
        if archive { last.split('-').next()? } else { last.split('@').next()?.trim_end_matches(".git") };
    Some(normalised(name)).filter(|name| !name.is_empty() && name != "." && name != "..")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_never_leave_the_manifest() {
        for (given, expected) in [
            ("https://user:token@example.org/simple", "https://example.org/simple"),
            ("git+https://${TOKEN}@example.org/a.git", "git+https://example.org/a.git"),
            ("git+ssh://git@example.org/a.git", "git+ssh://git@example.org/a.git"),
            ("https://example.org/@scope/a", "https://example.org/@scope/a"),
        ] {
            assert_eq!(without_credentials(given), expected);
        }
        assert_eq!(variables("https://${USER_NAME}:${TOKEN}@example.org"), ["USER_NAME", "TOKEN"]);
    }

    #[test]
    fn addresses_name_distributions() {
        for (address, name) in [
            ("git+https://example.org/django-push.git@22fda9", "django-push"),
            ("git+https://example.org/x.git#egg=Django_Push&subdirectory=a", "django-push"),
            ("https://example.org/files/My.Lib-1.0-py3-none-any.whl", "my-lib"),
            ("git+ssh://git@example.org/team/tool.git", "tool"),
        ] {
            assert_eq!(name_from_address(address).as_deref(), Some(name), "{address}");
        }
    }

    #[test]
    fn local_paths_are_seen_from_their_file() {
        let local =
            |address: &str| local_path(address, Utf8Path::new("backend")).map(Utf8PathBuf::into_string);
        assert_eq!(local("./lib").as_deref(), Some("backend/lib"));
        assert_eq!(local("file:../lib#egg=lib").as_deref(), Some("lib"));
        assert_eq!(local("file:///etc/lib"), None);
    }
}
