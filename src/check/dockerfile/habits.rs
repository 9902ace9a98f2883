//! Habits of older Dockerfiles: what works and is done otherwise today. Each is said once for a file.

use super::{Dockerfile, Instruction, dockerfiles};
use crate::base::codes::check::dockerfile::{
    APT_LEFTOVERS, CHOWN_LAYER, DOCKERFILE_ENV_FORM, DOCKERFILE_FROM_CASE, DOCKERFILE_UNPINNED,
    PIP_CACHE_KEPT, PYTHON_COMPILED, TOOLS_IN_IMAGE, WHEELS_IN_IMAGE,
};
use crate::base::{Code, Diagnostic, Place, wording};
use crate::check::command_line::SimpleCommand;
use crate::check::{Rule, Subject, at_places};

pub const RULES: &[Rule] = &[
    Rule { codes: &[DOCKERFILE_ENV_FORM, DOCKERFILE_FROM_CASE], find: forms },
    Rule { codes: &[PIP_CACHE_KEPT, APT_LEFTOVERS], find: leftovers },
    Rule { codes: &[CHOWN_LAYER, WHEELS_IN_IMAGE, TOOLS_IN_IMAGE], find: layers },
    Rule { codes: &[DOCKERFILE_UNPINNED, PYTHON_COMPILED], find: installed },
];

/// One finding for the places of a file; none where there are no places.
fn once(code: Code, title: String, places: &[&Place], label: &str) -> Option<Diagnostic> {
    (!places.is_empty()).then(|| {
        at_places(Diagnostic::note(code, title), places.iter().map(|place| (*place, label.to_owned())))
    })
}

fn forms(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for file in dockerfiles(subject) {
        let old: Vec<&Place> = file
            .instructions()
            .filter(|(_, instruction)| matches!(instruction, Instruction::Variables { is_old: true, .. }))
            .map(|(place, _)| place)
            .collect();
        let title = "`ENV KEY value` is the old form".to_owned();
        found.extend(once(DOCKERFILE_ENV_FORM, title, &old, "without `=`").map(|diagnostic| {
            diagnostic
                .because("the value is the rest of the line, so a second variable on it becomes part of the first; BuildKit warns: `LegacyKeyValueFormat`")
                .help("write `ENV KEY=value`")
        }));
        let mixed: Vec<&Place> =
            file.stages.iter().filter(|stage| stage.mixes_case).map(|stage| &stage.place).collect();
        let title = "`FROM` is written in capitals and `as` is not".to_owned();
        found.extend(once(DOCKERFILE_FROM_CASE, title, &mixed, "`as`").map(|diagnostic| {
            diagnostic.because("BuildKit warns at every build: `FromAsCasing`").help("write `AS`")
        }));
    }
    found
}

fn leftovers(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for file in dockerfiles(subject).iter().filter(|file| !file.is_for_development()) {
        found.extend(pip_cache(file));
        found.extend(package_lists(file));
    }
    found
}

pub(super) fn is_pip_install(command: &SimpleCommand) -> bool {
    ["pip", "pip3"].iter().any(|pip| command.is(pip, "install"))
}

/// Whether what is installed comes from an index, and is more than the installers themselves.
fn fetches(command: &SimpleCommand) -> bool {
    let words = || command.words.iter().map(String::as_str);
    let is_local = words().any(|word| word == "--no-index" || word.contains("/wheels") || word.ends_with(".whl"));
    let after = words().skip_while(|word| *word != "install").skip(1).filter(|word| !word.starts_with('-'));
    let only_installers = after.clone().all(|word| {
        let name = word.split(['=', '<', '>', '~']).next().unwrap_or(word);
        matches!(name, "pip" | "setuptools" | "wheel" | ".")
    });
    !is_local && !only_installers
}

