//! The stage that builds the front end.

use djdock::stack::Step;

use super::site::*;

#[test]
fn packages_that_static_files_are_collected_from_stay() {
    let with = |folder: &str| {
        let dirs =
            format!("STATICFILES_DIRS = [BASE_DIR / 'pages', ('fonts', BASE_DIR / 'frontend' / {folder})]\n");
        let site = Site::new(&format!("{OPEN}{}{dirs}", database("postgresql")), POSTGRES)
            .with(
                "frontend/package.json",
                r#"{"scripts": {"build": "vite build"}, "devDependencies": {"vite": "7"}}"#,
            )
            .with("frontend/package-lock.json", r#"{"lockfileVersion": 3}"#);
        let plan = site.plan();
        let all = steps(&plan, "assets");
        all.iter().any(
            |step| matches!(step, Step::Run { commands, .. } if commands.concat().contains(&"rm".to_owned())),
        )
    };
    assert!(with("'dist'"));
    assert!(!with("'node_modules' / '@fortawesome' / 'webfonts'"));
}

#[test]
fn packages_from_git_are_fetched_with_git_and_those_over_ssh_with_the_agents_key() {
    let stage = |address: &str| {
        let package = format!(
            "{{\"scripts\": {{\"build\": \"vite build\"}}, \"dependencies\": {{\"gauge\": \"{address}\"}}}}"
        );
        let plan =
            postgres().with("frontend/package.json", &package).with("frontend/yarn.lock", "# yarn\n").plan();
        steps(&plan, "assets").to_vec()
    };
    let packages = |steps: &[Step]| match &steps[0] {
        Step::SystemPackages { packages } => packages.join(" "),
        _ => String::new(),
    };
    let over_https = stage("git+https://git.example.org/gauge.git");
    assert_eq!(packages(&over_https), "ca-certificates git");
    assert!(!over_https.iter().any(|step| matches!(step, Step::Install { .. })));
    let over_ssh = stage("git+ssh://git@git.example.org/gauge.git");
    assert_eq!(packages(&over_ssh), "ca-certificates git openssh-client");
    assert!(over_ssh.iter().any(|step| matches!(step, Step::Install { ssh: true, .. })));
    assert!(over_ssh.iter().any(
        |step| matches!(step, Step::Environment { variables } if variables.contains_key("GIT_SSH_COMMAND"))
    ));
    assert_eq!(packages(&stage("^2.0.0")), "");
    let site = postgres().with("frontend/package.json", r#"{"scripts": {"build": "vite build"}, "dependencies": {"gauge": "git@git.example.org:team/gauge.git"}}"#);
    assert!(site.inspect().1.contains(&"requirement-over-ssh".to_owned()));
}

#[test]
fn a_front_end_that_only_watches_is_built_once_in_production_and_watched_in_development() {
    let site = |scripts: &str, lock: (&str, &str)| {
        let package =
            format!("{{\"scripts\": {{{scripts}}}, \"devDependencies\": {{\"tailwindcss\": \"3\"}}}}");
        postgres().with("package.json", &package).with(lock.0, lock.1).plan()
    };
    let builds = |plan: &djdock::plan::Plan| {
        let is_build = |step: &&Step| matches!(step, Step::Run { commands, .. } if commands.concat().join(" ").contains("exec"));
        steps(plan, "assets").iter().filter(is_build).count()
    };
    let css = r#""css": "npx tailwindcss -i main.css -o static/site.css --watch""#;
    let npm = ("package-lock.json", r#"{"lockfileVersion": 3}"#);
    let plan = site(css, npm);
    let command = ["npm", "exec", "--call", "npx tailwindcss -i main.css -o static/site.css --minify"];
    let is_command = |step: &Step| matches!(step, Step::Run { commands, .. } if commands[0] == command);
    assert!(steps(&plan, "assets").iter().any(is_command));
    let assets = plan.dev.services.iter().find(|service| service.name == "assets").unwrap();
    assert!(format!("{:?}", plan.dev.images).contains("exec npm run css"), "{:?}", plan.dev.images);
    assert!(assets.stdin_open);
    // A script that builds is run as it is.
    let plan = site(&format!(r#"{css}, "build": "tailwindcss -i main.css -o static/site.css""#), npm);
    assert_eq!(builds(&plan), 0);
    let plan = site(css, ("yarn.lock", "# yarn\n"));
    assert_eq!(builds(&plan), 1);
}
