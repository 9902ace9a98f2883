//! Compiling the catalogues of translations.

use super::command;
use crate::catalog::package_manager::VENV;
use crate::plan::ground::Ground;
use crate::python::Minor;
use crate::stack::Command;

/// Compiles every catalogue below the folders that are its arguments: what `compilemessages` does, without the settings
/// that it would ask for the folders.
const COMPILE_BELOW: &str = "find \"$@\" -path '*/LC_MESSAGES/*.po' | while read -r catalogue; do \
                             msgfmt --check-format --output-file=\"${catalogue%.po}.mo\" \"$catalogue\" || exit 1; done";

/// The commands that compile all catalogues, started in the folder of the source. They read no settings, so they need no
/// secret of them. `None` where there is nothing to compile.
pub(super) fn compile(ground: &Ground<'_>) -> Option<Vec<Command>> {
    const IGNORES_SINCE: Minor = Minor(3, 0);
    let translations = &ground.facts.translations;
    let mut commands = Vec::new();
    if !translations.called_locale.is_empty() {
        let mut compile = command(&[&format!("{VENV}/bin/python"), "-m", "django", "compilemessages"]);
        let django = ground.facts.django_version.value.as_deref().and_then(Minor::parse);
        if django.is_none_or(|django| django >= IGNORES_SINCE) {
            compile.extend(command(&["--ignore", "node_modules"]));
        }
        commands.push(compile);
    }
    if !translations.named_by_settings.is_empty() {
        let mut compile = command(&["sh", "-c", COMPILE_BELOW, "compile"]);
        compile.extend(translations.named_by_settings.iter().map(ToString::to_string));
        commands.push(compile);
    }
    (!commands.is_empty()).then_some(commands)
}
