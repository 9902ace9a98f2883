//! Folders that nginx serves, and the folders in which Django has its static and media files.

use super::Stack;
use crate::base::codes::check::across::NGINX_ALIAS_ELSEWHERE;
use crate::base::{Diagnostic, Place};
use crate::check::containers::nginx::{Directive, NginxFile, reads};
use crate::check::containers::{Container, Location, Source, absolute, below, filled_in, inside};
use crate::python::Value;

/// A kind of files: the setting for their address, the one for their folder, and what people call them.
const KINDS: [(&str, &str, &str); 2] =
    [("STATIC_URL", "STATIC_ROOT", "static files"), ("MEDIA_URL", "MEDIA_ROOT", "uploads")];

/// A folder that the settings name.
struct Root<'a> {
    setting: &'static str,
    files: &'static str,
    url: String,
    /// Relative to the project, or absolute in the container.
    folder: String,
    place: &'a Place,
}

/// A folder that a file of nginx's serves for an address.
struct Served<'a> {
    directive: &'a Directive,
    folder: String,
}

pub(super) fn find(stack: &Stack<'_>) -> Vec<Diagnostic> {
    let roots: Vec<Root<'_>> = KINDS.iter().filter_map(|kind| root(stack, *kind)).collect();
    let mut found = Vec::new();
    for proxy in stack.containers {
        let owners: Vec<&Container<'_>> = if super::is_django(proxy) {
            vec![proxy]
        } else {
            stack.beside(proxy).into_iter().filter(|other| super::is_django(other)).collect()
        };
        // `volumes_from` brings what another container mounts.
        if owners.is_empty() || proxy.service.is_some_and(|(_, service)| service.borrows_mounts) {
            continue;
        }
        for file in stack.nginx.iter().filter(|file| reads(proxy, &file.path)) {
            for root in &roots {
                found.extend(
                    served(file, proxy, &root.url)
                        .and_then(|served| compare(stack, file, proxy, &owners, root, &served)),
                );
            }
        }
    }
    found
}

/// Returns the folder that the settings name for a kind of files, if no variable has a say.
fn root<'a>(stack: &Stack<'a>, (url, folder, files): (&str, &'static str, &'static str)) -> Option<Root<'a>> {
    let (address, _) = stack.subject.setting(url)?;
    let address = address.as_str()?;
    let (value, place) = stack.subject.setting(folder)?;
    let folder_text = match value {
        Value::Str(text) => text.clone(),
        Value::Path(_) => value.as_text()?,
        _ => return None,
    };
    if address.contains("://") || folder_text.is_empty() {
        return None;
    }
    let url = format!("/{}", address.trim_start_matches('/'));
    // A folder that is written as a relative path begins where commands run.
    let is_relative = matches!(value, Value::Str(text) if !text.starts_with('/'));
    let fact = if folder == "STATIC_ROOT" {
        &stack.subject.facts.static_root
    } else {
        &stack.subject.facts.media_root
    };
    let folder_text = if is_relative { fact.value.clone()? } else { folder_text };
    Some(Root { setting: folder, files, url, folder: folder_text, place })
}

