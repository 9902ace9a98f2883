//! What a smoke run is told to show.

use djdock::plan::Plan;
use djdock::plan::probes::Act;
use djdock::stack::Environment;

use super::site::*;

fn names(plan: &Plan, environment: Environment) -> Vec<&'static str> {
    plan.probes.iter().filter(|probe| probe.environment == environment).map(|probe| probe.name).collect()
}

#[test]
fn what_pages_link_to_is_asked_for_in_both_stacks() {
    let plan = postgres().plan();
    for environment in [Environment::Dev, Environment::Prod] {
        let names = names(&plan, environment);
        for name in ["home-page-assets", "admin-assets", "admin-login"] {
            assert!(names.contains(&name), "{environment:?} {names:?}");
        }
    }
}

#[test]
fn forms_are_sent_behind_a_proxy_with_tls_in_production_alone() {
    let plan = postgres().plan();
    assert!(!names(&plan, Environment::Dev).contains(&"admin-login-https"));
    let over_https = plan.probes.iter().filter(|probe| probe.name == "admin-login-https");
    let over_https: Vec<bool> = over_https
        .map(|probe| matches!(&probe.act, Act::Login { get, named } if get.forwarded_https && named == "admin:login"))
        .collect();
    assert_eq!(over_https, [true]);
}

/// A page shows what it links to wherever its files lie; that no probe knows a plain name is no reason to ask for none.
#[test]
fn what_pages_link_to_is_asked_for_wherever_static_files_lie() {
    let storage = "STATIC_URL = 'https://files.example.com/'\nSTORAGES = {'default': {'BACKEND': 'storages.backends.s3.S3Storage'}, \
                   'staticfiles': {'BACKEND': 'storages.backends.s3.S3Storage'}}\n";
    let site = Site::new(&format!("{OPEN}{SQLITE}{storage}"), "django==5.2.1\ndjango-storages==1.14.6\n");
    let names = names(&site.plan(), Environment::Prod);
    assert!(names.contains(&"home-page-assets") && names.contains(&"admin-assets"), "{names:?}");
}

#[test]
fn a_site_without_the_admin_is_asked_for_its_own_page_alone() {
    let settings = format!("{OPEN}{SQLITE}INSTALLED_APPS.remove('django.contrib.admin')\n");
    let site = Site::new(&settings, "django==5.2.1\n").with("site1/urls.py", "urlpatterns = []\n");
    let names = names(&site.plan(), Environment::Prod);
    assert!(names.contains(&"home-page-assets"), "{names:?}");
    assert!(!names.iter().any(|name| name.starts_with("admin-")), "{names:?}");
}

#[test]
fn containers_have_as_long_to_end_as_their_stack_gives_them() {
    let within = |plan: &Plan, environment| {
        let stops = plan.probes.iter().filter(|probe| probe.environment == environment);
        stops
            .filter_map(|probe| if let Act::Stop { within, .. } = &probe.act { Some(*within) } else { None })
            .max()
    };
    let plan = postgres().plan();
    let longest = plan.prod.services.iter().filter_map(|service| service.stop_grace_period).max();
    assert_eq!(within(&plan, Environment::Prod), longest);
    assert_eq!(within(&sqlite().plan(), Environment::Dev), Some(15), "nothing there needs longer");
}
