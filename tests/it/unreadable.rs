//! Files that nobody can read are told, and nothing is made up in their place.

use crate::support::pipeline::{MANAGE, SETTINGS, WSGI};
use crate::support::program::Folder;

/// A project in which these bytes stand at `path`.
fn with(path: &str, bytes: &[u8]) -> Folder {
    let folder = Folder::with([
        ("manage.py", MANAGE),
        ("mysite/__init__.py", ""),
        ("mysite/settings.py", SETTINGS),
        ("mysite/urls.py", "urlpatterns = []\n"),
        ("mysite/wsgi.py", WSGI),
        ("requirements.txt", "django==5.2.8\n"),
    ]);
    folder.write(path, bytes);
    folder
}

/// Refuses with this code and these words, and writes nothing.
fn refuses(folder: &Folder, code: &str, words: &str) {
    let run = folder.djdock(&["init", "--yes"]);
    assert_eq!(run.code, 2, "{}", run.stderr);
    assert!(run.stderr.contains(&format!("error[{code}]")), "{}", run.stderr);
    assert!(run.stderr.contains(words), "{}", run.stderr);
    assert!(!folder.has("compose.yaml") && !folder.has(".env"), "something was written");
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

#[test]
fn settings_that_are_binary_are_refused() {
    refuses(&with("mysite/settings.py", &[0, 1, 2, 0, 255, 254, 7, 0]), "settings-unreadable", "binary data");
}

#[test]
fn settings_with_a_nul_byte_are_refused() {
    let text = SETTINGS.replace("mysite.urls", "mysite\0urls");
    refuses(&with("mysite/settings.py", text.as_bytes()), "settings-unreadable", "a NUL byte");
}

#[test]
fn settings_in_utf_16_are_refused_with_a_way_out() {
    for mark in ["", "\u{feff}"] {
        let bytes = utf16(&format!("{mark}{SETTINGS}"));
        refuses(
            &with("mysite/settings.py", &bytes),
            "settings-unreadable",
            "save `mysite/settings.py` again as UTF-8",
        );
    }
}

#[test]
fn settings_that_are_too_large_are_refused() {
    let text = format!("{SETTINGS}WORDS = '''\n{}'''\n", "a line of words\n".repeat(40_000));
    refuses(&with("mysite/settings.py", text.as_bytes()), "settings-unreadable", "larger than 512 KiB");
}

#[test]
fn settings_in_another_encoding_are_refused_unless_they_name_it() {
    let mut bytes = b"# caf\xe9\n".to_vec();
    bytes.extend(SETTINGS.as_bytes());
    refuses(&with("mysite/settings.py", &bytes), "settings-unreadable", "not in UTF-8");
    let mut named = b"# -*- coding: latin-1 -*-\n".to_vec();
    named.extend(bytes);
    let run = with("mysite/settings.py", &named).djdock(&["init", "--yes"]);
    assert!(!run.stderr.contains("settings-unreadable"), "{}", run.stderr);
}

#[test]
fn a_syntax_error_is_refused_before_anything_is_written() {
    for wrong in ["print 'starting'\n", "<<<<<<< HEAD\nA = 1\n=======\nA = 2\n>>>>>>> other\n", "DEBUG = (\n"]
    {
        let text = format!("{SETTINGS}{wrong}");
        refuses(&with("mysite/settings.py", text.as_bytes()), "settings-not-python-3", "mend the line");
    }
}

#[test]
fn what_settings_import_is_refused_too() {
    let folder = with("mysite/settings.py", format!("from .parts import *\n{SETTINGS}").as_bytes());
    folder.write("mysite/parts.py", utf16("\u{feff}A = 1\n"));
    refuses(&folder, "settings-unreadable", "`mysite/parts.py`");
}

#[test]
fn a_manage_py_that_cannot_be_read_is_refused() {
    refuses(&with("manage.py", &[0, 1, 2, 0, 255, 254, 7, 0]), "settings-unreadable", "`manage.py`");
    refuses(&with("manage.py", &utf16(&format!("\u{feff}{MANAGE}"))), "settings-unreadable", "`manage.py`");
    refuses(
        &with("manage.py", format!("{MANAGE}print 'x'\n").as_bytes()),
        "settings-not-python-3",
        "manage.py",
    );
}

#[test]
fn a_mark_in_front_of_utf_8_is_no_fault() {
    let run = with("mysite/settings.py", format!("\u{feff}{SETTINGS}").as_bytes()).djdock(&["init", "--yes"]);
    assert!(!run.stderr.contains("settings-unreadable"), "{}", run.stderr);
}
