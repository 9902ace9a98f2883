//! The addresses on which the servers of a container listen.

use camino::Utf8PathBuf;

use super::container::{Container, Run};
use super::ini::{Section, project_sections};
use super::paths::absolute;
use crate::base::{Place, Tree};

/// A port or a socket of a server.
#[derive(Clone, Debug)]
pub struct Listen {
    pub at: At,
    /// The protocol is uWSGI's own, not http.
    pub is_uwsgi: bool,
    pub server: String,
    pub place: Place,
}

/// An address that is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum At {
    Port(u16),
    Socket(String),
}

/// Returns everything that a container listens on; `None` if a server says it in a way that is not read here.
pub fn listens(tree: &Tree, container: &Container<'_>) -> Option<Vec<Listen>> {
    let mut found = Vec::new();
    for run in &container.runs {
        if run.command.serves() || run.command.manages("runserver") {
            found.extend(of_run(tree, container, run)?);
        }
    }
    Some(found)
}

/// The sections `[uwsgi]` of the files that a run of uWSGI reads.
pub fn uwsgi_sections(tree: &Tree, container: &Container<'_>, run: &Run) -> Vec<Section> {
    if run.command.program() != "uwsgi" {
        return Vec::new();
    }
    let words = run.command.work();
    let named = words.iter().enumerate().skip(1).find_map(|(at, word)| match word.as_str() {
        "--ini" => words.get(at + 1).map(String::as_str),
        word => word.strip_prefix("--ini=").or_else(|| word.ends_with(".ini").then_some(word)),
    });
    let named: Option<String> = named.map(str::to_owned).or_else(|| container.variable("UWSGI_INI"));
    let file: Option<Utf8PathBuf> =
        named.and_then(|named| container.in_project(tree, &absolute(&run.folder, named.as_str())));
    let sections = project_sections(tree, |name| name == "uwsgi");
    sections.into_iter().filter(|one| Some(&one.file) == file.as_ref() && one.name == "uwsgi").collect()
}

/// The values of an option in any of its forms: `-b x`, `--bind x`, `--bind=x`.
pub fn options<'a>(run: &'a Run, names: &[&str]) -> Vec<&'a str> {
    let words = run.command.work();
    let mut found = Vec::new();
    for (at, word) in words.iter().enumerate() {
        for name in names {
            if word == name {
                found.extend(words.get(at + 1).map(String::as_str));
            } else if let Some(rest) = word.strip_prefix(name) {
                let rest = match rest.strip_prefix('=') {
                    Some(rest) => Some(rest),
                    None => (!name.starts_with("--") && !rest.is_empty()).then_some(rest),
                };
                found.extend(rest);
            }
        }
    }
    found
}

fn of_run(tree: &Tree, container: &Container<'_>, run: &Run) -> Option<Vec<Listen>> {
    let server = run.command.program();
    let listen = |at: At, is_uwsgi: bool, place: &Place| Listen {
        at,
        is_uwsgi,
        server: run.command.server_name().to_owned(),
        place: place.clone(),
    };
    let filled = |text: &str| {
        let known = container.image.as_ref().map(|image| image.variables.clone()).unwrap_or_default();
        super::paths::filled_in(text, &known)
    };
    if run.command.manages("runserver") {
        let words = run.command.words.iter().skip_while(|word| *word != "runserver").skip(1);
        let address = words.into_iter().find(|word| !word.starts_with('-')).map_or("8000", String::as_str);
        return Some(vec![listen(address_of(&filled(address))?, false, &run.place)]);
    }
    let port = |names: &[&str], default: u16| {
        let said = options(run, names).last().map(|text| filled(text).parse().ok());
        said.unwrap_or(Some(default)).map(At::Port)
    };
    let sockets =
        |names: &[&str]| options(run, names).iter().map(|path| At::Socket(filled(path))).collect::<Vec<At>>();
    match server {
        "gunicorn" => {
            let binds = options(run, &["-b", "--bind"]);
            // Without one a file, a variable or the default may say it.
            if binds.is_empty() {
                return None;
            }
            binds.iter().map(|bind| Some(listen(address_of(&filled(bind))?, false, &run.place))).collect()
        }
        "uvicorn" => {
            let unix = sockets(&["--uds"]);
            let at = if unix.is_empty() { vec![port(&["--port"], 8000)?] } else { unix };
            Some(at.into_iter().map(|at| listen(at, false, &run.place)).collect())
        }
        "daphne" => {
            let unix = sockets(&["-u", "--unix-socket"]);
            if !options(run, &["-e", "--endpoint", "--fd"]).is_empty() {
                return None;
            }
            let at = if unix.is_empty() { vec![port(&["-p", "--port"], 8000)?] } else { unix };
            Some(at.into_iter().map(|at| listen(at, false, &run.place)).collect())
        }
        "uwsgi" => of_uwsgi(tree, container, run, &listen),
        "celery" => Some(Vec::new()),
        _ => None,
    }
}

fn of_uwsgi(
    tree: &Tree,
    container: &Container<'_>,
    run: &Run,
    listen: &impl Fn(At, bool, &Place) -> Listen,
) -> Option<Vec<Listen>> {
    const OWN: [&str; 4] = ["socket", "uwsgi-socket", "s", "unix-socket"];
    const HTTP: [&str; 3] = ["http", "http-socket", "http11-socket"];
    let mut found = Vec::new();
    for (names, is_uwsgi) in [(OWN.as_slice(), true), (HTTP.as_slice(), false)] {
        for name in names {
            let option = if name.len() == 1 { format!("-{name}") } else { format!("--{name}") };
            for value in options(run, &[option.as_str()]) {
                found.push(listen(address_of(value)?, is_uwsgi, &run.place));
            }
        }
        for section in uwsgi_sections(tree, container, run) {
            let speaks_http = section.get("protocol") == Some("http");
            let entries = section.entries.iter().filter(|(key, ..)| names.contains(&key.as_str()));
            for (_, value, line) in entries {
                let place = Place::line(&section.file, *line);
                found.push(listen(address_of(value)?, is_uwsgi && !speaks_http, &place));
            }
        }
    }
    // A file that was not found may say it.
    (!found.is_empty()).then_some(found)
}

/// `0.0.0.0:8000`, `:8000`, `8000`, `unix:/run/a.sock`, `/run/a.sock`.
pub fn address_of(text: &str) -> Option<At> {
    if let Some(path) = text.strip_prefix("unix:") {
        return Some(At::Socket(path.trim_start_matches("//").to_owned()));
    }
    if text.starts_with('/') || text.ends_with(".sock") {
        return Some(At::Socket(text.to_owned()));
    }
    let port = text.rsplit(':').next().unwrap_or(text);
    port.parse().ok().map(At::Port)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_ports_or_sockets() {
        for port in ["0.0.0.0:8000", ":8000", "8000", "[::]:8000"] {
            assert_eq!(address_of(port), Some(At::Port(8000)), "{port}");
        }
        for socket in ["unix:/run/a.sock", "unix:///run/a.sock", "/run/a.sock"] {
            assert_eq!(address_of(socket), Some(At::Socket("/run/a.sock".to_owned())), "{socket}");
        }
        assert_eq!(address_of("0.0.0.0:$PORT"), None);
    }
}