fn pip_cache(file: &Dockerfile) -> Option<Diagnostic> {
    let last = file.last()?;
    if file.variables(last).iter().any(|name| name.starts_with("PIP_NO_CACHE")) {
        return None;
    }
    let keeps = |instruction: &Instruction| {
        let Instruction::Run { commands, mounts } = instruction else { return false };
        let removed = commands.iter().any(|command| {
            command.program() == "rm" && command.words.iter().any(|word| word.contains(".cache"))
                || command.is("pip", "cache")
        });
        !removed
            && !mounts.iter().any(|mount| mount.contains("type=cache"))
            && commands.iter().any(|command| {
                is_pip_install(command)
                    && fetches(command)
                    && !command.words.iter().any(|word| word.starts_with("--no-cache"))
                    && !command.variables.iter().any(|(name, _)| name.starts_with("PIP_NO_CACHE"))
            })
    };
    let places: Vec<&Place> =
        file.kept().filter(|(_, instruction)| keeps(instruction)).map(|(place, _)| place).collect();
    let title = "`pip install` leaves its cache in the image".to_owned();
    once(PIP_CACHE_KEPT, title, &places, "without `--no-cache-dir`").map(|diagnostic| {
        diagnostic
            .because("every archive that pip fetched stays in the layer beside what was installed from it, and nothing reads it again")
            .help("keep the cache out of the image and use it in the next build: `RUN --mount=type=cache,target=/root/.cache/pip pip install …`")
            .help("or keep none: `pip install --no-cache-dir …`")
    })
}

/// apt's lists and apk's index, which stay in the layer that fetched them.
fn package_lists(file: &Dockerfile) -> Option<Diagnostic> {
    let leaves = |instruction: &Instruction| {
        let Instruction::Run { commands, mounts } = instruction else { return false };
        let says = |program: &str, word: &str| {
            commands.iter().any(|command| command.program() == program && command.words.iter().any(|own| own == word))
        };
        let removed = commands.iter().any(|command| {
            command.program() == "rm"
                && command.words.iter().any(|word| word.contains("/var/lib/apt") || word.contains("/var/cache/apk"))
        });
        let mounted = mounts.iter().any(|mount| mount.contains("/var/lib/apt") || mount.contains("/var/cache/apk"));
        let apt = says("apt-get", "update") || says("apt", "update");
        let apk = says("apk", "update") && !says("apk", "--no-cache");
        (apt || apk) && !removed && !mounted
    };
    let places: Vec<&Place> =
        file.kept().filter(|(_, instruction)| leaves(instruction)).map(|(place, _)| place).collect();
    let alpine = file.last().is_some_and(|last| super::is_alpine(file.image_of(last)));
    let title = "the lists of the package manager stay in the image".to_owned();
    once(APT_LEFTOVERS, title, &places, "fetched here and not removed").map(|diagnostic| {
        let help = if alpine {
            "write `apk add --no-cache …` and leave `apk update` out"
        } else {
            "end the same `RUN` with `&& rm -rf /var/lib/apt/lists/*`, and install with `--no-install-recommends`"
        };
        diagnostic
            .because("they are 20 MB and more, and old at the next build; removing them in a later `RUN` does not make the image smaller")
            .help(help)
    })
}

fn layers(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for file in dockerfiles(subject).iter().filter(|file| !file.is_for_development()) {
        found.extend(chown(file));
        found.extend(wheels(file));
        found.extend(tools(file));
    }
    found
}

