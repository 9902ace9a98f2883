use super::Server;
use crate::base::language::Text;
use crate::catalog::offer::Offer;

pub(super) const GUNICORN: Server = Server {
    offer: Offer {
        word: "gunicorn",
        label: Text::name("gunicorn"),
        about: Text::new("the usual choice for WSGI", "WSGI의 일반적인 선택"),
    },
    distribution: "gunicorn",
    asgi_distribution: Some("uvicorn-worker"),
    configuration: "gunicorn.conf.py",
    command: &["gunicorn", "--config", "{configuration}", "{application}"],
};
