//! The stylesheets and scripts that a page links to, and where a link of a page leads.

use html5gum::{DefaultEmitter, Token, Tokenizer};

/// A link of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Link {
    /// As the page has it, without white space around it.
    pub url: String,
    /// True if the page does without it: an icon.
    pub is_ornament: bool,
}

/// The target of a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Leads {
    /// A path of the site itself, with its query.
    Here(String),
    /// Another host, by name.
    Elsewhere(String),
    /// Nowhere: the link holds its contents itself (`data:`), or is no address.
    Nowhere,
}

/// The stylesheets, scripts and icons of `page` in the order of their first mention, and the address that they are
/// relative to where the page states one (`<base href>`).
pub(super) fn links(page: &str) -> (Vec<Link>, Option<String>) {
    let mut emitter = DefaultEmitter::<()>::default();
    // What stands in scripts, styles and comments is no link.
    emitter.naively_switch_states(true);
    let (mut links, mut base): (Vec<Link>, Option<String>) = (Vec::new(), None);
    for token in Tokenizer::new_with_emitter(page, emitter) {
        let Ok(Token::StartTag(tag)) = token else { continue };
        let attribute = |name: &[u8]| {
            let value = tag.attributes.get(name)?;
            Some(String::from_utf8_lossy(&value.value).trim().to_owned())
        };
        let (url, is_ornament) = match tag.name.as_slice() {
            b"base" => {
                // The first one counts.
                base = base.or_else(|| attribute(b"href"));
                continue;
            }
            b"script" => (attribute(b"src"), false),
            b"link" => match kind(&attribute(b"rel").unwrap_or_default(), attribute(b"as").as_deref()) {
                Some(is_ornament) => (attribute(b"href"), is_ornament),
                None => continue,
            },
            _ => continue,
        };
        let Some(url) = url.filter(|url| !url.is_empty()) else { continue };
        if !links.iter().any(|known| known.url == url) {
            links.push(Link { url, is_ornament });
        }
    }
    (links, base)
}

/// Tells whether a `<link>` names a file that the page asks for, and whether that is an ornament.
fn kind(rel: &str, kind: Option<&str>) -> Option<bool> {
    let has = |word: &str| rel.split_ascii_whitespace().any(|known| known.eq_ignore_ascii_case(word));
    if has("stylesheet") || has("modulepreload") {
        return Some(false);
    }
    if has("preload") {
        let is_asked = |kind: &str| ["style", "script", "font"].contains(&kind.to_ascii_lowercase().as_str());
        return kind.filter(|kind| is_asked(kind)).map(|_| false);
    }
    ["icon", "apple-touch-icon", "mask-icon", "manifest"].into_iter().any(has).then_some(true)
}

/// Returns the target of `url` from the page at `page`, a path of the site. `own` says whether a host is the site's.
pub(super) fn resolve(page: &str, url: &str, own: &dyn Fn(&str) -> bool) -> Leads {
    let url = url.split('#').next().unwrap_or_default().trim();
    let lower = url.to_ascii_lowercase();
    let rest = match lower.split_once(':') {
        Some(("http" | "https", _)) => url.split_once(':').map_or(url, |(_, rest)| rest),
        // `data:`, `blob:`, `about:`: a letter, and more of what a scheme is made of.
        Some((scheme, _)) if is_scheme(scheme) => return Leads::Nowhere,
        _ => url,
    };
    if let Some(rest) = rest.strip_prefix("//") {
        let at = rest.find(['/', '?']).unwrap_or(rest.len());
        let (host, path) = rest.split_at(at);
        let name = host.rsplit_once('@').map_or(host, |(_, host)| host);
        if !own(name) {
            return Leads::Elsewhere(name.to_owned());
        }
        return Leads::Here(tidied(if path.starts_with('/') { path.to_owned() } else { format!("/{path}") }));
    }
    let path = page.split('?').next().unwrap_or(page);
    Leads::Here(tidied(match rest {
        "" => path.to_owned(),
        _ if rest.starts_with('/') => rest.to_owned(),
        _ if rest.starts_with('?') => format!("{path}{rest}"),
        _ => format!("{}/{rest}", path.rsplit_once('/').map_or("", |(folder, _)| folder)),
    }))
}

fn is_scheme(text: &str) -> bool {
    let mut letters = text.chars();
    letters.next().is_some_and(|first| first.is_ascii_alphabetic())
        && letters.all(|letter| letter.is_ascii_alphanumeric() || "+.-".contains(letter))
}