/// `chown -R` of what an earlier layer copied.
fn chown(file: &Dockerfile) -> Option<Diagnostic> {
    let mut folder = "/".to_owned();
    let mut copied: Option<String> = None;
    let mut places = Vec::new();
    for (place, instruction) in file.kept() {
        match instruction {
            Instruction::WorkingFolder(path) => folder = in_folder(&folder, path),
            Instruction::Copy { sources, to, .. } if sources.iter().any(|source| source == "." || source == "./") => {
                copied = Some(in_folder(&folder, to));
            }
            Instruction::Run { commands, .. } => {
                let Some(copied) = &copied else { continue };
                let all = commands.iter().any(|command| changes_all(command, copied, &folder));
                places.extend(all.then_some(place));
            }
            _ => {}
        }
    }
    let title = "`chown -R` holds every copied file a second time".to_owned();
    once(CHOWN_LAYER, title, &places, "a new layer with all of them").map(|diagnostic| {
        diagnostic
            .because("a layer holds whole files, also where only their owner is new; and a process that owns its code can change it")
            .help("leave the code to root, which the process can read, and give it only the folders that it writes to")
            .help("or say the owner when copying: `COPY --chown=app:app . .`")
    })
}

/// Whether a command gives a new owner to everything in the folder `copied`.
fn changes_all(command: &SimpleCommand, copied: &str, folder: &str) -> bool {
    let is_recursive =
        |word: &String| word == "--recursive" || word.starts_with('-') && !word.starts_with("--") && word.contains('R');
    command.program() == "chown"
        && command.words.iter().any(is_recursive)
        && command.words.iter().skip(1).filter(|word| !word.starts_with('-')).any(|word| {
            let target = in_folder(folder, word);
            copied == target || copied.starts_with(&format!("{}/", target.trim_end_matches('/')))
        })
}

/// A path as seen from the working folder.
fn in_folder(folder: &str, path: &str) -> String {
    let path = path.trim_end_matches('/');
    match path.strip_prefix("./").unwrap_or(path) {
        "" | "." => folder.to_owned(),
        absolute if path.starts_with('/') => absolute.to_owned(),
        path => format!("{}/{path}", folder.trim_end_matches('/')),
    }
}

fn wheels(file: &Dockerfile) -> Option<Diagnostic> {
    let places: Vec<&Place> = file
        .last()?
        .instructions
        .iter()
        .filter(|(_, instruction)| {
            matches!(instruction, Instruction::CopyFrom { sources } if sources.iter().any(|source| source.contains("wheel")))
        })
        .map(|(place, _)| place)
        .collect();
    let title = "the wheels stay in the image beside what was installed from them".to_owned();
    once(WHEELS_IN_IMAGE, title, &places, "a layer of its own, whatever is removed later").map(|diagnostic| {
        diagnostic
            .because("a later `rm` hides the files and keeps the layer")
            .help("only look at them while installing: `RUN --mount=type=bind,from=builder,source=/wheels,target=/wheels pip install --no-index --find-links=/wheels …`")
            .help("or install in the first stage and copy the virtual environment: `COPY --from=builder /opt/venv /opt/venv`")
    })
}

/// What people use and a server does not.
fn tools(file: &Dockerfile) -> Option<Diagnostic> {
    const TOOLS: [&str; 9] =
        ["vim", "nano", "emacs", "zsh", "htop", "tmux", "screen", "telnet", "openssh-server"];
    if file.is_base() {
        return None;
    }
    let mut names: Vec<&str> = Vec::new();
    let mut places: Vec<&Place> = Vec::new();
    for (place, instruction) in file.kept() {
        let Instruction::Run { commands, .. } = instruction else { continue };
        let here = commands.iter().flat_map(super::packages::installed).filter(|name| TOOLS.contains(name));
        let before = names.len();
        names.extend(here);
        places.extend((names.len() > before).then_some(place));
    }
    names.sort_unstable();
    names.dedup();
    let title = format!("the image has {}", wording::and_ticked(&names));
    once(TOOLS_IN_IMAGE, title, &places, "for people, not for the server").map(|diagnostic| {
        diagnostic
            .because("what is not needed to serve makes the image larger, asks for updates of its own, and helps whoever breaks in")
            .help("leave it to a file or a stage for development")
    })
}

