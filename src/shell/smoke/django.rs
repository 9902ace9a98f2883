//! Questions to Django itself in the container of the project: the address of a named page, and where it looks for a
//! static file.

use serde::Deserialize;

use super::host::Host;
use super::setting::{Named, Setting};
use crate::shell::interrupt::Stopped;

/// Begins each script. What the project prints while it is set up does not begin like the answer.
const BEGIN: &str = "\
import json, os, re, sys
if os.environ.get('DJANGO_CONFIGURATION'):
    import configurations
    configurations.setup()
else:
    import django
    django.setup()
def answer(value):
    print('djdock-answer ' + json.dumps(value))
";
const ANSWER: &str = "djdock-answer ";

const REVERSE: &str = "\
from django.urls import reverse
try:
    answer({'path': reverse(sys.argv[1])})
except Exception as error:
    answer({'raises': '%s: %s' % (type(error).__name__, ' '.join(str(error).split())[:200])})
";

const STORED: &str = "\
from django.contrib.staticfiles.storage import staticfiles_storage
try:
    answer({'path': staticfiles_storage.url(sys.argv[1])})
except Exception as error:
    answer({'raises': '%s: %s' % (type(error).__name__, ' '.join(str(error).split())[:200])})
";

const FETCH: &str = "\
from urllib.error import HTTPError
from urllib.request import urlopen
try:
    with urlopen(sys.argv[1], timeout=30) as reply:
        kind = reply.headers.get('Content-Type') or ''
        answer({'fetched': {'status': reply.status, 'kind': kind, 'bytes': len(reply.read())}})
except HTTPError as error:
    answer({'fetched': {'status': error.code, 'kind': '', 'bytes': 0}})
except Exception as error:
    answer({'raises': '%s: %s' % (type(error).__name__, ' '.join(str(error).split())[:200])})
";

const PREFIX: &str = "\
from django.urls import get_script_prefix
answer({'path': get_script_prefix()})
";

const LOOK: &str = "\
from urllib.parse import unquote, urlsplit
from django.conf import settings
path = sys.argv[1].split('?')[0]
below = lambda url: url and url != '/' and path.startswith(urlsplit(url).path)
found = {'static_url': settings.STATIC_URL or '', 'is_upload': bool(below(settings.MEDIA_URL)), 'name': None}
if below(settings.STATIC_URL):
    name = unquote(path[len(urlsplit(settings.STATIC_URL).path):])
    plain = re.sub(r'\\.[0-9a-f]{12}(\\.|$)', r'\\1', name)
    root = str(settings.STATIC_ROOT or '')
    found.update(name=plain, is_collected=bool(root) and os.path.exists(os.path.join(root, name)), folders=[])
    try:
        from django.contrib.staticfiles import finders
        place = finders.find(plain)
        found['place'] = str(place) if place else None
        for finder in finders.get_finders():
            for storage in getattr(finder, 'storages', {}).values():
                found['folders'].append([getattr(storage, 'prefix', '') or '', str(storage.location)])
    except Exception:
        pass
answer(found)
";

/// The places where Django looks for what answers an address, and the one it found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(super) struct Whereabouts {
    pub static_url: String,
    /// The address is below `MEDIA_URL`.
    pub is_upload: bool,
    /// The file's name below `STATIC_URL`, without a hash; `None` where the address is not below it.
    pub name: Option<String>,
    /// The file is in `STATIC_ROOT`.
    pub is_collected: bool,
    /// The place where a finder has the file.
    pub place: Option<String>,
    /// The folders of the finders in the container, each with the prefix of its names.
    pub folders: Vec<(String, String)>,
}

/// The answer of a machine outside of the stack.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(super) struct Fetched {
    pub status: u16,
    /// The `Content-Type` header.
    pub kind: String,
    pub bytes: usize,
}

#[derive(Deserialize)]
struct Tried {
    fetched: Option<Fetched>,
    raises: Option<String>,
}

#[derive(Deserialize)]
struct Reversed {
    path: Option<String>,
    raises: Option<String>,
}

