//! The report of a run: the contract of `smoke --json`.

use serde::{Serialize, Serializer};

use crate::base::Diagnostic;
use crate::stack::Environment;

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SmokeReport {
    pub schema: &'static str,
    pub target: Environment,
    /// True if every step showed what it must.
    pub ok: bool,
    #[serde(serialize_with = "tenths")]
    pub seconds: f64,
    pub images: Vec<Image>,
    pub steps: Vec<Step>,
    /// The compose project that was left running, where that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kept: Option<String>,
    /// The address of the site: `http://127.0.0.1:32768/`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Image {
    pub name: String,
    pub bytes: u64,
    #[serde(serialize_with = "tenths")]
    pub seconds: f64,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Step {
    /// Kebab-case, stable.
    pub name: String,
    pub ok: bool,
    /// Not carried out, because a step that it needs did not show what it must. Then `ok` is false.
    pub skipped: bool,
    #[serde(serialize_with = "tenths")]
    pub seconds: f64,
    /// The observation, on one line.
    pub detail: String,
    /// Things that the step did not look at, and the reasons: files of other hosts.
    pub left_out: Vec<String>,
    /// The explanation of a failed step.
    pub diagnostic: Option<Diagnostic>,
}

impl SmokeReport {
    pub fn new(target: Environment, images: Vec<Image>, steps: Vec<Step>, seconds: f64) -> Self {
        let ok = !steps.is_empty() && steps.iter().all(|step| step.ok);
        Self { schema: "djdock.smoke/1", target, ok, seconds, images, steps, kept: None, address: None }
    }

    /// Returns the things that were left out of steps that showed what they must, with the reasons.
    pub fn left_out(&self) -> impl Iterator<Item = (&str, &str)> {
        self.steps
            .iter()
            .flat_map(|step| step.left_out.iter().map(|text| (step.name.as_str(), text.as_str())))
    }

    /// Why steps failed, in their order.
    pub fn diagnostics(&self) -> impl Iterator<Item = &Diagnostic> {
        self.steps.iter().filter_map(|step| step.diagnostic.as_ref())
    }
}

/// Seconds with one digit: more is noise.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
fn tenths<S: Serializer>(seconds: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64((seconds * 10.0).round() / 10.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(name: &str, ok: bool) -> Step {
        let diagnostic = None;
        Step {
            name: name.to_owned(),
            ok,
            skipped: false,
            seconds: 0.123,
            detail: "seen".to_owned(),
            left_out: Vec::new(),
            diagnostic,
        }
    }

    #[test]
    fn a_run_is_good_only_when_every_step_is() {
        let report = |steps| SmokeReport::new(Environment::Prod, Vec::new(), steps, 1.0);
        assert!(report(vec![step("a", true), step("b", true)]).ok);
        assert!(!report(vec![step("a", true), step("b", false)]).ok);
        assert!(!report(Vec::new()).ok, "nothing was shown");
    }

    #[test]
    fn the_json_is_the_contract() {
        let image = Image { name: "shop-web".to_owned(), bytes: 189_000_000, seconds: 22.04 };
        let report = SmokeReport::new(Environment::Prod, vec![image], vec![step("home-page", true)], 41.19);
        let expected = r#"{"schema":"djdock.smoke/1","target":"prod","ok":true,"seconds":41.2,"images":[{"name":"shop-web","bytes":189000000,"seconds":22.0}],"steps":[{"name":"home-page","ok":true,"skipped":false,"seconds":0.1,"detail":"seen","left_out":[],"diagnostic":null}]}"#;
        assert_eq!(serde_json::to_string(&report).unwrap(), expected);
    }
}