fn installed(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for file in dockerfiles(subject) {
        found.extend(unpinned(&file));
        let compiled: Vec<&Place> = file
            .commands()
            .filter(|(_, command)| {
                command.is("pyenv", "install")
                    || command.words.iter().any(|word| word.contains("pyenv-installer"))
            })
            .map(|(place, _)| place)
            .take(1)
            .collect();
        let title = "the build compiles Python itself".to_owned();
        found.extend(once(PYTHON_COMPILED, title, &compiled, "pyenv").map(|diagnostic| {
            diagnostic
                .because("it takes minutes at every build that is not cached, and leaves twenty `-dev` packages behind")
                .help("stand on the official image: `FROM python:3.13-slim-trixie`")
        }));
    }
    found
}

/// Distributions that are installed by name, beside every list, in whatever version is newest.
fn unpinned(file: &Dockerfile) -> Option<Diagnostic> {
    let mut names: Vec<&str> = Vec::new();
    let mut places: Vec<&Place> = Vec::new();
    for stage in &file.stages {
        for (place, command) in stage.commands() {
            let here = by_name(command);
            places.extend((!here.is_empty()).then_some(place));
            names.extend(here);
        }
    }
    names.sort_unstable();
    names.dedup();
    places.dedup();
    let title = format!("the build installs {} in whatever version is newest", wording::and_ticked(&names));
    once(DOCKERFILE_UNPINNED, title, &places, "named without a version").map(|diagnostic| {
        diagnostic
            .because("two builds of one commit can differ, and a release of somebody else's stops the build: Poetry 2.0 did so to many")
            .help("add servers to the project's requirements, and name the version of tools: `pip install poetry==2.1.4`")
    })
}

