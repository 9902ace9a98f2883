//! A compose file's model, changed so that it runs beside everything else: the only ways in which what is proven
//! differs from what is written.
//!
//! - names, volumes and networks are the run's own, and everything carries its label;
//! - images were built before, under tags of the run;
//! - published ports are free ones of the loopback interface;
//! - what writes outside of the stack does nothing, because a run has no right to;
//! - a container that ends stays ended, so that its end is seen;
//! - health checks are asked every second instead of every ten or thirty, with the same patience.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};
use serde_json::{Map, Value, json};

/// The purpose of the changed model.
#[derive(Clone, Debug)]
pub(super) struct Isolation<'a> {
    /// The run's name.
    pub id: &'a str,
    /// Carried by everything that the run makes.
    pub labels: &'a BTreeMap<String, String>,
    /// The stack's own name, for images that have none.
    pub name: &'a str,
    /// The folder that compose took for the project's.
    pub staged: &'a Utf8Path,
    /// The folder that is mounted instead.
    pub mounted: &'a Utf8Path,
    /// The folder that is built instead.
    pub built: &'a Utf8Path,
    /// Services that write to something outside of the stack.
    pub outside: &'a [String],
    /// True if ports are published on the Engine's every interface, because loopback is not this machine's.
    pub everywhere: bool,
}

/// An image that the stack builds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ToBuild {
    /// The name in the report.
    pub name: String,
    /// The tag of the run.
    pub tag: String,
    pub context: Utf8PathBuf,
    pub dockerfile: Utf8PathBuf,
    pub target: Option<String>,
    pub arguments: BTreeMap<String, String>,
}

/// A folder of the host in a container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bind {
    pub service: String,
    pub source: Utf8PathBuf,
    pub target: String,
}

/// The parts that were taken out of a model.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Taken {
    pub images: Vec<ToBuild>,
    pub binds: Vec<Bind>,
    /// Requests of a build that this run cannot serve: `secrets` of the service `web`.
    pub beyond: Vec<String>,
}

/// Changes `model`, and says what is to be built for it.
pub(super) fn isolate(model: &mut Value, isolation: &Isolation<'_>) -> Taken {
    let mut taken = Taken::default();
    let Some(services) = model.get_mut("services").and_then(Value::as_object_mut) else { return taken };
    let tags = take_builds(services, isolation, &mut taken);
    for (name, service) in services.iter_mut() {
        let Some(service) = service.as_object_mut() else { continue };
        let image = service.get("image").and_then(Value::as_str).map(str::to_owned);
        let tag = tags.get(name).or_else(|| tags.get(&shared(image.as_deref().unwrap_or_default())));
        if let Some(tag) = tag {
            service.insert("image".to_owned(), json!(tag));
            service.insert("pull_policy".to_owned(), json!("never"));
        }
        service.remove("container_name");
        if isolation.outside.contains(name) {
            service.insert("command".to_owned(), json!(["true"]));
        }
        service.insert("restart".to_owned(), json!("no"));
        free_ports(service, isolation.everywhere);
        label(service, isolation.labels);
        quicken(service);
        mount(name, service, isolation, &mut taken.binds);
    }
    for kind in ["volumes", "networks"] {
        let things = model.get_mut(kind).and_then(Value::as_object_mut);
        for (name, thing) in things.into_iter().flatten() {
            if !thing.is_object() {
                *thing = json!({});
            }
            if let Some(thing) = thing.as_object_mut() {
                thing.remove("external");
                thing.insert("name".to_owned(), json!(format!("{}_{name}", isolation.id)));
                label(thing, isolation.labels);
            }
        }
    }
    for kind in ["secrets", "configs"] {
        let things = model.get_mut(kind).and_then(Value::as_object_mut);
        for thing in things.into_iter().flatten().filter_map(|(_, thing)| thing.as_object_mut()) {
            thing.remove("name");
        }
    }
    if let Some(model) = model.as_object_mut() {
        model.insert("name".to_owned(), json!(isolation.id));
    }
    taken
}

/// The key under which an image that several services share is found.
fn shared(image: &str) -> String {
    format!("image {image}")
}

