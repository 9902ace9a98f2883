//! Addresses of servers on this machine that stand in the code itself, where no variable and no settings module reaches them.

use std::collections::BTreeSet;

use camino::Utf8Path;

use crate::base::codes::check::settings::ADDRESS_IN_CODE;
use crate::base::{Diagnostic, Place, address};
use crate::catalog::store;
use crate::check::subject::{is_this_machine, url_host};
use crate::check::{Rule, Subject};
use crate::inspect::imports;
use crate::knowledge::servers;
use crate::python::scan::{self, Call, Expression, Scan};

pub const RULES: &[Rule] = &[Rule { codes: &[ADDRESS_IN_CODE], find }];

/// Larger projects than this are read in part.
const MOST_FILES: usize = 1000;
/// Places that are shown.
const FEW: usize = 4;

/// At most one finding, with every place.
pub fn find(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let facts = subject.facts;
    let modules = facts.evaluated_prod.modules.iter().chain(&facts.evaluated_dev.modules);
    let settings: BTreeSet<&Utf8Path> = modules.map(|module| module.path.as_path()).collect();
    let is_source = |file: &&Utf8Path| {
        // What settings say is evaluated, and what other settings say is not asked for.
        file.extension() == Some("py")
            && !imports::is_aside(file)
            && !settings.contains(file)
            && !file.components().any(|part| part.as_str().contains("settings"))
    };
    let mut found: Vec<(Place, String)> = Vec::new();
    for file in subject.tree.files().filter(is_source).take(MOST_FILES) {
        let is_local = |text: &&str| text.contains("localhost") || text.contains("127.0.0.1");
        let Some(text) = subject.tree.text(file).filter(is_local) else { continue };
        let scan = scan::scan(file, text);
        for (line, written) in written(&scan) {
            let place = Place::line(file.to_owned(), line);
            if !found.iter().any(|(known, _)| *known == place) {
                found.push((place, written));
            }
        }
    }
    let Some((_, first)) = found.first() else { return Vec::new() };
    let title =
        format!("`{first}` is written down in the code, and in a container that is the container itself");
    let mut diagnostic = Diagnostic::warning(ADDRESS_IN_CODE, title);
    for (place, written) in found.iter().take(FEW) {
        diagnostic = diagnostic.at(place, format!("asks for a server at `{written}`"));
    }
    for (place, written) in found.iter().skip(FEW) {
        diagnostic = diagnostic.because(format!("`{written}` at {place} too"));
    }
    vec![diagnostic.help(
        "read it from a variable, with this one as its default: `os.environ.get(\"NAME\", …)`; then `djdock init` sets the variable, \
         or you do in .env",
    )]
}

/// Every such address in the file, with its line.
fn written(scan: &Scan) -> Vec<(u32, String)> {
    let bound = scan.bindings.iter().filter_map(|binding| Some((binding.line, url(&binding.value)?)));
    let passed = scan.calls.iter().filter(|call| !reads_variable(call)).filter_map(|call| {
        let keywords = call.keywords.iter().map(|(_, value)| value);
        let by_url = call.arguments.iter().chain(keywords).find_map(url);
        Some((call.line, by_url.or_else(|| host(scan, call))?))
    });
    let mut all: Vec<(u32, String)> = bound.chain(passed).collect();
    all.sort();
    all
}

/// The text of an address with the scheme of a server: nothing else stands there.
fn url(value: &Expression) -> Option<String> {
    let text = value.as_str()?;
    let (scheme, _) = text.split_once("://")?;
    let is_server = store::ALL.iter().any(|store| store.schemes.contains(&scheme))
        || servers::find(&[], Some(scheme), None).is_some();
    (is_server && is_this_machine(url_host(text)?)).then(|| address::without_passwords(text))
}

/// The host that a store's client is called with: `redis.Redis(host="localhost")`.
fn host(scan: &Scan, call: &Call) -> Option<String> {
    let full = scan.full_name(&call.callee);
    let is_client = store::ALL.iter().any(|store| full.split('.').next() == Some(store.client));
    let named = call.keywords.iter().find(|(name, _)| name == "host").map(|(_, value)| value);
    let host = named.or(call.arguments.first())?.as_str()?;
    (is_client && is_this_machine(host)).then(|| host.to_owned())
}

/// Tells whether the call asks the environment, so that the address is only what it comes to by default.
fn reads_variable(call: &Call) -> bool {
    let callee = call.callee.to_ascii_lowercase();
    let asks = ["environ", "getenv", "config", "env", "getattr"].iter().any(|word| callee.contains(word));
    asks || callee.ends_with(".get") || callee.ends_with(".setdefault")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::of_settings;

    fn findings(code: &str) -> Vec<String> {
        of_settings(RULES, "", &[("shop/__init__.py", ""), ("shop/jobs.py", code)])
    }

    #[test]
    fn addresses_that_nothing_can_change_are_found() {
        for (code, line) in [
            ("from celery import Celery\napp = Celery('shop', broker='amqp://localhost')\n", 2),
            ("from celery import Celery\napp = Celery('shop', backend='redis://127.0.0.1:6379/1')\n", 2),
            ("BROKER = 'redis://localhost:6379/0'\n", 1),
            (
                "import redis\n\ndef count():\n    return redis.Redis(host='localhost', port=6379).incr('n')\n",
                4,
            ),
            ("from redis import StrictRedis\nconnection = StrictRedis('localhost')\n", 2),
            ("import pika\nP = pika.URLParameters('amqp://guest:guest@localhost:5672/')\n", 2),
            ("import redis\nclass Store:\n    client = redis.from_url('redis://localhost')\n", 3),
            ("from pymongo import MongoClient\nclient = MongoClient('mongodb://localhost:27017')\n", 2),
        ] {
            assert_eq!(findings(code), [format!("address-in-code:{line}")], "{code}");
        }
    }

    #[test]
    fn defaults_and_addresses_of_other_things_are_not_named() {
        for code in [
            "import os\nURL = os.environ.get('REDIS_URL', 'redis://localhost:6379/0')\n",
            "import os, redis\nclient = redis.from_url(os.getenv('REDIS_URL', 'redis://localhost'))\n",
            "from decouple import config\nURL = config('REDIS_URL', default='redis://localhost')\n",
            "import os\nURL = os.environ.get('REDIS_URL') or 'redis://localhost'\n",
            "from django.conf import settings\nURL = getattr(settings, 'REDIS_URL', 'redis://localhost')\n",
            "SITE = 'http://localhost:8000/'\n",
            "import redis\nclient = redis.Redis(host='cache.example.org')\n",
            "client = Server(host='localhost')\n",
        ] {
            assert!(findings(code).is_empty(), "{code}: {:?}", findings(code));
        }
        // Tests run where their servers are.
        assert!(
            of_settings(RULES, "", &[("shop/tests/test_jobs.py", "URL = 'redis://localhost'\n")]).is_empty()
        );
    }

    #[test]
    fn no_password_is_repeated() {
        let code = "URL = 'amqp://guest:hunter2@localhost:5672/'\n";
        let tree = crate::base::Tree::from_literals([("shop/jobs.py", code)]);
        let (facts, _) = crate::inspect::inspect(&tree);
        let said = format!("{:?}", find(&Subject::new(&tree, &facts)));
        assert!(said.contains("localhost:5672") && !said.contains("hunter2"), "{said}");
    }
}
