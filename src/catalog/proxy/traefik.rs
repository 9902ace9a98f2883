use super::{Proxy, Routing, Run, Volume};
use crate::base::language::Text;
use crate::catalog::configuration::Configuration;
use crate::catalog::offer::Offer;
use crate::stack::Protocol;

/// <https://doc.traefik.io/traefik/>
///
/// The file provider tells it of the app server, and not labels on containers: labels are read through Docker's socket, and
/// whoever holds that socket is root on the machine.
pub(super) const TRAEFIK: Proxy = Proxy {
    offer: Offer {
        word: "traefik",
        label: Text::name("Traefik"),
        about: Text::new(
            "gets certificates for HTTPS by itself; serves no files",
            "HTTPS 인증서를 스스로 받습니다. 파일은 제공하지 않습니다",
        ),
    },
    run: Some(Run {
        service: "traefik",
        image: "traefik",
        // Nobody's in the image: the files that Traefik reads are open to all.
        user: "10101:10101",
        port: 8080,
        logs_requests: true,
        passes: &[Protocol::Http],
        // Its middleware for that keeps each answer back until the last byte, and no stream gets through:
        // <https://doc.traefik.io/traefik/middlewares/http/buffering/>.
        limits_bodies: false,
        serves_files: false,
        configuration: Configuration {
            file: "traefik/routes.yaml.tmpl",
            template: "proxy/traefik/routes.yaml.tmpl.tera",
            because: "how the proxy passes requests on",
        },
        configuration_target: "/etc/traefik/routes/routes.yaml",
        // Traefik takes what does not change while it runs from one source alone; of its sources, variables are the one to which
        // compose can add the address of a trusted proxy.
        environment: &[
            ("TRAEFIK_ACCESSLOG", "true"),
            ("TRAEFIK_CERTIFICATESRESOLVERS_ACME_ACME_HTTPCHALLENGE_ENTRYPOINT", "web"),
            ("TRAEFIK_CERTIFICATESRESOLVERS_ACME_ACME_STORAGE", "/data/acme.json"),
            ("TRAEFIK_ENTRYPOINTS_PING_ADDRESS", "127.0.0.1:8081"),
            ("TRAEFIK_ENTRYPOINTS_WEBSECURE_ADDRESS", ":8443"),
            ("TRAEFIK_ENTRYPOINTS_WEBSECURE_TRANSPORT_LIFECYCLE_GRACETIMEOUT", "8s"),
            ("TRAEFIK_ENTRYPOINTS_WEBSECURE_TRANSPORT_RESPONDINGTIMEOUTS_READTIMEOUT", "600s"),
            ("TRAEFIK_ENTRYPOINTS_WEB_ADDRESS", ":8080"),
            // Open requests end before Docker kills what has not stopped after 10 seconds.
            ("TRAEFIK_ENTRYPOINTS_WEB_TRANSPORT_LIFECYCLE_GRACETIMEOUT", "8s"),
            // An upload may take longer than the minute that is usual.
            ("TRAEFIK_ENTRYPOINTS_WEB_TRANSPORT_RESPONDINGTIMEOUTS_READTIMEOUT", "600s"),
            ("TRAEFIK_GLOBAL_CHECKNEWVERSION", "false"),
            ("TRAEFIK_LOG_NOCOLOR", "true"),
            ("TRAEFIK_PING_ENTRYPOINT", "ping"),
            ("TRAEFIK_PROVIDERS_FILE_DIRECTORY", "/etc/traefik/routes"),
            ("TRAEFIK_PROVIDERS_FILE_WATCH", "false"),
        ],
        build: &[],
        // Of two files that say the same, Traefik takes the first in the order of names: a file in `now` stands before the image's
        // own. It reads both again when it gets SIGHUP.
        routing: Some(Routing {
            variable: "APP_SERVERS",
            usual: "{service}:{port}",
            behind: ":{port}",
            between: " ",
            fallback: None,
            reload: &["sh", "-c", RELOAD],
            // Traefik takes new configuration every 2 seconds at most.
            settles: 4,
        }),
        compressors: &[],
        writable: &["/etc/traefik/routes/now", "/tmp"],
        volumes: &[Volume {
            name: "certificates",
            target: "/data",
            because: "certificates and their keys outlive the container, because their number is limited",
        }],
        capabilities: &[],
        reads_certificates: None,
        tls_port: Some(8443),
        site_variable: Some("SITE_ADDRESS"),
        health_path: "/ping",
        health_port: 8081,
        // The command asks the entry point that the variables above name.
        health: &["traefik", "healthcheck"],
        trusted_address: "TRAEFIK_ENTRYPOINTS_WEB_FORWARDEDHEADERS_TRUSTEDIPS",
        trusted_networks: "127.0.0.0/8,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,::1/128,fc00::/7,",
        stop_signal: "SIGTERM",
        ends_in_time: None,
        // Traefik serves no file, and answers that it passes on keep the app server's name.
        server_header: "",
    }),
};

/// Writes the app servers that the command's variable names, or takes back what was written where they are the usual ones.
const RELOAD: &str = "\
file=/etc/traefik/routes/now/servers.yaml; \
case $APP_SERVERS in \
*[0-9].[0-9]*) { echo 'http: {services: {project: {loadBalancer: {serversTransport: project, servers: ['; \
for server in $APP_SERVERS; do echo \"{url: 'http://$server'},\"; done; echo ']}}}}'; } > $file.new && mv $file.new $file ;; \
*) rm -f $file ;; \
esac; kill -HUP 1";
