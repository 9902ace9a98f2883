use super::{Compressor, GZIP, Proxy, Routing, Run, Volume};
use crate::base::language::Text;
use crate::catalog::configuration::Configuration;
use crate::catalog::offer::Offer;
use crate::stack::Protocol;

/// <https://caddyserver.com/docs/caddyfile>
pub(super) const CADDY: Proxy = Proxy {
    offer: Offer {
        word: "caddy",
        label: Text::name("Caddy"),
        about: Text::new(
            "gets certificates for HTTPS by itself; serves static and media files",
            "HTTPS 인증서를 스스로 받고, 정적/미디어 파일을 제공합니다",
        ),
    },
    run: Some(Run {
        service: "caddy",
        image: "caddy",
        // Nobody's in the image: the files that Caddy reads are open to all.
        user: "10101:10101",
        port: 8080,
        logs_requests: true,
        passes: &[Protocol::Http],
        limits_bodies: true,
        serves_files: true,
        configuration: Configuration {
            file: "caddy/Caddyfile",
            template: "proxy/caddy/Caddyfile.tera",
            because: "how the proxy serves files and passes requests on",
        },
        configuration_target: "/etc/caddy/Caddyfile",
        environment: &[],
        build: &[],
        // The command reads the file, and hands it to the running program through a socket that only the container has.
        routing: Some(Routing {
            variable: "APP_SERVERS",
            usual: "{service}:{port}",
            behind: ":{port}",
            between: " ",
            fallback: None,
            reload: &[
                "caddy",
                "reload",
                "--config",
                "/etc/caddy/Caddyfile",
                "--adapter",
                "caddyfile",
                "--address",
                "unix//tmp/admin.sock",
            ],
            settles: 3,
        }),
        compressors: &[
            GZIP,
            Compressor { package: Some("compression"), command: &["brotli", "--best", "--keep", "--force"] },
            Compressor {
                package: Some("compression"),
                command: &["zstd", "-19", "--keep", "--force", "--quiet"],
            },
        ],
        writable: &["/config", "/tmp"],
        volumes: &[Volume {
            name: "certificates",
            target: "/data",
            because: "certificates and their keys outlive the container, because their number is limited",
        }],
        // The program has this capability in its file, and does not start without it in the container:
        // <https://github.com/caddyserver/caddy-docker/blob/master/README.md>.
        capabilities: &["NET_BIND_SERVICE"],
        reads_certificates: None,
        tls_port: Some(8443),
        site_variable: Some("SITE_ADDRESS"),
        // On a port of its own: with a certificate the other one only leads to HTTPS.
        health_path: "/-/caddy",
        health_port: 8081,
        // wget is BusyBox's in the official image.
        health: &["wget", "-q", "-O", "/dev/null", "http://127.0.0.1:8081/-/caddy"],
        trusted_networks: "",
        trusted_address: "TRUSTED_PROXY",
        stop_signal: "SIGTERM",
        ends_in_time: None,
        server_header: "Caddy",
    }),
};
