//! A report in the XML of `JUnit`, which every CI server shows.

use std::fmt::Write;

use super::SmokeReport;

/// The whole document.
pub fn junit(report: &SmokeReport) -> String {
    let target = match report.target {
        crate::stack::Environment::Dev => "dev",
        crate::stack::Environment::Prod => "prod",
    };
    let skipped = report.steps.iter().filter(|step| step.skipped).count();
    let failures = report.steps.iter().filter(|step| !step.ok && !step.skipped).count();
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = writeln!(
        text,
        "<testsuites><testsuite name=\"djdock smoke {target}\" tests=\"{}\" failures=\"{failures}\" skipped=\"{skipped}\" time=\"{:.1}\">",
        report.steps.len(),
        report.seconds,
    );
    for step in &report.steps {
        let (name, detail) = (escaped(&step.name), escaped(&step.detail));
        let _ = write!(
            text,
            "<testcase classname=\"djdock.smoke.{target}\" name=\"{name}\" time=\"{:.1}\">",
            step.seconds
        );
        if step.skipped {
            let _ = write!(text, "<skipped message=\"{detail}\"/>");
        } else if !step.ok {
            let (code, notes) =
                step.diagnostic.as_ref().map_or((String::new(), String::new()), |diagnostic| {
                    let said: Vec<&str> =
                        diagnostic.notes.iter().chain(&diagnostic.helps).map(String::as_str).collect();
                    (diagnostic.code.to_string(), said.join("\n"))
                });
            let (code, notes) = (escaped(&code), escaped(&notes));
            let _ = write!(text, "<failure type=\"{code}\" message=\"{detail}\">{notes}</failure>");
        } else {
            let left_out: String = step.left_out.iter().map(|text| format!("\nleft out: {text}")).collect();
            let _ = write!(text, "<system-out>{detail}{}</system-out>", escaped(&left_out));
        }
        text.push_str("</testcase>\n");
    }
    text.push_str("</testsuite></testsuites>\n");
    text
}

/// Text for XML 1.0, which has no way to say most control characters.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("&#10;"),
            '\t' => out.push(' '),
            control if control.is_control() => out.push('\u{fffd}'),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::Step;
    use super::*;
    use crate::stack::Environment;

    #[test]
    fn a_failed_step_is_a_failure_with_its_explanation() {
        let step = |name: &str, ok: bool, skipped: bool, detail: &str| Step {
            name: name.to_owned(),
            ok,
            skipped,
            seconds: 1.0,
            detail: detail.to_owned(),
            left_out: Vec::new(),
            diagnostic: None,
        };
        let steps = vec![
            step("a", true, false, "<ok> & \u{1b}[1m"),
            step("b", false, false, "no"),
            step("c", false, true, "needs b"),
        ];
        let text = junit(&SmokeReport::new(Environment::Dev, Vec::new(), steps, 3.0));
        assert!(text.contains("tests=\"3\" failures=\"1\" skipped=\"1\" time=\"3.0\""), "{text}");
        assert!(text.contains("<system-out>&lt;ok&gt; &amp; \u{fffd}[1m</system-out>"), "{text}");
        assert!(text.contains("<failure type=\"\" message=\"no\"></failure>"), "{text}");
        assert!(text.contains("<skipped message=\"needs b\"/>"), "{text}");
    }
}
