//! Requirements files, as pip reads them: with `-r`, `-c`, `-e`, hashes, continued lines and comments.

mod lines;

use std::collections::BTreeSet;

use camino::{Utf8Path, Utf8PathBuf};

use self::lines::{logical_lines, option_and_value, split_options};
use super::super::facts::DistributionSource;
use super::stated::{Index, Stated, local_path, name_from_address, source_of, variables};
use crate::base::{Place, Tree, path};
use crate::python::{Marker, Requirement};

/// How deep `-r` may lead.
const DEEPEST: usize = 16;

/// The content of a requirements file, with everything that it includes.
#[derive(Clone, Debug, Default)]
pub(super) struct Requirements {
    pub stated: Vec<Stated>,
    pub constraints: Vec<Stated>,
    /// Every file that was read, in the order of reading, the asked one first.
    pub files: Vec<Utf8PathBuf>,
    /// The files that the asked file itself includes with `-r`.
    pub includes: Vec<Utf8PathBuf>,
    /// How many requirements the asked file itself states.
    pub own: usize,
    /// Files that `-r` and `-c` name and that are not there.
    pub missing: Vec<(Utf8PathBuf, Place)>,
    /// Lines that are no requirement, and why.
    pub malformed: Vec<(String, String, Place)>,
    /// Folders and archives of the project that are installed.
    pub local: Vec<Utf8PathBuf>,
    /// The project's own folder is installed: `-e .`.
    pub installs_project: bool,
    pub extras: Vec<String>,
    pub indexes: Vec<Index>,
    pub variables: BTreeSet<String>,
    /// Distributions that are to be compiled: `--no-binary`.
    pub no_binary: BTreeSet<String>,
    pub hashes: bool,
}

impl Requirements {
    pub fn get(&self, name: &str) -> Option<&Stated> {
        self.stated.iter().find(|stated| stated.name == name)
    }

    /// Adds what another file comes to.
    pub fn merge(&mut self, other: Self) {
        self.stated.extend(other.stated);
        self.constraints.extend(other.constraints);
        for file in other.files {
            if !self.files.contains(&file) {
                self.files.push(file);
            }
        }
        self.includes.extend(other.includes);
        self.own += other.own;
        self.missing.extend(other.missing);
        self.malformed.extend(other.malformed);
        self.local.extend(other.local);
        self.installs_project |= other.installs_project;
        self.extras.extend(other.extras);
        self.indexes.extend(other.indexes);
        self.variables.extend(other.variables);
        self.no_binary.extend(other.no_binary);
        self.hashes |= other.hashes;
    }
}

/// Reads the file at `start` and all that it includes.
pub(super) fn read(tree: &Tree, start: &Utf8Path) -> Requirements {
    let mut read = Requirements::default();
    Reader { tree, out: &mut read }.file(start, false, 0);
    read
}

struct Reader<'a> {
    tree: &'a Tree,
    out: &'a mut Requirements,
}

