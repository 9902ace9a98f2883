//! The script that replaces running containers, with a `docker` that only notes what it is asked.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::support::pipeline::{example, project_with};

/// Answers like an Engine on which the old containers run: `old1` for the project, `proxy1` for the proxy, `once1` for
/// migrations. Files in `$STATE` say what is to fail.
const DOCKER: &str = r#"#!/bin/sh
printf '%s\n' "$*" >>"$STATE/calls"
for last; do :; done
fails() { [ -e "$STATE/$1" ]; }
case "$*" in
    *' config --images'*) printf 'shop-web:prod\nshop-nginx:prod\n' ;;
    *' config --hash '*) echo 'nginx aaa' ;;
    *' config') printf 'name: shop\nservices: {}\n' ;;
    *' build') ! fails build ;;
    *' ps --all --quiet web' | *' ps --quiet web') cat "$STATE/web" ;;
    *' ps --quiet nginx') echo proxy1 ;;
    *' ps '*' migrate') echo once1 ;;
    *' up '*'--scale web='*)
        if fails interrupted; then kill -INT "$PPID"; fi
        echo new1 >>"$STATE/web"
        ! fails migration
        ;;
    'wait '*) echo 0 ;;
    *ExitCode*) if fails migration; then echo 1; else echo 0; fi ;;
    *RestartCount*) if fails health; then echo 'running 0 unhealthy'; else echo 'running 0 healthy'; fi ;;
    *println*)
        case $last in
            proxy1) printf 'shop_other 10.0.0.9\nshop_front 172.1.0.9\n' ;;
            old1) printf 'shop_back 10.0.0.2\nshop_front 172.1.0.2\n' ;;
            *) printf 'shop_back 10.0.0.3\nshop_front 172.1.0.3\n' ;;
        esac
        ;;
    *config-hash*) echo aaa ;;
    *Config.Image*) echo shop-nginx:prod ;;
    *.Image}}* | 'image inspect '*) echo sha256:1 ;;
    'rm '*) grep -v "^$last$" "$STATE/web" >"$STATE/left"; mv "$STATE/left" "$STATE/web" ;;
esac
"#;

/// A checkout with the script of an example, and the programs that stand in for Docker and for waiting.
struct Site {
    folder: TempDir,
}

impl Site {
    fn new() -> Self {
        Self::of(example("shop").file("docker/redeploy.sh"))
    }

    fn of(script: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let site = Self { folder };
        site.write("site/docker/redeploy.sh", script);
        site.write("bin/docker", DOCKER);
        site.write("bin/sleep", "#!/bin/sh\n");
        site.write("web", "old1\n");
        site
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        use std::os::unix::fs::PermissionsExt;
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    }

    fn run(&self, from: &Path, arguments: &[&str]) -> Output {
        let path = format!("{}:{}", self.path("bin").display(), std::env::var("PATH").unwrap());
        Command::new("sh")
            .arg(self.path("site/docker/redeploy.sh"))
            .args(arguments)
            .current_dir(from)
            .env("PATH", path)
            .env("STATE", self.folder.path())
            .env("TMPDIR", self.folder.path())
            .env_remove("IMAGE_TAG")
            .output()
            .unwrap()
    }

    /// Runs the script in the project's folder; returns its status and its words.
    fn redeploy(&self) -> (Option<i32>, String) {
        let output = self.run(&self.path("site"), &[]);
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    }

    /// The calls of `docker` that change something, without what comes before the command.
    fn acts(&self) -> Vec<String> {
        let calls = std::fs::read_to_string(self.path("calls")).unwrap();
        let act = |line: &str| {
            let words: Vec<&str> = line.split(' ').collect();
            let verbs = ["build", "up", "exec", "stop", "rm", "tag"];
            let at = words.iter().position(|word| verbs.contains(word))?;
            Some(words[at..].join(" "))
        };
        calls.lines().filter_map(act).collect()
    }

    fn running(&self) -> String {
        std::fs::read_to_string(self.path("web")).unwrap()
    }

    fn is_locked(&self) -> bool {
        self.path("redeploy-shop.lock").exists()
    }
}

const RELOAD: &str = "proxy1 sh -c /docker-entrypoint.d/20-envsubst-on-templates.sh > /dev/null 2>&1 && nginx -t -q && nginx -q -s reload";

#[test]
fn new_containers_stand_beside_the_old_until_they_are_healthy() {
    let site = Site::new();
    let (code, said) = site.redeploy();
    assert_eq!(code, Some(0), "{said}");
    let by_name = "; server web:8000 resolve max_fails=0 backup";
    assert_eq!(
        site.acts(),
        [
            "build".to_owned(),
            "rm once1".to_owned(),
            "tag sha256:1 shop-nginx:previous".to_owned(),
            "tag sha256:1 shop-nginx:previous".to_owned(),
            format!("exec --env NGINX_APP_SERVERS=172.1.0.2:8000 max_fails=0{by_name} {RELOAD}"),
            "up --detach --no-build --no-recreate --scale web=2 web".to_owned(),
            format!("exec --env NGINX_APP_SERVERS=172.1.0.3:8000 max_fails=0{by_name} {RELOAD}"),
            "stop old1".to_owned(),
            "rm old1".to_owned(),
            format!("exec {RELOAD}"),
        ]
    );
    assert_eq!(site.running(), "new1\n");
    assert!(!site.is_locked());
}

