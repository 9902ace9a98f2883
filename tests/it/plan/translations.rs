//! Catalogues of translations: compiled where Django looks for them, by what needs no secret.

use djdock::stack::Step;

use super::site::*;

const PO: &str = "msgid \"\"\nmsgstr \"Content-Type: text/plain; charset=UTF-8\\n\"\n";

/// The commands that compile catalogues, one a line; empty without the stage.
fn compiled(paths: &str, files: &[&str]) -> String {
    let mut site = Site::new(&format!("{OPEN}{}{paths}", database("postgresql")), POSTGRES);
    for file in files {
        site = site.with(file, PO);
    }
    let plan = site.plan();
    let images = &plan.prod.images[0];
    let Some(stage) = images.stages.iter().find(|stage| stage.name == "messages") else {
        return String::new();
    };
    assert!(matches!(&stage.steps[0], Step::SystemPackages { packages } if packages == &["gettext"]));
    let builder = images.stages.iter().find(|stage| stage.name == "builder").unwrap();
    let installs_gettext = |step: &Step| matches!(step, Step::SystemPackages { packages } if packages.contains(&"gettext".to_owned()));
    assert!(!builder.steps.iter().any(installs_gettext), "one stage needs it");
    let run = stage.steps.iter().find_map(|step| match step {
        Step::Run { commands, variables, .. } => {
            assert!(variables.is_empty(), "no secret is asked for");
            Some(commands.iter().map(|command| command.join(" ")).collect::<Vec<_>>().join("\n"))
        }
        _ => None,
    });
    run.unwrap()
}

#[test]
fn folders_called_locale_are_found_by_their_name() {
    let commands =
        compiled("", &["pages/locale/de/LC_MESSAGES/django.po", "locale/ko/LC_MESSAGES/djangojs.po"]);
    assert_eq!(commands, "/opt/venv/bin/python -m django compilemessages --ignore node_modules");
}

#[test]
fn folders_that_locale_paths_names_are_compiled_without_the_settings() {
    let paths = "LOCALE_PATHS = (BASE_DIR / 'i18n' / 'texts', os.path.join(BASE_DIR, 'words'))\n";
    let commands = compiled(
        paths,
        &[
            "i18n/texts/de/LC_MESSAGES/django.po",
            "words/fr/LC_MESSAGES/django.po",
            "other/fr/LC_MESSAGES/django.po",
        ],
    );
    assert!(commands.starts_with("sh -c find") && commands.contains("msgfmt"), "{commands}");
    assert!(commands.ends_with(" i18n/texts words"), "{commands}");
    assert!(!commands.contains("compilemessages"));
}

#[test]
fn both_kinds_of_folders_are_compiled_together() {
    let files = ["pages/locale/de/LC_MESSAGES/django.po", "words/fr/LC_MESSAGES/django.po"];
    let commands = compiled("LOCALE_PATHS = ['words']\n", &files);
    assert_eq!(commands.lines().count(), 2, "{commands}");
}

#[test]
fn where_locale_paths_cannot_be_read_any_folder_may_be_meant() {
    let paths = "LOCALE_PATHS = [os.environ.get('WORDS_AT')]\n";
    assert!(compiled(paths, &["words/fr/LC_MESSAGES/django.po"]).ends_with(" words"));
}

#[test]
fn what_is_compiled_empty_or_for_documents_alone_needs_no_stage() {
    let compiled_already = Site::new(&format!("{OPEN}{}", database("postgresql")), POSTGRES)
        .with("locale/de/LC_MESSAGES/django.po", PO)
        .with("locale/de/LC_MESSAGES/django.mo", "compiled")
        .with("locale/fr/LC_MESSAGES/django.po", "")
        .with("docs/locale/de/LC_MESSAGES/index.po", PO)
        .with("pages/tests/locale/de/LC_MESSAGES/django.po", PO);
    let plan = compiled_already.plan();
    assert!(plan.prod.images[0].stages.iter().all(|stage| stage.name != "messages"));
    assert!(plan.notes.iter().all(|note| note.topic != "Translations"));
}

#[test]
fn development_can_make_and_compile_catalogues() {
    let plan = Site::new(&format!("{OPEN}{}", database("postgresql")), POSTGRES)
        .with("locale/de/LC_MESSAGES/django.po", PO)
        .plan();
    let dev = &plan.dev.images[0].stages[0];
    assert!(dev.steps.iter().any(
        |step| matches!(step, Step::SystemPackages { packages } if packages.contains(&"gettext".to_owned()))
    ));
    assert!(plan.notes.iter().any(|note| note.text.contains("exec web python manage.py compilemessages")));
}
