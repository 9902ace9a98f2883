//! Secrets that say by their form whose they are.

/// How the tokens of well-known services begin, and how long they are at least. Source: the formats that GitHub's
/// secret scanning names, <https://docs.github.com/en/code-security/secret-scanning>.
const KNOWN: &[(&str, usize)] = &[
    ("ghp_", 40),
    ("gho_", 40),
    ("ghs_", 40),
    ("github_pat_", 60),
    ("glpat-", 26),
    ("AKIA", 20),
    ("sk_live_", 24),
    ("rk_live_", 24),
    ("xoxb-", 30),
    ("xoxp-", 30),
    ("AIza", 39),
    ("SG.", 60),
    ("dckr_pat_", 30),
    ("pypi-", 60),
    ("npm_", 40),
    ("-----BEGIN RSA PRIVATE KEY-----", 0),
    ("-----BEGIN OPENSSH PRIVATE KEY-----", 0),
];

pub(super) fn is_known(value: &str) -> bool {
    let is_made = |c: char| c.is_ascii_alphanumeric() || "_-./+=".contains(c);
    KNOWN.iter().any(|(start, length)| {
        value.starts_with(start) && value.len() >= *length && (*length == 0 || value.chars().all(is_made))
            // Examples are written with one letter.
            && value.chars().skip(start.len()).collect::<std::collections::BTreeSet<char>>().len() > 1
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_known_by_their_beginning_and_length() {
        assert!(is_known(&format!("ghp_{}", "aB3".repeat(12))));
        assert!(is_known("AKIAIOSFODNN7EXAMPLE"));
        assert!(!is_known("ghp_short"));
        assert!(!is_known(&format!("ghp_{}", "x".repeat(36))));
        assert!(!is_known("SG.anything"));
    }
}
