//! Static files that a storage outside of the stack gives out: at the address that pages name.

use super::django::{self, Fetched};
use super::host::Host;
use super::page_findings;
use super::setting::{Named, Outcome, Setting};
use crate::plan::probes::Act;
use crate::shell::interrupt::Stopped;

/// The server of the storage, as the addresses of its files name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bucket {
    /// `http` or `https`.
    scheme: String,
    /// The host, with a port where there is one.
    name: String,
}

impl Bucket {
    /// Returns the address that a link with a host of its own leads to, if that is this server's.
    pub(super) fn address(&self, link: &str) -> Option<String> {
        (host_of(link)? == self.name).then(|| match link.strip_prefix("//") {
            Some(rest) => format!("{}://{rest}", self.scheme),
            None => link.to_owned(),
        })
    }
}

/// Asks for the static file `name` where the storage says that it is.
pub(super) fn stored(
    setting: &Setting<'_>,
    name: &str,
    content_type: Option<&str>,
    host: &dyn Host,
) -> Result<Outcome, Stopped> {
    let run = setting.run;
    if !run.may_write_outside {
        let left_out = format!(
            "static files in their bucket: a run may not write there. Give it a bucket for tests: `djdock smoke {} --env-file FILE`",
            run.environment.word()
        );
        return Ok(Outcome::Partly("nothing was copied to the bucket".to_owned(), vec![left_out]));
    }
    let url = match django::stored_at(setting, name, host)? {
        Named::At(url) => url,
        Named::Nowhere(why) => {
            return Ok(page_findings::file_not_stored(name, &format!("has no address: {why}"), None).into());
        }
        Named::Unknown => {
            return Ok(page_findings::file_not_stored(name, "has no address that Django tells", None).into());
        }
    };
    let shown = plain(&url);
    let got = match fetch(setting, &url, host)? {
        Ok(got) => got,
        Err(cause) => {
            return Ok(
                page_findings::file_not_stored(shown, &format!("does not answer: {cause}"), None).into()
            );
        }
    };
    let how = match (got.status, content_type) {
        (200..=299, _) if got.bytes == 0 => "is empty".to_owned(),
        (200..=299, Some(expected)) if !got.kind.starts_with(expected) => {
            format!("comes as `{}`, and browsers take `{expected}` alone for it", got.kind)
        }
        (200..=299, _) => {
            return Ok(Outcome::Shown(format!("GET {shown} → {}, {} bytes", got.status, got.bytes)));
        }
        (status, _) => format!("answers {status}"),
    };
    Ok(page_findings::file_not_stored(shown, &how, Some(got.status)).into())
}

/// Returns the server that pages name for static files, in a run that has copied them there.
pub(super) fn bucket(setting: &Setting<'_>, host: &dyn Host) -> Result<Option<Bucket>, Stopped> {
    let mut names = setting.run.probes.iter().filter_map(|probe| match &probe.act {
        Act::Stored { name, .. } => Some(name),
        _ => None,
    });
    let Some(name) = names.next().filter(|_| setting.run.may_write_outside) else { return Ok(None) };
    let Named::At(url) = django::stored_at(setting, name, host)? else { return Ok(None) };
    let scheme = if url.starts_with("http://") { "http" } else { "https" };
    Ok(host_of(&url).map(|name| Bucket { scheme: scheme.to_owned(), name: name.to_owned() }))
}

/// Asks another machine for `url`.
pub(super) fn fetch(
    setting: &Setting<'_>,
    url: &str,
    host: &dyn Host,
) -> Result<Result<Fetched, String>, Stopped> {
    if host_of(url).is_none() {
        return Ok(Err("its address names no host".to_owned()));
    }
    if !url.starts_with("http://") {
        return django::fetch(setting, url, host);
    }
    Ok(host.fetch(url).map(|answer| Fetched {
        status: answer.status,
        kind: answer.header("content-type").unwrap_or_default().to_owned(),
        bytes: answer.body.len(),
    }))
}

/// Returns an address without its signature, which is nobody's business.
pub(super) fn plain(url: &str) -> &str {
    url.split(['?', '#']).next().unwrap_or(url)
}

/// Returns the host of an address that names one, with its port.
fn host_of(url: &str) -> Option<&str> {
    let (scheme, rest) = url.split_once("//")?;
    let is_address = matches!(scheme, "" | "http:" | "https:");
    let host = rest.split(['/', '?', '#']).next().filter(|host| is_address && !host.is_empty())?;
    Some(host.rsplit_once('@').map_or(host, |(_, host)| host))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_leads_to_the_bucket_by_host_and_port() {
        let bucket = Bucket { scheme: "https".to_owned(), name: "cdn.example.com:444".to_owned() };
        assert_eq!(
            bucket.address("//cdn.example.com:444/a.css?x=1").as_deref(),
            Some("https://cdn.example.com:444/a.css?x=1")
        );
        assert_eq!(
            bucket.address("http://cdn.example.com:444/a.css").as_deref(),
            Some("http://cdn.example.com:444/a.css")
        );
        for other in ["https://cdn.example.com/a.css", "/static/a.css", "a.css", "data:text/css,//x", "//"] {
            assert_eq!(bucket.address(other), None, "{other}");
        }
    }

    #[test]
    fn a_signature_is_not_shown() {
        assert_eq!(plain("https://b.example.com/a.css?X-Amz-Signature=1"), "https://b.example.com/a.css");
    }
}
