//! Static files in a storage outside of the stack, on a machine that follows a [`Script`].

use super::http::{Answer, Ask};
use super::report::Step;
use super::script::Script;
use super::scripted::{get_home, probe, report, report_with_values};
use crate::plan::probes::Act;
use crate::shell::engine::containers::Ran;

const BUCKET: &str = "http://172.17.0.1:9000/tests";
const PAGE: &str = "<link rel=stylesheet href=http://172.17.0.1:9000/tests/site.css?X-Amz-Signature=1>\
                    <link rel=stylesheet href=//fonts.example.com/a.css>";

fn home() -> Act {
    Act::Linked { get: get_home(false), named: None }
}

/// A machine whose site has one page, and whose bucket answers `status` with `kind`; Django says `told`.
fn machine(status: u16, kind: &'static str, told: &'static str) -> Script {
    let answer = move |ask: &Ask| match ask.path.as_str() {
        "/" => Answer {
            status: 200,
            headers: vec![("content-type".to_owned(), "text/html".to_owned())],
            body: PAGE.into(),
        },
        path if path.starts_with(BUCKET) => Answer {
            status,
            headers: vec![("content-type".to_owned(), kind.to_owned())],
            body: "body {}".into(),
        },
        _ => Answer { status: 404, ..Answer::default() },
    };
    let ran = move |_: &[String]| Ran { stdout: format!("djdock-answer {told}\n"), ..Ran::default() };
    Script { answer: Some(Box::new(answer)), ran: Box::new(ran), ..Script::default() }
}

const TOLD: &str = r#"{"path": "http://172.17.0.1:9000/tests/site.css?X-Amz-Signature=1"}"#;

fn steps(mut script: Script) -> Vec<Step> {
    let stored = Act::Stored { name: "site.css".to_owned(), content_type: Some("text/css".to_owned()) };
    let probes = [probe("project-static", stored, &[]), probe("home-page-assets", home(), &[])];
    report_with_values(&mut script, &probes).steps
}

fn title(step: &Step) -> String {
    step.diagnostic
        .as_ref()
        .map(|one| format!("{} | {}", one.title, one.helps.join(" | ")))
        .unwrap_or_default()
}

#[test]
fn files_of_the_bucket_are_asked_for_where_pages_name_them() {
    let steps = steps(machine(200, "text/css", TOLD));
    assert!(steps.iter().all(|step| step.ok), "{steps:?}");
    assert_eq!(steps[0].detail, format!("GET {BUCKET}/site.css → 200, 7 bytes"));
    assert!(steps[1].detail.contains("1 file linked and there, 1 from another host"), "{}", steps[1].detail);
    assert_eq!(steps[1].left_out, ["1 link of `/` to another host, `fonts.example.com`"]);
}

#[test]
fn a_bucket_that_is_closed_or_empty_fails_the_run() {
    let closed = steps(machine(403, "application/xml", TOLD));
    assert!(title(&closed[0]).contains("site.css` answers 403"), "{}", title(&closed[0]));
    assert!(title(&closed[0]).contains("AWS_QUERYSTRING_AUTH"));
    assert!(
        title(&closed[1])
            .contains("`http://172.17.0.1:9000/tests/site.css` answers 403, and `/` links to it")
    );
    assert!(title(&closed[1]).contains("AWS_QUERYSTRING_AUTH") && !title(&closed[1]).contains("Signature"));
    let empty = steps(machine(404, "application/xml", TOLD));
    assert!(title(&empty[0]).contains("answers 404") && title(&empty[0]).contains("what is in the bucket"));
    let page = steps(machine(200, "binary/octet-stream", TOLD));
    assert!(title(&page[0]).contains("comes as `binary/octet-stream`"), "{}", title(&page[0]));
    let unknown =
        steps(machine(200, "text/css", r#"{"raises": "ValueError: Missing staticfiles manifest entry"}"#));
    assert!(title(&unknown[0]).contains("has no address: ValueError"), "{}", title(&unknown[0]));
    let nowhere = steps(machine(200, "text/css", r#"{"path": "/static/site.css"}"#));
    assert!(title(&nowhere[0]).contains("names no host"), "{}", title(&nowhere[0]));
}

#[test]
fn over_https_the_container_of_the_project_asks() {
    let ran = |argv: &[String]| {
        let told = if argv.iter().any(|word| word.contains("urlopen")) {
            r#"{"fetched": {"status": 200, "kind": "text/css", "bytes": 12}}"#
        } else {
            r#"{"path": "https://cdn.example.com/site.css"}"#
        };
        Ran { stdout: format!("djdock-answer {told}\n"), ..Ran::default() }
    };
    let script = Script { ran: Box::new(ran), ..machine(404, "", "") };
    let steps = steps(script);
    assert_eq!(
        (steps[0].ok, steps[0].detail.as_str()),
        (true, "GET https://cdn.example.com/site.css → 200, 12 bytes")
    );
}

#[test]
fn a_run_without_values_says_that_it_did_not_look_at_the_bucket() {
    let stored = Act::Stored { name: "site.css".to_owned(), content_type: None };
    let report = report(&mut machine(404, "", TOLD), &[probe("project-static", stored, &[])]);
    assert!(report.ok);
    let left_out: Vec<(&str, &str)> = report.left_out().collect();
    assert!(left_out[0].1.contains("`djdock smoke prod --env-file FILE`"), "{left_out:?}");
}