fn by_name(command: &SimpleCommand) -> Vec<&str> {
    // The installers themselves are raised everywhere, and seldom break.
    const INSTALLERS: [&str; 3] = ["pip", "setuptools", "wheel"];
    if !is_pip_install(command) {
        return Vec::new();
    }
    let mut names = Vec::new();
    let mut is_value = false;
    let after = command.words.iter().skip_while(|word| *word != "install").skip(1);
    for word in after.map(String::as_str) {
        if std::mem::take(&mut is_value) {
            continue;
        }
        is_value = matches!(
            word,
            "-r" | "-c" | "-i" | "-e" | "-t" | "-f" | "--requirement" | "--constraint" | "--index-url" | "--extra-index-url"
                | "--target" | "--find-links" | "--editable" | "--prefix" | "--timeout" | "--retries" | "--trusted-host"
                | "--default-timeout" | "--cache-dir" | "--root" | "--no-binary" | "--only-binary" | "--proxy"
                | "--group" | "--python" | "--platform" | "--src" | "--config-settings" | "--use-feature" | "--progress-bar"
        );
        let is_name = word.starts_with(|first: char| first.is_ascii_alphabetic())
            && word.chars().all(|c| c.is_ascii_alphanumeric() || "-_.[],".contains(c))
            && !word.ends_with(".txt")
            && !word.ends_with(".whl");
        if is_name && !INSTALLERS.contains(&word) {
            names.push(word);
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::of_file as findings;

    fn check(body: &str) -> Vec<String> {
        findings(RULES, "Dockerfile", &format!("FROM python:3.13-slim-trixie\n{body}\n"), &[])
    }

    #[test]
    fn old_forms_are_said_once_for_a_file() {
        assert_eq!(check("ENV A 1\nENV B 2"), ["dockerfile-env-form:2"]);
        assert!(check("ENV A=1 B=2\nENV C=\"a b\"").is_empty());
        let mixed = "FROM python:3.13 as build\nFROM python:3.13\n";
        assert_eq!(findings(RULES, "Dockerfile", mixed, &[]), ["dockerfile-from-case:1"]);
        for alike in ["FROM python:3.13 AS build\nFROM python\n", "from python:3.13 as build\nfrom python\n"] {
            assert!(findings(RULES, "Dockerfile", alike, &[]).is_empty(), "{alike}");
        }
    }

    #[test]
    fn what_pip_fetched_does_not_stay() {
        assert_eq!(check("RUN pip install -r requirements.txt\nRUN pip install -r more.txt"), ["pip-cache-kept:2"]);
        for clean in [
            "RUN pip install --no-cache-dir -r requirements.txt",
            "RUN --mount=type=cache,target=/root/.cache/pip pip install -r requirements.txt",
            "ENV PIP_NO_CACHE_DIR=1\nRUN pip install -r requirements.txt",
            "RUN PIP_NO_CACHE_DIR=1 pip install -r requirements.txt",
            "RUN pip install -r requirements.txt && rm -rf /root/.cache",
            "RUN pip install --upgrade pip==25.1 wheel",
            "RUN --mount=type=bind,from=build,source=/wheels,target=/wheels pip install /wheels/*",
            "RUN pip install -r requirements.txt\nFROM python:3.13-slim-trixie\nCMD [\"true\"]",
        ] {
            assert!(check(clean).is_empty(), "{clean}");
        }
    }

    #[test]
    fn package_lists_do_not_stay() {
        assert_eq!(check("RUN apt-get update && apt-get install -y libpq5"), ["apt-leftovers:2"]);
        assert!(check("RUN apt-get update && apt-get install -y libpq5 && rm -rf /var/lib/apt/lists/*").is_empty());
        assert!(
            check("RUN --mount=type=cache,target=/var/lib/apt apt-get update && apt-get install -y libpq5")
                .is_empty()
        );
        let alpine = "FROM python:3.13-alpine3.22\nRUN apk update && apk add libpq\n";
        assert_eq!(findings(RULES, "Dockerfile", alpine, &[]), ["apt-leftovers:2"]);
        assert!(
            findings(RULES, "Dockerfile", "FROM python:3.13-alpine3.22\nRUN apk add --no-cache libpq\n", &[])
                .is_empty()
        );
    }

    #[test]
    fn layers_hold_what_is_needed_once() {
        assert_eq!(check("COPY . /app\nRUN chown -R app:app /app"), ["chown-layer:3"]);
        assert_eq!(check("WORKDIR /srv/app\nCOPY . .\nRUN chown -R app ."), ["chown-layer:4"]);
        assert_eq!(check("WORKDIR /srv/app\nCOPY . .\nRUN chown -R app /srv"), ["chown-layer:4"]);
        assert!(check("RUN mkdir /data && chown -R app:app /data\nCOPY . /app").is_empty());
        assert!(check("COPY . /app\nRUN mkdir -p /app/media && chown -R app:app /app/media").is_empty());
        assert_eq!(
            check("FROM python:3.13-slim-trixie\nCOPY --from=0 /wheels /wheels"),
            ["wheels-in-image:3"]
        );
        assert!(check("FROM python:3.13-slim-trixie\nCOPY --from=0 /opt/venv /opt/venv").is_empty());
        assert_eq!(
            check("RUN apt-get update && apt-get install -y vim zsh && rm -rf /var/lib/apt/lists/*"),
            ["tools-in-image:2"]
        );
    }

    #[test]
    fn what_is_installed_by_name_has_a_version() {
        let clean = "RUN pip install --no-cache-dir";
        assert_eq!(check(&format!("{clean} poetry gunicorn")), ["dockerfile-unpinned:2"]);
        for pinned in [
            "poetry==1.8.3",
            "--upgrade pip setuptools",
            "-r requirements.txt",
            "--index-url https://example.org/simple -r requirements.txt",
            "-e .",
            ".",
            "$PACKAGES",
            "'uv>=0.9,<1'",
        ] {
            assert!(check(&format!("{clean} {pinned}")).is_empty(), "{pinned}");
        }
    }

    #[test]
    fn python_comes_with_the_image() {
        assert_eq!(check("RUN pyenv install 3.12.1"), ["python-compiled:2"]);
    }
}
