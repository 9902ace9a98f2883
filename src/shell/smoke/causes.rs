//! Known causes of lines in logs, and their remedies.
//!
//! The rows are read from the top, and the last line of the log that fits the first fitting row counts: what is
//! further up explains more than what follows from it.

use camino::Utf8Path;

use crate::base::Tree;
use crate::knowledge::modules;
use crate::plan::layout;
use crate::python::Minor;

/// A line of a log that explains a failure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cause {
    pub line: String,
    /// The remedy; empty if the line alone is known to be the cause.
    pub help: String,
}

struct Row {
    /// Texts that a line must hold, all of them.
    holds: &'static [&'static str],
    /// The remedy; `{}` is the first name in quotes after the first of `holds`.
    help: &'static str,
}

const fn row(holds: &'static [&'static str], help: &'static str) -> Row {
    Row { holds, help }
}

const NO_MODULE: &str = "No module named";
const NO_NAME: &str = "cannot import name '";
const NO_TEMPLATE: &str = "TemplateDoesNotExist:";
/// The remedy for a table that is not there.
const EARLY: &str = "apply the migrations before the service starts, and commit them where they are missing; if `migrate` itself stops here, something asks the database while it is imported: move that into a function";

#[rustfmt::skip]
const ROWS: &[Row] = &[
    // Building.
    row(&["has invalid metadata"], "ask for a version whose metadata is valid, or build with `pip<24.1`, the last that overlooks it"),
    row(&["Failed to resolve '", "Retrying (Retry("], "the build cannot reach `{}`: see whether it has a network; if the requirements name this index (`-i`, `--index-url`) and it is gone, remove that line"),
    row(&["(from versions: none)"], "the index has nothing of this name for the image's Python: correct the name in the requirements, or choose another Python: `--python`"),
    row(&["No matching distribution found for"], "ask for a version that exists for the image's Python, or choose another Python: `--python`"),
    row(&["ERROR: Invalid requirement: "], "correct this line of the requirements: pip reads names and versions there, and no commands"),
    row(&["requires a different Python"], "choose a Python that every requirement allows: `--python`"),
    row(&["No such file or directory: 'gcc'"], "add `gcc` and `libc6-dev` to the build stage: a distribution without a wheel is compiled"),
    row(&["No such file or directory: 'g++'"], "add `g++` to the build stage: a distribution without a wheel is compiled"),
    row(&["failed to lookup address information"], "the build cannot reach the machine that the lines above name: see whether it has a network, and whether a proxy must be given to it (`--build-arg https_proxy`)"),
    row(&["Can not find valid pkg-config name"], "add `pkg-config` and the library's `-dev` package to the build stage"),
    row(&["pg_config executable not found"], "add `libpq-dev` and `gcc` to the build stage, or require `psycopg2-binary`"),
    row(&["mysql_config", "not found"], "add `default-libmysqlclient-dev`, `pkg-config` and `gcc` to the build stage"),
    row(&["you need a C compiler to build uWSGI"], "add `gcc` and `libc6-dev` to the build stage"),
    row(&["command 'gcc' failed"], "add the headers that the lines above miss to the build stage"),
    row(&["error: command", "gcc", "failed"], "add the headers that the lines above miss to the build stage"),
    row(&["Unable to locate package"], "this Debian release has no such package: look for its name at https://packages.debian.org"),
    row(&["has no installation candidate"], "this Debian release has no such package: look for its name at https://packages.debian.org"),
    row(&["Temporary failure in name resolution"], "the build has no network, or no DNS: see whether `docker run --rm busybox nslookup docker.com` answers"),
    row(&["Temporary failure resolving"], "the build has no network, or no DNS: see whether `docker run --rm busybox nslookup docker.com` answers"),
    row(&["Could not resolve host: "], "the build cannot reach this machine: see whether it has a network, and whether a proxy must be given to it (`--build-arg https_proxy`)"),
    row(&["failed to resolve source metadata"], "the base image cannot be pulled: check its name and your network, `docker pull` says more"),
    row(&["load metadata for", "failed to do request"], "the base image is not here and its registry cannot be reached: `docker pull` says more"),
    row(&["pull access denied"], "the image does not exist or is private: check its name, or `docker login`"),
    row(&["manifest unknown"], "there is no such tag: check the image's name"),
    row(&["manifest for", "not found"], "there is no such tag: check the image's name"),
    row(&["No such image"], "check the image's name, and whether it can be pulled: `docker pull`"),
    row(&["resolve '", "Module not found", "'./"], "commit `{}`, or correct the path in the configuration of the build: the project has no such file"),
    row(&["resolve '", "Module not found"], "add `{}` to package.json"),
    row(&["npm error", "ERESOLVE"], "pin versions that go together in package.json, or let npm put up with them: `legacy-peer-deps=true` in .npmrc"),
    row(&["does not exist", "poetry.lock"], "commit the lock file, or name it in no ignore file"),
    // The machine.
    row(&["port is already allocated"], "stop what holds the port, or set another one in the env file"),
    row(&["address already in use"], "stop what holds the port, or set another one in the env file"),
    row(&["o space left on device"], "give space back: `docker system df` shows what takes it, `docker builder prune` empties the build cache"),
    row(&["exec format error"], "write `#!/bin/sh` as the script's first line, or build the image for this machine's processor"),
    row(&["exec ", "no such file or directory"], "give the script LF line ends (`sed -i 's/\\r$//'`) and an interpreter that the image has"),
    row(&["executable file not found in $PATH"], "install the program in the image, or correct its name"),
    // Python and its packages.
    row(&["No module named 'pkg_resources'"], "add `setuptools<82` to the requirements: something still uses `pkg_resources`"),
    row(&[NO_MODULE], "add the distribution that has `{}` to the requirements"),
    row(&["cannot open shared object file"], "add the Debian package with this library to the image's last stage: https://packages.debian.org finds it by file"),
    row(&["no pq wrapper available"], "require `psycopg[binary]`, or add `libpq5` to the image's last stage"),
    row(&["cannot load library '"], "add the Debian package with `{}` to the image's last stage: https://packages.debian.org finds it by file"),
    row(&["Could not find the GDAL library"], "add `gdal-bin` to the image's last stage"),
    row(&["Error loading MySQLdb module"], "add `mysqlclient` to the requirements"),
    row(&["Error loading psycopg"], "add `psycopg[binary]` to the requirements"),
    row(&[NO_NAME], "the installed version of the package has no `{}`: pin the version that the project was written for"),
    // Settings.
    row(&["Invalid HTTP_HOST header"], "let the settings read the host from a variable: `ALLOWED_HOSTS = os.environ.get(\"ALLOWED_HOSTS\", \"\").split(\",\")`"),
    row(&["Origin checking failed"], "name the address in the settings: `CSRF_TRUSTED_ORIGINS`, with its scheme and port"),
    row(&["Forbidden (CSRF cookie not set.)"], "over plain HTTP the settings must leave `CSRF_COOKIE_SECURE` off"),
    row(&["Forbidden (CSRF token"], "let the proxy forward the host as it came: `proxy_set_header Host $http_host;`"),
    row(&["Forbidden (Referer checking failed"], "let the proxy forward the host as it came: `proxy_set_header Host $http_host;`"),
    row(&["The SECRET_KEY setting must not be empty"], "set the variable that the settings read `SECRET_KEY` from in the env file"),
    row(&["ImproperlyConfigured: Set the"], "set the variable that the message names in the env file, and let the service have it"),
    row(&["UndefinedValueError:"], "set the variable that the message names in the env file, and let the service have it"),
    row(&["EnvError:"], "set the variable that the message names in the env file, and let the service have it"),
    row(&["KeyError: '"], "if `{}` is a variable: set it in the env file, and let the service have it"),
    row(&["AppRegistryNotReady"], "let asgi.py call `get_asgi_application()` before it imports anything that imports models"),
    row(&["Could not import", "settings"], "name the settings module that exists: `DJANGO_SETTINGS_MODULE`"),
    row(&["Missing staticfiles manifest entry for"], "correct the name in the template, or collect the file: `{}` is not among the static files"),
    row(&["STATIC_ROOT setting to a filesystem path"], "set `STATIC_ROOT` in the settings"),
    row(&[NO_TEMPLATE], "see that .dockerignore does not keep the template out of the image"),
    // Files.
    row(&["Read-only file system: '"], "mount a volume or a tmpfs where `{}` is: the container's own files are read-only"),
    row(&["PermissionError: [Errno 13]"], "make the folder in the image and give it to the user who runs the container, before `USER`"),
    row(&["unable to open database file"], "put the SQLite file in a folder that is a volume and belongs to the container's user"),
    row(&["attempt to write a readonly database"], "let the SQLite file and its folder belong to the container's user"),
    row(&["No such file or directory: '"], "see that .dockerignore does not keep `{}` out, or provide it"),
    // Storages.
    row(&["botocore.exceptions."], "give the run a bucket for tests, which is written to: `djdock smoke --env-file FILE`"),
    // Databases.
    row(&["password authentication failed"], "the volume keeps the password that it was made with: set that one, or remove the volume"),
    row(&["Access denied for user"], "the volume keeps the password that it was made with: set that one, or remove the volume"),
    row(&["could not translate host name"], "name the database's service as the host"),
    row(&["failed to resolve host"], "name the database's service as the host"),
    row(&["Unknown MySQL server host"], "name the database's service as the host"),
    row(&["Can't connect to local MySQL server through socket"], "name the database's service as the host: `localhost` is the container itself"),
    row(&["Can't connect to MySQL server on"], "name the database's service as the host, and let the service wait until it is healthy"),
    row(&["Is the server running on"], "name the database's service as the host: `localhost` is the container itself"),
    row(&["Connection refused", "redis"], "name the cache's service as the host: `localhost` is the container itself"),
    row(&["no such table:"], EARLY),
    row(&["relation \"", "does not exist"], EARLY),
    row(&["Table '", "doesn't exist"], EARLY),
    row(&["NodeNotFoundError"], "commit the migration that is missing"),
    row(&["Dependency on app with no migrations"], "make the migrations of this app and commit them: `python manage.py makemigrations`"),
    row(&["Conflicting migrations detected"], "join them: `python manage.py makemigrations --merge`"),
    row(&["needs Python"], ""),
    row(&["or later is required (found"], "use a newer version of the database: this Django does not support the one that runs"),
];

