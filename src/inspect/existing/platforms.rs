//! Files of platforms that run a project: which processes they start, and which servers they bring.

use camino::Utf8Path;
use serde_json::Value;

use crate::base::{Place, Tree, path};

/// A server that a platform runs beside the project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddOn {
    /// As the platform calls it, without its size: `heroku-redis`, `keyvalue`.
    pub name: String,
    pub place: Place,
}

/// Name and command of a process.
type Started = (String, String);

/// The processes that a file of a platform starts, with the line of each.
pub(super) fn processes(text: &str, file: &Utf8Path) -> Vec<(u32, String, String)> {
    let Some(document) = parse(text, file) else { return Vec::new() };
    let started = match path::name(file) {
        "app.json" => app_json(&document),
        "render.yaml" | "render.yml" => render(&document),
        "heroku.yml" => heroku(&document),
        "fly.toml" => fly(&document),
        _ => railway(&document),
    };
    started.into_iter().map(|(name, command)| (line_of(text, &command), name, command)).collect()
}

/// Tells whether the file is one of a platform's.
pub(super) fn is_platform(file: &Utf8Path) -> bool {
    const FILES: &[&str] = &[
        "app.json",
        "render.yaml",
        "render.yml",
        "heroku.yml",
        "fly.toml",
        "railway.json",
        "railway.toml",
        "nixpacks.toml",
    ];
    FILES.contains(&path::name(file))
}

/// The servers that platforms bring, in the order of the files.
pub(super) fn add_ons(tree: &Tree) -> Vec<AddOn> {
    let mut found = Vec::new();
    for file in tree.files().filter(|file| path::depth(file) <= 2 && is_platform(file)) {
        let Some((text, document)) = tree.text(file).and_then(|text| Some((text, parse(text, file)?))) else {
            continue;
        };
        let addons = document.get("addons").or_else(|| document.get("setup")?.get("addons"));
        let plans = items(addons).filter_map(|one| text_of(Some(one)).or_else(|| text_of(one.get("plan"))));
        let services = items(document.get("services")).filter_map(|one| text_of(one.get("type")));
        let databases = items(document.get("databases")).map(|_| "postgres");
        let kinds = services.filter(|kind| matches!(*kind, "redis" | "keyvalue"));
        for plan in plans.chain(kinds).chain(databases) {
            let line = if plan == "postgres" { line_of(text, "databases:") } else { line_of(text, plan) };
            let name = plan.split(':').next().unwrap_or(plan).to_owned();
            found.push(AddOn { name, place: Place::line(file, line) });
        }
    }
    found
}

fn parse(text: &str, file: &Utf8Path) -> Option<Value> {
    match path::extension(file)? {
        "json" => serde_json::from_str(text).ok(),
        "toml" => toml::from_str(text).ok(),
        _ => serde_saphyr::from_str(text).ok(),
    }
}

/// <https://devcenter.heroku.com/articles/app-json-schema>
fn app_json(document: &Value) -> Vec<Started> {
    let script = text_of(document.get("scripts").and_then(|scripts| scripts.get("postdeploy")));
    script.map(|command| ("release".to_owned(), command.to_owned())).into_iter().collect()
}

/// <https://render.com/docs/blueprint-spec>
fn render(document: &Value) -> Vec<Started> {
    let mut found = Vec::new();
    for service in items(document.get("services")) {
        let name = text_of(service.get("name")).or_else(|| text_of(service.get("type"))).unwrap_or("web");
        let commands = [("preDeployCommand", "release"), ("startCommand", name), ("dockerCommand", name)];
        found.extend(
            commands
                .iter()
                .filter_map(|(key, name)| Some(((*name).to_owned(), text_of(service.get(*key))?.to_owned()))),
        );
    }
    found
}

/// <https://devcenter.heroku.com/articles/build-docker-images-heroku-yml>
fn heroku(document: &Value) -> Vec<Started> {
    let command = |value: &Value| match text_of(Some(value)) {
        Some(text) => Some(text.to_owned()),
        None => {
            let words: Vec<&str> =
                items(value.get("command")).filter_map(|word| text_of(Some(word))).collect();
            (!words.is_empty()).then(|| words.join(" "))
        }
    };
    let mut found: Vec<Started> = Vec::new();
    found.extend(document.get("release").and_then(command).map(|command| ("release".to_owned(), command)));
    let run = document.get("run").and_then(Value::as_object).into_iter().flatten();
    found.extend(run.filter_map(|(name, value)| Some((name.clone(), command(value)?))));
    found
}

