//! One command of a `RUN`: whether djdock's images do it too, can do it, or do not.

use crate::base::address;
use crate::base::wording::is_secret_variable;
use crate::check::{SimpleCommand, Subject};
use crate::knowledge::downloads::{self, Row};
use crate::knowledge::static_builds;

/// The meaning of a command for djdock's images.
pub(super) enum Meaning {
    /// They do it, or have no use for it.
    Counterpart,
    Locales(Vec<String>),
    /// A library's own command, and the names that it fetches.
    Downloads(&'static Row, Vec<String>),
    /// A management command: what follows `manage.py`.
    StaticBuild(Vec<String>),
    Unknown,
}

/// Management commands that belong to the site's start, or that images run by themselves.
const MANAGEMENT: &[&str] = &[
    "check",
    "collectstatic",
    "compilemessages",
    "compress",
    "createcachetable",
    "createsuperuser",
    "diffsettings",
    "flush",
    "help",
    "makemessages",
    "makemigrations",
    "migrate",
    "runserver",
    "shell",
    "showmigrations",
    "test",
    "version",
];

/// Programs that install, make users and folders or tidy up.
const TIDYING: &[&str] = &[
    "[",
    "adduser",
    "addgroup",
    "apk",
    "apt",
    "apt-get",
    "apt-key",
    "aptitude",
    "bash",
    "cd",
    "chgrp",
    "chmod",
    "chown",
    "conda",
    "cp",
    "curl-config",
    "dos2unix",
    "dpkg-architecture",
    "dpkg-query",
    "echo",
    "exit",
    "export",
    "false",
    "find",
    "gpg",
    "groupadd",
    "groupmod",
    "if",
    "fi",
    "then",
    "else",
    "install",
    "ls",
    "mamba",
    "mkdir",
    "mv",
    "pdm",
    "pip",
    "pip2",
    "pip3",
    "pipenv",
    "poetry",
    "printenv",
    "printf",
    "pwd",
    "python-config",
    "rm",
    "rmdir",
    "sed",
    "set",
    "sh",
    "sleep",
    "source",
    ".",
    "su",
    "test",
    "touch",
    "true",
    "useradd",
    "usermod",
    "uv",
    "uvx",
    "venv",
    "virtualenv",
    "which",
    "yum",
    "dnf",
    "microdnf",
    "cat",
    "env",
    ":",
    "ensurepip",
    "setup.py",
    "pip-sync",
    "pip-compile",
    "piptools",
    "rustup",
    "sync",
    "truncate",
    "xargs",
    "grep",
    "wait",
    "done",
    "do",
    "for",
    "tee",
    "awk",
    "cut",
    "strip",
    "sha256sum",
    "compileall",
    "whoami",
    "id",
    "date",
    "uname",
    "arch",
    "command",
    "git",
    "dpkg",
    "ldconfig",
    "update-ca-certificates",
    "add-apt-repository",
    "apt.postgresql.org.sh",
    // In substitutions they make the words of another command.
    "base64",
    "basename",
    "dirname",
    "head",
    "nproc",
    "openssl",
    "seq",
    "sort",
    "tail",
    "tr",
    "uniq",
    "wc",
];

const FRONT_END: &[&str] = &[
    "npm", "npx", "yarn", "yarnpkg", "pnpm", "bun", "bunx", "node", "corepack", "n", "nvm", "nodeenv",
    "gulp", "webpack", "grunt", "bower",
];

/// Parts of addresses from which package managers, Node and keys of repositories come.
const INSTALLERS: &[&str] = &[
    "poetry",
    "astral.sh",
    "get-pip",
    "pypa.io",
    "nodesource",
    "nodejs.org",
    "nvm",
    "yarnpkg",
    "rustup",
    ".asc",
    ".gpg",
    "keyring",
    "signing",
    "apt/",
    "gosu",
    "tini",
    "dumb-init",
    "wait-for",
    "dockerize",
];

pub(super) fn meaning(subject: &Subject<'_>, command: &SimpleCommand) -> Meaning {
    let words = &command.words;
    if words.is_empty() {
        return Meaning::Counterpart;
    }
    // `$(head -c 48)` ends with the bracket of the substitution.
    let program = command.program().trim_end_matches(')');
    if let Some((row, names)) = downloads::fetched_by(words) {
        let is_literal =
            names.iter().all(|name| name.chars().all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c)));
        return if is_literal { Meaning::Downloads(row, names) } else { Meaning::Unknown };
    }
    // `echo "pt_BR.UTF-8 UTF-8" >> /etc/locale.gen`
    let writes_locale = matches!(program, "echo" | "printf") && !locale_names(words).is_empty();
    if speaks_of_locales(words) || writes_locale {
        return Meaning::Locales(locale_names(words));
    }
    if let Some(name) = command.management() {
        return managed(subject, command, name);
    }
    let is_installer = || words.iter().any(|word| INSTALLERS.iter().any(|part| word.contains(part)));
    let touches_system = || words.iter().any(|word| word.starts_with("/etc/") || word.starts_with("/usr/"));
    let is_front_end = subject.facts.built_frontend().value.is_some();
    match program {
        "curl" | "wget" if is_installer() => Meaning::Counterpart,
        // With what was copied or written they make files of the system others than they were.
        "sed" | "cp" | "mv" | "echo" | "printf" | "tee" if touches_system() && !is_of_packages(words) => {
            Meaning::Unknown
        }
        "git" if words.iter().any(|word| word == "clone") => Meaning::Unknown,
        "dpkg" if words.iter().any(|word| word == "-i" || word == "--install") => Meaning::Unknown,
        "ln" if links_what_is_there(words) => Meaning::Counterpart,
        // Django sets the time zone of its processes itself.
        "dpkg-reconfigure" if words.iter().any(|word| word == "tzdata") => Meaning::Counterpart,
        program if FRONT_END.contains(&program) && is_front_end => Meaning::Counterpart,
        program if TIDYING.contains(&program) || program.starts_with("python") && !runs_code(words) => {
            Meaning::Counterpart
        }
        // `[ … ]`, `(`, `{` and what ends with `)` are the shell's.
        program if program.starts_with(['[', '(', '{', '}', ')', '$', '!', '#', '-']) => Meaning::Counterpart,
        // A script of the project's own that installs or starts.
        _ => Meaning::Unknown,
    }
}

