//! The systems that images have, and how each does what advice speaks of.

/// The family of an image's system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum System {
    Debian,
    Alpine,
    /// Red Hat's and those made after it.
    RedHat,
    /// No shell and no package manager.
    Bare,
    Unknown,
}

impl System {
    /// Returns the system of an image, as its name and tag say.
    pub fn of(image: &str) -> Self {
        const BARE: [&str; 3] = ["distroless", "cgr.dev/", "chainguard/"];
        const RED_HAT: [&str; 8] =
            ["ubi7", "ubi8", "ubi9", "ubi10", "fedora", "almalinux", "rockylinux", "amazonlinux"];
        const DEBIAN: [&str; 8] =
            ["debian", "ubuntu", "slim", "buster", "bullseye", "bookworm", "trixie", "forky"];
        let has = |names: &[&str]| names.iter().any(|name| image.contains(name));
        if image == "scratch" || has(&BARE) {
            Self::Bare
        } else if is_alpine(image) {
            Self::Alpine
        } else if has(&RED_HAT) || image.contains("centos") || image.starts_with("registry.access.redhat") {
            Self::RedHat
        } else if has(&DEBIAN) || official_python(image).is_some() {
            Self::Debian
        } else {
            Self::Unknown
        }
    }

    /// Tells whether `program` may be in the image, without a line that installs it. An image of unknown make may have
    /// anything.
    pub fn may_have(self, image: &str, program: &str) -> bool {
        match (self, program) {
            (Self::Bare, _) => false,
            (Self::Alpine, "curl" | "bash") | (Self::Alpine | Self::Debian, "zsh" | "ksh") => {
                !is_official(image)
            }
            (Self::Debian, "curl" | "wget") => {
                // The full images of Python have both.
                !is_slim(image) && (official_python(image).is_some() || !is_official(image))
            }
            _ => true,
        }
    }

    /// The line that makes an account for the process.
    pub fn add_user(self) -> &'static str {
        match self {
            Self::Alpine => "adduser -S -u 10001 app",
            _ => "useradd --system --uid 10001 app",
        }
    }

    /// The command that installs packages.
    pub fn install(self) -> &'static str {
        match self {
            Self::Alpine => "apk add --no-cache",
            Self::RedHat => "dnf install -y",
            _ => "apt-get install -y --no-install-recommends",
        }
    }

    /// The system's name in a sentence.
    pub fn name(self) -> &'static str {
        match self {
            Self::Alpine => "Alpine",
            Self::RedHat => "Red Hat",
            _ => "Debian",
        }
    }
}

/// The tag of the official image of Python: `3.13-slim-trixie`.
pub fn official_python(image: &str) -> Option<&str> {
    let name = image.strip_prefix("docker.io/").unwrap_or(image);
    let name = name.strip_prefix("library/").unwrap_or(name);
    if name == "python" { Some("latest") } else { name.strip_prefix("python:") }
}

/// Tells whether an image is one of Docker's own of a system or of Python, or of uv on one of them: what is in it is known.
pub fn is_official(image: &str) -> bool {
    let name = image.strip_prefix("docker.io/").unwrap_or(image);
    let name = name.strip_prefix("library/").unwrap_or(name);
    let repository = name.split([':', '@']).next().unwrap_or(name);
    matches!(repository, "python" | "debian" | "ubuntu" | "alpine" | "ghcr.io/astral-sh/uv")
}

/// Tells whether an image is one of Debian's without the usual tools and libraries.
pub fn is_slim(image: &str) -> bool {
    image.contains("slim")
}

pub fn is_alpine(image: &str) -> bool {
    image.contains("alpine")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_system_is_known_by_name_and_tag() {
        for (image, system) in [
            ("python:3.13-slim", System::Debian),
            ("python:3.13", System::Debian),
            ("docker.io/library/python:3.13-alpine3.22", System::Alpine),
            ("ubuntu:24.04", System::Debian),
            ("registry.access.redhat.com/ubi9/python-312", System::RedHat),
            ("gcr.io/distroless/python3-debian12", System::Bare),
            ("scratch", System::Bare),
            ("example.org/base:7", System::Unknown),
        ] {
            assert_eq!(System::of(image), system, "{image}");
        }
    }

    #[test]
    fn programs_are_there_or_not_by_system() {
        let has = |image: &str, program: &str| System::of(image).may_have(image, program);
        assert!(!has("python:3.13-alpine3.22", "curl") && !has("python:3.13-alpine3.22", "bash"));
        assert!(has("python:3.13-alpine3.22", "wget"));
        assert!(!has("python:3.13-slim-trixie", "curl") && has("python:3.13-trixie", "curl"));
        assert!(!has("debian:bookworm", "curl") && has("buildpack-deps:bookworm", "curl"));
        assert!(has("example.org/base:7", "curl") && has("nginx:1.30-alpine", "curl"));
        assert!(!has("gcr.io/distroless/python3", "sh"));
    }

    fn on_alpine(rules: &[crate::check::Rule], requirement: &str, body: &str) -> Vec<String> {
        let text = format!("FROM python:3.13-alpine3.22\n{body}\n");
        let requirements = format!("django==5.2\n{requirement}\n");
        let more = [("requirements.txt", requirements.as_str())];
        crate::check::testing::of_file(rules, "Dockerfile", &text, &more)
    }

    #[test]
    fn failure_05_libraries_are_missed_on_alpine_too() {
        let of = |requirement: &str, body: &str| {
            on_alpine(&crate::check::dockerfile::needs::RULES[1..2], requirement, body)
        };
        let build = "RUN apk add --no-cache gcc musl-dev libpq-dev && pip install -r requirements.txt\nFROM python:3.13-alpine3.22";
        let copied = format!("{build}\nCOPY --from=0 /opt/venv /opt/venv");
        assert_eq!(of("psycopg2==2.9.10", &copied), ["runtime-library-absent:4"]);
        let with = format!("{build}\nRUN apk add --no-cache libpq\nCOPY --from=0 /opt/venv /opt/venv");
        assert!(of("psycopg2==2.9.10", &with).is_empty());
        let swept = "RUN apk add --no-cache --virtual .build gcc musl-dev libpq-dev && pip install -r requirements.txt && apk del .build";
        assert_eq!(of("psycopg2==2.9.10", swept), ["runtime-library-absent:2"]);
        let kept = swept.replace("RUN apk", "RUN apk add --no-cache libpq && apk");
        assert!(of("psycopg2==2.9.10", &kept).is_empty());
        assert!(of("psycopg2-binary==2.9.10", &copied).is_empty());
    }

    #[test]
    fn failure_04_what_is_compiled_with_is_missed_on_alpine_too() {
        let of = |requirement: &str, body: &str| {
            on_alpine(&crate::check::dockerfile::packages::RULES[1..2], requirement, body)
        };
        let bare = "RUN pip install -r requirements.txt";
        assert_eq!(of("mysqlclient==2.2.7", bare), ["system-package-absent:2"]);
        let usual =
            "RUN apk add --no-cache build-base mariadb-dev pkgconf && pip install -r requirements.txt";
        assert!(of("mysqlclient==2.2.7", usual).is_empty());
        assert!(of("pillow==11.3.0", bare).is_empty());
    }
}
