//! Compose files, parsed, are the stack as data: templates add comments and order, never meaning.

use std::collections::BTreeMap;

use djdock::stack::Stack;
use djdock::stack::{Condition, Memory, Mount, Restart, Service, ServiceImage, Text, TextPart};
use serde_json::{Map, Value, json};

use crate::support::pipeline::{Made, example};

/// Compose files name the same paths with and without `./`, and what is not there is as what is empty.
fn normal(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let filled = map.into_iter().map(|(key, value)| (key, normal(value)));
            Value::Object(filled.filter(|(_, value)| *value != json!([]) && *value != json!({})).collect())
        }
        Value::Array(items) => items.into_iter().map(normal).collect(),
        Value::String(text) => Value::String(text.strip_prefix("./").unwrap_or(&text).to_owned()),
        other => other,
    }
}

fn escaped(text: &str) -> String {
    text.replace('$', "$$")
}

fn text(text: &Text) -> String {
    let part = |part: &TextPart| match part {
        TextPart::Known { text } => escaped(text),
        TextPart::Variable { name } => format!("${{{name}}}"),
        TextPart::VariableOr { name, text } => format!("${{{name}:-{}}}", escaped(text)),
    };
    text.0.iter().map(part).collect()
}

fn mount(mount: &Mount) -> String {
    match mount {
        Mount::Volume { volume: from, target, read_only }
        | Mount::Bind { source: from, target, read_only } => {
            format!("{from}:{target}{}", if *read_only { ":ro" } else { "" })
        }
        Mount::Anonymous { target } => target.clone(),
    }
}

fn condition(condition: Condition) -> &'static str {
    match condition {
        Condition::Healthy => "service_healthy",
        Condition::Started => "service_started",
        Condition::CompletedSuccessfully => "service_completed_successfully",
    }
}

fn restart(restart: Restart) -> String {
    match restart {
        Restart::No => "no".to_owned(),
        Restart::UnlessStopped => "unless-stopped".to_owned(),
        Restart::OnFailure(times) => format!("on-failure:{times}"),
    }
}

fn tmpfs(memory: &Memory) -> String {
    let owner = memory.owner.as_deref().map(|owner| owner.split(':').collect::<Vec<_>>());
    match owner.as_deref() {
        Some([uid, gid]) => format!("{}:uid={uid},gid={gid}", memory.folder),
        _ => memory.folder.clone(),
    }
}

