//! Classes of exceptions: how each is called, wherever it was imported from, and what it derives from.

use std::rc::Rc;

use super::object::Name;

/// Classes and what each derives from, as Python and libraries that settings use have them. A class that is not here
/// derives from `Exception`. Several ancestors of one class are several rows.
///
/// Sources: <https://docs.python.org/3/library/exceptions.html#exception-hierarchy>, and the sources of the libraries.
const PARENTS: &[(&str, &str)] = &[
    ("Exception", "BaseException"),
    ("SystemExit", "BaseException"),
    ("KeyboardInterrupt", "BaseException"),
    ("GeneratorExit", "BaseException"),
    ("KeyError", "LookupError"),
    ("IndexError", "LookupError"),
    ("ModuleNotFoundError", "ImportError"),
    ("BlockingIOError", "OSError"),
    ("ChildProcessError", "OSError"),
    ("ConnectionError", "OSError"),
    ("BrokenPipeError", "ConnectionError"),
    ("ConnectionAbortedError", "ConnectionError"),
    ("ConnectionRefusedError", "ConnectionError"),
    ("ConnectionResetError", "ConnectionError"),
    ("FileExistsError", "OSError"),
    ("FileNotFoundError", "OSError"),
    ("InterruptedError", "OSError"),
    ("IsADirectoryError", "OSError"),
    ("NotADirectoryError", "OSError"),
    ("PermissionError", "OSError"),
    ("ProcessLookupError", "OSError"),
    ("TimeoutError", "OSError"),
    ("UnicodeError", "ValueError"),
    ("UnicodeDecodeError", "UnicodeError"),
    ("UnicodeEncodeError", "UnicodeError"),
    ("UnicodeTranslateError", "UnicodeError"),
    ("NotImplementedError", "RuntimeError"),
    ("RecursionError", "RuntimeError"),
    ("UnboundLocalError", "NameError"),
    ("IndentationError", "SyntaxError"),
    ("TabError", "IndentationError"),
    ("ZeroDivisionError", "ArithmeticError"),
    ("OverflowError", "ArithmeticError"),
    ("FloatingPointError", "ArithmeticError"),
    ("UserWarning", "Warning"),
    ("DeprecationWarning", "Warning"),
    ("FutureWarning", "Warning"),
    ("RuntimeWarning", "Warning"),
    ("ImportWarning", "Warning"),
    ("json.JSONDecodeError", "ValueError"),
    ("tomllib.TOMLDecodeError", "ValueError"),
    ("toml.TomlDecodeError", "ValueError"),
    ("tomlkit.TOMLKitError", "Exception"),
    ("tomlkit.ParseError", "ValueError"),
    ("tomlkit.ParseError", "tomlkit.TOMLKitError"),
    ("tomlkit.UnexpectedCharError", "tomlkit.ParseError"),
    ("tomlkit.UnexpectedEofError", "tomlkit.ParseError"),
    ("yaml.MarkedYAMLError", "yaml.YAMLError"),
    ("yaml.ScannerError", "yaml.MarkedYAMLError"),
    ("yaml.ParserError", "yaml.MarkedYAMLError"),
    ("yaml.ComposerError", "yaml.MarkedYAMLError"),
    ("yaml.ConstructorError", "yaml.MarkedYAMLError"),
    ("yaml.ReaderError", "yaml.YAMLError"),
    ("configparser.NoSectionError", "configparser.Error"),
    ("configparser.NoOptionError", "configparser.Error"),
    ("configparser.DuplicateSectionError", "configparser.Error"),
    ("configparser.DuplicateOptionError", "configparser.Error"),
    ("configparser.InterpolationError", "configparser.Error"),
    ("configparser.InterpolationDepthError", "configparser.InterpolationError"),
    ("configparser.InterpolationMissingOptionError", "configparser.InterpolationError"),
    ("configparser.InterpolationSyntaxError", "configparser.InterpolationError"),
    ("configparser.ParsingError", "configparser.Error"),
    ("configparser.MissingSectionHeaderError", "configparser.ParsingError"),
    ("environs.EnvError", "ValueError"),
    ("environs.EnvValidationError", "environs.EnvError"),
    ("environs.EnvSealedError", "environs.EnvError"),
    ("environs.EnvSealedError", "TypeError"),
    ("environs.ParserConflictError", "ValueError"),
    ("pydantic.ValidationError", "ValueError"),
    ("pydantic.SettingsError", "ValueError"),
    ("dynaconf.ValidationError", "ValueError"),
    ("dj_database_url.ParseError", "ValueError"),
    ("dj_database_url.UnknownSchemeError", "ValueError"),
    ("binascii.Error", "ValueError"),
    ("zoneinfo.ZoneInfoNotFoundError", "KeyError"),
    ("importlib.metadata.PackageNotFoundError", "ModuleNotFoundError"),
    ("subprocess.CalledProcessError", "subprocess.SubprocessError"),
    ("subprocess.TimeoutExpired", "subprocess.SubprocessError"),
    ("urllib.error.URLError", "OSError"),
    ("urllib.error.HTTPError", "urllib.error.URLError"),
    ("socket.gaierror", "OSError"),
    ("socket.herror", "OSError"),
    ("requests.RequestException", "OSError"),
    ("requests.HTTPError", "requests.RequestException"),
    ("requests.ConnectionError", "requests.RequestException"),
    ("requests.Timeout", "requests.RequestException"),
    ("shutil.Error", "OSError"),
];

