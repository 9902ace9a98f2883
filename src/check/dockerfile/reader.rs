//! A Dockerfile as stages of instructions, with the commands that they run.

use camino::{Utf8Path, Utf8PathBuf};

use super::instruction::{self, Instruction};
use crate::base::{Place, path};
use crate::check::Subject;
use crate::check::command_line::SimpleCommand;

/// A Dockerfile of the project that djdock did not make.
#[derive(Debug)]
pub struct Dockerfile {
    pub path: Utf8PathBuf,
    pub stages: Vec<Stage>,
}

#[derive(Debug)]
pub struct Stage {
    /// With build arguments put in where their default is known: `python:3.13-slim`.
    pub from: String,
    /// The name after `AS`; empty if there is none.
    pub name: String,
    /// The earlier stage that it stands on, by its place in the file.
    stands_on: Option<usize>,
    pub place: Place,
    /// `FROM … as` beside an upper-case `FROM`.
    pub mixes_case: bool,
    pub instructions: Vec<(Place, Instruction)>,
}

/// The Dockerfiles that build an image for the project, by path.
pub fn dockerfiles(subject: &Subject<'_>) -> Vec<Dockerfile> {
    all_dockerfiles(subject).into_iter().filter(Dockerfile::is_python).collect()
}

/// Every Dockerfile of the project, also of images without Python: a proxy's.
pub fn all_dockerfiles(subject: &Subject<'_>) -> Vec<Dockerfile> {
    let tree = subject.tree;
    let named = tree.files().filter(|path| path.file_name().is_some_and(is_dockerfile_name));
    let texts = named.filter_map(|path| Some((path, tree.text(path)?)));
    let own = texts.filter(|(path, text)| !is_of_another_program(subject, path, text));
    own.filter_map(|(path, text)| read(path, text)).collect()
}

/// Tells whether the file lies with the code of something else that runs beside the project: not on the way to
/// `manage.py`, among sources of its own, and without a word of the project.
pub fn is_of_another_program(subject: &Subject<'_>, path: &Utf8Path, text: &str) -> bool {
    const MANIFESTS: [&str; 5] = ["pyproject.toml", "Pipfile", "setup.py", "package.json", "go.mod"];
    let folder = path::parent(path);
    let facts = subject.facts;
    if folder == "." || facts.project_dir.value.starts_with(folder) {
        return false;
    }
    let applications = [&facts.wsgi_application.value, &facts.asgi_application.value];
    let speaks_of_it = text.contains("manage.py")
        || applications.into_iter().flatten().any(|application| text.contains(application.as_str()));
    let has_sources = subject.tree.files().filter(|file| path::parent(file) == folder).any(|file| {
        let name = file.file_name().unwrap_or_default();
        name.ends_with(".py") || name.starts_with("requirements") || MANIFESTS.contains(&name)
    });
    !speaks_of_it && has_sources
}

fn is_dockerfile_name(name: &str) -> bool {
    let lower = name.to_lowercase();
    let template =
        [".dockerignore", ".j2", ".md"].iter().any(|end| lower.ends_with(end)) || is_backup(&lower);
    let named = lower == "dockerfile" || lower.starts_with("dockerfile.") || lower.starts_with("dockerfile-");
    !template && (named || lower.ends_with(".dockerfile") || lower.starts_with("containerfile"))
}

/// Tells whether a name is one that djdock, or a person, gives to a file that was replaced: `Dockerfile.bak`, `Dockerfile.bak2`.
fn is_backup(name: &str) -> bool {
    let is_mark = |part: &str| {
        part.strip_prefix("bak").is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()))
    };
    name.split('.').any(is_mark) || name.ends_with('~') || name.ends_with(".orig")
}

