//! Management commands of the project's own that say how it is run: those that never end, that a clock starts, that make
//! the first account.

use std::collections::BTreeMap;

use camino::Utf8Path;

use super::facts::{CommandKind, ManagementCommand};
use super::project::Project;
use crate::base::{Evidence, Fact, Place, path};

/// Calls that only a process makes that is meant to go on for ever.
const NEVER_ENDS: &[&str] = &[
    "run_forever(",
    "run_polling(",
    "start_polling(",
    "infinity_polling(",
    "start_consuming(",
    "BlockingScheduler(",
    "serve_forever(",
    "Observer()",
];

pub(super) fn read(project: &Project<'_>) -> Fact<Vec<ManagementCommand>> {
    let scheduled = scheduled(project);
    let mut found: BTreeMap<String, (CommandKind, Evidence)> = BTreeMap::new();
    for file in project.files(|file| file.contains("management/commands/")) {
        let name = path::stem(&file);
        if name.starts_with('_') {
            continue;
        }
        let Some(text) = project.sources.glance(&file) else { continue };
        if !text.contains("Command") {
            continue;
        }
        let known = scheduled
            .get(name)
            .map(|place| (CommandKind::Scheduled, place.clone(), "starts it by the clock"));
        if let Some((kind, place, reason)) = known.or_else(|| by_text(&file, name, &text)) {
            found.insert(name.to_owned(), (kind, Evidence::new(place, reason)));
        }
    }
    let mut evidence: Vec<Evidence> = found.values().map(|(_, evidence)| evidence.clone()).collect();
    if evidence.is_empty() {
        let folder = Place::Absent("management/commands".into());
        evidence.push(Evidence::new(folder, "no command of the project says how it is run"));
    }
    Fact::with(
        found.into_iter().map(|(name, (kind, _))| ManagementCommand { name, kind }).collect(),
        evidence,
    )
}

fn by_text(file: &Utf8Path, name: &str, text: &str) -> Option<(CommandKind, Place, &'static str)> {
    let line_of = |needle: &str| {
        let before = text.get(..text.find(needle)?)?;
        Some(u32::try_from(before.matches('\n').count()).unwrap_or(0) + 1)
    };
    let place = |line: u32| Place::line(file, line);
    if let Some(line) = line_of("create_superuser(").filter(|_| is_for_accounts(name)) {
        return Some((CommandKind::Superuser, place(line), "makes a superuser"));
    }
    if let Some(line) = NEVER_ENDS.iter().find_map(|needle| line_of(needle)) {
        return Some((CommandKind::Daemon, place(line), "never returns"));
    }
    // A loop that waits and that nothing leaves.
    let line = line_of("while True:")?;
    let ends = ["break", "return", "next_page", "nextPage"].iter().any(|word| text.contains(word));
    (text.contains("sleep(") && !ends).then(|| (CommandKind::Daemon, place(line), "goes on for ever"))
}

/// `createsu`, `ensure_admin`, `init_superuser` …
fn is_for_accounts(name: &str) -> bool {
    ["su", "superuser", "super_user", "admin", "user"]
        .iter()
        .any(|end| name.ends_with(end) || name.contains("admin"))
}

/// Commands that crontabs and `CRONJOBS` name, with the line.
fn scheduled(project: &Project<'_>) -> BTreeMap<String, Place> {
    let mut found = BTreeMap::new();
    let tree = project.sources.tree;
    for file in tree.files().filter(|file| path::depth(file) <= 4 && is_crontab(file)) {
        let Some(text) = tree.text(file) else { continue };
        for (number, line) in (1_u32..).zip(text.lines()) {
            let Some((clock, rest)) = line.split_once("manage.py ") else { continue };
            let is_clock = |field: &&str| field.starts_with(|c: char| c.is_ascii_digit() || c == '*');
            let fields = clock.split_whitespace().take_while(is_clock).count();
            if fields >= 5 || clock.trim_start().starts_with('@') {
                let name = rest.split_whitespace().next().unwrap_or_default();
                found.entry(name.to_owned()).or_insert_with(|| Place::line(file, number));
            }
        }
    }
    if let Some(setting) = project.prod.get("CRONJOBS") {
        for text in project.prod.texts("CRONJOBS") {
            if !text.contains(['*', '.', ' ']) {
                found.entry(text).or_insert_with(|| setting.place.clone());
            }
        }
    }
    found
}

fn is_crontab(file: &Utf8Path) -> bool {
    let name = path::name(file).to_ascii_lowercase();
    name.contains("cron") && !matches!(path::extension(file), Some("py" | "md" | "rst" | "html" | "js"))
}

#[cfg(test)]
mod tests {
    use crate::base::Tree;
    use crate::inspect::inspect;

    #[test]
    fn commands_that_say_how_the_project_is_run_are_told_apart() {
        let command = |body: &str| {
            format!(
                "from django.core.management.base import BaseCommand\nclass Command(BaseCommand):\n    def handle(self):\n        {body}\n"
            )
        };
        let at = |name: &str| format!("shop/management/commands/{name}.py");
        let files = [
            (
                "manage.py".to_owned(),
                "import os\nos.environ['DJANGO_SETTINGS_MODULE'] = 'shop.settings'\n".to_owned(),
            ),
            ("shop/settings.py".to_owned(), "INSTALLED_APPS = ['shop']\n".to_owned()),
            (
                "deploy/crontab".to_owned(),
                "# m h\n*/5 * * * * www python manage.py send_mail --all\n".to_owned(),
            ),
            (at("bot"), command("bot.infinity_polling()")),
            (at("watch"), command("while True:\n            time.sleep(5)")),
            (at("pages"), command("while True:\n            time.sleep(1)\n            if done: break")),
            (at("create_admin"), command("User.objects.create_superuser('a')")),
            (at("send_mail"), command("pass")),
            (at("load"), command("pass")),
        ];
        let tree = Tree::from_literals(files.iter().map(|(path, text)| (path.as_str(), text.as_str())));
        let fact = inspect(&tree).0.management_commands;
        let found: Vec<String> = fact
            .value
            .iter()
            .zip(&fact.evidence)
            .map(|(one, evidence)| format!("{} {:?} {}", one.name, one.kind, evidence.place))
            .collect();
        assert_eq!(
            found,
            [
                "bot Daemon shop/management/commands/bot.py:4",
                "create_admin Superuser shop/management/commands/create_admin.py:4",
                "send_mail Scheduled deploy/crontab:2",
                "watch Daemon shop/management/commands/watch.py:4",
            ]
        );
    }
}
