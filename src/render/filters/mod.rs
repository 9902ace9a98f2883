//! One filter per language: each turns a value into text that its language reads back as that very value.
//!
//! A filter takes text, a number or yes/no, and never fails on what people can have in a project: quotes, `$`,
//! line ends, `{{`, letters of every script.

mod caddy;
mod compose;
mod dockerfile;
pub(in crate::render) mod dotenv;
mod ini;
mod markdown;
mod nginx;
mod py;
pub(in crate::render) mod sh;
mod sql;
mod yaml;

use tera::{Kwargs, State, Tera, Value};

type Filter = fn(&str) -> String;

/// The filters by the name that templates use.
const FILTERS: &[(&str, Filter)] = &[
    ("caddy", caddy::word),
    ("caddy_below", caddy::below),
    ("code", markdown::code),
    ("comment", comment),
    ("compose", compose::literal),
    ("compose_word", compose::word),
    ("dockerfile", dockerfile::word),
    ("dotenv", dotenv::value),
    ("image", dockerfile::bare),
    ("ini", ini::value),
    ("markdown", markdown::text),
    ("mermaid", markdown::mermaid),
    ("nginx", nginx::word),
    ("pattern", dockerfile::pattern),
    ("py", py::string),
    ("run", dockerfile::run),
    ("sh", sh::word),
    ("sql", sql::text),
    ("sql_name", sql::name),
    ("verbatim", verbatim),
    ("yaml", yaml::scalar),
];

/// Adds every filter to `tera`.
pub(super) fn register(tera: &mut Tera) {
    for (name, filter) in FILTERS {
        tera.register_filter(*name, move |value: &Value, _: Kwargs, _: &State<'_>| filter(&text(value)));
    }
    // Lists as the exec form of an instruction.
    tera.register_filter("exec", |items: Vec<String>, _: Kwargs, _: &State<'_>| dockerfile::exec(&items));
    tera.register_filter("copy", |paths: Vec<String>, _: Kwargs, _: &State<'_>| dockerfile::copy(&paths));
}

/// The names of all filters, for the test that no value is printed without one.
#[cfg(test)]
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    FILTERS.iter().map(|(name, _)| *name).chain(["copy", "exec"])
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned)
}

/// A phrase in a comment that ends with its line.
fn comment(text: &str) -> String {
    text.split(['\n', '\r']).map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Whole lines that are text of the target language already: the settings overlay, a project's own rules.
fn verbatim(text: &str) -> String {
    text.to_owned()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Texts that break careless writers.
    pub(in crate::render) const HOSTILE: &[&str] = &[
        "",
        " ",
        " a",
        "a ",
        "it's",
        "\"quoted\"",
        "'single'",
        "back\\slash",
        "two\nlines",
        "cr\r\nlf",
        "tab\there",
        "$HOME",
        "${X}",
        "$$",
        "{{ x }}",
        "{% x %}",
        "{# x #}",
        "#comment",
        "a #b",
        "a: b",
        "a:",
        "- a",
        "-x",
        "--flag",
        "? a",
        "& a",
        "*a",
        "!a",
        "|",
        ">",
        "%a",
        "@a",
        "`id`",
        "[a]",
        "{a: b}",
        "{a",
        "a, b",
        "null",
        "~",
        "true",
        "1",
        "1.5",
        "게시판",
        "é",
        "\u{feff}",
        "\u{2028}",
        "\u{85}",
        "\u{7}",
        "C:\\x",
        "=",
        "<<",
    ];

    #[test]
    fn a_comment_stays_on_its_line() {
        assert_eq!(comment("a\r\nRUN rm -rf / \n"), "a RUN rm -rf /");
    }

    #[test]
    fn filters_take_numbers_and_yes_or_no_too() {
        assert_eq!(text(&Value::from_serializable(&8000_u16)), "8000");
        assert_eq!(text(&Value::from_serializable(&true)), "true");
        assert_eq!(text(&Value::from_serializable(&"a \"b\"")), "a \"b\"");
    }
}
