//! Configuration files of servers and proxies.

/// A file that a server or proxy reads when it starts, made from the view `ServingView`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Configuration {
    /// The path below the project's folder of configuration files: `nginx/default.conf.template`. Two parts that can stand in
    /// one stack must not share a path.
    pub file: &'static str,
    /// The template below `templates/`: `proxy/nginx/default.conf.template.tera`. It must ask for nothing but fields of
    /// `ServingView`.
    pub template: &'static str,
    /// The reason why the file is written, as a phrase: shown by `init` and in JSON.
    pub because: &'static str,
}
