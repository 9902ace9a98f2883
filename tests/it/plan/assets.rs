//! The stage that builds the front end.

use djdock::plan::stack::Step;

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
