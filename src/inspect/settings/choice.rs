//! Which settings are for development, and which for production.

use std::collections::BTreeSet;

use super::modules::{Module, Modules};
use super::stated::Stated;
use super::words::{Purpose, is_plainly, purpose};
use crate::base::{Evidence, Fact, Place, path};
use crate::inspect::naming::Named;

/// The modules chosen, `module:Class` for class-based settings.
#[derive(Debug, Default)]
pub(crate) struct Chosen {
    pub(crate) dev: Fact<Option<String>>,
    pub(crate) prod: Fact<Option<String>>,
}

/// A module that may be chosen, or a class of one.
#[derive(Debug)]
struct Candidate {
    name: String,
    module: String,
    purpose: Purpose,
    place: Place,
    /// Modules that it star-imports.
    upon: Vec<String>,
    /// Built on a module for development, in however many steps: what is left where nothing else is.
    upon_development: bool,
}

/// Chooses by name, then by what the project's files set, then the default of `manage.py`.
pub(crate) fn choose(modules: &Modules, named: &[Named], stated: &[Stated]) -> Chosen {
    let candidates = candidates(modules);
    let default = named.iter().find_map(|one| find(&candidates, one));
    // Settings for tests are the default of a `manage.py` that tests start with.
    let default = default.filter(|one| {
        one.purpose != Purpose::Test || candidates.iter().all(|one| one.purpose == Purpose::Test)
    });
    Chosen { dev: development(&candidates, default, stated), prod: production(&candidates, default, stated) }
}

fn candidates(modules: &Modules) -> Vec<Candidate> {
    let mut found = Vec::new();
    for (dotted, module) in &modules.all {
        let (place, upon) = (Place::Path(module.path.clone()), module.upon.clone());
        let upon_development = is_upon_development(modules, module);
        if module.classes.is_empty() {
            if module.is_whole && !module.is_empty {
                let purpose = module.purpose.unwrap_or(Purpose::Plain);
                found.push(Candidate {
                    name: dotted.clone(),
                    module: dotted.clone(),
                    purpose,
                    place,
                    upon,
                    upon_development,
                });
            }
            continue;
        }
        for class in &module.classes {
            // One class per module: the module's name says what the class is for.
            let by_class = purpose(class);
            let by_module = module.purpose.unwrap_or(Purpose::Plain);
            let purpose = if by_class == Purpose::Plain { by_module } else { by_class };
            let (name, module, place) = (format!("{dotted}:{class}"), dotted.clone(), place.clone());
            found.push(Candidate { name, module, purpose, place, upon: upon.clone(), upon_development });
        }
    }
    found
}

/// Tells whether a module takes over what a module for development sets.
fn is_upon_development(modules: &Modules, module: &Module) -> bool {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut queue: Vec<&str> = module.upon.iter().map(String::as_str).collect();
    while let Some(name) = queue.pop() {
        if !seen.insert(name) {
            continue;
        }
        let Some(base) = modules.all.get(name) else { continue };
        if base.purpose == Some(Purpose::Development) {
            return true;
        }
        queue.extend(base.upon.iter().map(String::as_str));
    }
    false
}

fn find<'a>(candidates: &'a [Candidate], named: &Named) -> Option<&'a Candidate> {
    let of_module = || candidates.iter().filter(|one| one.module == named.module);
    let by_class = named.class.as_ref().and_then(|class| {
        of_module().find(|one| one.name.rsplit_once(':').is_some_and(|(_, own)| own == class))
    });
    by_class.or_else(|| of_module().next_back())
}

/// The candidate that the project's files name, of those that `fits`; the place that names it.
fn by_statement<'a>(
    candidates: &'a [Candidate],
    stated: &'a [Stated],
    fits: impl Fn(&Stated, &Candidate) -> bool,
) -> Option<(&'a Candidate, &'a Place)> {
    stated.iter().find_map(|statement| {
        let candidate = find(candidates, &statement.named)?;
        fits(statement, candidate).then_some((candidate, &statement.named.place))
    })
}

