//! Failures 17, 18 and 25: what stands between the browser and Django.

use crate::support::pipeline::{SETTINGS, example, project, startproject};

const NGINX: &str = "docker/nginx/default.conf.template";

/// The values of nginx's directive `name`, in order.
fn directives(nginx: &str, name: &str) -> Vec<String> {
    let lines = nginx.lines().map(str::trim).filter_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    lines.map(|line| line.trim_end_matches(';').to_owned()).collect()
}

#[test]
fn f17_origin_of_a_form_is_trusted_behind_the_proxy() {
    let made = example("shop");
    let headers = directives(made.file(NGINX), "proxy_set_header");
    assert!(
        headers.iter().any(|header| header == "Host $http_host"),
        "the port belongs to the origin: {headers:?}"
    );
    let origins = made.env().get("DJANGO_CSRF_TRUSTED_ORIGINS").map(ToString::to_string);
    let origins = origins.expect("the settings read this variable");
    for origin in origins.split(',') {
        assert!(
            origin.starts_with("http://") || origin.starts_with("https://"),
            "an origin has a scheme: {origin}"
        );
    }

    // Settings without a word on origins get one from the overlay where the scheme is not passed on.
    let made = example("board");
    assert!(made.overlay().contains("CSRF_TRUSTED_ORIGINS"), "{}", made.overlay());
}

#[test]
fn f18_scheme_of_an_outer_proxy_is_passed_on() {
    let redirect =
        "SECURE_SSL_REDIRECT = True\nSECURE_PROXY_SSL_HEADER = ('HTTP_X_FORWARDED_PROTO', 'https')\n";
    let settings = format!("{SETTINGS}{redirect}");
    let made = project(&startproject(&settings, "Django==5.2.19\ngunicorn==27.0.1\n"));
    let nginx = made.file(NGINX);
    let scheme = directives(nginx, "proxy_set_header")
        .into_iter()
        .find_map(|header| header.strip_prefix("X-Forwarded-Proto ").map(str::to_owned))
        .expect("Django is told the scheme");
    assert_ne!(scheme, "$scheme", "behind a load balancer nginx itself is always asked by http");
    let map = nginx.lines().find(|line| line.starts_with("map $http_x_forwarded_proto "));
    assert!(map.is_some_and(|map| map.contains(&scheme)), "{nginx}");

    // A redirect without the header that ends it is said before anything is built.
    let settings = format!("{SETTINGS}SECURE_SSL_REDIRECT = True\n");
    let made = project(&startproject(&settings, "Django==5.2.19\ngunicorn==27.0.1\n"));
    let overlay = made.overlay();
    assert!(overlay.contains("SECURE_PROXY_SSL_HEADER"), "{overlay}");
}

#[test]
fn f25_proxy_asks_again_where_the_web_service_is() {
    for name in ["polls", "shop", "board"] {
        let made = example(name);
        let nginx = made.file(NGINX);
        let resolver = directives(nginx, "resolver");
        assert!(
            resolver.first().is_some_and(|resolver| resolver.starts_with("127.0.0.11")),
            "{name}: {nginx}"
        );
        let passes = directives(nginx, "proxy_pass");
        assert!(!passes.is_empty());
        for pass in passes {
            let resolved = pass.contains('$') || nginx.contains(" resolve;");
            assert!(resolved, "{name}: {pass} is looked up once, when nginx starts");
            let path = pass.trim_start_matches("http://").contains('/');
            assert!(!path, "{name}: with a variable, a path would replace the request's");
        }
    }
}
