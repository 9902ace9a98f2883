//! Facts that a single setting states.

use super::project::Settings;
use crate::base::{Evidence, Fact};
use crate::python::Value;

pub(super) fn user_model(settings: &Settings) -> Fact<Option<String>> {
    const NAME: &str = "AUTH_USER_MODEL";
    let Some(setting) = settings.get(NAME) else {
        return Fact::with(None, vec![Evidence::new(settings.place(NAME), "does not set AUTH_USER_MODEL")]);
    };
    let evidence = settings.evidence(NAME, "sets AUTH_USER_MODEL");
    match setting.value.assumed().as_ref().and_then(Value::as_str) {
        Some(model) => Fact::with(Some(model.to_owned()), evidence),
        None => {
            Fact::unknown(None, evidence, settings.why(NAME, "AUTH_USER_MODEL is known only at run time"))
        }
    }
}

pub(super) fn installed_apps(settings: &Settings) -> Fact<Vec<String>> {
    const NAME: &str = "INSTALLED_APPS";
    let evidence = settings.evidence(NAME, "sets INSTALLED_APPS");
    match settings.assumed(NAME).as_ref().and_then(Value::items) {
        Some(items) => {
            let apps = items.iter().filter_map(Value::as_str).map(str::to_owned).collect();
            Fact::with(apps, evidence)
        }
        None => Fact::unknown(
            Vec::new(),
            evidence,
            settings.why(NAME, "INSTALLED_APPS is not set, as far as the settings can be read"),
        ),
    }
}
