//! The catalogue of everything that djdock can tell: `tests/messages/CODE.txt` holds, for each code, a situation and
//! what is said of it.
//!
//! A situation is a few files (`//- path`, then the contents; `//- folder/`; `//- link -> target`) and commands
//! (`$ djdock inspect`, with variables before it or `> /dev/full` after it), of which the last one's words count.
//! `UPDATE_EXPECT=1` writes what is said now.

use std::fmt::Write;
use std::fs;

use djdock::base::codes;

use crate::support::program::Folder;
use crate::support::repository;

#[test]
fn every_code_says_what_its_situation_shows() {
    let mut wrong = String::new();
    for file in repository::files_ending("tests/messages", ".txt") {
        let code = file.rsplit('/').next().unwrap().strip_suffix(".txt").unwrap();
        assert!(codes::all().any(|entry| entry.code.0 == code), "{file}: there is no such code");
        let text = repository::read(&file);
        let situation = Situation::parse(&file, &text);
        let said = said_of(code, &situation.run());
        let now = format!("{}\n{said}", situation.head);
        if now == text {
            continue;
        }
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            fs::write(repository::path(&file), &now).unwrap();
        }
        let _ = writeln!(wrong, "{file}, now:\n{now}");
    }
    assert!(
        wrong.is_empty(),
        "{wrong}\nWrite what is said now with: env UPDATE_EXPECT=1 cargo test --test it messages"
    );
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
        self.commands.iter().map(|command| run(&folder, command)).next_back().unwrap_or_default()
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
    String::from_utf8(output.stderr).unwrap()
}

/// The diagnostics with this code among everything that was said.
fn said_of(code: &str, all: &str) -> String {
    let is_title = |line: &str| ["error[", "warning[", "note["].iter().any(|kind| line.starts_with(kind));
    let mut said = String::new();
    let mut is_ours = false;
    for line in all.lines() {
        if is_title(line) {
            is_ours = line.contains(&format!("[{code}]:"));
        }
        if is_ours {
            said.push_str(line);
            said.push('\n');
        }
    }
    said.trim_end().to_owned() + "\n"
}
