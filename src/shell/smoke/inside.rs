//! The exception that Django raised while it answered: asked for again inside the container, because with DEBUG off nothing of it is
//! logged unless the settings see to that (<https://docs.djangoproject.com/en/stable/ref/logging/#django-s-default-logging-configuration>).

use super::causes;
use super::host::Host;
use super::setting::Setting;
use crate::base::Diagnostic;
use crate::plan::probes::Get;
use crate::shell::interrupt::Stopped;

/// An exception, and where in the project.
#[derive(Debug, PartialEq, Eq)]
struct Raised {
    said: String,
    traceback: String,
}

/// Asks for a page without the server between; what the project raises comes out.
const SCRIPT: &str = "\
import os, sys
if os.environ.get('DJANGO_CONFIGURATION'):
    import configurations
    configurations.setup()
else:
    import django
    django.setup()
from django.test import Client
path, host, scheme = sys.argv[1:]
Client().get(path, HTTP_HOST=host, HTTP_X_FORWARDED_PROTO=scheme, secure=scheme == 'https')
";

/// Adds what the project raises when it is asked for `path`, and what helps where that is known.
pub(super) fn explained(
    setting: &Setting<'_>,
    diagnostic: Diagnostic,
    get: &Get,
    path: &str,
    host: &dyn Host,
) -> Result<Diagnostic, Stopped> {
    let Some(raised) = raised(&setting.run.project_service, get, path, host)? else { return Ok(diagnostic) };
    let diagnostic = diagnostic.because(setting.secrets.out_of(&raised.said));
    Ok(match causes::find(&raised.traceback, setting.run.tree) {
        Some(cause) if !cause.help.is_empty() => diagnostic.help(cause.help),
        _ => diagnostic,
    })
}

/// Returns the exception that the project raises when it is asked for `path`; `None` if it raises nothing then, or cannot be asked.
fn raised(service: &str, get: &Get, path: &str, host: &dyn Host) -> Result<Option<Raised>, Stopped> {
    let containers = host.containers()?;
    let Some(of_project) = containers.iter().find(|container| container.service == service) else {
        return Ok(None);
    };
    let scheme = if get.forwarded_https { "https" } else { "http" };
    let argv = ["python", "-c", SCRIPT, path, &get.host, scheme].map(str::to_owned);
    // It only explains: that it cannot be asked is no finding of its own.
    match host.exec(&of_project.id, &argv) {
        Ok(ran) => Ok(read(service, &ran.stderr)),
        Err(Stopped::Interrupted) => Err(Stopped::Interrupted),
        Err(_) => Ok(None),
    }
}

/// The last exception of a traceback, and the last place in it that is not of a package.
fn read(service: &str, stderr: &str) -> Option<Raised> {
    let (_, traceback) = stderr.rsplit_once("Traceback (most recent call last):")?;
    let frames = traceback.lines().map(str::trim).filter(|line| line.starts_with("File \""));
    let own = frames.filter(|line| !line.contains("/site-packages/") && !line.contains("/lib/python"));
    let mut place = own.filter_map(|line| {
        let (file, rest) = line.strip_prefix("File \"")?.split_once("\", line ")?;
        let number = rest.split(',').next()?;
        (!file.starts_with('<')).then(|| format!("{file}:{number}"))
    });
    let place = place.next_back().map(|place| format!(" ({place})")).unwrap_or_default();
    // Details follow in further lines: the statement of a query.
    let exception = traceback.lines().skip_while(|line| line.trim().is_empty());
    let exception =
        exception.skip_while(|line| line.starts_with(' ')).find(|line| !line.trim().is_empty())?;
    let said = format!("asked inside `{service}`, it raises {}{place}", exception.trim());
    Some(Raised { said, traceback: traceback.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exception_is_told_with_the_projects_own_line() {
        let stderr = "warning: x\nTraceback (most recent call last):\n  File \"a\", line 1\nKeyError: 'x'\n\nDuring handling of the above \
            exception, another exception occurred:\n\nTraceback (most recent call last):\n  File \"<string>\", line 8, in <module>\n  \
            File \"/opt/venv/lib/python3.13/site-packages/django/x.py\", line 5, in inner\n    response = get(request)\n  \
            File \"/app/blog/views.py\", line 12, in index\n    return Post.objects.get()\n           ~~~~^^^^\n  \
            File \"/opt/venv/lib/python3.13/site-packages/django/y.py\", line 9, in get\nblog.models.Post.DoesNotExist: Post matching query \
            does not exist.\n";
        let raised = read("web", stderr).unwrap();
        assert_eq!(
            raised.said,
            "asked inside `web`, it raises blog.models.Post.DoesNotExist: Post matching query does not exist. (/app/blog/views.py:12)"
        );
        assert_eq!(read("web", "nothing of the kind"), None);
    }
}
