//! Addresses: their user names and passwords (`https://user:password@host/path`), and hosts that lie elsewhere.

use std::ops::Range;

/// Returns where the part before `@` stands in every address of `text`: `user:password`, `${TOKEN}`.
fn users(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = text.get(from..).and_then(|rest| rest.find("://")) {
        let start = from + at + 3;
        let rest = text.get(start..).unwrap_or_default();
        let ends = |c: char| c.is_whitespace() || matches!(c, '/' | '"' | '\'' | '`' | '<' | '>' | ',' | '|');
        let host = rest.split(ends).next().unwrap_or_default();
        if let Some(at) = host.rfind('@') {
            found.push(start..start + at);
        }
        from = start + host.len();
    }
    found
}

/// Returns the part of `user:password` that may be secret: the password, or a name that is long enough for a token
/// (`https://ghp_…@github.com`). `None` for a mere name and for variables.
fn secret(user: &str) -> Option<&str> {
    let (name, password) = user.split_once(':').unwrap_or((user, ""));
    let secret = if password.is_empty() || password == "x-oauth-basic" { name } else { password };
    let is_variable = secret.contains(['$', '{', '%', '<', '*']);
    let is_mere_name = password.is_empty() && secret.len() < 20;
    (!secret.is_empty() && !is_variable && !is_mere_name).then_some(secret)
}

/// `text` with `…` in place of what may be secret in an address.
pub fn without_passwords(text: &str) -> String {
    let mut shown = text.to_owned();
    for user in users(text).into_iter().rev() {
        if text.get(user.clone()).and_then(secret).is_some() {
            shown.replace_range(user, "…");
        }
    }
    shown
}

/// Tells whether an address in `text` has a password or a token written out, and nothing that only keeps the place of one.
pub fn has_password(text: &str) -> bool {
    const KEEP_PLACE: [&str; 7] = ["password", "passwd", "pass", "secret", "token", "user", "xxx"];
    users(text)
        .into_iter()
        .filter_map(|user| text.get(user).and_then(secret))
        .any(|secret| !KEEP_PLACE.iter().any(|word| secret.eq_ignore_ascii_case(word)))
}

/// Tells whether a host is a machine on the net: a name without a dot is that of a service, and a path that of a socket.
pub fn is_elsewhere(host: &str) -> bool {
    let is_here = host.starts_with("127.") || matches!(host, "0.0.0.0" | "host.docker.internal");
    host.contains('.') && !is_here && !host.contains('/')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_in_addresses_are_told_from_variables_and_names() {
        let token = format!("git+https://{}@github.com/a/b.git", "ghp_".to_owned() + &"a1".repeat(18));
        for text in
            ["--index-url https://me:s3cret@pkg.example/simple", "url = \"https://u:a@b@h/x\"", &token]
        {
            assert!(has_password(text), "{text}");
        }
        for text in [
            "https://${USER}:${PASSWORD}@pkg.example/simple",
            "https://user:$TOKEN@pkg.example",
            "ssh://git@github.com/a/b.git",
            "https://deploy@pkg.example/simple",
            "https://user:password@host/db",
            "https://example.org/@scope/x:1",
            "mail me@example.org",
        ] {
            assert!(!has_password(text), "{text}");
        }
    }

    #[test]
    fn what_is_shown_holds_no_password() {
        assert_eq!(
            without_passwords(
                "-i https://me:s3@a.example/x --extra-index-url https://b.example ssh://git@c/x"
            ),
            "-i https://…@a.example/x --extra-index-url https://b.example ssh://git@c/x"
        );
        assert_eq!(without_passwords("한글 https://u:p@h"), "한글 https://…@h");
    }
}
