//! Pages, what they link to, and forms, on a machine that follows a [`Script`].

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::http::{Answer, Ask};
use super::script::Script;
use super::scripted::{get_home, probe, report};
use super::{SmokeReport, Step};
use crate::base::codes::smoke as codes;
use crate::plan::probes::{Act, Get};
use crate::shell::engine::containers::Ran;

/// Answers by path: status, one header, body. What is not in it answers 404.
type Site = BTreeMap<&'static str, (u16, (&'static str, &'static str), &'static str)>;

const HTML: (&str, &str) = ("content-type", "text/html; charset=utf-8");
const CSS: (&str, &str) = ("content-type", "text/css");
/// The answer of Django about a file that is found, and not collected.
const LOOKS: &str = r#"djdock-answer {"static_url": "/static/", "is_upload": false, "name": "gone.css", "is_collected": false, "place": "/app/static/gone.css", "folders": []}"#;

/// A machine with this site, and what it was asked.
fn machine(site: Site, reverse: &'static str) -> (Script, Rc<RefCell<Vec<Ask>>>) {
    let asked = Rc::new(RefCell::new(Vec::new()));
    let log = Rc::clone(&asked);
    let answer = move |ask: &Ask| {
        log.borrow_mut().push(ask.clone());
        let path = ask.path.split('?').next().unwrap_or_default();
        let key = if ask.form.is_some() { format!("POST {path}") } else { path.to_owned() };
        let (status, (name, value), body) =
            site.get(key.as_str()).copied().unwrap_or((404, HTML, "not found"));
        let headers = vec![
            (name.to_owned(), value.to_owned()),
            ("set-cookie".to_owned(), "csrftoken=c; Path=/".to_owned()),
        ];
        Answer { status, headers, body: body.into() }
    };
    let ran = move |argv: &[String]| {
        let stdout = if argv.iter().any(|word| word.contains("reverse(")) { reverse } else { LOOKS };
        Ran { stdout: format!("Loading settings\n{stdout}\n"), ..Ran::default() }
    };
    (Script { answer: Some(Box::new(answer)), ran: Box::new(ran), ..Script::default() }, asked)
}

