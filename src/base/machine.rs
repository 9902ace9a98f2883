//! Paths that lead somewhere on one person's machine alone.

/// A path of another system, or of one person's home.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Elsewhere {
    Windows,
    /// Homebrew, `MacPorts`, and folders that macOS alone has.
    Mac,
    /// A home folder on Linux.
    Home,
}

impl Elsewhere {
    /// Whose path it is, as a phrase.
    pub fn whose(self) -> &'static str {
        match self {
            Self::Windows => "a path of Windows",
            Self::Mac => "a path of macOS",
            Self::Home => "a path in somebody's home folder",
        }
    }
}

/// Names that images give their users.
const OF_IMAGES: &[&str] =
    &["app", "appuser", "code", "django", "docker", "nonroot", "python", "site", "user", "web", "www"];

/// Whose path a text begins with; `None` for what a container may have.
pub fn elsewhere(text: &str) -> Option<Elsewhere> {
    const MAC: &[&str] = &[
        "/Users/",
        "/Applications/",
        "/Library/",
        "/Volumes/",
        "/opt/homebrew/",
        "/opt/local/",
        "/usr/local/opt/",
        "/usr/local/Cellar/",
    ];
    let letters: Vec<char> = text.chars().take(3).collect();
    let has_drive = matches!(letters.as_slice(), [drive, ':', '\\' | '/'] if drive.is_ascii_alphabetic());
    let is_share = text.starts_with("\\\\") && text[2..].contains('\\');
    if has_drive || is_share {
        return Some(Elsewhere::Windows);
    }
    if MAC.iter().any(|folder| text.starts_with(folder)) {
        return Some(Elsewhere::Mac);
    }
    let user = text.strip_prefix("/home/")?.split('/').next()?;
    (!user.is_empty() && !OF_IMAGES.contains(&user)).then_some(Elsewhere::Home)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_other_machines_are_told_from_those_of_containers() {
        let check = |text: &str, expected: Option<Elsewhere>| assert_eq!(elsewhere(text), expected, "{text}");
        check(r"C:\OSGeo4W\bin\gdal309.dll", Some(Elsewhere::Windows));
        check("D:/media", Some(Elsewhere::Windows));
        check(r"\\server\share", Some(Elsewhere::Windows));
        check("/opt/homebrew/lib/libgdal.dylib", Some(Elsewhere::Mac));
        check("/usr/local/opt/geos/lib/libgeos_c.dylib", Some(Elsewhere::Mac));
        check("/Users/ana/site/media", Some(Elsewhere::Mac));
        check("/home/ana/site/templates", Some(Elsewhere::Home));
        for text in
            ["/home/app/web/static", "/usr/lib/libgdal.so", "/app/media", "https://x/", "c:", "media", ""]
        {
            check(text, None);
        }
    }
}
