//! The stylesheets and scripts that a page links to: each is asked for as a browser would.

use std::collections::BTreeMap;

use super::follow::{Arrived, follow, is_own};
use super::host::Host;
use super::links::{Leads, Link, links, resolve};
use super::missing::{Missing, Reason};
use super::setting::{Named, Outcome, Setting};
use super::stored::{self, Bucket};
use super::{django, missing, page_findings};
use crate::base::wording::count;
use crate::plan::probes::Get;
use crate::shell::interrupt::Stopped;

/// A page that links to more is asked for no more of them.
const MOST: usize = 200;

/// Asks for what the page links to that `get` is about, or the page that Django knows by the name `named`.
pub(super) fn linked(
    setting: &Setting<'_>,
    get: &Get,
    named: Option<&str>,
    host: &dyn Host,
) -> Result<Outcome, Stopped> {
    let address = named.map(|name| django::address_of(setting, name, host)).transpose()?;
    let path = match address {
        Some(Named::At(path)) => path,
        Some(Named::Nowhere(why)) => {
            let left_out = format!("the page `{}`: no URL leads to it ({why})", named.unwrap_or_default());
            return Ok(Outcome::Partly("the page has no address".to_owned(), vec![left_out]));
        }
        // The usual one.
        Some(Named::Unknown) | None => get.path.clone(),
    };
    let visit = match follow(setting, get, &path, host)? {
        Arrived::Page(visit) => visit,
        Arrived::Lost(diagnostic) => return Ok(Outcome::Failed(diagnostic)),
        Arrived::Elsewhere { from, to } => {
            let left_out = format!("what `{path}` links to: `{from}` leads to another host, `{to}`");
            return Ok(Outcome::Partly(format!("{from} leads to {to}"), vec![left_out]));
        }
    };
    let status = visit.answer.status;
    if status >= 500 {
        let wrong = "its stylesheets and scripts cannot be known";
        return Ok(page_findings::page(setting, get, &visit.path, &visit.answer, wrong, host)?.into());
    }
    if named.is_some() && status >= 400 {
        let left_out = format!("what `{}` links to: it answers {status} here", visit.path);
        return Ok(Outcome::Partly(format!("GET {} → {status}", visit.path), vec![left_out]));
    }
    let kind = visit.answer.header("content-type").unwrap_or("text/html").to_owned();
    if !kind.contains("html") {
        return Ok(Outcome::Shown(format!("GET {} → {status}, {kind}: it links to nothing", visit.path)));
    }
    let (found, base) = links(&visit.answer.text());
    let secure = Get { forwarded_https: visit.is_secure, ..get.clone() };
    let mut asked = Asked { bucket: stored::bucket(setting, host)?, ..Asked::default() };
    for link in found.iter().take(MOST) {
        asked.ask(setting, &secure, &visit.path, base.as_deref(), link, host)?;
    }
    let mut left_out = asked.left_out(&visit.path);
    if found.len() > MOST {
        left_out.push(format!("{} more links of `{}`", found.len() - MOST, visit.path));
    }
    let of_bucket = asked.of_bucket.take();
    if let Some(first) = asked.missing.first() {
        let reason = match of_bucket {
            Some(reason) => Some(reason),
            None => missing::reason_for(setting, &first.path, host)?.map(|(_, reason)| reason),
        };
        return Ok(page_findings::asset_missing(setting, &visit.path, &asked.missing, reason).into());
    }
    let seen = match asked.there {
        0 if left_out.is_empty() => {
            format!("GET {} → {status}: no stylesheet or script is linked", visit.path)
        }
        there => format!("GET {} → {status}: {} linked and there", visit.path, count(there, "file")),
    };
    let seen = match asked.in_bucket {
        0 => seen,
        number => format!("{seen}, {number} from another host, which keeps static files"),
    };
    Ok(if left_out.is_empty() { Outcome::Shown(seen) } else { Outcome::Partly(seen, left_out) })
}

