//! Passwords that requirements hold.

use camino::Utf8Path;

use crate::base::codes::check::ci::MANIFEST_SECRET;
use crate::base::{Diagnostic, Place, address, wording};
use crate::check::{Rule, Subject};

pub const RULES: &[Rule] = &[Rule { codes: &[MANIFEST_SECRET], find }];

/// One finding for each manifest, and for pip's own configuration.
fn find(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let manifests = subject.facts.install.iter().flat_map(|install| &install.manifests);
    let mut files: Vec<&Utf8Path> = manifests.map(AsRef::as_ref).collect();
    files.extend(
        ["pip.conf", ".netrc"].map(Utf8Path::new).into_iter().filter(|file| subject.tree.is_file(file)),
    );
    files.into_iter().filter_map(|file| in_file(file, subject.tree.text(file)?)).collect()
}

fn in_file(file: &Utf8Path, text: &str) -> Option<Diagnostic> {
    let holds = |line: &&str| !line.trim_start().starts_with('#') && address::has_password(line);
    let lines: Vec<u32> =
        (1_u32..).zip(text.lines()).filter(|(_, line)| holds(line)).map(|(number, _)| number).collect();
    let (first, more) = lines.split_first()?;
    let mut diagnostic = Diagnostic::error(MANIFEST_SECRET, format!("a password stands in `{file}`"))
        .at(&Place::line(file, *first), "in an address");
    if !more.is_empty() {
        let numbers: Vec<String> = more.iter().map(ToString::to_string).collect();
        diagnostic = diagnostic.because(format!("also on {}", wording::and_ticked(&numbers)));
    }
    Some(
        diagnostic
            .because("whoever can read the repository, or a layer of the image that the file is copied into, has it")
            .help("write a variable in its place, `https://${INDEX_USER}:${INDEX_PASSWORD}@…`: djdock gives it to the build as a secret")
            .help("make a new password: the old one is in the history"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::of_file;

    #[test]
    fn a_password_in_a_manifest_is_found_and_a_variable_is_none() {
        let check = |text: &str, expected: &[&str]| {
            assert_eq!(of_file(RULES, "requirements.txt", text, &[]), expected, "{text}");
        };
        check(
            "--extra-index-url https://me:s3cret@pkg.example/simple\ndjango==5.2\n",
            &["manifest-secret:1"],
        );
        check("# https://me:s3cret@pkg.example\ndjango==5.2\n", &[]);
        check("--extra-index-url https://${U}:${P}@pkg.example/simple\ndjango==5.2\n", &[]);
        let poetry = "[tool.poetry.dependencies]\ndjango = \"*\"\nx = {git = \"https://oauth2:glpat-abc123def456ghi7@gitlab.example/x.git\"}\n";
        assert_eq!(of_file(RULES, "pyproject.toml", poetry, &[]), ["manifest-secret:3"]);
    }
}
