use super::Server;

pub(super) const GUNICORN: Server = Server {
    word: "gunicorn",
    distribution: "gunicorn",
    asgi_distribution: Some("uvicorn-worker"),
    configuration: "gunicorn.conf.py",
    command: &["gunicorn", "--config", "{configuration}", "{application}"],
};
