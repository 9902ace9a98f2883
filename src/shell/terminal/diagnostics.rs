//! Diagnostics in rustc's form.

use annotate_snippets::{AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet};
use anstream::adapter::strip_str;

use super::{Volume, harmless, insist};
use crate::base::diagnostic::Label;
use crate::base::{Diagnostic, Severity, Tree, address};

/// Prints `diagnostics` to stderr, with the lines of `tree` that they point at. Notes are left out where djdock is to be
/// quiet: nothing has to be done about them.
pub fn diagnostics(tree: Option<&Tree>, diagnostics: &[Diagnostic]) {
    let is_quiet = Volume::now() == Volume::Quiet;
    for diagnostic in diagnostics.iter().filter(|one| !is_quiet || one.severity != Severity::Note) {
        insist(&format!("{}\n\n", render(tree, diagnostic, &Renderer::styled())));
    }
}

/// One diagnostic as text.
pub fn render(tree: Option<&Tree>, diagnostic: &Diagnostic, renderer: &Renderer) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let title = level.primary_title(harmless(&diagnostic.title)).id(diagnostic.code.0);
    let mut group = Group::with_title(title);
    for label in &diagnostic.labels {
        group = group.elements(pointed_at(tree, label));
    }
    for note in &diagnostic.notes {
        group = group.element(Level::NOTE.message(harmless(note)));
    }
    for help in &diagnostic.helps {
        group = group.element(Level::HELP.message(harmless(help)));
    }
    without_bar_under_title(&renderer.render(&[group]))
}

/// A title that no line of source follows is not set off from its notes.
fn without_bar_under_title(text: &str) -> String {
    match text.split_once('\n').and_then(|(title, rest)| Some((title, rest.split_once('\n')?))) {
        Some((title, (bar, rest))) if strip_str(bar).to_string().trim() == "|" => format!("{title}\n{rest}"),
        _ => text.to_owned(),
    }
}

/// The line that a label points at; its place and its text where the line cannot be shown.
fn pointed_at<'a>(tree: Option<&'a Tree>, label: &Label) -> Vec<Element<'a>> {
    let number = label.line as usize;
    let line = tree
        .and_then(|tree| tree.text(&label.path))
        .and_then(|text| text.lines().nth(number.saturating_sub(1)));
    let (path, text) = (harmless(label.path.as_str()), harmless(&label.text));
    match line {
        Some(line) if label.hides_value => {
            let shown = without_value(line);
            let annotation = AnnotationKind::Primary.span(span(&shown, label)).label(text);
            vec![Snippet::source(shown).line_start(number).path(path).annotation(annotation).into()]
        }
        Some(line) => {
            let shown = address::without_passwords(line);
            let whole = Label { column: 0, length: 0, ..label.clone() };
            let meant = if shown == line { label } else { &whole };
            let annotation = AnnotationKind::Primary.span(span(&shown, meant)).label(text);
            vec![Snippet::source(shown).line_start(number).path(path).annotation(annotation).into()]
        }
        None => vec![Origin::path(path).line(number).into(), Level::NOTE.message(text).into()],
    }
}

/// Returns the part of a line before its secret: `SECRET_KEY = …`.
fn without_value(line: &str) -> String {
    match line.find(['=', ':']) {
        // `ENV KEY value` has neither; its name is the second word.
        None => {
            let words: Vec<&str> = line.split_whitespace().take(2).collect();
            format!("{} …", words.join(" "))
        }
        Some(at) => {
            let rest = line.get(at + 1..).unwrap_or_default();
            let space = if rest.starts_with(' ') { " " } else { "" };
            format!("{}{space}…", line.get(..=at).unwrap_or_default())
        }
    }
}

/// The bytes of `line` that a label means.
fn span(line: &str, label: &Label) -> std::ops::Range<usize> {
    let indent = line.len() - line.trim_start().len();
    let at = |character: usize| line.char_indices().nth(character).map_or(line.len(), |(byte, _)| byte);
    let first = label.column.saturating_sub(1) as usize;
    let start = if label.column == 0 { indent } else { at(first) };
    let end = if label.length == 0 { line.trim_end().len() } else { at(first + label.length as usize) };
    start..end.max(start)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::base::{Code, Place};

    fn shown(diagnostic: &Diagnostic) -> String {
        let tree = Tree::from_literals([("a/settings.py", "import environ\n    DB = env.db(\"한글\")  \n")]);
        render(Some(&tree), diagnostic, &Renderer::plain())
    }

    #[test]
    fn a_line_of_the_project_is_shown_with_what_is_said_of_it() {
        let place = Place::Line { path: "a/settings.py".into(), line: 2, column: 10 };
        let diagnostic = Diagnostic::warning(Code("some-code"), "the engine is decided at run time")
            .at(&place, "read from a variable")
            .because("`psycopg` is required at requirements.txt:9")
            .help("pass `--database postgres`")
            .help("or write it down");
        expect![[r#"
            warning[some-code]: the engine is decided at run time
             --> a/settings.py:2:10
              |
            2 |     DB = env.db("한글")  
              |          ^^^^^^^^^^^^^^ read from a variable
              |
              = note: `psycopg` is required at requirements.txt:9
              = help: pass `--database postgres`
              = help: or write it down"#]]
        .assert_eq(&shown(&diagnostic));
    }

    #[test]
    fn a_place_that_is_not_in_the_tree_is_named_without_its_line() {
        let diagnostic = Diagnostic::error(Code("some-code"), "gone").at(&Place::line("b.py", 7), "here");
        expect![[r"
            error[some-code]: gone
            --> b.py:7
             = note: here"]]
        .assert_eq(&shown(&diagnostic));
    }

    #[test]
    fn a_password_in_an_address_is_not_repeated_whatever_is_said_of_the_line() {
        let tree = Tree::from_literals([("requirements.txt", "-i https://me:pw@a.example/simple\n")]);
        let place = Place::Line { path: "requirements.txt".into(), line: 1, column: 30 };
        let diagnostic = Diagnostic::warning(Code("some-code"), "x").at(&place, "here");
        let text = render(Some(&tree), &diagnostic, &Renderer::plain());
        assert!(text.contains("1 | -i https://…@a.example/simple") && !text.contains("pw"), "{text}");
    }

    #[test]
    fn a_secret_is_not_repeated() {
        let tree = Tree::from_literals([("s.py", "KEY = 'abc'\n"), ("Dockerfile", "ENV KEY abc\n")]);
        for (path, shown) in [("s.py", "1 | KEY = …"), ("Dockerfile", "1 | ENV KEY …")] {
            let diagnostic =
                Diagnostic::warning(Code("some-code"), "x").at_secret(&Place::line(path, 1), "here");
            let text = render(Some(&tree), &diagnostic, &Renderer::plain());
            assert!(text.contains(shown) && !text.contains("abc"), "{text}");
        }
    }

    #[test]
    fn control_characters_of_a_file_name_do_not_reach_the_terminal() {
        let diagnostic = Diagnostic::error(Code("some-code"), "`\u{1b}[31mred\u{7}`")
            .at(&Place::line("\u{1b}[2Jb.py", 7), "\u{1b}[31m")
            .because("\u{1b}[31m")
            .help("\u{1b}[31m");
        assert!(!shown(&diagnostic).contains('\u{1b}'));
    }
}