/// Tells whether wsgi.py or its like names the module, not what starts the server.
fn is_python(statement: &Stated) -> bool {
    statement.named.place.path().is_some_and(|path| path::extension(path) == Some("py"))
}

fn production(
    candidates: &[Candidate],
    default: Option<&Candidate>,
    stated: &[Stated],
) -> Fact<Option<String>> {
    let named_so: Vec<&Candidate> =
        candidates.iter().filter(|one| one.purpose == Purpose::Production).collect();
    let served = |statement: &Stated| {
        statement.serves
            && !matches!(statement.purpose, Purpose::Test | Purpose::Development | Purpose::Staging)
    };
    match named_so.as_slice() {
        [] => {}
        [only] => {
            // `docker` is `production` and what a container needs besides, and the image starts with it.
            let builds_upon = |one: &Candidate| {
                matches!(one.purpose, Purpose::Platform | Purpose::Plain) && one.upon.contains(&only.name)
            };
            let found = by_statement(candidates, stated, |statement, one| {
                served(statement) && !is_python(statement) && builds_upon(one)
            });
            return match found {
                Some((one, place)) => Fact::new(
                    Some(one.name.clone()),
                    place.clone(),
                    format!("sets DJANGO_SETTINGS_MODULE for the server, and is built upon `{}`", only.name),
                ),
                None => by_name(only, "its name says that it is for production"),
            };
        }
        several => {
            let is_one = |one: &Candidate| several.iter().any(|candidate| candidate.name == one.name);
            if let Some((candidate, place)) =
                by_statement(candidates, stated, |statement, one| served(statement) && is_one(one))
            {
                return Fact::new(
                    Some(candidate.name.clone()),
                    place.clone(),
                    "sets DJANGO_SETTINGS_MODULE for the server",
                );
            }
            if let Some(default) = default.filter(|one| is_one(one)) {
                return by_name(default, "the default, and its name says that it is for production");
            }
            let plain: Vec<_> = several.iter().filter(|one| is_plainly(&one.name)).collect();
            return match plain.as_slice() {
                [only] => by_name(only, "its name says that it is for production, and nothing else"),
                _ => undecided(several, "production"),
            };
        }
    }
    // What a file for production sets, then what any server is started with.
    let meant = |candidate: &Candidate| !matches!(candidate.purpose, Purpose::Development | Purpose::Test);
    let for_production =
        |statement: &Stated, one: &Candidate| statement.purpose == Purpose::Production && meant(one);
    // Where servers have a module each, that of the default is the site's: another may be a worker's.
    let is_default = |one: &Candidate| default.is_some_and(|default| default.name == one.name);
    let default_is_served = by_statement(candidates, stated, |statement, one| {
        served(statement) && is_python(statement) && is_default(one)
    });
    let for_server = |statement: &Stated, one: &Candidate| {
        let is_another = is_python(statement) && default_is_served.is_some();
        served(statement) && meant(one) && !is_default(one) && !is_another
    };
    let found = by_statement(candidates, stated, for_production)
        .or_else(|| by_statement(candidates, stated, for_server));
    if let Some((candidate, place)) = found {
        return Fact::new(
            Some(candidate.name.clone()),
            place.clone(),
            "sets DJANGO_SETTINGS_MODULE for the server",
        );
    }
    let of_its_own = candidates.iter().any(|one| {
        !one.upon_development
            && matches!(one.purpose, Purpose::Plain | Purpose::Platform | Purpose::Staging | Purpose::Base)
    });
    let is_left = move |one: &Candidate| !(one.upon_development && of_its_own);
    let others = |wanted: Purpose| {
        candidates.iter().filter(move |one| one.purpose == wanted && is_left(one)).collect::<Vec<_>>()
    };
    if let Some(default) = default {
        let others_exist = candidates
            .iter()
            .any(|one| matches!(one.purpose, Purpose::Plain | Purpose::Platform) && is_left(one));
        let alone = !others_exist && others(Purpose::Base).is_empty();
        if default.purpose != Purpose::Development && is_left(default) || alone {
            return Fact::new(
                Some(default.name.clone()),
                default.place.clone(),
                "the default, and nothing names another for production",
            );
        }
    }
    // The default is for development: what is left must do. What others are built upon is last: the project's own
    // servers start with something.
    let served_so = by_statement(candidates, stated, |statement, one| {
        served(statement) && one.purpose == Purpose::Development
    });
    for purpose in [Purpose::Plain, Purpose::Platform, Purpose::Staging, Purpose::Base] {
        let left = others(purpose);
        match (left.as_slice(), served_so) {
            ([], _) => {}
            (_, Some((one, place))) if purpose == Purpose::Base => {
                return Fact {
                    unknown: Some(format!(
                        "no settings module is for production by its name; `{}` is assumed",
                        one.name
                    )),
                    ..Fact::new(
                        Some(one.name.clone()),
                        place.clone(),
                        "assumed: the project's own servers are started with it",
                    )
                };
            }
            ([only], _) => {
                let why =
                    format!("no settings module is for production by its name; `{}` is assumed", only.name);
                let reason = match default {
                    Some(_) => "assumed: the default is for development, and this one is not",
                    None => {
                        "assumed: the module that `manage.py` names is not there, and this one is not for development"
                    }
                };
                return Fact { unknown: Some(why), ..by_name(only, reason) };
            }
            (several, _) => return undecided(several, "production"),
        }
    }
    match default {
        Some(default) => by_name(default, "the only settings module"),
        None => Fact::unknown(None, Vec::new(), "no settings module was found"),
    }
}

