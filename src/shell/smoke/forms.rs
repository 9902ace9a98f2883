//! Forms: sent as a browser would send them, so that Django's protection against forged requests is seen at work behind
//! the proxy.

use html5gum::{DefaultEmitter, Token, Tokenizer};

use super::follow::{Arrived, follow, is_own};
use super::host::Host;
use super::http::Ask;
use super::links::{Leads, resolve};
use super::setting::{Named, Outcome, Setting};
use super::{django, page_findings, pages};
use crate::plan::probes::Get;
use crate::shell::interrupt::Stopped;

/// The field that Django's `{% csrf_token %}` makes.
const TOKEN: &str = "csrfmiddlewaretoken";

/// A form with a token.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Form {
    action: String,
    token: String,
    has_password: bool,
}

/// Sends the form of the page that Django knows by the name `named`, with a wrong password. Django refuses that with the
/// form again; its protection against forged requests refuses with 403 what does not fit the proxy.
pub(super) fn login(
    setting: &Setting<'_>,
    get: &Get,
    named: &str,
    host: &dyn Host,
) -> Result<Outcome, Stopped> {
    let not_sent = |left_out: String| Ok(Outcome::Partly("no form was sent".to_owned(), vec![left_out]));
    let path = match django::address_of(setting, named, host)? {
        Named::At(path) => path,
        Named::Nowhere(why) => return not_sent(format!("the form of `{named}`: no URL leads to it ({why})")),
        Named::Unknown => get.path.clone(),
    };
    let visit = match follow(setting, get, &path, host)? {
        Arrived::Page(visit) => visit,
        Arrived::Lost(diagnostic) => return Ok(Outcome::Failed(diagnostic)),
        Arrived::Elsewhere { from, to } => {
            return not_sent(format!("the form of `{path}`: `{from}` leads to another host, `{to}`"));
        }
    };
    if visit.is_secure && !get.forwarded_https {
        return Ok(Outcome::Shown(format!("{path} leads to https: over http no form is shown")));
    }
    if visit.answer.status >= 500 {
        let wrong = "its form cannot be sent";
        return Ok(page_findings::page(setting, get, &visit.path, &visit.answer, wrong, host)?.into());
    }
    let Some(form) = form(&visit.answer.text()) else {
        return not_sent(format!(
            "the form of `{path}`: `{}` answers {} and holds none with `{TOKEN}`",
            visit.path, visit.answer.status
        ));
    };
    let target = match resolve(&visit.path, &form.action, &|name: &str| is_own(get, name)) {
        Leads::Here(target) => target,
        Leads::Elsewhere(to) => {
            return not_sent(format!("the form of `{path}`: it is sent to another host, `{to}`"));
        }
        Leads::Nowhere => visit.path.clone(),
    };
    let mut headers = pages::headers(get, visit.port);
    let scheme = if get.forwarded_https { "https" } else { "http" };
    if get.forwarded_https {
        // A proxy that ends TLS stands at the usual port, which no browser names.
        headers.insert("Host".to_owned(), get.host.split(':').next().unwrap_or_default().to_owned());
    }
    let origin = format!("{scheme}://{}", headers.get("Host").cloned().unwrap_or_default());
    headers.insert("Cookie".to_owned(), visit.cookies.join("; "));
    headers.insert("Referer".to_owned(), format!("{origin}{}", visit.path));
    headers.insert("Origin".to_owned(), origin.clone());
    let fields = [(TOKEN, form.token.as_str()), ("username", "nobody"), ("password", "wrong")];
    let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let sent = Ask { port: visit.port, path: target.clone(), headers, form: Some(fields.into()), talk: None };
    let answer = match host.ask(&sent) {
        Ok(answer) => answer,
        Err(cause) => {
            return Ok(page_findings::no_answer(setting, &get.service, &target, &cause, host)?.into());
        }
    };
    if answer.status == 403 || answer.status >= 500 {
        return Ok(page_findings::csrf(setting, get, &target, &origin, &answer, host)?.into());
    }
    Ok(Outcome::Shown(format!("POST {target} from {origin} with a wrong password → {}", answer.status)))
}

/// The form with a token and a password on `page`, else the first with a token.
fn form(page: &str) -> Option<Form> {
    let mut emitter = DefaultEmitter::<()>::default();
    emitter.naively_switch_states(true);
    let (mut forms, mut open): (Vec<Form>, Option<Form>) = (Vec::new(), None);
    for token in Tokenizer::new_with_emitter(page, emitter) {
        match token {
            Ok(Token::StartTag(tag)) => {
                let attribute = |name: &[u8]| {
                    let value = tag.attributes.get(name)?;
                    Some(String::from_utf8_lossy(&value.value).trim().to_owned())
                };
                match tag.name.as_slice() {
                    b"form" => {
                        forms.extend(open.take());
                        let action = attribute(b"action").unwrap_or_default();
                        open = Some(Form { action, ..Form::default() });
                    }
                    b"input" => {
                        let form = open.get_or_insert_default();
                        if attribute(b"name").as_deref() == Some(TOKEN) {
                            form.token = attribute(b"value").unwrap_or_default();
                        }
                        form.has_password |=
                            attribute(b"type").is_some_and(|kind| kind.eq_ignore_ascii_case("password"));
                    }
                    _ => {}
                }
            }
            Ok(Token::EndTag(tag)) if tag.name.as_slice() == b"form" => forms.extend(open.take()),
            _ => {}
        }
    }
    forms.extend(open);
    forms.retain(|form| !form.token.is_empty());
    forms.iter().find(|form| form.has_password).or_else(|| forms.first()).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_login_form_is_found_among_others() {
        let page = r#"<form action="/i18n/setlang/" method="post"><input type="hidden" name="csrfmiddlewaretoken" value="one">
            <select name="language"></select></form>
            <form method="post" action="?next=/&amp;x=1"><input type='hidden' name='csrfmiddlewaretoken' value='two' />
            <input name="username"><input type="Password" name="password"></form>
            <form action="/search/"><input name="q"></form>"#;
        let found = form(page).unwrap();
        assert_eq!((found.action.as_str(), found.token.as_str()), ("?next=/&x=1", "two"));
    }

    #[test]
    fn a_form_without_a_token_is_none() {
        assert_eq!(form("<form><input type=password name=password></form>"), None);
        assert_eq!(form("<!-- <input name=csrfmiddlewaretoken value=x> -->"), None);
        let alone = form("<input value=\"abc123\" name=\"csrfmiddlewaretoken\">").unwrap();
        assert_eq!(alone.token, "abc123");
    }
}