/// A path without `.` and `..`, and without letters that no request may hold.
fn tidied(path: String) -> String {
    let (path, query) = match path.split_once('?') {
        Some((path, query)) => (path.to_owned(), Some(query.to_owned())),
        None => (path, None),
    };
    let mut parts: Vec<&str> = Vec::new();
    let all: Vec<&str> = path.split('/').skip(1).collect();
    for (at, part) in all.iter().enumerate() {
        let is_last = at + 1 == all.len();
        match *part {
            "." if is_last => parts.push(""),
            "." => {}
            ".." => {
                parts.pop();
                if is_last {
                    parts.push("");
                }
            }
            part => parts.push(part),
        }
    }
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    let text = format!("/{}{query}", parts.join("/"));
    text.bytes().fold(String::new(), |mut text, byte| {
        match byte {
            b'!'..=b'~' if !b"\"<>\\^`{|}".contains(&byte) => text.push(char::from(byte)),
            _ => text.push_str(&format!("%{byte:02X}")),
        }
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn urls(page: &str) -> Vec<String> {
        links(page).0.into_iter().map(|link| link.url).collect()
    }

    #[test]
    fn stylesheets_and_scripts_are_found_however_they_are_written() {
        let page = r#"<!doctype html><HEAD>
            <link rel=stylesheet href=/static/a.css>
            <LINK HREF='/static/b.css?v=1&amp;w=2' REL="StyleSheet" media="print">
            <link rel="alternate stylesheet" href=" /static/c.css ">
            <link rel="modulepreload" href="/static/d.js"><link rel="preload" as="font" href="/static/e.woff2">
            <script defer
                src="/static/f.js"></script><script src="/static/f.js"></script>
            <link rel="shortcut icon" href="/favicon.ico">"#;
        assert_eq!(
            urls(page),
            [
                "/static/a.css",
                "/static/b.css?v=1&w=2",
                "/static/c.css",
                "/static/d.js",
                "/static/e.woff2",
                "/static/f.js",
                "/favicon.ico"
            ]
        );
        assert!(links(page).0.iter().all(|link| link.is_ornament == (link.url == "/favicon.ico")));
    }

    #[test]
    fn what_only_looks_like_a_link_is_none() {
        let page = r#"<!-- <link rel="stylesheet" href="/old.css"> --><script>
            document.write('<script src="/written.js"><\/script><link rel=stylesheet href=/x.css>')</script>
            <style>/* <script src="/no.js"> */</style><title><script src="/title.js"></title>
            <textarea><link rel="stylesheet" href="/text.css"></textarea>
            <link rel="canonical" href="/page/"><link rel="preload" as="image" href="/big.png" imagesrcset="/a.png 2x">
            <link rel="dns-prefetch" href="//cdn.example.com"><img src="/a.png" srcset="/b.png 2x"><script>inline()</script>
            <link rel="stylesheet" href=""><link rel="stylesheet">"#;
        assert!(urls(page).is_empty(), "{:?}", urls(page));
    }

    #[test]
    fn a_page_may_say_what_its_links_are_relative_to() {
        let (found, base) = links(
            r#"<base target="_top"><base href="/app/"><base href="/no/"><script src="main.js"></script>"#,
        );
        assert_eq!((found[0].url.as_str(), base.as_deref()), ("main.js", Some("/app/")));
    }

    #[test]
    fn links_lead_where_a_browser_would_go() {
        let own = |host: &str| host.split(':').next() == Some("localhost");
        let leads = |page: &str, url: &str| match resolve(page, url, &own) {
            Leads::Here(path) => path,
            Leads::Elsewhere(host) => format!("elsewhere: {host}"),
            Leads::Nowhere => "nowhere".to_owned(),
        };
        for (page, url, expected) in [
            ("/", "/static/a.css", "/static/a.css"),
            ("/shop/cart/?next=/x/", "a.css?v=1#top", "/shop/cart/a.css?v=1"),
            ("/shop/cart/", "../a.css", "/shop/a.css"),
            ("/shop/cart", "./a.css", "/shop/a.css"),
            ("/shop/", "../../../a.css", "/a.css"),
            ("/", "http://localhost:8000/static/a.css", "/static/a.css"),
            ("/", "HTTPS://localhost/static/a.css", "/static/a.css"),
            ("/", "//localhost/static/a.css", "/static/a.css"),
            ("/", "//cdn.example.com/a.css", "elsewhere: cdn.example.com"),
            ("/", "https://fonts.example.com?family=Inter", "elsewhere: fonts.example.com"),
            ("/", "data:text/css,body{}", "nowhere"),
            ("/", "blob:x", "nowhere"),
            ("/", "/static/größe a.css", "/static/gr%C3%B6%C3%9Fe%20a.css"),
            ("/", "/static/a%20b.css", "/static/a%20b.css"),
            ("/login/?a=b", "?c=d", "/login/?c=d"),
            ("/", "static/a:b.css", "/static/a:b.css"),
        ] {
            assert_eq!(leads(page, url), expected, "{url} on {page}");
        }
    }
}
