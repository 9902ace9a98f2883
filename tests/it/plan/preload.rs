//! The project is loaded before the workers are forked, unless something it starts would stay behind.

use super::site::*;

fn site(requirements: &str) -> Site {
    Site::new(&format!("{OPEN}{}", database("postgresql")), &format!("{POSTGRES}{requirements}"))
}

fn preloads(site: &Site) -> bool {
    site.plan().prod.app_server.preloads
}

#[test]
fn usual_project_is_loaded_once() {
    assert!(preloads(&site("")));
    assert!(preloads(&site("sentry-sdk==2.40.0\nrequests==2.32.5\n")));
}

#[test]
fn distribution_with_threads_is_loaded_in_each_worker() {
    for requirement in
        ["apscheduler==3.11.0\n", "pymongo==4.15.0\n", "google-cloud-pubsub==2.31.0\n", "torch==2.9.0\n"]
    {
        assert!(!preloads(&site(requirement)), "{requirement}");
    }
}

#[test]
fn project_that_starts_threads_is_loaded_in_each_worker() {
    for (file, line) in [
        ("site1/apps.py", "import threading\nthreading.Thread(target=print, daemon=True).start()\n"),
        (
            "site1/pool.py",
            "from concurrent.futures import ThreadPoolExecutor\npool = ThreadPoolExecutor(4)\n",
        ),
        ("site1/clock.py", "from threading import Timer\nTimer(60, print).start()\n"),
    ] {
        assert!(!preloads(&site("").with(file, line)), "{file}");
    }
}

#[test]
fn threads_of_tests_and_in_comments_and_classes_with_such_names_count_for_nothing() {
    for (file, line) in [
        ("site1/tests/test_load.py", "import threading\nthreading.Thread(target=print).start()\n"),
        ("site1/models.py", "# a Thread( of messages\n"),
        ("site1/models.py", "class Thread(object):\n    pass\n"),
        ("site1/models.py", "threads = messages_of(request)\n"),
    ] {
        assert!(preloads(&site("").with(file, line)), "{file}: {line}");
    }
}

#[test]
fn requests_are_logged_once_by_the_proxy_or_by_the_server() {
    use djdock::catalog::Pick;
    for (proxy, logs) in [("nginx", false), ("caddy", false), ("traefik", false), ("none", true)] {
        let plan = site("").try_plan(|answers| answers.proxy = Pick::named(proxy).unwrap());
        let Ok(plan) = plan else { continue };
        assert_eq!(plan.prod.app_server.logs_requests, logs, "{proxy}");
    }
}
