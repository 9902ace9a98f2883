//! The templates, embedded. A test says which line to add here when a file is new.

use tera::{Context, Tera};

use super::filters;

/// Name and text of every template under `templates/`, sorted.
pub(super) const TEMPLATES: &[(&str, &str)] = &[
    ("compose/_service.tera", include_str!("../../templates/compose/_service.tera")),
    ("compose/compose.yaml.tera", include_str!("../../templates/compose/compose.yaml.tera")),
    ("compose/redeploy.sh.tera", include_str!("../../templates/compose/redeploy.sh.tera")),
    (
        "database/mysql/test_databases.sql.tera",
        include_str!("../../templates/database/mysql/test_databases.sql.tera"),
    ),
    ("dockerfile/Dockerfile.tera", include_str!("../../templates/dockerfile/Dockerfile.tera")),
    ("dockerfile/_run.tera", include_str!("../../templates/dockerfile/_run.tera")),
    (
        "package_manager/constraints.txt.tera",
        include_str!("../../templates/package_manager/constraints.txt.tera"),
    ),
    ("project/DOCKER.md.tera", include_str!("../../templates/project/DOCKER.md.tera")),
    ("project/dockerignore.tera", include_str!("../../templates/project/dockerignore.tera")),
    ("project/entrypoint.sh.tera", include_str!("../../templates/project/entrypoint.sh.tera")),
    ("project/env.tera", include_str!("../../templates/project/env.tera")),
    ("proxy/caddy/Caddyfile.tera", include_str!("../../templates/proxy/caddy/Caddyfile.tera")),
    (
        "proxy/nginx/default.conf.template.tera",
        include_str!("../../templates/proxy/nginx/default.conf.template.tera"),
    ),
    (
        "proxy/traefik/routes.yaml.tmpl.tera",
        include_str!("../../templates/proxy/traefik/routes.yaml.tmpl.tera"),
    ),
    ("server/_workers.py.tera", include_str!("../../templates/server/_workers.py.tera")),
    (
        "server/gunicorn/gunicorn.conf.py.tera",
        include_str!("../../templates/server/gunicorn/gunicorn.conf.py.tera"),
    ),
    (
        "server/hypercorn/hypercorn.conf.py.tera",
        include_str!("../../templates/server/hypercorn/hypercorn.conf.py.tera"),
    ),
    ("server/uwsgi/uwsgi.ini.tera", include_str!("../../templates/server/uwsgi/uwsgi.ini.tera")),
];

/// Every template, ready to render.
pub(super) struct Templates(Tera);

impl Templates {
    pub(super) fn load() -> Result<Self, tera::Error> {
        let mut tera = Tera::new();
        filters::register(&mut tera);
        // A piece ends where its last line ends: the line end belongs to whoever includes it.
        let text =
            |name: &str, text: &'static str| if is_piece(name) { text.trim_end_matches('\n') } else { text };
        tera.add_raw_templates(TEMPLATES.iter().map(|(name, source)| (*name, text(name, source))))?;
        Ok(Self(tera))
    }

    pub(super) fn render<V: serde::Serialize>(&self, name: &str, view: &V) -> Result<String, tera::Error> {
        self.0.render(name, &Context::from_serialize(view)?)
    }
}

/// `_name.tera` is included by others; any other template becomes a file.
fn is_piece(name: &str) -> bool {
    name.rsplit('/').next().is_some_and(|file| file.starts_with('_'))
}
