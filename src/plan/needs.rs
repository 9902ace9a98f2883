//! The goals of a stack's wiring: its needs of the settings.

mod read_only;
pub(super) mod replicas;

use super::addresses::login::StoreLogin;
use super::ground::Ground;
use super::wiring::candidates::candidates;
use super::wiring::{Credentials, Goal, Samples, Urls, Want};
use super::{addresses, layout};
use crate::base::machine::elsewhere;
use crate::catalog::Listed;
use crate::catalog::database::Kept;
use crate::catalog::static_files::Collected;
use crate::catalog::store::Use;
use crate::python::value::PathBase;
use crate::python::{Minor, Value};

/// The hosts that a stack answers to until its person names others.
pub const HOSTS: [&str; 2] = ["localhost", "127.0.0.1"];
/// Django's own name of the database that it uses unless told otherwise.
const DEFAULT: &str = "default";
/// The variable of the env file that holds the secret key, where the settings read none.
pub const SECRET_KEY: &str = "SECRET_KEY";

/// The goals for a stack, and the URLs that may meet several at once. Secrets in them are stand-ins; `login` is that of the
/// store's clients.
pub(super) fn goals(
    ground: &Ground<'_>,
    samples: &mut Samples,
    login: Option<&StoreLogin>,
) -> (Vec<Goal>, Urls) {
    let mut goals = Vec::new();
    let mut urls = Urls::default();
    let debug =
        if ground.is_prod() { "production never shows its insides" } else { "development shows errors" };
    goals.push(Goal::new(&["DEBUG"], Want::Truth(!ground.is_prod()), debug));
    goals.push(secret_key(ground, samples));
    goals.push(hosts(ground));
    databases(ground, samples, &mut goals, &mut urls);
    for placed in ground.stores(login) {
        let credentials = placed
            .login
            .as_ref()
            .map(|login| Credentials { user: login.named.clone(), password: samples.add(&login.password) });
        let before_host = credentials.as_ref().map(Credentials::in_url).unwrap_or_default();
        let is_url = !placed.store.schemes.is_empty() && placed.store.is_for(Use::Cache);
        let url = is_url.then(|| addresses::address(placed.store, &placed.host, &before_host, 0));
        urls.cache = urls.cache.take().or(url);
        goals.extend(addresses::goals(ground.open(), placed.store, &placed.host, credentials.as_ref()));
    }
    if ground.keeps_static() {
        goals.push(static_root(ground));
        goals.extend(static_url(ground));
    }
    goals.extend(middleware(ground));
    goals.extend(media_root(ground));
    goals.extend(libraries(ground));
    goals.extend(read_only::goals(ground));
    goals.extend(origins(ground));
    goals.extend(by_http(ground));
    (goals, urls)
}

/// In production a key that stands in the source is replaced: whoever has the source could sign with it. In
/// development it may stay.
fn secret_key(ground: &Ground<'_>, samples: &mut Samples) -> Goal {
    let goal = Goal::new(&[SECRET_KEY], Want::Truth(true), "");
    let stated: Vec<&Value> =
        candidates(&goal, ground.open()).into_iter().flat_map(Value::alternatives).collect();
    let read = stated.iter().find_map(|value| match value {
        Value::Env(read) => Some(read.name.clone()),
        _ => None,
    });
    let is_literal =
        !stated.is_empty() && stated.iter().all(|value| value.as_str().is_some_and(|key| !key.is_empty()));
    let text = samples.add(read.as_deref().unwrap_or(SECRET_KEY));
    if is_literal && ground.is_prod() && ground.answers.overlay {
        let want = Want::Text { text, also: Vec::new(), absent: false };
        return Goal { want, because: "Django signs with it".into(), ..goal };
    }
    Goal { want: Want::Something { text }, because: "Django signs with it".into(), ..goal }
}

fn hosts(ground: &Ground<'_>) -> Goal {
    let also = [HOSTS[1], "*", ".localhost"].map(str::to_owned).to_vec();
    // With DEBUG on, an empty list means this machine.
    let want = Want::Item { item: HOSTS[0].to_owned(), also, empty: !ground.is_prod() };
    Goal::new(&["ALLOWED_HOSTS"], want, "the proxy passes on the host that was asked for")
}

