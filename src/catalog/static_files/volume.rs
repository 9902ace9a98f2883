use super::{Collected, ServedBy, StaticFiles};
use crate::base::language::Text;
use crate::catalog::offer::Offer;

pub(super) const VOLUME: StaticFiles = StaticFiles {
    offer: Offer {
        word: "volume",
        label: Text::new("the proxy, from a volume", "볼륨을 읽는 프록시"),
        about: Text::new(
            "collected when the stack starts, for projects that cannot collect while the image is built",
            "이미지를 만들 때 모을 수 없는 프로젝트를 위해, 스택이 시작할 때 모읍니다",
        ),
    },
    collected: Collected::AtStart,
    served_by: ServedBy::Proxy,
};
