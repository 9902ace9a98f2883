//! The configuration of a bundler, as far as a look at its text goes: it is JavaScript, which nobody runs here.

use camino::{Utf8Path, Utf8PathBuf};

use crate::base::{Tree, path};

/// The port of Vite's server: <https://vite.dev/config/server-options.html#server-port>.
pub const VITE_PORT: u16 = 5173;

/// The configuration of Vite in a folder.
pub fn vite_configuration(tree: &Tree, folder: &Utf8Path) -> Option<Utf8PathBuf> {
    let names = ["ts", "js", "mts", "mjs", "cts", "cjs"].map(|end| format!("vite.config.{end}"));
    names.iter().filter_map(|name| path::join(folder, name)).find(|file| tree.is_file(file))
}

/// The port in `server: { port: 3000 }`.
pub(super) fn port(text: &str) -> Option<u16> {
    let (_, server) = text.split_once("server")?;
    let (_, rest) = server.split_once("port")?;
    let digits: String =
        rest.trim_start_matches([':', ' ']).chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

/// Texts in quotes that stand behind `key:` on its line: `outDir: resolve(__dirname, "../static")` gives `../static`.
fn texts_behind<'a>(text: &'a str, key: &str) -> Vec<(u32, &'a str)> {
    let mut found = Vec::new();
    for (number, line) in (1_u32..).zip(text.lines()) {
        let code = line.split("//").next().unwrap_or(line);
        let Some((_, rest)) = code.split_once(key).filter(|(_, rest)| rest.trim_start().starts_with(':'))
        else {
            continue;
        };
        let quoted = rest.split(['"', '\'', '`']).skip(1).step_by(2);
        found.extend(quoted.map(|text| (number, text)));
    }
    found
}

/// The folder that Vite builds into, relative to the project: what `outDir` says, else `dist`.
pub fn vite_output(tree: &Tree, folder: &Utf8Path) -> Option<Utf8PathBuf> {
    let text = tree.text(vite_configuration(tree, folder)?)?;
    let first =
        |key: &str| texts_behind(text, key).into_iter().map(|(_, text)| text).find(|text| !text.is_empty());
    let root = first("root").and_then(|root| path::join(folder, root)).unwrap_or_else(|| folder.to_owned());
    path::join(&root, first("outDir").unwrap_or("dist"))
}

/// Tells whether a bundler that is set up in `folder` makes the folder `made`: what Vite builds into, or what a configuration or
/// a script names.
pub fn makes(tree: &Tree, folder: &Utf8Path, made: &Utf8Path) -> bool {
    if vite_output(tree, folder).is_some_and(|output| output.starts_with(made) || made.starts_with(&output)) {
        return true;
    }
    let configures = |file: &&Utf8Path| {
        let name = path::name(file);
        path::parent(file) == folder
            && (name == "package.json"
                || name.contains(".config.")
                || ["webpack", "gulpfile", "rollup", "esbuild", "Gruntfile", "build."]
                    .iter()
                    .any(|start| name.starts_with(start)))
    };
    let names_it = |text: &str| {
        // `assets/bundles` as the project sees it, or a path as the folder sees it: `../static/css/dist/styles.css`.
        text.contains(made.as_str())
            || text.split(['"', '\'', '`', ' ', ',', '=', '\n']).any(|word| {
                let is_path = word.contains('/') && !word.starts_with('/');
                is_path && path::join(folder, word).is_some_and(|named| named.starts_with(made))
            })
    };
    tree.files().filter(configures).any(|file| tree.text(file).is_some_and(&names_it))
}

/// The line of `manifest: true`, where Vite puts its manifest into the hidden folder `.vite`, as it does since version 5:
/// <https://vite.dev/config/build-options.html#build-manifest>.
pub fn hidden_manifest(tree: &Tree, folder: &Utf8Path) -> Option<(Utf8PathBuf, u32)> {
    const HIDDEN_SINCE: u32 = 5;
    let package = super::packages::package(tree, folder)?;
    let stated = package.dev_dependencies.get("vite").or_else(|| package.dependencies.get("vite"));
    let stated = stated.and_then(|version| version.as_str()).unwrap_or_default();
    let digits: String =
        stated.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
    // `latest` and `*` are new enough.
    if digits.parse::<u32>().is_ok_and(|major| major < HIDDEN_SINCE) {
        return None;
    }
    let file = vite_configuration(tree, folder)?;
    let text = tree.text(&file)?;
    let line = (1_u32..).zip(text.lines()).find(|(_, line)| {
        let code: String =
            line.split("//").next().unwrap_or(line).chars().filter(|c| !c.is_whitespace()).collect();
        code.contains("manifest:true")
            || code.contains("manifest:\".vite/")
            || code.contains("manifest:'.vite/")
    });
    line.map(|(line, _)| (file, line))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn output(config: &str) -> Option<String> {
        let tree = Tree::from_literals([("ui/vite.config.ts", config)]);
        vite_output(&tree, Utf8Path::new("ui")).map(Utf8PathBuf::into_string)
    }

    #[test]
    fn the_folder_that_vite_builds_into_is_read_in_every_form() {
        assert_eq!(
            output("export default { build: { outDir: '../assets/dist' } }").as_deref(),
            Some("assets/dist")
        );
        assert_eq!(
            output("build: {\n  outDir: path.resolve(__dirname, \"../site/static\"),\n}").as_deref(),
            Some("site/static")
        );
        assert_eq!(output("root: 'src',\nbuild: { outDir: \"../out\" }").as_deref(), Some("ui/out"));
        assert_eq!(output("plugins: []").as_deref(), Some("ui/dist"));
        assert_eq!(output("// outDir: '../old'\nplugins: []").as_deref(), Some("ui/dist"));
    }

    #[test]
    fn what_a_bundler_makes_is_known_by_its_configuration_or_its_script() {
        let tree = Tree::from_literals([
            ("webpack.config.js", "output: { path: path.resolve('./assets/bundles/') }"),
            (
                "theme/package.json",
                r#"{"scripts": {"build": "postcss a.css -o ../static/css/dist/styles.css"}}"#,
            ),
        ]);
        let makes = |folder: &str, made: &str| makes(&tree, Utf8Path::new(folder), Utf8Path::new(made));
        assert!(makes(".", "assets/bundles"));
        assert!(makes("theme", "static/css/dist"));
        assert!(!makes(".", "assets/images"));
        assert!(!makes("theme", "pages/static"));
    }

    #[test]
    fn the_manifest_of_vite_is_hidden_since_its_fifth_version_unless_it_is_named() {
        let hidden = |version: &str, config: &str| {
            let package = format!("{{\"devDependencies\": {{\"vite\": \"{version}\"}}}}");
            let tree = Tree::from_literals([("package.json", package.as_str()), ("vite.config.js", config)]);
            hidden_manifest(&tree, Utf8Path::new(".")).map(|(_, line)| line)
        };
        assert_eq!(hidden("^7.1.0", "build: {\n  manifest: true,\n}"), Some(2));
        assert_eq!(hidden("latest", "build: { manifest : true }"), Some(1));
        assert_eq!(hidden("^4.5.0", "build: { manifest: true }"), None);
        assert_eq!(hidden("^5.0.0", "build: { manifest: 'manifest.json' }"), None);
        assert_eq!(hidden("^5.0.0", "build: {}"), None);
    }

    #[test]
    fn the_port_of_the_server_is_read() {
        assert_eq!(port("server: {\n  host: true,\n  port: 3000,\n}"), Some(3000));
        assert_eq!(port("server: { cors: true }"), None);
    }
}