/// The cause that `log` names, if it is known; else the last exception of a traceback.
pub(super) fn find(log: &str, tree: &Tree) -> Option<Cause> {
    let lines: Vec<&str> = log.lines().map(str::trim).collect();
    for row in ROWS {
        let fits = |line: &&&str| row.holds.iter().all(|part| line.contains(part));
        if let Some(line) = lines.iter().rev().find(fits) {
            let name = quoted_after(line, row.holds);
            let help =
                particular(row, line, name, &lines, tree).unwrap_or_else(|| row.help.replace("{}", name));
            return Some(Cause { line: (*line).to_owned(), help });
        }
    }
    // From the last one up; what gunicorn raises when a worker has not come up says only that.
    let starts = lines.iter().enumerate().rev();
    let starts = starts.filter(|(_, line)| line.starts_with("Traceback (most recent call last)"));
    let mut end = lines.len();
    for (start, _) in starts {
        let exception = lines.get(start..end)?.iter().rev().find(|line| is_exception(line));
        if let Some(exception) = exception.filter(|line| !line.starts_with("gunicorn.errors.HaltServer")) {
            return Some(Cause { line: (*exception).to_owned(), help: String::new() });
        }
        end = start;
    }
    None
}

/// The remedy where the project or the rest of the log says more than the row.
fn particular(row: &Row, line: &str, name: &str, lines: &[&str], tree: &Tree) -> Option<String> {
    match row.holds {
        [NO_MODULE] => removed_module(row, name),
        [NO_NAME] => own_module(line, name),
        [NO_TEMPLATE] => template(line, tree),
        // The table belongs to what `migrate` is about to do, so nothing asks for it too early.
        _ if row.help == EARLY && lines.iter().any(|line| line.contains("Applying ")) => Some(
            "no migration before this one makes the table: make the migrations of its app and commit them, where the \
             project runs: `python manage.py makemigrations`"
                .to_owned(),
        ),
        _ => None,
    }
}

