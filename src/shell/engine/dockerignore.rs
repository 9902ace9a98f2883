//! The rules of `.dockerignore` for a build context.
//!
//! The rules are Docker's own (moby/patternmatcher), which differ from git's: every pattern starts at the root of
//! the context, `*` does not reach into folders, and the last pattern that matches a file or a folder above it
//! decides.

use camino::{Utf8Path, Utf8PathBuf};
use globset::{GlobBuilder, GlobMatcher};

/// The patterns of one file, in order.
#[derive(Clone, Debug, Default)]
pub struct Dockerignore {
    rules: Vec<Rule>,
}

#[derive(Clone, Debug)]
struct Rule {
    /// `!pattern`: what matches is sent after all.
    exception: bool,
    pattern: String,
    matcher: GlobMatcher,
}

impl Dockerignore {
    /// Reads the text of a `.dockerignore`. A line that is no pattern is skipped.
    pub fn parse(text: &str) -> Self {
        let lines = text.trim_start_matches('\u{feff}').lines();
        Self { rules: lines.filter(|line| !line.starts_with('#')).filter_map(rule).collect() }
    }

    /// Tells whether `path` (relative to the context) is kept out.
    pub fn excludes(&self, path: &Utf8Path) -> bool {
        let mut excluded = false;
        for rule in &self.rules {
            if rule.exception == excluded
                && path.ancestors().any(|above| above != "" && rule.matcher.is_match(above))
            {
                excluded = !rule.exception;
            }
        }
        excluded
    }

    /// Tells whether an excluded `folder` may hold something that an exception lets in.
    pub fn may_let_in_below(&self, folder: &Utf8Path) -> bool {
        self.rules.iter().filter(|rule| rule.exception).any(|rule| {
            let mut pattern = Utf8Path::new(&rule.pattern).components();
            // As far as both go, part by part; a wildcard may be anything.
            folder.components().all(|part| match pattern.next() {
                Some(expected) => expected == part || expected.as_str().contains(['*', '?', '[', '\\']),
                None => false,
            }) || rule.pattern.starts_with("**")
        })
    }
}

fn rule(line: &str) -> Option<Rule> {
    let line = line.trim();
    let (exception, pattern) = match line.strip_prefix('!') {
        Some(rest) => (true, rest.trim()),
        None => (false, line),
    };
    let pattern = clean(pattern)?;
    let matcher =
        GlobBuilder::new(&as_glob(&pattern)).literal_separator(true).backslash_escape(true).build().ok()?;
    Some(Rule { exception, pattern, matcher: matcher.compile_matcher() })
}

/// The pattern without `.`, doubled and surrounding slashes, and `..` where it can be resolved.
fn clean(pattern: &str) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    for part in pattern.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    let clean: Utf8PathBuf = parts.iter().collect();
    (!clean.as_str().is_empty()).then(|| clean.into_string())
}

/// Braces mean themselves to Docker, and `**` beside other characters reaches into folders.
fn as_glob(pattern: &str) -> String {
    pattern.replace('{', "[{]").replace('}', "[}]")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(ignore: &str, paths: &[&str]) -> Vec<String> {
        let ignore = Dockerignore::parse(ignore);
        paths
            .iter()
            .filter(|path| !ignore.excludes(Utf8Path::new(path)))
            .map(|path| (*path).to_owned())
            .collect()
    }

    #[test]
    fn patterns_start_at_the_root_unlike_gits() {
        let paths = ["a.log", "logs/a.log", ".env", "shop/.env", "node_modules/x.js", "ui/node_modules/x.js"];
        assert_eq!(
            sent("*.log\n.env\nnode_modules\n", &paths),
            ["logs/a.log", "shop/.env", "ui/node_modules/x.js"]
        );
        assert!(sent("**/*.log\n**/.env\n**/node_modules\n", &paths).is_empty());
    }

    #[test]
    fn the_last_pattern_that_matches_decides() {
        let paths = [".env", ".env.example", "docs/a.md", "docs/keep.md", "README.md"];
        assert_eq!(
            sent(".env*\n!.env.example\n*.md\n!README.md\n", &paths),
            [".env.example", "docs/a.md", "docs/keep.md", "README.md"]
        );
        assert_eq!(
            sent("docs\n!docs/keep.md\n", &paths),
            [".env", ".env.example", "docs/keep.md", "README.md"]
        );
        assert_eq!(sent("!README.md\n*\n", &paths), Vec::<String>::new());
        assert_eq!(sent("*\n!README.md\n", &paths), ["README.md"]);
    }

    #[test]
    fn slashes_comments_and_spaces_are_docker_s() {
        let paths = ["a/b", "a/c/b", "#x", "{d}", "e"];
        assert_eq!(sent("# a comment\n  /a/b/  \n\n{d}\n./e\n", &paths), ["a/c/b", "#x"]);
        assert_eq!(sent("a/**\n", &paths), ["#x", "{d}", "e"]);
        assert_eq!(sent("a/*/b\n", &paths), ["a/b", "#x", "{d}", "e"]);
    }

    #[test]
    fn an_excluded_folder_is_entered_only_where_an_exception_can_match() {
        let ignore = Dockerignore::parse("*\n!src/static/**\n!*.toml\n");
        let may = |folder: &str| ignore.may_let_in_below(Utf8Path::new(folder));
        assert!(may("src") && may("src/static"));
        assert!(!may("src/media") && !may("node_modules/x"));
        assert!(Dockerignore::parse("*\n!**/keep\n").may_let_in_below(Utf8Path::new("a/b/c")));
    }
}