fn service(stack: &Stack, service: &Service, built: &mut Vec<String>) -> Value {
    let mut out = Map::new();
    let mut set = |key: &str, value: Value| out.insert(key.to_owned(), value);
    match &service.image {
        ServiceImage::Named { tag } => {
            set("image", tag.clone().into());
        }
        ServiceImage::Built { image, arguments } => {
            set("image", format!("{image}:${{IMAGE_TAG:-{}}}", stack.environment.word()).into());
            set("pull_policy", "never".into());
            if !built.contains(image) {
                built.push(image.clone());
                let made =
                    stack.images.iter().find(|made| made.name == *image).expect("the image is in the stack");
                let arguments: BTreeMap<_, _> =
                    arguments.iter().map(|argument| (&argument.name, text(&argument.value))).collect();
                let mut build = json!({ "context": ".", "dockerfile": made.dockerfile, "args": arguments });
                if let Some(target) = &made.target {
                    build["target"] = target.clone().into();
                }
                set("build", build);
            }
        }
    }
    set("entrypoint", service.entrypoint.iter().map(|word| escaped(word)).collect());
    set("command", service.command.iter().map(|word| escaped(word)).collect());
    let environment: BTreeMap<_, _> =
        service.environment.iter().map(|(name, value)| (name, text(value))).collect();
    set("environment", json!(environment));
    set("env_file", if service.env_file { json!([stack.env_file]) } else { json!([]) });
    let after: BTreeMap<_, _> = service
        .depends_on
        .iter()
        .map(|after| (&after.service, json!({ "condition": condition(after.condition) })))
        .collect();
    set("depends_on", json!(after));
    let check = service.health_check.as_ref().map(|check| {
        let mut test = vec![if check.shell { "CMD-SHELL" } else { "CMD" }.to_owned()];
        test.extend(check.test.iter().map(|word| escaped(word)));
        json!({
            "test": test,
            "interval": format!("{}s", check.interval),
            "timeout": format!("{}s", check.timeout),
            "retries": check.retries,
            "start_period": format!("{}s", check.start_period),
            "start_interval": format!("{}s", check.start_interval),
        })
    });
    set("healthcheck", check.unwrap_or(json!({ "disable": true })));
    set("volumes", service.mounts.iter().map(|one| escaped(&mount(one))).collect());
    set("tmpfs", service.memory.iter().map(|memory| escaped(&tmpfs(memory))).collect());
    let port = |port: &djdock::stack::PublishedPort| {
        let interface = port.interface.as_deref().unwrap_or("0.0.0.0");
        format!("{interface}:${{{}:-{}}}:{}", port.variable, port.published, port.container)
    };
    set("ports", service.ports.iter().map(port).collect());
    set("networks", json!(service.networks));
    let secrets = stack.secrets.iter().filter(|secret| service.secrets.contains(&secret.name));
    set("secrets", secrets.map(|secret| json!({ "source": secret.name, "target": secret.target })).collect());
    set("restart", restart(service.restart).into());
    set("cap_add", json!(service.cap_add));
    set("cap_drop", if service.cap_drop_all { json!(["ALL"]) } else { json!([]) });
    let options = if service.no_new_privileges { json!(["no-new-privileges:true"]) } else { json!([]) };
    set("security_opt", options);
    set("group_add", service.groups.iter().map(text).collect());
    set("profiles", json!(service.profiles));
    for (key, is_set) in [("init", service.init), ("read_only", service.read_only)] {
        if is_set {
            set(key, true.into());
        }
    }
    if service.log_rotation {
        let options = json!({ "max-size": "10m", "max-file": "3" });
        set("logging", json!({ "driver": "json-file", "options": options }));
    }
    let grace = service.stop_grace_period.map(|seconds| format!("{seconds}s"));
    let shared_memory = service.shared_memory.map(|megabytes| format!("{megabytes}m"));
    let texts = [
        ("user", &service.user),
        ("shm_size", &shared_memory),
        ("stop_grace_period", &grace),
        ("stop_signal", &service.stop_signal),
    ];
    for (key, value) in texts {
        if let Some(value) = value {
            set(key, value.clone().into());
        }
    }
    Value::Object(out)
}

fn document(stack: &Stack) -> Value {
    let mut built = Vec::new();
    let services: BTreeMap<_, _> =
        stack.services.iter().map(|one| (&one.name, service(stack, one, &mut built))).collect();
    let networks: BTreeMap<_, _> = stack
        .networks
        .iter()
        .map(|network| {
            (&network.name, if network.internal { json!({ "internal": true }) } else { Value::Null })
        })
        .collect();
    let volumes: BTreeMap<_, _> = stack.volumes.iter().map(|volume| (&volume.name, Value::Null)).collect();
    let secrets: BTreeMap<_, _> =
        stack.secrets.iter().map(|secret| (&secret.name, json!({ "file": secret.file }))).collect();
    json!({
        "name": stack.name,
        "services": services,
        "networks": networks,
        "volumes": volumes,
        "secrets": secrets,
    })
}

/// Compares the file of a stack with the stack.
pub(crate) fn compare(made: &Made, stack: &Stack, name: &str) {
    let file = made.plan.target.file(stack.environment).as_str();
    let mut found = made.compose(file);
    found.as_object_mut().expect("a mapping").remove("x-logging");
    let (found, expected) = (normal(found), normal(document(stack)));
    for (service, expected) in expected["services"].as_object().expect("services") {
        assert_eq!(found["services"][service], *expected, "{name}: {file}: {service}");
    }
    assert_eq!(found, expected, "{name}: {file}");
}

#[test]
fn compose_files_say_what_the_stack_says() {
    for name in ["polls", "shop", "board"] {
        let made = example(name);
        for stack in made.plan.stacks() {
            compare(&made, stack, name);
        }
    }
}

#[test]
fn services_and_what_they_wait_for_are_in_alphabetical_order() {
    for name in ["polls", "shop", "board"] {
        let made = example(name);
        for file in ["compose.yaml", "compose.prod.yaml"] {
            let compose = made.compose(file);
            let services = compose["services"].as_object().expect("services");
            assert!(services.keys().is_sorted(), "{name}: {file}");
            for service in services.values() {
                if let Some(after) = service["depends_on"].as_object() {
                    assert!(after.keys().is_sorted(), "{name}: {file}");
                }
            }
        }
    }
}
