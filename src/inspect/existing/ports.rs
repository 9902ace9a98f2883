//! Ports on which files of the project let Django listen.

use std::collections::BTreeMap;

use super::commands::Command;
use super::processes::{Kind, kind};
use crate::base::{Evidence, Fact, Place};

/// Every port that a server of the project is started on, sorted.
pub(in crate::inspect) fn read(commands: &[Command]) -> Fact<Vec<u16>> {
    let mut found: BTreeMap<u16, Place> = BTreeMap::new();
    for command in commands.iter().filter(|command| kind("", &command.words.join(" ")) == Kind::Web) {
        for port in ports(&command.words) {
            found.entry(port).or_insert_with(|| command.place.clone());
        }
    }
    let mut evidence: Vec<Evidence> = found
        .iter()
        .map(|(port, place)| Evidence::new(place.clone(), format!("listens on {port}")))
        .collect();
    if evidence.is_empty() {
        evidence.push(Evidence::new(Place::Default, "no command of the project names a port"));
    }
    Fact::with(found.into_keys().collect(), evidence)
}

/// `--bind 0.0.0.0:8000`, `-b :8000`, `--port=8000`, `-p 8000`, `runserver 0.0.0.0:8000`, `runserver 8000`.
fn ports(words: &[String]) -> Vec<u16> {
    let mut found = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|before| words.get(before)).map(String::as_str);
        let value =
            word.rsplit_once('=').filter(|_| word.starts_with('-')).map_or(word.as_str(), |(_, value)| value);
        let is_named = matches!(before, Some("-p" | "--port" | "runserver" | "runserver_plus"))
            || word.starts_with("--port=");
        let after_colon = value.rsplit_once(':').map(|(_, port)| port);
        let port = if is_named { after_colon.or(Some(value)) } else { after_colon };
        // A port of less than three figures is a time or a version.
        found.extend(
            port.filter(|port| port.len() > 1)
                .and_then(|port| port.parse::<u16>().ok())
                .filter(|port| *port > 79),
        );
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_are_read_in_every_form() {
        let check = |line: &str, expected: &[u16]| {
            let words = line.split_whitespace().map(str::to_owned).collect();
            let command = Command { words, place: Place::line("Procfile", 1) };
            assert_eq!(read(&[command]).value, expected, "{line}");
        };
        check("gunicorn shop.wsgi --bind 0.0.0.0:8000", &[8000]);
        check("gunicorn -b :5000 shop.wsgi:application", &[5000]);
        check("daphne -b 0.0.0.0 -p 8001 shop.asgi:application", &[8001]);
        check("uvicorn shop.asgi:application --port=8080", &[8080]);
        check("python manage.py runserver 0.0.0.0:9000", &[9000]);
        check("python manage.py runserver 9001", &[9001]);
        check("gunicorn shop.wsgi --bind 0.0.0.0:$PORT --timeout 120", &[]);
        check("celery -A shop worker --port=8000", &[]);
    }
}