impl Reader<'_> {
    fn file(&mut self, file: &Utf8Path, constraints: bool, depth: usize) {
        if depth > DEEPEST || self.out.files.iter().any(|seen| seen == file) {
            return;
        }
        let tree = self.tree;
        let Some(text) = tree.text(file) else { return };
        self.out.files.push(file.to_owned());
        for (line, number) in logical_lines(text) {
            self.line(&line, &Place::line(file, number), file, constraints, depth);
        }
    }

    fn line(&mut self, line: &str, place: &Place, file: &Utf8Path, constraints: bool, depth: usize) {
        self.out.variables.extend(variables(line));
        if let Some(option) = line.strip_prefix('-') {
            return self.option(option, line, place, file, constraints, depth);
        }
        let (requirement, options) = split_options(line);
        self.out.hashes |= options.contains("--hash");
        match read_one(requirement, &self.start(file, requirement), place) {
            Ok(One::Stated(stated)) if constraints => self.out.constraints.push(*stated),
            Ok(One::Stated(stated)) => {
                if let DistributionSource::Local(path) = &stated.source {
                    self.out.local.push(path.clone());
                }
                self.out.stated.push(*stated);
                self.out.own += usize::from(depth == 0);
            }
            Ok(One::Project { folder, extras }) => self.local(folder, extras),
            Err(why) => self.out.malformed.push((requirement.to_owned(), why, place.clone())),
        }
    }

    /// A line that begins with a dash; `option` lacks the first one.
    fn option(
        &mut self,
        option: &str,
        line: &str,
        place: &Place,
        file: &Utf8Path,
        constraints: bool,
        depth: usize,
    ) {
        let (name, value) = option_and_value(option);
        let folder = path::parent(file);
        match name {
            "r" | "-requirement" | "c" | "-constraint" => {
                let constraints = constraints || name.ends_with('c') || name == "-constraint";
                let Some(target) = path::join(folder, value) else {
                    return self.out.malformed.push((line.to_owned(), OUTSIDE.to_owned(), place.clone()));
                };
                if value.contains("://") {
                    return;
                }
                if !self.tree.is_file(&target) {
                    return self.out.missing.push((target, place.clone()));
                }
                if depth == 0 && !constraints {
                    self.out.includes.push(target.clone());
                }
                self.file(&target, constraints, depth + 1);
            }
            "e" | "-editable" => match read_one(value, &self.start(file, value), place) {
                Ok(One::Stated(stated)) => {
                    if let DistributionSource::Local(path) = &stated.source {
                        self.out.local.push(path.clone());
                    }
                    self.out.stated.push(*stated);
                    self.out.own += usize::from(depth == 0);
                }
                Ok(One::Project { folder, extras }) => self.local(folder, extras),
                Err(why) => self.out.malformed.push((line.to_owned(), why, place.clone())),
            },
            "i" | "-index-url" | "-pypi-url" | "-extra-index-url" => {
                self.out.indexes.extend(Index::of(value, place.clone()));
            }
            "f" | "-find-links" => {
                if let Some(path) = local_path(value, folder).filter(|path| self.tree.kind(path).is_some()) {
                    self.out.local.push(path);
                }
            }
            "-no-binary" => {
                self.out.no_binary.extend(value.split(',').map(crate::python::normalised));
            }
            "-require-hashes" => self.out.hashes = true,
            // Everything else changes how pip works, not what it installs.
            _ => {}
        }
    }

    fn local(&mut self, folder: Utf8PathBuf, extras: Vec<String>) {
        self.out.installs_project = true;
        self.out.extras.extend(extras);
        self.out.local.push(folder);
    }

    /// pip sees local paths from where it is started, which is the root here; where only the folder of the file
    /// has such a path, that is what was meant.
    fn start(&self, file: &Utf8Path, written: &str) -> Utf8PathBuf {
        let from_root = local_path(written.split('[').next().unwrap_or(written), Utf8Path::new("."));
        let is_there = from_root.is_some_and(|path| path != "." && self.tree.kind(&path).is_some());
        if is_there || written.starts_with(".[") || written == "." {
            Utf8PathBuf::from(".")
        } else {
            path::parent(file).to_owned()
        }
    }
}

const OUTSIDE: &str = "the path leads out of the project";

enum One {
    Stated(Box<Stated>),
    /// A folder that is installed, whose name only its own manifest says.
    Project {
        folder: Utf8PathBuf,
        extras: Vec<String>,
    },
}

/// One requirement: PEP 508, an address alone, or a path.
fn read_one(text: &str, folder: &Utf8Path, place: &Place) -> Result<One, String> {
    let text = text.trim();
    // A path that is quoted as a whole; a marker may end with a quote of its own.
    let text = text.strip_prefix('"').and_then(|inner| inner.strip_suffix('"')).unwrap_or(text);
    let is_path = text.starts_with('.') || text.starts_with('/') || text.starts_with("file:");
    let is_address = text.contains("://") && !text.contains(" @ ") && !text.contains("@ ");
    if !is_path && !is_address {
        return Requirement::parse(text)
            .map(|one| One::Stated(Box::new(Stated::from_requirement(one, place.clone(), folder))))
            .or_else(|why| {
                // `wheels/lib-1.0.whl`, `libs/own/`: a path without a dot before it.
                let archive = text.ends_with(".whl") || text.ends_with(".tar.gz") || text.ends_with('/');
                if archive { from_path(text, folder, place) } else { Err(why) }
            });
    }
    let (address, marker) = match text.split_once(" ;").or_else(|| text.split_once("; ")) {
        Some((address, marker)) => (address.trim(), Marker::parse(marker).unwrap_or_default()),
        None => (text, Marker::default()),
    };
    if is_path {
        return from_path(address, folder, place);
    }
    let name = name_from_address(address).ok_or("the address says no name")?;
    let source = source_of(address, folder);
    Ok(One::Stated(Box::new(Stated {
        name,
        extras: Vec::new(),
        specifiers: None,
        written: String::new(),
        source,
        marker,
        place: place.clone(),
    })))
}

