//! Folders and accounts that configuration names and no line makes.

use super::Stack;
use crate::base::codes::check::across::{ACCOUNT_ABSENT, FOLDER_ABSENT};
use crate::base::{Diagnostic, Place};
use crate::check::containers::listens::{options, uwsgi_sections};
use crate::check::containers::{Container, Image, absolute, supervisor_sections};
use crate::check::dockerfile::System;

/// Accounts that every image of a system has.
const EVERYWHERE: [&str; 16] = [
    "root", "daemon", "bin", "sys", "sync", "games", "man", "lp", "mail", "news", "uucp", "nobody",
    "shutdown", "halt", "operator", "ftp",
];
const DEBIAN: [&str; 13] = [
    "www-data", "proxy", "backup", "list", "irc", "_apt", "nogroup", "adm", "tty", "staff", "users",
    "shadow", "gnats",
];
const ALPINE: [&str; 14] = [
    "adm", "cron", "sshd", "ntp", "guest", "users", "nogroup", "wheel", "www-data", "utmp", "ping", "shadow",
    "tty", "audio",
];

pub(super) fn find(stack: &Stack<'_>) -> Vec<Diagnostic> {
    let tree = stack.subject.tree;
    let mut found = Vec::new();
    for container in stack.django() {
        let Some(image) = &container.image else { continue };
        // A service that says its own user does not have the image's.
        let says_user = stack
            .compose
            .iter()
            .flat_map(|file| &file.services)
            .any(|service| service.says_user && service.dockerfile.as_ref() == Some(&image.file.path));
        found.extend(
            image
                .user
                .as_ref()
                .filter(|_| !says_user)
                .and_then(|(place, user)| absent_user(image, user, place, "`USER`")),
        );
        for run in &container.runs {
            for section in supervisor_sections(tree, container, run) {
                let folder = section.entry("directory");
                found.extend(folder.and_then(|(folder, place)| {
                    absent_folder(stack, container, folder, &place, "`directory`")
                }));
                let user = section.entry("user");
                found.extend(user.and_then(|(user, place)| absent_user(image, user, &place, "`user`")));
            }
            for section in uwsgi_sections(tree, container, run) {
                for key in ["chdir", "home", "virtualenv", "venv", "pyhome"] {
                    let entry = section.entry(key);
                    found.extend(entry.and_then(|(folder, place)| {
                        absent_folder(stack, container, folder, &place, &format!("`{key}`"))
                    }));
                }
                for key in ["uid", "gid"] {
                    let entry = section.entry(key);
                    found.extend(
                        entry.and_then(|(user, place)| absent_user(image, user, &place, &format!("`{key}`"))),
                    );
                }
            }
            if run.command.serves() {
                for folder in options(run, &["--chdir"]) {
                    found.extend(absent_folder(stack, container, folder, &run.place, "`--chdir`"));
                }
            }
        }
    }
    found
}

fn absent_folder(
    stack: &Stack<'_>,
    container: &Container<'_>,
    folder: &str,
    place: &Place,
    named_by: &str,
) -> Option<Diagnostic> {
    let image = container.image.as_ref()?;
    // uWSGI and supervisor have marks of their own in values.
    if folder.contains(['%', '$', '(']) {
        return None;
    }
    let folder = absolute(&container.folder(), folder);
    if container.has_folder(stack.subject.tree, &folder) != Some(false) {
        return None;
    }
    Some(
        Diagnostic::error(
            FOLDER_ABSENT,
            format!("{named_by} is `{folder}`, and no line of `{}` makes that folder", image.file.path),
        )
        .at(place, "named here")
        .because("the program does not start: there is no such folder in the container")
        .because(format!("the process of the image starts in `{}`", container.folder()))
        .help(format!("name a folder that the image has, or make it: `RUN mkdir -p {folder}`")),
    )
}

fn absent_user(image: &Image<'_>, user: &str, place: &Place, named_by: &str) -> Option<Diagnostic> {
    if image.is_open || !image.is_known() || user.contains(['$', '%', '(']) {
        return None;
    }
    let system = System::of(image.file.image_of(image.stage));
    let own: &[&str] = if system == System::Alpine { &ALPINE } else { &DEBIAN };
    let is_there = |name: &str| {
        name.is_empty()
            || name.bytes().all(|byte| byte.is_ascii_digit())
            || EVERYWHERE.contains(&name)
            || own.contains(&name)
            || image.accounts.contains(name)
            // Packages of servers bring accounts of their own.
            || image.packages().iter().any(|package| package.contains(name) || package.contains('$'))
    };
    let name = user.split(':').find(|name| !is_there(name))?;
    Some(
        Diagnostic::error(
            ACCOUNT_ABSENT,
            format!("{named_by} is `{name}`, and no line of `{}` makes that account", image.file.path),
        )
        .at(place, "named here")
        .because("the program does not start: the system of the image does not know the name")
        .help(format!("make it: `RUN {}`", system.add_user().replace(" app", &format!(" {name}")))),
    )
}

