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