#[test]
fn whatever_fails_leaves_the_old_containers_as_they_were() {
    for (failure, words) in [
        ("build", "the images could not be built"),
        ("migration", "migrate failed: mend what it says"),
        ("health", "the new containers are not healthy"),
    ] {
        let site = Site::new();
        site.write(failure, "");
        let (code, said) = site.redeploy();
        assert_eq!(code, Some(1), "{failure}: {said}");
        assert!(said.contains(words), "{failure}: {said}");
        assert_eq!(site.running(), "old1\n", "{failure}");
        assert!(!site.acts().iter().any(|act| act.starts_with("stop")), "{failure}");
        assert!(!site.is_locked(), "{failure}");
        if failure != "build" {
            assert_eq!(
                site.acts().last().unwrap(),
                &format!("exec {RELOAD}"),
                "{failure}: the proxy follows the name"
            );
        }
        // What failed is mended: the next run replaces them.
        std::fs::remove_file(site.path(failure)).unwrap();
        assert_eq!((site.redeploy().0, site.running()), (Some(0), "new1\n".to_owned()), "{failure}");
    }
}

#[test]
fn an_interrupted_run_takes_back_what_it_began() {
    let site = Site::new();
    site.write("interrupted", "");
    let (code, said) = site.redeploy();
    assert_eq!(code, Some(130), "{said}");
    assert!(said.contains("the old containers answer as before"), "{said}");
    assert_eq!(site.running(), "old1\n");
    assert!(!site.is_locked());
}

#[test]
fn two_runs_at_once_are_refused_and_a_dead_one_is_not_waited_for() {
    let site = Site::new();
    site.write("redeploy-shop.lock/process", &std::process::id().to_string());
    let (code, said) = site.redeploy();
    assert_eq!(code, Some(1));
    assert!(said.contains("another one is at work on shop"), "{said}");
    assert_eq!(site.running(), "old1\n");
    assert!(site.is_locked(), "it is the other one's");
    // Killed while both containers ran: one of them is wanted.
    let dead = {
        let mut child = Command::new("true").spawn().unwrap();
        child.wait().unwrap();
        child.id()
    };
    site.write("redeploy-shop.lock/process", &dead.to_string());
    site.write("redeploy-shop.lock/count", "1\n");
    site.write("web", "old1\nold2\n");
    let (code, said) = site.redeploy();
    assert_eq!(code, Some(0), "{said}");
    assert!(site.acts().contains(&"up --detach --no-build --no-recreate --scale web=3 web".to_owned()));
    assert!(site.acts().contains(&"stop old1 old2".to_owned()));
}

#[test]
fn it_runs_from_any_folder_with_another_project_and_another_env_file() {
    let site = Site::new();
    let arguments = ["--env-file", "live.env", "--project-name", "shop2", "--no-build"];
    let output = site.run(Path::new("/"), &arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let calls = std::fs::read_to_string(site.path("calls")).unwrap();
    let file = site.path("site/compose.prod.yaml");
    let file = file.canonicalize().unwrap_or(file);
    let begins = format!("compose --file {} --env-file live.env --project-name shop2 ", file.display());
    for call in calls.lines().filter(|call| call.starts_with("compose")) {
        assert!(call.starts_with(&begins), "{call}");
    }
    assert!(!site.acts().contains(&"build".to_owned()));
    assert_eq!(site.run(&site.path("site"), &["--fast"]).status.code(), Some(2));
}

#[test]
fn first_deployment_starts_everything() {
    let site = Site::new();
    site.write("web", "");
    let (code, said) = site.redeploy();
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(site.acts(), ["build", "up --detach --wait --no-build"]);
}

#[test]
fn a_published_port_is_replaced_in_place_and_said_so() {
    let files = [
        ("manage.py", "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'site1.settings')\n"),
        ("requirements.txt", "django==5.2\ngunicorn==23.0.0\nwhitenoise==6.9.0\n"),
        ("site1/__init__.py", ""),
        (
            "site1/wsgi.py",
            "from django.core.wsgi import get_wsgi_application\napplication = get_wsgi_application()\n",
        ),
        (
            "site1/settings.py",
            "import os\nfrom pathlib import Path\nBASE_DIR = Path(__file__).resolve().parent.parent\nSECRET_KEY = os.environ['SECRET_KEY']\nDEBUG = False\n\
             ALLOWED_HOSTS = ['*']\nINSTALLED_APPS = ['django.contrib.staticfiles']\nROOT_URLCONF = 'site1.urls'\n\
             MIDDLEWARE = ['whitenoise.middleware.WhiteNoiseMiddleware']\nSTATIC_URL = '/static/'\nSTATIC_ROOT = BASE_DIR / 'static_files'\n\
             DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': BASE_DIR / 'db.sqlite3'}}\nWSGI_APPLICATION = 'site1.wsgi.application'\n",
        ),
        ("site1/urls.py", "urlpatterns = []\n"),
    ];
    let made = project_with(&files, &[("proxy", "none")]);
    let script = made.file("docker/redeploy.sh");
    assert!(script.contains("Two of them cannot have one port"), "{script}");
    assert!(made.file("DOCKER.md").contains("Two containers cannot have one port"));
    let site = Site::of(script);
    let (code, said) = site.redeploy();
    assert_eq!(code, Some(0), "{said}");
    let acts = site.acts();
    assert_eq!(acts.last().unwrap(), "up --detach --wait --no-deps --no-build --scale web=1 web");
    assert!(acts.contains(&"up --detach --no-build --no-recreate migrate".to_owned()), "{acts:?}");
}
