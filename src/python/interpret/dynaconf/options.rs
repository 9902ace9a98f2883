//! The options that a `Dynaconf(...)` was made with.

use super::super::Interp;
use super::super::environment::Reading;
use super::super::object::{Name, Obj};
use super::super::source::Pos;
use crate::python::evaluation::World;
use crate::python::value::Cast;

/// Extensions of settings files, in the order of loading.
pub(super) const EXTENSIONS: &[&str] =
    &["py", "toml", "tml", "yaml", "yml", "ini", "conf", "properties", "json"];

/// Parts of the names of lists whose items differ at every place.
const OF_A_PLACE: &[&str] = &["HOSTS", "ORIGINS", "DOMAINS", "SERVERS", "URLS", "NODES", "ADMINS"];

#[derive(Clone, Debug)]
pub(super) struct Options {
    /// In upper case, without the underscore; none where variables are not read. The last one counts.
    pub(super) prefixes: Vec<String>,
    /// Files have a table per environment.
    pub(super) environments: bool,
    /// The variable that names the environment.
    pub(super) switcher: String,
    /// The environment where that is not set.
    pub(super) default_environment: String,
    /// The environment, where the project forces one.
    pub(super) forced: Option<String>,
    /// The table that counts for all.
    pub(super) base: String,
    /// The variable that names the settings file.
    pub(super) file_variable: String,
    pub(super) files: Vec<Obj>,
    /// Loaded before the others.
    pub(super) preloaded: Vec<Obj>,
    pub(super) secrets: Vec<Obj>,
    pub(super) includes: Vec<Obj>,
    pub(super) root: Option<Obj>,
    pub(super) reads_dotenv: bool,
    pub(super) dotenv: Option<Obj>,
    pub(super) merges: bool,
    /// The service that names come from that are not in any file.
    pub(super) remote: Option<&'static str>,
    pub(super) validators: Option<Obj>,
    /// The usual names are looked for where none are listed.
    pub(super) usual_files: bool,
    /// Names that are set by hand: `Dynaconf(DEBUG=True)`.
    pub(super) own: Vec<(Name, Obj)>,
}

impl Options {
    pub(super) fn of(interp: &mut Interp<'_>, kwargs: &[(Name, Obj)]) -> Self {
        let find = |name: &str| {
            let stated = kwargs.iter().find(|(key, _)| bare(key) == name);
            stated.map(|(_, value)| value.clone()).filter(|value| !matches!(value, Obj::None))
        };
        let text = |name: &str, default: &str| {
            find(name).as_ref().and_then(Obj::as_str).unwrap_or(default).to_owned()
        };
        let is = |name: &str| matches!(find(name), Some(Obj::Bool(true)));
        let mut several = |names: &[&str]| match names.iter().find_map(|name| find(name)) {
            Some(Obj::Str(text)) => text.split([',', ';']).map(|one| Obj::str(one.trim())).collect(),
            Some(value) => interp.sequence(&value).unwrap_or_else(|| vec![value]),
            None => Vec::new(),
        };
        let files = several(&["settings_files", "settings_file", "settings_module"]);
        let preloaded = several(&["preload"]);
        let secrets = several(&["secrets"]);
        let includes = several(&["includes", "include"]);
        let stated_prefix = kwargs.iter().find(|(key, _)| bare(key) == "envvar_prefix");
        let prefixes = match stated_prefix.map(|(_, value)| value) {
            Some(Obj::None) => Vec::new(),
            Some(Obj::Bool(false)) => vec![String::new()],
            Some(Obj::Str(text)) => text.split(',').map(|one| one.trim().to_uppercase()).collect(),
            _ => vec!["DYNACONF".to_owned()],
        };
        let remote = match (is("vault_enabled"), is("redis_enabled"), find("loaders")) {
            (true, ..) => Some("a secret of HashiCorp Vault"),
            (_, true, _) => Some("a setting that Redis keeps"),
            (.., Some(_)) => Some("a setting that a loader of the project brings"),
            _ => None,
        };
        // `environments=["dev", "prod"]` turns them on as well.
        let environments = find("environments").or_else(|| find("environment"));
        Self {
            prefixes,
            environments: environments.is_some_and(|stated| interp.truth(&stated) != Some(false)),
            switcher: text("env_switcher", "ENV_FOR_DYNACONF"),
            default_environment: text("env", "development"),
            forced: find("force_env").as_ref().and_then(Obj::as_str).map(str::to_owned),
            base: text("default_env", "default").to_lowercase(),
            file_variable: text("envvar", "SETTINGS_FILE_FOR_DYNACONF"),
            files,
            preloaded,
            secrets,
            includes,
            root: find("root_path").or_else(|| find("project_root")),
            reads_dotenv: is("load_dotenv"),
            dotenv: find("dotenv_path"),
            merges: is("merge_enabled"),
            remote,
            validators: find("validators"),
            usual_files: find("default_settings_paths").is_some(),
            own: kwargs
                .iter()
                .filter(|(key, _)| is_setting(key) && !key.ends_with("_FOR_DYNACONF"))
                .cloned()
                .collect(),
        }
    }

    /// The variable that sets a key: `DATABASES.default.NAME`.
    pub(super) fn variable(&self, path: &str) -> String {
        let (first, rest) = path.split_once('.').map_or((path, None), |(first, rest)| (first, Some(rest)));
        let first = first.to_uppercase();
        let name = rest.map_or_else(|| first.clone(), |rest| format!("{first}__{}", rest.replace('.', "__")));
        match self.prefixes.last().map(String::as_str) {
            None | Some("") => name,
            Some(prefix) => format!("{prefix}_{name}"),
        }
    }

    /// A value that a variable may set otherwise; it is the default then.
    pub(super) fn leaf(&self, interp: &mut Interp<'_>, variable: &str, value: &Obj, pos: Pos) -> Obj {
        let cast = match value {
            Obj::Bool(_) => Cast::Bool,
            Obj::Int(_) => Cast::Int,
            Obj::Float(_) => Cast::Float,
            Obj::Str(_) | Obj::Text(_) | Obj::None => Cast::Str,
            // What an app is made of no variable says.
            Obj::List(_) if OF_A_PLACE.iter().any(|word| variable.contains(word)) => Cast::Json,
            Obj::OneOf(several) => match several.first() {
                Some(Obj::Bool(_)) => Cast::Bool,
                Some(Obj::Int(_)) => Cast::Int,
                Some(Obj::Str(_) | Obj::Text(_)) => Cast::Str,
                _ => return value.clone(),
            },
            Obj::Secret(_) => Cast::Str,
            _ => return value.clone(),
        };
        if self.prefixes.is_empty() {
            return value.clone();
        }
        let name = interp.name(variable);
        // What is set was loaded with all the rest.
        let closed = matches!(interp.request.world, World::Closed { .. });
        if closed || interp.given(variable).is_some() || interp.environ.contains_key(&name) {
            interp.note_read(&name, Some(value.clone()), cast, false, pos);
            return value.clone();
        }
        let reading = Reading { default: Some(value.clone()), cast, exception: None };
        interp.read(&Obj::Str(name), reading, pos).unwrap_or_else(|_| value.clone())
    }
}

/// An option without what old versions put at its end.
fn bare(key: &str) -> String {
    let lower = key.to_lowercase();
    lower.strip_suffix("_for_dynaconf").map_or_else(|| lower.clone(), str::to_owned)
}

pub(super) fn is_setting(name: &str) -> bool {
    let first = name.split("__").next().unwrap_or(name);
    first.chars().any(char::is_uppercase) && !first.chars().any(char::is_lowercase) && !name.starts_with('_')
}
