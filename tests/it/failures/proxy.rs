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
    let nginx = made.file(NGINX);
    let headers = directives(nginx, "proxy_set_header");
    let host = headers.iter().find_map(|header| header.strip_prefix("Host ")).expect("a host is passed on");
    // The port belongs to the origin, and `$host` has none.
    let maps = nginx.split_once("map $http_host ").is_some_and(|(_, map)| map.starts_with(host));
    assert!(host == "$http_host" || maps, "{headers:?}");
    assert!(headers.iter().any(|header| header.starts_with("X-Forwarded-Proto ")), "{headers:?}");
    // Where something else changes the host on its way, the person can say which origins are theirs.
    assert!(made.file(".env.example").contains("DJANGO_CSRF_TRUSTED_ORIGINS="), "the settings read it");
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
    let map =
        nginx.lines().find(|line| line.starts_with("map ") && line.contains("$http_x_forwarded_proto "));
    assert!(map.is_some_and(|map| map.contains(&scheme)), "{nginx}");
    // A browser that reaches the port itself says what it likes: only what may stand in front is believed.
    let peers: Vec<&str> =
        nginx.split("geo $is_private_peer {").nth(1).expect("peers").split('}').next().into_iter().collect();
    assert!(peers[0].contains("default 0;") && peers[0].contains("10.0.0.0/8 1;"), "{nginx}");
    assert!(map.is_some_and(|map| map.starts_with("map $is_trusted_proxy:")), "{nginx}");
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