/// `None` for what djdock made, and for what is no Dockerfile at all.
fn read(path: &Utf8Path, text: &str) -> Option<Dockerfile> {
    if crate::check::is_made_by_djdock(text) {
        return None;
    }
    let parsed = parse_dockerfile::parse(text).ok()?;
    let arguments: Vec<(String, String)> = parsed
        .global_args()
        .filter_map(|argument| argument.arguments.value.split_once('='))
        .map(|(name, value)| (name.to_owned(), value.trim_matches('"').to_owned()))
        .collect();
    let line = |offset: usize| {
        let before = text.get(..offset).unwrap_or_default();
        Place::line(path, u32::try_from(before.matches('\n').count() + 1).unwrap_or(u32::MAX))
    };
    let mut names: Vec<String> = Vec::new();
    let mut stages = Vec::new();
    for stage in parsed.stages() {
        let from = put_in(&stage.from.image.value, &arguments);
        let name = stage.from.as_.as_ref().map(|(_, name)| name.value.to_string()).unwrap_or_default();
        stages.push(Stage {
            name: name.clone(),
            // A stage's own name is not known before its end: `FROM python AS python` stands on the image.
            stands_on: names.iter().rposition(|name| name.eq_ignore_ascii_case(&from)),
            from,
            place: line(stage.from.from.span.start),
            mixes_case: stage.from.as_.as_ref().is_some_and(|(keyword, _)| {
                word(text, stage.from.from.span.clone()) == "FROM" && word(text, keyword.span.clone()) == "as"
            }),
            instructions: stage
                .instructions
                .iter()
                .filter_map(|parsed| Some((line(instruction::start(parsed)), instruction::read(parsed)?)))
                .collect(),
        });
        names.push(name);
    }
    Some(Dockerfile { path: path.to_owned(), stages })
}

fn word(text: &str, span: std::ops::Range<usize>) -> &str {
    text.get(span).unwrap_or_default()
}

impl Dockerfile {
    /// Tells whether its name says that it is not for production.
    pub fn is_for_development(&self) -> bool {
        let path = self.path.as_str().to_lowercase();
        ["dev", "local", "test", "ci"]
            .iter()
            .any(|word| path.split(['/', '.', '-', '_']).any(|part| part.starts_with(word)))
    }

    /// The stage that becomes the image.
    pub fn last(&self) -> Option<&Stage> {
        self.stages.last()
    }

    /// Tells whether its name says that other images stand on what it builds.
    pub fn is_base(&self) -> bool {
        self.path.as_str().to_lowercase().split(['/', '.', '-', '_']).any(|part| part == "base")
    }

    /// A stage and those that it stands on, down to the one that stands on an image.
    pub fn chain<'a>(&'a self, stage: &'a Stage) -> Vec<&'a Stage> {
        let below = |stage: &&'a Stage| stage.stands_on.and_then(|number| self.stages.get(number));
        std::iter::successors(Some(stage), below).collect()
    }

    /// The image that a stage stands on in the end.
    pub fn image_of<'a>(&'a self, stage: &'a Stage) -> &'a str {
        self.chain(stage).last().map_or("", |stage| &stage.from)
    }

    /// Every instruction of every stage.
    pub fn instructions(&self) -> impl Iterator<Item = &(Place, Instruction)> {
        self.stages.iter().flat_map(|stage| &stage.instructions)
    }

    /// The instructions that the image is made of: of the last stage and those that it stands on.
    pub fn kept(&self) -> impl Iterator<Item = &(Place, Instruction)> {
        let stages = self.last().map(|last| self.chain(last)).unwrap_or_default();
        stages.into_iter().rev().flat_map(|stage| &stage.instructions)
    }

    /// The names that `ENV` gives a value in the stages that `stage` is made of, and in itself.
    pub fn variables<'a>(&'a self, stage: &'a Stage) -> Vec<&'a str> {
        let instructions = self.chain(stage).into_iter().flat_map(|stage| &stage.instructions);
        let assignments = instructions.filter_map(|(_, instruction)| match instruction {
            Instruction::Variables { assignments, .. } => Some(assignments),
            _ => None,
        });
        assignments.flatten().filter(|(_, value)| value.is_some()).map(|(name, _)| name.as_str()).collect()
    }

    /// Every command that a `RUN` runs.
    pub fn commands(&self) -> impl Iterator<Item = (&Place, &SimpleCommand)> {
        self.stages.iter().flat_map(Stage::commands)
    }

    /// Tells whether it installs or runs something of Python's.
    pub fn is_python(&self) -> bool {
        const TOOLS: [&str; 8] = ["pip", "pip3", "python", "python3", "uv", "poetry", "pipenv", "gunicorn"];
        self.stages.iter().any(|stage| stage.from.contains("python"))
            || self
                .commands()
                .any(|(_, command)| command.words.first().is_some_and(|word| TOOLS.contains(&word.as_str())))
    }
}