/// `os.getenv("ORIGINS", "").split(",")` is a list of one empty text where the variable is not set, and Django's
/// checks stop every command at it: <https://docs.djangoproject.com/en/stable/ref/checks/> (`4_0.E001`), and
/// `corsheaders.E006` and `E013`.
fn origins(ground: &Ground<'_>) -> Vec<Goal> {
    const CHECKED_SINCE: Minor = Minor(4, 0);
    let django = ground.facts.django_version.value.as_deref().and_then(Minor::parse);
    let mut names = Vec::new();
    if django.is_none_or(|django| django >= CHECKED_SINCE) {
        names.push("CSRF_TRUSTED_ORIGINS");
    }
    if ground.facts.installed_apps.value.iter().any(|app| app.starts_with("corsheaders")) {
        names.extend(["CORS_ALLOWED_ORIGINS", "CORS_ORIGIN_WHITELIST"]);
    }
    let goal = |name: &str| {
        // Behind what ends TLS a form comes from https; a front end that is developed beside is asked for by http.
        let is_for_forms = name.starts_with("CSRF") && ground.is_prod();
        let scheme = if is_for_forms { "https" } else { "http" };
        let want = Want::Origins { origin: format!("{scheme}://{}", HOSTS[0]), empty: !is_for_forms };
        Goal {
            only_if_present: true,
            ..Goal::new(&[name], want, "Django's checks refuse an origin without a scheme")
        }
    };
    let is_read =
        |name: &&str| candidates(&goal(name), ground.open()).iter().any(|value| !value.reads().is_empty());
    names.into_iter().filter(is_read).map(goal).collect()
}

