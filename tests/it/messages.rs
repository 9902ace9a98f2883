//! The catalogue of everything that djdock can tell: `tests/messages/CODE.txt` holds, for each code, a situation and
//! what is said of it.
//!
//! A situation is a few files (`//- path`, then the contents; a path that ends in `/` is a folder) and a command
//! (`$ djdock inspect`), or the name of a maker below. `UPDATE_EXPECT=1` writes what is said now.

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
    /// All up to the command.
    head: &'a str,
    files: Vec<(&'a str, String)>,
    folders: Vec<&'a str>,
    arguments: Vec<&'a str>,
}

impl<'a> Situation<'a> {
    fn parse(file: &str, text: &'a str) -> Self {
        let command = text
            .lines()
            .find(|line| line.starts_with("$ djdock "))
            .unwrap_or_else(|| panic!("{file}: no command"));
        let end = command.as_ptr() as usize - text.as_ptr() as usize + command.len();
        let head = &text[..end];
        let mut situation = Self {
            head,
            files: Vec::new(),
            folders: Vec::new(),
            arguments: command.split_whitespace().skip(2).collect(),
        };
        for line in head.lines().filter(|line| *line != command) {
            match line.strip_prefix("//- ") {
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

    /// Everything that djdock says on stderr.
    fn run(&self) -> String {
        let folder = Folder::with(self.files.iter().map(|(path, contents)| (*path, contents)));
        for path in &self.folders {
            fs::create_dir_all(folder.path().join(path)).unwrap();
        }
        folder.djdock(&self.arguments).stderr
    }
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
