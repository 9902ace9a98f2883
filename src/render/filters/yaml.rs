//! YAML: a scalar that is read back as this string, whatever YAML 1.1 or 1.2 makes of such words.

/// Plain where nobody can take it for something else, else in single quotes, else (control characters) in double.
pub(super) fn scalar(text: &str) -> String {
    if is_plain(text) {
        text.to_owned()
    } else if text.chars().any(|letter| {
        letter.is_control() || matches!(letter, '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{feff}')
    }) {
        double_quoted(text)
    } else {
        format!("'{}'", text.replace('\'', "''"))
    }
}

fn is_plain(text: &str) -> bool {
    let mut letters = text.chars();
    let starts_well = letters
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic() || matches!(first, '/' | '.' | '$' | '_'));
    let harmless = |letter: char| letter.is_ascii_alphanumeric() || "_-./$:@+=(){} ".contains(letter);
    starts_well
        && letters.all(harmless)
        && !text.contains(": ")
        && !text.ends_with([':', ' '])
        && !is_word_of_yaml(text)
        && !looks_like_number(text)
}

/// Booleans and nothing, in any version of YAML.
fn is_word_of_yaml(text: &str) -> bool {
    matches!(
        text.to_ascii_lowercase().as_str(),
        "y" | "n" | "yes" | "no" | "on" | "off" | "true" | "false" | "null" | "nan"
    )
}

/// `.5`, `.inf`, `.nan`: everything else that is a number begins with a digit or a sign, and is quoted for that.
fn looks_like_number(text: &str) -> bool {
    text.strip_prefix('.').is_some_and(|rest| {
        rest.starts_with(|letter: char| letter.is_ascii_digit())
            || matches!(rest.to_ascii_lowercase().as_str(), "inf" | "nan")
    })
}

fn double_quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{feff}' => {
                out.push_str(&format!("\\u{:04x}", u32::from(letter)));
            }
            control if control.is_control() => out.push_str(&format!("\\x{:02x}", u32::from(control))),
            other => out.push(other),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::filters::tests::HOSTILE;

    fn read(yaml: &str) -> serde_json::Value {
        serde_saphyr::from_str(yaml).unwrap_or_else(|error| panic!("{yaml}: {error}"))
    }

    #[test]
    fn every_string_is_read_back_as_itself() {
        for text in HOSTILE {
            let yaml = format!("key: {}\nlist:\n  - {}\n", scalar(text), scalar(text));
            let expected = serde_json::json!({ "key": text, "list": [text] });
            assert_eq!(read(&yaml), expected, "{yaml}");
        }
    }

    #[test]
    fn words_and_numbers_stay_strings() {
        for text in [
            "no",
            "Yes",
            "null",
            "~",
            "1",
            "0x10",
            "1e3",
            "08",
            "22:22",
            ".5",
            ".inf",
            "2026-01-01",
            "1.0",
            "=",
            "<<",
        ] {
            assert_eq!(read(&format!("key: {}", scalar(text))), serde_json::json!({ "key": text }), "{text}");
        }
        assert_eq!(scalar("1"), "'1'");
        assert_eq!(scalar("22:22"), "'22:22'");
    }

    #[test]
    fn usual_values_are_plain() {
        for text in [
            "postgres:17-trixie",
            "/app/media",
            "media:/app/media",
            ".:/app",
            "${WEB_PORT:-8000}",
            "unless-stopped",
        ] {
            assert_eq!(scalar(text), text);
        }
    }
}
