//! Loading any folder ends without a panic: the input gives the rules of git, its index, and names of files, also
//! such as are no text.
#![no_main]

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use camino::Utf8Path;
use libfuzzer_sys::fuzz_target;

const NAMES: [&str; 12] = [
    ".gitignore",
    "shop/.gitignore",
    ".git/index",
    ".git/info/exclude",
    ".git/commondir",
    ".git/HEAD",
    "shop/settings.py",
    "shop/pyvenv.cfg",
    "manage.py",
    "a/b/c.txt",
    "build/x.o",
    "media/1.png",
];

fuzz_target!(|files: Vec<(u8, &[u8])>| {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    let folder = FOLDER.get_or_init(|| std::env::temp_dir().join(format!("djdock-fuzz-{}", std::process::id())));
    let _ = fs::remove_dir_all(folder);
    for part in [".git/info", "shop", "a/b", "build", "media"] {
        fs::create_dir_all(folder.join(part)).expect("a folder of the target's own");
    }
    for (what, bytes) in files.into_iter().take(16) {
        match NAMES.get(usize::from(what) % 16) {
            Some(name) => drop(fs::write(folder.join(name), bytes)),
            // The bytes are a name, perhaps of a folder's file.
            None => named(folder, bytes, what),
        }
    }
    let root = Utf8Path::from_path(folder).expect("a name that is text");
    let tree = djdock::shell::disk::load(root).expect("the folder is there, and it is small");
    for path in tree.files() {
        let _ = tree.text(path);
        let _ = tree.resolve(path);
    }
});

fn named(folder: &Path, bytes: &[u8], what: u8) {
    let name = OsStr::from_bytes(bytes);
    let plain = Path::new(name).components().all(|part| matches!(part, std::path::Component::Normal(_)));
    if name.is_empty() || !plain || bytes.contains(&0) {
        return;
    }
    let path = folder.join(name);
    let _ = path.parent().map(fs::create_dir_all);
    if what & 0x80 == 0 {
        let _ = fs::write(path, "x");
    } else {
        let _ = std::os::unix::fs::symlink(Path::new("..").join(name), path);
    }
}