#[cfg(test)]
mod tests {
    use crate::check::across::RULES;
    use crate::check::testing::of_settings;

    fn check(from: &str, lines: &str, programs: &str, server: &str) -> Vec<String> {
        let image = format!(
            "FROM {from}\nRUN true\n{lines}\nWORKDIR /srv/site\nCOPY . .\nCOPY deploy/all.conf /etc/supervisor/conf.d/all.conf\nCMD [\"supervisord\", \"-n\"]\n"
        );
        let files = [
            ("Dockerfile", image.as_str()),
            ("deploy/all.conf", programs),
            ("deploy/server.ini", server),
            ("site/wsgi.py", ""),
        ];
        of_settings(RULES, "", &files)
    }

    const DEBIAN: &str = "python:3.13-slim-trixie";

    fn with_user(lines: &str, user: &str) -> Vec<String> {
        check(DEBIAN, lines, &format!("[program:web]\ncommand=gunicorn site.wsgi\nuser={user}\n"), "")
    }

    #[test]
    fn supervisor_runs_programs_as_users_that_are_there() {
        assert_eq!(with_user("", "shop"), ["account-absent:3"]);
        for there in ["root", "www-data", "nobody", "10001"] {
            assert!(with_user("", there).is_empty(), "{there}");
        }
        for made in [
            "RUN useradd -m shop",
            "RUN adduser --system --group shop",
            "RUN groupadd -r shop && useradd -r -g shop shop",
            "ARG NAME=shop\nRUN useradd $NAME",
            "RUN useradd \"$SOMEBODY\"",
            "COPY setup.sh /\nRUN sh /setup.sh",
            "RUN apt-get update && apt-get install -y shop-server",
        ] {
            assert!(with_user(made, "shop").is_empty(), "{made}");
        }
        assert!(
            check("example.org/base:1", "", "[program:web]\ncommand=gunicorn site.wsgi\nuser=shop\n", "")
                .is_empty()
        );
    }

    #[test]
    fn an_image_runs_as_a_user_that_is_there() {
        let of = |from: &str, lines: &str| {
            let image =
                format!("FROM {from}\nRUN pip install x\n{lines}\nCMD [\"gunicorn\", \"site.wsgi\"]\n");
            of_settings(RULES, "", &[("Dockerfile", &image), ("site/wsgi.py", "")])
        };
        assert_eq!(of(DEBIAN, "USER shop"), ["account-absent:3"]);
        assert_eq!(of("python:3.13-alpine3.22", "USER shop:shop"), ["account-absent:3"]);
        assert!(of("python:3.13-alpine3.22", "RUN adduser -S shop\nUSER shop").is_empty());
        assert!(of(DEBIAN, "USER 10001:10001").is_empty());
        assert!(of(DEBIAN, "ARG WHO=nobody\nUSER ${WHO}").is_empty());
    }

    #[test]
    fn servers_start_in_folders_that_are_there() {
        let of = |lines: &str, folder: &str| {
            check(
                DEBIAN,
                lines,
                &format!("[program:web]\ncommand=gunicorn site.wsgi\ndirectory={folder}\n"),
                "",
            )
        };
        assert_eq!(of("", "/srv/app"), ["folder-absent:3"]);
        assert_eq!(of("", "/srv/site/absent"), ["folder-absent:3"]);
        for there in ["/srv/site", "/srv/site/site", "/srv/site/", "/tmp", "/var/log", "%(here)s/x"] {
            assert!(of("", there).is_empty(), "{there}");
        }
        for made in [
            "RUN mkdir -p /srv/app",
            "RUN install -d -o www-data /srv/app",
            "RUN cd /srv && mkdir app",
            "RUN mkdir -p /srv/{app,other}",
            "COPY --from=build /out /srv/app",
            "RUN git clone https://example.org/x/app.git /srv/app",
            "WORKDIR /srv/app",
            "RUN ln -s /srv/site /srv/app",
        ] {
            assert!(of(made, "/srv/app").is_empty(), "{made}");
        }
    }

    #[test]
    fn uwsgi_finds_its_folders() {
        let of = |lines: &str, entry: &str| {
            let server = format!("[uwsgi]\nmodule = site.wsgi\n{entry}\n");
            check(DEBIAN, lines, "[program:web]\ncommand=uwsgi --ini /srv/site/deploy/server.ini\n", &server)
        };
        assert_eq!(of("", "chdir = /srv/app"), ["folder-absent:3"]);
        assert_eq!(of("", "home = /srv/site/venv"), ["folder-absent:3"]);
        assert!(of("RUN python -m venv /srv/site/venv", "home = /srv/site/venv").is_empty());
        assert!(of("", "chdir = /srv/site").is_empty());
        assert!(of("", "chdir = %d").is_empty());
        assert_eq!(of("", "uid = shop"), ["account-absent:3"]);
        assert!(of("", "uid = www-data").is_empty());
    }
}
