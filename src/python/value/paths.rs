//! Paths below a place on disk that is not known.

use camino::{Utf8Component, Utf8Path, Utf8PathBuf};

use super::{PathBase, PathValue};

impl PathValue {
    /// `self / part`, normalised.
    #[must_use]
    pub fn join(&self, part: &str) -> Self {
        if part.starts_with('/') {
            return normal(PathBase::Root, Utf8Path::new(part.trim_start_matches('/')));
        }
        normal(self.base, &self.rest.join(part))
    }

    /// `str(self) + text`, where that is a path.
    pub fn followed_by(&self, text: &str) -> Option<Self> {
        Some(match text.strip_prefix('/') {
            Some(below) => self.join(below.trim_start_matches('/')),
            None if text.is_empty() => self.clone(),
            // The project's own folder has no name to add to.
            None if self.rest.as_str().is_empty() && self.base == PathBase::Project => return None,
            None => Self { base: self.base, rest: format!("{}{text}", self.rest).into() },
        })
    }
}

fn normal(base: PathBase, rest: &Utf8Path) -> PathValue {
    let mut parts: Vec<&str> = Vec::new();
    for component in rest.components() {
        match component {
            Utf8Component::Normal(part) => parts.push(part),
            Utf8Component::ParentDir => match parts.last() {
                Some(&"..") | None if base != PathBase::Root => parts.push(".."),
                None => {}
                Some(_) => {
                    parts.pop();
                }
            },
            _ => {}
        }
    }
    PathValue { base, rest: parts.into_iter().collect::<Utf8PathBuf>() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_joined_and_normalised() {
        let project = PathValue { base: PathBase::Project, rest: "a/settings.py".into() };
        let up = |path: &PathValue| path.join("..");
        assert_eq!(up(&up(&project)).to_string(), ".");
        assert_eq!(up(&up(&up(&project))).to_string(), "..");
        assert_eq!(up(&project).join("../static/").to_string(), "static");
        assert_eq!(project.join("/srv/static").to_string(), "/srv/static");
        assert_eq!(project.join("/srv").join("../..").to_string(), "/");
    }

    #[test]
    fn text_follows_a_path() {
        let folder = PathValue { base: PathBase::Project, rest: "a".into() };
        assert_eq!(folder.followed_by("/b/").map(|path| path.to_string()).as_deref(), Some("a/b"));
        assert_eq!(folder.followed_by("-b").map(|path| path.to_string()).as_deref(), Some("a-b"));
        assert_eq!(PathValue { base: PathBase::Project, rest: "".into() }.followed_by("-b"), None);
    }
}
