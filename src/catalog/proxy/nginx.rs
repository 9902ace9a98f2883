use super::{EndsInTime, GZIP, Proxy, ReadCertificates, Routing, Run};
use crate::base::language::Text;
use crate::catalog::configuration::Configuration;
use crate::catalog::offer::Offer;
use crate::stack::Protocol;

pub(super) const NGINX: Proxy = Proxy {
    offer: Offer {
        word: "nginx",
        label: Text::name("nginx"),
        about: Text::new(
            "serves static and media files, buffers slow clients",
            "정적/미디어 파일을 제공하고 느린 요청을 받아 둡니다",
        ),
    },
    run: Some(Run {
        service: "nginx",
        image: "nginx",
        user: "101:101",
        port: 8080,
        logs_requests: true,
        passes: &[Protocol::Http, Protocol::Uwsgi],
        limits_bodies: true,
        serves_files: true,
        configuration: Configuration {
            file: "nginx/default.conf.template",
            template: "proxy/nginx/default.conf.template.tera",
            because: "how the proxy serves files and passes requests on",
        },
        configuration_target: "/etc/nginx/templates/default.conf.template",
        environment: &[],
        // Without this, a reload would close connections on which a browser is just sending its next request. The templates of
        // the image become files of `http`: <https://nginx.org/en/docs/http/ngx_http_core_module.html#keepalive_min_timeout>.
        build: &[&[
            "sh",
            "-c",
            "echo \"keepalive_min_timeout 10s;\" > /etc/nginx/templates/keepalive.conf.template",
        ]],
        routing: Some(Routing {
            variable: "NGINX_APP_SERVERS",
            usual: "{service}:{port} resolve max_fails=0",
            behind: ":{port} max_fails=0",
            between: "; server ",
            fallback: Some("; server {service}:{port} resolve max_fails=0 backup"),
            reload: &[
                "sh",
                "-c",
                "/docker-entrypoint.d/20-envsubst-on-templates.sh > /dev/null 2>&1 && nginx -t -q && nginx -q -s reload",
            ],
            // The connections that the line above keeps open.
            settles: 11,
        }),
        compressors: &[GZIP],
        // The entrypoint writes the filled-in template to conf.d.
        writable: &["/etc/nginx/conf.d", "/run", "/tmp", "/var/cache/nginx"],
        volumes: &[],
        capabilities: &[],
        reads_certificates: Some(ReadCertificates { folder: "/certificates", port: 8443 }),
        tls_port: None,
        site_variable: None,
        health_path: "/-/nginx",
        // curl is in the official image, of Debian and of Alpine.
        health_port: 8080,
        health: &["curl", "--fail", "--silent", "--output", "/dev/null", "http://127.0.0.1:8080/-/nginx"],
        trusted_networks: "",
        trusted_address: "NGINX_TRUSTED_PROXY",
        stop_signal: "SIGQUIT",
        ends_in_time: Some(EndsInTime {
            entrypoint: &["sh", "-c", END_IN_TIME, "nginx", "/docker-entrypoint.sh"],
            command: &["nginx", "-g", "daemon off;"],
        }),
        server_header: "nginx",
    }),
};

/// Runs nginx and passes signals on. Docker kills after 10 seconds what has not stopped: 8 seconds after SIGQUIT, nginx closes what
/// is still open.
///
/// `worker_shutdown_timeout` would do so, too, but also at each reload: long requests would be lost while containers of the app
/// server are replaced.
const END_IN_TIME: &str = "\
\"$@\" & nginx=$!; \
trap 'kill -QUIT $nginx; { sleep 8; kill -TERM $nginx; } &' QUIT; \
trap 'kill -TERM $nginx' TERM; \
trap 'kill -HUP $nginx' HUP; \
while wait $nginx; code=$?; kill -0 $nginx 2>/dev/null; do :; done; \
exit $code";
