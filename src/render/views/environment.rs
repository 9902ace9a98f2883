//! The view of `.env` and `.env.example`.

use serde::Serialize;

use crate::plan::Plan;
use crate::plan::documented::HEADING;
use crate::render::Values;
use crate::stack::{Variable, VariableGroup, VariableValue};

/// The text of an example for a value that is made at random.
pub(in crate::render) const PLACEHOLDER: &str = "change-me";

#[derive(Serialize)]
pub(in crate::render) struct EnvironmentView<'a> {
    heading: Vec<String>,
    groups: Vec<GroupView<'a>>,
    /// The variables of the project's own example; empty in the file that runs.
    documented: Vec<DocumentedView<'a>>,
    documented_title: &'static str,
}

#[derive(Serialize)]
struct DocumentedView<'a> {
    comment: String,
    /// Empty where the variable stands above.
    name: &'a str,
}

#[derive(Serialize)]
struct GroupView<'a> {
    title: &'static str,
    variables: Vec<VariableView<'a>>,
}

#[derive(Serialize)]
struct VariableView<'a> {
    name: &'a str,
    value: String,
    /// Empty where the variable before has the same.
    because: &'a str,
    #[serde(skip)]
    reason: &'a str,
    /// Only the person can know the value.
    fill_in: bool,
    /// Printed as a comment.
    optional: bool,
}

impl<'a> EnvironmentView<'a> {
    /// With `values`, the file that runs; without, the example that is committed.
    pub(in crate::render) fn new(plan: &'a Plan, values: Option<&Values>) -> Self {
        let mut groups: Vec<GroupView<'a>> = Vec::new();
        for variable in plan.variables() {
            let title = title(variable.group);
            let mut view = VariableView::new(variable, values);
            match groups.last_mut().filter(|group| group.title == title) {
                Some(group) => {
                    // What is so of the one before too is said once.
                    let is_said =
                        |said: &VariableView<'_>| said.reason == view.because && said.fill_in == view.fill_in;
                    if group.variables.last().is_some_and(is_said) {
                        view.because = "";
                    }
                    group.variables.push(view);
                }
                None => groups.push(GroupView { title, variables: vec![view] }),
            }
        }
        let documented = if values.is_some() { Vec::new() } else { documented(plan, &groups) };
        Self { heading: heading(plan, values.is_some()), groups, documented, documented_title: HEADING }
    }
}

/// Returns the variables of the project's own example: those that stand above only if it comments on them.
fn documented<'a>(plan: &'a Plan, groups: &[GroupView<'_>]) -> Vec<DocumentedView<'a>> {
    let stands_above =
        |name: &str| groups.iter().any(|group| group.variables.iter().any(|variable| variable.name == name));
    let all =
        plan.documented.iter().filter_map(|one| match (stands_above(&one.name), one.comment.as_str()) {
            (true, "") => None,
            (true, _) => Some(DocumentedView { comment: one.about(), name: "" }),
            (false, _) => Some(DocumentedView { comment: one.comment.clone(), name: &one.name }),
        });
    all.collect()
}

impl<'a> VariableView<'a> {
    fn new(variable: &'a Variable, values: Option<&Values>) -> Self {
        Self {
            name: &variable.name,
            value: value(&variable.value, values),
            because: &variable.because,
            reason: &variable.because,
            fill_in: matches!(variable.value, VariableValue::Asked { .. }),
            optional: matches!(variable.value, VariableValue::Optional { .. }),
        }
    }
}

/// Returns the text behind the `=`: with `values`, in the file that runs; without, in the example.
pub(in crate::render) fn value(value: &VariableValue, values: Option<&Values>) -> String {
    match value {
        VariableValue::Plain { text } => text.clone(),
        VariableValue::Generated { secret, .. } => values
            .and_then(|values| values.secrets.get(secret))
            .map_or_else(|| PLACEHOLDER.to_owned(), ToOwned::to_owned),
        VariableValue::Asked { placeholder } => placeholder.clone(),
        VariableValue::Optional { example } => example.clone(),
        VariableValue::HostUser => values.map_or(1000, |values| values.user).to_string(),
        VariableValue::HostGroup => values.map_or(1000, |values| values.group).to_string(),
    }
}

fn heading(plan: &Plan, runs: bool) -> Vec<String> {
    let file = &plan.prod.env_file;
    if runs {
        vec![
            "Made by djdock, once: from now on it is yours, and only what is missing is added.".to_owned(),
            "It holds secrets: keep it out of version control. No image holds it.".to_owned(),
        ]
    } else {
        vec![
            format!("What {file} holds. `djdock init` makes that file with random secrets; by hand:"),
            format!("copy this one to {file} and replace every {PLACEHOLDER}."),
        ]
    }
}

fn title(group: VariableGroup) -> &'static str {
    match group {
        VariableGroup::Stack => "The stack",
        VariableGroup::Django => "Django",
        VariableGroup::Database => "Database",
        VariableGroup::Services => "Cache and tasks",
        VariableGroup::External => "Services elsewhere",
    }
}