/// Lists of packages and settings of package managers.
fn is_of_packages(words: &[String]) -> bool {
    const PARTS: &[&str] = &[
        "/etc/apt",
        "/etc/apk",
        "/usr/local/bin",
        "/usr/bin",
        "/etc/passwd",
        "/etc/pip",
        "/etc/sudoers",
        "/etc/nginx",
        "/etc/supervisor",
        "/etc/cron",
        "/etc/ssh",
    ];
    words.iter().any(|word| PARTS.iter().any(|part| word.starts_with(part)))
}

/// Links to the interpreter, to the virtual environment, to a time zone, and of caches: images have these where they are
/// looked for, or need none.
fn links_what_is_there(words: &[String]) -> bool {
    let is_there = |word: &String| {
        let lower = word.to_lowercase();
        let last = lower.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        last.starts_with("python")
            || last.starts_with("pip")
            || last.contains("venv")
            || lower.contains("zoneinfo")
            || lower.contains("cache")
    };
    words.iter().skip(1).filter(|word| !word.starts_with('-')).any(is_there)
}

/// `python -c …`, `python tools/prepare.py`: what only prints its version or starts a module of installing does not count.
fn runs_code(words: &[String]) -> bool {
    words.iter().skip(1).any(|word| word == "-c" || word == "-m" || word.ends_with(".py"))
}

fn managed(subject: &Subject<'_>, command: &SimpleCommand, name: &str) -> Meaning {
    let apps = &subject.facts.installed_apps.value;
    let is_of_app =
        static_builds::of_apps(apps).any(|row| row.command.first().is_some_and(|first| first == name));
    // The theme of django-tailwind is a front end, and its command starts npm.
    let is_of_front_end = name == "tailwind" && subject.facts.built_frontend().value.is_some();
    if MANAGEMENT.contains(&name) || is_of_app || is_of_front_end {
        return Meaning::Counterpart;
    }
    let at =
        command.words.iter().position(|word| word.ends_with("manage.py") || word.ends_with("django-admin"));
    let arguments: Vec<String> = at.map(|at| command.words[at + 1..].to_vec()).unwrap_or_default();
    let is_plain = |word: &String| !word.contains(['$', '*', '`', '>', '<', '|']);
    let is_for_data = ["load", "import", "seed", "create", "init", "setup", "populate", "superuser"]
        .iter()
        .any(|start| name.contains(start));
    if arguments.is_empty() || is_for_data || !arguments.iter().all(is_plain) {
        return Meaning::Unknown;
    }
    Meaning::StaticBuild(arguments)
}

fn speaks_of_locales(words: &[String]) -> bool {
    let programs = ["locale-gen", "localedef", "update-locale"];
    words.iter().any(|word| {
        programs.contains(&word.as_str())
            || word.contains("/etc/locale.gen")
            || word.contains("/etc/default/locale")
    }) || (words.iter().any(|word| word == "dpkg-reconfigure") && words.iter().any(|word| word == "locales"))
}

/// Every name of a locale in the words; of one that is written with and without its character set, the longer.
fn locale_names(words: &[String]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for word in words {
        for part in word.split(|c: char| !(c.is_ascii_alphanumeric() || "_.-@".contains(c))) {
            let part = part.trim_matches(['.', '-']);
            let is_name = part.split_once('_').is_some_and(|(language, rest)| {
                (2..=3).contains(&language.len())
                    && language.chars().all(|c| c.is_ascii_lowercase())
                    && rest.chars().take(2).filter(char::is_ascii_uppercase).count() == 2
            });
            if is_name && !found.iter().any(|known| known == part) {
                found.push(part.to_owned());
            }
        }
    }
    let longer = |name: &String| {
        found.iter().any(|other| other.len() > name.len() && other.starts_with(&format!("{name}.")))
    };
    found.iter().filter(|name| !longer(name)).cloned().collect()
}

/// The words without what may be a secret, and not longer than a line.
pub(super) fn shown(words: &[String]) -> String {
    const LONGEST: usize = 90;
    let word = |word: &String| match word.split_once('=') {
        Some((name, _)) if is_secret_variable(&name.trim_start_matches('-').replace('-', "_")) => {
            format!("{name}=…")
        }
        _ => address::without_passwords(word),
    };
    let line = words.iter().map(word).collect::<Vec<_>>().join(" ").replace('`', "'");
    if line.chars().count() <= LONGEST {
        line
    } else {
        format!("{}…", line.chars().take(LONGEST).collect::<String>())
    }
}
