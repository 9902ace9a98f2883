//! Which of package.json's scripts builds for production.

use super::package::Package;
use crate::base::path;

/// Scripts that build for production, the most telling first.
const SCRIPTS: &[&str] = &[
    "build",
    "build:prod",
    "build:production",
    "build-prod",
    "build-production",
    "production",
    "prod",
    "webpack:prod",
    "build:assets",
    "build:css",
    "build-css",
    "build:tailwind",
    "tailwind:build",
    "compile",
    "dist",
    "bundle",
    "assets",
];

/// The script that builds for production, unless all it does is to watch, lint or test.
pub(super) fn build_script(package: &Package) -> Option<String> {
    let command = |name: &str| package.scripts.get(name).and_then(|value| value.as_str());
    let by_name = SCRIPTS.iter().copied().find(|name| command(name).is_some_and(builds));
    // `build:css:all` runs what `build:css` and its like build each for themselves.
    let parts = package.scripts.keys().map(String::as_str).filter(|name| {
        let last = name.rsplit([':', '-']).next().unwrap_or(name);
        let aside = matches!(
            last,
            "dev" | "development" | "storybook" | "docs" | "watch" | "test" | "analyze" | "clean"
        );
        name.starts_with("build") && !aside && command(name).is_some_and(builds)
    });
    let of_parts = parts.min_by_key(|name| (!name.ends_with("all"), name.matches(':').count(), *name));
    // Any other name: what runs a bundler, for production where one says so.
    let bundles = |name: &&str| {
        let words = name.split([':', '-', '_']).any(|word| NOT_BUILDS.contains(&word));
        !words && command(name).is_some_and(|command| builds(command) && runs_bundler(command))
    };
    let of_bundler = || {
        let named = package.scripts.keys().map(String::as_str).filter(bundles);
        named.min_by_key(|name| (!name.contains("prod"), *name)).map(str::to_owned)
    };
    match (by_name, of_parts) {
        (Some(whole), _) if whole == "build" || !of_parts.is_some_and(|name| name.ends_with("all")) => {
            Some(whole.to_owned())
        }
        (_, Some(part)) => Some(part.to_owned()),
        (whole, None) => whole.map(str::to_owned).or_else(of_bundler),
    }
}

/// Words in names of scripts that serve, watch or test.
const NOT_BUILDS: &[&str] = &[
    "analyze",
    "check",
    "clean",
    "dev",
    "development",
    "docs",
    "format",
    "lint",
    "preview",
    "serve",
    "start",
    "storybook",
    "test",
    "tests",
    "watch",
];

/// Tells whether a command runs what makes files for browsers: `gulp assets`, `vite build`.
pub(super) fn runs_bundler(command: &str) -> bool {
    const BUILD: &[&str] =
        &["vite", "parcel", "next", "nuxt", "ng", "react-scripts", "vue-cli-service", "rsbuild", "rspack"];
    command.split(['&', '|', ';']).any(|part| match programs(part).as_slice() {
        [first, ..] if RUN.contains(first) => true,
        [first, then, ..] => BUILD.contains(first) && *then == "build",
        _ => false,
    })
}

/// Programs that make files for browsers whatever their arguments are.
const RUN: &[&str] = &[
    "gulp",
    "grunt",
    "webpack",
    "rollup",
    "browserify",
    "esbuild",
    "sass",
    "node-sass",
    "postcss",
    "tailwindcss",
    "lessc",
];

/// Returns the words of a simple command from its program on, without what only starts the program. The program has no
/// folder, no version, and not the name of its package: `pnpm dlx @tailwindcss/cli@4 -i a` is `tailwindcss -i a`.
pub(super) fn programs(command: &str) -> Vec<&str> {
    let starts = |word: &&str| {
        matches!(
            *word,
            "npx" | "bunx" | "yarn" | "pnpm" | "npm" | "exec" | "dlx" | "cross-env" | "--" | "--yes" | "-y"
        ) || word.contains('=') && !word.starts_with('-')
    };
    let mut words: Vec<&str> = command.split_whitespace().skip_while(starts).collect();
    if let Some(first) = words.first_mut() {
        let version = first.char_indices().skip(1).find(|(_, c)| *c == '@').map_or(first.len(), |(at, _)| at);
        let name = &first[..version];
        *first = if name == "@tailwindcss/cli" { "tailwindcss" } else { path::name(name.into()) };
    }
    words
}

/// Tells whether a script's command builds for production.
fn builds(command: &str) -> bool {
    let words: Vec<&str> = command.split_whitespace().collect();
    let other = |word: &&str| {
        matches!(
            *word,
            "--watch"
                | "-w"
                | "watch"
                | "serve"
                | "development"
                | "--mode=development"
                | "--env=dev"
                | "--dev"
        ) || word.contains("webpack.dev")
    };
    let first = words.first().copied().unwrap_or_default();
    let does_nothing =
        matches!(first, "" | "echo" | "exit" | "true" | ":" | "eslint" | "prettier" | "stylelint");
    !words.iter().any(other) && !does_nothing
}