/// Takes the builds out, and gives a tag for each service that has one and for each image name.
fn take_builds(
    services: &mut Map<String, Value>,
    isolation: &Isolation<'_>,
    taken: &mut Taken,
) -> BTreeMap<String, String> {
    let mut tags = BTreeMap::new();
    for (name, service) in services.iter_mut() {
        let Some(service) = service.as_object_mut() else { continue };
        let Some(build) = service.remove("build") else { continue };
        let image = service.get("image").and_then(Value::as_str).map(str::to_owned);
        for key in ["secrets", "ssh", "additional_contexts", "dockerfile_inline"] {
            if build.get(key).is_some_and(|value| !value.is_null()) {
                taken.beyond.push(format!("`{key}` of the service `{name}`"));
            }
        }
        let text = |key: &str| build.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
        let context = moved(text("context").unwrap_or_default(), isolation.staged, isolation.built);
        let dockerfile = Utf8PathBuf::from(text("dockerfile").unwrap_or("Dockerfile"));
        let dockerfile = dockerfile
            .strip_prefix(text("context").unwrap_or_default())
            .map_or_else(|_| dockerfile.clone(), Utf8Path::to_owned);
        let arguments = build.get("args").and_then(Value::as_object).into_iter().flatten();
        let arguments = arguments.map(|(name, value)| (name.clone(), plain(value))).collect();
        let wanted = ToBuild {
            name: image.clone().unwrap_or_else(|| format!("{}-{name}", isolation.name)),
            tag: format!("{}-{name}", isolation.id),
            context,
            dockerfile,
            target: text("target").map(str::to_owned),
            arguments,
        };
        let same = |known: &&ToBuild| {
            let what = |one: &ToBuild| {
                (one.context.clone(), one.dockerfile.clone(), one.target.clone(), one.arguments.clone())
            };
            what(known) == what(&wanted)
        };
        let known = taken.images.iter().find(same).map(|known| known.tag.clone());
        let tag = known.unwrap_or_else(|| {
            taken.images.push(wanted.clone());
            wanted.tag
        });
        tags.extend(image.map(|image| (shared(&image), tag.clone())));
        tags.insert(name.clone(), tag);
    }
    tags
}

fn plain(value: &Value) -> String {
    // Compose writes `$` doubled, because the model is a compose file again.
    value.as_str().map_or_else(|| value.to_string(), |text| text.replace("$$", "$"))
}

/// `path` below `from` as the same path below `to`.
fn moved(path: &str, from: &Utf8Path, to: &Utf8Path) -> Utf8PathBuf {
    match Utf8Path::new(path).strip_prefix(from) {
        Ok(rest) if rest.as_str().is_empty() => to.to_owned(),
        Ok(rest) => to.join(rest),
        Err(_) => Utf8PathBuf::from(path),
    }
}

fn free_ports(service: &mut Map<String, Value>, everywhere: bool) {
    for port in service.get_mut("ports").and_then(Value::as_array_mut).into_iter().flatten() {
        if let Some(port) = port.as_object_mut() {
            port.remove("published");
            port.insert("host_ip".to_owned(), json!(if everywhere { "0.0.0.0" } else { "127.0.0.1" }));
        }
    }
}

fn label(thing: &mut Map<String, Value>, added: &BTreeMap<String, String>) {
    let labels = thing.entry("labels").or_insert_with(|| json!({}));
    if !labels.is_object() {
        *labels = json!({});
    }
    if let Some(labels) = labels.as_object_mut() {
        // Compose takes `$` for the beginning of a variable's name.
        labels.extend(added.iter().map(|(name, value)| (name.clone(), json!(value.replace('$', "$$")))));
    }
}

/// Asks every second what was asked less often, as often as fits into the same time.
fn quicken(service: &mut Map<String, Value>) {
    let Some(check) = service.get_mut("healthcheck").and_then(Value::as_object_mut) else { return };
    if check.get("disable") == Some(&Value::Bool(true)) {
        return;
    }
    let every = check.get("interval").and_then(Value::as_str).and_then(seconds).unwrap_or(30);
    let retries = check.get("retries").and_then(Value::as_u64).unwrap_or(3);
    if every > 1 {
        check.insert("interval".to_owned(), json!("1s"));
        check.insert("retries".to_owned(), json!(every * retries));
    }
    check.remove("start_interval");
}

/// Whole seconds of a duration as compose prints it: `1m30s`, `500ms`.
fn seconds(text: &str) -> Option<u64> {
    let mut total = 0;
    let mut rest = text;
    while !rest.is_empty() {
        let digits = rest.find(|letter: char| !letter.is_ascii_digit())?;
        let number: u64 = rest[..digits].parse().ok()?;
        rest = &rest[digits..];
        let (factor, unit) = [("ms", 0), ("us", 0), ("ns", 0), ("h", 3600), ("m", 60), ("s", 1)]
            .iter()
            .find(|(unit, _)| rest.starts_with(unit))
            .map(|(unit, factor)| (*factor, unit.len()))?;
        total += number * factor;
        rest = &rest[unit..];
    }
    Some(total)
}

