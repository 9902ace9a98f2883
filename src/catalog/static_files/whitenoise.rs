use super::{Collected, Middleware, ServedBy, StaticFiles};
use crate::base::language::Text;
use crate::catalog::offer::Offer;

/// <https://whitenoise.readthedocs.io/en/stable/django.html>
pub(super) const WHITENOISE: StaticFiles = StaticFiles {
    offer: Offer {
        word: "whitenoise",
        label: Text::name("WhiteNoise"),
        about: Text::new(
            "served by the app server; djdock adds WhiteNoise where the project lacks it",
            "앱 서버가 직접 제공합니다. WhiteNoise가 없으면 djdock이 추가합니다",
        ),
    },
    collected: Collected::InImage,
    served_by: ServedBy::Project(Middleware {
        distribution: "whitenoise",
        class: "whitenoise.middleware.WhiteNoiseMiddleware",
        after: "django.middleware.security.SecurityMiddleware",
        storage: "whitenoise.storage.CompressedStaticFilesStorage",
        storage_because: "WhiteNoise sends browsers the compressed copies that this storage makes; every file keeps its name",
    }),
};
