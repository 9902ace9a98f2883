use super::BaseImage;

pub(super) const SLIM: BaseImage = BaseImage { word: "slim", pip_cache: "/root/.cache/pip" };
