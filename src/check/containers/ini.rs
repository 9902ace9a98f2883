//! Files in the form of supervisor and uWSGI, with their lines.

use camino::{Utf8Path, Utf8PathBuf};

use crate::base::{Place, Tree, path};
use crate::check::is_made_by_djdock;

/// A section of a file.
#[derive(Clone, Debug)]
pub struct Section {
    pub file: Utf8PathBuf,
    /// `program:web`, `uwsgi`.
    pub name: String,
    pub line: u32,
    /// Keys and values, with their lines, in order.
    pub entries: Vec<(String, String, u32)>,
}

impl Section {
    /// The last value of a key, as the programs take it.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.entry(key).map(|(value, _)| value)
    }

    /// The last value of a key, and its place.
    pub fn entry(&self, key: &str) -> Option<(&str, Place)> {
        let (_, value, line) = self.entries.iter().rfind(|(own, ..)| own == key)?;
        Some((value, Place::line(&self.file, *line)))
    }

    /// The place of the section's head.
    pub fn place(&self) -> Place {
        Place::line(&self.file, self.line)
    }

    /// Tells whether a switch is on.
    pub fn is_on(&self, key: &str) -> bool {
        self.get(key)
            .is_some_and(|value| matches!(value.to_lowercase().as_str(), "true" | "1" | "yes" | "on"))
    }
}

/// The sections of a file. A value goes on in lines that begin with white space, as in supervisor's files.
pub fn sections(file: &Utf8Path, text: &str) -> Vec<Section> {
    let mut found: Vec<Section> = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with(['#', ';']) {
            continue;
        }
        if let Some(name) = trimmed.strip_prefix('[').and_then(|rest| rest.split(']').next()) {
            let name = name.trim().to_owned();
            found.push(Section { file: file.to_owned(), name, line: number, entries: Vec::new() });
        } else if let Some(section) = found.last_mut() {
            match trimmed.split_once('=') {
                Some((key, value)) if !line.starts_with([' ', '\t']) || section.entries.is_empty() => {
                    let value = value.split(" ;").next().unwrap_or_default().trim();
                    section.entries.push((key.trim().to_owned(), value.to_owned(), number));
                }
                _ => {
                    if let Some((_, value, _)) = section.entries.last_mut() {
                        value.push(' ');
                        value.push_str(trimmed);
                    } else if let Some((key, value)) = trimmed.split_once('=') {
                        section.entries.push((key.trim().to_owned(), value.trim().to_owned(), number));
                    }
                }
            }
        }
    }
    found
}

/// The sections of every file of the project that is for supervisor or uWSGI, by what it holds: a section whose name
/// `is_wanted`.
pub fn project_sections(tree: &Tree, is_wanted: impl Fn(&str) -> bool) -> Vec<Section> {
    let is_ini = |file: &Utf8Path| {
        matches!(path::extension(file), None | Some("conf" | "ini" | "cfg" | "tpl" | "template"))
    };
    let files = tree.files().filter(|file| is_ini(file));
    let mut found = Vec::new();
    for file in files {
        let Some(text) = tree.text(file).filter(|text| text.contains('[') && !is_made_by_djdock(text)) else {
            continue;
        };
        let has_head = text.lines().any(|line| {
            let name = line.trim().strip_prefix('[').and_then(|rest| rest.split(']').next());
            name.is_some_and(&is_wanted)
        });
        if has_head {
            found.extend(sections(file, text));
        }
    }
    found
}

/// Tells whether a section's name is one of supervisor's.
pub fn is_supervisors(name: &str) -> bool {
    name.starts_with("program:") || name == "supervisord"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_have_their_lines_and_values_that_go_on() {
        let text = "; head\n[program:web]\ncommand=gunicorn\n    site.wsgi ; note\nuser = app\n\n[uwsgi]\n  chdir = /a\n";
        let found = sections(Utf8Path::new("a.conf"), text);
        let [web, uwsgi] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!((web.line, web.get("command")), (2, Some("gunicorn site.wsgi ; note")));
        assert_eq!(web.entry("user").unwrap().1.to_string(), "a.conf:5");
        assert_eq!(uwsgi.get("chdir"), Some("/a"));
    }

    #[test]
    fn files_are_known_by_what_they_hold() {
        let tree = Tree::from_literals([
            ("deploy/programs.conf", "[program:web]\ncommand=gunicorn x\n"),
            ("deploy/other.conf", "[Unit]\nDescription=x\n"),
            ("notes.md", "[program:web]\n"),
        ]);
        let files: Vec<String> =
            project_sections(&tree, is_supervisors).iter().map(|section| section.file.to_string()).collect();
        assert_eq!(files, ["deploy/programs.conf"]);
    }
}
