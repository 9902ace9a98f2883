//! Processes that the project is run as elsewhere: of a Procfile, supervisor, systemd.

use camino::Utf8Path;
use serde::Serialize;

use super::platforms;
use crate::base::wording::is_secret_variable;
use crate::base::{Evidence, Fact, Place, Tree, address, path};
use crate::catalog::server::Server;

/// A process and how it is started.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Process {
    /// As the file names it: `web`, `clock`.
    pub name: String,
    pub kind: Kind,
    pub command: String,
    #[serde(skip)]
    pub place: Place,
}

/// The purpose of a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Serves requests.
    Web,
    /// Takes tasks from a queue.
    Worker,
    /// Puts scheduled tasks on a queue.
    Beat,
    /// Runs once before a release.
    Release,
    /// Watches a queue for people.
    Monitor,
    Other,
}

/// Programs and commands that serve requests, beside the servers that a stack can have.
const OTHER_SERVERS: &[&str] = &["waitress-serve", "runserver", "runserver_plus", "mod_wsgi-express"];

/// Returns the programs and commands that serve requests.
pub(super) fn servers() -> impl Iterator<Item = &'static str> {
    Server::all_programs().chain(OTHER_SERVERS.iter().copied())
}

const WORKERS: &[&str] = &[
    "worker",
    "rqworker",
    "rqworker-pool",
    "qcluster",
    "run_huey",
    "huey_consumer",
    "rundramatiq",
    "dramatiq",
    "process_tasks",
    "db_worker",
    "runworker",
    "taskiq",
];
const RELEASES: &[&str] = &[
    "migrate",
    "collectstatic",
    "compilemessages",
    "createcachetable",
    "loaddata",
    "check",
    "createsuperuser",
];

/// Returns the kind of process that the words of a command start.
pub fn kind(name: &str, command: &str) -> Kind {
    let words: Vec<&str> = command
        .split(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ',' | '[' | ']'))
        .map(|word| word.rsplit('/').next().unwrap_or(word))
        .collect();
    let has = |names: &[&str]| words.iter().any(|word| names.contains(word));
    if name == "release" {
        Kind::Release
    } else if servers().any(|server| words.contains(&server)) {
        Kind::Web
    } else if has(&["flower"]) {
        Kind::Monitor
    } else if has(&["beat", "celerybeat", "rqscheduler"]) {
        Kind::Beat
    } else if has(WORKERS) {
        Kind::Worker
    } else if has(RELEASES) {
        Kind::Release
    } else {
        Kind::Other
    }
}

/// Every process that such files of the project name, in the order of paths; of files that say the same, the first.
pub(in crate::inspect) fn read(tree: &Tree, project_dir: &Utf8Path) -> Fact<Vec<Process>> {
    let mut found: Vec<Process> = Vec::new();
    for file in tree.files() {
        let Some(reader) = reader(file, project_dir).filter(|_| path::depth(file) <= 3) else { continue };
        let Some(text) = tree.text(file) else { continue };
        for (line, name, command) in reader(text, file) {
            // Steps of several files may all be called a release.
            let kind = kind(&name, &command);
            let same =
                |known: &&Process| known.command == command || (known.name == name && kind != Kind::Release);
            if !name.is_empty() && !command.is_empty() && !found.iter().any(|known| same(&known)) {
                let command = without_secrets(&command);
                found.push(Process { name, kind, command, place: Place::line(file, line) });
            }
        }
    }
    let mut evidence: Vec<Evidence> =
        found.iter().map(|one| Evidence::new(one.place.clone(), format!("starts `{}`", one.name))).collect();
    if evidence.is_empty() {
        evidence
            .push(Evidence::new(Place::Absent("Procfile".into()), "nothing says how it is run elsewhere"));
    }
    Fact::with(found, evidence)
}