/// The remedy for a name that a module of the project's own lacks:
/// `cannot import name 'Group' from 'shop.models' (/app/shop/models.py)`.
fn own_module(line: &str, name: &str) -> Option<String> {
    let (_, from) = line.split_once(" from ")?;
    let module = from.split('\'').nth(1)?;
    if line.contains("partially initialized module") || line.contains("circular import") {
        return Some(format!(
            "`{module}` and what imports it wait for each other: import `{name}` inside the function that uses it"
        ));
    }
    let path = from.rsplit('(').next()?;
    let is_own = path.starts_with(&format!("{}/", layout::SOURCE)) && !path.contains("/site-packages/");
    is_own.then(|| {
        format!("the project's own `{module}` has no `{name}`: define it there, or take it out of the import")
    })
}

/// The remedy for a template, by what files the project has.
fn template(line: &str, tree: &Tree) -> Option<String> {
    let (_, names) = line.split_once(NO_TEMPLATE)?;
    let name = names.split(',').next()?.trim();
    let ends = |file: &Utf8Path| {
        let (file, name) = (file.as_str().to_lowercase(), name.to_lowercase());
        file.strip_suffix(&name).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
    };
    match tree.files().find(|file| ends(file)) {
        Some(file) if !file.as_str().ends_with(name) => {
            Some(format!("the file is called {file}: write `{name}` so too, on Linux case counts"))
        }
        Some(file) => Some(format!(
            "see that `TEMPLATES` looks where {file} lies, and that .dockerignore does not keep it out of the image"
        )),
        None if name.is_empty() => None,
        None => Some(format!(
            "no file of the project is called `{name}`: commit it, correct the name, or install the app that brings it"
        )),
    }
}

