//! Failures 1 to 3, and 14: static files, and who may write where.

use crate::support::pipeline::{Made, SETTINGS, example, project, startproject};

/// The folder that nginx takes for a location.
fn alias(made: &Made, location: &str) -> String {
    let nginx = made.file("docker/nginx/default.conf.template");
    let start = format!("location {location} {{");
    let (_, block) = nginx.split_once(&start).unwrap_or_else(|| panic!("no {start} in\n{nginx}"));
    let line = block.lines().find_map(|line| line.trim().strip_prefix("alias "));
    line.expect("an alias").trim_end_matches(';').trim_matches('"').to_owned()
}

/// Where the proxy's image takes static files from, and where it puts them.
fn copied_static(made: &Made) -> (String, String) {
    let dockerfile = made.dockerfile("Dockerfile.prod");
    let proxy = dockerfile.stages.last().expect("a stage");
    let copy = proxy.all("COPY").into_iter().find(|copy| copy.contains("--from=") && !copy.contains(".conf"));
    let words: Vec<&str> =
        copy.expect("static files are copied").split(' ').filter(|word| !word.starts_with("--")).collect();
    (words[0].to_owned(), words[1].to_owned())
}

#[test]
fn f01_static_root_volume_and_alias_agree() {
    for (name, root) in
        [("polls", "/app/staticfiles"), ("shop", "/app/staticfiles"), ("board", "/app/.static_root")]
    {
        let made = example(name);
        let (from, to) = copied_static(&made);
        assert_eq!(from.trim_end_matches('/'), root, "{name}: collected there by the project's settings");
        let alias = alias(&made, "/static/");
        assert!(alias.ends_with('/'), "{name}: `location /static/` and its alias end alike");
        assert_eq!(
            alias.trim_end_matches('/'),
            to.trim_end_matches('/'),
            "{name}: nginx looks where they are"
        );
    }
    // The project says no STATIC_ROOT, so the overlay says the folder that is copied.
    assert!(example("polls").overlay().contains("STATIC_ROOT = "), "polls has no STATIC_ROOT of its own");
}

#[test]
fn f02_static_files_are_never_older_than_the_image() {
    for name in ["polls", "shop", "board"] {
        let made = example(name);
        let (from, to) = copied_static(&made);
        let compose = made.compose("compose.prod.yaml");
        for (service, definition) in compose["services"].as_object().expect("services") {
            for mount in definition["volumes"].as_array().into_iter().flatten() {
                let mount = mount.as_str().map_or_else(|| mount.to_string(), ToOwned::to_owned);
                for folder in [&from, &to] {
                    assert!(
                        !mount.contains(folder.trim_end_matches('/')),
                        "{name}: {service} hides {folder} by {mount}"
                    );
                }
            }
        }
    }
}

#[test]
fn f03_static_files_are_collected_with_throw_away_values() {
    let made = example("shop");
    let dockerfile = made.dockerfile("Dockerfile.prod");
    let (stage, run) = dockerfile
        .stages
        .iter()
        .find_map(|stage| Some((stage, *stage.all("RUN").iter().find(|run| run.contains("collectstatic"))?)))
        .expect("static files are collected at build");
    for variable in ["DJANGO_SECRET_KEY", "DJANGO_ALLOWED_HOSTS", "REDIS_URL"] {
        assert!(
            run.contains(&format!("{variable}=")),
            "the settings cannot be imported without {variable}: {run}"
        );
        for keyword in ["ENV", "ARG"] {
            assert!(
                stage.all(keyword).iter().all(|line| !line.contains(variable)),
                "{variable} stays in the image"
            );
        }
    }
    let (_, key) = run.split_once("DJANGO_SECRET_KEY=").expect("checked above");
    let key = key.split_whitespace().next().unwrap_or_default().trim_matches(['\'', '"']);
    assert!(key.len() >= 50, "some projects refuse a short key: {key}");
    assert!(!made.env().values().any(|value| *value == key), "a secret was used at build");
}

#[test]
fn f14_volume_is_owned_by_the_user_that_writes_to_it() {
    let media = format!("{SETTINGS}MEDIA_URL = '/media/'\nMEDIA_ROOT = BASE_DIR / 'uploads'\n");
    for made in [example("board"), project(&startproject(&media, "Django==5.2.19\ngunicorn==27.0.1\n"))] {
        let dockerfile = made.dockerfile("Dockerfile.prod");
        let compose = made.compose("compose.prod.yaml");
        let web = &compose["services"]["web"];
        let stage = dockerfile.stage(&made.web_stage());
        let user = stage.position("USER", "").expect("a user");
        let mounts = web["volumes"].as_array().expect("uploads are kept in a volume");
        let mut volumes = 0;
        for mount in mounts.iter().filter_map(|mount| mount.as_str()) {
            let mut parts = mount.split(':');
            let (source, folder) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
            if source.starts_with(['.', '/']) {
                continue;
            }
            volumes += 1;
            let owned = stage.instructions[..user].iter().any(|(keyword, rest)| {
                let words: Vec<&str> = rest.split_whitespace().collect();
                let gives_away = rest.contains("--owner=") || rest.contains("chown");
                keyword == "RUN" && gives_away && words.contains(&folder)
            });
            assert!(owned, "{folder} belongs to root, or is not there: {:#?}", stage.instructions);
        }
        assert!(volumes > 0, "uploads are kept in a volume");
    }
}