/// The folder from which a file of nginx's serves `url`: that of the longest location.
fn served<'a>(file: &'a NginxFile, proxy: &Container<'_>, url: &str) -> Option<Served<'a>> {
    let mut best: Option<(usize, Served<'a>)> = None;
    let mut is_open = false;
    file.visit(&mut |directive, above| {
        if directive.name() != "location" {
            return;
        }
        let (mark, prefix) = match directive.arguments() {
            [prefix] => ("", prefix.as_str()),
            [mark, prefix] => (mark.as_str(), prefix.as_str()),
            _ => return,
        };
        let name = url.trim_matches('/');
        if mark.starts_with('~') {
            // A pattern that speaks of the address decides before a plain prefix does.
            is_open |= prefix.contains(name.split('/').next().unwrap_or(name));
            return;
        }
        if mark == "=" || prefix == "/" || !prefix.starts_with('/') {
            return;
        }
        // Both end in `/`, or neither: another rule says so where they do not end alike.
        let Some(rest) = inside(url.trim_end_matches('/'), prefix.trim_end_matches('/')) else { return };
        let folder = if let Some(alias) = directive.get("alias") {
            alias.argument().map(|folder| below(&fill(proxy, folder), rest))
        } else {
            let own = directive.get("root").or_else(|| above.iter().rev().find_map(|one| one.get("root")));
            let is_passed =
                directive.block.iter().any(|one| one.name().ends_with("_pass") || one.name() == "return");
            own.and_then(Directive::argument)
                .filter(|_| !is_passed)
                .map(|folder| below(&fill(proxy, folder), url.trim_matches('/')))
        };
        let length = prefix.len();
        if best.as_ref().is_none_or(|(known, _)| *known < length) {
            let shown = directive.get("alias").or_else(|| directive.get("root")).unwrap_or(directive);
            best = folder.map(|folder| (length, Served { directive: shown, folder: absolute("/", &folder) }));
        }
    });
    best.map(|(_, served)| served).filter(|served| !is_open && !served.folder.contains('$'))
}

fn fill(proxy: &Container<'_>, text: &str) -> String {
    let variables = proxy.variables();
    filled_in(text, &variables)
}

fn compare(
    stack: &Stack<'_>,
    file: &NginxFile,
    proxy: &Container<'_>,
    owners: &[&Container<'_>],
    root: &Root<'_>,
    served: &Served<'_>,
) -> Option<Diagnostic> {
    let places = |owner: &Container<'_>| -> Vec<String> {
        if root.folder.starts_with('/') {
            vec![absolute("/", &root.folder)]
        } else {
            owner.folders_of(camino::Utf8Path::new(&root.folder))
        }
    };
    let seen = proxy.locate(&served.folder);
    if let [owner] = owners
        && std::ptr::eq(*owner, proxy)
    {
        let places = places(owner);
        let is_linked =
            owner.image.as_ref().is_some_and(|image| image.is_open || image.has_link(&served.folder));
        return (!places.is_empty() && !places.contains(&served.folder) && !is_linked)
            .then(|| elsewhere(file, root, served, places.first(), None));
    }
    let mut expected: Option<String> = None;
    let mut owner_place: Option<(String, String)> = None;
    let mut is_of_project = false;
    for owner in owners {
        for place in places(owner) {
            let location = owner.locate(&place);
            // What one of them has where nginx looks is right.
            let all = proxy.locations(&served.folder);
            if owner.locations(&place).iter().any(|one| all.contains(one)) {
                return None;
            }
            is_of_project |= matches!(location, Location::Mounted(Source::Project(_), _));
            expected = expected.or_else(|| proxy.sees(&location));
            owner_place.get_or_insert((place, owner.name()));
        }
    }
    let (place, name) = owner_place?;
    let is_wrong = match &seen {
        Location::Inside(folder) => match &proxy.image {
            None => true,
            Some(image) => !image.is_open && !image.may_hold(folder),
        },
        Location::Mounted(Source::Volume(volume), _) => {
            let is_shared = owners.iter().any(|owner| owner.mounts(volume));
            let is_filled = stack.beside(proxy).iter().any(|other| {
                !std::ptr::eq(*other, proxy) && !super::is_django(other) && other.mounts(volume)
            });
            // Whoever collects may do so in a folder that a command names.
            (is_shared || !is_filled) && !owners.iter().any(|owner| owner.copies_files())
        }
        Location::Mounted(Source::Project(folder), rest) => {
            // A folder of the project that is there may be meant as it is.
            let folder = crate::base::path::join(folder, rest);
            is_of_project && folder.is_none_or(|folder| stack.subject.tree.kind_on_disk(&folder).is_none())
        }
        Location::Mounted(Source::Elsewhere(_), _) => false,
    };
    is_wrong.then(|| elsewhere(file, root, served, expected.as_ref(), Some((place, name))))
}

fn elsewhere(
    file: &NginxFile,
    root: &Root<'_>,
    served: &Served<'_>,
    expected: Option<&String>,
    owner: Option<(String, String)>,
) -> Diagnostic {
    let directive = served.directive.words.join(" ");
    let mut diagnostic = Diagnostic::error(
        NGINX_ALIAS_ELSEWHERE,
        format!("nginx looks for the {} in `{}`, where they are not", root.files, served.folder),
    )
    .at(&file.place(served.directive), format!("`{directive}` answers `{}`", root.url))
    .because(format!("`{}` is `{}`, decided at {}", root.setting, root.folder, root.place));
    if let Some((place, name)) = owner {
        diagnostic = diagnostic.because(format!("{name} has that folder at `{place}`"));
    }
    match expected {
        Some(folder) => {
            let slash = if directive.ends_with('/') { "/" } else { "" };
            diagnostic.help(format!("serve the folder where they are: `alias {folder}{slash};`"))
        }
        None => diagnostic
            .help("mount one volume in both containers, and let nginx serve the folder at which it has it"),
    }
}

#[cfg(test)]
mod tests {
    use crate::check::across::RULES;
    use crate::check::testing::of_settings;

    const IMAGE: (&str, &str) = (
        "Dockerfile",
        "FROM python:3.13\nCOPY . /app\nWORKDIR /app\nCMD [\"gunicorn\", \"-b\", \":8000\", \"site.wsgi\"]\n",
    );
    const ROOTS: &str = "STATIC_URL = '/static/'\nSTATIC_ROOT = '/vol/web/static'\nMEDIA_URL = '/media/'\nMEDIA_ROOT = '/vol/web/media'";
    const BESIDE: &str = "from pathlib import Path\nBASE_DIR = Path(__file__).resolve().parent.parent\n\
        STATIC_URL = 'static/'\nSTATIC_ROOT = BASE_DIR / 'collected'";

    fn check(settings: &str, location: &str, web: &str, proxy: &str) -> Vec<String> {
        let site = format!("server {{\n  {location}\n  location / {{ proxy_pass http://web:8000; }}\n}}\n");
        let compose = format!(
            "services:\n  web:\n    build: .\n    volumes: [{web}]\n  proxy:\n    image: nginx:1.30\n    volumes: [{proxy}'./deploy/site.conf:/etc/nginx/conf.d/default.conf']\nvolumes: {{files: , other: }}\n"
        );
        let files = [IMAGE, ("site/wsgi.py", ""), ("deploy/site.conf", &site), ("compose.yaml", &compose)];
        let mut found = of_settings(RULES, settings, &files);
        found.retain(|one| one.starts_with("nginx-alias-elsewhere"));
        found
    }

    const WRONG: [&str; 1] = ["nginx-alias-elsewhere:2"];

    #[test]
    fn failure_01_a_shared_volume_is_served_where_nginx_has_it() {
        let of = |location: &str| check(ROOTS, location, "'files:/vol/web'", "'files:/srv/files', ");
        assert!(of("location /static/ { alias /srv/files/static/; }").is_empty());
        assert!(of("location /media { alias /srv/files/media; }").is_empty());
        assert_eq!(of("location /static/ { alias /vol/web/static/; }"), WRONG);
        assert_eq!(of("location /static/ { alias /srv/files/; }"), WRONG);
        assert_eq!(of("location /media/ { alias /srv/files/uploads/; }"), WRONG);
    }

    #[test]
    fn a_root_is_followed_by_the_whole_address() {
        let of = |location: &str| check(ROOTS, location, "'files:/vol/web'", "'files:/srv/files', ");
        assert!(of("location /static/ { root /srv/files; }").is_empty());
        assert_eq!(of("location /static/ { root /srv/files/static; }"), WRONG);
        assert!(of("root /srv/files; location /static/ { expires 1d; }").is_empty());
        // What is passed on is no folder.
        assert!(of("root /srv/files/x; location /static/ { proxy_pass http://web:8000; }").is_empty());
    }

    #[test]
    fn a_volume_that_only_nginx_mounts_is_empty() {
        let location = "location /static/ { alias /srv/static/; }";
        assert_eq!(check(ROOTS, location, "'files:/vol/web'", "'other:/srv/static', "), WRONG);
        assert_eq!(check(ROOTS, location, "'files:/vol/web'", ""), WRONG);
        assert!(check(ROOTS, location, "'files:/vol/web/static'", "'files:/srv/static', ").is_empty());
    }

    #[test]
    fn a_folder_of_the_project_is_followed_into_the_image() {
        let location = "location /static/ { alias /srv/static/; }";
        assert!(check(BESIDE, location, "'files:/app/collected'", "'files:/srv/static', ").is_empty());
        assert_eq!(check(BESIDE, location, "'files:/app/static'", "'files:/srv/static', "), WRONG);
        assert!(check(BESIDE, location, "'.:/app'", "'./collected:/srv/static', ").is_empty());
        assert_eq!(check(BESIDE, location, "'.:/app'", "'./staticfiles:/srv/static', "), WRONG);
    }

    #[test]
    fn what_a_variable_decides_is_not_judged() {
        let location = "location /static/ { alias /srv/elsewhere/; }";
        let by_variable =
            "import os\nSTATIC_URL = '/static/'\nSTATIC_ROOT = os.environ.get('ROOT', '/vol/web/static')";
        assert!(check(by_variable, location, "'files:/vol/web'", "'files:/srv', ").is_empty());
        let bucket = ROOTS.replace("'/static/'", "'https://cdn.example.org/static/'");
        assert!(check(&bucket, location, "'files:/vol/web'", "'files:/srv', ").is_empty());
        assert!(
            check(ROOTS, "location /static/ { alias ${FILES}/; }", "'files:/vol/web'", "'files:/srv', ")
                .is_empty()
        );
        assert!(check(ROOTS, location, "'files:/vol/web'", "'/var/www:/srv', ").is_empty());
    }

    #[test]
    fn nginx_in_the_same_container_serves_the_folder_itself() {
        let of = |alias: &str| {
            let image = "FROM python:3.13\nRUN apt-get update && apt-get install -y nginx\nCOPY . /app\n\
                COPY deploy/web.conf /etc/nginx/sites-available/web.conf\n\
                RUN ln -s /etc/nginx/sites-available/web.conf /etc/nginx/sites-enabled/\nCMD [\"./start\"]\n";
            let site = format!("server {{\n  location /static {{ alias {alias}; }}\n}}\n");
            of_settings(RULES, BESIDE, &[("Dockerfile", image), ("deploy/web.conf", &site)])
        };
        assert!(of("/app/collected").is_empty());
        assert_eq!(of("/app/static"), ["nginx-alias-elsewhere:2"]);
    }

    #[test]
    fn an_image_of_nginx_may_hold_the_files_itself() {
        let of = |copy: &str| {
            let proxy = format!("FROM nginx:1.30\nCOPY site.conf /etc/nginx/conf.d/default.conf\n{copy}\n");
            let site = "server {\n  location /static/ { alias /srv/static/; }\n}\n";
            let compose = "services:\n  web:\n    build: .\n  proxy:\n    build: ./proxy\n";
            let files = [
                IMAGE,
                ("proxy/Dockerfile", &proxy),
                ("proxy/site.conf", site),
                ("compose.yaml", compose),
                ("site/wsgi.py", ""),
            ];
            of_settings(RULES, ROOTS, &files)
        };
        assert_eq!(of(""), WRONG);
        assert!(of("COPY --from=shop /vol/web/static /srv/static").is_empty());
    }
}
