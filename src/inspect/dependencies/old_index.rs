//! Requirements files that name the public package index by the address that it had until 2018.

use camino::Utf8Path;

use super::super::facts::{Install, PackageManager};
use crate::base::{Place, Tree};

/// The host of the address, which redirects to the present one:
/// <https://packaging.python.org/en/latest/specifications/simple-repository-api/>.
pub(crate) const OLD: &str = "pypi.python.org";
/// The present host.
pub(crate) const PRESENT: &str = concat!("pypi", ".org");

/// Returns the lines by which pip would ask the old address.
pub(crate) fn lines(tree: &Tree, install: &Install) -> Vec<Place> {
    let is_pips = install.manager == PackageManager::Pip;
    let files = install.manifests.iter().chain(&install.development.manifests).filter(|_| is_pips);
    files.flat_map(|file| in_file(file, tree.text(file).unwrap_or_default())).collect()
}

fn in_file(file: &Utf8Path, text: &str) -> Vec<Place> {
    const OPTIONS: &[&str] = &["-i", "--index-url", "--extra-index-url", "--pypi-url"];
    let names_it = |line: &str| {
        let option = line.split(|c: char| c == '=' || c.is_whitespace()).next().unwrap_or_default();
        OPTIONS.contains(&option) && line.contains(&format!("://{OLD}/"))
    };
    (1..)
        .zip(text.lines())
        .filter(|(_, line)| names_it(line))
        .map(|(line, _)| Place::line(file, line))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_that_name_the_old_address_are_found() {
        let lines = |text: &str| in_file("requirements.txt".into(), text).len();
        assert_eq!(lines("-i https://pypi.python.org/simple\ndjango==5.2\n"), 1);
        assert_eq!(lines("--index-url=https://pypi.python.org/simple/\n"), 1);
        assert_eq!(
            lines("--extra-index-url http://pypi.python.org/simple\n-i https://pypi.python.org/simple\n"),
            2
        );
        assert_eq!(lines("-i https://packages.example/simple\n# -i https://pypi.python.org/simple\n"), 0);
        assert_eq!(lines("-i https://pypi.python.org.example.com/simple\n"), 0);
    }
}
