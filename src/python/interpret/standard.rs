//! Python's own modules: which they are, and what else has their names.

/// Returns the name under which Python has what another module imports and editors complete from there:
/// `django.http.request.urljoin`, `django.conf.os.path.join`. `None` where the name is that module's own.
pub(super) fn re_exported(dotted: &str) -> Option<String> {
    /// Functions of Python whose names no library takes for something else.
    const FUNCTIONS: &[(&str, &str)] = &[
        ("urljoin", "urllib.parse.urljoin"),
        ("urlparse", "urllib.parse.urlparse"),
        ("urlsplit", "urllib.parse.urlsplit"),
        ("literal_eval", "ast.literal_eval"),
        ("getenv", "os.getenv"),
    ];
    /// Names that libraries use for classes of their own: taken for Python's where Django or Python imports them.
    const COMMON: &[(&str, &str)] = &[
        ("Path", "pathlib.Path"),
        ("quote", "urllib.parse.quote"),
        ("unquote", "urllib.parse.unquote"),
        ("environ", "os.environ"),
    ];
    let (owner, last) = dotted.rsplit_once('.')?;
    let first = owner.split('.').next().unwrap_or(owner);
    // The module itself, with whatever is looked up in it.
    if first != "os"
        && let Some(at) = format!("{dotted}.").find(".os.")
    {
        return Some(dotted[at + 1..].to_owned());
    }
    let by_name = |names: &[(&str, &str)]| {
        names.iter().find(|(name, own)| *name == last && *own != dotted).map(|(_, own)| (*own).to_owned())
    };
    let is_trusted = first == "django" || is_standard(first);
    by_name(FUNCTIONS)
        .filter(|_| first != "environ")
        .or_else(|| by_name(COMMON).filter(|_| is_trusted && !is_own(dotted)))
}

/// Names of Django and Python that are not what the same name means elsewhere.
fn is_own(dotted: &str) -> bool {
    matches!(
        dotted,
        "email.quoprimime.quote" | "email.utils.quote" | "shlex.quote" | "os.environ" | "zipfile.Path"
    )
}

/// Modules of Python itself, as far as settings import them.
pub(super) fn is_standard(module: &str) -> bool {
    const NAMES: &[&str] = &[
        "__future__",
        "abc",
        "argparse",
        "ast",
        "base64",
        "binascii",
        "builtins",
        "calendar",
        "codecs",
        "collections",
        "configparser",
        "ConfigParser",
        "contextlib",
        "copy",
        "csv",
        "dataclasses",
        "datetime",
        "decimal",
        "distutils",
        "email",
        "enum",
        "errno",
        "fcntl",
        "fnmatch",
        "functools",
        "gc",
        "getpass",
        "glob",
        "hashlib",
        "hmac",
        "importlib",
        "inspect",
        "io",
        "ipaddress",
        "itertools",
        "json",
        "locale",
        "logging",
        "math",
        "mimetypes",
        "multiprocessing",
        "operator",
        "os",
        "pathlib",
        "pickle",
        "pkgutil",
        "platform",
        "posixpath",
        "pprint",
        "random",
        "re",
        "secrets",
        "shlex",
        "shutil",
        "signal",
        "site",
        "socket",
        "ssl",
        "stat",
        "string",
        "struct",
        "subprocess",
        "sys",
        "sysconfig",
        "tempfile",
        "textwrap",
        "threading",
        "time",
        "tomllib",
        "traceback",
        "types",
        "typing",
        "unittest",
        "urllib",
        "urlparse",
        "uuid",
        "warnings",
        "weakref",
        "xml",
        "zipfile",
        "zoneinfo",
    ];
    NAMES.contains(&module)
}
