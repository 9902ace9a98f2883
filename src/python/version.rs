//! Versions and specifiers (PEP 440), and the constraint syntax of Poetry and Pipenv on top of them.

use std::str::FromStr;

/// A release line of Python or Django: `3.13`, `5.2`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Minor(pub u32, pub u32);

impl Minor {
    /// From `3.13`, `3.13.2` or `v3.13`; `None` for anything that does not begin with two numbers.
    pub fn parse(text: &str) -> Option<Self> {
        Version::parse(text)?.minor()
    }
}

impl std::fmt::Display for Minor {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}.{}", self.0, self.1)
    }
}

impl<'de> serde::Deserialize<'de> for Minor {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text)
            .ok_or_else(|| serde::de::Error::custom(format!("`{text}` is not a version like 3.13")))
    }
}

impl serde::Serialize for Minor {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// One version.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version(pep440_rs::Version);

impl Version {
    pub fn parse(text: &str) -> Option<Self> {
        pep440_rs::Version::from_str(text.trim()).ok().map(Self)
    }

    /// The first two numbers; a version of one number has no second.
    pub fn minor(&self) -> Option<Minor> {
        let release = self.0.release();
        Some(Minor(u32::try_from(*release.first()?).ok()?, u32::try_from(*release.get(1)?).ok()?))
    }

    /// The first number.
    pub fn major(&self) -> u64 {
        self.0.release().first().copied().unwrap_or(0)
    }
}

impl std::fmt::Display for Version {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(out)
    }
}

impl<'de> serde::Deserialize<'de> for Version {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom(format!("`{text}` is not a version")))
    }
}

/// Which versions are wanted: alternatives (`||` in Poetry; else one), each a conjunction of comparisons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Specifiers(Vec<pep440_rs::VersionSpecifiers>);

impl Specifiers {
    /// From `>=3.10,<4`, a bare version (`3.12` is `==3.12.*`, `3.12.1` is itself), Poetry's `^3.10` and
    /// `~3.10`, and `*`. `None` for what none of these is.
    pub fn parse(text: &str) -> Option<Self> {
        let alternatives: Option<Vec<_>> = text.split("||").map(conjunction).collect();
        alternatives.filter(|all| !all.is_empty()).map(Self)
    }

    /// As [`Specifiers::parse`], but a bare version is that version alone (`4.2` is `==4.2`), as Poetry and
    /// Pipenv read the requirement of a distribution.
    pub fn parse_exact(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Some(version) = Version::parse(text) {
            return Self::parse(&format!("=={version}"));
        }
        Self::parse(text)
    }

    /// Tells whether `version` is one of them.
    pub fn contains(&self, version: &Version) -> bool {
        self.0.iter().any(|all| all.contains(&version.0))
    }

    /// Tells whether some patch release of the line is one of them.
    pub fn allows(&self, line: Minor) -> bool {
        let mut candidates: Vec<Version> =
            [0, 1, 99].into_iter().filter_map(|patch| Version::parse(&format!("{line}.{patch}"))).collect();
        for specifier in self.0.iter().flat_map(|all| all.iter()) {
            let mentioned = Version(specifier.version().only_release());
            if mentioned.minor() == Some(line) {
                let patch = mentioned.0.release().get(2).copied().unwrap_or(0);
                let next = Version::parse(&format!("{line}.{}", patch.saturating_add(1)));
                let before = Version::parse(&format!("{line}.{}", patch.saturating_sub(1)));
                candidates.extend([Some(mentioned), next, before].into_iter().flatten());
            }
        }
        candidates.iter().any(|version| self.contains(version))
    }

    /// The version where exactly one is allowed: `==5.2.1`.
    pub fn exact(&self) -> Option<Version> {
        let [all] = self.0.as_slice() else { return None };
        let pins = |specifier: &&pep440_rs::VersionSpecifier| {
            matches!(specifier.operator(), pep440_rs::Operator::Equal | pep440_rs::Operator::ExactEqual)
        };
        all.iter().find(pins).map(|specifier| Version(specifier.version().clone()))
    }

    /// Tells whether there is a newest allowed release line: `<6`, `~=5.2`, `==5.2.*`.
    pub fn has_upper_bound(&self) -> bool {
        use pep440_rs::Operator::{Equal, EqualStar, ExactEqual, LessThan, LessThanEqual, TildeEqual};
        let bounds = |specifier: &pep440_rs::VersionSpecifier| {
            matches!(
                specifier.operator(),
                Equal | EqualStar | ExactEqual | LessThan | LessThanEqual | TildeEqual
            )
        };
        self.0.iter().all(|all| all.iter().any(bounds))
    }

    /// Nothing is asked for: every version will do.
    pub fn is_any(&self) -> bool {
        self.0.iter().any(pep440_rs::VersionSpecifiers::is_empty)
    }
}

impl std::fmt::Display for Specifiers {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (index, all) in self.0.iter().enumerate() {
            if index > 0 {
                out.write_str(" || ")?;
            }
            let parts: Vec<String> =
                all.iter().map(|one| one.to_string().split_whitespace().collect()).collect();
            out.write_str(&parts.join(","))?;
        }
        Ok(())
    }
}

/// One alternative; parts are separated by commas or, as Poetry allows, by blanks.
fn conjunction(text: &str) -> Option<pep440_rs::VersionSpecifiers> {
    let mut parts = Vec::new();
    for part in split_comparisons(text) {
        parts.extend(comparison(&part)?);
    }
    pep440_rs::VersionSpecifiers::from_str(&parts.join(",")).ok()
}

