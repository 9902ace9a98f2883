//! django-heroku and its successor: one call at the end of the settings that makes them those of Heroku.

use super::super::environment::Reading;
use super::super::object::{Name, Obj};
use super::super::{Interp, Outcome};
use super::{Call, Row};
use crate::python::value::Cast;

pub(super) const ROWS: &[Row] =
    &[("django_heroku.settings", settings), ("django_on_heroku.settings", settings)];

const WHITENOISE: &str = "whitenoise.middleware.WhiteNoiseMiddleware";
const STORAGE: &str = "whitenoise.storage.CompressedManifestStaticFilesStorage";

/// `django_heroku.settings(locals())`: what it does by default, part by part, unless a part is switched off.
fn settings(interp: &mut Interp<'_>, call: Call) -> Outcome {
    let Some(config @ Obj::Names(space)) = call.arg(0, "config") else {
        return Ok(Obj::made("django_heroku.settings", call.args, call.kwargs, call.pos));
    };
    let wants = |name: &str| !matches!(call.kwarg(name), Some(Obj::Bool(false)));
    let bound =
        |interp: &Interp<'_>, name: &str| interp.heap.get(space, name).map(|binding| binding.value.clone());
    let set = |interp: &mut Interp<'_>, name: &str, value: Obj| {
        interp.set_item(&config, &Obj::str(name), value, call.pos)
    };
    if wants("databases") {
        let databases = match bound(interp, "DATABASES") {
            Some(databases) => databases,
            None => Obj::Dict(interp.heap.dict(Vec::new())),
        };
        let old = match &databases {
            Obj::Dict(cell) => interp.dict_get(*cell, &Obj::str("default"), call.pos),
            _ => None,
        };
        // Only where the variable is set is anything changed.
        let default = old.unwrap_or_else(|| Obj::Dict(interp.heap.dict(Vec::new())));
        let reading = Reading { default: Some(default), cast: Cast::DatabaseUrl, exception: None };
        let value = interp.read(&Obj::str("DATABASE_URL"), reading, call.pos)?;
        if interp.given("DATABASE_URL").is_some() {
            let options = Obj::Dict(interp.heap.dict(vec![(Obj::str("sslmode"), Obj::str("require"))]));
            interp.set_item(&value, &Obj::str("OPTIONS"), options, call.pos)?;
            interp.set_item(&value, &Obj::str("CONN_MAX_AGE"), Obj::Int(600), call.pos)?;
        }
        interp.set_item(&databases, &Obj::str("default"), value, call.pos)?;
        set(interp, "DATABASES", databases)?;
    }
    if wants("staticfiles") {
        let base = bound(interp, "BASE_DIR").unwrap_or(Obj::None);
        let parts = vec![base, Obj::str("staticfiles")];
        let root = interp.call_external("os.path.join", None, parts, Vec::new(), call.pos)?;
        set(interp, "STATIC_ROOT", root)?;
        set(interp, "STATIC_URL", Obj::str("/static/"))?;
        set(interp, "STATICFILES_STORAGE", Obj::str(STORAGE))?;
        let middleware = ["MIDDLEWARE_CLASSES", "MIDDLEWARE"]
            .into_iter()
            .find_map(|name| Some((name, bound(interp, name)?)));
        if let Some((name, value)) = middleware
            && let Some(items) = interp.sequence(&value)
        {
            let items: Vec<Obj> = std::iter::once(Obj::str(WHITENOISE)).chain(items).collect();
            let items = Obj::List(interp.heap.list(items));
            set(interp, name, items)?;
        }
    }
    if wants("allowed_hosts") {
        let hosts = Obj::List(interp.heap.list(vec![Obj::str("*")]));
        set(interp, "ALLOWED_HOSTS", hosts)?;
    }
    if wants("secret_key") {
        let key: Name = interp.name("SECRET_KEY");
        let default = bound(interp, &key);
        let value = interp.read(&Obj::Str(key), Reading::text(default), call.pos)?;
        set(interp, "SECRET_KEY", value)?;
    }
    Ok(Obj::None)
}