/// The address of the page `name`: `admin:login`.
pub(super) fn address_of(setting: &Setting<'_>, name: &str, host: &dyn Host) -> Result<Named, Stopped> {
    named(setting, name.to_owned(), REVERSE, name, host)
}

/// The address that the storage gives the static file `name`.
pub(super) fn stored_at(setting: &Setting<'_>, name: &str, host: &dyn Host) -> Result<Named, Stopped> {
    named(setting, format!("the static file {name}"), STORED, name, host)
}

/// The answer of another machine, asked from the project's container: Python speaks TLS there.
pub(super) fn fetch(
    setting: &Setting<'_>,
    url: &str,
    host: &dyn Host,
) -> Result<Result<Fetched, String>, Stopped> {
    Ok(match ask(setting, FETCH, url, host)? {
        Some(Tried { fetched: Some(fetched), .. }) => Ok(fetched),
        Some(Tried { raises: Some(raises), .. }) => Err(setting.secrets.out_of(&raises)),
        _ => Err("the project's container cannot be asked".to_owned()),
    })
}

/// The answer of a script that tells an address, remembered under `key`.
fn named(
    setting: &Setting<'_>,
    key: String,
    script: &str,
    argument: &str,
    host: &dyn Host,
) -> Result<Named, Stopped> {
    if let Some(known) = setting.paths.lock().ok().and_then(|paths| paths.get(&key).cloned()) {
        return Ok(known);
    }
    let named = match ask(setting, script, argument, host)? {
        Some(Reversed { path: Some(path), .. }) => Named::At(path),
        Some(Reversed { raises: Some(raises), .. }) => Named::Nowhere(setting.secrets.out_of(&raises)),
        _ => Named::Unknown,
    };
    if let Ok(mut paths) = setting.paths.lock() {
        paths.insert(key, named.clone());
    }
    Ok(named)
}

/// The path below which Django writes every address of the site (`FORCE_SCRIPT_NAME`), with a slash at its end; `None`
/// where that is the root. A proxy in front takes the prefix off before the stack sees it.
pub(super) fn prefix(setting: &Setting<'_>, host: &dyn Host) -> Result<Option<String>, Stopped> {
    const KEY: &str = "the prefix";
    let known = setting.paths.lock().ok().and_then(|paths| paths.get(KEY).cloned());
    let named = match known {
        Some(named) => named,
        None => match ask(setting, PREFIX, "", host)? {
            Some(Reversed { path: Some(path), .. }) => Named::At(path),
            _ => Named::Unknown,
        },
    };
    if let Ok(mut paths) = setting.paths.lock() {
        paths.insert(KEY.to_owned(), named.clone());
    }
    Ok(match named {
        Named::At(prefix) if prefix.len() > 1 && prefix.ends_with('/') => Some(prefix),
        _ => None,
    })
}

/// Returns the places where Django looks for what answers `path`; `None` if it cannot be asked.
pub(super) fn whereabouts(
    setting: &Setting<'_>,
    path: &str,
    host: &dyn Host,
) -> Result<Option<Whereabouts>, Stopped> {
    ask(setting, LOOK, path, host)
}

fn ask<T: for<'a> Deserialize<'a>>(
    setting: &Setting<'_>,
    script: &str,
    argument: &str,
    host: &dyn Host,
) -> Result<Option<T>, Stopped> {
    let containers = host.containers()?;
    let service = &setting.run.project_service;
    let Some(of_project) = containers.iter().find(|container| container.service == *service) else {
        return Ok(None);
    };
    let argv = ["python".to_owned(), "-c".to_owned(), format!("{BEGIN}{script}"), argument.to_owned()];
    // That Django cannot be asked is no finding of its own.
    let ran = match host.exec(&of_project.id, &argv) {
        Ok(ran) => ran,
        Err(Stopped::Interrupted) => return Err(Stopped::Interrupted),
        Err(Stopped::Diagnosed(_)) => return Ok(None),
    };
    let line = ran.stdout.lines().rev().find_map(|line| line.strip_prefix(ANSWER));
    Ok(line.and_then(|text| serde_json::from_str(text).ok()))
}