/// `>= 3.10, <4` and `>=3.10 <4` are both two comparisons.
fn split_comparisons(text: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut open = false;
    for word in text.split([',', ' ', '\t']).filter(|word| !word.is_empty()) {
        let operator_only = word.chars().all(|c| "<>=!~^".contains(c));
        match parts.last_mut() {
            Some(last) if open => last.push_str(word),
            _ => parts.push(word.to_owned()),
        }
        open = operator_only;
    }
    parts
}

/// One comparison as PEP 440 writes it, in one or two parts; nothing for `*`.
fn comparison(text: &str) -> Option<Vec<String>> {
    let text = text.trim_matches(['"', '\'']);
    if text.is_empty() || text == "*" {
        return Some(Vec::new());
    }
    if let Some(version) = text.strip_prefix('^') {
        let release = numbers(version)?;
        let significant = release.iter().position(|part| *part > 0).unwrap_or(release.len() - 1);
        return Some(between(version, &raised(&release, significant)));
    }
    if let Some(version) = text.strip_prefix('~').filter(|rest| !rest.starts_with('=')) {
        let release = numbers(version)?;
        return Some(between(version, &raised(&release, usize::from(release.len() > 1))));
    }
    if text.starts_with(|c: char| c.is_ascii_digit() || c == 'v') {
        let bare = text.trim_start_matches('v');
        let wild = bare.contains('*') || numbers(bare).is_some_and(|release| release.len() < 3);
        let bare = bare.trim_end_matches(".*").trim_end_matches(".x");
        return Some(vec![if wild { format!("=={bare}.*") } else { format!("=={bare}") }]);
    }
    let operator: String = text.chars().take_while(|c| "<>=!~".contains(*c)).collect();
    let version = text.get(operator.len()..)?.trim();
    Some(vec![match operator.as_str() {
        // `>=3.*`: not in PEP 440 any more, and still in the wild.
        ">=" | "<=" | ">" | "<" => format!("{operator}{}", version.trim_end_matches(".*")),
        // Pipenv's `==*`, Poetry's `=1.2`.
        "==" if version == "*" => return Some(Vec::new()),
        "=" => format!("=={version}"),
        // `~=5` compares nothing: PEP 440 wants two numbers.
        "~=" if !version.contains('.') => format!(">={version}"),
        _ => format!("{operator}{version}"),
    }])
}

fn between(from: &str, below: &str) -> Vec<String> {
    vec![format!(">={from}"), format!("<{below}")]
}

fn numbers(version: &str) -> Option<Vec<u64>> {
    let version = pep440_rs::Version::from_str(version.trim_end_matches(".*")).ok()?;
    Some(version.release().to_vec()).filter(|release| !release.is_empty())
}

/// The release with the number at `index` raised by one and nothing after it.
fn raised(release: &[u64], index: usize) -> String {
    let kept = release.iter().take(index).copied();
    let next = release.get(index).copied().unwrap_or(0).saturating_add(1);
    kept.chain([next]).map(|part| part.to_string()).collect::<Vec<_>>().join(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str) -> String {
        Specifiers::parse(text).map_or_else(|| "nothing".to_owned(), |specifiers| specifiers.to_string())
    }

    #[test]
    fn poetry_and_pipenv_constraints_become_pep_440() {
        for (given, expected) in [
            ("^3.8", ">=3.8,<4"),
            ("^0.3.1", ">=0.3.1,<0.4"),
            ("~3.8", ">=3.8,<3.9"),
            ("~3.8.1", ">=3.8.1,<3.9"),
            ("~3", ">=3,<4"),
            (">=3.8 <4", ">=3.8,<4"),
            (">= 3.11", ">=3.11"),
            ("3.12", "==3.12.*"),
            ("3.12.1", "==3.12.1"),
            ("3.*", "==3.*"),
            (">=3.*", ">=3"),
            ("*", ""),
            ("==*", ""),
            ("^3.8 || ^4.1", ">=3.8,<4 || >=4.1,<5"),
            ("~=5.2.1", "~=5.2.1"),
            ("latest", "nothing"),
        ] {
            assert_eq!(written(given), expected, "{given}");
        }
    }

    #[test]
    fn a_line_is_allowed_when_one_of_its_patch_releases_is() {
        let allows = |text: &str, line: Minor| {
            Specifiers::parse(text).is_some_and(|specifiers| specifiers.allows(line))
        };
        assert!(allows("==3.12.3", Minor(3, 12)));
        assert!(allows(">=3.12.4,<3.13", Minor(3, 12)));
        assert!(allows(">3.12,<3.12.5", Minor(3, 12)));
        assert!(allows("!=3.12.0,>=3.10", Minor(3, 12)));
        assert!(!allows("<3.12", Minor(3, 12)));
        assert!(!allows(">=3.13", Minor(3, 12)));
        assert!(allows(">=3.8,<4", Minor(3, 13)));
    }

    #[test]
    fn pins_and_upper_bounds_are_told_apart() {
        let parse = |text: &str| Specifiers::parse(text).unwrap();
        assert_eq!(parse("==5.2.1").exact().map(|version| version.to_string()).as_deref(), Some("5.2.1"));
        assert_eq!(parse("==5.2.*").exact(), None);
        for bounded in ["<6", "~=5.2", "==5.2.*", "==5.2.1", "^5"] {
            assert!(parse(bounded).has_upper_bound(), "{bounded}");
        }
        for open in [">=5.0.9", "*", "!=5.1", "^4 || >=5"] {
            assert!(!parse(open).has_upper_bound(), "{open}");
        }
        assert!(Specifiers::parse_exact("4.2").unwrap().exact().is_some());
    }
}
