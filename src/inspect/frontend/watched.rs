//! Builds of front ends whose scripts only watch.

use super::package::Package;
use super::scripts::{programs, runs_bundler};

/// Returns the first script that watches, and the command that builds all once that scripts of the package watch.
pub(super) fn watched_build(package: &Package) -> Option<(String, String)> {
    let mut commands: Vec<String> = Vec::new();
    let mut first = None;
    for (name, command) in &package.scripts {
        let Some(once) = command.as_str().and_then(without_watching) else { continue };
        first.get_or_insert_with(|| name.clone());
        if !commands.contains(&once) {
            commands.push(once);
        }
    }
    first.map(|first| (first, commands.join(" && ")))
}

/// Returns the command that does once what a command does whenever a source changes; nothing if the command does not watch, or
/// does more than the steps of a build.
fn without_watching(command: &str) -> Option<String> {
    let steps: Vec<&str> = command.split("&&").map(str::trim).collect();
    let is_simple = |step: &&str| !step.contains(['&', '|', ';', '`', '$']);
    if !steps.iter().all(is_simple) {
        return None;
    }
    let mut is_watching = false;
    let mut once = Vec::new();
    for step in steps {
        let words: Vec<&str> = step.split_whitespace().collect();
        if !words.iter().any(|word| watches(word)) {
            once.push(step.to_owned());
            continue;
        }
        if !runs_bundler(step) || words.iter().any(|word| matches!(*word, "serve" | "--serve")) {
            return None;
        }
        is_watching = true;
        let mut kept: Vec<&str> =
            words.into_iter().filter(|word| !watches(word) && !word.starts_with("--poll")).collect();
        // As the site is served with it, and not read by a person.
        let is_small = kept.iter().any(|word| matches!(*word, "--minify" | "-m"));
        if programs(step).first() == Some(&"tailwindcss") && !is_small {
            kept.push("--minify");
        }
        once.push(kept.join(" "));
    }
    is_watching.then(|| once.join(" && "))
}

fn watches(word: &str) -> bool {
    matches!(word, "-w" | "--watch") || word.starts_with("--watch=")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn built(scripts: &str) -> Option<String> {
        let package = format!("{{\"scripts\": {{{scripts}}}}}");
        watched_build(&serde_json::from_str(&package).unwrap()).map(|(_, command)| command)
    }

    #[test]
    fn tailwind_that_watches_builds_small_without_watching() {
        for (script, once) in [
            ("npx tailwindcss -i a.css -o b.css --watch", "npx tailwindcss -i a.css -o b.css --minify"),
            (
                "npx tailwindcss -i a.css -o b.css --watch=always --poll",
                "npx tailwindcss -i a.css -o b.css --minify",
            ),
            ("tailwindcss -m -w -i a.css -o b.css", "tailwindcss -m -i a.css -o b.css"),
            (
                "pnpm dlx @tailwindcss/cli@4 -i a.css -o b.css --watch --minify",
                "pnpm dlx @tailwindcss/cli@4 -i a.css -o b.css --minify",
            ),
            (
                "bunx @tailwindcss/cli -i a.css -o b.css -w",
                "bunx @tailwindcss/cli -i a.css -o b.css --minify",
            ),
        ] {
            assert_eq!(built(&format!("\"css\": \"{script}\"")).as_deref(), Some(once));
        }
    }

    #[test]
    fn other_bundlers_that_watch_build_without_watching() {
        for (script, once) in [
            ("sass --watch scss:css --no-source-map", "sass scss:css --no-source-map"),
            ("NODE_ENV=production webpack --watch", "NODE_ENV=production webpack"),
            ("vite build --watch", "vite build"),
            ("esbuild app.ts --bundle --watch --outfile=app.js", "esbuild app.ts --bundle --outfile=app.js"),
            ("rm -rf dist && rollup -c -w", "rm -rf dist && rollup -c"),
        ] {
            assert_eq!(built(&format!("\"dev\": \"{script}\"")).as_deref(), Some(once));
        }
    }

    #[test]
    fn everything_that_is_watched_is_built() {
        let both = r#""watch:css": "sass --watch a:b", "watch:js": "esbuild a.js -w --outfile=b.js", "again": "sass -w a:b""#;
        assert_eq!(built(both).as_deref(), Some("sass a:b && esbuild a.js --outfile=b.js"));
    }

    #[test]
    fn what_serves_tests_or_starts_several_programs_is_no_build() {
        for script in [
            "jest --watch",
            "webpack serve --watch",
            "esbuild a.js --watch --serve",
            "sass --watch a:b & python manage.py runserver",
            "concurrently \\\"sass -w a:b\\\" \\\"npm start\\\"",
            "tailwindcss -i a -o b",
            "tsc -w",
        ] {
            assert_eq!(built(&format!("\"dev\": \"{script}\"")), None, "{script}");
        }
    }
}
