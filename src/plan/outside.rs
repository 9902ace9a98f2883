//! Settings that ask other machines when they are imported: every command imports them, also where nobody answers.

use crate::base::Diagnostic;
use crate::base::codes::plan::SETTINGS_CALL_OUTSIDE;
use crate::knowledge::outside;
use crate::python::{Evaluation, OutsideCall};

/// A warning for each call, in the order of calling.
pub(super) fn find(evaluations: &[&Evaluation]) -> Vec<Diagnostic> {
    let mut found: Vec<Diagnostic> = Vec::new();
    for call in evaluations.iter().flat_map(|evaluation| &evaluation.outside) {
        let Some(row) = outside::find(call) else { continue };
        let said = message(call, &row.does);
        if !found.contains(&said) {
            found.push(said);
        }
    }
    found
}

fn message(call: &OutsideCall, does: &str) -> Diagnostic {
    // The line shows on what a method is called.
    let is_method = call.name.contains("().");
    let name = if is_method { call.name.rsplit('.').next().unwrap_or(&call.name) } else { &call.name };
    let shown = format!("{name}()");
    let what = match &call.first {
        Some(first) if call.name.starts_with("subprocess.") => format!("`{shown}` with `{first}`"),
        _ => format!("`{shown}`"),
    };
    Diagnostic::warning(
        SETTINGS_CALL_OUTSIDE,
        format!("importing the settings calls {what}, which {does}"),
    )
    .at(&call.place, "runs at every import")
    .because(
        "the image's build imports the settings (`collectstatic`), and so does each command: where nobody answers, it hangs or fails",
    )
    .help("read the value from a variable first, and make the call only where the variable is not set: `os.environ.get(\"NAME\") or …`")
    .help("or catch its failure (`try: … except Exception: …`), or move the call into a function that the site calls when it needs the value")
}
