//! The front end in development: kept built by a service of its own.

use djdock::plan::Plan;
use djdock::stack::{Condition, Mount, Service, Step};

use super::site::*;

fn site(package: &str) -> Site {
    postgres().with("pages/theme/package.json", package)
}

fn assets(plan: &Plan) -> (&Service, String) {
    let service = service(&plan.dev, "assets");
    let image = plan.dev.images.iter().find(|image| image.name.ends_with("-assets")).unwrap();
    let stage = image.stages.iter().find(|stage| stage.name == "assets").unwrap();
    let command = stage.steps.iter().find_map(|step| match step {
        Step::Cmd { argv } => Some(argv.join(" ")),
        _ => None,
    });
    (service, command.unwrap())
}

const WATCHES: &str = r#"{"scripts": {"build": "postcss a.css -o b.css", "start": "npm run dev", "dev": "postcss a.css -o b.css --watch"}}"#;

#[test]
fn a_script_that_watches_runs_beside_the_site() {
    let plan = site(WATCHES).plan();
    let (service, command) = assets(&plan);
    assert_eq!(command, "sh -c npm install --no-save --no-audit --no-fund && exec npm run dev");
    assert!(service.stdin_open && service.ports.is_empty() && service.health_check.is_none());
    let mounts = format!("{:?}", service.mounts);
    assert!(
        mounts.contains("/app/pages/theme/node_modules") && mounts.contains("target: \"/app\""),
        "{mounts}"
    );
    let web = djdock::stack::Stack::service(&plan.dev, "web").unwrap();
    assert!(
        web.mounts.iter().any(|mount| matches!(mount, Mount::Volume { volume, .. } if volume == "packages"))
    );
    assert!(plan.dev.volumes.iter().any(|volume| volume.name == "packages"));
    assert!(plan.notes.iter().any(|note| note.text.contains("`assets` runs `npm run dev`")));
    assert!(plan.prod.service("assets").is_none());
}

#[test]
fn without_one_the_front_end_is_built_once_before_the_site_starts() {
    let plan = site(r#"{"scripts": {"build": "webpack"}}"#).with("pages/theme/yarn.lock", "# yarn\n").plan();
    let (service, command) = assets(&plan);
    assert_eq!(command, "sh -c yarn install --frozen-lockfile && exec yarn run build");
    assert!(!service.stdin_open);
    let web = plan.dev.service("web").unwrap();
    let waits = web.depends_on.iter().find(|one| one.service == "assets").unwrap();
    assert_eq!(waits.condition, Condition::CompletedSuccessfully);
}

#[test]
fn the_server_of_vite_is_published_where_the_tags_of_django_vite_look_for_it() {
    let settings = format!("{OPEN}{}INSTALLED_APPS += ['django_vite']\n", database("postgresql"));
    let package =
        r#"{"scripts": {"build": "vite build", "dev": "vite"}, "devDependencies": {"vite": "^7.0.0"}}"#;
    let plan = Site::new(&settings, POSTGRES)
        .with("ui/package.json", package)
        .with(
            "ui/vite.config.ts",
            "export default { server: { port: 3000 }, build: { outDir: '../pages/static' } }",
        )
        .plan();
    let (service, command) = assets(&plan);
    assert!(command.ends_with("exec npm run dev -- --host 0.0.0.0 --port 3000"), "{command}");
    assert_eq!(
        (service.ports[0].published, service.ports[0].interface.as_deref()),
        (3000, Some("127.0.0.1"))
    );
}

#[test]
fn an_app_that_watches_by_a_command_runs_in_the_projects_own_image() {
    let settings = format!("{OPEN}{}INSTALLED_APPS += ['django_tailwind_cli']\n", database("postgresql"));
    let plan = Site::new(&settings, POSTGRES).plan();
    let styles = service(&plan.dev, "styles");
    assert_eq!(styles.command.join(" "), "python manage.py tailwind watch");
    assert!(styles.stdin_open);
    assert!(plan.dev.service("assets").is_none());
}

#[test]
fn a_project_without_a_front_end_has_no_such_service() {
    let plan = postgres().plan();
    assert!(plan.dev.service("assets").is_none() && plan.dev.service("styles").is_none());
    assert_eq!(plan.dev.images.len(), 1);
}
