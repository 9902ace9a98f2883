//! The catalogue of everything that djdock can tell: `tests/messages/CODE.txt` holds, for each code, a situation and
//! what is said of it.
//!
//! A situation is a few files (`//- path`, then the contents; `//- folder/`; `//- link -> target`) and commands
//! (`$ djdock inspect`, with variables before it or `> /dev/full` after it), of which the last one's words count.
//! `UPDATE_EXPECT=1` writes what is said now.

use std::fs;

use djdock::base::codes;

use crate::support::program::Folder;
use crate::support::repository;

/// What is said of situations that only an Engine or a broken machine brings about: unit tests hold these.
const CONSTRUCTED: &str = "tests/messages/constructed";

#[test]
fn every_code_says_what_its_situation_shows() {
    let mut files = repository::files_ending("tests/messages", ".txt");
    files.retain(|file| !file.starts_with(CONSTRUCTED));
    let half = files.len().div_ceil(2);
    // Each situation is a run of the program: two at a time.
    let wrong: String = std::thread::scope(|scope| {
        let readers: Vec<_> = files
            .chunks(half.max(1))
            .map(|files| scope.spawn(|| files.iter().map(|file| wrong_with(file)).collect::<String>()))
            .collect();
        readers.into_iter().map(|reader| reader.join().unwrap()).collect()
    });
    assert!(
        wrong.is_empty(),
        "{wrong}\nWrite what is said now with: env UPDATE_EXPECT=1 cargo test --test it messages"
    );
}

/// What is not as it is kept in `file`.
fn wrong_with(file: &str) -> String {
    let code = file.rsplit('/').next().unwrap().strip_suffix(".txt").unwrap();
    assert!(codes::all().any(|entry| entry.code.0 == code), "{file}: there is no such code");
    let text = repository::read(file);
    let situation = Situation::parse(file, &text);
    let said = said_of(code, &situation.run());
    if said.trim().is_empty() {
        return format!("{file}: nothing is said of it\n");
    }
    let now = format!("{}\n{said}", situation.head);
    if now == text {
        return String::new();
    }
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(repository::path(file), &now).unwrap();
    }
    format!("{file}, now:\n{now}\n")
}

/// Codes that no file holds: a bug of djdock's own, or an aged table of it, has to come first.
const NEVER_SEEN: &[&str] = &[
    "template-broken",
    "inspect-failed",
    "settings-reader-failed",
    "settings-no-thread",
    "plan-not-proven",
    "stack-not-proven",
    "database-too-old",
];

#[test]
fn every_code_is_in_the_catalogue_and_explained() {
    let mut missing = Vec::new();
    for entry in codes::all() {
        let code = entry.code.0;
        let kept =
            ["tests/messages", CONSTRUCTED].map(|folder| repository::path(&format!("{folder}/{code}.txt")));
        if kept.iter().any(|path| path.exists()) == NEVER_SEEN.contains(&code) {
            missing.push(code);
        }
        assert!(!entry.explanation.trim().is_empty(), "{code}");
    }
    assert!(missing.is_empty(), "not in tests/messages, or in it and excused: {missing:?}");
}

#[test]
fn every_code_is_said_somewhere() {
    let sources: Vec<String> = repository::files_ending("src", ".rs")
        .into_iter()
        .filter(|file| !file.starts_with("src/base/codes/"))
        .map(|file| repository::read(&file))
        .collect();
    let declared = repository::files_ending("src/base/codes", ".rs");
    let mut count = 0;
    for file in declared {
        for line in repository::read(&file).lines() {
            let Some((name, code)) = line.trim().split_once(" = \"") else { continue };
            if !line.starts_with("    ")
                || name.chars().any(|c| !(c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_'))
            {
                continue;
            }
            count += 1;
            let is_said = sources.iter().any(|text| {
                text.match_indices(name).any(|(at, _)| {
                    let around = [text[..at].chars().next_back(), text[at + name.len()..].chars().next()];
                    around.iter().flatten().all(|c| !(c.is_alphanumeric() || *c == '_'))
                })
            });
            assert!(is_said, "{file}: nothing says {code}");
        }
    }
    assert_eq!(count, codes::all().count());
}

struct Situation<'a> {
    /// All up to the last command.
    head: &'a str,
    files: Vec<(&'a str, String)>,
    folders: Vec<&'a str>,
    links: Vec<(&'a str, &'a str)>,
    commands: Vec<&'a str>,
}

impl<'a> Situation<'a> {
    fn parse(file: &str, text: &'a str) -> Self {
        let commands: Vec<&str> = text.lines().filter(|line| line.starts_with("$ ")).collect();
        let last = commands.last().unwrap_or_else(|| panic!("{file}: no command"));
        let end = last.as_ptr() as usize - text.as_ptr() as usize + last.len();
        let head = &text[..end];
        let mut situation = Self {
            head,
            files: Vec::new(),
            folders: Vec::new(),
            links: Vec::new(),
            commands: commands.clone(),
        };
        for line in head.lines().filter(|line| !line.starts_with("$ ")) {
            match line.strip_prefix("//- ") {
                Some(link) if link.contains(" -> ") => situation.links.extend(link.split_once(" -> ")),
                Some(folder) if folder.ends_with('/') => situation.folders.push(folder),
                Some(path) => situation.files.push((path, String::new())),
                None => {
                    if let Some((_, contents)) = situation.files.last_mut() {
                        contents.push_str(line);
                        contents.push('\n');
                    }
                }
            }
        }
        situation
    }

    /// Everything that the last command says on stderr.
    fn run(&self) -> String {
        let folder = Folder::with(self.files.iter().map(|(path, contents)| (*path, contents)));
        for path in &self.folders {
            fs::create_dir_all(folder.path().join(path)).unwrap();
        }
        for (link, target) in &self.links {
            std::os::unix::fs::symlink(target, folder.path().join(link)).unwrap();
        }
        let mut said = String::new();
        for command in &self.commands {
            said = run(&folder, command);
        }
        said
    }
}

/// `$ NAME=value djdock ARGUMENTS`, or a line for the shell that makes a situation (`$ echo x >> Dockerfile`).
fn run(folder: &Folder, command: &str) -> String {
    let command = command.strip_prefix("$ ").unwrap_or(command);
    let djdock = format!("{} ", env!("CARGO_BIN_EXE_djdock"));
    let output = std::process::Command::new("/bin/sh")
        .args(["-c", &command.replacen("djdock ", &djdock, 1)])
        .current_dir(folder.path())
        .stdin(std::process::Stdio::null())
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    // In a pipe the last program's status counts.
    let is_alone = command.contains("djdock ") && !command.contains('|');
    let is_success = output.status.success();
    assert!(!(is_alone && is_success && said.contains("error[")), "`{command}` ends well, and says:\n{said}");
    said
}

/// The diagnostics with this code among everything that was said.
fn said_of(code: &str, all: &str) -> String {
    let is_title = |line: &str| ["error[", "warning[", "note["].iter().any(|kind| line.starts_with(kind));
    let mut said = String::new();
    let mut is_ours = false;
    for line in all.lines() {
        if is_title(line) {
            is_ours = line.contains(&format!("[{code}]:"));
        } else if line.is_empty() {
            is_ours = false;
        }
        if is_ours {
            said.push_str(line);
            said.push('\n');
        }
    }
    said.trim_end().to_owned() + "\n"
}
