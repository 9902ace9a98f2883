use super::BaseImage;
use crate::base::language::Text;
use crate::catalog::offer::Offer;

pub(super) const SLIM: BaseImage = BaseImage {
    offer: Offer {
        word: "slim",
        label: Text::name("python:slim"),
        about: Text::new("Debian without what Python does not need", "꼭 필요한 것만 담은 Debian"),
    },
    pip_cache: "/root/.cache/pip",
};
