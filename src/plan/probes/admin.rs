//! Probes of the admin.

use super::{Act, Get, get};
use crate::plan::ground::Ground;
use crate::stack::Stack;

/// The admin's login page, at the usual address unless Django names another: what it links to, and its form, as a
/// browser sends it and as it comes through a proxy that ends TLS.
pub(super) fn admin(ground: &Ground<'_>, stack: &Stack) -> Vec<(&'static str, Act, &'static str)> {
    let has_admin =
        ground.facts.installed_apps.value.iter().any(|app| app.starts_with("django.contrib.admin"));
    let Some(get) = get(stack, "/admin/login/", (200, 399)).filter(|_| has_admin) else { return Vec::new() };
    let named = "admin:login".to_owned();
    let over = |forwarded_https: bool| Act::Login {
        get: Get { forwarded_https, ..get.clone() },
        named: named.clone(),
    };
    let mut found = vec![
        (
            "admin-assets",
            Act::Linked { get: get.clone(), named: Some(named.clone()) },
            "the admin looks and works as Django makes it",
        ),
        ("admin-login", over(false), "forms are accepted from the address that a browser shows"),
    ];
    if ground.is_prod() {
        found.push(("admin-login-https", over(true), "forms are accepted behind a proxy that ends TLS"));
    }
    found
}
