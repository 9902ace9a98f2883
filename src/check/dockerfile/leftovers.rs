//! Rules about what stays in the image and is of no use there. Each is said once for a file.

use super::habits::{is_pip_install, once};
use super::{Dockerfile, Instruction, dockerfiles};
use crate::base::codes::check::dockerfile::{
    APT_LEFTOVERS, CHOWN_LAYER, PIP_CACHE_KEPT, TOOLS_IN_IMAGE, WHEELS_IN_IMAGE,
};
use crate::base::{Diagnostic, Place, wording};
use crate::check::command_line::SimpleCommand;
use crate::check::{Rule, Subject};

pub const RULES: &[Rule] = &[
    Rule { codes: &[PIP_CACHE_KEPT, APT_LEFTOVERS], find: leftovers },
    Rule { codes: &[CHOWN_LAYER, WHEELS_IN_IMAGE, TOOLS_IN_IMAGE], find: layers },
];

fn leftovers(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for file in dockerfiles(subject).iter().filter(|file| !file.is_for_development()) {
        found.extend(pip_cache(file));
        found.extend(package_lists(file));
    }
    found
}

/// Tells whether what is installed comes from an index, and is more than the installers themselves.
fn fetches(command: &SimpleCommand) -> bool {
    let words = || command.words.iter().map(String::as_str);
    let is_local =
        words().any(|word| word == "--no-index" || word.contains("/wheels") || word.ends_with(".whl"));
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
            commands
                .iter()
                .any(|command| command.program() == program && command.words.iter().any(|own| own == word))
        };
        let removed = commands.iter().any(|command| {
            command.program() == "rm"
                && command
                    .words
                    .iter()
                    .any(|word| word.contains("/var/lib/apt") || word.contains("/var/cache/apk"))
        });
        let mounted =
            mounts.iter().any(|mount| mount.contains("/var/lib/apt") || mount.contains("/var/cache/apk"));
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
            Instruction::Copy { sources, to, .. }
                if sources.iter().any(|source| source == "." || source == "./") =>
            {
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

/// Tells whether a command gives a new owner to everything in the folder `copied`.
fn changes_all(command: &SimpleCommand, copied: &str, folder: &str) -> bool {
    let is_recursive = |word: &String| {
        word == "--recursive" || word.starts_with('-') && !word.starts_with("--") && word.contains('R')
    };
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
            matches!(instruction, Instruction::CopyFrom { sources, .. } if sources.iter().any(|source| source.contains("wheel")))
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

/// Finds tools that people use and a server does not.
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
#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::of_file as findings;

    fn check(body: &str) -> Vec<String> {
        findings(RULES, "Dockerfile", &format!("FROM python:3.13-slim-trixie\n{body}\n"), &[])
    }

    #[test]
    fn what_pip_fetched_does_not_stay() {
        assert_eq!(
            check("RUN pip install -r requirements.txt\nRUN pip install -r more.txt"),
            ["pip-cache-kept:2"]
        );
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
        assert!(
            check("RUN apt-get update && apt-get install -y libpq5 && rm -rf /var/lib/apt/lists/*")
                .is_empty()
        );
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
}