fn reported(
    site: impl IntoIterator<Item = (&'static str, (u16, (&'static str, &'static str), &'static str))>,
    act: Act,
) -> (SmokeReport, Vec<Ask>) {
    let (mut script, asked) =
        machine(site.into_iter().collect(), r#"djdock-answer {"path": "/admin/login/"}"#);
    let report = report(&mut script, &[probe("page", act, &[])]);
    let asked = asked.borrow().clone();
    (report, asked)
}

fn home() -> Act {
    Act::Linked { get: get_home(false), named: None }
}

fn admin() -> Act {
    Act::Linked { get: get_home(false), named: Some("admin:login".to_owned()) }
}

fn step(report: &SmokeReport) -> &Step {
    &report.steps[0]
}

#[test]
fn every_stylesheet_and_script_of_a_page_is_asked_for_once() {
    let page = r#"<link rel="stylesheet" href="/static/a.css"><script src="b.js"></script><link rel="preload" as="style" href="/static/a.css">"#;
    let site = [
        ("/", (200, HTML, page)),
        ("/static/a.css", (200, CSS, "")),
        ("/b.js", (200, ("content-type", "text/javascript"), "1")),
    ];
    let (report, asked) = reported(site, home());
    assert!(report.ok && report.left_out().next().is_none());
    assert_eq!(step(&report).detail, "GET / → 200: 2 files linked and there");
    assert_eq!(
        asked.iter().map(|ask| ask.path.as_str()).collect::<Vec<_>>(),
        ["/", "/static/a.css", "/b.js"]
    );
}

#[test]
fn a_stylesheet_that_does_not_come_fails_with_its_true_cause() {
    let page = r#"<link rel="stylesheet" href="/static/gone.css"><script src="/static/gone.js"></script>"#;
    let (report, _) = reported([("/", (200, HTML, page))], home());
    let diagnostic = step(&report).diagnostic.as_ref().unwrap();
    assert_eq!(diagnostic.code, codes::ASSET_MISSING);
    assert_eq!(
        diagnostic.title,
        "`/static/gone.css` answers 404, and so does 1 other file that `/` links to"
    );
    assert!(
        diagnostic.notes.iter().any(|note| note.contains("it is not among the collected files")),
        "{diagnostic:?}"
    );
    assert!(diagnostic.helps[0].contains("RUN python manage.py collectstatic"), "{diagnostic:?}");
}

#[test]
fn a_page_of_html_in_the_place_of_a_script_is_none() {
    let page = r#"<script src="/static/app.js"></script>"#;
    let (report, _) =
        reported([("/", (200, HTML, page)), ("/static/app.js", (200, HTML, "<p>Hello"))], home());
    assert!(step(&report).diagnostic.as_ref().unwrap().title.contains("answers with a page of HTML"));
}

#[test]
fn redirects_within_the_site_are_followed_to_the_page_that_a_browser_shows() {
    let page = r#"<base href="/assets/"><link rel="stylesheet" href="login.css">"#;
    let to_login = (302, ("location", "/accounts/login?next=/"), "");
    let site = [
        ("/", to_login),
        ("/accounts/login", (301, ("location", "http://localhost:32768/accounts/login/"), "")),
        ("/accounts/login/", (200, HTML, page)),
        ("/assets/login.css", (200, CSS, "")),
    ];
    let (report, _) = reported(site, home());
    assert_eq!(step(&report).detail, "GET /accounts/login/ → 200: 1 file linked and there");
    // One that never ends is not followed for ever.
    let (report, asked) = reported([("/", (302, ("location", "/"), ""))], home());
    assert!(report.ok && asked.len() < 20);
}

/// `FORCE_SCRIPT_NAME = "/shop"`: the stack stands behind a proxy that takes `/shop` off.
#[test]
fn links_below_the_prefix_of_the_site_are_asked_for_without_it() {
    let page = r#"<link rel="stylesheet" href="/shop/static/a.css"><script src="/shop/gone.js"></script>"#;
    let site = [("/", (200, HTML, page)), ("/static/a.css", (200, CSS, ""))];
    let (mut script, _) = machine(site.into_iter().collect(), "");
    script.ran = Box::new(|argv: &[String]| {
        let is_prefix = argv.iter().any(|word| word.contains("get_script_prefix"));
        let stdout = if is_prefix { r#"djdock-answer {"path": "/shop/"}"# } else { LOOKS };
        Ran { stdout: stdout.to_owned(), ..Ran::default() }
    });
    let report = report(&mut script, &[probe("page", home(), &[])]);
    let title = &step(&report).diagnostic.as_ref().unwrap().title;
    assert_eq!(title, "`/shop/gone.js` answers 404, and `/` links to it");
}

#[test]
fn what_lies_on_other_hosts_is_left_out_and_said() {
    let page = r#"<link rel="stylesheet" href="https://cdn.example.com/a.css"><script src="//cdn.example.com/b.js"></script>
        <link rel="stylesheet" href="data:text/css,"><link rel="icon" href="/favicon.ico"><script src="/static/c.js"></script>"#;
    let site = [("/", (200, HTML, page)), ("/static/c.js", (200, CSS, ""))];
    let (report, _) = reported(site, home());
    let left_out: Vec<&str> = report.left_out().map(|(_, text)| text).collect();
    let expected = [
        "2 links of `/` to another host, `cdn.example.com`",
        "`/favicon.ico`, which `/` does without: it answers 404",
    ];
    assert!(report.ok);
    assert_eq!(left_out, expected);
    let (report, _) = reported([("/", (302, ("location", "https://sso.example.com/login"), ""))], home());
    let left_out: Vec<&str> = report.left_out().map(|(_, text)| text).collect();
    assert_eq!(left_out, ["what `/` links to: `/` leads to another host, `sso.example.com`"]);
}

#[test]
fn a_site_without_pages_links_to_nothing() {
    let (report, _) = reported([("/", (200, ("content-type", "application/json"), "{}"))], home());
    assert_eq!(step(&report).detail, "GET / → 200, application/json: it links to nothing");
    // A page of its own for what is not there is a page.
    let page = r#"<link rel="stylesheet" href="/static/a.css">"#;
    let (report, _) = reported([("/", (404, HTML, page))], home());
    assert_eq!(step(&report).diagnostic.as_ref().unwrap().code, codes::ASSET_MISSING);
    let (report, _) = reported([("/", (500, HTML, ""))], home());
    assert_eq!(step(&report).diagnostic.as_ref().unwrap().code, codes::PAGE_WRONG);
}

#[test]
fn an_admin_without_an_address_is_left_out_and_no_failure() {
    let raises = r#"djdock-answer {"raises": "NoReverseMatch: 'admin' is not a registered namespace"}"#;
    let (mut script, _) = machine(Site::new(), raises);
    let login = Act::Login { get: get_home(true), named: "admin:login".to_owned() };
    let report = report(&mut script, &[probe("page", admin(), &[]), probe("form", login, &[])]);
    assert!(report.ok);
    assert_eq!(report.left_out().count(), 2);
    // Where Django cannot be asked, the usual address is.
    let (mut script, asked) = machine(Site::from([("/admin/login/", (200, HTML, ""))]), "Killed");
    let usual = Get { path: "/admin/login/".to_owned(), ..get_home(false) };
    let act = Act::Linked { get: usual, named: Some("admin:login".to_owned()) };
    assert!(super::scripted::report(&mut script, &[probe("page", act, &[])]).ok);
    assert_eq!(asked.borrow()[0].path, "/admin/login/");
    // Some admins answer certain addresses alone.
    let (report, _) = reported([("/admin/login/", (403, HTML, ""))], admin());
    assert!(report.ok && report.left_out().count() == 1);
}

const LOGIN: &str = r#"<form method="post"><input type="hidden" name="csrfmiddlewaretoken" value="t"><input type="password" name="password"></form>"#;

fn login(forwarded_https: bool) -> Act {
    Act::Login { get: get_home(forwarded_https), named: "admin:login".to_owned() }
}

#[test]
fn a_form_is_sent_as_a_browser_behind_a_proxy_with_tls_sends_it() {
    let site = [("/admin/login/", (200, HTML, LOGIN)), ("POST /admin/login/", (200, HTML, LOGIN))];
    let (report, asked) = reported(site, login(true));
    assert!(report.ok, "{report:?}");
    let sent = asked.iter().find(|ask| ask.form.is_some()).unwrap();
    for (name, value) in [
        ("Host", "localhost"),
        ("Origin", "https://localhost"),
        ("Referer", "https://localhost/admin/login/"),
        ("X-Forwarded-Proto", "https"),
        ("Cookie", "csrftoken=c"),
    ] {
        assert_eq!(sent.headers.get(name).map(String::as_str), Some(value), "{name}");
    }
    assert_eq!(sent.form.as_ref().unwrap()[0], ("csrfmiddlewaretoken".to_owned(), "t".to_owned()));
    let (_, asked) = reported(site, login(false));
    let sent = asked.iter().find(|ask| ask.form.is_some()).unwrap();
    assert_eq!(sent.headers.get("Origin").map(String::as_str), Some("http://localhost:32768"));
    assert_eq!(sent.headers.get("X-Forwarded-Proto"), None);
}

#[test]
fn a_refused_form_names_the_settings_that_mend_it() {
    let site = [
        ("/admin/login/", (200, HTML, LOGIN)),
        ("POST /admin/login/", (403, HTML, "CSRF verification failed")),
    ];
    let (report, _) = reported(site, login(true));
    let diagnostic = step(&report).diagnostic.as_ref().unwrap();
    assert_eq!(diagnostic.code, codes::FORM_REFUSED);
    let helps = diagnostic.helps.join("\n");
    assert!(helps.contains("SECURE_PROXY_SSL_HEADER") && helps.contains("CSRF_TRUSTED_ORIGINS"), "{helps}");
    let (report, _) = reported(site, login(false));
    let diagnostic = step(&report).diagnostic.as_ref().unwrap();
    assert!(diagnostic.helps.join("\n").contains("http://localhost:32768"), "{diagnostic:?}");
}

#[test]
fn a_site_that_leads_to_https_shows_no_form_over_http() {
    let site = [("/admin/login/", (301, ("location", "https://localhost/admin/login/"), ""))];
    let (report, asked) = reported(site, login(false));
    assert!(report.ok && report.left_out().next().is_none(), "{report:?}");
    assert!(asked.iter().all(|ask| ask.form.is_none()));
    // A login elsewhere, or one without Django's token, is none that could be sent.
    for page in ["<p>Log in with your card", "<form><input type=password></form>"] {
        let (report, _) = reported([("/admin/login/", (200, HTML, page))], login(true));
        assert!(report.ok && report.left_out().count() == 1, "{page}");
    }
}
