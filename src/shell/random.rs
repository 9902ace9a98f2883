//! Randomness for secrets.

use crate::base::Diagnostic;
use crate::base::codes::shell::NO_RANDOMNESS;

/// 64 characters that no env file, URL, shell or YAML gives a meaning to.
const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";

/// `length` random characters from `[A-Za-z0-9_-]`: six bits each, from the system's source. The first is a letter
/// or a digit, so that no command takes it for an option.
pub fn secret(length: usize) -> Result<String, Diagnostic> {
    let mut bytes = vec![0_u8; length];
    getrandom::fill(&mut bytes).map_err(|cause| no_randomness(&cause.to_string()))?;
    let letter = |(at, byte): (usize, &u8)| {
        let range = if at == 0 { 62 } else { 64 };
        char::from(ALPHABET[usize::from(*byte) % range])
    };
    Ok(bytes.iter().enumerate().map(letter).collect())
}

fn no_randomness(cause: &str) -> Diagnostic {
    Diagnostic::error(NO_RANDOMNESS, "the system gives no random numbers")
        .because(cause)
        .help("check that `/dev/urandom` can be read")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell::terminal::testing::assert_said;

    #[test]
    fn secrets_are_long_harmless_and_different() {
        let (one, two) = (secret(50).unwrap(), secret(50).unwrap());
        assert_eq!(one.len(), 50);
        assert_ne!(one, two);
        assert!(one.bytes().all(|byte| ALPHABET.contains(&byte)));
        assert!(
            (0..500).all(|_| secret(1).unwrap().starts_with(|first: char| first.is_ascii_alphanumeric()))
        );
    }

    #[test]
    fn a_system_without_randomness_is_said() {
        assert_said(&no_randomness("Function not implemented (os error 38)"));
    }
}