fn from_path(address: &str, folder: &Utf8Path, place: &Place) -> Result<One, String> {
    let (plain, extras) = match address.split_once('[') {
        Some((plain, extras)) => {
            let extras = extras.trim_end_matches(']').split(',').map(crate::python::normalised).collect();
            (plain, extras)
        }
        None => (address, Vec::new()),
    };
    let target = local_path(plain, folder).ok_or(OUTSIDE)?;
    let is_archive = [".whl", ".tar.gz", ".zip"].iter().any(|end| target.as_str().ends_with(end));
    if !is_archive {
        return Ok(One::Project { folder: target, extras });
    }
    let name = name_from_address(target.as_str()).ok_or("the path says no name")?;
    Ok(One::Stated(Box::new(Stated {
        name,
        extras,
        specifiers: None,
        written: String::new(),
        source: DistributionSource::Local(target),
        marker: Marker::default(),
        place: place.clone(),
    })))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(read: &Requirements) -> Vec<String> {
        read.stated.iter().map(|stated| format!("{}{}", stated.name, stated.written)).collect()
    }

    #[test]
    fn a_marker_keeps_the_quote_that_ends_it() {
        let lines = "tomli==2.0.1 ; python_version < \"3.11\"\npywin32; sys_platform == \"win32\" # windows\n\"./lib\"\n";
        let tree = Tree::from_literals([("requirements.txt", lines), ("lib/setup.py", "")]);
        let read = read(&tree, Utf8Path::new("requirements.txt"));
        assert!(read.malformed.is_empty(), "{:?}", read.malformed);
        assert_eq!(names(&read), ["tomli==2.0.1", "pywin32"]);
        assert_eq!(read.local, ["lib"]);
    }

    #[test]
    fn files_are_followed_and_lines_joined() {
        let tree = Tree::from_literals([
            (
                "requirements/production.txt",
                "# production\n-r base.txt\n-c ../constraints.txt\ngunicorn==23.0.0 \\\n    --hash=sha256:aa \\\n    \
                 --hash=sha256:bb\npsycopg[c]==3.2.1 # driver\n",
            ),
            (
                "requirements/base.txt",
                "Django>=5.2,<6\n\n--extra-index-url https://me:secret@example.org/simple\n",
            ),
            ("constraints.txt", "redis==5.0.0\n"),
        ]);
        let read = read(&tree, Utf8Path::new("requirements/production.txt"));
        assert_eq!(names(&read), ["django>=5.2,<6", "gunicorn==23.0.0", "psycopg==3.2.1"]);
        assert_eq!(read.stated[1].place, Place::line("requirements/production.txt", 4));
        assert_eq!(read.files, ["requirements/production.txt", "requirements/base.txt", "constraints.txt"]);
        assert_eq!((read.own, read.hashes), (2, true));
        assert_eq!(read.constraints[0].name, "redis");
        assert_eq!(read.indexes[0].url, "https://example.org/simple");
        assert_eq!(read.get("psycopg").unwrap().extras, ["c"]);
    }

    #[test]
    fn addresses_paths_and_editables_are_told_apart() {
        let tree = Tree::from_literals([(
            "requirements.txt",
            "-e .[prod]\n./libs/own\ngit+ssh://git@example.org/team/tool.git@v1#egg=tool\n\
             lib @ https://example.org/lib-1.0.tar.gz\nwheels/old-1.0-py3-none-any.whl\n-e git+https://example.org/x.git#egg=x\n",
        )]);
        let read = read(&tree, Utf8Path::new("requirements.txt"));
        assert!(read.installs_project);
        assert_eq!(read.extras, ["prod"]);
        assert_eq!(read.local, [".", "libs/own", "wheels/old-1.0-py3-none-any.whl"]);
        assert_eq!(names(&read), ["tool", "lib", "old", "x"]);
        assert!(read.malformed.is_empty(), "{:?}", read.malformed);
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        let tree = Tree::from_literals([(
            "requirements.txt",
            "django\n-r missing.txt\nthis is no requirement\n-r ../outside.txt\n",
        )]);
        let read = read(&tree, Utf8Path::new("requirements.txt"));
        assert_eq!(read.missing, [("missing.txt".into(), Place::line("requirements.txt", 2))]);
        let wrong: Vec<_> =
            read.malformed.iter().map(|(line, _, place)| (line.as_str(), place.clone())).collect();
        assert_eq!(
            wrong,
            [
                ("this is no requirement", Place::line("requirements.txt", 3)),
                ("-r ../outside.txt", Place::line("requirements.txt", 4))
            ]
        );
    }

    #[test]
    fn local_paths_are_seen_from_the_root_where_pip_starts() {
        let tree = Tree::from_literals([
            ("requirements/base.txt", "-e ./libs/own\n./beside\n"),
            ("libs/own/setup.py", ""),
            ("requirements/beside/setup.py", ""),
        ]);
        assert_eq!(
            read(&tree, Utf8Path::new("requirements/base.txt")).local,
            ["libs/own", "requirements/beside"]
        );
    }

    #[test]
    fn files_that_include_each_other_end() {
        let tree = Tree::from_literals([("a.txt", "-r b.txt\ndjango"), ("b.txt", "-r a.txt\nredis")]);
        assert_eq!(names(&read(&tree, Utf8Path::new("a.txt"))), ["redis", "django"]);
    }

    #[test]
    fn text_of_any_encoding_is_read() {
        let utf16: Vec<u8> =
            "\u{feff}Django==5.2\r\nredis==5.0\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        // "# 한국어" in CP949 before the requirement.
        let korean = b"# \xc7\xd1\xb1\xb9\xbe\xee\nDjango==5.2\nredis==5.0\n".to_vec();
        let tree = Tree::from_literals([("utf16.txt", utf16), ("cp949.txt", korean)]);
        for file in ["utf16.txt", "cp949.txt"] {
            assert_eq!(names(&read(&tree, Utf8Path::new(file))), ["django==5.2", "redis==5.0"], "{file}");
        }
    }
}
