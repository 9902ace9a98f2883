//! Compose files: YAML in which `$` puts in a variable.

use super::yaml;

/// Text that compose must not put variables into.
pub(super) fn literal(text: &str) -> String {
    yaml::scalar(&text.replace('$', "$$"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f45_dollars_are_doubled() {
        assert_eq!(literal("a$b"), "a$$b");
        assert_eq!(literal("MYSQL_PWD=\"$P\" x"), "'MYSQL_PWD=\"$$P\" x'");
    }
}
