//! Secrets never leave a run: their values are taken out of whatever is shown.

/// Shorter values are words; taking them out would make logs unreadable and hides nothing.
const SHORTEST: usize = 8;

/// Names and values of secrets.
#[derive(Clone, Debug, Default)]
pub struct Secrets(Vec<(String, String)>);

impl Secrets {
    pub fn new(secrets: &[(String, String)]) -> Self {
        let mut secrets: Vec<_> =
            secrets.iter().filter(|(_, value)| value.len() >= SHORTEST).cloned().collect();
        // The longest first: one may be part of another.
        secrets.sort_by_key(|(_, value)| std::cmp::Reverse(value.len()));
        Self(secrets)
    }

    /// `text` with the name of each secret in the place of its value.
    pub fn out_of(&self, text: &str) -> String {
        self.0
            .iter()
            .fold(text.to_owned(), |text, (name, value)| text.replace(value.as_str(), &format!("[{name}]")))
    }

    /// The name of a secret whose value is in `bytes`.
    pub fn within(&self, bytes: &[u8]) -> Option<&str> {
        let has = |value: &str| {
            let value = value.as_bytes();
            bytes.len() >= value.len() && bytes.windows(value.len()).any(|window| window == value)
        };
        self.0.iter().find(|(_, value)| has(value)).map(|(name, _)| name.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_replaced_by_their_names() {
        let secrets = Secrets::new(&[
            ("A".to_owned(), "correct-horse".to_owned()),
            ("B".to_owned(), "correct-horse-battery".to_owned()),
            ("SHORT".to_owned(), "web".to_owned()),
        ]);
        assert_eq!(secrets.out_of("web: correct-horse-battery correct-horse"), "web: [B] [A]");
        assert_eq!(secrets.within(b"ENV X=correct-horse"), Some("A"));
        assert_eq!(secrets.within(b"web"), None);
    }
}
