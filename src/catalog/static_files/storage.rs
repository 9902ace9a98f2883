use super::{Collected, ServedBy, StaticFiles};
use crate::base::language::Text;
use crate::catalog::offer::Offer;

pub(super) const STORAGE: StaticFiles = StaticFiles {
    offer: Offer {
        word: "storage",
        label: Text::new("object storage", "오브젝트 스토리지"),
        about: Text::new(
            "collected to the project's own bucket when the stack starts",
            "스택이 시작할 때 프로젝트의 버킷으로 모읍니다",
        ),
    },
    collected: Collected::InStorage,
    served_by: ServedBy::Elsewhere,
};