/// The remedy where the module that is missing was Python's own: no requirement brings it back, but for a few.
fn removed_module(row: &Row, name: &str) -> Option<String> {
    let module = name.split('.').next().filter(|_| row.holds == [NO_MODULE])?;
    let removal = modules::removal_of(module)?;
    let before = Minor(removal.since.0, removal.since.1.saturating_sub(1));
    let build =
        format!("Python {} dropped `{module}`: build on an older one (`--python {before}`)", removal.since);
    Some(match removal.brought_by {
        Some(distribution) => format!("{build}, or add `{distribution}` to the requirements"),
        None => format!("{build}, or raise what imports it"),
    })
}

/// `django.core.exceptions.ImproperlyConfigured: …`
fn is_exception(line: &str) -> bool {
    let name = line.split(':').next().unwrap_or_default();
    let last = name.rsplit('.').next().unwrap_or_default();
    let word = |letter: char| letter.is_ascii_alphanumeric() || letter == '_' || letter == '.';
    name.chars().all(word)
        && last.chars().next().is_some_and(|first| first.is_ascii_uppercase())
        && line.contains(':')
}

/// The name in quotes that follows what a row looks for.
fn quoted_after<'a>(line: &'a str, holds: &[&str]) -> &'a str {
    let after = holds
        .first()
        .and_then(|part| line.split_once(part.trim_end_matches('\'')))
        .map_or(line, |(_, rest)| rest);
    after.split('\'').nth(1).unwrap_or("it")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn no_files() -> Tree {
        Tree::from_literals::<&str, &str>([])
    }

    fn cause(log: &str) -> (String, String) {
        find(log, &no_files()).map(|cause| (cause.line, cause.help)).unwrap_or_default()
    }

    #[test]
    fn the_last_traceback_is_explained() {
        let log = "[INFO] Starting gunicorn\nTraceback (most recent call last):\n  File \"x\", line 1\n    import corsheaders\nModuleNotFoundError: No module named 'corsheaders'\n[INFO] Worker exiting\n[ERROR] Reason: Worker failed to boot.\n";
        let (line, help) = cause(log);
        assert_eq!(line, "ModuleNotFoundError: No module named 'corsheaders'");
        assert_eq!(help, "add the distribution that has `corsheaders` to the requirements");
        let unknown = "Traceback (most recent call last):\n  File \"x\"\nshop.errors.ShopClosed: come back tomorrow\n[INFO] Shutting down: Master\n";
        assert_eq!(cause(unknown), ("shop.errors.ShopClosed: come back tomorrow".to_owned(), String::new()));
        assert_eq!(find("all is well\n", &no_files()), None);
        let halted = "Traceback (most recent call last):\n  File \"x\"\nshop.errors.ShopClosed: come back\nTraceback (most recent call last):\n  File \"y\"\ngunicorn.errors.HaltServer: <HaltServer 'Worker failed to boot.' 3>\n";
        assert_eq!(cause(halted).0, "shop.errors.ShopClosed: come back");
    }

    #[test]
    fn no_requirement_is_named_for_a_module_that_python_dropped() {
        let help = |name: &str| cause(&format!("ModuleNotFoundError: No module named '{name}'\n")).1;
        assert_eq!(
            help("imp"),
            "Python 3.12 dropped `imp`: build on an older one (`--python 3.11`), or raise what imports it"
        );
        assert!(help("distutils.util").ends_with("or add `setuptools` to the requirements"));
        assert!(help("cgi").contains("`--python 3.12`"), "{}", help("cgi"));
        assert!(help("corsheaders").starts_with("add the distribution"));
    }

    #[test]
    fn names_that_the_projects_own_modules_lack_are_told_from_those_of_packages() {
        let own = "ImportError: cannot import name 'Group' from 'shop.models' (/app/backend/shop/models.py)";
        assert_eq!(
            cause(own).1,
            "the project's own `shop.models` has no `Group`: define it there, or take it out of the import"
        );
        let package = "ImportError: cannot import name 'url' from 'django.conf.urls' (/opt/venv/lib/python3.13/site-packages/django/conf/urls/__init__.py)";
        assert!(cause(package).1.starts_with("the installed version of the package has no `url`"));
        let circle = "ImportError: cannot import name 'A' from partially initialized module 'shop.a' (most likely due to a circular import) (/app/shop/a.py)";
        assert!(cause(circle).1.contains("wait for each other"), "{}", cause(circle).1);
    }

    #[test]
    fn the_remedy_for_a_template_depends_on_what_the_project_has() {
        let line = "django.template.exceptions.TemplateDoesNotExist: item/list.html, items/item_list.html\n";
        let help = |files: &[(&str, &str)]| {
            find(line, &Tree::from_literals(files.iter().copied()))
                .map(|cause| cause.help)
                .unwrap_or_default()
        };
        assert!(help(&[]).starts_with("no file of the project is called `item/list.html`"), "{}", help(&[]));
        assert!(help(&[("shop/templates/item/list.html", "")]).contains(".dockerignore"));
        assert!(help(&[("shop/templates/Item/List.html", "")]).contains("case counts"));
        assert!(
            help(&[("shop/templates/x-item/list.html", ""), ("shop/an-item/list.html.txt", "")])
                .starts_with("no file")
        );
    }

    #[test]
    fn a_table_that_migrations_never_make_is_told_from_one_that_is_asked_for_too_early() {
        let error = "django.db.utils.ProgrammingError: relation \"account_user\" does not exist\n";
        assert!(cause(&format!("  Applying admin.0001_initial...\n{error}")).1.contains("makemigrations"));
        assert!(cause(error).1.contains("while it is imported"));
    }

    #[test]
    fn files_that_a_bundler_misses_are_told_from_packages() {
        let help =
            |name: &str| cause(&format!("Module not found: Error: Can't resolve '{name}' in '/app'")).1;
        assert!(help("./src/table.js").starts_with("commit `./src/table.js`"), "{}", help("./src/table.js"));
        assert_eq!(help("react"), "add `react` to package.json");
    }

    #[test]
    fn lines_of_real_logs_find_their_row() {
        for (line, part) in [
            (
                "ERROR Invalid HTTP_HOST header: 'localhost:8000'. You may need to add 'localhost' to ALLOWED_HOSTS.",
                "ALLOWED_HOSTS",
            ),
            (
                "ImportError: libmariadb.so.3: cannot open shared object file: No such file or directory",
                "Debian package",
            ),
            (
                "django.core.exceptions.ImproperlyConfigured: Set the DATABASE_URL environment variable",
                "env file",
            ),
            ("KeyError: 'RDS_HOSTNAME'", "`RDS_HOSTNAME`"),
            ("OSError: [Errno 30] Read-only file system: '/app/logs'", "`/app/logs`"),
            (
                "psycopg.OperationalError: connection is bad: could not translate host name \"db\" to address",
                "service as the host",
            ),
            (
                "Error response from daemon: driver failed programming: Bind for 0.0.0.0:80 failed: port is already allocated",
                "port",
            ),
            ("exec /app/docker/entrypoint.sh: no such file or directory", "LF line ends"),
            ("Exception: Can not find valid pkg-config name.", "pkg-config"),
            (
                "WARNING: Ignoring version 2.1.3 of arabic-reshaper since it has invalid metadata:",
                "`pip<24.1`",
            ),
            ("ValueError: Dependency on app with no migrations: accounts", "makemigrations"),
        ] {
            let (found, help) = cause(line);
            assert_eq!(found, line);
            assert!(help.contains(part), "{line}: {help}");
        }
    }
}