/// The results of the links of a page.
#[derive(Debug, Default)]
struct Asked {
    there: usize,
    missing: Vec<Missing>,
    /// Other hosts, and how many links lead there.
    elsewhere: BTreeMap<String, usize>,
    ornaments: Vec<Missing>,
    /// The server outside of the stack that keeps static files.
    bucket: Option<Bucket>,
    /// The number of files that came from there.
    in_bucket: usize,
    /// The reason why the first missing file does not come, where that is to come from there.
    of_bucket: Option<Reason>,
}

impl Asked {
    fn ask(
        &mut self,
        setting: &Setting<'_>,
        get: &Get,
        page: &str,
        base: Option<&str>,
        link: &Link,
        host: &dyn Host,
    ) -> Result<(), Stopped> {
        let own = |name: &str| is_own(get, name);
        // A base on another host makes relative links lead there.
        let leads = match base.map(|base| resolve(page, base, &own)) {
            Some(Leads::Here(base)) => resolve(&base, &link.url, &own),
            Some(Leads::Elsewhere(name)) => {
                resolve("/", &link.url, &|known: &str| known != name && own(known))
                    .or_elsewhere(&link.url, name)
            }
            Some(Leads::Nowhere) | None => resolve(page, &link.url, &own),
        };
        let path = match leads {
            Leads::Here(path) => path,
            Leads::Elsewhere(name) => return self.ask_elsewhere(setting, link, name, host),
            Leads::Nowhere => return Ok(()),
        };
        let how = match follow(setting, get, &path, host)? {
            Arrived::Elsewhere { to, .. } => {
                *self.elsewhere.entry(to).or_default() += 1;
                return Ok(());
            }
            Arrived::Lost(diagnostic) => diagnostic.title.clone(),
            Arrived::Page(visit) => {
                let kind = visit.answer.header("content-type").unwrap_or_default();
                match visit.answer.status {
                    // Browsers use no page for a stylesheet or script.
                    200..=299 if !link.is_ornament && kind.starts_with("text/html") => {
                        "answers with a page of HTML".to_owned()
                    }
                    200..=299 => {
                        self.there += 1;
                        return Ok(());
                    }
                    status => format!("answers {status}"),
                }
            }
        };
        let missing = Missing { path, how };
        if link.is_ornament {
            self.ornaments.push(missing);
        } else {
            self.missing.push(missing);
        }
        Ok(())
    }

    /// Asks for a link to the host `name`, if that keeps the project's static files; counts it otherwise.
    fn ask_elsewhere(
        &mut self,
        setting: &Setting<'_>,
        link: &Link,
        name: String,
        host: &dyn Host,
    ) -> Result<(), Stopped> {
        let Some(url) = self.bucket.as_ref().and_then(|bucket| bucket.address(&link.url)) else {
            *self.elsewhere.entry(name).or_default() += 1;
            return Ok(());
        };
        let (how, status) = match stored::fetch(setting, &url, host)? {
            Ok(got) if (200..300).contains(&got.status) => {
                self.there += 1;
                self.in_bucket += 1;
                return Ok(());
            }
            Ok(got) => (format!("answers {}", got.status), Some(got.status)),
            Err(cause) => (format!("does not come: {cause}"), None),
        };
        let missing = Missing { path: stored::plain(&url).to_owned(), how };
        if link.is_ornament {
            self.ornaments.push(missing);
            return Ok(());
        }
        if self.missing.is_empty() {
            self.of_bucket = Some(missing::of_bucket(status));
        }
        self.missing.push(missing);
        Ok(())
    }

    /// Returns the links that were not asked for, or are not held against the stack, with the reasons.
    fn left_out(&self, page: &str) -> Vec<String> {
        let elsewhere = self.elsewhere.iter().map(|(name, number)| {
            format!("{} of `{page}` to another host, `{name}`", count(*number, "link"))
        });
        let ornaments = self
            .ornaments
            .iter()
            .map(|missing| format!("`{}`, which `{page}` does without: it {}", missing.path, missing.how));
        elsewhere.chain(ornaments).collect()
    }
}

impl Leads {
    /// A relative link leads to the host `name`; one that states a host of its own does not.
    fn or_elsewhere(self, url: &str, name: String) -> Self {
        let is_relative = !url.starts_with("//") && !url.contains("://");
        if is_relative && matches!(self, Self::Here(_)) { Self::Elsewhere(name) } else { self }
    }
}
