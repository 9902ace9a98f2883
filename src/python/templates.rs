//! Modules that a project keeps as templates, for people to copy to the name that git ignores.

use camino::{Utf8Path, Utf8PathBuf};

use crate::base::{Tree, path};

const MARKS: &[&str] =
    &["example", "dist", "template", "sample", "default", "tmpl", "tpl", "skel", "orig", "in"];

/// Words behind `.py` that say what a template is for: no interpreter imports `settings.py.dev`.
const PURPOSES: &[&str] =
    &["ci", "dev", "development", "docker", "local", "prod", "production", "server", "staging", "test"];

/// Files in which a project says what it copies where.
const BUILDS: &[&str] =
    &["dockerfile", "containerfile", "makefile", "justfile", "entrypoint", "setup", "install"];

/// The template of a module: `local.py.example`, `production.example.py`, `settings.py.dist`,
/// `settings_template.py`, `settings.py.dev`. Of several, the one that the project's own build copies to the module's
/// name, else the shortest, one for a purpose last.
pub fn template_of(tree: &Tree, module_path: &Utf8Path) -> Option<Utf8PathBuf> {
    let folder = path::parent(module_path);
    let stem = module_path.file_stem()?;
    let is_copy = |path: &&Utf8Path| {
        let name = path.file_name().unwrap_or_default().to_ascii_lowercase();
        let words: Vec<&str> =
            name.split(['.', '-', '_']).filter(|word| !word.is_empty() && *word != "py").collect();
        let own: Vec<&str> = stem.split(['.', '-', '_']).collect();
        let plain: Vec<&&str> = words.iter().filter(|word| !MARKS.contains(word)).collect();
        // Of several templates each has a word more: `settings_template_sqlite.py`.
        (words.iter().any(|word| MARKS.contains(word)) || has_purpose(path))
            && own.len() <= plain.len()
            && plain.iter().zip(&own).all(|(a, b)| **a == *b)
    };
    let copies =
        tree.children(folder).map(|(path, _)| path).filter(|path| tree.is_file(path) && is_copy(path));
    let mut copies: Vec<&Utf8Path> = copies.collect();
    copies.sort_by_key(|path| (has_purpose(path), path.as_str().len()));
    if copies.len() > 1
        && let Some(copied) = copied_by_build(tree, &copies, module_path.file_name()?)
    {
        return Some(copied.to_owned());
    }
    copies.first().map(|path| (*path).to_owned())
}

/// `settings.py.dev`
fn has_purpose(path: &Utf8Path) -> bool {
    let name = path.file_name().unwrap_or_default();
    name.split_once(".py.").is_some_and(|(_, purpose)| PURPOSES.contains(&purpose))
}

/// The one of several templates that a build file names together with what it is copied to.
fn copied_by_build<'a>(tree: &Tree, copies: &[&'a Utf8Path], module: &str) -> Option<&'a Utf8Path> {
    let is_build = |path: &&Utf8Path| {
        let name = path.file_name().unwrap_or_default().to_ascii_lowercase();
        path::depth(path) <= 2 && BUILDS.iter().any(|word| name.contains(word))
    };
    let mut builds: Vec<&Utf8Path> = tree.files().filter(is_build).take(40).collect();
    // The Dockerfile first, the nearest first.
    builds.sort_by_key(|path| {
        let name = path.file_name().unwrap_or_default().to_ascii_lowercase();
        (!name.starts_with("dockerfile"), path::depth(path), path.as_str().len())
    });
    builds.into_iter().find_map(|build| {
        let text = tree.text(build)?;
        text.lines().find_map(|line| {
            let words: Vec<&str> = line.split_whitespace().collect();
            let ends = |word: &&str, name: &str| word.rsplit('/').next() == Some(name);
            words.iter().any(|word| ends(word, module)).then_some(())?;
            copies
                .iter()
                .copied()
                .find(|copy| copy.file_name().is_some_and(|name| words.iter().any(|word| ends(word, name))))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_template_that_the_build_copies_is_taken() {
        let tree = Tree::from_literals([
            ("shop/settings_template_sqlite.py", ""),
            ("shop/settings_template_postgres.py", ""),
            ("Dockerfile", "FROM python\nCOPY ./shop/settings_template_postgres.py /app/shop/settings.py\n"),
        ]);
        let found = template_of(&tree, Utf8Path::new("shop/settings.py"));
        assert_eq!(found.as_deref(), Some(Utf8Path::new("shop/settings_template_postgres.py")));
    }

    #[test]
    fn a_single_template_needs_no_build() {
        let tree = Tree::from_literals([("config_example.py", "A = 1")]);
        let found = template_of(&tree, Utf8Path::new("config.py"));
        assert_eq!(found.as_deref(), Some(Utf8Path::new("config_example.py")));
        assert_eq!(template_of(&tree, Utf8Path::new("boto3.py")), None);
    }

    #[test]
    fn a_template_is_known_by_its_name() {
        let tree = Tree::from_literals([
            ("a/production.example.py", ""),
            ("a/local.py.dist", ""),
            ("a/settings.py.dev", ""),
            ("a/urls.py.pyc", ""),
            ("a/local.py.ci", ""),
            ("a/other.py", ""),
        ]);
        assert_eq!(
            template_of(&tree, Utf8Path::new("a/production.py")).as_deref(),
            Some(Utf8Path::new("a/production.example.py"))
        );
        assert_eq!(
            template_of(&tree, Utf8Path::new("a/local.py")).as_deref(),
            Some(Utf8Path::new("a/local.py.dist"))
        );
        assert_eq!(
            template_of(&tree, Utf8Path::new("a/settings.py")).as_deref(),
            Some(Utf8Path::new("a/settings.py.dev"))
        );
        assert_eq!(template_of(&tree, Utf8Path::new("a/urls.py")), None);
        assert_eq!(template_of(&tree, Utf8Path::new("a/staging.py")), None);
    }
}