impl Stage {
    pub fn commands(&self) -> impl Iterator<Item = (&Place, &SimpleCommand)> {
        self.instructions.iter().flat_map(|(place, instruction)| {
            let commands =
                if let Instruction::Run { commands, .. } = instruction { commands.as_slice() } else { &[] };
            commands.iter().map(move |command| (place, command))
        })
    }

    /// Tells whether it stands on an image, and not on an earlier stage.
    pub fn is_on_image(&self) -> bool {
        self.stands_on.is_none()
    }
}

fn put_in(image: &str, arguments: &[(String, String)]) -> String {
    let mut image = image.to_owned();
    for (name, value) in arguments {
        image = image.replace(&format!("${{{name}}}"), value).replace(&format!("${name}"), value);
    }
    image
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{Fact, Tree};
    use crate::inspect::Facts;

    #[test]
    fn stages_commands_and_lines_are_read() {
        let text = "ARG PYTHON=3.13\nFROM python:${PYTHON}-slim AS base\nRUN apt-get update && \\\n    apt-get install -y gcc\n\
            ENV A=1 B=two\nFROM base\nCOPY . /app\nUSER app\nCMD [\"gunicorn\", \"site.wsgi\"]\n";
        let tree = Tree::from_literals([("Dockerfile", text)]);
        let facts = Facts::default();
        let files = dockerfiles(&Subject::new(&tree, &facts));
        let [file] = files.as_slice() else { panic!("{files:?}") };
        assert_eq!(file.stages[0].from, "python:3.13-slim");
        let lines: Vec<String> =
            file.commands().map(|(place, command)| format!("{place} {}", command.words.join(" "))).collect();
        assert_eq!(lines, ["Dockerfile:3 apt-get update", "Dockerfile:3 apt-get install -y gcc"]);
        assert_eq!(file.last().map(|stage| stage.instructions.len()), Some(3));
    }

    #[test]
    fn images_of_other_languages_and_files_of_djdock_are_left_alone() {
        let tree = Tree::from_literals([
            ("web/Dockerfile", "FROM node:22\nRUN npm ci\n"),
            ("Dockerfile", "# Made by djdock.\nFROM python:3.13\n"),
            ("Dockerfile.bak", "FROM python:3.13\nRUN pip install x\n"),
            ("Dockerfile.bak2", "FROM python:3.13\nRUN pip install x\n"),
        ]);
        assert!(dockerfiles(&Subject::new(&tree, &Facts::default())).is_empty());
    }

    #[test]
    fn comments_between_the_lines_of_a_command_are_no_part_of_it() {
        let text = "FROM python:3.13\nRUN apt-get update && apt-get install -y \\\n  # for psycopg2\n  libpq-dev \\\n\n  gcc\n";
        let tree = Tree::from_literals([("Dockerfile", text)]);
        let files = dockerfiles(&Subject::new(&tree, &Facts::default()));
        let words: Vec<String> = files[0].commands().map(|(_, command)| command.words.join(" ")).collect();
        assert_eq!(words, ["apt-get update", "apt-get install -y libpq-dev gcc"]);
    }

    #[test]
    fn a_stage_stands_on_an_earlier_one_and_never_on_itself() {
        let text = "FROM python:3.13-slim AS python\nFROM python AS build\nRUN pip install x\nFROM Build\n";
        let tree = Tree::from_literals([("Dockerfile", text)]);
        let files = dockerfiles(&Subject::new(&tree, &Facts::default()));
        let [file] = files.as_slice() else { panic!("{files:?}") };
        assert_eq!(file.image_of(&file.stages[1]), "python:3.13-slim");
        assert_eq!(file.image_of(&file.stages[2]), "python:3.13-slim");
    }

    #[test]
    fn a_file_among_the_sources_of_another_program_is_not_the_projects() {
        let python = "FROM python:3.13\nRUN pip install -r requirements.txt\n";
        let tree = Tree::from_literals([
            ("manage.py", ""),
            ("docker/Dockerfile", python),
            ("analyzers/bot/Dockerfile", python),
            ("analyzers/bot/requirements.txt", "flask\n"),
        ]);
        let facts = Facts { project_dir: Fact::with(".".into(), Vec::new()), ..Facts::default() };
        let files = dockerfiles(&Subject::new(&tree, &facts));
        let paths: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
        assert_eq!(paths, ["docker/Dockerfile"]);
    }
}
