//! SQL of MySQL and MariaDB: <https://dev.mysql.com/doc/refman/8.4/en/string-literals.html>.

/// A text in quotes.
pub(super) fn text(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "''"))
}

/// A name, or a pattern of names, in backquotes.
pub(super) fn name(text: &str) -> String {
    format!("`{}`", text.replace('`', "``"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_and_names_end_where_they_should() {
        assert_eq!(text("o'hara\\"), "'o''hara\\\\'");
        assert_eq!(name("a`b\\_%"), "`a``b\\_%`");
    }
}