/// Names under which one class is known, and the one that is used here.
const ALIASES: &[(&str, &str)] = &[
    ("IOError", "OSError"),
    ("EnvironmentError", "OSError"),
    ("WindowsError", "OSError"),
    ("os.error", "OSError"),
    ("select.error", "OSError"),
    ("socket.error", "OSError"),
    ("socket.timeout", "TimeoutError"),
    ("environ.ImproperlyConfigured", IMPROPERLY_CONFIGURED),
    ("pydantic_settings.SettingsError", "pydantic.SettingsError"),
    ("pydantic_core.ValidationError", "pydantic.ValidationError"),
];

/// Libraries that keep their exceptions in modules of their own and offer them at the top too, or that stand in for
/// another one: what a name begins with, and what its last part follows here.
const HOMES: &[(&str, &str)] = &[
    ("json.", "json."),
    ("simplejson.", "json."),
    ("tomllib.", "tomllib."),
    ("tomli.", "tomllib."),
    ("toml.", "toml."),
    ("tomlkit.", "tomlkit."),
    ("yaml.", "yaml."),
    ("ruamel.yaml.", "yaml."),
    ("ConfigParser.", "configparser."),
    ("decouple.", "decouple."),
    ("environ.", "environ."),
    ("environs.", "environs."),
    ("envparse.", "envparse."),
    ("prettyconf.", "prettyconf."),
    ("pydantic.", "pydantic."),
    ("pydantic_core.", "pydantic."),
    ("pydantic_settings.", "pydantic."),
    ("dynaconf.", "dynaconf."),
    ("requests.", "requests."),
    ("builtins.", ""),
    ("exceptions.", ""),
];

pub(super) const IMPROPERLY_CONFIGURED: &str = "django.core.exceptions.ImproperlyConfigured";
const SEPARATOR: char = '#';

/// The name of a class, wherever it was imported from.
pub(super) fn class_name(dotted: &str) -> String {
    let home = HOMES.iter().find_map(|(prefix, home)| {
        let rest = dotted.strip_prefix(prefix)?;
        Some(format!("{home}{}", rest.rsplit('.').next().unwrap_or(rest)))
    });
    let name = home.unwrap_or_else(|| dotted.to_owned());
    let alias = ALIASES.iter().find(|(alias, _)| *alias == name);
    alias.map_or(name, |(_, class)| (*class).to_owned())
}

/// The name of a class of the project: two classes of one name are two.
pub(super) fn own_class_name(name: &str, number: usize) -> String {
    format!("{name}{SEPARATOR}{number}")
}

/// The name of a class as people say it.
pub(super) fn shown(class: &str) -> &str {
    let class = class.split(SEPARATOR).next().unwrap_or(class);
    class.rsplit('.').next().unwrap_or(class)
}

/// A class of exceptions and its ancestors, the nearest first.
pub(super) fn lineage(dotted: &str) -> Vec<Name> {
    let mut names: Vec<Name> = vec![Rc::from(class_name(dotted))];
    let mut at = 0;
    while let Some(name) = names.get(at).cloned() {
        let before = names.len();
        let parents = PARENTS.iter().filter(|(class, _)| **class == *name).map(|(_, parent)| *parent);
        for parent in parents {
            if !names.iter().any(|known| **known == *parent) {
                names.push(Rc::from(parent));
            }
        }
        let has_none = names.len() == before && !PARENTS.iter().any(|(class, _)| **class == *name);
        if has_none && &*name != "BaseException" && !names.iter().any(|known| &**known == "Exception") {
            names.push(Rc::from("Exception"));
        }
        at += 1;
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ancestors_are_those_of_python() {
        let check = |class: &str, expected: &[&str]| {
            let lineage = lineage(class);
            for ancestor in expected {
                assert!(lineage.iter().any(|name| **name == **ancestor), "{class}: {lineage:?}");
            }
            assert!(lineage.iter().any(|name| &**name == "BaseException"), "{class}: {lineage:?}");
        };
        check("json.decoder.JSONDecodeError", &["ValueError", "Exception"]);
        check("yaml.scanner.ScannerError", &["yaml.YAMLError", "Exception"]);
        check("tomli.TOMLDecodeError", &["tomllib.TOMLDecodeError", "ValueError"]);
        check("tomlkit.exceptions.UnexpectedEofError", &["tomlkit.TOMLKitError", "ValueError"]);
        check("configparser.MissingSectionHeaderError", &["configparser.Error"]);
        check("environs.exceptions.EnvSealedError", &["ValueError", "TypeError"]);
        check("environ.compat.ImproperlyConfigured", &[IMPROPERLY_CONFIGURED]);
        check("IOError", &["OSError"]);
        check("ConnectionRefusedError", &["ConnectionError", "OSError"]);
        check("SystemExit", &[]);
        assert!(!lineage("SystemExit").iter().any(|name| &**name == "Exception"));
        assert!(!lineage("configparser.Error").iter().any(|name| &**name == "OSError"));
    }

    #[test]
    fn classes_are_shown_by_their_last_name() {
        assert_eq!(shown("django.core.exceptions.ImproperlyConfigured"), "ImproperlyConfigured");
        assert_eq!(shown(&own_class_name("NotSet", 3)), "NotSet");
    }
}