#[test]
fn f14_a_new_volume_starts_with_the_uploads_that_the_project_brings() {
    let settings = format!("{SETTINGS}MEDIA_URL = '/media/'\nMEDIA_ROOT = BASE_DIR / 'media'\n");
    let plain = startproject(&settings, "Django==5.2.1\n");
    let mut brings = plain.clone();
    brings.extend([("media/.gitkeep", "x"), ("media/profile/default.jpg", "jpeg")]);
    let made = project(&brings);
    let ignored = |made: &Made| made.file(".dockerignore").lines().any(|line| line == "media");
    assert!(!ignored(&made), "a picture that stands in for those of people is in the image");
    let stage = made.web_stage();
    let dockerfile = made.dockerfile("Dockerfile.prod");
    let owns = |dockerfile: &crate::support::dockerfile::Dockerfile| {
        let app = dockerfile.stages.iter().find(|one| one.name == stage).expect("the stage of web");
        app.all("RUN").iter().any(|run| run.contains("chown --recursive 10001:10001 /app/media"))
    };
    assert!(owns(&dockerfile), "people can replace it");
    let probes: Vec<&str> = made.plan.probes.iter().map(|probe| probe.name).collect();
    assert!(probes.contains(&"project-media"), "{probes:?}");
    // What only keeps the folder is no such file.
    let mut kept = plain;
    kept.push(("media/.gitkeep", "x"));
    let made = project(&kept);
    assert!(ignored(&made));
}

#[test]
fn f02_what_a_project_keeps_in_static_root_alone_is_served() {
    let settings = format!("{SETTINGS}STATIC_ROOT = BASE_DIR / 'static'\n");
    let mut files = startproject(&settings, "Django==5.2.1\n");
    let collects = |made: &Made| {
        let stage = made.web_stage();
        let dockerfile = made.dockerfile("Dockerfile.prod");
        let app = dockerfile.stages.iter().find(|one| one.name == stage).expect("the stage of web");
        let runs = app.all("RUN").into_iter().map(str::to_owned);
        runs.into_iter().find(|run| run.contains("collectstatic")).expect("files are collected")
    };
    let ignored = |made: &Made| made.file(".dockerignore").lines().any(|line| line == "static");
    let nothing = project(&files);
    assert!(ignored(&nothing) && !collects(&nothing).contains("touch"));
    files.extend([("static/site.css", "body {}"), ("static/admin/css/base.css", "of an old Django")]);
    let made = project(&files);
    assert!(!ignored(&made));
    // Collecting skips what looks newer than its source.
    assert!(collects(&made).contains("find /app/static -type f -exec touch -d @0"), "{}", collects(&made));
    let probes = made.plan.probes.iter().filter(|probe| probe.name == "project-static");
    assert_eq!(probes.count(), 1, "in production: the development server looks in the folders of apps alone");
}

#[test]
fn f14_log_files_that_the_build_made_are_not_roots() {
    let log = |folder: &str| {
        format!(
            "{SETTINGS}LOGGING = {{'version': 1, 'handlers': {{'file': {{'class': 'logging.FileHandler', 'filename': BASE_DIR / '{folder}' / 'a.log'}}}}}}\n"
        )
    };
    let run = |made: &Made, part: &str| {
        let stage = made.web_stage();
        let dockerfile = made.dockerfile("Dockerfile.prod");
        let app = dockerfile.stages.iter().find(|one| one.name == stage).expect("the stage of web");
        app.all("RUN").iter().any(|run| run.contains(part))
    };
    let settings = log("logs");
    let made = project(&startproject(&settings, "Django==5.2.1\n"));
    assert!(run(&made, "; true' && find /app/logs -type f -delete"), "{}", made.file("Dockerfile.prod"));
    // A folder of the project's keeps its files, and all of them are the user's.
    let mut files = startproject(&settings, "Django==5.2.1\n");
    files.push(("logs/.gitkeep", ""));
    let made = project(&files);
    assert!(run(&made, "chown --recursive 10001:10001 /app/logs") && !run(&made, "-delete"));
}