/// <https://fly.io/docs/reference/configuration/>
fn fly(document: &Value) -> Vec<Started> {
    let release = text_of(document.get("deploy").and_then(|deploy| deploy.get("release_command")));
    let processes = document.get("processes").and_then(Value::as_object).into_iter().flatten();
    let release = release.map(|command| ("release".to_owned(), command.to_owned()));
    let named = processes.filter_map(|(name, value)| Some((name.clone(), text_of(Some(value))?.to_owned())));
    release.into_iter().chain(named).collect()
}

/// <https://docs.railway.com/reference/config-as-code>, and <https://nixpacks.com/docs/configuration/file>
fn railway(document: &Value) -> Vec<Started> {
    let deploy = document.get("deploy");
    let named = |name: &str, value: Option<&Value>| Some((name.to_owned(), text_of(value)?.to_owned()));
    let mut found: Vec<Started> = Vec::new();
    found.extend(named("release", deploy.and_then(|deploy| deploy.get("preDeployCommand"))));
    found.extend(named("web", deploy.and_then(|deploy| deploy.get("startCommand"))));
    found.extend(named("web", document.get("start").and_then(|start| start.get("cmd"))));
    found
}

fn items(value: Option<&Value>) -> impl Iterator<Item = &Value> {
    value.and_then(Value::as_array).into_iter().flatten()
}

fn text_of(value: Option<&Value>) -> Option<&str> {
    value.and_then(Value::as_str).filter(|text| !text.trim().is_empty())
}

/// The line that holds the beginning of a text, or the first.
fn line_of(text: &str, wanted: &str) -> u32 {
    /// Long commands may go on in further lines.
    const BEGINNING: usize = 24;
    let first = wanted.trim().lines().next().unwrap_or(wanted);
    let beginning: String = first.chars().take(BEGINNING).collect();
    let at = (1_u32..).zip(text.lines()).find(|(_, line)| line.contains(beginning.trim_end()));
    at.map_or(1, |(number, _)| number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn started(file: &str, text: &str) -> Vec<String> {
        let found = processes(text, Utf8Path::new(file));
        found.into_iter().map(|(line, name, command)| format!("{line} {name}: {command}")).collect()
    }

    #[test]
    fn every_platform_says_what_it_starts() {
        assert_eq!(
            started("app.json", "{\n \"scripts\": {\n  \"postdeploy\": \"python manage.py seed\"}}"),
            ["3 release: python manage.py seed"]
        );
        assert_eq!(
            started(
                "render.yaml",
                "services:\n- type: web\n  name: site\n  startCommand: gunicorn a.wsgi\n- type: worker\n  name: bot\n  startCommand: python bot.py\n"
            ),
            ["4 site: gunicorn a.wsgi", "7 bot: python bot.py"]
        );
        assert_eq!(
            started("heroku.yml", "release:\n  command:\n  - ./release.sh\nrun:\n  clock: python clock.py\n"),
            ["3 release: ./release.sh", "5 clock: python clock.py"]
        );
        assert_eq!(
            started(
                "fly.toml",
                "[deploy]\nrelease_command = 'python manage.py migrate'\n[processes]\nbot = 'python -m bot'\n"
            ),
            ["2 release: python manage.py migrate", "4 bot: python -m bot"]
        );
        assert_eq!(
            started("railway.json", "{\"deploy\": {\"startCommand\": \"python manage.py serve\"}}"),
            ["1 web: python manage.py serve"]
        );
        assert!(started("app.json", "{").is_empty());
    }

    #[test]
    fn add_ons_are_found_with_their_lines() {
        let tree = Tree::from_literals([
            ("app.json", "{\n \"addons\": [\n  \"heroku-redis:mini\",\n  {\"plan\": \"cloudamqp:lemur\"}]}"),
            ("render.yaml", "databases:\n- name: db\nservices:\n- type: keyvalue\n  name: kv\n"),
        ]);
        let found: Vec<String> =
            add_ons(&tree).into_iter().map(|one| format!("{} {}", one.name, one.place)).collect();
        assert_eq!(
            found,
            [
                "heroku-redis app.json:3",
                "cloudamqp app.json:4",
                "keyvalue render.yaml:4",
                "postgres render.yaml:1"
            ]
        );
    }
}
