//! What images hold beside the project's requirements, and what that needs of the system.

use djdock::plan::Plan;
use djdock::stack::{RunPurpose, Step};

use super::site::*;

fn system_packages(plan: &Plan, stage: &str) -> Vec<String> {
    let packages = steps(plan, stage).iter().find_map(|step| match step {
        Step::SystemPackages { packages } => Some(packages.clone()),
        _ => None,
    });
    packages.unwrap_or_default()
}

fn install(plan: &Plan) -> String {
    let commands = steps(plan, "builder").iter().find_map(|step| match step {
        Step::Install { commands, .. } => {
            Some(commands.iter().flatten().cloned().collect::<Vec<_>>().join(" "))
        }
        _ => None,
    });
    commands.unwrap_or_default()
}

#[test]
fn a_driver_that_djdock_adds_brings_its_system_packages() {
    let plan = Site::new(&format!("{OPEN}{}", database("mysql")), "django==5.2.1\n").plan();
    assert!(install(&plan).contains("mysqlclient=="), "{}", install(&plan));
    let built = system_packages(&plan, "builder");
    assert!(built.iter().any(|package| package == "default-libmysqlclient-dev"), "{built:?}");
    let run = system_packages(&plan, "app");
    assert!(run.iter().any(|package| package.starts_with("libmariadb")), "{run:?}");
}

#[test]
fn what_the_code_imports_and_nobody_requires_brings_its_system_packages() {
    let plan = postgres().with("pages/views.py", "import magic\n").plan();
    assert!(install(&plan).contains("python-magic"), "{}", install(&plan));
    let run = system_packages(&plan, "app");
    assert!(run.iter().any(|package| package.starts_with("libmagic")), "{run:?}");
}

#[test]
fn a_driver_that_the_settings_import_is_the_one() {
    let settings = format!("import pymysql\npymysql.install_as_MySQLdb()\n{OPEN}{}", database("mysql"));
    let plan = Site::new(&settings, "django==5.2.1\n").plan();
    assert!(!install(&plan).contains("mysqlclient"), "{}", install(&plan));
    assert!(install(&plan).contains("pymysql"), "{}", install(&plan));
    let checks = steps(&plan, "app").iter().any(
        |step| matches!(step, Step::Run { commands, .. } if commands.iter().flatten().any(|word| word == "import pymysql")),
    );
    assert!(checks, "{:?}", steps(&plan, "app"));
}

#[test]
fn files_are_kept_for_ever_only_where_this_django_hashes_their_names() {
    let immutable = |settings: &str, django: &str| {
        let plan = Site::new(
            &format!("{OPEN}{}{settings}", database("postgresql")),
            &format!("django=={django}\npsycopg[binary]==3.2.9\nwhitenoise==6.9.0\n"),
        )
        .plan();
        plan.prod.proxy.as_ref().is_some_and(|proxy| proxy.locations[0].immutable)
    };
    let manifest = "whitenoise.storage.CompressedManifestStaticFilesStorage";
    let old = format!("STATICFILES_STORAGE = '{manifest}'\n");
    let new = format!("STORAGES = {{'staticfiles': {{'BACKEND': '{manifest}'}}}}\n");
    assert!(immutable(&old, "4.1.13") && immutable(&old, "5.0.6"));
    assert!(!immutable(&old, "5.1.7"), "Django 5.1 does not look at it");
    assert!(immutable(&new, "5.1.7") && immutable(&new, "4.2.1"));
    assert!(!immutable(&new, "4.1.13"), "Django 4.1 does not look at it");
}

#[test]
fn what_was_frozen_on_another_system_is_left_out_of_the_copy_that_pip_reads() {
    let frozen = "django==5.2.1\npkg_resources==0.0.0\npython-magic-bin==0.4.14\npywin32-ctypes==0.2.3\n";
    let plan = Site::new(&format!("{CLOSED}{SQLITE}"), "-r requirements/frozen.txt\n")
        .with("requirements/frozen.txt", frozen)
        .plan();
    let builder = steps(&plan, "builder");
    let left_out = builder.iter().position(|step| {
        matches!(step, Step::Run { commands, purpose: RunPurpose::ForeignRequirements, .. }
            if commands[0][3..] == ["/^(pkg[-_.]+resources|python[-_.]+magic[-_.]+bin)([^A-Za-z0-9._-]|$)/Id", "/app/requirements/frozen.txt"])
    });
    let installs = builder.iter().position(|step| matches!(step, Step::Install { .. }));
    assert!(left_out.is_some() && left_out < installs, "{builder:#?}");
    assert!(install(&plan).ends_with("python-magic"), "{}", install(&plan));
    assert!(system_packages(&plan, "app").iter().any(|package| package.starts_with("libmagic")));
    // A marker says it already, and a line with a hash goes on in the next one.
    let hashed =
        format!("django==5.2.1 --hash=sha256:{0}\npkg_resources==0.0.0 --hash=sha256:{0}\n", "0".repeat(64));
    for fine in ["django==5.2.1\npywin32==308; sys_platform == 'win32'\n", &hashed] {
        let plan = Site::new(&format!("{CLOSED}{SQLITE}"), fine).plan();
        let is_one = |step: &Step| matches!(step, Step::Run { purpose: RunPurpose::ForeignRequirements, .. });
        assert!(!steps(&plan, "builder").iter().any(is_one), "{fine}");
    }
}