fn development(
    candidates: &[Candidate],
    default: Option<&Candidate>,
    stated: &[Stated],
) -> Fact<Option<String>> {
    if let Some(default) = default
        && !matches!(default.purpose, Purpose::Production | Purpose::Base | Purpose::Staging)
    {
        return by_name(default, "the default of `manage.py`");
    }
    let named_so: Vec<&Candidate> =
        candidates.iter().filter(|one| one.purpose == Purpose::Development).collect();
    match named_so.as_slice() {
        [] => match default {
            Some(default) => {
                by_name(default, "the default of `manage.py`, and no other is for development by its name")
            }
            None => match candidates.iter().find(|one| one.purpose != Purpose::Test) {
                Some(first) => {
                    by_name(first, "no file names a settings module, and this one can be started with")
                }
                None => Fact::unknown(None, Vec::new(), "no settings module was found"),
            },
        },
        [only] => by_name(only, "its name says that it is for development"),
        several => {
            let is_one = |one: &Candidate| several.iter().any(|candidate| candidate.name == one.name);
            match by_statement(candidates, stated, |_, one| is_one(one)) {
                Some((candidate, place)) => {
                    Fact::new(Some(candidate.name.clone()), place.clone(), "sets DJANGO_SETTINGS_MODULE")
                }
                None => undecided(several, "development"),
            }
        }
    }
}

fn by_name(candidate: &Candidate, reason: &str) -> Fact<Option<String>> {
    Fact::new(Some(candidate.name.clone()), candidate.place.clone(), reason)
}

/// Several are as likely: the first is assumed, and it is asked.
fn undecided(several: &[&Candidate], what: &str) -> Fact<Option<String>> {
    let names: Vec<&str> = several.iter().map(|one| one.name.as_str()).collect();
    // The plainest name is the most likely: `prod` before `prod_eu`.
    let first = several.iter().min_by_key(|one| (one.name.len(), one.name.as_str()));
    let evidence =
        several.iter().map(|one| Evidence::new(one.place.clone(), format!("may be for {what}"))).collect();
    Fact {
        value: first.map(|one| one.name.clone()),
        evidence,
        unknown: Some(format!("{} may each be for {what}", crate::base::wording::and_ticked(&names))),
    }
}