/// The script that makes the files again whenever a source changes: by name, then any that watches.
pub(super) fn watch_script(package: &Package) -> Option<String> {
    const NAMES: &[&str] = &["watch", "dev", "start", "develop", "development", "serve"];
    let watches = |name: &&str| {
        let text = expanded(package, name, DEEPEST_SCRIPT);
        let other = ["jest", "vitest", "mocha", "storybook", "--noEmit", "test"];
        let is_watching = text.split(|c: char| !(c.is_alphanumeric() || "-=:_".contains(c))).any(|word| {
            word == "-w"
                || word == "watch"
                || word.starts_with("--watch")
                || word.starts_with("watch:")
                || word.ends_with(":watch")
        });
        is_watching && !other.iter().any(|word| text.contains(word))
    };
    let has = |name: &&str| package.scripts.contains_key(*name);
    let by_name = NAMES.iter().copied().filter(has).find(watches);
    let any = || {
        let named = package.scripts.keys().map(String::as_str);
        named.filter(|name| name.contains("watch") || name.contains("dev")).find(watches)
    };
    by_name.or_else(any).map(str::to_owned)
}

/// The script that starts the server of Vite, and the port where it names one.
pub(super) fn vite_script(package: &Package) -> Option<(String, Option<u16>)> {
    ["dev", "start", "serve", "vite"].into_iter().find_map(|name| {
        let text = package.scripts.get(name)?.as_str()?;
        let words: Vec<&str> = text.split_whitespace().collect();
        let at = words.iter().position(|word| *word == "vite")?;
        let serves =
            words.get(at + 1).is_none_or(|next| next.starts_with('-') || matches!(*next, "dev" | "serve"));
        let is_other = words.iter().any(|word| *word == "build" || word.starts_with("--watch"));
        let port =
            words.iter().position(|word| *word == "--port").and_then(|at| words.get(at + 1)?.parse().ok());
        (serves && !is_other).then(|| (name.to_owned(), port))
    })
}

/// Scripts that start each other more often than this are not followed.
const DEEPEST_SCRIPT: u32 = 4;

/// The command of a script with the commands of the scripts that it starts.
fn expanded(package: &Package, name: &str, depth: u32) -> String {
    let text = package.scripts.get(name).and_then(|command| command.as_str()).unwrap_or_default();
    let mut all = text.to_owned();
    if depth > 0 {
        let words: Vec<&str> = text.split_whitespace().collect();
        for pair in words.windows(2) {
            let is_run = matches!(pair[0], "run" | "yarn" | "pnpm" | "run-p" | "run-s" | "npm-run-all");
            if is_run && pair[1] != name && package.scripts.contains_key(pair[1]) {
                all.push(' ');
                all.push_str(&expanded(package, pair[1], depth - 1));
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(scripts: &str) -> Option<String> {
        build_script(&serde_json::from_str(&format!("{{\"scripts\": {{{scripts}}}}}")).unwrap())
    }

    #[test]
    fn a_script_of_any_name_that_runs_a_bundler_builds() {
        let gulp =
            r#""dev": "gulp", "generate": "gulp assets", "generate-production": "gulp assets --production""#;
        assert_eq!(chosen(gulp).as_deref(), Some("generate-production"));
        assert_eq!(chosen(r#""assets-all": "npx vite build""#).as_deref(), Some("assets-all"));
        assert_eq!(
            chosen(r#""ui": "NODE_ENV=production node_modules/.bin/webpack -p""#).as_deref(),
            Some("ui")
        );
        assert_eq!(chosen(r#""ui": "vite", "watch-css": "sass a b", "css": "sass --watch a b""#), None);
        assert_eq!(chosen(r#""report": "node report.js""#), None);
    }

    #[test]
    fn a_script_that_watches_is_found_through_those_that_start_it() {
        let watch = |scripts: &str| {
            watch_script(&serde_json::from_str(&format!("{{\"scripts\": {{{scripts}}}}}")).unwrap())
        };
        let tailwind = r#""start": "npm run dev", "dev": "cross-env NODE_ENV=development postcss a.css -o b.css --watch", "build": "x""#;
        assert_eq!(watch(tailwind).as_deref(), Some("dev"));
        assert_eq!(
            watch(r#""start": "npm run css", "css": "tailwindcss -i a -o b -w""#).as_deref(),
            Some("start")
        );
        assert_eq!(
            watch(r#""dev": "webpack --watch --mode development", "build": "webpack""#).as_deref(),
            Some("dev")
        );
        assert_eq!(watch(r#""watch:css": "sass --watch a:b""#).as_deref(), Some("watch:css"));
        assert_eq!(watch(r#""dev": "vite", "build": "vite build", "watch": "jest --watch""#), None);
        assert_eq!(watch(r#""start": "react-scripts start""#), None);
    }

    #[test]
    fn the_server_of_vite_is_found_with_its_port() {
        let vite = |scripts: &str| {
            vite_script(&serde_json::from_str(&format!("{{\"scripts\": {{{scripts}}}}}")).unwrap())
        };
        assert_eq!(vite(r#""dev": "vite""#), Some(("dev".to_owned(), None)));
        assert_eq!(
            vite(r#""start": "vite --port 3000 --strictPort""#),
            Some(("start".to_owned(), Some(3000)))
        );
        assert_eq!(vite(r#""dev": "vite build --watch""#), None);
        assert_eq!(vite(r#""dev": "webpack serve""#), None);
    }
}
