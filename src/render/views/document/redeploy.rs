//! The part of DOCKER.md about replacing running containers.

use serde::Serialize;

use crate::catalog::target::Act;
use crate::plan::{OutputKind, Plan};
use crate::stack::{Role, Step};

/// The ways to replace running containers.
#[derive(Serialize)]
pub(super) struct Redeploy {
    /// The script, as a person types it.
    pub(super) script: String,
    /// The commands without the script, one a line.
    by_hand: Vec<String>,
    /// The service that runs the project.
    web: String,
    /// True if new containers can run beside the old ones.
    beside: bool,
    /// The proxy's service, where there is one.
    proxy: Option<String>,
    /// True if static files are in the proxy's image.
    proxy_holds_files: bool,
    /// True if something is done once before anything is replaced.
    once: bool,
}

impl Redeploy {
    pub(super) fn new(plan: &Plan) -> Option<Self> {
        let (target, stack) = (plan.target.entry(), &plan.prod);
        let script = plan.outputs.iter().find(|output| matches!(output.kind, OutputKind::Redeploy { .. }))?;
        let web = stack.role(Role::Web)?;
        let once = stack.once();
        let of_project = stack.built().filter(|service| service.role != Role::Proxy);
        let names = of_project.map(|service| service.name.as_str());
        let beside = web.ports.is_empty();
        let others = names.filter(|name| !(once.contains(name) || beside && *name == web.name));
        let services: Vec<&str> = others.collect();
        let mut by_hand = vec![target.command(stack, Act::Build)];
        let first = once.iter().map(|service| target.command(stack, Act::Once { service, words: &[] }));
        by_hand.extend(first);
        if beside {
            by_hand.extend((target.replace_beside)(stack.environment, &stack.env_file, &web.name));
        }
        if !services.is_empty() {
            by_hand.push(target.command(stack, Act::Replace { services: &services }));
        }
        let proxy = stack.role(Role::Proxy).map(|service| service.name.as_str());
        let mut stages = stack.images.iter().flat_map(|image| &image.stages);
        Some(Self {
            script: script.path.to_string(),
            by_hand,
            web: web.name.clone(),
            beside,
            proxy: proxy.map(str::to_owned),
            proxy_holds_files: stages.any(|stage| {
                Some(stage.name.as_str()) == proxy
                    && stage.steps.iter().any(|step| matches!(step, Step::CopyFrom { .. }))
            }),
            once: !once.is_empty(),
        })
    }
}
