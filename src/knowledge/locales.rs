//! Locales that can be made in an image.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde::Deserialize;

use super::Date;

pub(super) const TEXT: &str = include_str!("locales.toml");

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Table {
    #[expect(dead_code, reason = "for whoever edits the table")]
    checked: Date,
    #[expect(dead_code, reason = "for whoever edits the table")]
    source: String,
    package: String,
    names: BTreeSet<String>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| super::table(TEXT));

/// Variables that name a locale, beside `LANG`.
pub const VARIABLES: &[&str] = &["LC_ALL", "LC_CTYPE", "LC_COLLATE", "LC_MONETARY", "LC_NUMERIC", "LC_TIME"];

/// A locale as programs name it: `pt_BR.UTF-8`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Locale {
    /// As it was written.
    pub name: String,
    /// The file of its source: `pt_BR`, `de_DE@euro`.
    pub source: String,
    /// The character set: `UTF-8`.
    pub charset: String,
}

/// The fate of a locale's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Known {
    /// Every image has it: `C.UTF-8`, `POSIX`, the empty name for whatever the environment says.
    Always,
    Makeable(Locale),
    /// No such locale, as far as the table goes.
    No,
}

/// Looks the name of a locale up.
pub fn find(name: &str) -> Known {
    let (language, charset) = name.split_once('.').unwrap_or((name, ""));
    if name.is_empty() || matches!(language, "C" | "POSIX") {
        return Known::Always;
    }
    let (charset, modifier) = match charset.split_once('@') {
        Some((charset, modifier)) => (charset, format!("@{modifier}")),
        None => (charset, String::new()),
    };
    let source = format!("{language}{modifier}");
    if !TABLE.names.contains(&source) {
        return Known::No;
    }
    let plain: String = charset.chars().filter(char::is_ascii_alphanumeric).collect();
    let charset = match plain.to_ascii_lowercase().as_str() {
        "" if source.ends_with("@euro") => "ISO-8859-15",
        "" | "utf8" => "UTF-8",
        "iso88591" => "ISO-8859-1",
        "iso88592" => "ISO-8859-2",
        "iso885915" => "ISO-8859-15",
        "eucjp" => "EUC-JP",
        "euckr" => "EUC-KR",
        "cp949" => "CP949",
        "big5" => "BIG5",
        "gbk" => "GBK",
        "gb18030" => "GB18030",
        "koi8r" => "KOI8-R",
        "koi8u" => "KOI8-U",
        _ => return Known::No,
    };
    let charset = charset.to_owned();
    Known::Makeable(Locale { name: name.to_owned(), source, charset })
}

/// The system package that has the sources and the program that makes locales.
pub fn package() -> &'static str {
    &TABLE.package
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_to_their_source_and_character_set() {
        let made = |name: &str| match find(name) {
            Known::Makeable(locale) => format!("{} {}", locale.source, locale.charset),
            other => format!("{other:?}"),
        };
        assert_eq!(made("pt_BR.UTF-8"), "pt_BR UTF-8");
        assert_eq!(made("ko_KR.utf8"), "ko_KR UTF-8");
        assert_eq!(made("ja_JP.eucJP"), "ja_JP EUC-JP");
        assert_eq!(made("de_DE@euro"), "de_DE@euro ISO-8859-15");
        assert_eq!(made("sr_RS.UTF-8@latin"), "sr_RS@latin UTF-8");
        assert_eq!(made("C.UTF-8"), "Always");
        assert_eq!(made("en_UK.UTF-8"), "No");
        assert_eq!(made("Portuguese_Brazil.1252"), "No");
    }
}