/// The command with `…` for what may be a secret: values of variables and options by their names, passwords in
/// addresses.
fn without_secrets(command: &str) -> String {
    let mut hide_next = false;
    let words = command.split_whitespace().map(|word| {
        if std::mem::take(&mut hide_next) && !word.starts_with('-') {
            return "…".to_owned();
        }
        let (name, value) = word.split_once('=').unwrap_or((word, ""));
        let is_secret = is_secret_variable(&name.trim_start_matches('-').replace('-', "_").to_uppercase());
        if is_secret && !value.is_empty() && !value.starts_with('$') {
            return format!("{name}=…");
        }
        hide_next = is_secret && name.starts_with("--") && value.is_empty();
        address::without_passwords(word)
    });
    words.collect::<Vec<_>>().join(" ")
}

type Reader = fn(&str, &Utf8Path) -> Vec<(u32, String, String)>;

fn reader(file: &Utf8Path, project_dir: &Utf8Path) -> Option<Reader> {
    let name = path::name(file);
    let folder = path::parent(file);
    if platforms::is_platform(file) {
        return (folder == "." || folder == project_dir).then_some(platforms::processes as Reader);
    }
    match path::extension(file) {
        None if name == "Procfile" => (folder == "." || folder == project_dir).then_some(procfile as Reader),
        Some("service") => Some(unit),
        Some("conf" | "ini") => Some(supervisor),
        _ => None,
    }
}

fn procfile(text: &str, _: &Utf8Path) -> Vec<(u32, String, String)> {
    let lines = (1_u32..).zip(text.lines()).filter(|(_, line)| !line.trim_start().starts_with('#'));
    let parts = lines.filter_map(|(number, line)| Some((number, line.split_once(':')?)));
    parts
        .map(|(number, (name, command))| (number, name.trim().to_owned(), command.trim().to_owned()))
        .collect()
}

/// `[program:NAME]` and its `command`.
fn supervisor(text: &str, _: &Utf8Path) -> Vec<(u32, String, String)> {
    let mut found = Vec::new();
    let mut program = None;
    for (number, line) in (1_u32..).zip(text.lines().map(str::trim)) {
        if let Some(section) = line.strip_prefix('[') {
            program =
                section.strip_prefix("program:").map(|rest| rest.trim_end_matches(']').trim().to_owned());
        } else if let (Some(name), Some((key, command))) = (&program, line.split_once('='))
            && key.trim() == "command"
        {
            found.push((number, name.clone(), command.trim().to_owned()));
        }
    }
    found
}

/// The `ExecStart` of a unit of systemd.
fn unit(text: &str, file: &Utf8Path) -> Vec<(u32, String, String)> {
    let lines = (1_u32..).zip(text.lines());
    lines
        .filter_map(|(number, line)| {
            let command = line.trim().strip_prefix("ExecStart=")?.trim().trim_end_matches('\\').trim();
            Some((number, file.file_stem()?.to_owned(), command.to_owned()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_secret_of_a_command_is_repeated() {
        let command = "SECRET_KEY=abc API_TOKEN=$TOKEN python manage.py bot --password hunter2 --url redis://:pw@h:1/0 --name x";
        assert_eq!(
            without_secrets(command),
            "SECRET_KEY=… API_TOKEN=$TOKEN python manage.py bot --password … --url redis://…@h:1/0 --name x"
        );
    }

    #[test]
    fn processes_are_read_from_every_kind_of_file() {
        let tree = Tree::from_literals([
            (
                "Procfile",
                "# how\nrelease: python manage.py migrate\nweb: gunicorn shop.wsgi --bind 0.0.0.0:$PORT\n\
                 worker: celery -A shop worker\nclock: python manage.py run_clock\n",
            ),
            (
                "deploy/app.conf",
                "[unix_http_server]\nfile=/x\n[program:beat]\ncommand = celery -A shop beat\n",
            ),
            ("deploy/bot.service", "[Service]\nExecStart=/srv/venv/bin/python manage.py bot\n"),
            ("other/Procfile", "web: node index.js\n"),
        ]);
        let found = read(&tree, ".".into());
        let lines: Vec<String> =
            found.value.iter().map(|one| format!("{} {} {:?}", one.place, one.name, one.kind)).collect();
        assert_eq!(
            lines,
            [
                "Procfile:2 release Release",
                "Procfile:3 web Web",
                "Procfile:4 worker Worker",
                "Procfile:5 clock Other",
                "deploy/app.conf:4 beat Beat",
                "deploy/bot.service:2 bot Other",
            ]
        );
    }
}
