use super::{Collected, ServedBy, StaticFiles};
use crate::base::language::Text;
use crate::catalog::offer::Offer;

pub(super) const IMAGE: StaticFiles = StaticFiles {
    offer: Offer {
        word: "image",
        label: Text::new("the proxy", "프록시"),
        about: Text::new(
            "collected when the image is built, served by the proxy from its own image",
            "이미지를 만들 때 모아서 프록시의 이미지에 담습니다",
        ),
    },
    collected: Collected::InImage,
    served_by: ServedBy::Proxy,
};