/// Development is reached by http alone: a redirect to https leads nowhere, and browsers keep no secure cookie.
fn by_http(ground: &Ground<'_>) -> Vec<Goal> {
    const SETTINGS: [&str; 3] = ["SECURE_SSL_REDIRECT", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE"];
    let because = "nothing ends TLS in development, which is reached by http";
    let goal = |name: &str| Goal { only_if_present: true, ..Goal::new(&[name], Want::Truth(false), because) };
    if ground.is_prod() { Vec::new() } else { SETTINGS.into_iter().map(goal).collect() }
}

fn databases(ground: &Ground<'_>, samples: &mut Samples, goals: &mut Vec<Goal>, urls: &mut Urls) {
    let database = ground.database;
    let engine = Want::Engine { word: database.word(), usual: usual_engine(ground) };
    let of = |key: &'static str| ["DATABASES", DEFAULT, key];
    match (&database.kept, &ground.credentials) {
        (Kept::Server(_), Some(credentials)) => {
            let password = samples.add(&credentials.password);
            goals.push(Goal::new(&of("ENGINE"), engine, format!("the database is {}", database.name)));
            goals.extend(replicas::connection(ground, credentials, &password, DEFAULT));
            let address = format!(
                "{}:{password}@{}:{}/{}",
                credentials.user, credentials.host, credentials.port, credentials.name
            );
            let all: Vec<String> =
                database.schemes.iter().map(|scheme| format!("{scheme}://{address}")).collect();
            for alias in replicas::aliases(ground) {
                let reads = replicas::connection(ground, credentials, &password, &alias);
                goals.extend(reads.into_iter().map(|goal| Goal { only_if_present: true, ..goal }));
                urls.databases.insert(alias, all.clone());
            }
            urls.databases.insert(DEFAULT.to_owned(), all);
        }
        (Kept::File, _) => {
            goals.push(Goal::new(&of("ENGINE"), engine, "the database is SQLite"));
            // In development it lies beside the code, where `manage.py` makes it on any machine.
            let path =
                if ground.is_prod() { sqlite_file(ground) } else { format!("{}/db.sqlite3", ground.working) };
            let all = vec![format!("sqlite:///{path}"), format!("sqlite://{path}")];
            urls.databases.insert("default".to_owned(), all);
            goals.extend(without_options_of_servers(ground));
            let because = if ground.is_prod() {
                "the file lies on a volume, in a folder of its own"
            } else {
                "the file lies beside the code"
            };
            let want = Want::File { path, working: ground.working.clone() };
            let name = Goal::new(&of("NAME"), want, because);
            // In development any file will do, but Django does not start without the name of one.
            if ground.is_prod() || candidates(&name, ground.open()).is_empty() {
                goals.push(name);
            }
        }
        (Kept::Server(_) | Kept::Elsewhere, _) => {}
    }
}

/// Options of connections to servers, which `sqlite3.connect()` refuses:
/// <https://docs.python.org/3/library/sqlite3.html#sqlite3.connect>. `ssl_require=` of a URL's reader sets `sslmode`.
fn without_options_of_servers(ground: &Ground<'_>) -> Vec<Goal> {
    const OF_SERVERS: &[&str] = &[
        "application_name",
        "charset",
        "client_encoding",
        "connect_timeout",
        "options",
        "pool",
        "read_default_file",
        "server_side_binding",
        "sql_mode",
        "ssl",
        "ssl_mode",
        "sslcert",
        "sslkey",
        "sslmode",
        "sslrootcert",
    ];
    let goal = |key: &str| {
        let path = ["DATABASES", DEFAULT, "OPTIONS", key];
        let goal = Goal::new(&path, Want::Nothing, "SQLite refuses the options of a server's connection");
        Goal { only_if_present: true, ..goal }
    };
    let is_stated = |goal: &Goal| {
        goal.path.last().is_some_and(|key| key == "sslmode") || !candidates(goal, ground.open()).is_empty()
    };
    OF_SERVERS.iter().map(|key| goal(key)).filter(is_stated).collect()
}

/// Libraries of GeoDjango whose path is that of another machine: Django finds those of the image by their names.
/// Source: <https://docs.djangoproject.com/en/stable/ref/contrib/gis/install/geolibs/>.
fn libraries(ground: &Ground<'_>) -> Vec<Goal> {
    let names = ["GDAL_LIBRARY_PATH", "GEOS_LIBRARY_PATH", "SPATIALITE_LIBRARY_PATH"];
    let goal = |name: &str| {
        let goal = Goal::new(&[name], Want::Nothing, "Django finds the library of the image by its name");
        Goal { only_if_present: true, ..goal }
    };
    let is_elsewhere = |value: &Value| match value.assumed() {
        Some(Value::Str(text)) => text.starts_with('/') || elsewhere(&text).is_some(),
        Some(Value::Path(path)) => path.base == PathBase::Root || path.base == PathBase::Home,
        _ => false,
    };
    let stated = |goal: &Goal| {
        let values = candidates(goal, ground.open()).into_iter().flat_map(Value::alternatives);
        values.into_iter().any(is_elsewhere)
    };
    names.into_iter().map(goal).filter(stated).collect()
}

/// The backend to propose: the one that the settings name in some branch, else the usual one.
fn usual_engine(ground: &Ground<'_>) -> String {
    let goal = Goal::new(&["DATABASES", "default", "ENGINE"], Want::Truth(true), "");
    let stated = candidates(&goal, ground.open()).into_iter().flat_map(Value::alternatives);
    let fitting = stated.filter_map(Value::as_str).find(|engine| ground.database.speaks(engine));
    fitting.or(ground.database.engines.first().copied()).unwrap_or_default().to_owned()
}

/// Returns the path of the SQLite file in production: the present one, if it has a folder without code of its own.
pub(super) fn sqlite_file(ground: &Ground<'_>) -> String {
    let goal = Goal::new(&["DATABASES", "default", "NAME"], Want::Truth(true), "");
    let stated =
        candidates(&goal, ground.open()).into_iter().filter_map(Value::assumed).find_map(
            |value| match value {
                Value::Path(path) => Some(layout::absolute(&path, &ground.working)),
                Value::Str(text) if !text.is_empty() && text != ":memory:" => {
                    Some(layout::absolute_text(&text, &ground.working))
                }
                _ => None,
            },
        );
    let usual = format!("{}/db.sqlite3", layout::DATA);
    let Some(path) = stated else { return usual };
    let Some((folder, file)) = path.rsplit_once('/') else { return usual };
    if is_own_folder(ground, folder) { path.clone() } else { format!("{}/{file}", layout::DATA) }
}

/// Tells whether a volume can be mounted on a folder of the container without hiding anything that the image needs.
pub(super) fn is_own_folder(ground: &Ground<'_>, folder: &str) -> bool {
    match folder.strip_prefix(layout::SOURCE) {
        Some("") | None if folder == layout::SOURCE => false,
        Some(inside) => {
            let inside = camino::Utf8Path::new(inside.trim_start_matches('/'));
            !inside.as_str().is_empty()
                && !ground.working.starts_with(folder)
                && !ground.tree.below(inside).any(|(path, _)| path.extension() == Some("py"))
        }
        None => !is_systems(folder),
    }
}

/// Tells whether a folder outside the source belongs to the system, or is one that others share.
fn is_systems(folder: &str) -> bool {
    const WHOLE: &[&str] =
        &["bin", "boot", "dev", "etc", "lib", "lib64", "proc", "root", "run", "sbin", "sys", "usr"];
    const SHARED: &[&str] = &[
        "",
        "/home",
        "/mnt",
        "/opt",
        "/opt/venv",
        "/srv",
        "/tmp",
        "/var",
        "/var/lib",
        "/var/log",
        "/var/run",
    ];
    let first = folder.trim_start_matches('/').split('/').next().unwrap_or_default();
    WHOLE.contains(&first)
        || SHARED.contains(&folder.trim_end_matches('/'))
        || folder.starts_with("/opt/venv/")
}

fn static_root(ground: &Ground<'_>) -> Goal {
    // Kept where it is, unless static files are also looked for in it: Django refuses that.
    let stated = ground.open().get("STATIC_ROOT").and_then(Value::assumed);
    let stated = stated.and_then(|value| folder(&value, &ground.working));
    let sources: Vec<String> = ground
        .open()
        .get("STATICFILES_DIRS")
        .and_then(Value::assumed)
        .and_then(|value| value.items().map(<[Value]>::to_vec))
        .unwrap_or_default()
        .iter()
        .filter_map(|item| folder(item, &ground.working))
        .collect();
    // A volume over a folder hides what the image has there.
    let hides_something =
        |root: &str| ground.collected() == Some(Collected::AtStart) && !is_own_folder(ground, root);
    let want = match stated {
        Some(root) if sources.contains(&root) || hides_something(&root) => {
            Want::File { path: layout::STATIC_ROOT.to_owned(), working: ground.working.clone() }
        }
        _ => Want::Folder { path: layout::STATIC_ROOT.to_owned() },
    };
    let because = if ground.collected() == Some(Collected::AtStart) {
        "collectstatic writes there when the stack starts, on a volume"
    } else if ground.serves_static_by_proxy() {
        "collectstatic writes there, and the proxy's image is made from it"
    } else {
        "collectstatic writes there, and the app server serves the files"
    };
    Goal::new(&["STATIC_ROOT"], want, because)
}

/// The middleware that serves static files where the project has none that does.
fn middleware(ground: &Ground<'_>) -> Option<Goal> {
    let middleware = ground.added_middleware()?;
    let want = Want::Entry { entry: middleware.class.to_owned(), after: middleware.after.to_owned() };
    Some(Goal::new(
        &["MIDDLEWARE"],
        want,
        "it lets the app server serve static files, as the answer `static` says",
    ))
}

/// A variable without a default that says where uploads are: what it says in a container is the stack's to know.
fn media_root(ground: &Ground<'_>) -> Option<Goal> {
    let want = Want::Folder { path: layout::MEDIA_ROOT.to_owned() };
    let goal = Goal::new(&["MEDIA_ROOT"], want, "what people upload is kept there, on a volume");
    let stated = candidates(&goal, ground.open());
    let is_open = stated.into_iter().flat_map(Value::alternatives).any(|value| match value {
        Value::Env(read) => read.default.as_ref().is_none_or(|default| *default == Value::None),
        _ => false,
    });
    is_open.then_some(Goal { only_if_present: true, ..goal })
}

/// Returns the goal for `STATIC_URL` where the project's does not serve: where there is none, and where the URL names a host
/// of its own, which the proxy cannot serve; a host on this machine is taken for its path.
fn static_url(ground: &Ground<'_>) -> Option<Goal> {
    let stated = ground.open().get("STATIC_URL");
    if stated.is_none_or(|value| *value == Value::None) {
        let want = Want::Something { text: "/static/".to_owned() };
        return Some(Goal::new(
            &["STATIC_URL"],
            want,
            "Django collects and serves no static files without it",
        ));
    }
    let value = stated?.assumed()?;
    let text = value.as_str()?;
    let local = ["localhost", "127.0.0.1"].iter().any(|host| text.contains(host));
    if !(text.contains("://") && local) {
        return None;
    }
    let path =
        text.split_once("://").and_then(|(_, rest)| rest.split_once('/')).map_or("static/", |(_, path)| path);
    let want = Want::Text { text: format!("/{path}"), also: Vec::new(), absent: false };
    Some(Goal::new(&["STATIC_URL"], want, "static files are served from here, at whatever host"))
}

/// The folder that a setting names, absolute in the container.
pub(super) fn folder(value: &Value, working: &str) -> Option<String> {
    let folder = match value {
        Value::Path(path) if path.base == PathBase::Project && path.rest.as_str().is_empty() => return None,
        Value::Path(path) => layout::absolute(path, working),
        Value::Str(text) if !text.is_empty() => layout::absolute_text(text, working),
        _ => return None,
    };
    (folder != "/").then_some(folder)
}