fn mount(name: &str, service: &mut Map<String, Value>, isolation: &Isolation<'_>, binds: &mut Vec<Bind>) {
    for volume in service.get_mut("volumes").and_then(Value::as_array_mut).into_iter().flatten() {
        let Some(volume) = volume.as_object_mut() else { continue };
        if volume.get("type").and_then(Value::as_str) != Some("bind") {
            continue;
        }
        let text = |key: &str| volume.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let source = moved(&text("source"), isolation.staged, isolation.mounted);
        binds.push(Bind { service: name.to_owned(), source: source.clone(), target: text("target") });
        volume.insert("source".to_owned(), json!(source.as_str()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn isolated(mut model: Value) -> (Value, Taken) {
        let labels = BTreeMap::from([("djdock.smoke".to_owned(), "1".to_owned())]);
        let isolation = Isolation {
            id: "djdock-smoke-1",
            labels: &labels,
            name: "shop",
            staged: Utf8Path::new("/tmp/stage"),
            mounted: Utf8Path::new("/tmp/copy"),
            built: Utf8Path::new("/home/ana/shop"),
            outside: &["collectstatic".to_owned()],
            everywhere: false,
        };
        let taken = isolate(&mut model, &isolation);
        (model, taken)
    }

    #[test]
    fn what_would_write_outside_of_the_stack_does_nothing() {
        let (model, _) = isolated(json!({"services": {
            "collectstatic": {"image": "shop", "command": ["python", "manage.py", "collectstatic"]},
            "web": {"image": "shop", "command": ["gunicorn"]},
        }}));
        assert_eq!(model["services"]["collectstatic"]["command"], json!(["true"]));
        assert_eq!(model["services"]["web"]["command"], json!(["gunicorn"]));
    }

    #[test]
    fn nothing_of_a_running_stack_is_shared() {
        let (model, _) = isolated(json!({
            "name": "shop",
            "services": {"db": {
                "image": "postgres:17",
                "container_name": "db",
                "restart": "unless-stopped",
                "ports": [{"mode": "ingress", "target": 5432, "published": "5432", "protocol": "tcp"}],
                "healthcheck": {"test": ["CMD", "pg_isready"], "interval": "1m30s", "retries": 5, "start_period": "30s"},
            }},
            "volumes": {"data": {"name": "shop_data"}, "old": {"name": "old", "external": true}},
            "networks": {"default": null},
        }));
        let expected = json!({
            "name": "djdock-smoke-1",
            "services": {"db": {
                "image": "postgres:17",
                "restart": "no",
                "ports": [{"mode": "ingress", "target": 5432, "protocol": "tcp", "host_ip": "127.0.0.1"}],
                "healthcheck": {"test": ["CMD", "pg_isready"], "interval": "1s", "retries": 450, "start_period": "30s"},
                "labels": {"djdock.smoke": "1"},
            }},
            "volumes": {
                "data": {"name": "djdock-smoke-1_data", "labels": {"djdock.smoke": "1"}},
                "old": {"name": "djdock-smoke-1_old", "labels": {"djdock.smoke": "1"}},
            },
            "networks": {"default": {"name": "djdock-smoke-1_default", "labels": {"djdock.smoke": "1"}}},
        });
        assert_eq!(model, expected);
    }

    #[test]
    fn one_image_is_built_once_and_shared() {
        let build = |target: &str| json!({"context": "/tmp/stage/backend", "dockerfile": "Dockerfile.prod", "target": target, "args": {"UID": "1000", "X": "a$$b"}});
        let (model, taken) = isolated(json!({"services": {
            "migrate": {"image": "shop-web", "command": ["x"]},
            "web": {"image": "shop-web", "build": build("app")},
            "worker": {"build": build("app")},
            "nginx": {"build": build("nginx")},
        }}));
        let image = |service: &str| model["services"][service]["image"].as_str().unwrap().to_owned();
        assert_eq!(image("migrate"), image("web"));
        assert_eq!(image("worker"), image("web"));
        assert_eq!(image("nginx"), "djdock-smoke-1-nginx");
        let names: Vec<(&str, &str)> =
            taken.images.iter().map(|image| (image.name.as_str(), image.tag.as_str())).collect();
        assert_eq!(names, [("shop-web", "djdock-smoke-1-web"), ("shop-nginx", "djdock-smoke-1-nginx")]);
        assert_eq!(taken.images[0].context, "/home/ana/shop/backend");
        assert_eq!(taken.images[0].arguments["X"], "a$b");
    }

    #[test]
    fn folders_of_the_project_are_mounted_from_the_copy() {
        let (model, taken) = isolated(json!({"services": {"web": {"volumes": [
            {"type": "bind", "source": "/tmp/stage", "target": "/app"},
            {"type": "bind", "source": "/etc/localtime", "target": "/etc/localtime"},
            {"type": "volume", "source": "data", "target": "/data"},
        ]}}}));
        let volumes = &model["services"]["web"]["volumes"];
        assert_eq!(
            (&volumes[0]["source"], &volumes[1]["source"]),
            (&json!("/tmp/copy"), &json!("/etc/localtime"))
        );
        assert_eq!(taken.binds.len(), 2);
    }
}