#[test]
fn what_the_index_has_no_more_is_left_out_and_replaced_where_a_site_may_import_it() {
    let left_out = |requirements: &str| {
        let plan = Site::new(&format!("{CLOSED}{SQLITE}"), requirements).plan();
        let sed = steps(&plan, "builder").iter().find_map(|step| match step {
            Step::Run { commands, purpose: RunPurpose::ForeignRequirements, .. } => {
                Some(commands[0][3].clone())
            }
            _ => None,
        });
        (sed, install(&plan))
    };
    let (sed, installed) = left_out("django==5.2.1\ncodecov==2.0.15\n");
    assert_eq!(sed.as_deref(), Some("/^(codecov)([^A-Za-z0-9._-]|$)/Id"));
    assert!(!installed.contains("codecov"), "{installed}");
    let (sed, installed) = left_out("django==5.2.1\nPIL\nopencv>=4\nsklearn\n");
    assert_eq!(sed.as_deref(), Some("/^(opencv|pil|sklearn)([^A-Za-z0-9._-]|$)/Id"));
    for name in ["opencv-python-headless", "pillow", "scikit-learn"] {
        assert!(installed.contains(name), "{installed}");
    }
    for fine in
        ["django==5.2.1\ncodecov>=2.0\n", "django==5.2.1\nsklearn==0.0\n", "django==5.2.1\ncodecov==2.1.13\n"]
    {
        assert_eq!(left_out(fine).0, None, "{fine}");
    }
    // What developers install counts in their image alone.
    let plan = Site::new(&format!("{CLOSED}{SQLITE}"), "django==5.2.1\n")
        .with("requirements-dev.txt", "-r requirements.txt\ncodecov==2.0.15\n")
        .plan();
    let is_one = |step: &Step| matches!(step, Step::Run { purpose: RunPurpose::ForeignRequirements, .. });
    assert!(!steps(&plan, "builder").iter().any(is_one));
    assert!(plan.dev.images[0].stages.iter().flat_map(|stage| &stage.steps).any(is_one));
}

#[test]
fn the_index_is_asked_at_its_present_address() {
    let plan = Site::new(
        &format!("{CLOSED}{SQLITE}"),
        "-i https://pypi.python.org/simple\ndjango==5.2.1\npywin32==308\n",
    )
    .plan();
    let sed = steps(&plan, "builder").iter().find_map(|step| match step {
        Step::Run { commands, purpose: RunPurpose::ForeignRequirements, .. } => Some(commands[0].clone()),
        _ => None,
    });
    assert_eq!(
        sed.unwrap()[3..],
        [
            "--expression=/^(pywin32)([^A-Za-z0-9._-]|$)/Id",
            concat!("--expression=/^-/s#://pypi\\.python\\.org/#://pypi", ".org/#"),
            "/app/requirements.txt"
        ]
    );
}

#[test]
fn lines_are_taken_out_of_requirements_in_utf_16_after_these_are_written_anew() {
    let site = Site::new(&format!("{OPEN}{SQLITE}"), "django==5.2.1\r\npywin32==308\r\n");
    let commands = |encode: fn(&str) -> Vec<u8>| {
        let files = site.files.iter().map(|(path, text)| {
            let bytes = if path == "requirements.txt" { encode(text) } else { text.clone().into_bytes() };
            (path.as_str(), bytes)
        });
        let tree = djdock::base::Tree::from_literals(files);
        let (facts, _) = djdock::inspect::inspect(&tree);
        let plan = djdock::plan::plan(&tree, &facts, &djdock::choose::suggested(&facts, "shop")).unwrap();
        let step = steps(&plan, "builder").iter().find_map(|step| match step {
            Step::Run { commands, .. } if commands.iter().flatten().any(|word| word.contains("pywin32")) => {
                Some(commands.iter().map(|words| words.join(" ")).collect::<Vec<_>>())
            }
            _ => None,
        });
        step.unwrap()
    };
    let marked = |text: &str| format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let written = commands(marked);
    assert!(
        written[0].contains("read_text('utf-16')") && written[0].ends_with("/requirements.txt"),
        "{written:?}"
    );
    assert!(written[1].starts_with("sed "), "{written:?}");
    let plain = commands(|text| text.as_bytes().to_vec());
    assert!(plain.len() == 1 && plain[0].starts_with("sed "), "{plain:?}");
}
