use super::{Collected, ServedBy, StaticFiles};
use crate::base::language::Text;
use crate::catalog::offer::Offer;

pub(super) const STORAGE: StaticFiles = StaticFiles {
    offer: Offer {
        word: "storage",
        label: Text::new("object storage", "오브젝트 스토리지"),
        about: Text::new("collected to a bucket when you deploy", "배포할 때 버킷으로 모읍니다"),
    },
    collected: Collected::InStorage,
    served_by: ServedBy::Elsewhere,
};
