use super::Proxy;

pub(super) const NGINX: Proxy = Proxy {
    word: "nginx",
    image: "nginx",
    user: "101:101",
    port: 8080,
    configuration: "nginx/default.conf.template",
    configuration_target: "/etc/nginx/templates/default.conf.template",
    // The entrypoint writes the filled-in template to conf.d.
    writable: &["/etc/nginx/conf.d", "/run", "/tmp", "/var/cache/nginx"],
    health_path: "/-/nginx",
    // curl is in the official image, of Debian and of Alpine.
    health: &["curl", "--fail", "--silent", "--output", "/dev/null", "http://127.0.0.1:8080/-/nginx"],
    stop_signal: "SIGQUIT",
    server_header: "nginx",
};
